"""Overlays of masks on pictures, small, for a page: what is right, too much and missing."""

from pathlib import Path, PurePosixPath
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, channels_last, full_scale
from acetate.colors import RGB
from acetate.images import read, write
from acetate.measure.boundaries import outline
from acetate.segment.compare.cases import Case, load

RIGHT, TOO_MUCH, MISSING = (70, 200, 120), (230, 80, 60), (70, 130, 240)
_SIDE = 288  # of the longer side
_WEIGHT = 0.55  # of the colour against the picture


def write_picture(out: Path, case: Case) -> str:
    """Write a picture alone, small, and return its path inside the folder.

    Raises
    ------
    OSError, ValueError
        If it cannot be read or written.
    """
    image = load(case).image
    return _write(out, PurePosixPath("overlays", "picture", case.name), _small(image))


def write_overlay(out: Path, case: Case, mask: str, method: str) -> str:
    """Write a picture with a mask on it, and return its path inside the folder.

    Parameters
    ----------
    out : Path
        The output folder.
    case : Case
        The picture, and its truth if there is one.
    mask : str
        The mask's file, inside the folder.
    method : str
        Whose it is.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read or written.
    """
    loaded = load(case)
    found = read(out / mask) > 0
    painted = paint_overlay(_small(loaded.image), found, loaded.truth)
    return _write(out, PurePosixPath("overlays", method, case.name), painted)


def paint_overlay(small: RGB, found: Array, truth: Array | None) -> RGB:
    """Return a picture with a mask painted on it.

    Parameters
    ----------
    small : numpy.ndarray
        ``(h, w, 3)`` uint8.
    found, truth : numpy.ndarray
        ``(H, W)`` bool; they are brought to the picture's size. With truth, what is inside in both
        is green, in the mask alone red, in the truth alone blue; without, the mask is green. The
        outline of the mask is full in colour.

    Examples
    --------
    >>> mask = np.array([[True, False]])
    >>> paint_overlay(np.zeros((1, 2, 3), np.uint8), mask, ~mask).argmax(2)
    array([[0, 2]])
    """
    size = small.shape[:2]
    inside = _resized(found, size)
    true = inside if truth is None else _resized(truth, size)
    painted = small.astype(np.float32)
    edge = outline(inside)
    for where, colour in (
        (inside & true, RIGHT),
        (inside & ~true, TOO_MUCH),
        (true & ~inside, MISSING),
    ):
        weight = np.where(edge, 1.0, _WEIGHT * 0.5 if colour == RIGHT else _WEIGHT)[where]
        mixed = weight[:, np.newaxis] * np.array(colour, np.float32)
        painted[where] = mixed + (1 - weight[:, np.newaxis]) * painted[where]
    return np.clip(np.rint(painted), 0, 255).astype(np.uint8)


def _small(image: Array) -> RGB:
    """Return a picture as small RGB, with the contrast that its values allow."""
    values = channels_last(image)
    values = values[..., :3] if values.shape[2] >= 3 else values[..., :1]
    height, width = values.shape[:2]
    scale = _SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    shown = channels_last(cv2.resize(values.astype(np.float32), size, interpolation=how))
    low, high = np.percentile(shown, (0.2, 99.8))
    span = max(high - low, full_scale(image.dtype) / 255)
    gray = np.clip((shown - low) * (255 / span), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(gray, (*gray.shape[:2], 3)))


def _resized(mask: Array, size: tuple[int, int]) -> NDArray[np.bool_]:
    shown: Any = cv2.resize(
        mask.astype(np.uint8) * np.uint8(255), size[::-1], interpolation=cv2.INTER_LINEAR
    )
    return shown > 127


def _write(out: Path, name: PurePosixPath, image: RGB) -> str:
    file = str(name.with_suffix(".png"))
    path = out / file
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, image)
    return file

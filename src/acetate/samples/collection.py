"""A collection of photographs, as many as asked for, drawn from the sample pictures."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from acetate import run
from acetate.arrays import Array
from acetate.files import PathLike, atomic
from acetate.geometry import Frame, Projective, warp
from acetate.run.workers import Progress
from acetate.samples.shipped import picture
from acetate.seeds import stream

_PICTURES = (
    *("astronaut", "brick", "camera", "cat", "china", "coffee", "coins", "flower", "grass"),
    *("gravel", "hubble", "immunohistochemistry", "moon", "motorcycle", "retina", "rocket"),
)
_ASPECTS = (2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 16 / 9)  # width by height
_LUMA = np.array([0.299, 0.587, 0.114])
_LARGEST = 8192


def photo_collection(
    folder: PathLike,
    count: int,
    seed: int = 0,
    size: int = 500,
    workers: int = 1,
    progress: Progress | None = None,
) -> list[Path]:
    """Write photographs as JPEG files: views of the sample pictures, no two alike.

    Each shows another part of a sample picture, from another angle, in other light and colours.

    Parameters
    ----------
    folder : path
        Where to; made if it is not there. Files of the same names are replaced.
    count : int
        How many, from 1.
    seed : int
        The same seed gives the same files, and the first of few are the first of many.
    size : int
        The longer side in pixels, 16 to 8192.
    workers : int
        How many threads.
    progress : callable, optional
        Called after each file with how many are written, how many there will be, and its name.

    Returns
    -------
    list of Path
        ``photo_00000.jpg``, ``photo_00001.jpg``, ...

    Raises
    ------
    OSError
        If a file cannot be written.
    ValueError
        If the count or the size is out of range.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in photo_collection(folder, 2, size=64)]
    ['photo_00000.jpg', 'photo_00001.jpg']
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    if not 16 <= size <= _LARGEST:
        raise ValueError(f"size must lie in [16, {_LARGEST}], got {size}")
    Path(folder).mkdir(parents=True, exist_ok=True)
    paths = [Path(folder, f"photo_{k:05d}.jpg") for k in range(count)]
    orders = [_Order(path, seed, k, size) for k, path in enumerate(paths)]
    for outcome in run.map(_make, orders, workers=workers, progress=progress):
        if isinstance(outcome, run.Failure):
            raise OSError(str(outcome))
    return paths


@dataclass(frozen=True)
class _Order:
    """A photograph that is to be made."""

    path: Path
    seed: int
    index: int
    size: int

    def __fspath__(self) -> str:
        return str(self.path)


def _make(order: _Order) -> None:
    rng = stream(order.seed, order.index)
    source = _colours(_PICTURES[rng.integers(len(_PICTURES))])
    picture = Image.fromarray(_relit(_view(source, order.size, rng), rng))
    with atomic(order.path) as file:
        picture.save(file, "JPEG", quality=85)  # colours at half resolution, as cameras do


@cache
def _colours(name: str) -> Array:
    image = picture(name)
    return image if image.ndim == 3 else np.dstack([image] * 3)


def _view(source: Array, size: int, rng: np.random.Generator) -> Array:
    """Return a part of the picture as a camera a little aside would see it."""
    shape = _frame(size, _ASPECTS[rng.integers(len(_ASPECTS))])
    (height, width), (tall, wide) = shape, source.shape[:2]
    scale = min(tall / height, wide / width) * rng.uniform(0.2, 0.95) ** 0.8
    span = np.array([width, height]) * scale
    corner = rng.uniform(0, 1, 2) * (np.array([wide, tall]) - span)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    seen = corner + (square + rng.uniform(-0.12, 0.12, (4, 2))) * span
    if rng.random() < 0.5:
        seen = seen[[1, 0, 3, 2]]
    frame = square * np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(frame, seen.astype(np.float32))
    order = "area" if scale > 1.5 else "linear"
    return warp(source, Projective(matrix), shape, order, mode="edge")


def _frame(size: int, aspect: float) -> Frame:
    short = round(size * min(aspect, 1 / aspect))
    return (short, size) if aspect >= 1 else (size, short)


def _relit(image: Array, rng: np.random.Generator) -> Array:
    """Return the picture in other light: gamma, white balance, hue and saturation."""
    ramp = np.linspace(0, 1, 256) ** np.exp(rng.normal(0, 0.35))
    table = np.round(255 * ramp * rng.uniform(0.75, 1.1)).clip(0, 255).astype(np.uint8)
    gains = np.exp(rng.normal(0, 0.18, 3))
    matrix = np.diag(gains) @ _hue(rng.normal(0, 0.35)) @ _saturation(rng.uniform(0.4, 1.7))
    return np.asarray(cv2.transform(cv2.LUT(image, table), matrix))


def _saturation(factor: float) -> Array:
    gray = np.tile(_LUMA, (3, 1))
    return gray + factor * (np.eye(3) - gray)


def _hue(angle: float) -> Array:
    """Return the turn about the gray axis."""
    turn, _ = cv2.Rodrigues(np.full(3, angle / np.sqrt(3)))
    return np.asarray(turn)

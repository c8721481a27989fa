"""Superpixels: small regions of one colour that keep to the edges, by SLIC."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, channels_last, check_image

# What a squared distance, all channels and the place together, may come to: fits in 32 bits.
_MOST = 2.0**30
# Superpixels with fewer pixels than this part of what is expected join a neighbour.
_LEAST_PART = 0.25
# How far a centre looks, in spacings of the centres.
_REACH = 1.5


def slic(
    image: Array,
    n_segments: int = 100,
    compactness: float | None = None,
    sigma: float = 0.0,
    start_label: int = 1,
    max_num_iter: int = 10,
) -> NDArray[np.int32]:
    """Divide a picture into superpixels: connected, of about one size and colour.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1]. Values are first
        stretched to [0, 1]; three channels are RGB and compared in CIELAB.
    n_segments : int
        About how many, at least 1.
    compactness : float or None
        How much colour weighs as much as the distance between centres: more makes them square,
        less follows the edges. In units of the stretched values, or of CIELAB (where white is
        100); None takes 0.1, and 10 for three channels.
    sigma : float
        Standard deviation in pixels of a Gaussian that smooths the picture first; 0 for none.
    start_label : int
        The first number.
    max_num_iter : int
        At most so many rounds.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` int32, numbered in reading order without gaps; each number is one connected
        region (by sides, not corners).

    Raises
    ------
    TypeError, ValueError
        If the image is none, or a parameter is out of range.

    Notes
    -----
    k-means on colour and place in which a centre only looks as far as to the next centres
    (Achanta, Shaji, Smith, Lucchi, Fua and Süsstrunk 2012). Names and meanings are those of
    scikit-image. Distances are whole numbers; regions with less than a quarter of the expected
    pixels join the neighbour with the nearest mean colour.

    Examples
    --------
    >>> slic(np.array([[0, 0, 0, 255, 255, 255]], np.uint8), n_segments=2)
    array([[1, 1, 1, 2, 2, 2]], dtype=int32)
    """
    check_image(image)
    _check(n_segments, compactness, sigma, max_num_iter)
    from acetate.segment.regions.slic_loops import absorb, cluster, connected

    colours = _colours(image, sigma)
    color = colours.shape[0] == 3
    amount = (10.0 if color else 0.1) if compactness is None else float(compactness)
    grid = _grid(image.shape[:2], n_segments)
    labels, centres, spacing = _seeds(image.shape[:2], grid)
    planes, weight = _whole(colours, amount, spacing)
    reach = np.maximum(_REACH * spacing, 1.0)
    wide = np.concatenate([np.zeros((len(centres), len(planes)), np.float32), centres], axis=1)
    cluster(planes, wide, reach, weight, max_num_iter, labels)
    parts = np.empty_like(labels)
    count = connected(labels, parts)
    absorb(planes, parts, count, int(_LEAST_PART * labels.size / len(centres)))
    return parts + np.int32(start_label)


def _check(n_segments: Any, compactness: Any, sigma: Any, max_num_iter: Any) -> None:
    if n_segments < 1 or max_num_iter < 1:
        raise ValueError(
            f"n_segments and max_num_iter must be at least 1, got {n_segments} and {max_num_iter}"
        )
    if compactness is not None and not 0 < compactness < np.inf:
        raise ValueError(f"compactness must be above 0 and finite, got {compactness}")
    if not 0 <= sigma < np.inf:
        raise ValueError(f"sigma must be at least 0 and finite, got {sigma}")


def _colours(image: Array, sigma: float) -> NDArray[np.float32]:
    """Return what is compared, ``(C, H, W)``: stretched to [0, 1], smoothed, RGB as CIELAB."""
    low, high = image.min(), image.max()
    span = float(high) - float(low)
    values = (channels_last(image).astype(np.float32) - np.float32(low)) / np.float32(span or 1.0)
    planes = np.ascontiguousarray(np.moveaxis(values, 2, 0))
    if sigma > 0:
        border = cv2.BORDER_REFLECT
        planes = np.stack([cv2.GaussianBlur(p, (0, 0), sigma, borderType=border) for p in planes])
    if len(planes) == 3:
        packed = np.ascontiguousarray(np.moveaxis(planes, 0, 2))
        planes = np.ascontiguousarray(np.moveaxis(cv2.cvtColor(packed, cv2.COLOR_RGB2Lab), 2, 0))
    return planes


def _grid(shape: tuple[int, ...], wanted: int) -> tuple[int, int]:
    """Return how many centres there are down and across: about so many, about as far apart."""
    height, width = shape
    rows = height / np.sqrt(height * width / wanted)
    downs = [int(np.clip(n, 1, min(height, wanted))) for n in (np.floor(rows), np.ceil(rows))]
    grids = [(down, int(np.clip(round(wanted / down), 1, width))) for down in downs]
    return min(grids, key=lambda grid: abs(grid[0] * grid[1] - wanted))


def _seeds(
    shape: tuple[int, ...], grid: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64]]:
    """Return the labels of even cells, their centres (row, column) and how far apart they are."""
    (height, width), (down, across) = shape, grid
    rows = np.arange(height) * down // height
    columns = np.arange(width) * across // width
    labels = (rows[:, np.newaxis] * across + columns).astype(np.int32)
    y = (np.arange(down) + 0.5) * (height / down) - 0.5
    x = (np.arange(across) + 0.5) * (width / across) - 0.5
    centres = np.stack([np.repeat(y, across), np.tile(x, down)], axis=1).astype(np.float32)
    return labels, centres, np.array([height / down, width / across])


def _whole(
    colours: NDArray[np.float32], compactness: float, spacing: NDArray[np.float64]
) -> tuple[NDArray[np.int16], float]:
    """Return colours as whole numbers, and what a squared pixel of distance weighs with them."""
    apart = float(np.max(spacing))
    flat = colours.reshape(len(colours), -1)
    low, high = flat.min(axis=1), flat.max(axis=1)
    ranges = float(np.sum((high - low).astype(np.float64) ** 2))
    place = 2 * (compactness * (_REACH + 1)) ** 2
    scale = min(np.sqrt(_MOST / (ranges + place)), 32000 / max(float((high - low).max()), 1e-9))
    middle = ((low + high) / 2)[:, np.newaxis, np.newaxis]
    planes = np.rint((colours - middle) * np.float32(scale)).astype(np.int16)
    return planes, (compactness * scale / apart) ** 2

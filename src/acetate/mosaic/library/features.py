"""What a tile is compared by: its mean colour, grids of CIELAB colours, a hash of its look."""

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

GRIDS = (1, 2, 3, 4)
LENGTHS = {"mean": 3, **{f"lab{k}x{k}": 3 * k * k for k in GRIDS}}
"""The features by name, and how many numbers each is."""

_LOOK = 32  # side of the picture of which the hash takes the lowest 8 x 8 frequencies


def features_of(tile: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Return what a tile is compared by.

    Parameters
    ----------
    tile : numpy.ndarray
        ``(h, w, 3)`` uint8.

    Returns
    -------
    dict
        "mean": the mean RGB colour, 0 to 255. "lab1x1" to "lab4x4": mean CIELAB colours (D65,
        L from 0 to 100) of the parts of a grid, row by row.

    Examples
    --------
    >>> found = features_of(np.full((8, 8, 3), 255, np.uint8))
    >>> found["mean"], found["lab2x2"].reshape(2, 2, 3)[1, 1].round(1)
    (array([255., 255., 255.], dtype=float32), array([100.,   0.,   0.], dtype=float32))
    """
    mean = np.array(cv2.mean(tile)[:3], np.float32)
    lab = to_lab(tile)
    return {"mean": mean, **{f"lab{k}x{k}": _parts(lab, k).reshape(-1) for k in GRIDS}}


def to_lab(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return CIELAB colours of an sRGB picture.

    Examples
    --------
    >>> to_lab(np.zeros((1, 1, 3), np.uint8)).tolist()
    [[[0.0, 0.0, 0.0]]]
    """
    return np.asarray(cv2.cvtColor(image.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB))


def look(tile: NDArray[np.uint8]) -> int:
    """Return 64 bits that are much the same for pictures that look the same.

    Bit by bit they tell whether a low frequency of the tile's brightness is above the median.

    Examples
    --------
    >>> ramp = np.repeat(np.linspace(0, 250, 40).astype(np.uint8)[:, None, None], 3, axis=2)
    >>> tile = np.repeat(ramp, 40, axis=1)
    >>> (look(tile) ^ look(tile + np.uint8(5))).bit_count()
    0
    """
    gray = cv2.resize(cv2.cvtColor(tile, cv2.COLOR_RGB2GRAY), (_LOOK, _LOOK))
    lowest = cv2.dct(gray.astype(np.float32))[:8, :8].ravel()
    above = lowest > np.partition(lowest[1:], 31)[31]  # of the 63, without the mean
    return int.from_bytes(np.packbits(above).tobytes(), "big")


def _parts(lab: Array, k: int) -> NDArray[np.float32]:
    """Return the mean colours of a grid of k x k parts."""
    return np.asarray(cv2.resize(lab, (k, k), interpolation=cv2.INTER_AREA))

"""Connected parts of masks: which are large, which hold a seed, and neighbours."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.segment.masks import Mask

Sizes = NDArray[np.int32]


def check_connectivity(connectivity: Any) -> None:
    """Raise unless pixels have 4 neighbours or 8.

    Examples
    --------
    >>> check_connectivity(6)
    Traceback (most recent call last):
    ValueError: connectivity is 4 (sides) or 8 (sides and corners), got 6
    """
    if connectivity not in (4, 8):
        raise ValueError(f"connectivity is 4 (sides) or 8 (sides and corners), got {connectivity}")


def parts_of(mask: Mask, connectivity: int = 8) -> tuple[NDArray[np.int32], Sizes]:
    """Return the number of the part that each pixel lies in, 0 outside, and the size of each.

    Examples
    --------
    >>> parts_of(np.array([[True, False, True, True]]))[1]
    array([1, 1, 2], dtype=int32)
    """
    _, parts, stats, _ = cv2.connectedComponentsWithStats(
        mask.view(np.uint8), connectivity=connectivity
    )
    return np.asarray(parts, np.int32), np.asarray(stats[:, cv2.CC_STAT_AREA], np.int32)


def large(mask: Mask, least: int, connectivity: int = 8) -> Mask:
    """Return the connected parts of a mask that have at least so many pixels.

    Examples
    --------
    >>> large(np.array([[True, False, True, True]]), 2)
    array([[False, False,  True,  True]])
    """
    if least < 2:
        return mask
    parts, sizes = parts_of(mask, connectivity)
    keep = sizes >= least
    keep[0] = False
    return np.asarray(keep[parts])


def holding(seeds: Mask, mask: Mask, connectivity: int = 8) -> Mask:
    """Return the connected parts of a mask that hold a seed; seeds outside the mask count not.

    Examples
    --------
    >>> mask = np.array([[True, True, False, True]])
    >>> holding(np.array([[True, False, False, False]]), mask)
    array([[ True,  True, False, False]])
    """
    many, parts = cv2.connectedComponents(mask.view(np.uint8), connectivity=connectivity)
    chosen = np.zeros(many, np.bool_)
    chosen[parts[seeds & mask]] = True
    return np.asarray(chosen[parts])


def disc_footprint(radius: float) -> NDArray[np.uint8]:
    """Return the pixels whose centres lie within a radius of that in the middle.

    Examples
    --------
    >>> disc_footprint(1.0)
    array([[0, 1, 0],
           [1, 1, 1],
           [0, 1, 0]], dtype=uint8)
    """
    reach = int(radius)
    steps = np.arange(-reach, reach + 1)
    return (steps[:, np.newaxis] ** 2 + steps**2 <= radius**2).astype(np.uint8)

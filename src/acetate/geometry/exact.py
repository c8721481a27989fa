"""Maps that only move whole pixels, carried out by slicing: flips, quarter turns, crops, pads."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, channels_last
from acetate.geometry.hops import brought_back
from acetate.geometry.maps import Frame, Map, Projective, Slicing

_OPENCV = {np.uint8, np.uint16, np.int16, np.int32, np.float32, np.float64}


def as_slicing(map: Map) -> Slicing | None:
    """Return the slicing that a map amounts to, or None if it moves parts of pixels.

    Examples
    --------
    >>> as_slicing(Projective.mirror((4, 10), axis=1))
    Slicing(transposed=False, starts=(0, 9), directions=(1, -1))
    >>> as_slicing(Projective.translation(0.5, 0)) is None
    True
    """
    return map.slicing if isinstance(map, Projective) else None


def read_slicing(array: Array, slicing: Slicing, shape: Frame, mode: str, cval: float) -> Array:
    """Return the frame that a slicing reads; a view where nothing outside the array is read.

    Parameters
    ----------
    array : numpy.ndarray
        ``(H, W, C)``.
    shape : (int, int)
        The frame to fill.
    mode, cval
        What lies outside: see `acetate.geometry.warp`.
    """
    rows, columns = shape[::-1] if slicing.transposed else shape
    (top, left), (down, right) = slicing.starts, slicing.directions
    top -= rows - 1 if down == -1 else 0
    left -= columns - 1 if right == -1 else 0
    height, width = array.shape[:2]
    if top >= 0 and left >= 0 and top + rows <= height and left + columns <= width:
        cut = array[top : top + rows, left : left + columns]
    else:
        cut = _beyond(array, range(top, top + rows), range(left, left + columns), mode, cval)
    return _turned(cut, slicing)


def _beyond(array: Array, rows: range, columns: range, mode: str, cval: float) -> Array:
    """Return some rows and columns, filling those that lie outside."""
    if mode == "constant":
        return _padded(array, rows, columns, storable(cval, array.dtype))
    for axis, places in enumerate((rows, columns)):
        centres = np.array(places) + 0.5
        inside = np.floor(brought_back(centres, array.shape[axis], mode)).astype(np.intp)
        array = array.take(inside, axis=axis)
    return array


def _padded(array: Array, rows: range, columns: range, fill: float) -> Array:
    """Return some rows and columns, with a constant where there are none."""
    (top, bottom, height), (left, right, width) = (
        (max(places.start, 0), min(places.stop, size), len(places))
        for places, size in zip((rows, columns), array.shape[:2], strict=True)
    )
    if top < bottom and left < right and _fast(array):
        above, before = top - rows.start, left - columns.start
        below, after = rows.stop - bottom, columns.stop - right
        part = array[top:bottom, left:right]
        sides = (above, below, before, after)
        return channels_last(
            cv2.copyMakeBorder(part, *sides, cv2.BORDER_CONSTANT, value=(fill,) * 4)
        )
    out = np.full((height, width, array.shape[2]), fill, array.dtype)
    if top < bottom and left < right:
        inside = out[top - rows.start : bottom - rows.start]
        inside[:, left - columns.start : right - columns.start] = array[top:bottom, left:right]
    return out


def _turned(array: Array, slicing: Slicing) -> Array:
    """Mirror and transpose; OpenCV copies pixels of up to four channels much faster than NumPy."""
    down, right = slicing.directions
    mirrored, fast = down == -1 or right == -1, _fast(array)
    if mirrored and fast:
        # OpenCV's names of the axes: 0 upside down, 1 left to right, -1 both.
        array = channels_last(cv2.flip(array, (1 if down == 1 else -1) if right == -1 else 0))
    elif mirrored:
        array = array[::down, ::right]
    if slicing.transposed and fast:
        return channels_last(cv2.transpose(array))
    return array.swapaxes(0, 1) if slicing.transposed else array


def _fast(array: Array) -> bool:
    """Whether OpenCV takes an array ``(H, W, C)``."""
    return array.shape[2] <= 4 and array.dtype.type in _OPENCV and array.dtype.isnative


@lru_cache(maxsize=256)
def storable(value: float, dtype: Any) -> float:
    """Return a fill as the dtype can hold it: rounded and clipped for whole numbers.

    Examples
    --------
    >>> storable(127.6, np.uint8), storable(-1, np.uint8), storable(0.5, np.float32)
    (128, 0, 0.5)
    """
    if np.dtype(dtype).kind not in "iu":
        return value
    limits = np.iinfo(dtype)
    return min(max(round(value), int(limits.min)), int(limits.max))

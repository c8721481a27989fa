"""Maps that only move whole pixels, carried out by slicing: flips, quarter turns, crops, pads."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, channels_last
from acetate.geometry.maps import Frame, Map, Projective

_TURNED = 1e-9  # what a matrix may be off and still move whole pixels: 3e-5 px in all
_SHIFTED = 1e-6


_OPENCV = {np.uint8, np.uint16, np.int16, np.int32, np.float32, np.float64}


@dataclass(frozen=True)
class Slicing:
    """Whole-pixel reading of a source: which axis first, and start and direction along each.

    Output pixel ``k`` of an axis is source pixel ``start + k * direction``.
    """

    transposed: bool
    starts: tuple[int, int]
    directions: tuple[int, int]


def as_slicing(map: Map) -> Slicing | None:
    """Return the slicing that a map amounts to, or None if it moves parts of pixels.

    Examples
    --------
    >>> as_slicing(Projective.mirror((4, 10), axis=1))
    Slicing(transposed=False, starts=(0, 9), directions=(1, -1))
    >>> as_slicing(Projective.translation(0.5, 0)) is None
    True
    """
    if not isinstance(map, Projective) or not map.affine:
        return None
    (a, b, tx), (c, d, ty), _ = map.matrix.tolist()
    transposed = abs(a) < 0.5
    (along_x, along_y), across = ((b, c), (a, d)) if transposed else ((a, d), (b, c))
    # Turns by 90 degrees and flips on sheets of odd sizes come with rounding errors.
    off = (abs(along_x) - 1, abs(along_y) - 1, *across)
    if max(off) > _TURNED or min(off) < -_TURNED:
        return None
    step_x, step_y = round(along_x), round(along_y)
    # Pixel centres lie at + 0.5: a mirrored axis starts one pixel earlier than its border.
    x, y = tx + (step_x - 1) / 2, ty + (step_y - 1) / 2
    if abs(x - round(x)) > _SHIFTED or abs(y - round(y)) > _SHIFTED:
        return None
    return Slicing(transposed, (round(y), round(x)), (step_y, step_x))


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
    top, left = (
        start if direction == 1 else start - count + 1
        for start, direction, count in zip(
            slicing.starts, slicing.directions, (rows, columns), strict=True
        )
    )
    cut = _window(array, range(top, top + rows), range(left, left + columns), mode, cval)
    return _turned(cut, slicing)


def _window(array: Array, rows: range, columns: range, mode: str, cval: float) -> Array:
    """Return some rows and columns, filling those that lie outside."""
    inside = [
        slice(max(places.start, 0), min(places.stop, size))
        for places, size in zip((rows, columns), array.shape[:2], strict=True)
    ]
    if inside == [slice(rows.start, rows.stop), slice(columns.start, columns.stop)]:
        return array[inside[0], inside[1]]
    if mode != "constant":
        for axis, places in enumerate((rows, columns)):
            array = array.take(_fold(np.array(places), array.shape[axis], mode), axis=axis)
        return array
    fill = storable(cval, array.dtype)
    out = np.full((len(rows), len(columns), array.shape[2]), fill, array.dtype)
    if all(part.start < part.stop for part in inside):
        y, x = (
            slice(part.start - places.start, part.stop - places.start)
            for part, places in zip(inside, (rows, columns), strict=True)
        )
        out[y, x] = array[inside[0], inside[1]]
    return out


def _turned(array: Array, slicing: Slicing) -> Array:
    """Mirror and transpose; OpenCV copies pixels of up to four channels much faster than NumPy."""
    flips = tuple(axis for axis in (0, 1) if slicing.directions[axis] == -1)
    fast = array.shape[2] <= 4 and array.dtype.type in _OPENCV and array.dtype.isnative
    if flips and fast:
        array = channels_last(cv2.flip(array, -1 if len(flips) == 2 else flips[0]))
    elif flips:
        array = np.flip(array, flips)
    if slicing.transposed and fast:
        return channels_last(cv2.transpose(array))
    return array.swapaxes(0, 1) if slicing.transposed else array


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


def _fold(places: Array, size: int, mode: str) -> Array:
    """Return the index inside an axis that stands for each index outside."""
    if mode == "edge":
        return places.clip(0, size - 1)
    if mode == "wrap":
        return places % size
    if mode == "symmetric":
        folded = places % (2 * size)
        return np.minimum(folded, 2 * size - 1 - folded)
    folded = places % max(1, 2 * size - 2)
    return np.minimum(folded, abs(2 * size - 2 - folded))

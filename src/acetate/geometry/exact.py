"""Maps that only move whole pixels, carried out by slicing: flips, quarter turns, crops, pads."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.geometry.maps import Frame, Map, Projective

_TURNED = 1e-9  # what a matrix may be off and still move whole pixels: 3e-5 px in all
_SHIFTED = 1e-6


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
    # With axes swapped, the source's rows are read along the output's columns.
    order = (1, 0) if slicing.transposed else (0, 1)
    for axis in (0, 1):
        out_axis = order[axis]
        array = _read_axis(
            array,
            axis,
            slicing.starts[axis],
            slicing.directions[axis],
            shape[out_axis],
            mode,
            cval,
        )
    return array.swapaxes(0, 1) if slicing.transposed else array


def _read_axis(
    array: Array, axis: int, start: int, direction: int, count: int, mode: str, cval: float
) -> Array:
    """Read `count` places of one axis from `start` on, filling what lies outside."""
    size = array.shape[axis]
    low = start if direction == 1 else start - count + 1
    before, after = max(0, -low), max(0, low + count - size)
    if before or after:
        array = _extend(array, axis, min(before, count), min(after, count), low, count, mode, cval)
    else:
        array = array[_along(axis, slice(low, low + count))]
    return array if direction == 1 else np.flip(array, axis)


def _extend(
    array: Array, axis: int, before: int, after: int, low: int, count: int, mode: str, cval: float
) -> Array:
    """Return places low .. low + count - 1 of an axis where some lie outside the array."""
    size = array.shape[axis]
    if mode != "constant":
        places = _fold(np.arange(low, low + count), size, mode)
        return array.take(places, axis=axis)
    shape = list(array.shape)
    shape[axis] = count
    out = np.empty(shape, array.dtype)
    cval = storable(cval, array.dtype)
    out[_along(axis, slice(0, before))] = cval
    out[_along(axis, slice(count - after, count))] = cval
    inside = slice(max(low, 0), min(low + count, size))
    if inside.start < inside.stop:
        out[_along(axis, slice(before, count - after))] = array[_along(axis, inside)]
    return out


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


def _along(axis: int, part: slice) -> tuple[slice, ...]:
    return (slice(None),) * axis + (part,)

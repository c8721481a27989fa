"""A window of one channel with what surrounds it, at full size and reduced by 2, 4, 8 ..."""

from functools import lru_cache
from math import ceil, floor, log2, sqrt
from typing import Self

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.segment.features.context_loops import squared
from acetate.segment.features.loops import enlarge, halve, widen
from acetate.segment.features.pictures import Planes, as_floats

Box = tuple[int, int, int, int]

# At level k a scale measures at least so many of its pixels; below twice that there is no level.
LEAST_SCALE = 2.0
# Variances of the binomial reduction (in pixels before it) and of the cubic B-spline.
_REDUCTION, _SPLINE = 1.25, 1 / 3
# What the reductions and the spline reach, in pixels of the level.
_LEVEL_REACH = 8


def level_of(scale: float) -> int:
    """Return how many times the picture is halved for a scale.

    Examples
    --------
    >>> [level_of(s) for s in (0.5, 2, 3.9, 4, 16)]
    [0, 0, 0, 1, 3]
    """
    return max(0, floor(log2(scale / LEAST_SCALE) + 1e-9))


def remaining_scale(scale: float, level: int) -> float:
    """Return the Gaussian's sigma in pixels of a level, less what the pyramid blurs anyway.

    Examples
    --------
    >>> remaining_scale(2.0, 0), round(remaining_scale(4.0, 1), 3)
    (2.0, 1.831)
    """
    if level == 0:
        return scale
    before = _REDUCTION * (4**level - 1) / 3
    return sqrt((scale**2 - before) / 4**level - _SPLINE)


@lru_cache(maxsize=64)
def gaussian_half(sigma: float) -> Planes:
    """Return the right half of a Gaussian, cut at 4 sigma, whose whole sums to one.

    Examples
    --------
    >>> gaussian_half(0.5).round(3)
    array([0.787, 0.106, 0.   ], dtype=float32)
    """
    radius = int(4 * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(radius + 1) / sigma) ** 2)
    return (weights / (2 * weights.sum() - weights[0])).astype(np.float32)


@lru_cache(maxsize=8)
def spline_taps(factor: int) -> Planes:
    """Return the cubic B-spline's four weights at each of ``factor`` places between two pixels.

    Examples
    --------
    >>> spline_taps(2).sum(axis=1).round(6)
    array([1., 1.], dtype=float32)
    """
    t = (np.arange(factor) + 0.5) / factor
    taps = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    return (np.stack(taps, axis=1) / 6).astype(np.float32)


def halo_of(reach: int, level: int) -> int:
    """Return how many pixels around a window are needed for a reach in pixels of a level.

    Examples
    --------
    >>> halo_of(3, 0), halo_of(3, 1)
    (3, 22)
    """
    return reach if level == 0 else (reach + _LEVEL_REACH) * 2**level


class Surroundings:
    """One channel in a window and around it, and the same reduced by 2, 4, 8 ...

    Parameters
    ----------
    plane : numpy.ndarray
        ``(H + 2 margin, W + 2 margin)`` float32, at most `2**deepest - 1` more at the bottom and
        the right.
    shape : tuple of int
        Height and width of the window.
    margin : int
        How much of the plane is around it.

    Examples
    --------
    >>> around = Surroundings.of_box(np.eye(8), (0, 0, 8, 8), halo=3, deepest=2)
    >>> around.margin, around.level(0).shape, around.level(1).shape
    (4, (16, 16), (8, 8))
    """

    def __init__(self, plane: Planes, shape: tuple[int, int], margin: int) -> None:
        self.shape = shape
        self.margin = margin
        self._levels = [plane]
        self._squares: Surroundings | None = None

    @classmethod
    def of_box(
        cls,
        channel: Array,
        box: Box,
        halo: int,
        deepest: int,
        shift: float = 0.0,
        gain: float = 1.0,
    ) -> Self:
        """Cut a window with what surrounds it out of a channel, mirrored beyond the picture.

        Parameters
        ----------
        channel : numpy.ndarray
            ``(H, W)``, integers or floats; it need not be in memory.
        box : tuple of int
            Top, left, bottom, right; top and left are multiples of `2**deepest`.
        halo : int
            How far around it.
        deepest : int
            The most halvings that will be asked for.
        shift, gain : float
            Values become ``(value - shift) * gain``, with white as 1 before.
        """
        step = 2**deepest
        margin = ceil(halo / step) * step
        plane = _padded(channel, box, margin, step)
        if (shift, gain) != (0.0, 1.0):
            plane -= np.float32(shift)
            plane *= np.float32(gain)
        return cls(plane, (box[2] - box[0], box[3] - box[1]), margin)

    def like(self, plane: Planes) -> "Surroundings":
        """Return the same window of another plane."""
        return Surroundings(plane, self.shape, self.margin)

    def squares(self, centre: float) -> "Surroundings":
        """Return the squares of the values, counted from a centre."""
        if self._squares is None:
            plane = np.empty_like(self._levels[0])
            squared(self._levels[0], np.float32(centre), plane)
            self._squares = self.like(plane)
        return self._squares

    def level(self, number: int) -> Planes:
        """Return the plane, halved so many times."""
        while len(self._levels) <= number:
            self._levels.append(halved(self._levels[-1]))
        return self._levels[number]

    def window(self, plane: Planes, level: int, reach: int) -> Planes:
        """Return a level's part that covers the window and ``reach`` more on each side."""
        top, bottom, left, right = self.extent(level, reach)
        return plane[top:bottom, left:right]

    def extent(self, level: int, reach: int) -> Box:
        """Return top, bottom, left and right of that part."""
        spline = 0 if level == 0 else 3
        start = self.margin // 2**level - reach - spline
        height, width = (-(-n // 2**level) + 2 * (reach + spline) for n in self.shape)
        return start, start + height, start, start + width

    def put(self, plane: Planes, level: int, out: Planes) -> None:
        """Write what was computed on `window(..., reach=0)` at full size into ``out``."""
        if level == 0:
            out[:] = plane
            return
        factor = 2**level
        wide = np.empty((len(plane), out.shape[1]), np.float32)
        widen(plane, factor, 3 * factor, spline_taps(factor), wide)
        enlarge(wide, factor, 3 * factor, spline_taps(factor), out)


def halved(plane: Planes) -> Planes:
    """Return a plane reduced by two; its sides are even.

    Examples
    --------
    >>> halved(np.ones((4, 2), np.float32))
    array([[1.],
           [1.]], dtype=float32)
    """
    out = np.empty((plane.shape[0] // 2, plane.shape[1] // 2), np.float32)
    halve(plane, out)
    return out


def _padded(channel: Array, box: Box, margin: int, step: int) -> Planes:
    """Return the window with a margin, mirrored beyond the picture, its sides multiples of step."""
    height, width = channel.shape
    bottom = box[0] + -(-(box[2] - box[0]) // step) * step + margin
    right = box[1] + -(-(box[3] - box[1]) // step) * step + margin
    top, left = box[0] - margin, box[1] - margin
    region = as_floats(channel[max(top, 0) : bottom, max(left, 0) : right])
    beyond = (max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0))
    return np.asarray(cv2.copyMakeBorder(region, *beyond, cv2.BORDER_REFLECT))

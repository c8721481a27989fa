"""Hops: the legs of an array's way, each a coordinate map between two frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from acetate.arrays import Array
from acetate.geometry.maps import Frame, Map, Projective, compose

MODES = ("constant", "edge", "symmetric", "reflect", "wrap")


@dataclass(frozen=True)
class Hop:
    """One leg of an array's way: a map between two frames, and what lies outside the first.

    Parameters
    ----------
    map : Map
        From points of the frame it fills to points of the frame it reads.
    source, shape : (int, int)
        The frame it reads and the frame it fills, (height, width).
    mode : str
        What lies outside `source`: constant (`cval`), edge, symmetric (the border pixel twice),
        reflect (the border pixel once) or wrap.
    cval : float
        The constant, in the array's own units.

    Raises
    ------
    ValueError
        If the mode is another word.

    Examples
    --------
    >>> Hop(Projective.translation(4, 0), (8, 8), (8, 8)).scaled((2, 2), (2, 2)).map.matrix[0, 2]
    np.float64(1.0)
    """

    map: Map
    source: Frame
    shape: Frame
    mode: str = "constant"
    cval: float = 0

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {self.mode!r}")

    def scaled(self, source: Frame, shape: Frame) -> "Hop":
        """Return the hop of a sheet that has other frames on the same ground."""
        if source == self.source and shape == self.shape:
            return self
        map = scaled_between(self.map, (self.source, self.shape), (source, shape))
        return Hop(map, source, shape, self.mode, self.cval)


def scaled_between(map: Map, old: tuple[Frame, Frame], new: tuple[Frame, Frame]) -> Map:
    """Return the map of a sheet that has other frames on the same ground.

    Parameters
    ----------
    old, new : (Frame, Frame)
        The frame that is read and the frame that is filled.

    Examples
    --------
    >>> shift, frame = Projective.translation(4, 0), (8, 8)
    >>> scaled_between(shift, (frame, frame), ((2, 2), (2, 2))).matrix[0, 2]
    np.float64(1.0)
    """
    if old == new:
        return map
    (rows, columns), (out_rows, out_columns) = old
    (height, width), (out_height, out_width) = new
    return map.scaled(
        (width / columns, height / rows), (out_width / out_columns, out_height / out_rows)
    )


def crossed_frames(hops: Sequence[Hop]) -> list[int]:
    """Return which hops after the first may read pixel centres from outside their source."""
    return [k for k in range(1, len(hops)) if leaves(hops[k:], by=1e-3)]


def leaves(hops: Sequence[Hop], by: float) -> bool:
    """Whether hops may read pixel centres from outside the first one's source by so many px."""
    height, width = hops[0].source
    left, top, right, bottom = _reach(hops)
    return min(left, top) < -by or right > width + by or bottom > height + by


def _reach(hops: Sequence[Hop]) -> tuple[float, float, float, float]:
    """Return the box (left, top, right, bottom) that holds all points read; at most the plane."""
    joined = compose(hop.map for hop in hops)
    if not isinstance(joined, Projective) or not joined.affine:
        return -inf, -inf, inf, inf
    rows, columns = hops[-1].shape
    (a, b, x), (c, d, y), _ = joined.matrix.tolist()
    x, y = x + (a * columns + b * rows) / 2, y + (c * columns + d * rows) / 2  # the middle
    half_x, half_y = (columns - 1) / 2, (rows - 1) / 2
    reach_x, reach_y = abs(a) * half_x + abs(b) * half_y, abs(c) * half_x + abs(d) * half_y
    return x - reach_x, y - reach_y, x + reach_x, y + reach_y


def brought_back(points: Array, size: float, mode: str) -> Array:
    """Return the points inside that show what a fill mode shows at points outside.

    Parameters
    ----------
    points : numpy.ndarray
        Pixel centres lie at + 0.5.
    size : float
        The length of the axis, in pixels.
    mode : {"edge", "symmetric", "reflect", "wrap"}
        See `Hop`.

    Examples
    --------
    >>> brought_back(np.array([-0.5, 4.5]), 4.0, "symmetric")
    array([0.5, 3.5])
    """
    if mode == "edge":
        return points.clip(0.5, size - 0.5)  # the border pixels, centre and all
    if mode == "wrap":
        return points % size
    if mode == "symmetric":
        folded = points % (2 * size)
        return np.minimum(folded, 2 * size - folded)
    # "reflect" mirrors at the border pixels' centres.
    period = max(2 * size - 2, 1)
    folded = (points - 0.5) % period
    return np.minimum(folded, period - folded) + 0.5

"""Hops: the legs of an array's way, each a coordinate map between two frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

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
        ratios = [
            (new[1] / old[1], new[0] / old[0])
            for new, old in ((source, self.source), (shape, self.shape))
        ]
        return Hop(self.map.scaled(*ratios), source, shape, self.mode, self.cval)


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
    left, right, top, bottom = 0.5, columns - 0.5, 0.5, rows - 0.5
    corners = joined(np.array([[left, top], [right, top], [left, bottom], [right, bottom]]))
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return left, top, right, bottom

"""Follow every output pixel back to its source point, through maps and frames, strip by strip."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from acetate.arrays import Array
from acetate.geometry import stages
from acetate.geometry.fields import NO_GRID, Field
from acetate.geometry.hops import Hop
from acetate.geometry.lattice import Spline, loops, refine
from acetate.geometry.maps import Frame, Map, Projective, parts
from acetate.geometry.scratch import scratch

Rows = tuple[int, int]
# Which pixels are filled by a constant (bool), and the constant.
Mark = tuple[Array, float]

# How a mode folds, and from how far inside the frame points are brought back (px).
_FOLDS = {
    "edge": (stages.EDGE, 0.5),
    "symmetric": (stages.SYMMETRIC, 0.0),
    "reflect": (stages.REFLECT, 0.5),
    "wrap": (stages.WRAP, 0.0),
}
_NO_MARKS = np.zeros((0, 1, 1), np.bool_), np.zeros(0, np.bool_)
_HALF = np.float32(0.5)


class Leg(NamedTuple):
    """What the compiled loops do with points in one go: stages, with at most one grid."""

    kinds: Array
    numbers: Array
    grid: Array


class Trace(NamedTuple):
    """Where the pixels of an output come from."""

    width: int
    start: Spline | None  # where the pixels come from first; None: from their own centres
    legs: Sequence[Leg | Map]
    # For each frame in the middle that shows another constant than the first; the last one first.
    fills: Sequence[float]
    rimmed: Frame | None  # the frame that is read, if it has a rim

    def strip(self, rows: Rows) -> tuple[Array, list[Mark]]:
        """Return where some rows come from, and what is filled because a frame was left.

        Returns
        -------
        places : numpy.ndarray
            Source points in OpenCV's convention (pixel centres are whole numbers), float32
            ``(n, W, 2)``; scratch memory, overwritten by the next call.
        marks : list of Mark
            To be filled in this order.
        """
        (first, last), count = rows, len(self.fills)
        shape, fresh = (last - first, self.width), self.start is None
        if self.start is None:
            places = scratch("places", (*shape, 2), np.float32)
        else:
            places = refine(self.start, shape, start=(first, 0), reuse="places")
        marks, crossed = _NO_MARKS
        if count:
            marks, crossed = np.zeros((count, *shape), np.bool_), np.zeros(count, np.bool_)
        for leg in self.legs:
            if isinstance(leg, Leg):
                loops().follow(*leg, first, fresh, places, marks, crossed)
            else:
                places[...] = leg(places + _HALF) - _HALF
            fresh = False
        if self.rimmed:
            loops().keep_within(self.rimmed[1], self.rimmed[0], places)
        return places, [(marks[k], self.fills[k]) for k in reversed(range(count)) if crossed[k]]


def trace(hops: Sequence[Hop], farthest: float = inf, rim: bool = False) -> Trace:
    """Follow the output's pixels through the hops, last hop first.

    Parameters
    ----------
    hops : sequence of Hop
        In the order in which the picture is moved.
    farthest : float
        Points further outside the first frame (px) are brought back as its fill mode says.
    rim : bool
        Whether what is read has a rim of its constant around it, one pixel wide on the left and
        above and two on the right and below: places are counted from there, and none lies outside.
    """
    ways = [list(parts(hop.map)) for hop in hops]
    others = [map for maps in ways for map in maps if not isinstance(map, Projective)]
    plan = _Plan(others)
    plan.begin(ways[-1], hops[-1])
    for k in reversed(range(len(hops))):
        for map in reversed(ways[k]):
            plan.move(map)
        if k:
            plan.enter(hops[k], hops[0])
    if farthest < inf:
        plan.fold(hops[0], farthest)
    return Trace(hops[-1].shape[1], *plan.way(), hops[0].source if rim else None)


class _Plan:
    """The stages of a way, gathered.

    Parameters
    ----------
    others : sequence of Map
        The maps of the way that are not projective.
    """

    def __init__(self, others: Sequence[Map]) -> None:
        # Only within a leg is it remembered which points are lost.
        self.one_leg = len(others) <= 1 and all(isinstance(map, Field) for map in others)
        self.start: Spline | None = None
        self.legs: list[Leg | Map] = []
        self.fills: list[float] = []
        # Of the leg that is being gathered:
        self.kinds: list[int] = []
        self.numbers: list[float] = []
        self.grid = NO_GRID

    def begin(self, maps: list[Map], hop: Hop) -> None:
        """Begin with the map that the output meets first if it is a spline over it."""
        first = maps[-1]
        if isinstance(first, Field) and first.shape == hop.shape:
            self.start = first.spline
        if self.start is not None:
            maps.pop()

    def move(self, map: Map) -> None:
        """Take the points through a map."""
        if isinstance(map, Projective):
            (a, b, c), (d, e, f), (g, h, i) = map.matrix.tolist()
            kind = stages.AFFINE if map.affine else stages.PROJECTIVE
            self._stage(kind, a, b, c, d, e, f, g, h, i)
        elif isinstance(map, Field):
            if self.grid is not NO_GRID:
                self._end_leg()
            self.grid, first, per, gain = map.grid
            self._stage(stages.BEND, *first, *per, *gain, 0, 0, 0)
        else:
            self._end_leg()
            self.legs.append(map)

    def enter(self, hop: Hop, first: Hop) -> None:
        """Pass the frame that a hop reads and the one before it fills."""
        height, width = hop.source
        if hop.mode != "constant":
            self.fold(hop, -_FOLDS[hop.mode][1])
        elif self.one_leg and (hop.mode, hop.cval) == (first.mode, first.cval):
            self._stage(stages.LOSE, width, height, 0, 0, 0, 0, 0, 0, 0)
        else:
            self._stage(stages.MARK, width, height, len(self.fills), 0, 0, 0, 0, 0, 0)
            self.fills.append(hop.cval)

    def fold(self, hop: Hop, by: float) -> None:
        """Bring back what lies outside the frame that a hop reads by more than so many px."""
        height, width = hop.source
        self._stage(stages.FOLD, width, height, by, _FOLDS[hop.mode][0], 0, 0, 0, 0, 0)

    def way(self) -> tuple[Spline | None, Sequence[Leg | Map], Sequence[float]]:
        """Return the start, the legs, and what is filled."""
        if self.kinds or (self.start is None and not self.legs):
            self._end_leg()
        return self.start, self.legs, self.fills

    def _stage(self, kind: int, *numbers: float) -> None:
        self.kinds.append(kind)
        self.numbers += numbers

    def _end_leg(self) -> None:
        numbers = np.array(self.numbers, np.float64).reshape(-1, stages.NUMBERS)
        self.legs.append(Leg(np.array(self.kinds, np.int64), numbers, self.grid))
        self.kinds, self.numbers, self.grid = [], [], NO_GRID

"""Follow every output pixel back to its source point, through maps and frames, strip by strip."""

from collections.abc import Sequence
from functools import cache
from math import inf
from typing import Any, NamedTuple

import numpy as np

from acetate.arrays import Array
from acetate.geometry import stages
from acetate.geometry.fields import Field
from acetate.geometry.hops import Hop
from acetate.geometry.lattice import Spline, refine
from acetate.geometry.maps import Frame, Map, Projective, parts
from acetate.geometry.scratch import scratch

Rows = tuple[int, int]
RIM = (1, 2)  # pixels of a constant around what is read: on the left and above, right and below
# Which pixels are filled by a constant (bool), and the constant.
Mark = tuple[Array, float]

# How a mode folds, and from how far inside the frame points are brought back (px).
_FOLDS = {
    "edge": (stages.EDGE, 0.5),
    "symmetric": (stages.SYMMETRIC, 0.0),
    "reflect": (stages.REFLECT, 0.5),
    "wrap": (stages.WRAP, 0.0),
}
_NO_GRID = np.zeros((2, 2, 2), np.float32)
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
                _loops().follow(*leg, first, fresh, places, marks, crossed)
            else:
                places[...] = leg(places + _HALF) - _HALF
            fresh = False
        if self.rimmed:
            _loops().keep_within(self.rimmed[1], self.rimmed[0], places)
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
        Whether what is read has a rim of its constant around it, as `RIM` says: places are
        counted from its corner, and none lies outside.
    """
    ways = [parts(hop.map) for hop in hops]
    others = [map for maps in ways for map in maps if not isinstance(map, Projective)]
    start = _spline(ways[-1][-1], hops[-1].shape)
    if start is not None:
        ways[-1] = ways[-1][:-1]
    plan = _Plan(others)
    for k in reversed(range(len(hops))):
        for map in reversed(ways[k]):
            plan.move(map)
        if k:
            plan.enter(hops[k], hops[0])
    if farthest < inf:
        plan.fold(hops[0], farthest)
    legs = plan.finished(may_be_none=start is not None)
    return Trace(hops[-1].shape[1], start, legs, plan.fills, hops[0].source if rim else None)


def _spline(map: Map, shape: Frame) -> Spline | None:
    """Return the map that the output meets first as a spline over the output, if it is one."""
    return map.spline if isinstance(map, Field) and map.shape == shape else None


@cache
def _loops() -> Any:
    """Return the compiled loops, which take a moment to load: when they are first asked for."""
    from acetate.geometry import follow_loops

    return follow_loops


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
        self.legs: list[Leg | Map] = []
        self.fills: list[float] = []
        # Of the leg that is being gathered:
        self.kinds: list[int] = []
        self.numbers: list[float] = []
        self.grid = _NO_GRID

    def move(self, map: Map) -> None:
        """Take the points through a map."""
        if isinstance(map, Projective):
            (a, b, c), (d, e, f), (g, h, i) = map.matrix.tolist()
            kind = stages.AFFINE if map.affine else stages.PROJECTIVE
            self._stage(kind, a, b, c, d, e, f, g, h, i)
        elif isinstance(map, Field):
            if self.grid is not _NO_GRID:
                self._end_leg()
            self.grid, first, per, gain = map.grid
            self._stage(stages.BEND, *first, *per, *gain)
        else:
            self._end_leg()
            self.legs.append(map)

    def enter(self, hop: Hop, first: Hop) -> None:
        """Pass the frame that a hop reads and the one before it fills."""
        height, width = hop.source
        if hop.mode != "constant":
            self.fold(hop, -_FOLDS[hop.mode][1])
        elif self.one_leg and (hop.mode, hop.cval) == (first.mode, first.cval):
            self._stage(stages.LOSE, width, height)
        else:
            self._stage(stages.MARK, width, height, len(self.fills))
            self.fills.append(hop.cval)

    def fold(self, hop: Hop, by: float) -> None:
        """Bring back what lies outside the frame that a hop reads by more than so many px."""
        height, width = hop.source
        self._stage(stages.FOLD, width, height, by, _FOLDS[hop.mode][0])

    def finished(self, may_be_none: bool) -> Sequence[Leg | Map]:
        """Return the legs: at least one unless there may be none."""
        if self.kinds or not (self.legs or may_be_none):
            self._end_leg()
        return self.legs

    def _stage(self, kind: int, *numbers: float) -> None:
        self.kinds.append(kind)
        self.numbers += numbers + (0.0,) * (stages.NUMBERS - len(numbers))

    def _end_leg(self) -> None:
        numbers = np.array(self.numbers, np.float64).reshape(-1, stages.NUMBERS)
        self.legs.append(Leg(np.array(self.kinds, np.int64), numbers, self.grid))
        self.kinds, self.numbers, self.grid = [], [], _NO_GRID

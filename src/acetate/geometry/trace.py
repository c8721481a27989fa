"""Follow every output pixel back to its source point, through fields and frames, strip by strip."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, inf, log2
from typing import Protocol

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.geometry.fields import Displacement, Elastic, Field
from acetate.geometry.hops import Hop, brought_back
from acetate.geometry.lattice import (
    SMALL,
    SPARE,
    coefficients,
    deciding_nodes,
    node_counts,
    node_points,
    refine,
    square_lattice,
    stretches,
)
from acetate.geometry.maps import Frame, Map, Projective, compose, parts

Rows = tuple[int, int]
# Columns, which of their pixels are filled by a constant (bool), and the constant.
Mark = tuple[slice, Array, float]
_HALF = np.float32(0.5)
# A map that is seen through a field is bent by it: how much denser its nodes lie there, most often.
_BENDING = 1.25


class Trace(Protocol):
    """Where the pixels of an output come from."""

    def strip(self, rows: Rows) -> tuple[Array, list[Mark]]:
        """Return where some rows come from, and what is filled because a frame was left.

        Returns
        -------
        places : numpy.ndarray
            Source points in OpenCV's convention (pixel centres are whole numbers), float32
            ``(n, W, 2)``; may be scratch memory, overwritten by the next call.
        marks : list of Mark
            To be filled in this order.
        """


def trace(hops: Sequence[Hop], level: int | None = None, farthest: float = inf) -> Trace:
    """Follow the output's pixels through the hops, last hop first.

    Smooth maps are evaluated at nodes some pixels apart and interpolated by cubic splines, to
    a few hundredths of a pixel; maps with kinks are evaluated at every pixel.

    Parameters
    ----------
    hops : sequence of Hop
        In the order in which the picture is moved.
    level : int, optional
        log2 of the node distance; as the maps allow by default.
    farthest : float
        Points further outside the first frame (px) are brought back as its fill mode says.
    """
    level = _node_level(hops) if level is None else level
    splines = _splines(hops, level, farthest) if level else None
    return splines or _Pixelwise(hops, farthest)


@dataclass(frozen=True)
class _Pixelwise:
    """Every pixel is followed through all hops, when its strip is asked for."""

    hops: Sequence[Hop]
    farthest: float

    def strip(self, rows: Rows) -> tuple[Array, list[Mark]]:
        """Follow the pixels of some rows: see `Trace`."""
        points = self._first(rows)
        marks: list[Mark] = []
        for k in reversed(range(1, len(self.hops))):
            hop = self.hops[k]
            outside = _outside(cv2.transform(points, _own_units(hop.source)))
            if np.count_nonzero(outside):
                if hop.mode == "constant":
                    marks.insert(0, (slice(None), outside, hop.cval))
                else:
                    points = _folded(points, hop)
            points = self.hops[k - 1].map(points)
        if self.farthest < inf and _beyond(points, self.hops[0].source, self.farthest):
            points = _folded(points, self.hops[0])
        places = points.astype(np.float32, copy=False)  # made here: no map gives back its points
        places -= _HALF
        return places, marks

    def _first(self, rows: Rows) -> Array:
        """Apply the last hop, which meets the output first: a field just there is not looked up."""
        shape = self.hops[-1].shape
        points = square_lattice((rows[1] - rows[0], shape[1]), (0.5, rows[0] + 0.5))
        *others, first = parts(self.hops[-1].map)
        if isinstance(first, Field) and first.shape == shape:
            points = points + first.dense[rows[0] : rows[1]]
        else:
            points = first(points)
        for map in reversed(others):
            points = map(points)
        return points


@dataclass(frozen=True)
class _Cut:
    """A frame in the middle that is crossed: how to tell where its points are.

    The points are in the frame's own units: it reaches from -1 to 1 along each axis.
    """

    points: Array  # the spline's nodes
    crossed: Array  # which of them lie outside, bool ``(rows, columns)``
    from_places: Array | None  # the matrix (2, 3) from source points to them, if there is one
    cval: float


@dataclass(frozen=True)
class _Splines:
    """Coordinates on a lattice of nodes ``2**level`` px apart, from which rows are refined."""

    shape: Frame
    level: int
    places: Array
    cuts: Sequence[_Cut]

    def strip(self, rows: Rows) -> tuple[Array, list[Mark]]:
        """Refine some rows: see `Trace`."""
        places = self._refined(self.places, rows, slice(0, self.shape[1]), "places")
        marks = [
            (columns, self._outside(cut, rows, columns, places), cut.cval)
            for cut in self.cuts
            for columns in self._stretches(cut, rows)
        ]
        return places, marks

    def _stretches(self, cut: _Cut, rows: Rows) -> list[slice]:
        """Return the columns where some rows may cross a cut's frame.

        A refined point lies in the hull of the nodes around it: where all those are inside, so
        are the pixels.
        """
        crossed = np.asarray(cut.crossed[deciding_nodes(*rows, self.level)].any(axis=0))
        return stretches(crossed, self.shape[1], self.level)

    def _outside(self, cut: _Cut, rows: Rows, columns: slice, places: Array) -> Array:
        if cut.from_places is not None:
            return _outside(cv2.transform(places[:, columns], cut.from_places))
        return _outside(self._refined(cut.points, rows, columns, "crossings"))

    def _refined(self, nodes: Array, rows: Rows, columns: slice, reuse: str) -> Array:
        part = (rows[1] - rows[0], columns.stop - columns.start)
        counts = node_counts(part, self.level)
        y, x = rows[0] >> self.level, columns.start >> self.level
        return refine(nodes[y : y + counts[0], x : x + counts[1]], self.level, part, reuse=reuse)


def _splines(hops: Sequence[Hop], level: int, farthest: float) -> _Splines | None:
    """Follow a lattice's nodes, or none if points must be brought back: folding makes kinks.

    Refinement keeps affine maps exactly. So if the last hop is a displacement field on the very
    same lattice and all others are affine, its coefficients are carried along as they are;
    otherwise the maps' values at the nodes are turned into coefficients.
    """
    shape, bent = hops[-1].shape, not _affine(hops)
    own = _own_nodes(hops[-1].map, shape, level) if _affine(hops[:-1]) else None
    spare = SPARE if bent and own is None else 0

    def as_nodes(values: Array, affine: bool) -> Array:
        if affine or not spare:
            return values[spare:-spare, spare:-spare] if spare else values
        return coefficients(values, level)

    points = node_points(shape, level, spare)
    points = hops[-1].map(points) if own is None else points + own
    cuts: list[_Cut] = []
    for k in reversed(range(1, len(hops))):
        hop = hops[k]
        own_units = as_nodes(cv2.transform(points, _own_units(hop.source)), _affine(hops[k:]))
        outside = _outside(own_units.copy())
        if outside.any():
            if hop.mode != "constant":
                return None
            cuts.insert(0, _Cut(own_units, outside, _from_places(hops[:k]), hop.cval))
        points = hops[k - 1].map(points)
    if farthest < inf and _beyond(points, hops[0].source, farthest):
        return None
    return _Splines(shape, level, as_nodes(points, not bent) - _HALF, cuts)


def _from_places(hops: Sequence[Hop]) -> Array | None:
    """Return the matrix from source places to the own units of the frame that hops fill."""
    if not _affine(hops):
        return None
    height, width = hops[-1].shape
    back = compose(hop.map for hop in hops).inverse()
    assert isinstance(back, Projective)
    matrix: Array = _own_units((height, width)) @ back.matrix
    matrix[:, 2] += (matrix[:, 0] + matrix[:, 1]) / 2
    return matrix


def _own_nodes(map: Map, shape: Frame, level: int) -> Array | None:
    """Return the nodes of a displacement field that lie just where they are wanted."""
    field = map.field if isinstance(map, Elastic) else map
    if isinstance(field, Displacement) and (field.shape, field.level) == (shape, level):
        return field.nodes
    return None


def _affine(hops: Sequence[Hop]) -> bool:
    return all(isinstance(hop.map, Projective) and hop.map.affine for hop in hops)


def _node_level(hops: Sequence[Hop]) -> int:
    """Return the log2 of the node distance in output pixels that loses nothing of the maps."""
    last = hops[-1]
    if last.shape[0] * last.shape[1] <= SMALL:
        return 0
    stretch, finest = 1.0, 2.0**6
    maps = [part for hop in hops for part in parts(hop.map)]
    for map in reversed(maps):
        if isinstance(map, Field):
            # One that is not met first is read beside its own nodes: by a spline of finer ones.
            own = map is maps[-1]
            finest = min(finest, map.smooth_over / stretch / (1 if own else 2))
            stretch *= _BENDING
        elif isinstance(map, Projective) and map.affine:
            stretch *= _most_stretch(map)
        else:
            return 0
    return max(0, int(log2(finest) + 1e-6))


def _most_stretch(map: Projective) -> float:
    """Return the largest factor on lengths of an affine map: its larger singular value."""
    (a, b, _), (c, d, _), _ = map.matrix.tolist()
    return (hypot(a + d, b - c) + hypot(a - d, b + c)) / 2


@lru_cache(maxsize=64)
def _own_units(frame: Frame) -> Array:
    """Return the matrix to units in which a frame reaches from -1 to 1 along each axis."""
    matrix = np.array([[2 / frame[1], 0, -1], [0, 2 / frame[0], -1]])
    matrix.setflags(write=False)
    return matrix


def _outside(points: Array) -> Array:
    """Return whether a coordinate does not lie between -1 and 1 (up to rounding); spoils them."""
    # Both at once, as one row of twice the width: faster than OpenCV's inRange on pairs.
    both = points.reshape(len(points), -1)
    outside = np.abs(both, out=both) > np.float32(1 + 1e-6)
    crossed: Array = outside.view(np.uint16) != 0
    return crossed


def _beyond(points: Array, frame: Frame, by: float) -> bool:
    """Whether points lie outside a frame by more than so many px."""
    # Axis by axis: NumPy reduces pairs ten times as slowly.
    x, y = points[..., 0], points[..., 1]
    return bool(min(x.min(), y.min()) < -by or x.max() > by + frame[1] or y.max() > by + frame[0])


def _folded(points: Array, hop: Hop) -> Array:
    """Bring points back into the frame that a hop reads, as its fill mode says."""
    return brought_back(points, np.array(hop.source[::-1], np.float32), hop.mode)

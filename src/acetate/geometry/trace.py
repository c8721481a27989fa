"""Follow every output pixel back to its source point, through fields and frames, strip by strip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import hypot, inf

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.geometry.fields import MARGIN, SMALL, Displacement, Elastic, Field, node_counts, refine
from acetate.geometry.hops import Hop
from acetate.geometry.maps import Frame, Map, Projective, compose, parts

Rows = tuple[int, int]
_KEPT = SMALL  # lattices up to this many points are remembered


@dataclass(frozen=True)
class Cut:
    """A frame in the middle that is crossed: where its points are, and what fills the outside.

    The points are in the frame's own units: it reaches from -1 to 1 along each axis.
    """

    points: Array
    crossed: Array  # which of them lie outside, bool ``(rows, columns)``
    cval: float


@dataclass(frozen=True)
class Trace:
    """Where each output pixel comes from, on a lattice from which rows are refined on demand.

    Parameters
    ----------
    shape : (int, int)
        The output frame.
    level : int
        The lattice's nodes are ``2**level`` pixels apart.
    places : numpy.ndarray
        Source points in OpenCV's convention (pixel centres are whole numbers), at the nodes.
    cuts : tuple of Cut
        First hop first.
    """

    shape: Frame
    level: int
    places: Array
    cuts: tuple[Cut, ...]

    def rows(self, rows: Rows) -> Array:
        """Return the source points of some rows, float32 ``(n, W, 2)``, in scratch memory."""
        return self._refined(self.places, rows, slice(0, self.shape[1]), "places")

    def crossings(self, cut: Cut, rows: Rows) -> Iterator[tuple[slice, Array]]:
        """Yield the columns where some rows may cross a cut's frame, and which pixels do, bool.

        A refined point lies in the hull of the nodes around it: where all those are inside, so
        are the pixels.
        """
        crossed = cut.crossed[self._nodes(*rows)]
        if not self.level:
            yield slice(0, self.shape[1]), crossed
            return
        step = 1 << self.level
        near = np.asarray(crossed.any(axis=0))
        near = near[MARGIN - 2 : MARGIN + 2 + -(-self.shape[1] // step)]
        near = near[:-4] | near[1:-3] | near[2:-2] | near[3:-1] | near[4:]
        edges = np.flatnonzero(np.diff(near, prepend=False, append=False))
        for a, b in edges.reshape(-1, 2).tolist():
            columns = slice(a * step, min(b * step, self.shape[1]))
            yield columns, _outside(self._refined(cut.points, rows, columns, "crossings"))

    def _nodes(self, first: int, last: int) -> slice:
        """Return the rows of nodes that decide some rows of pixels."""
        if not self.level:
            return slice(first, last)
        start = (first >> self.level) + MARGIN - 2
        return slice(start, start + ((last - first - 1) >> self.level) + 6)

    def _refined(self, nodes: Array, rows: Rows, columns: slice, reuse: str) -> Array:
        if not self.level:
            return nodes[rows[0] : rows[1], columns]
        part = (rows[1] - rows[0], columns.stop - columns.start)
        counts = node_counts(part, self.level)
        y, x = rows[0] >> self.level, columns.start >> self.level
        return refine(nodes[y : y + counts[0], x : x + counts[1]], self.level, part, reuse=reuse)


def trace(hops: Sequence[Hop], level: int | None = None, farthest: float = inf) -> Trace:
    """Follow the nodes of a lattice through the hops, last hop first.

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
    lattice = _Lattice(hops, level)
    points = lattice.points
    cuts: list[Cut] = []
    for k in reversed(range(len(hops))):
        hop = hops[k]
        points = lattice.first(points) if k == len(hops) - 1 else hop.map(points)
        if k == 0:
            break
        own = _in_own_units(points, hop.source)
        crossed = _outside(own)
        if not crossed.any():
            continue
        if hop.mode == "constant":
            if lattice.spare:
                own = lattice.coefficients(own, _affine(hops[k:]))
                crossed = _outside(own)
            cuts.insert(0, Cut(own, crossed, hop.cval))
        elif level > 0:
            return trace(hops, 0, farthest)  # folding makes kinks, so every pixel is followed
        else:
            points = _fold(points, hop.source, hop.mode)
    if farthest < inf and _beyond(points, hops[0].source, farthest):
        if level > 0:
            return trace(hops, 0, farthest)
        points = _fold(points, hops[0].source, hops[0].mode)
    places = lattice.coefficients(points, _affine(hops)) - np.float32(0.5)
    return Trace(hops[-1].shape, level, places, tuple(cuts))


class _Lattice:
    """The nodes at which hops are evaluated, and the way from values to spline coefficients.

    Refinement keeps affine maps exactly. So if the last hop is a displacement field on the very
    same lattice and all others are affine, its coefficients are carried along as they are;
    otherwise the maps' values at the nodes are turned into coefficients at the end.
    """

    def __init__(self, hops: Sequence[Hop], level: int) -> None:
        self.last, self.shape, self.level = hops[-1].map, hops[-1].shape, level
        self.own = _own_nodes(self.last, self.shape, level) if _affine(hops[:-1]) else None
        as_they_are = not level or self.own is not None or _affine(hops)
        self.taps = np.ones(1, np.float32) if as_they_are else _prefilter(level)
        rows, columns = node_counts(self.shape, level) if level else self.shape
        start = -(MARGIN + self.spare) * 2**level if level else 0
        counts = (rows + 2 * self.spare, columns + 2 * self.spare)
        make = _lattice if counts[0] * counts[1] <= _KEPT else _lattice.__wrapped__
        self.points = make(counts, start, 2**level)

    @property
    def spare(self) -> int:
        """How many nodes on each side the prefilter uses up."""
        return len(self.taps) // 2

    def first(self, points: Array) -> Array:
        """Apply the last hop, which meets the output first."""
        if self.own is not None:
            return points + self.own
        return self.last(points) if self.level else _at_pixels(self.last, points, self.shape)

    def coefficients(self, points: Array, affine: bool) -> Array:
        """Return what `refine` turns into the given values at the nodes."""
        r = self.spare
        if not r:
            return points
        if not affine:
            points = cv2.sepFilter2D(points, cv2.CV_32F, self.taps, self.taps)
        return points[r:-r, r:-r]


@lru_cache(maxsize=16)
def _lattice(counts: Frame, start: int, step: int) -> Array:
    """Return the points of a square lattice, float32; not to be written to."""
    y, x = (np.float32(start + 0.5) + np.float32(step) * np.arange(n, dtype="f4") for n in counts)
    points = np.empty((*counts, 2), np.float32)
    points[..., 0], points[..., 1] = x, y[:, np.newaxis]
    points.setflags(write=False)
    return points


def _at_pixels(map: Map, points: Array, shape: Frame) -> Array:
    """Apply a map at all pixels of a frame; a field that covers just this frame is resized."""
    found = _covering(map, shape)
    if found is None:
        return map(points)
    others, field, zoom = found
    return compose(others)(zoom(points) + field.on_sheet(shape))


def _covering(map: Map, shape: Frame) -> tuple[Sequence[Map], Field, Projective] | None:
    """Split a map into what follows a field, the field, and the zoom from a whole sheet to it."""
    *others, last = parts(map)
    zoom = last if isinstance(last, Projective) else Projective.identity()
    field = others.pop() if others and last is zoom else last
    if (
        isinstance(field, Field)
        and all(a <= b for a, b in zip(shape, field.shape, strict=True))
        and zoom.spreads(field.shape, shape)
    ):
        return others, field, zoom
    return None


def _own_nodes(map: Map, shape: Frame, level: int) -> Array | None:
    """Return the nodes of a displacement field that lie just where they are wanted."""
    field = map.field if isinstance(map, Elastic) else map
    if level and isinstance(field, Displacement) and (field.shape, field.level) == (shape, level):
        return field.nodes
    return None


def _affine(hops: Sequence[Hop]) -> bool:
    return all(isinstance(hop.map, Projective) and hop.map.affine for hop in hops)


def _node_level(hops: Sequence[Hop]) -> int:
    """Return the log2 of the node distance in output pixels that loses nothing of the maps."""
    last = hops[-1]
    if isinstance(parts(last.map)[-1], Projective) and (
        last.shape[0] * last.shape[1] <= SMALL or _covering(last.map, last.shape)
    ):
        return 0  # few pixels, or known at every one without being looked up
    stretch, finest = 1.0, 2.0**6
    maps = [part for hop in hops for part in parts(hop.map)]
    for map in reversed(maps):
        if isinstance(map, Field):
            # One that is not met first is read beside its own nodes: by a spline of finer ones.
            own = map is maps[-1]
            finest = min(finest, map.smooth_over / stretch / (1 if own else 2))
            stretch *= 1.25  # what is seen through a field is bent by it
        elif isinstance(map, Projective) and map.affine:
            stretch *= _most_stretch(map)
        else:
            return 0
    return max(0, int(np.floor(np.log2(finest) + 1e-6)))


def _most_stretch(map: Projective) -> float:
    """Return the largest factor on lengths of an affine map: its larger singular value."""
    (a, b, _), (c, d, _), _ = map.matrix.tolist()
    return (hypot(a + d, b - c) + hypot(a - d, b + c)) / 2


@lru_cache(maxsize=16)
def _prefilter(level: int) -> Array:
    """Return the taps that turn values at nodes into coefficients of the refined spline.

    After `level` halvings a node's value is [a, 1 - 2a, a] of its neighbours' coefficients with
    a = (1 - 4**-level) / 6; the inverse of that filter decays as a power of its pole (Unser,
    Aldroubi and Eden 1993).
    """
    a = (1 - 4.0**-level) / 6
    pole = -(1 - 2 * a - np.sqrt(1 - 4 * a)) / (2 * a)
    taps = pole ** np.abs(np.arange(-7, 8))
    return (taps / taps.sum()).astype(np.float32)


def _in_own_units(points: Array, frame: Frame) -> Array:
    """Return points in units in which the frame reaches from -1 to 1 along each axis."""
    return cv2.transform(points, np.array([[2 / frame[1], 0, -1], [0, 2 / frame[0], -1]]))


def _outside(points: Array) -> Array:
    """Return whether a coordinate does not lie between -1 and 1 (up to rounding)."""
    # Both at once, as one row of twice the width: faster than OpenCV's inRange on pairs.
    both = points.reshape(len(points), -1)
    limit = np.float32(1 + 1e-6)
    outside = both < -limit
    outside |= both > limit
    crossed: Array = outside.view(np.uint16) != 0
    return crossed


def _beyond(points: Array, frame: Frame, by: float) -> bool:
    """Whether points lie outside a frame by more than so many px."""
    flat = points.reshape(-1, 2)
    return bool(
        (flat.min(axis=0) < -by).any() or (flat.max(axis=0) > by + np.array(frame[::-1])).any()
    )


def _fold(points: Array, frame: Frame, mode: str) -> Array:
    """Bring points back into a frame as its fill mode says."""
    size = np.array([frame[1], frame[0]], np.float32)
    if mode == "edge":
        return points.clip(0.5, size - np.float32(0.5))  # the border pixels, centre and all
    if mode == "wrap":
        return points % size
    if mode == "symmetric":
        folded = points % (2 * size)
        return np.minimum(folded, 2 * size - folded)
    # "reflect" mirrors at the border pixels' centres.
    period = np.maximum(2 * size - 2, 1)
    folded = (points - np.float32(0.5)) % period
    return np.minimum(folded, period - folded) + np.float32(0.5)

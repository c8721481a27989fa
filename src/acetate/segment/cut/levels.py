"""One resolution of a prompted flow, the coarser ones, and the way down through them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Shape
from acetate.heat import diffuse
from acetate.segment.components import holding
from acetate.segment.cut.colors import Bins, Bytes, Learning, Learnt, Pixels, as_seen
from acetate.segment.cut.distances import distance_costs, stroke_distances
from acetate.segment.cut.edge_heat import EdgeBorder, EdgeHeat, Relief
from acetate.segment.flow.pyramid import halved, labels_doubled
from acetate.segment.flow.steps import Fidelity, Flow, flow, state_of
from acetate.segment.flow.values import Labels, Planes
from acetate.segment.prompts import Box, Marks

# How much longer the border counts in each stage at the coarsest level.
_STAGES = 4.0, 1.0
# The first guess at what is in a box is an ellipse that fills so much of it along an axis.
_ELLIPSE = 0.85
# A coarser pixel is marked if so much of it is.
_MARKED = 0.25
# Finer levels flow in a window around what is no background, grown by so many pixels.
_MARGIN = 8
# How long heat flows before distances are measured: a Gaussian of one pixel.
_SMOOTH, _ROUGH = 0.5, 0.002


Window = tuple[slice, slice]


@dataclass(frozen=True)
class Settings:
    """What all levels have in common: see `acetate.segment.HeatCut`."""

    length: float = 2.0
    contrast: float = 1.0
    tau: float = 4.0
    max_iter: int = 10
    still: float = 0.001


@dataclass(frozen=True)
class CutLevel:
    """A picture at one resolution with its marks.

    Parameters
    ----------
    picture : numpy.ndarray
        ``(rows, columns, C)`` uint8, three channels being RGB.
    marks : numpy.ndarray
        ``(rows, columns)`` uint8: 0 where nothing is known, k + 1 where phase k is for sure.
    phases : int
        How many there are.
    settings : Settings
        Of the flow.

    Examples
    --------
    >>> level = CutLevel(np.array([[[0], [9], [9]]], np.uint8), np.array([[1, 0, 2]], np.uint8), 2)
    >>> level.kept(np.zeros((1, 3), np.uint8))
    array([[0, 0, 1]], dtype=uint8)
    """

    picture: Bytes
    marks: Marks
    phases: int
    settings: Settings = Settings()

    @property
    def space(self) -> Shape:
        """Rows and columns."""
        return self.marks.shape

    @cached_property
    def colors(self) -> Bytes:
        """The picture as it is seen."""
        return as_seen(np.ascontiguousarray(self.picture))

    @cached_property
    def relief(self) -> Relief:
        """Where edges are."""
        planes = [plane.astype(np.float32) for plane in cv2.split(self.colors)]
        return Relief(np.stack(planes))

    @cached_property
    def heat(self) -> EdgeHeat:
        """The heat that edges hold back."""
        return EdgeHeat(self.relief, self.settings.tau, self.settings.contrast)

    def kept(self, labels: Labels) -> Labels:
        """Return labels with what is marked as it is marked."""
        return np.where(self.marks > 0, self.marks - np.uint8(1), labels).astype(np.uint8)

    def pixels(self, bins: Bins, costs: Planes | None) -> Pixels:
        """Return what costs of pixels are made of: colours, other costs, marks."""
        extra = np.zeros((self.phases, *self.space), np.float32)
        if costs is not None:
            extra += costs
        marked = self.marks > 0
        for k, plane in enumerate(extra):
            plane[marked] = np.inf
            plane[self.marks == k + 1] = 0
        return Pixels(bins.codes(self.colors), extra)

    def part(self, window: Window) -> "CutLevel":
        """Return rows and columns of it as a level of their own."""
        return replace(self, picture=self.picture[window], marks=self.marks[window])

    def flowed(self, fidelity: Fidelity, labels: Labels, times: float = 1.0) -> Flow:
        """Let labels flow, the length of the border counting so many times."""
        border = EdgeBorder(self.settings.length * times, self.heat)
        start = state_of(labels, fidelity, border)
        return flow(start, fidelity, border, self.settings.max_iter, self.settings.still)


def box_levels(
    picture: Bytes, box: Box, longest: float, settings: Settings = Settings()
) -> list[CutLevel]:
    """Halve a picture and the box in it until no side is longer than `longest`.

    Examples
    --------
    >>> levels = box_levels(np.zeros((8, 9, 1), np.uint8), Box(2.0, 2.0, 6.0, 6.0), 4)
    >>> [level.space for level in levels], levels[1].marks[1]
    ([(8, 9), (4, 4)], array([1, 0, 0, 1], dtype=uint8))
    """

    def level(reduced: Bytes, factor: float) -> CutLevel:
        inside = box.moved(0.0, 0.0, factor).inside(reduced.shape[:2])
        return CutLevel(reduced, (~inside).astype(np.uint8), 2, settings)

    levels = [level(picture, 1.0)]
    for n, half in enumerate(_halvings(picture, longest), start=1):
        coarser = level(half, 0.5**n)
        if coarser.marks.all():
            break
        levels.append(coarser)
    return levels


def scribble_levels(
    picture: Bytes, marks: Marks, longest: float, settings: Settings = Settings()
) -> list[CutLevel]:
    """Halve a picture and its strokes until no side is longer than `longest`, or a stroke is lost.

    Examples
    --------
    >>> marks = np.zeros((8, 8), np.uint8)
    >>> marks[1, 1:4], marks[6:, :] = 1, 2
    >>> scribble_levels(np.zeros((8, 8, 1), np.uint8), marks, 4)[-1].marks
    array([[1, 1, 0, 0],
           [0, 0, 0, 0],
           [0, 0, 0, 0],
           [2, 2, 2, 2]], dtype=uint8)
    """
    phases = int(marks.max())
    levels, parts = [CutLevel(picture, marks, phases, settings)], _shares(marks, phases)
    for half in _halvings(picture, longest):
        parts = halved(parts, 2)
        best = parts.argmax(axis=2)
        share = np.take_along_axis(parts, best[:, :, np.newaxis], axis=2)[:, :, 0]
        coarser = np.where(share >= _MARKED, best + 1, 0).astype(np.uint8)
        if len(np.unique(coarser[coarser > 0])) < phases:
            break
        levels.append(CutLevel(half, coarser, phases, settings))
    return levels


def _shares(marks: Marks, phases: int) -> Planes:
    return np.stack([(marks == k + 1).astype(np.float32) for k in range(phases)], axis=2)


def _halvings(picture: Bytes, longest: float) -> Iterator[Bytes]:
    while max(picture.shape[:2]) > longest and min(picture.shape[:2]) > 1:
        picture = halved(picture, 2)
        yield picture


def box_start(level: CutLevel, box: Box) -> Labels:
    """Return the first guess at what is in a box, at the level where the flow begins.

    Examples
    --------
    >>> box = Box(0.0, 0.0, 4.0, 4.0)
    >>> box_start(box_levels(np.zeros((4, 4, 1), np.uint8), box, 9)[0], box)
    array([[0, 1, 1, 0],
           [1, 1, 1, 1],
           [1, 1, 1, 1],
           [0, 1, 1, 0]], dtype=uint8)
    """
    guess = level.kept(box.ellipse(level.space, _ELLIPSE).astype(np.uint8))
    return guess if guess.any() else (level.marks == 0).astype(np.uint8)


def stroke_costs(level: CutLevel, weight: float) -> Planes:
    """Return what pixels cost by their distances from the strokes: see `distance_costs`.

    The picture is blurred a little first: else noise puts hills everywhere.
    """
    smooth = [diffuse(plane, _SMOOTH, tolerance=_ROUGH) for plane in level.relief.planes]
    relief = Relief(np.stack(smooth))
    return distance_costs(stroke_distances(relief, level.marks, level.phases), weight)


def descend(
    levels: Sequence[CutLevel], start: Labels, costs: Planes | None = None, connected: bool = False
) -> tuple[Labels, list[list[Flow]]]:
    """Let labels flow from the coarsest level, where colours are learnt, to the first.

    Parameters
    ----------
    levels : sequence of CutLevel
        The finest first.
    start : numpy.ndarray
        Labels at the coarsest level.
    costs : numpy.ndarray or None
        ``(phases, rows, columns)``: what pixels cost there besides their colours.
    connected : bool
        Drop what does not hang together with a stroke of its own, at the coarsest level and at
        the finest.

    Returns
    -------
    labels : numpy.ndarray
        At the finest level.
    flows : list
        For each level, the coarsest first, the flows of its stages.

    Examples
    --------
    >>> picture = np.array([[[0], [9], [9], [0]]], np.uint8)
    >>> box = Box(0.0, 0.0, 4.0, 1.0)
    >>> labels, flows = descend(box_levels(picture, box, 9), np.array([[0, 1, 1, 0]], np.uint8))
    >>> len(flows), len(flows[0])
    (1, 2)
    """
    level, bins = levels[-1], Bins(levels[-1].colors)
    learning = Learning(bins, level.pixels(bins, costs))
    stages, labels = [], level.kept(start)
    for times in _STAGES:
        stages.append(level.flowed(learning, labels, times))
        labels = stages[-1].state.labels
    tables = learning.fit(labels).tables
    if connected:
        stages += joined(level, Learnt(tables, learning.pixels), labels)
    labels, flows = stages[-1].state.labels, [stages]
    for n in reversed(range(len(levels) - 1)):
        labels = levels[n].kept(labels_doubled(labels, levels[n].space))
        window = window_of(labels)
        part = levels[n].part(window)
        known = Learnt(tables, part.pixels(bins, _enlarged(costs, labels.shape, window)))
        stages = [part.flowed(known, labels[window])]
        if connected and n == 0:
            stages += joined(part, known, stages[-1].state.labels)
        labels[window] = stages[-1].state.labels
        flows.append(stages)
    return labels, flows


def window_of(labels: Labels) -> Window:
    """Return the rows and columns around all that is no background; all, if there is nothing.

    Examples
    --------
    >>> labels = np.zeros((40, 30), np.uint8)
    >>> labels[20, 4:6] = 1
    >>> window_of(labels)
    (slice(12, 29, None), slice(0, 14, None))
    """
    if not labels.any():
        return slice(0, labels.shape[0]), slice(0, labels.shape[1])
    rows, columns = (np.flatnonzero(labels.any(axis=axis)) for axis in (1, 0))
    return _grown(rows), _grown(columns)


def _grown(taken: NDArray[np.intp]) -> slice:
    return slice(max(0, int(taken[0]) - _MARGIN), int(taken[-1]) + 1 + _MARGIN)


def _enlarged(costs: Planes | None, space: Shape, window: Window) -> Planes | None:
    if costs is None:
        return None
    size = space[1], space[0]
    return np.stack([cv2.resize(c, size, interpolation=cv2.INTER_LINEAR)[window] for c in costs])


def without_islands(level: CutLevel, labels: Labels) -> Labels:
    """Return labels in which what does not hang together with a stroke of its own is background.

    Examples
    --------
    >>> marks = np.array([[1, 0, 0, 0, 2, 0]], np.uint8)
    >>> level = CutLevel(np.zeros((1, 6, 1), np.uint8), marks, 2)
    >>> without_islands(level, np.array([[0, 0, 1, 0, 1, 1]], np.uint8))
    array([[0, 0, 0, 0, 1, 1]], dtype=uint8)
    """
    found = np.zeros_like(labels)
    for k in range(1, level.phases):
        found[holding(level.marks == k + 1, labels == k)] = k
    return found


def joined(level: CutLevel, known: Learnt, labels: Labels) -> list[Flow]:
    """Drop islands and let the labels flow on, until there are none; return the flows of it.

    What was dropped and all other background stays background: there is less of the rest in
    every round, so there is a last one.

    Examples
    --------
    >>> level = CutLevel(np.zeros((1, 3, 1), np.uint8), np.array([[2, 0, 0]], np.uint8), 2)
    >>> bins = Bins(level.colors)
    >>> known = Learnt(np.zeros((2, bins.size)), level.pixels(bins, None))
    >>> [flow.state.labels for flow in joined(level, known, np.array([[1, 0, 1]], np.uint8))]
    [array([[1, 0, 0]], dtype=uint8)]
    """
    flows: list[Flow] = []
    while not np.array_equal(kept := without_islands(level, labels), labels):
        extra = known.pixels.extra.copy()
        extra[1:, kept == 0] = np.inf
        flows.append(level.flowed(replace(known, pixels=replace(known.pixels, extra=extra)), kept))
        labels = flows[-1].state.labels
    return flows

"""One resolution of a heat flow: its values, what phases look like there, and where to start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from acetate.segment.flow.affine import Constant
from acetate.segment.flow.border import Border, cheapest
from acetate.segment.flow.pyramid import labels_doubled, labels_halved
from acetate.segment.flow.split import distances, split
from acetate.segment.flow.steps import Fidelity, Flow, Model, State, flow, state_of
from acetate.segment.flow.tabled import ConstantGray
from acetate.segment.flow.values import Floats, Labels, Planes, Values
from acetate.segment.segmentation import FlowFacts, Segmentation

# Points that tell which values there are.
_SAMPLE = 2048
# Of the variance of a single bell curve 36 % are left when it is cut in two: less than this means
# two phases. Of that, neighbours may differ by the second part; with less than the third left of
# the whole, phases are so far apart that it does not matter by how much.
_TOLD, _CALM, _CLEAR = 0.3, 0.5, 0.03


@dataclass(frozen=True)
class Level:
    """A picture at one resolution.

    Parameters
    ----------
    values : Values
        The picture.
    fidelity : Fidelity
        What phases look like.
    tau : float
        Time of the heat, in squared pixels.
    coarseness : int
        How many pixels of the finest level are one, along an axis.
    around : tuple of float
        Scales in pixels: labels by what a value is more than the mean around it are starts, too.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> Level(values, constant(values, 2), tau=2.0).start
    array([[0, 0, 1]], dtype=uint8)
    """

    values: Values
    fidelity: Fidelity
    tau: float
    coarseness: int = 1
    around: tuple[float, ...] = ()

    @cached_property
    def start(self) -> Labels:
        """Labels by value alone."""
        points, weights = self._sample
        return by_value(self.values, split(points, self.fidelity.phases, weights))

    @cached_property
    def first(self) -> Model:
        """The phases that fit the start."""
        return self.fidelity.fit(self.start)

    @property
    def calm(self) -> bool:
        """Whether values tell the phases, and noise does not decide what a pixel is."""
        quiet = self.values.unrest < _CALM * self.within or self.within < _CLEAR * self._whole
        return self.told and quiet

    @property
    def told(self) -> bool:
        """Whether values tell the phases: a division of noise alone would leave more within."""
        return self.within < _TOLD * (2 / self.fidelity.phases) ** 2 * self._whole

    @property
    def within(self) -> float:
        """The variance of the values within the phases of the start."""
        return self.first.energy / self.values.pixels

    @cached_property
    def _whole(self) -> float:
        points, weights = self._sample
        mean = np.average(points, axis=0, weights=weights)
        return float(np.average(np.sum((points - mean) ** 2, axis=1), weights=weights))

    @cached_property
    def _sample(self) -> tuple[Floats, Floats]:
        return self.values.sample(_SAMPLE)

    def border(self, length: float) -> Border:
        """Return what border costs, for a length in pixels of the finest level."""
        values = self.values
        return Border(length / self.coarseness, self.tau, values.space, values.spacing)

    def state(self, labels: Labels, length: float) -> State:
        """Return the state of labels, ``space`` or rows and columns."""
        flat = labels.reshape(self.values.channels[0].shape)
        return state_of(flat, self.fidelity, self.border(length))

    def begun(self, length: float) -> State:
        """Return the state of the start."""
        heat = self.border(length).heat(self.start, self.fidelity.phases)
        return State(self.start, self.first, heat)

    def beginnings(self, length: float) -> Iterator[State]:
        """Make the states of the start and of labels by what is more than the mean around."""
        yield self.begun(length)
        for scale in self.around:
            planes = np.stack([p - self.values.surroundings(p, scale) for p in self.values.planes])
            points = planes.reshape(len(planes), -1).T.astype(np.float64)
            centres = split(points[:: -(-len(points) // _SAMPLE)], self.fidelity.phases)
            yield self.state(nearest_centre(planes, centres), length)


def constant(values: Values, phases: int) -> Fidelity:
    """Return the fidelity of one value a phase, the quick one for gray uint8."""
    return ConstantGray(values, phases) if values.gray else Constant(values, phases)


def by_value(values: Values, centres: Floats) -> Labels:
    """Give every pixel to the nearest centre.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> by_value(values, np.array([[0.0], [1.0]]))
    array([[0, 0, 1]], dtype=uint8)
    """
    if values.gray:
        table = np.asarray(values.table, np.float64)[:, np.newaxis]
        nearest = distances(table, centres).argmin(axis=1).astype(np.uint8)
        return np.asarray(cv2.LUT(values.channels[0], nearest), np.uint8)
    return nearest_centre(values.planes, centres)


def nearest_centre(planes: Planes, centres: Floats) -> Labels:
    """Return the number of the nearest centre for every pixel of some planes.

    Examples
    --------
    >>> nearest_centre(np.array([[[0.1, 0.8]]], np.float32), np.array([[0.0], [1.0]]))
    array([[0, 1]], dtype=uint8)
    """
    double = 2 * centres.astype(np.float32)
    squares = np.sum(centres**2, axis=1).astype(np.float32).reshape(-1, 1, 1)

    def costs(rows: slice) -> Planes:
        part = planes[:, rows]
        products = double @ part.reshape(len(part), -1)
        return squares - products.reshape(-1, *part.shape[1:])

    return cheapest(costs, len(centres), planes.shape[1:])


def descend(
    levels: Sequence[Level], length: float, prompt: Labels | None, steps: int, still: float
) -> list[Flow]:
    """Let labels flow level by level, from the coarsest to the first.

    The coarsest level flows from all its starts, and what has most phases, or as many and least
    energy, goes on. The first level begins by value alone where that is better, by the same rule,
    than what came from the coarser ones: what is too small for those is not lost. A prompt is
    halved as long as no phase is lost, and the flow begins there.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> level = Level(values, constant(values, 2), tau=2.0)
    >>> descend([level], 0.1, None, steps=9, still=0.0)[-1].state.labels
    array([[0, 0, 1]], dtype=uint8)
    """
    prompts = [] if prompt is None else _halvings(prompt, levels)
    last = (len(prompts) or len(levels)) - 1

    def flowed(level: Level, state: State) -> Flow:
        return flow(state, level.fidelity, level.border(length), steps, still)

    level = levels[last]
    given = [level.state(labels, length) for labels in prompts[-1:]]
    first = [flowed(level, state) for state in given or level.beginnings(length)]
    flows = [min(first, key=lambda each: _rank(each.state))]
    for n in reversed(range(last)):
        level, coarser = levels[n], flows[-1].state.labels.reshape(levels[n + 1].values.space)
        begin = level.state(labels_doubled(coarser, level.values.space), length)
        if n == 0 and prompt is None:
            begin = min(begin, level.begun(length), key=_rank)
        flows.append(flowed(level, begin))
    return flows


def finished(level: Level, flows: Sequence[Flow], length: float) -> Segmentation[FlowFacts]:
    """Return what a flow through levels came to at the finest one, and its facts.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> level = Level(values, constant(values, 2), tau=2.0)
    >>> finished(level, descend([level], 0.1, None, 9, 0.0), 0.1).facts.values
    ((4.5,), (255.0,))
    """
    labels, phases = flows[-1].state.labels, level.fidelity.phases
    facts = facts_of(level.values, labels, phases, [[each] for each in flows], length, level.tau)
    return Segmentation(labels.reshape(level.values.space), facts)


def facts_of(
    values: Values,
    labels: Labels,
    phases: int,
    flows: Sequence[Sequence[Flow]],
    length: float,
    tau: float,
) -> FlowFacts:
    """Return the facts of labels that came of flows: for each level, coarsest first, its stages.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> level = Level(values, constant(values, 2), tau=2.0)
    >>> flows = descend([level], 0.1, None, 9, 0.0)
    >>> facts_of(values, flows[-1].state.labels, 2, [flows], 0.1, 2.0).pixels
    (2, 1)
    """
    last = flows[-1][-1]
    pixels, sums = values.sums(labels, phases, raw=True)
    means = (sums / np.maximum(pixels, 1)[:, np.newaxis]).tolist()
    return FlowFacts(
        values=tuple(tuple(m) if n else None for m, n in zip(means, pixels, strict=True)),
        pixels=tuple(int(n) for n in pixels),
        energies=last.energies,
        iterations=len(last.energies) - 1,
        converged=last.converged,
        dead=tuple(np.flatnonzero(pixels == 0).tolist()),
        length=float(length),
        tau=float(tau),
        levels=tuple(sum(len(each.energies) - 1 for each in stages) for stages in flows),
    )


def _halvings(prompt: Labels, levels: Sequence[Level]) -> list[Labels]:
    phases = levels[0].fidelity.phases
    halvings = [prompt]
    while len(halvings) < len(levels):
        half = labels_halved(halvings[-1], phases)
        if len(np.unique(half)) < phases:
            break
        halvings.append(half)
    return halvings


def _rank(state: State) -> tuple[int, float]:
    return state.model.dead, state.energy

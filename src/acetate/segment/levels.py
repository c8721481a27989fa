"""One resolution of a heat flow: its values, what phases look like there, and where to start."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from acetate.segment.affine import Constant
from acetate.segment.border import Border, cheapest
from acetate.segment.flow import Fidelity, Flow, State, flow, state_of
from acetate.segment.pyramid import labels_doubled, labels_halved
from acetate.segment.split import distances, split
from acetate.segment.tabled import ConstantGray
from acetate.segment.values import Floats, Labels, Plane, Values

# Points that tell which values there are.
_SAMPLE = 4096

@dataclass(frozen=True)
class Level:
    """A picture at one resolution.

    Parameters
    ----------
    values : Values
        The picture.
    fidelity : Fidelity
        What phases look like.
    border : Border
        What border costs.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> Level(values, constant(values, 2), Border(0.1, 2.0, (1, 3))).start
    array([[0, 0, 1]], dtype=uint8)
    """

    values: Values
    fidelity: Fidelity
    border: Border

    @cached_property
    def start(self) -> Labels:
        """Labels by value alone."""
        centres = split(self.values.sample(_SAMPLE), self.fidelity.phases)
        return by_value(self.values, centres)

    def state(self, labels: Labels) -> State:
        """Return the state of labels ``space``."""
        return state_of(labels.reshape(self.values.channels[0].shape), self.fidelity, self.border)


def constant(values: Values, phases: int) -> Fidelity:
    """Return the fidelity of one value a phase, the quick one for gray uint8."""
    gray = values.table is not None and len(values.channels) == 1
    return ConstantGray(values, phases) if gray else Constant(values, phases)


def by_value(values: Values, centres: Floats) -> Labels:
    """Give every pixel to the nearest centre.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> by_value(values, np.array([[0.0], [1.0]]))
    array([[0, 0, 1]], dtype=uint8)
    """
    if values.table is not None and len(values.channels) == 1:
        nearest = distances(values.table[:, np.newaxis].astype(np.float64), centres).argmin(axis=1)
        return np.asarray(cv2.LUT(values.channels[0], nearest.astype(np.uint8)))
    return nearest_centre(values.planes, centres)


def nearest_centre(planes: Sequence[Plane], centres: Floats) -> Labels:
    """Return the number of the nearest centre for every pixel of some planes.

    Examples
    --------
    >>> nearest_centre([np.array([[0.1, 0.8]], np.float32)], np.array([[0.0], [1.0]]))
    array([[0, 1]], dtype=uint8)
    """
    double, squares = 2 * centres.astype(np.float32), np.sum(centres**2, axis=1, dtype=np.float32)

    def cost(k: int, rows: slice) -> Plane:
        nearness = sum(c * plane[rows] for c, plane in zip(double[k], planes, strict=True))
        return squares[k] - nearness

    return cheapest(cost, len(centres), planes[0].shape)


def descend(
    levels: Sequence[Level], prompt: Labels | None, steps: int, still: float
) -> list[Flow]:
    """Let labels flow level by level, from the coarsest to the first.

    Without a prompt, each level begins with what the coarser one came to, or by value alone,
    whichever has more phases, or else less energy. A prompt is halved as long as no phase is lost,
    and the flow begins there.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> level = Level(values, constant(values, 2), Border(0.1, 2.0, (1, 3)))
    >>> descend([level], None, steps=9, still=0.0)[-1].state.labels
    array([[0, 0, 1]], dtype=uint8)
    """
    prompts = [] if prompt is None else _halvings(prompt, levels)
    flows: list[Flow] = []
    for n in reversed(range(len(prompts) or len(levels))):
        level = levels[n]
        begins = [level.start] if prompt is None else []
        if flows:
            coarser = flows[-1].state.labels.reshape(levels[n + 1].values.space)
            begins.append(labels_doubled(coarser, level.values.space))
        elif prompts:
            begins.append(prompts[n])
        begin = min((level.state(labels) for labels in begins), key=_rank)
        flows.append(flow(begin, level.fidelity, level.border, steps, still))
    return flows


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
    return sum(not mask.any() for mask in state.heat.masks), state.energy

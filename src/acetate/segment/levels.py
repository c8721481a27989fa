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
from acetate.segment.values import Floats, Labels, Planes, Values

# Points that tell which values there are.
_SAMPLE = 2048

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

    @cached_property
    def start(self) -> Labels:
        """Labels by value alone."""
        centres = split(self.values.sample(_SAMPLE), self.fidelity.phases)
        return by_value(self.values, centres)

    def border(self, length: float) -> Border:
        """Return what border costs, for a length in pixels of the finest level."""
        values = self.values
        return Border(length / self.coarseness, self.tau, values.space, values.spacing)

    def state(self, labels: Labels, length: float) -> State:
        """Return the state of labels, laid out as ``space`` or as rows and columns."""
        flat = labels.reshape(self.values.channels[0].shape)
        return state_of(flat, self.fidelity, self.border(length))


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
        table = values.table.astype(np.float64)[:, np.newaxis]
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

    The coarsest level begins by value alone. So does the first where that has more phases than
    what came from the coarser ones, or as many and less energy: what is too small for those is not
    lost. A prompt is halved as long as no phase is lost, and the flow begins there.

    Examples
    --------
    >>> values = Values(np.array([[[0], [9], [255]]], np.uint8), "none")
    >>> level = Level(values, constant(values, 2), tau=2.0)
    >>> descend([level], 0.1, None, steps=9, still=0.0)[-1].state.labels
    array([[0, 0, 1]], dtype=uint8)
    """
    prompts = [] if prompt is None else _halvings(prompt, levels)
    flows: list[Flow] = []
    for n in reversed(range(len(prompts) or len(levels))):
        level = levels[n]
        begins = [level.start] if prompt is None and (n == 0 or not flows) else []
        if flows:
            coarser = flows[-1].state.labels.reshape(levels[n + 1].values.space)
            begins.append(labels_doubled(coarser, level.values.space))
        elif prompts:
            begins.append(prompts[n])
        begin = min((level.state(labels, length) for labels in begins), key=_rank)
        flows.append(flow(begin, level.fidelity, level.border(length), steps, still))
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
    return sum(not inside.any() for inside in state.heat.inside), state.energy

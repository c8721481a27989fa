"""The heat flow as a solver: threshold dynamics with the costs of a random field."""

from dataclasses import dataclass

import cv2
import numpy as np

from acetate.heat import diffuse
from acetate.segment.flow.border import Border, Heat
from acetate.segment.flow.steps import flow, state_of
from acetate.segment.random_field.potts import Costs, Labels, PottsField, least_of
from acetate.segment.random_field.solved import Solved

# Time of the heat in squared pixels: a blur by one pixel. With more, single pixels of noise, which
# the field charges for all their neighbours, would cost too little.
_TIME = 0.5
# Times over which costs are evened out to begin with: the better end is taken.
_STARTS = (2.0, 8.0)
_ROUGH = 0.15
_MOST_STEPS = 100
# Stop when no more than this part of the pixels moves.
_STILL = 1e-4


@dataclass(frozen=True)
class GivenCosts:
    """Phases that cost what is given, whatever the labels: fidelity and model at once.

    Parameters
    ----------
    each : numpy.ndarray
        ``(phases, H, W)`` float32.
    energy : float
        The sum over all pixels of what each costs in its own phase.

    Examples
    --------
    >>> costs = np.array([[[0.0, 5.0]], [[1.0, 2.0]]], np.float32)
    >>> GivenCosts(costs).fit(np.array([[0, 1]], np.uint8)).energy
    2.0
    """

    each: Costs
    energy: float = 0.0

    @property
    def phases(self) -> int:
        """How many there are."""
        return len(self.each)

    @property
    def dead(self) -> int:
        """How many phases no pixel can have: none."""
        return 0

    def fit(self, labels: Labels, before: object = None) -> "GivenCosts":  # noqa: ARG002
        """Add up what labels cost."""
        parts = [cv2.copyTo(self.each[k], labels == k) for k in range(self.phases)]
        return GivenCosts(self.each, float(sum(cv2.sumElems(part)[0] for part in parts)))

    def assign(self, heat: Heat) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        return heat.cheapest(lambda rows: self.each[:, rows].copy())


def threshold_dynamics(field: PottsField, start: Labels | None = None) -> Solved:
    """Let the phases flow by heat and their costs.

    Parameters
    ----------
    field : PottsField
        The energy. Here a border costs its length, whichever neighbours the field has.
    start : numpy.ndarray or None
        ``(H, W)`` labels to begin with; None lets heat even the costs out first.

    Returns
    -------
    Solved
        With the energy of the field, not that of the heat.

    Raises
    ------
    TypeError, ValueError
        If the start is none of the field's.

    Notes
    -----
    Lowers the heat content of Esedoglu and Otto (2015): see `acetate.segment.HeatFlow`.

    Examples
    --------
    >>> field = PottsField(np.array([[[0, 1.0, 0]], [[1, 0, 1]]]), 1.0)
    >>> threshold_dynamics(field).labels
    array([[0, 0, 0]], dtype=uint8)
    """
    if start is not None:
        return _flowed(field, field.check(start))
    return min((_flowed(field, _even(field, t)) for t in _STARTS), key=lambda end: end.energy)


def _flowed(field: PottsField, labels: Labels) -> Solved:
    costs, border = GivenCosts(field.relative), Border(field.smoothness / 2, _TIME, field.space)
    flowed = flow(state_of(labels, costs, border), costs, border, _MOST_STEPS, _STILL)
    labels = flowed.state.labels
    return Solved(labels, field.energy(labels), len(flowed.energies) - 1, flowed.converged)


def _even(field: PottsField, time: float) -> Labels:
    """Return the phase that costs least around every pixel."""
    extra = np.zeros_like(field.relative)
    for k in range(1, field.phases):
        extra[k] = diffuse(field.relative[k] - field.relative[0], time, tolerance=_ROUGH)
    return least_of(extra)

"""Threshold dynamics: fit the phases, let their indicators flow, give pixels to the cheapest."""

from dataclasses import dataclass
from typing import Any, Protocol

import cv2

from acetate.segment.flow.border import Heat
from acetate.segment.flow.values import Labels


class Model(Protocol):
    """Phases fitted to labels."""

    @property
    def energy(self) -> float:
        """The sum over all pixels of what each costs in its own phase."""

    @property
    def dead(self) -> int:
        """How many phases have no pixels."""

    def assign(self, heat: Heat) -> Labels:
        """Give every pixel to the phase with the least cost minus gain from heat."""


class Fidelity(Protocol):
    """What phases look like.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.segment.flow.affine import Constant
    >>> from acetate.segment.flow.values import Values
    >>> fidelity: Fidelity = Constant(Values(np.zeros((2, 2, 1)), "none"), 2)
    """

    @property
    def phases(self) -> int:
        """How many there are."""

    def fit(self, labels: Labels, before: Any = None) -> Model:
        """Fit the phases to labels, from where the fit before ended."""


class Borders(Protocol):
    """What border costs, as `acetate.segment.flow.border.Border` says it."""

    def heat(self, labels: Labels, phases: int) -> Heat:
        """Let the indicators of the phases flow."""


@dataclass(frozen=True)
class State:
    """Labels, with the phases that fit them and their heat.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(rows, columns)`` uint8.
    model : Model
        The fitted phases.
    heat : Heat
        Of the indicators.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.segment.flow.affine import Constant
    >>> from acetate.segment.flow.border import Border
    >>> from acetate.segment.flow.values import Values
    >>> fidelity = Constant(Values(np.array([[[0.0], [1.0]]]), "none"), 2)
    >>> state_of(np.array([[0, 1]], np.uint8), fidelity, Border(0.0, 1.0, (1, 2))).energy
    0.0
    """

    labels: Labels
    model: Model
    heat: Heat

    @property
    def energy(self) -> float:
        """What the flow lowers."""
        return self.model.energy + self.heat.energy


def state_of(
    labels: Labels, fidelity: Fidelity, border: Borders, before: Model | None = None
) -> State:
    """Return the state that belongs to labels."""
    return State(labels, fidelity.fit(labels, before), border.heat(labels, fidelity.phases))


@dataclass(frozen=True)
class Flow:
    """Where a flow came to, and how.

    Parameters
    ----------
    state : State
        The last.
    energies : tuple of float
        Of the first state, and after every step; each below the one before.
    converged : bool
        Whether it stopped by itself.
    """

    state: State
    energies: tuple[float, ...]
    converged: bool


def flow(start: State, fidelity: Fidelity, border: Borders, steps: int, still: float) -> Flow:
    """Take steps until nothing changes any more.

    Parameters
    ----------
    start : State
        Where to begin.
    fidelity, border : Fidelity, Borders
        What makes the energy.
    steps : int
        At most so many.
    still : float
        The part of the pixels of which a change counts as none.

    Notes
    -----
    With indicators in 8 bits the heat is rounded, and a step may raise the energy by a few parts
    in a million: such a step is not taken, and ends the flow.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.segment.flow.affine import Constant
    >>> from acetate.segment.flow.border import Border
    >>> from acetate.segment.flow.values import Values
    >>> fidelity = Constant(Values(np.array([[[0.1], [0.0], [0.8], [0.9]]]), "none"), 2)
    >>> border = Border(0.001, 2.0, (1, 4))
    >>> begin = state_of(np.array([[0, 1, 1, 1]], np.uint8), fidelity, border)
    >>> flow(begin, fidelity, border, steps=10, still=0.0).state.labels
    array([[0, 0, 1, 1]], dtype=uint8)
    """
    state, energies = start, [start.energy]
    for _ in range(steps):
        labels = state.model.assign(state.heat)
        moved = cv2.countNonZero(cv2.compare(labels, state.labels, cv2.CMP_NE))
        if moved == 0:
            return Flow(state, tuple(energies), True)
        after = state_of(labels, fidelity, border, state.model)
        if after.energy >= state.energy:
            return Flow(state, tuple(energies), True)
        state = after
        energies.append(state.energy)
        if moved <= still * labels.size:
            return Flow(state, tuple(energies), True)
    return Flow(state, tuple(energies), False)

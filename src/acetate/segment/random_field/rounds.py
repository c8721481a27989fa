"""Rounds of a random field: fit the phases, solve the field, and again, until labels rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from acetate.segment.random_field.potts import Labels, PottsField
from acetate.segment.random_field.solved import Solved
from acetate.segment.random_field.solvers import Solver, max_flow

# A round that changes no more than this part of the pixels is the last.
_STILL = 0.001


@dataclass(frozen=True)
class Rounds:
    """Where the rounds came to.

    Parameters
    ----------
    field : PottsField
        The last, of the phases that were left before the last round.
    solved : Solved
        Its labels.
    names : numpy.ndarray
        The number that each of these phases began with.
    energies : tuple of float
        After every round.
    settled : bool
        Whether one more round would have changed next to nothing, or raised the energy.
    """

    field: PottsField
    solved: Solved
    names: NDArray[np.uint8]
    energies: tuple[float, ...]
    settled: bool


def run_rounds(
    labels: Labels, fit: Callable[[Labels], PottsField], solver: Solver, most: int
) -> Rounds:
    """Fit and solve at most so often; phases without pixels are left out on the way.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` uint8: the phases to fit first.
    fit : callable
        The field that belongs to labels, which are numbered without gaps.
    solver : Solver
        Begins where the round before ended; in the first with the labels and, unless that is no
        matter, where the field says: the lower energy is taken.
    most : int
        At least 1.

    Examples
    --------
    >>> from acetate.segment.random_field.solvers import icm
    >>> costs = np.array([[[0, 1.0, 0]], [[1, 0, 1]]])
    >>> labels = np.array([[0, 1, 0]], np.uint8)
    >>> rounds = run_rounds(labels, lambda _: PottsField(costs, 0.1), icm, 5)
    >>> rounds.solved.labels, rounds.settled
    (array([[0, 1, 0]], dtype=uint8), True)
    """
    # What begins with noise stays near it, and so does what begins with labels that are coarse.
    both = (False,) if solver is max_flow else (False, True)
    rounds = min(
        (_round(labels, np.arange(256, dtype=np.uint8), fit, solver, free) for free in both),
        key=lambda each: each.solved.energy,
    )
    while not rounds.settled and len(rounds.energies) < most:
        after = _round(rounds.solved.labels, rounds.names, fit, solver)
        if after.solved.energy > rounds.solved.energy:
            return replace(rounds, settled=True)
        rounds = replace(after, energies=rounds.energies + after.energies)
    return rounds


def _round(
    labels: Labels,
    names: NDArray[np.uint8],
    fit: Callable[[Labels], PottsField],
    solver: Solver,
    free: bool = False,
) -> Rounds:
    """Fit and solve once, from the labels or, if it is free, from where the field says."""
    used, numbers = compressed(labels)
    field = fit(numbers)
    solved = solver(field, None if free else numbers)
    settled = bool(np.mean(solved.labels != numbers) <= _STILL)
    return Rounds(field, solved, names[used], (solved.energy,), settled)


def compressed(labels: Labels) -> tuple[NDArray[np.intp], Labels]:
    """Return the numbers that are used, and labels with these numbered from 0 without gaps.

    Examples
    --------
    >>> compressed(np.array([[5, 2, 5]], np.uint8))
    (array([2, 5]), array([[1, 0, 1]], dtype=uint8))
    """
    used = np.flatnonzero(np.bincount(labels.ravel(), minlength=256))
    table = np.zeros(256, np.uint8)
    table[used] = np.arange(len(used))
    return used, table[labels]

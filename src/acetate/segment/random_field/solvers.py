"""Solvers of one Potts energy: modes one by one, the exact cut, heat, and the mean field."""

from collections.abc import Callable

import numpy as np

from acetate.names import nearest
from acetate.segment.random_field.mean_field import mean_field
from acetate.segment.random_field.potts import Labels, PottsField
from acetate.segment.random_field.solved import Solved
from acetate.segment.random_field.threshold_dynamics import threshold_dynamics

_MOST_SWEEPS = 1000


def icm(field: PottsField, start: Labels | None = None) -> Solved:
    """Give every pixel in turn its best phase among its neighbours, until none changes.

    Parameters
    ----------
    field : PottsField
        The energy.
    start : numpy.ndarray or None
        ``(H, W)`` labels to begin with; None takes the phase that costs least at each pixel.

    Returns
    -------
    Solved
        A minimum that no single pixel can lower: iterated conditional modes (Besag 1986).

    Raises
    ------
    TypeError, ValueError
        If the start is none of the field's.

    Examples
    --------
    >>> field = PottsField(np.array([[[0, 1.0, 0]], [[1, 0, 1]]]), 0.8, connectivity=4)
    >>> icm(field).labels
    array([[0, 0, 0]], dtype=uint8)
    """
    from acetate.segment.random_field.local_loops import sweep

    labels, stirred = _begin(field, start), np.ones(field.space, np.bool_)
    for turn in range(1, _MOST_SWEEPS + 1):
        if sweep(field.units, field.weights, labels, stirred) == 0:
            return Solved(labels, field.energy(labels), turn, True)
    return Solved(labels, field.energy(labels), _MOST_SWEEPS, False)


def max_flow(field: PottsField, start: Labels | None = None) -> Solved:
    """Find the least energy: exactly for two phases, by expansions for more.

    Parameters
    ----------
    field : PottsField
        The energy.
    start : numpy.ndarray or None
        ``(H, W)`` labels to begin with, for more than two phases; None takes the phase that costs
        least at each pixel.

    Returns
    -------
    Solved
        For two phases the least energy there is, as the cut of a network (Greig, Porteous and
        Seheult 1989) by the maximum flow of Boykov and Kolmogorov (2004). For more, labels that no
        growth of one phase can improve: at most twice the least energy (Boykov, Veksler and Zabih
        2001), in practice within a per cent.

    Raises
    ------
    TypeError, ValueError
        If the start is none of the field's.

    Examples
    --------
    >>> field = PottsField(np.array([[[0, 1.0, 1, 0]], [[1, 0, 0, 1]]]), 1.5, connectivity=4)
    >>> solved = max_flow(field)
    >>> solved.labels, solved.energy
    (array([[0, 0, 0, 0]], dtype=uint8), 2.0)
    """
    from acetate.segment.random_field.expansion_loops import empty_grid, expand

    height, width = field.space
    grid = empty_grid(height, width, field.connectivity == 8)
    if field.phases == 2:
        labels = np.zeros(field.space, np.uint8)
        expand(grid, field.units, field.weights, labels, 1)
        return Solved(labels, field.energy(labels), 1, True)
    labels = _begin(field, start)
    least, idle, phase, turns = sum(field.total(labels)), 0, 0, 0
    while idle < field.phases:
        tried = labels.copy()
        expand(grid, field.units, field.weights, tried, phase)
        total = sum(field.total(tried))
        idle = 0 if total < least else idle + 1
        if total < least:
            labels, least = tried, total
        phase, turns = (phase + 1) % field.phases, turns + 1
    return Solved(labels, field.in_costs(least), turns, True)


def _begin(field: PottsField, start: Labels | None) -> Labels:
    return field.cheapest if start is None else field.check(start).copy()


Solver = Callable[[PottsField, Labels | None], Solved]

SOLVERS: dict[str, Solver] = {
    "max-flow": max_flow,
    "icm": icm,
    "heat": threshold_dynamics,
    "mean-field": mean_field,
}


def solver_named(name: str) -> Solver:
    """Return a solver by its name.

    Raises
    ------
    ValueError
        If there is none of that name; the error says which there are.

    Examples
    --------
    >>> solver_named("icm") is icm
    True
    """
    if name not in SOLVERS:
        raise ValueError(
            f"solver is one of {', '.join(SOLVERS)}, got {name!r}; the nearest is "
            f"{nearest(name, SOLVERS)!r}"
        )
    return SOLVERS[name]

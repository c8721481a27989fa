"""What a random field tells about itself beside its labels."""

from collections.abc import Iterable
from dataclasses import dataclass

from acetate.segment.random_field.rounds import Rounds
from acetate.segment.segmentation import Value


@dataclass(frozen=True)
class FieldFacts:
    """What a random field found on the way; plain numbers throughout.

    Parameters
    ----------
    energy : float
        Of the labels: `data` and `border` together, in units of minus the logarithm of a
        probability (for a density, up to a constant).
    data, border : float
        What all pixels cost in their phases, and all borders.
    energies : tuple of float
        After every round of fitting and solving; phases differ from round to round.
    values : tuple
        The mean colour of each phase in units of the picture; None for a phase without pixels.
    pixels : tuple of int
        How many each has.
    rounds : int
        How often phases were fitted.
    iterations : int
        Sweeps, expansions or steps of the solver in the last round.
    converged : bool
        Whether the solver, and the rounds, stopped by themselves.

    Examples
    --------
    >>> FieldFacts(3.0, 2.0, 1.0, (3.0,), ((0.0,), None), (4, 0), 1, 1, True).border
    1.0
    """

    energy: float
    data: float
    border: float
    energies: tuple[float, ...]
    values: tuple[Value | None, ...]
    pixels: tuple[int, ...]
    rounds: int
    iterations: int
    converged: bool


def facts_of(rounds: Rounds, values: tuple[Value | None, ...], pixels: Iterable[int]) -> FieldFacts:
    """Return the facts of rounds, whose phases have these values and so many pixels."""
    data, border = rounds.field.parts(rounds.solved.labels)
    return FieldFacts(
        energy=rounds.solved.energy,
        data=data,
        border=border,
        energies=rounds.energies,
        values=values,
        pixels=tuple(int(n) for n in pixels),
        rounds=len(rounds.energies),
        iterations=rounds.solved.iterations,
        converged=rounds.solved.converged and rounds.settled,
    )

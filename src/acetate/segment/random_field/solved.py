"""What a solver of a random field returns."""

from dataclasses import dataclass

from acetate.segment.random_field.potts import Labels


@dataclass(frozen=True)
class Solved:
    """Labels and their energy.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` uint8.
    energy : float
        As `PottsField.energy`, whatever the solver lowers itself.
    iterations : int
        Sweeps, expansions or steps.
    converged : bool
        Whether it stopped by itself.

    Examples
    --------
    >>> import numpy as np
    >>> Solved(np.zeros((1, 2), np.uint8), 1.5, 1, True).energy
    1.5
    """

    labels: Labels
    energy: float
    iterations: int
    converged: bool

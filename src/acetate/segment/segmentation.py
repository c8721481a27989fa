"""What a segmentation method returns: labels, and the facts of how they came about."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Value = tuple[float, ...]


@dataclass(frozen=True)
class FlowFacts:
    """What a heat flow found on the way; plain numbers throughout.

    Parameters
    ----------
    values : tuple
        For each phase the mean of its pixels in units of the picture, a number per channel; None
        for a phase that died out.
    pixels : tuple of int
        How many each phase has.
    energies : tuple of float
        The energy at the start of the finest level and after each of its steps, each below the
        one before. Coarser levels have other energies, and leave none here.
    iterations : int
        Steps at the finest level.
    converged : bool
        Whether the finest level stopped by itself.
    dead : tuple of int
        The phases without pixels.
    length : float
        The weight lambda of the border that was used.
    tau : float
        The time of the heat at the finest level, in squared pixels.
    levels : tuple of int
        Steps at each level, the coarsest first.

    Examples
    --------
    >>> FlowFacts(((0.0,), None), (4, 0), (1.0,), 0, True, (1,), 0.1, 2.0, (0,)).dead
    (1,)
    """

    values: tuple[Value | None, ...]
    pixels: tuple[int, ...]
    energies: tuple[float, ...]
    iterations: int
    converged: bool
    dead: tuple[int, ...]
    length: float
    tau: float
    levels: tuple[int, ...]


@dataclass(frozen=True)
class Segmentation:
    """Labels of a picture or volume, and how they came about.

    Parameters
    ----------
    labels : numpy.ndarray
        The picture's shape without channels, uint8; 0 is the background.
    facts : FlowFacts
        Energies, values of the phases and the like.

    Examples
    --------
    >>> facts = FlowFacts(((0.0,), (9.0,)), (1, 1), (1.0,), 0, True, (), 0.1, 2.0, (0,))
    >>> Segmentation(np.array([[0, 1]], np.uint8), facts).mask
    array([[False,  True]])
    """

    labels: NDArray[np.uint8]
    facts: FlowFacts

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where there is no background."""
        return self.labels > 0

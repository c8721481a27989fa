"""What a segmentation method returns: labels, and the facts of how they came about."""

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Value = tuple[float, ...]
Labels = NDArray[np.integer[Any]]
Facts = TypeVar("Facts", covariant=True)


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
class Segmentation(Generic[Facts]):
    """Labels of a picture or volume, and how they came about.

    Parameters
    ----------
    labels : numpy.ndarray
        The picture's shape without channels, integers; 0 is the background.
    facts : dataclass
        What the method found on the way, plain numbers throughout: thresholds, energies, values
        of the phases and the like.

    Examples
    --------
    >>> facts = FlowFacts(((0.0,), (9.0,)), (1, 1), (1.0,), 0, True, (), 0.1, 2.0, (0,))
    >>> Segmentation(np.array([[0, 1]], np.uint8), facts).mask
    array([[False,  True]])
    """

    labels: Labels
    facts: Facts

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where there is no background."""
        return self.labels > 0


def by_brightness(found: Segmentation[FlowFacts], bright: bool) -> Segmentation[FlowFacts]:
    """Return the same, numbered from dark to bright or the other way, dead phases last.

    Examples
    --------
    >>> facts = FlowFacts(((9.0,), (0.0,)), (1, 1), (1.0,), 0, True, (), 0.1, 2.0, (0,))
    >>> by_brightness(Segmentation(np.array([[0, 1]], np.uint8), facts), bright=True).labels
    array([[1, 0]], dtype=uint8)
    """
    facts = found.facts
    shades = [np.inf if v is None else sum(v) * (1 if bright else -1) for v in facts.values]
    order = np.argsort(shades, kind="stable").tolist()
    table = np.zeros(256, np.uint8)
    table[order] = np.arange(len(order))
    alive = len(order) - len(facts.dead)
    ordered = replace(
        facts,
        values=tuple(facts.values[k] for k in order),
        pixels=tuple(facts.pixels[k] for k in order),
        dead=tuple(range(alive, len(order))),
    )
    flat = found.labels.reshape(len(found.labels), -1)
    numbers = np.asarray(cv2.LUT(flat, table), np.uint8)
    return Segmentation(numbers.reshape(found.labels.shape), ordered)

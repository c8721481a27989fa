"""What a segmentation method returns: labels, and the facts of how they came about."""

from collections.abc import Sequence
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


def renumbered(
    shades: Sequence[float | None], bright: bool
) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Return how phases are numbered from dark to bright or the other way, those without last.

    Parameters
    ----------
    shades : sequence of float or None
        How bright each phase is; None if it has no pixels.
    bright : bool
        From dark to bright, not from bright to dark. Of equals the first stays the first.

    Returns
    -------
    numpy.ndarray
        The old numbers in their new order.
    numpy.ndarray
        ``(256,)`` uint8: a table from old numbers to new ones.

    Examples
    --------
    >>> order, table = renumbered([9.0, None, 4.0], bright=True)
    >>> order, table[:3]
    (array([2, 0, 1]), array([1, 2, 0], dtype=uint8))
    """
    keys = [np.inf if shade is None else shade * (1 if bright else -1) for shade in shades]
    order = np.argsort(keys, kind="stable")
    table = np.zeros(256, np.uint8)
    table[order] = np.arange(len(order))
    return order, table


def by_brightness(found: Segmentation[FlowFacts], bright: bool) -> Segmentation[FlowFacts]:
    """Return the same, numbered from dark to bright or the other way, dead phases last.

    Examples
    --------
    >>> facts = FlowFacts(((9.0,), (0.0,)), (1, 1), (1.0,), 0, True, (), 0.1, 2.0, (0,))
    >>> by_brightness(Segmentation(np.array([[0, 1]], np.uint8), facts), bright=True).labels
    array([[1, 0]], dtype=uint8)
    """
    facts = found.facts
    ranks, table = renumbered([None if v is None else sum(v) for v in facts.values], bright)
    order, alive = ranks.tolist(), len(ranks) - len(facts.dead)
    ordered = replace(
        facts,
        values=tuple(facts.values[k] for k in order),
        pixels=tuple(facts.pixels[k] for k in order),
        dead=tuple(range(alive, len(order))),
    )
    flat = found.labels.reshape(len(found.labels), -1)
    numbers = np.asarray(cv2.LUT(flat, table), np.uint8)
    return Segmentation(numbers.reshape(found.labels.shape), ordered)

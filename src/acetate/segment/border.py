"""The border between phases: its heat, what that costs, and the cheapest phase of every pixel."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from acetate.arrays import Shape
from acetate.heat import diffuse
from acetate.segment.values import Labels, Planes

# An indicator in uint8. Not 255: a pixel that no heat makes part of a phase needs a step above.
WHOLE = 254
# For each axis. It leaves room for two boxes: positive semidefinite, and the quickest.
_TOLERANCE = 0.08
# So many float32 stay in the cache.
_STRIP = 2**17

Costs = Callable[[slice], Planes]


@dataclass(frozen=True)
class Border:
    """What border costs: ``length * sqrt(pi / tau) * sum_k int u_k (1 - G_tau * u_k)``.

    Parameters
    ----------
    length : float
        The weight lambda: a pixel of border costs twice this, once for either side.
    tau : float
        Time of the heat, in squared pixels.
    space : tuple of int
        The shape of the picture or volume.
    spacing : float
        From one slice of a volume to the next, in pixels.

    Examples
    --------
    >>> Border(1.0, 2.0, (1, 4)).heat(np.array([[0, 0, 1, 1]], np.uint8), 2).energy.round(2)
    np.float64(1.5)
    """

    length: float
    tau: float
    space: Shape
    spacing: float = 1.0

    @property
    def weight(self) -> float:
        """What a whole indicator weighs in the energy."""
        return self.length * float(np.sqrt(np.pi / self.tau))

    def heat(self, labels: Labels, phases: int) -> "Heat":
        """Let the indicator of every phase flow."""
        inside = np.empty((phases, *labels.shape), np.uint8)
        warmth = np.empty_like(inside)
        for k in range(phases):
            np.multiply((labels == k).view(np.uint8), np.uint8(WHOLE), out=inside[k])
        # Heat of two together is constant: one tells the other.
        for k in range(1 if phases == 2 else 0, phases):
            warmth[k] = self._flowed(inside[k])
        if phases == 2:
            np.subtract(np.uint8(WHOLE), warmth[1], out=warmth[0])
        return Heat(warmth, inside, self.weight)

    def _flowed(self, inside: Labels) -> Labels:
        dimensions = len(self.space)
        spacing = (self.spacing, 1.0, 1.0) if dimensions == 3 else 1.0
        flowed = diffuse(
            inside.reshape(self.space),
            self.tau,
            spacing=spacing,
            dimensions=dimensions,
            tolerance=_TOLERANCE * dimensions,
        )
        return flowed.reshape(inside.shape)


@dataclass(frozen=True)
class Heat:
    """The heat of every phase, and the energy of the border.

    Parameters
    ----------
    warmth : numpy.ndarray
        ``(phases, rows, columns)`` uint8 from 0 to `WHOLE`.
    inside : numpy.ndarray
        The same before heat flowed: `WHOLE` inside each phase.
    weight : float
        As `Border.weight`.

    Examples
    --------
    >>> inside = np.full((1, 1, 3), WHOLE, np.uint8)
    >>> Heat(inside, inside, 1.0).energy
    0.0
    """

    warmth: Labels
    inside: Labels
    weight: float

    @cached_property
    def energy(self) -> float:
        """Heat that left its phase, weighed."""
        kept = sum(
            cv2.sumElems(cv2.copyTo(warmth, inside))[0]
            for warmth, inside in zip(self.warmth, self.inside, strict=True)
        )
        return self.weight * (self.warmth[0].size - kept / WHOLE)

    def cheapest(self, costs: Costs) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        saved = np.float32(2 * self.weight / WHOLE)
        phases, *shape = self.warmth.shape
        return cheapest(lambda rows: costs(rows) - saved * self.warmth[:, rows], phases, shape)


def cheapest(costs: Costs, phases: int, shape: Sequence[int]) -> Labels:
    """Return the phase that costs least, the first of equals, for every pixel.

    Parameters
    ----------
    costs : callable
        From a slice of rows to ``(phases, rows, columns)`` float32.
    phases : int
        How many there are.
    shape : sequence of int
        Rows and columns.

    Examples
    --------
    >>> costs = np.array([[[1, 5]], [[2, 3]]], np.float32)
    >>> cheapest(lambda rows: costs[:, rows], 2, (1, 2))
    array([[0, 1]], dtype=uint8)
    """
    labels = np.zeros(shape, np.uint8)
    for rows in strips(shape, phases):
        each = costs(rows)
        best, chosen = each[0], labels[rows]
        for k in range(1, phases):
            less = np.asarray(cv2.compare(each[k], best, cv2.CMP_LT))
            best = np.minimum(best, each[k])
            # Numbers grow: where this one is less, it is the largest so far.
            np.maximum(chosen, less & np.uint8(k), out=chosen)
    return labels


def strips(shape: Sequence[int], phases: int) -> Iterator[slice]:
    """Cut rows into slices of which the costs of all phases stay in the cache.

    Examples
    --------
    >>> [(s.start, s.stop) for s in strips((5, 2**15), 2)]
    [(0, 2), (2, 4), (4, 5)]
    """
    rows, columns = shape
    step = max(1, _STRIP // (columns * phases))
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))

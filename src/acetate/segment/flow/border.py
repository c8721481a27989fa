"""The border between phases: its heat, what that costs, and the cheapest phase of every pixel."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Shape
from acetate.heat import diffuse
from acetate.segment.flow.values import Labels, Planes

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
    >>> Border(1.0, 2.0, (1, 4)).heat(np.array([[0, 0, 1, 1]], np.uint8), 2).energy > 1
    True
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
        """Let the indicators of the phases flow."""
        if phases == 2:
            warmth, kept = self._flowed(labels == 1)
            # Of what phase 1 has lost, all is outside; of what phase 0 has lost, all is inside.
            lost = WHOLE * cv2.countNonZero(labels) + cv2.sumElems(warmth)[0] - 2 * kept
            return PairHeat(warmth, self.weight, self.weight * lost / WHOLE)
        flowed = [self._flowed(labels == k) for k in range(phases)]
        left = labels.size - sum(kept for _, kept in flowed) / WHOLE
        return PhaseHeat([warmth for warmth, _ in flowed], self.weight, self.weight * left)

    def _flowed(self, mask: NDArray[np.bool_]) -> tuple[Labels, float]:
        """Return the heat of a mask, and the sum of what is still inside."""
        dimensions = len(self.space)
        inside = mask.view(np.uint8) * np.uint8(WHOLE)
        warmth = diffuse(
            inside.reshape(self.space),
            self.tau,
            spacing=(self.spacing, 1.0, 1.0) if dimensions == 3 else 1.0,
            dimensions=dimensions,
            tolerance=_TOLERANCE * dimensions,
        ).reshape(mask.shape)
        return warmth, float(cv2.sumElems(cv2.copyTo(warmth, inside))[0])


class Heat(Protocol):
    """The heat of every phase."""

    @property
    def weight(self) -> float:
        """As `Border.weight`."""

    @property
    def energy(self) -> float:
        """Heat that left its phase, weighed."""

    def cheapest(self, costs: Costs) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""


@dataclass(frozen=True)
class PairHeat:
    """The heat of two phases: that of one tells the other, since both together are constant.

    Parameters
    ----------
    warmth : numpy.ndarray
        Of phase 1, ``(rows, columns)`` uint8 from 0 to `WHOLE`.
    weight : float
        As `Border.weight`.
    energy : float
        Heat that left its phase, weighed.

    Examples
    --------
    >>> warmth = np.array([[10, 250]], np.uint8)
    >>> PairHeat(warmth, 1.0, 0.0).cheapest(lambda rows: np.zeros((2, 1, 2), np.float32))
    array([[0, 1]], dtype=uint8)
    """

    warmth: Labels
    weight: float
    energy: float

    def cheapest(self, costs: Costs) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        saved = np.float32(4 * self.weight / WHOLE)

        def extra(rows: slice) -> Planes:
            first, second = costs(rows)
            return np.stack([first, second - saved * (self.warmth[rows] - np.float32(WHOLE / 2))])

        return cheapest(extra, 2, self.warmth.shape)


@dataclass(frozen=True)
class PhaseHeat:
    """The heat of any number of phases.

    Parameters
    ----------
    warmth : list of numpy.ndarray
        For each phase ``(rows, columns)`` uint8 from 0 to `WHOLE`.
    weight : float
        As `Border.weight`.
    energy : float
        Heat that left its phase, weighed.

    Examples
    --------
    >>> warmth = [np.array([[w]], np.uint8) for w in (10, 200, 44)]
    >>> PhaseHeat(warmth, 1.0, 0.0).cheapest(lambda rows: np.zeros((3, 1, 1), np.float32))
    array([[1]], dtype=uint8)
    """

    warmth: list[Labels]
    weight: float
    energy: float

    def cheapest(self, costs: Costs) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        saved = np.float32(2 * self.weight / WHOLE)

        def left(rows: slice) -> Planes:
            each = costs(rows)
            for cost, warmth in zip(each, self.warmth, strict=True):
                cost -= saved * warmth[rows]
            return each

        return cheapest(left, len(self.warmth), self.warmth[0].shape)


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

"""The border between phases: its heat, what that costs, and the cheapest phase of every pixel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape
from acetate.heat import diffuse
from acetate.segment.values import Labels, Plane

# An indicator in uint8. Not 255: a pixel that no heat makes part of a phase needs a step above.
WHOLE = 254
# Two boxes are within it at any time: positive semidefinite, and the quickest.
_TOLERANCE = 0.15
# Pixels at a time: the planes of a few phases stay in the cache.
_STRIP = 2**14

Cost = Callable[[int, slice], Plane]


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
        masks = [cv2.compare(labels, k, cv2.CMP_EQ) for k in range(phases)]
        if phases == 2:
            # Heat of both together is constant: one tells the other.
            one = self._flowed(masks[1])
            planes = (WHOLE - one, one)
        else:
            planes = tuple(self._flowed(mask) for mask in masks)
        return Heat(planes, masks, self.weight)

    def _flowed(self, mask: Array) -> NDArray[np.uint8]:
        dimensions = len(self.space)
        spacing = (self.spacing, *(1.0,) * (dimensions - 1)) if dimensions == 3 else 1.0
        body = cv2.bitwise_and(mask, WHOLE).reshape(self.space)
        flowed = diffuse(
            body, self.tau, spacing=spacing, dimensions=dimensions, tolerance=_TOLERANCE
        )
        return flowed.reshape(mask.shape)


@dataclass(frozen=True)
class Heat:
    """The heat of every phase, and the energy of the border.

    Parameters
    ----------
    planes : tuple of numpy.ndarray
        For each phase ``(rows, columns)`` uint8 from 0 to `WHOLE`.
    masks : list of numpy.ndarray
        Where each phase is, 255 inside.
    weight : float
        As `Border.weight`.

    Examples
    --------
    >>> mask = np.full((1, 3), 255, np.uint8)
    >>> Heat((mask - 1,), [mask], 1.0).energy
    0.0
    """

    planes: tuple[NDArray[np.uint8], ...]
    masks: list[Array]
    weight: float

    @cached_property
    def energy(self) -> float:
        """Heat that left its phase, weighed."""
        kept = sum(
            cv2.sumElems(cv2.bitwise_and(plane, mask))[0]
            for plane, mask in zip(self.planes, self.masks, strict=True)
        )
        return self.weight * (self.planes[0].size - kept / WHOLE)

    def gain(self, phase: int, rows: slice) -> Plane:
        """What a pixel of these rows saves by belonging to the phase."""
        factor = np.float32(2 * self.weight / WHOLE)
        return self.planes[phase][rows] * factor

    def cheapest(self, cost: Cost) -> Labels:
        """Give every pixel to the phase with the least cost minus gain."""
        return cheapest(
            lambda k, rows: cost(k, rows) - self.gain(k, rows),
            len(self.planes),
            self.planes[0].shape,
        )


def cheapest(cost: Cost, phases: int, shape: Shape) -> Labels:
    """Return the phase that costs least, the first of equals, for every pixel.

    Parameters
    ----------
    cost : callable
        From a phase and a slice of rows to ``(rows, columns)`` float32.
    phases : int
        How many there are.
    shape : tuple of int
        Rows and columns.

    Examples
    --------
    >>> costs = np.array([[[1, 5]], [[2, 3]]], np.float32)
    >>> cheapest(lambda k, rows: costs[k][rows], 2, (1, 2))
    array([[0, 1]], dtype=uint8)
    """
    labels = np.zeros(shape, np.uint8)
    for rows in strips(shape):
        best = cost(0, rows)
        chosen = labels[rows]
        for k in range(1, phases):
            other = cost(k, rows)
            less = cv2.compare(other, best, cv2.CMP_LT)
            np.copyto(chosen, (chosen & ~less) | (less & np.uint8(k)))
            best = cv2.min(best, other)
    return labels


def strips(shape: Shape) -> Iterator[slice]:
    """Cut rows into slices of about as many pixels as the cache holds.

    Examples
    --------
    >>> [(s.start, s.stop) for s in strips((5, 2**13))]
    [(0, 2), (2, 4), (4, 5)]
    """
    rows, columns = shape
    step = max(1, _STRIP // columns)
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))

"""Heat that edges hold back, and a border that therefore costs less where the picture has one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from acetate.segment.flow.border import Costs, cheapest
from acetate.segment.flow.values import Labels, Planes

# Even the sharpest edge lets so much of the heat through: costs without any border are a trap.
_LEAST_CONDUCTANCE = 0.01
_TINY = 1e-12

Step = Callable[[Planes], Planes]


@dataclass(frozen=True)
class Relief:
    """How much neighbouring pixels of a picture differ, in units of what is usual in it.

    Parameters
    ----------
    planes : numpy.ndarray
        ``(C, rows, columns)`` float32.

    Examples
    --------
    >>> relief = Relief(np.array([[[0.0, 1.0, 4.0]]], np.float32))
    >>> relief.usual, relief.right
    (5.0, array([[0.2, 1.8]], dtype=float32))
    """

    planes: Planes

    @cached_property
    def usual(self) -> float:
        """The mean square by which a pixel differs from the next one in its row or column."""
        parts = self.squares((0, 0), (0, 1)), self.squares((0, 0), (1, 0))
        return sum(float(p.sum()) for p in parts) / max(sum(p.size for p in parts), 1)

    @cached_property
    def right(self) -> Planes:
        """Squares from each pixel to the one on its right, in units of the usual."""
        return self.between((0, 0), (0, 1))

    @cached_property
    def below(self) -> Planes:
        """The same to the one below."""
        return self.between((0, 0), (1, 0))

    def between(self, one: tuple[int, int], other: tuple[int, int]) -> Planes:
        """Return squares between pixels at two offsets (down, right), in units of the usual."""
        return self.squares(one, other) / np.float32(self.usual + _TINY)

    def squares(self, one: tuple[int, int], other: tuple[int, int]) -> Planes:
        """Return the squared difference of pixels at two offsets (down, right)."""
        rows, columns = self.planes.shape[1:]
        down, right = max(one[0], other[0]), max(one[1], other[1])
        size = rows - down, columns - right
        total = np.zeros(size, np.float32)
        for plane in self.planes:
            first = plane[one[0] : one[0] + size[0], one[1] : one[1] + size[1]]
            apart = first - plane[other[0] : other[0] + size[0], other[1] : other[1] + size[1]]
            total += apart * apart
        return total


@dataclass(frozen=True)
class EdgeHeat:
    """The heat of a picture in which edges conduct badly.

    Half an implicit step along rows, a whole one along columns, half a one along rows (Strang
    1968): symmetric, no frequency negative, and what is constant stays.

    Parameters
    ----------
    relief : Relief
        Where edges are.
    tau : float
        Time, in squared pixels.
    contrast : float
        A step d in values conducts ``exp(-contrast * d**2 / 2)`` of what flat parts do, d in
        units of the usual one.

    References
    ----------
    .. [1] G. Strang, "On the construction and comparison of difference schemes", SIAM Journal on
       Numerical Analysis 5, 506-517, 1968.
    .. [2] P. Perona, J. Malik, "Scale-space and edge detection using anisotropic diffusion", IEEE
       Transactions on Pattern Analysis and Machine Intelligence 12, 629-639, 1990.

    Examples
    --------
    >>> heat = EdgeHeat(Relief(np.array([[[0, 0, 9, 9]]], np.float32)), 2.0, contrast=2.0)
    >>> heat.flowed(np.array([[0, 0, 1, 1]], np.float32)).round(2)
    array([[0.04, 0.06, 0.94, 0.96]], dtype=float32)
    """

    relief: Relief
    tau: float
    contrast: float

    def flowed(self, plane: Planes) -> Planes:
        """Let the heat of a plane flow."""
        half = self._along_rows(_turned(plane))
        whole = self._along_columns(_turned(half))
        return _turned(self._along_rows(_turned(whole)))

    @cached_property
    def _along_columns(self) -> Step:
        return _implicit(self._conductance(self.relief.below), self.tau)

    @cached_property
    def _along_rows(self) -> Step:
        return _implicit(np.ascontiguousarray(self._conductance(self.relief.right).T), self.tau / 2)

    def _conductance(self, squares: Planes) -> Planes:
        passed = np.exp(squares * np.float32(-self.contrast / 2))
        passed *= np.float32(1 - _LEAST_CONDUCTANCE)
        passed += np.float32(_LEAST_CONDUCTANCE)
        return passed


def _turned(plane: Planes) -> Planes:
    """Return rows as columns: loops over neighbours in memory are the quick ones."""
    turned = np.empty(plane.shape[::-1], np.float32)
    cv2.transpose(plane, turned)
    return turned


def _implicit(conductance: Planes, time: float) -> Step:
    """Return the implicit step down columns, factored once."""
    from acetate.segment.cut.edge_loops import factor_columns, solve_columns

    shape = conductance.shape[0] + 1, conductance.shape[1]
    gains, inverses = np.empty(shape, np.float32), np.empty(shape, np.float32)
    factor_columns(conductance, time, gains, inverses)

    def step(values: Planes) -> Planes:
        found = np.empty(shape, np.float32)
        solve_columns(values, gains, inverses, found)
        return found

    return step


@dataclass(frozen=True)
class EdgeBorder:
    """What border costs: ``length * sqrt(pi / tau) * sum_k int u_k (1 - A u_k)``, A the heat.

    Parameters
    ----------
    length : float
        The weight lambda.
    heat_of_edges : EdgeHeat
        A, and its tau.

    Examples
    --------
    >>> relief = Relief(np.array([[[0, 0, 9, 9]]], np.float32))
    >>> border = EdgeBorder(1.0, EdgeHeat(relief, 2.0, 2.0))
    >>> at_edge, beside = np.array([[0, 0, 1, 1]], np.uint8), np.array([[0, 1, 1, 1]], np.uint8)
    >>> border.heat(at_edge, 2).energy < border.heat(beside, 2).energy
    True
    """

    length: float
    heat_of_edges: EdgeHeat

    def heat(self, labels: Labels, phases: int) -> "EdgePhaseHeat":
        """Let the indicators of the phases flow."""
        weight = self.length * float(np.sqrt(np.pi / self.heat_of_edges.tau))
        masks = [(labels == k).astype(np.float32) for k in range(1, phases)]
        warmth = [self.heat_of_edges.flowed(mask) for mask in masks]
        rest = np.float32(1) - warmth[0]
        for other in warmth[1:]:
            rest -= other
        masks, warmth = [(labels == 0).astype(np.float32), *masks], [rest, *warmth]
        # Float32 has not the digits for sums.
        kept = sum(np.sum(m * w, dtype=np.float64) for m, w in zip(masks, warmth, strict=True))
        return EdgePhaseHeat(warmth, weight, weight * (labels.size - float(kept)))


@dataclass(frozen=True)
class EdgePhaseHeat:
    """The heat of the phases.

    Parameters
    ----------
    warmth : list of numpy.ndarray
        For each phase ``(rows, columns)`` float32 from 0 to 1.
    weight : float
        What a whole indicator weighs in the energy.
    energy : float
        Heat that left its phase, weighed.

    Examples
    --------
    >>> warmth = [np.array([[w]], np.float32) for w in (0.1, 0.9)]
    >>> EdgePhaseHeat(warmth, 1.0, 0.0).cheapest(lambda rows: np.zeros((2, 1, 1), np.float32))
    array([[1]], dtype=uint8)
    """

    warmth: list[Planes]
    weight: float
    energy: float

    def cheapest(self, costs: Costs) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        saved = np.float32(2 * self.weight)

        def left(rows: slice) -> Planes:
            each = costs(rows)
            for cost, warmth in zip(each, self.warmth, strict=True):
                cost -= saved * warmth[rows]
            return each

        return cheapest(left, len(self.warmth), self.warmth[0].shape)

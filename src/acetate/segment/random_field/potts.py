"""The Potts energy: what each pixel costs in its phase, and what neighbours cost that differ."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, check_finite
from acetate.segment.components import check_connectivity
from acetate.segment.flow.border import cheapest

Costs = NDArray[np.float32]
Units = NDArray[np.int32]
Labels = NDArray[np.uint8]

# Costs become whole numbers up to about this: sums over all neighbours stay below 2**31.
_MOST = 2.0**25
# Border weighs so much per side of a pixel, and per corner, with eight neighbours (Boykov and
# Kolmogorov 2003); lengths are right to 5 % in any direction.
_SIDE, _CORNER = np.pi / 8, np.pi / 8 / np.sqrt(2)
# Costs above the least of a pixel by more than this and all of its border change no minimum.
_ENOUGH, _BORDER = 40.0, 8.0


@dataclass(frozen=True)
class PottsField:
    """A picture's random field: ``E = sum_i cost(label_i) + smoothness * length of the borders``.

    Parameters
    ----------
    costs : numpy.ndarray
        ``(phases, H, W)`` floats: what each phase costs at each pixel, such as minus the logarithm
        of its probability; 2 to 255 phases.
    smoothness : float
        What a pixel of border costs, at least 0.
    connectivity : {4, 8}
        Eight neighbours, weighed so that a border costs its length in any direction to 5 %; or
        four: slanted borders cost up to 1.41 times their length.

    Raises
    ------
    ValueError
        If the costs have another shape, or NaN or infinity, the smoothness is out of range, or
        the connectivity is another.

    Notes
    -----
    Solvers work with whole numbers, so that a minimum is one exactly: costs are rounded to about
    a millionth of the largest difference. At each pixel they are cut where they are so far above
    the least that no border can make up for it, which changes no minimum.

    Examples
    --------
    >>> costs = np.array([[[0.0, 1.0]], [[2.0, 0.0]]])
    >>> field = PottsField(costs, smoothness=0.5, connectivity=4)
    >>> field.energy(np.array([[0, 1]])), field.energy(np.array([[0, 0]]))
    (0.5, 1.0)
    """

    costs: NDArray[Any]
    smoothness: float
    connectivity: int = 8

    def __post_init__(self) -> None:
        if self.costs.ndim != 3 or self.costs.size == 0 or len(self.costs) > 255:
            raise ValueError(
                f"costs must have shape (phases, H, W), 1 to 255 phases, got {self.costs.shape}"
            )
        check_finite(self.costs, "costs")
        check_connectivity(self.connectivity)
        if not 0 <= self.smoothness <= 1e6:
            raise ValueError(f"smoothness must lie in [0, 1e6], got {self.smoothness}")

    @property
    def phases(self) -> int:
        """How many there are."""
        return len(self.costs)

    @property
    def space(self) -> Shape:
        """The picture's height and width."""
        return self.costs.shape[1:]

    @cached_property
    def _least(self) -> Array:
        return self.costs.min(axis=0)

    @cached_property
    def relative(self) -> Costs:
        """Costs above the least of each pixel, cut where more makes no difference, float32."""
        above = np.ascontiguousarray(self.costs - self._least, np.float32)
        return np.minimum(above, np.float32(_ENOUGH + _BORDER * self.smoothness), out=above)

    @cached_property
    def scale(self) -> float:
        """How many whole units make up 1; a power of two, so that few numbers are rounded."""
        most = max(float(self.relative.max()), _BORDER * self.smoothness, 1e-6)
        return float(2.0 ** np.floor(np.log2(_MOST / most)))

    @cached_property
    def units(self) -> Units:
        """The relative costs in whole units, ``(phases, H, W)`` int32."""
        return np.rint(self.relative * np.float32(self.scale)).astype(np.int32)

    @cached_property
    def weights(self) -> NDArray[np.int64]:
        """What a side and a corner between two phases cost, in even units."""
        each = np.array([_SIDE, _CORNER]) if self.connectivity == 8 else np.array([1.0, 0.0])
        return 2 * np.rint(each * self.smoothness * self.scale / 2).astype(np.int64)

    @property
    def cheapest(self) -> Labels:
        """For every pixel the phase that costs least by itself, the first of equals."""
        return least_of(self.costs)

    def total(self, labels: Array) -> tuple[int, int]:
        """Return the costs and the border of labels, in whole units above the least costs."""
        from acetate.segment.random_field.local_loops import field_total

        pixels, border = field_total(self.units, self.weights, self.check(labels))
        return int(pixels), int(border)

    def parts(self, labels: Array) -> tuple[float, float]:
        """Return the costs of all pixels and of all borders, which make up the energy."""
        pixels, border = self.total(labels)
        return self.in_costs(pixels), border / self.scale

    def energy(self, labels: Array) -> float:
        """Return the energy of labels.

        Parameters
        ----------
        labels : numpy.ndarray
            ``(H, W)`` integers from 0 to phases - 1.
        """
        return self.in_costs(sum(self.total(labels)))

    def in_costs(self, total: int) -> float:
        """Return the energy that whole units stand for."""
        return total / self.scale + float(self._least.sum(dtype=np.float64))

    def check(self, labels: Array) -> Labels:
        """Return labels as contiguous uint8, raise if they are none of this field.

        Raises
        ------
        TypeError, ValueError
            If they are no integers, have another shape or are out of range.
        """
        if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "bui":
            raise TypeError(f"labels must be an array of integers, got {_kind(labels)}")
        if labels.shape != self.space:
            raise ValueError(f"labels must have the shape {self.space}, got {labels.shape}")
        if labels.min() < 0 or labels.max() >= self.phases:
            raise ValueError(
                f"labels must lie in [0, {self.phases - 1}], got [{labels.min()}, {labels.max()}]"
            )
        return np.ascontiguousarray(labels, np.uint8)


def least_of(costs: NDArray[Any]) -> Labels:
    """Return for every pixel the phase that costs least, the first of equals.

    Examples
    --------
    >>> least_of(np.array([[[0.0, 2.0]], [[1.0, 1.0]]]))
    array([[0, 1]], dtype=uint8)
    """
    return cheapest(lambda rows: costs[:, rows], len(costs), costs.shape[1:])


def _kind(labels: Any) -> Any:
    return getattr(labels, "dtype", type(labels).__name__)

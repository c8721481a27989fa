"""Heat flow to a tolerance: boxes, a Gaussian or cosines, whichever is the quickest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np

from acetate.arrays import Array, full_scale
from acetate.heat.checks import Spacing, check_number, check_spacing, check_values
from acetate.heat.pixel_kernels import box_weights, box_widths, gaussian_weights, weights_error
from acetate.heat.semigroup import heat_semigroup

Times = tuple[float, ...]
_Filter = Callable[[Array, Times], Array]

# OpenCV takes no more channels at once.
_MOST_CHANNELS = 128
# A blur wider than this is no work for a filter, and its weights would be long to compare.
_LARGEST_TIME = 200.0**2
# Nanoseconds an element, of two boxes along one axis.
_BOX_COST = {"uint8": 0.6, "uint16": 0.7, "float32": 1.3, "float64": 5.0}


def diffuse(
    array: Array,
    t: float,
    *,
    spacing: Spacing = 1.0,
    dimensions: int = 2,
    tolerance: float = 0.002,
) -> Array:
    """Let heat flow for time `t`, as `heat_semigroup` does, to a tolerance and in its own dtype.

    Parameters
    ----------
    array : numpy.ndarray
        ``(H, W, ...)``, or ``(Z, Y, X, ...)`` with ``dimensions=3``: what stands after the axes
        of space are channels, each on its own. uint8, uint16, float32 or float64, of any range.
    t : float
        Time, at least 0, in squared units of the spacing: a blur by sigma takes
        ``t = sigma**2 / 2``.
    spacing : float or sequence of float
        From one element to the next: one number, or one for each axis of space.
    dimensions : int
        How many axes are space: 1, 2 or 3.
    tolerance : float
        The largest difference from the exact result, as a part of the array's range (largest
        minus smallest value). The worst case counts; pictures come several times nearer. 0 always
        takes cosines; 0.15 leaves room for two boxes, 0.05 for four.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape and dtype. Integers are rounded: cosines and the Gaussian
        once, boxes after every pass, which adds half a step each to the tolerance.

    Raises
    ------
    TypeError, ValueError
        If the array, the time, the spacing or the tolerance makes no sense.

    Notes
    -----
    The choice falls on the cheapest of: two boxes, four boxes (widths by time; two of width w
    meet ``t = (w**2 - 1) / 12`` exactly), a Gaussian, and the cosine transform. All of them reflect
    at the border (half-sample symmetric), keep the mean, and are positive semidefinite. The last
    is what the energy of a heat-flow segmentation needs: its step lowers the energy because
    ``-u * G u`` is concave, which holds only if no frequency of G is negative (Esedoglu and Otto
    2015). One box, or three, has such frequencies, and the energy does rise with it; every box
    here therefore comes twice, and the Gaussian is the square of a cut one.

    Examples
    --------
    >>> diffuse(np.array([[0, 0, 90]], np.uint8), t=100.0)
    array([[30, 30, 30]], dtype=uint8)
    """
    values = check_values(array, dimensions)
    steps = check_spacing(spacing, dimensions)
    time, allowed = check_number(t, "t"), check_number(tolerance, "tolerance")
    if time == 0:
        return values.copy()
    times = tuple(time / h**2 for h in steps)
    return choose(values.shape, values.dtype.name, times, allowed).run(values, times)


class Flow(Protocol):
    """A way to let heat flow.

    Examples
    --------
    >>> choose((512, 512), "uint8", (2.0, 2.0), 0.15)
    Boxes(pairs=1)
    """

    def error(self, times: Times) -> float:
        """Return the largest difference it can make to values in [0, 1]."""

    def cost(self, dtype: str, times: Times) -> float:
        """Return about how long an element takes, in nanoseconds."""

    def run(self, values: Array, times: Times) -> Array:
        """Return the array after these times, in squared pixels along each axis."""


@lru_cache(maxsize=256)
def choose(shape: tuple[int, ...], dtype: str, times: Times, tolerance: float) -> Flow:
    """Return the cheapest way whose error is within the tolerance.

    Parameters
    ----------
    shape : tuple of int
        Of the array.
    dtype : str
        Its name.
    times : tuple of float
        In squared pixels, one for each axis of space.
    tolerance : float
        As in `diffuse`.

    Examples
    --------
    >>> choose((512, 512), "float32", (2.0, 2.0), 0.0)
    Cosines(elements=262144)
    """
    cosines = Cosines(int(np.prod(shape)))
    if tolerance == 0 or max(times) > _LARGEST_TIME:
        return cosines
    ways: tuple[Flow, ...] = (Boxes(1), Boxes(2), Gaussian(), cosines)
    fitting = [flow for flow in ways if flow.error(times) <= tolerance]
    return min(fitting, key=lambda flow: flow.cost(dtype, times))


@dataclass(frozen=True)
class Cosines:
    """The exact transform.

    Examples
    --------
    >>> Cosines(9).run(np.eye(3), (100.0, 100.0)).round(6)[0]
    array([0.333333, 0.333333, 0.333333])
    """

    elements: int

    def error(self, times: Times) -> float:
        """Return the largest difference it can make to values in [0, 1]."""
        return 0.0 * len(times)

    def cost(self, dtype: str, times: Times) -> float:
        """Return about how long an element takes, in nanoseconds."""
        slower = 3 if dtype == "float64" else 1
        return (3 if self.elements < 10**6 else 6) * len(times) * slower

    def run(self, values: Array, times: Times) -> Array:
        """Return the array after these times, in squared pixels along each axis."""
        spacing = tuple(float(1 / np.sqrt(t)) for t in times)
        flowed = heat_semigroup(values, 1.0, spacing=spacing, dimensions=len(times))
        return _round(flowed, values)


@dataclass(frozen=True)
class Gaussian:
    """A separable Gaussian, at least in float32.

    Examples
    --------
    >>> Gaussian().run(np.array([[0.0, 0.0, 6.0]]), (100.0, 100.0)).round(6)
    array([[2., 2., 2.]])
    """

    def error(self, times: Times) -> float:
        """Return the largest difference it can make to values in [0, 1]."""
        return sum(weights_error(gaussian_weights(t), t) for t in times)

    def cost(self, dtype: str, times: Times) -> float:
        """Return about how long an element takes, in nanoseconds."""
        slower = 3 if dtype == "float64" else 1
        return 0.07 * slower * sum(gaussian_weights(t).size for t in times)

    def run(self, values: Array, times: Times) -> Array:
        """Return the array after these times, in squared pixels along each axis."""
        floats = values if values.dtype.kind == "f" else values.astype(np.float32)
        return _round(_along(floats, times, self._filter), values)

    def _filter(self, plane: Array, times: Times) -> Array:
        down, across = (gaussian_weights(t) for t in times)
        return cv2.sepFilter2D(plane, -1, across, down, borderType=cv2.BORDER_REFLECT)


@dataclass(frozen=True)
class Boxes:
    """Pairs of boxes, in the array's own dtype.

    Examples
    --------
    >>> Boxes(1).run(np.array([[0, 0, 0, 90, 0, 0, 0]], np.uint8), (2 / 3, 2 / 3))
    array([[ 0, 10, 20, 30, 20, 10,  0]], dtype=uint8)
    """

    pairs: int

    def error(self, times: Times) -> float:
        """Return the largest difference it can make to values in [0, 1]."""
        return sum(weights_error(box_weights(box_widths(t, self.pairs)), t) for t in times)

    def cost(self, dtype: str, times: Times) -> float:
        """Return about how long an element takes, in nanoseconds."""
        return _BOX_COST[dtype] * self.pairs * len(times)

    def run(self, values: Array, times: Times) -> Array:
        """Return the array after these times, in squared pixels along each axis."""
        return _along(values, times, self._filter)

    def _filter(self, plane: Array, times: Times) -> Array:
        for down, across in zip(*(box_widths(t, self.pairs) for t in times), strict=True):
            for _ in range(2):
                plane = cv2.boxFilter(plane, -1, (across, down), borderType=cv2.BORDER_REFLECT)
        return plane


def _along(values: Array, times: Times, work: _Filter) -> Array:
    """Filter along the axes of space with a filter for planes, ``(H, W[, C])``."""
    if len(times) == 2:
        return _by_channels(values.reshape(*values.shape[:2], -1), times, work).reshape(
            values.shape
        )
    # Seen as one plane, with all other axes in its rows, an array has the first axis upright.
    upright = work(np.ascontiguousarray(values.reshape(len(values), -1)), (times[0], 0.0))
    flowed = upright.reshape(values.shape)
    if len(times) == 3:
        for i in range(len(flowed)):
            flowed[i] = _along(flowed[i], times[1:], work)
    return flowed


def _by_channels(values: Array, times: Times, work: _Filter) -> Array:
    """Filter ``(H, W, C)``, as many channels at once as OpenCV takes."""
    parts = [
        work(np.ascontiguousarray(values[:, :, i : i + _MOST_CHANNELS]), times)
        for i in range(0, values.shape[2], _MOST_CHANNELS)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)


def _round(flowed: Array, like: Array) -> Array:
    """Return the result in the dtype of the input, rounded to nearest for integers."""
    if like.dtype.kind == "f":
        return flowed
    np.clip(flowed, 0, full_scale(like.dtype), out=flowed)
    return np.rint(flowed, out=flowed).astype(like.dtype)

"""Histograms of gray values: one bin a value where there are few, fine bins where there are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acetate.arrays import Array
from acetate.segment.gray import count_values

Floats = NDArray[np.float64]

# Bins of pictures of floats, between their least and their largest value.
_FINE = 65_536
# Values are sorted into bins in pieces of so many.
_PIECE = 2**22


@dataclass(frozen=True)
class Histogram:
    """How many pixels have which value.

    Parameters
    ----------
    counts : numpy.ndarray
        ``(n,)`` float64, whole numbers; the first and the last are above 0.
    values : numpy.ndarray
        ``(n,)`` float64, the middle of each bin, ascending, in units of the picture.
    ends : numpy.ndarray
        ``(n,)`` float64, the highest value of each bin: a threshold that leaves the bin below it.
        The same as `values` where each value has its bin.

    Examples
    --------
    >>> found = Histogram.of_values([3, 1], [10, 11])
    >>> found.pixels, found.mean
    (4.0, 10.25)
    """

    counts: Floats
    values: Floats
    ends: Floats

    @classmethod
    def of_values(cls, counts: Sequence[float] | Floats, values: ArrayLike) -> "Histogram":
        """Return a histogram with a bin for each value.

        Examples
        --------
        >>> Histogram.of_values([1, 2], [5, 6]).ends
        array([5., 6.])
        """
        middles = np.asarray(values, np.float64)
        return cls(np.asarray(counts, np.float64), middles, middles)

    @property
    def pixels(self) -> float:
        """How many there are."""
        return float(self.below[-1])

    @property
    def mean(self) -> float:
        """Of all pixels."""
        return float(self.sums[-1] / self.below[-1])

    @cached_property
    def below(self) -> Floats:
        """How many pixels lie in each bin or below."""
        return np.cumsum(self.counts)

    @cached_property
    def sums(self) -> Floats:
        """The sum of the values in each bin and below."""
        return np.cumsum(self.counts * self.values)

    def means(self, threshold: float) -> tuple[float, float]:
        """Return the mean of what is not above a threshold, and of what is.

        Both sides need to have pixels.

        Examples
        --------
        >>> Histogram.of_values([3, 1], [10, 11]).means(10.5)
        (10.0, 11.0)
        """
        last = int(np.searchsorted(self.values, threshold, side="right")) - 1
        dark, bright = self.below[last], self.pixels - self.below[last]
        total = self.sums[last]
        return float(total / dark), float((self.sums[-1] - total) / bright)

    def coarser(self, bins: int) -> "Histogram":
        """Join neighbouring bins until there are no more than `bins`.

        Examples
        --------
        >>> Histogram.of_values([1, 1, 1, 1], [0, 1, 2, 3]).coarser(2)
        Histogram(counts=array([2., 2.]), values=array([0.5, 2.5]), ends=array([1., 3.]))
        """
        many = len(self.counts)
        if many <= bins:
            return self
        index = np.arange(many) * bins // many
        counts: Floats = np.bincount(index, self.counts).astype(np.float64)
        values = np.bincount(index, self.values)
        last = np.append(np.flatnonzero(np.diff(index)), many - 1)
        return Histogram(counts, values / np.bincount(index), self.ends[last])


def histogram(gray: Array) -> Histogram:
    """Count values: of integers each one, of floats those in 65536 equal bins.

    Parameters
    ----------
    gray : numpy.ndarray
        ``(H, W)`` uint8, uint16, float32 or float64, finite.

    Examples
    --------
    >>> found = histogram(np.array([[7, 9, 9]], np.uint8))
    >>> found.counts, found.values
    (array([1., 0., 2.]), array([7., 8., 9.]))
    """
    if gray.dtype.kind == "f":
        return _of_floats(gray.reshape(-1))
    counts = count_values(gray, np.iinfo(gray.dtype).max + 1)
    first, last = np.flatnonzero(counts)[[0, -1]]
    return Histogram.of_values(counts[first : last + 1], np.arange(first, last + 1))


def _of_floats(flat: Array) -> Histogram:
    low, high = flat.min(), flat.max()
    if low == high:
        return Histogram.of_values([flat.size], [low])
    counts = np.zeros(_FINE)
    for start in range(0, flat.size, _PIECE):
        # Divided first: the range may be too small to divide a number of bins by.
        part = (flat[start : start + _PIECE] - low) / (high - low)
        index = np.minimum(part * _FINE, _FINE - 1).astype(np.uint16)
        counts += count_values(index, _FINE)
    width = (float(high) - float(low)) / _FINE
    edges: Floats = float(low) + np.arange(1, _FINE + 1, dtype=np.float64) * width
    return Histogram(counts, edges - width / 2, edges)

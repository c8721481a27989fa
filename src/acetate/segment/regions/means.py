"""Regions as numbers: how many pixels each has and their mean colour, and pictures of the means."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, channels_last, check_image
from acetate.segment.regions.outlines import check_labels

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Regions:
    """Numbered regions of a picture.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` int32, the number of its region for every pixel, from 0.
    pixels : numpy.ndarray
        ``(n,)`` int64: how many each has; 0 for a number that is not used.
    means : numpy.ndarray
        ``(n, C)`` float64: mean colours in units of the picture, never rounded; 0 for a number
        that is not used.

    Examples
    --------
    >>> regions = region_means(np.array([[1, 2, 9]], np.uint8), np.array([[0, 0, 1]]))
    >>> regions.picture
    array([[1.5, 1.5, 9. ]])
    """

    labels: NDArray[np.int32]
    pixels: NDArray[np.int64]
    means: Floats

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def picture(self) -> Floats:
        """Every pixel with the mean of its region, float64; without channels if there is one."""
        return self.spread(self.means[:, 0] if self.means.shape[1] == 1 else self.means)

    def spread(self, numbers: Array) -> Array:
        """Return every pixel with what its region has, ``(H, W, ...)`` from ``(n, ...)``."""
        return numbers.take(self.labels, axis=0)

    def joined(self, names: Array) -> "Regions":
        """Return the regions that have one name as one.

        Parameters
        ----------
        names : numpy.ndarray
            ``(n,)`` integers: a name for every region. The new numbers follow the order of the
            names.
        """
        new = np.unique(names, return_inverse=True)[1].ravel()
        pixels = np.bincount(new, self.pixels).astype(np.int64)
        sums = [np.bincount(new, self.pixels * mean) for mean in self.means.T]
        means = np.stack(sums, axis=1) / np.maximum(pixels, 1)[:, np.newaxis]
        return Regions(new.astype(np.int32).take(self.labels), pixels, means)


def region_means(image: Array, labels: Array) -> Regions:
    """Return the mean colour of every region.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    labels : numpy.ndarray
        ``(H, W)`` integers, any that are not negative; used as they are, so that row k of the
        results is region k.

    Returns
    -------
    Regions
        With as many rows as the largest label and one more.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or the labels have another shape, are no integers or negative.

    Examples
    --------
    >>> region_means(np.array([[1, 2, 9]], np.uint8), np.array([[0, 0, 1]])).means.tolist()
    [[1.5], [9.0]]
    """
    picture = channels_last(check_image(image))
    check_labels(labels, picture.shape[:2])
    if labels.min() < 0:
        raise ValueError(f"labels must not be negative, got {labels.min()}")
    from acetate.segment.regions.means_loops import region_sums

    numbers = np.ascontiguousarray(labels, np.int32)
    # Compiled loops want the machine's own byte order.
    native = np.ascontiguousarray(picture, picture.dtype.newbyteorder("="))
    pixels, sums = region_sums(native, numbers, int(numbers.max()) + 1)
    return Regions(numbers, pixels, sums / np.maximum(pixels, 1)[:, np.newaxis])

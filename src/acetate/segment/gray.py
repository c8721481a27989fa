"""One value a pixel: what threshold-like methods take, and its division at thresholds."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_image
from acetate.heat import diffuse

Labels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# OpenCV counts in float32, which is exact up to here.
_MOST_COUNTED = 2**24
# Labels are bytes.
_MOST_THRESHOLDS = 255


def gray_values(image: Any, blur: float = 0.0) -> Array:
    """Return one value a pixel: those of a gray picture, or the mean of the channels.

    Every method that divides pictures by value takes them like this. Three channels may be
    colours or not, so each counts alike; for the luma of RGB, convert before.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    blur : float
        Standard deviation in pixels of a Gaussian to blur with; 0 leaves the values as they are.

    Returns
    -------
    numpy.ndarray
        ``(H, W)``, contiguous, of the picture's dtype; means of integers are rounded.

    Raises
    ------
    TypeError, ValueError
        If it is no image; see `acetate.arrays.check_image`.

    Examples
    --------
    >>> gray_values(np.array([[[10, 20, 60]]], np.uint8))
    array([[30]], dtype=uint8)
    """
    picture = np.ascontiguousarray(check_image(image))
    if picture.ndim == 3:
        picture = _mean(picture)
    return diffuse(picture, blur**2 / 2) if blur > 0 else picture


def _mean(picture: Array) -> Array:
    height, width, channels = picture.shape
    rows = picture.reshape(height * width, channels)
    if channels == 1:
        return rows.reshape(height, width)
    means = cv2.reduce(rows, 1, cv2.REDUCE_AVG, dtype=cv2.CV_64F).reshape(height, width)
    if picture.dtype.kind == "u":
        np.rint(means, out=means)
    return np.asarray(means, picture.dtype)


def above(gray: Array, threshold: float) -> Mask:
    """Return where values are above a threshold.

    Examples
    --------
    >>> above(np.array([[82, 83, 84]], np.uint8), 83.0)
    array([[False, False,  True]])
    """
    return np.asarray(bands(gray, (threshold,)).view(np.bool_))


def bands(gray: Array, thresholds: Sequence[float], bright: bool = True) -> Labels:
    """Count for every value the thresholds that it is above.

    So no value is lost: one that lies on a threshold belongs to the band below it, and those
    outside of all thresholds to the lowest or the highest.

    Parameters
    ----------
    gray : numpy.ndarray
        ``(H, W)``; uint8, uint16, float32 or float64.
    thresholds : sequence of float
        Up to 255, in units of the values, in ascending order; may lie outside their range.
    bright : bool
        Count those that it is above, not those that it is not above.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` uint8, from 0 to the number of thresholds.

    Examples
    --------
    >>> bands(np.array([[0, 10, 11, 20, 255]], np.uint8), [10, 20])
    array([[0, 0, 1, 1, 2]], dtype=uint8)
    """
    labels = np.zeros(gray.shape, np.uint8)
    for threshold in thresholds:
        labels += (gray > _at_or_below(threshold, gray.dtype)).view(np.uint8)
    return labels if bright else np.uint8(len(thresholds)) - labels


def check_thresholds(thresholds: Sequence[float]) -> None:
    """Raise unless thresholds are in strictly ascending order and no more than labels allow.

    Examples
    --------
    >>> check_thresholds((110.0, 70.0))
    Traceback (most recent call last):
    ValueError: thresholds must be in ascending order, each one once, got (110.0, 70.0)
    """
    if any(a >= b for a, b in pairwise(thresholds)):
        raise ValueError(
            f"thresholds must be in ascending order, each one once, got {tuple(thresholds)}"
        )
    if len(thresholds) > _MOST_THRESHOLDS:
        raise ValueError(f"there may be {_MOST_THRESHOLDS} thresholds, got {len(thresholds)}")


def _at_or_below(threshold: float, dtype: Any) -> Any:
    """Return the largest number of a dtype that is not above a threshold: quick to compare with."""
    if dtype.kind == "u":
        return floor(threshold)
    near = dtype.type(threshold)
    # As Python's float: NumPy would compare in the dtype, where both are the same.
    return near if float(near) <= threshold else np.nextafter(near, dtype.type(-np.inf))


def count_values(values: Array, most: int) -> NDArray[np.float64]:
    """Count how often each value from 0 below `most` comes in uint8 or uint16.

    Examples
    --------
    >>> count_values(np.array([[0, 2, 2]], np.uint8), 4)
    array([1., 0., 2., 0.])
    """
    # As one row: OpenCV spends most of its time on beginning rows.
    flat = values.reshape(1, -1)
    counts = np.zeros(most)
    for start in range(0, flat.size, _MOST_COUNTED):
        piece = flat[:, start : start + _MOST_COUNTED]
        counts += cv2.calcHist([piece], [0], None, [most], [0, most]).ravel()
    return counts


def pixels_of(labels: Labels, many: int) -> tuple[int, ...]:
    """Count the pixels of each label from 0 below `many`.

    Examples
    --------
    >>> pixels_of(np.array([[0, 2, 2]], np.uint8), 3)
    (1, 0, 2)
    """
    return tuple(int(n) for n in count_values(labels, many))

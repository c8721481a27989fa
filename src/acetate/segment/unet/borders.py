"""Objects that touch: a class of their borders to learn, and objects grown from their inside."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

INSIDE, BORDER = 1, 2

_CORE = 0.5  # the least probability of the inside where an object begins
_LEAST = 4  # pixels of such a beginning


def with_borders(objects: Array) -> NDArray[np.int64]:
    """Return 0 outside, 1 inside and 2 on the border of objects, two pixels wide.

    Parameters
    ----------
    objects : numpy.ndarray
        ``(H, W)`` integers: 0 the background, every object a number of its own.

    Notes
    -----
    The border are the pixels of an object with another value among the 5×5 around them; so
    between objects that touch there are four (after the third class of Caicedo et al. 2019). An
    object so thin that this would leave no inside has a border of one pixel, and one that is
    thinner still has none: without an inside it could never be found.

    Examples
    --------
    >>> with_borders(np.pad(np.ones((5, 5), int), 1))[3].tolist()
    [0, 2, 2, 1, 2, 2, 0]
    """
    _, places = np.unique(np.append(objects.ravel(), 0), return_inverse=True)
    numbers = places[:-1].reshape(objects.shape)  # float32 would merge objects above 2**24
    found = np.where(objects > 0, BORDER, 0)
    for reach in (2, 1, 0):
        whole = ~np.isin(numbers, numbers[found == INSIDE])  # objects without an inside so far
        found[whole & (objects > 0) & ~_near_others(numbers, reach)] = INSIDE
    return found.astype(np.int64)


def _near_others(numbers: Array, reach: int) -> NDArray[np.bool_]:
    """Return where another value lies within a square that reaches so far."""
    values = numbers.astype(np.float32)
    square = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return np.asarray(cv2.dilate(values, square) != cv2.erode(values, square))


def grown(inside: Array, border: Array, threshold: float) -> NDArray[np.int32]:
    """Return objects from the probabilities of their inside and their border.

    Parameters
    ----------
    inside, border : numpy.ndarray
        ``(H, W)`` in [0, 1].
    threshold : float
        Pixels belong to an object where both together are larger.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` int32, numbered from 1: the connected parts where the inside is more likely
        than not, grown over the rest of the mask by a watershed. What has no inside is dropped.

    Examples
    --------
    >>> inside = np.zeros((5, 9)); inside[1:4, 1:3] = inside[1:4, 6:8] = 0.9
    >>> grown(inside, np.full((5, 9), 0.6) - inside / 2, 0.5)[2].tolist()
    [1, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    from skimage import segmentation

    count, seeds, sizes, _ = cv2.connectedComponentsWithStats(
        (inside > _CORE).astype(np.uint8), connectivity=4
    )
    kept = np.flatnonzero(sizes[:, cv2.CC_STAT_AREA] >= _LEAST)
    number = np.zeros(count, np.int32)
    number[kept[kept > 0]] = np.arange(1, np.count_nonzero(kept > 0) + 1)
    mask = inside + border > threshold
    watershed: Any = segmentation.watershed
    found: NDArray[np.int32] = watershed(-inside, number[seeds] * mask, mask=mask)
    return found.astype(np.int32)

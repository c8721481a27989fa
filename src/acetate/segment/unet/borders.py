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
    between objects that touch there are four (after the third class of Caicedo et al. 2019).

    Examples
    --------
    >>> with_borders(np.pad(np.ones((5, 5), int), 1))[3].tolist()
    [0, 2, 2, 1, 2, 2, 0]
    """
    values = objects.astype(np.float32)
    square = np.ones((5, 5), np.uint8)
    largest, least = cv2.dilate(values, square), cv2.erode(values, square)
    border = (largest != least) & (objects > 0)
    return np.where(border, BORDER, objects > 0).astype(np.int64)


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

"""Coarser and finer: pictures halved by averaging, labels halved by majority and doubled."""

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.segment.flow.values import Labels


def pyramid(picture: Array, dimensions: int, coarsest: float) -> list[Array]:
    """Halve a picture as long as its shorter side stays at least `coarsest`; the first is itself.

    Parameters
    ----------
    picture : numpy.ndarray
        ``(*space, C)``.
    dimensions : int
        How many axes are space.
    coarsest : float
        In pixels.

    Examples
    --------
    >>> [level.shape for level in pyramid(np.zeros((70, 40, 1), np.uint8), 2, 10)]
    [(70, 40, 1), (35, 20, 1), (17, 10, 1)]
    """
    levels = [picture]
    while min(levels[-1].shape[:dimensions]) // 2 >= coarsest:
        levels.append(halved(levels[-1], dimensions))
    return levels


def halved(picture: Array, dimensions: int) -> Array:
    """Average 2 x 2 (x 2) pixels; an odd last row or column is left out.

    Examples
    --------
    >>> halved(np.array([[[0], [2], [9]], [[4], [2], [9]]], np.uint8), 2)
    array([[[2]]], dtype=uint8)
    """
    even = picture[tuple(slice(n // 2 * 2) for n in picture.shape[:dimensions])]
    if dimensions == 3:
        even = _mean(even[0::2], even[1::2])
        return np.stack([_area(plane) for plane in even])
    return _area(even)


def _area(picture: Array) -> Array:
    height, width, channels = picture.shape
    half = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return half.reshape(height // 2, width // 2, channels)


def _mean(one: Array, other: Array) -> Array:
    if one.dtype.kind == "f":
        return (one + other) / 2
    return ((one.astype(np.uint32) + other + 1) // 2).astype(one.dtype)


def labels_halved(labels: Labels, phases: int) -> Labels:
    """Give 2 x 2 (x 2) pixels the label that most of them have, the first of equals.

    Parameters
    ----------
    labels : numpy.ndarray
        ``space``, of two or three axes.
    phases : int
        How many there are.

    Examples
    --------
    >>> labels_halved(np.array([[0, 1, 2, 2], [1, 1, 0, 2]], np.uint8), 3)
    array([[1, 2]], dtype=uint8)
    """
    shape = tuple(n // 2 for n in labels.shape)
    most, chosen = np.zeros(shape, np.float32), np.zeros(shape, np.uint8)
    for k in range(phases):
        inside = (labels == k)[..., np.newaxis].astype(np.float32)
        votes = halved(inside, labels.ndim)[..., 0]
        chosen[votes > most] = k
        most = np.maximum(most, votes)
    return chosen


def labels_doubled(labels: Labels, space: Shape) -> Labels:
    """Return labels for twice the resolution, those at the far border repeated once more.

    Examples
    --------
    >>> labels_doubled(np.array([[1, 2]], np.uint8), (2, 5))
    array([[1, 1, 2, 2, 2],
           [1, 1, 2, 2, 2]], dtype=uint8)
    """
    for axis, length in enumerate(space):
        labels = np.take(labels, np.minimum(np.arange(length) // 2, labels.shape[axis] - 1), axis)
    return labels

"""The outlines of regions: where they are, and a picture with them on it."""

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, channels_last, check_image, convert
from acetate.colors import RGB


def find_boundaries(labels: Array) -> NDArray[np.bool_]:
    """Return where a region ends: the pixels whose right or lower neighbour has another label.

    Lines are one pixel wide; the border of the picture is none.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers or booleans.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` bool.

    Raises
    ------
    ValueError
        If the labels are no picture of integers.

    Examples
    --------
    >>> find_boundaries(np.array([[1, 1, 2], [1, 1, 2]])).astype(int)
    array([[0, 1, 0],
           [0, 1, 0]])
    """
    check_labels(labels)
    lines = np.zeros(labels.shape, np.bool_)
    np.not_equal(labels[:, :-1], labels[:, 1:], out=lines[:, :-1])
    lines[:-1] |= labels[:-1] != labels[1:]
    return lines


def mark_boundaries(
    image: Array, labels: Array, color: tuple[int, int, int] = (255, 255, 0)
) -> RGB:
    """Return a picture with the outlines of regions on it.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)``, ``(H, W, 1)`` or ``(H, W, 3)``; uint8, uint16, or floats in [0, 1].
    labels : numpy.ndarray
        ``(H, W)`` integers or booleans.
    color : (red, green, blue)
        Of the lines, from 0 to 255.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 3)`` uint8.

    Raises
    ------
    TypeError, ValueError
        If the image is none, is neither gray nor RGB, or has another shape than the labels.

    Examples
    --------
    >>> mark_boundaries(np.zeros((1, 3), np.uint8), np.array([[1, 2, 2]]))[0].tolist()
    [[255, 255, 0], [0, 0, 0], [0, 0, 0]]
    """
    picture = channels_last(check_image(image))
    check_labels(labels, picture.shape[:2])
    if picture.shape[2] not in (1, 3):
        raise ValueError(f"a picture to draw on has 1 or 3 channels, got {picture.shape[2]}")
    drawn = np.broadcast_to(convert(picture, np.uint8), (*picture.shape[:2], 3)).copy()
    drawn[find_boundaries(labels)] = color
    return drawn


def check_labels(labels: Array, space: tuple[int, ...] | None = None) -> Array:
    """Return labels, raise unless they are a picture of integers of a shape.

    Raises
    ------
    TypeError
        If they are no array of integers or booleans.
    ValueError
        If they have another rank or shape, or are empty.

    Examples
    --------
    >>> check_labels(np.array([[1, 2]]), (1, 3))
    Traceback (most recent call last):
    ValueError: labels must have the picture's shape (1, 3), got (1, 2)
    """
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "bui":
        kind = getattr(labels, "dtype", type(labels).__name__)
        raise TypeError(f"labels must be an array of integers, got {kind}")
    if labels.ndim != 2 or labels.size == 0:
        raise ValueError(f"labels must have shape (H, W) and not be empty, got {labels.shape}")
    if space is not None and labels.shape != space:
        raise ValueError(f"labels must have the picture's shape {space}, got {labels.shape}")
    return labels

"""The shape of the image that a sheet lies on: scales between two, and what padding makes of it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, shape_of

ImageOrShape = Array | Sequence[int]


def scale_between(from_shape: ImageOrShape, to_shape: ImageOrShape) -> NDArray[np.float64]:
    """Return the factors (x, y) from coordinates on one image to those on another.

    Examples
    --------
    >>> scale_between((100, 200), (50, 400))
    array([2. , 0.5])
    """
    (height, width), (rows, columns) = shape_of(from_shape)[:2], shape_of(to_shape)[:2]
    return np.array([columns / width, rows / height])


def padded_shape(shape: Shape, before: Array, after: Array) -> Shape:
    """Return the shape of an image that was padded by the same share as a sheet on it.

    Parameters
    ----------
    shape : tuple of int
        The image's.
    before, after : numpy.ndarray
        The sheet's array.

    Examples
    --------
    >>> padded_shape((8, 8, 3), np.zeros((4, 4)), np.zeros((4, 6)))
    (8, 12, 3)
    """
    grown = (
        int(image * new / old + 0.5)
        for image, old, new in zip(shape[:2], before.shape[:2], after.shape[:2], strict=True)
    )
    return (*grown, *shape[2:])


def check_same_frame(image: Array, shape: Shape, name: str) -> None:
    """Raise unless an image has the height and width that a sheet says.

    Examples
    --------
    >>> check_same_frame(np.zeros((4, 6)), (4, 8), "keypoints")
    Traceback (most recent call last):
    ValueError: the image is (4, 6), but the keypoints lie on one of (4, 8); ...
    """
    if image.shape[:2] != shape[:2]:
        raise ValueError(
            f"the image is {image.shape[:2]}, but the {name} lie on one of {shape[:2]}; if it is "
            "the same image in another size, move them first with on(image)"
        )

"""What counts as an image: its dtypes, ranges and shapes, the checks, and the conversions."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]

IMAGE_DTYPES = ("uint8", "uint16", "float32", "float64")
_IMAGE_TYPES = {np.dtype(name).type for name in IMAGE_DTYPES}


def check_image(image: Any, name: str = "image") -> Array:
    """Return `image` if it is one, raise otherwise.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    name : str
        What the error calls it.

    Raises
    ------
    TypeError
        If it is not a NumPy array.
    ValueError
        If it is empty, has another rank or dtype, or floats outside [0, 1], NaN or infinity.

    Examples
    --------
    >>> check_image(np.zeros((4, 6, 3), np.uint8)).shape
    (4, 6, 3)
    """
    if not isinstance(image, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(image).__name__}")
    if image.ndim not in (2, 3):
        raise ValueError(f"{name} must have shape (H, W) or (H, W, C), got {image.shape}")
    if image.size == 0:
        raise ValueError(f"{name} is empty: its shape is {image.shape}")
    if image.dtype.type not in _IMAGE_TYPES:
        raise ValueError(
            f"{name} must be uint8, uint16, float32 or float64, got {image.dtype}; "
            "convert it first, for example with image.astype(numpy.float32) / its maximum"
        )
    if image.dtype.kind == "f":
        check_range(image, 0.0, 1.0, name, "divide by the largest value the sensor can give")
    return image


def check_range(array: Array, low: float, high: float, name: str, remedy: str) -> None:
    """Raise unless every value is finite and in [low, high].

    Examples
    --------
    >>> check_range(np.array([0.5, 7.0]), 0, 1, "heatmap", "clip first")
    Traceback (most recent call last):
    ValueError: heatmap values must lie in [0, 1], got [0.5, 7]; clip first
    """
    least, most = array.min(), array.max()
    if low <= least and most <= high:
        return
    check_finite(array, name)
    raise ValueError(
        f"{name} values must lie in [{low:g}, {high:g}], got [{least:g}, {most:g}]; {remedy}"
    )


def check_finite(array: Array, name: str) -> None:
    """Raise if the array holds NaN or infinity, saying how many and where the first one is.

    Examples
    --------
    >>> check_finite(np.array([[0.0, np.nan]]), "image")
    Traceback (most recent call last):
    ValueError: image has 1 NaN or infinite value of 2, the first at index (0, 1); replace them ...
    """
    bad = ~np.isfinite(array)
    count = int(np.count_nonzero(bad))
    if count:
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} has {count} NaN or infinite value{'s' if count > 1 else ''} of {array.size}, "
            f"the first at index {first}; replace them first, for example with numpy.nan_to_num"
        )


def shape_of(image_or_shape: Array | Sequence[int]) -> Shape:
    """Return the ``(H, W)`` or ``(H, W, C)`` of an array, or of a tuple that already is one.

    Raises
    ------
    ValueError
        If there are not two or three whole numbers of at least 1.

    Examples
    --------
    >>> shape_of(np.zeros((4, 6, 3))), shape_of([4, 6])
    ((4, 6, 3), (4, 6))
    """
    given = image_or_shape.shape if isinstance(image_or_shape, np.ndarray) else image_or_shape
    shape = tuple(int(n) for n in given)
    if (
        len(shape) not in (2, 3)
        or min(shape) < 1
        or any(a != b for a, b in zip(shape, given, strict=True))
    ):
        raise ValueError(f"a shape is (height, width) or (height, width, channels), got {given}")
    return shape


def channels_last(array: Array) -> Array:
    """View ``(H, W)`` as ``(H, W, 1)``; leave ``(H, W, C)`` as it is.

    Examples
    --------
    >>> channels_last(np.zeros((4, 6))).shape
    (4, 6, 1)
    """
    return array[:, :, np.newaxis] if array.ndim == 2 else array


@lru_cache(maxsize=64)
def full_scale(dtype: Any) -> float:
    """Return the value of white: 255 for uint8, 65535 for uint16, 1.0 for floats.

    Examples
    --------
    >>> full_scale(np.uint8), full_scale("float32")
    (255.0, 1.0)
    """
    kind = np.dtype(dtype)
    return 1.0 if kind.kind == "f" else float(np.iinfo(kind).max)


def convert(image: Array, dtype: Any) -> Array:
    """Return the image in another dtype, white staying white; always a new array.

    Parameters
    ----------
    image : numpy.ndarray
        As in `check_image`.
    dtype
        One of uint8, uint16, float32, float64. Rounds to nearest: 16 to 8 bits loses detail.

    Examples
    --------
    >>> convert(np.array([[0, 255]], np.uint8), np.uint16)
    array([[    0, 65535]], dtype=uint16)
    >>> convert(np.array([[0.0, 0.5]]), "uint8")
    array([[  0, 128]], dtype=uint8)
    """
    check_image(image)
    target = np.dtype(dtype)
    if target.name not in IMAGE_DTYPES:
        raise ValueError(f"dtype must be one of {', '.join(IMAGE_DTYPES)}, got {target}")
    if target == image.dtype:
        return image.copy()
    factor = full_scale(target) / full_scale(image.dtype)
    if target.kind == "f":
        return image.astype(target) * target.type(factor)
    if image.dtype.kind == "u" and factor > 1:
        return image.astype(target) * target.type(round(factor))
    return np.floor(image * factor + 0.5).astype(target)

"""What the heat functions take: arrays of numbers, times, spacings, noise levels."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from acetate.arrays import IMAGE_DTYPES, Array, check_finite

Spacing = float | Sequence[float]


def check_values(array: Any, dimensions: int, name: str = "array") -> Array:
    """Return `array` if heat can flow along its first `dimensions` axes, raise otherwise.

    Floats of any range will do: heat has no use for [0, 1].

    Raises
    ------
    TypeError
        If it is not a NumPy array.
    ValueError
        If it has too few axes, is empty, has another dtype, or NaN or infinite values.

    Examples
    --------
    >>> check_values(np.zeros((4, 6, 3)), 2).shape
    (4, 6, 3)
    """
    if dimensions not in (1, 2, 3):
        raise ValueError(f"dimensions is 1, 2 or 3, got {dimensions}")
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(array).__name__}")
    if array.ndim < dimensions:
        raise ValueError(f"{name} must have at least {dimensions} axes, got shape {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    if array.dtype.name not in IMAGE_DTYPES:
        raise ValueError(
            f"{name} must be uint8, uint16, float32 or float64, got {array.dtype}; "
            "convert it first, for example with .astype(numpy.float32)"
        )
    if array.dtype.kind == "f":
        check_finite(array, name)
    return array


def check_picture(image: Any) -> Array:
    """Return `image` if it is a picture, its floats of any range: noise leaves [0, 1].

    Raises
    ------
    TypeError, ValueError
        As `check_values`, and if the shape is not ``(H, W)`` or ``(H, W, C)``.

    Examples
    --------
    >>> check_picture(np.array([[-0.1, 1.2]])).shape
    (1, 2)
    """
    if isinstance(image, np.ndarray) and image.ndim not in (2, 3):
        raise ValueError(f"image must have shape (H, W) or (H, W, C), got {image.shape}")
    return check_values(image, 2, "image")


def check_number(value: Any, name: str, least: float = 0.0) -> float:
    """Return a finite number of at least `least`, raise otherwise.

    Raises
    ------
    TypeError, ValueError
        If it is no number, or too small, NaN or infinite.

    Examples
    --------
    >>> check_number(-1, "t")
    Traceback (most recent call last):
    ValueError: t must be a finite number of at least 0, got -1
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    if not least <= float(value) < np.inf:
        raise ValueError(f"{name} must be a finite number of at least {least:g}, got {value!r}")
    return float(value)


def check_positive(value: Any, name: str) -> float:
    """Return a finite number above 0, raise otherwise.

    Raises
    ------
    TypeError, ValueError
        If it is no number, or not above 0, NaN or infinite.

    Examples
    --------
    >>> check_positive(0, "radius")
    Traceback (most recent call last):
    ValueError: radius must be above 0, got 0
    """
    if check_number(value, name) == 0:
        raise ValueError(f"{name} must be above 0, got {value!r}")
    return float(value)


def check_spacing(spacing: Spacing, dimensions: int) -> tuple[float, ...]:
    """Return one spacing per axis, from one for all or one each.

    Raises
    ------
    TypeError, ValueError
        If there are as many as neither, or one is not above 0 and finite.

    Examples
    --------
    >>> check_spacing(0.5, 2), check_spacing((3, 1, 1), 3)
    ((0.5, 0.5), (3.0, 1.0, 1.0))
    """
    given = list(spacing) if isinstance(spacing, Sequence | np.ndarray) else [spacing] * dimensions
    if len(given) != dimensions:
        raise ValueError(f"spacing is one number, or one for each of {dimensions} axes: {spacing}")
    return tuple(check_positive(h, "spacing") for h in given)

"""Masks to start from: squares, discs, polygons; and the checks of those that users bring."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, check_finite, shape_of

Mask = NDArray[np.bool_]
Point = tuple[float, float]


def square_mask(
    shape: Array | Sequence[int], side: float | None = None, centre: Point | None = None
) -> Mask:
    """Return a mask of the pixels whose centres lie in a square.

    Parameters
    ----------
    shape : numpy.ndarray or (height, width)
        Of the mask; an image gives its own.
    side : float or None
        In pixels, above 0; None takes a third of the height, rounded down, but at least 1.
    centre : (x, y) or None
        Where its centre is; None takes that of the image.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` bool. It is empty if the square lies between pixel centres or outside.

    Raises
    ------
    ValueError
        If the shape is none or the side is not above 0.

    Examples
    --------
    >>> square_mask((3, 5), side=2.0, centre=(2.0, 1.0)).astype(int)
    array([[0, 1, 1, 0, 0],
           [0, 1, 1, 0, 0],
           [0, 0, 0, 0, 0]])
    """
    height, width = shape_of(shape)[:2]
    half = _positive(max(1, height // 3) if side is None else side, "side") / 2
    x, y = _offsets((height, width), centre)
    return (-half <= y) & (y < half) & (-half <= x) & (x < half)


def disc_mask(
    shape: Array | Sequence[int], radius: float | None = None, centre: Point | None = None
) -> Mask:
    """Return a mask of the pixels whose centres lie in a disc.

    Parameters
    ----------
    shape : numpy.ndarray or (height, width)
        Of the mask; an image gives its own.
    radius : float or None
        In pixels, above 0; None takes a quarter of the shorter side, but at least 1.
    centre : (x, y) or None
        Where its centre is; None takes that of the image.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` bool.

    Raises
    ------
    ValueError
        If the shape is none or the radius is not above 0.

    Examples
    --------
    >>> disc_mask((3, 3), radius=1.0).astype(int)
    array([[0, 1, 0],
           [1, 1, 1],
           [0, 1, 0]])
    """
    height, width = shape_of(shape)[:2]
    reach = _positive(max(1.0, min(height, width) / 4) if radius is None else radius, "radius")
    x, y = _offsets((height, width), centre)
    return x**2 + y**2 <= reach**2


def polygon_mask(shape: Array | Sequence[int], points: Sequence[Point] | Array) -> Mask:
    """Return a mask of the pixels whose centres lie in a polygon.

    Parameters
    ----------
    shape : numpy.ndarray or (height, width)
        Of the mask; an image gives its own.
    points : sequence of (x, y)
        At least three corners, in order; the last is joined to the first. Where the polygon
        crosses itself, what lies inside twice is outside.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` bool.

    Raises
    ------
    ValueError
        If the shape is none, or there are fewer than three points, or one is not finite.

    Examples
    --------
    >>> polygon_mask((3, 4), [(0, 0), (4, 0), (0, 3)]).astype(int)
    array([[1, 1, 1, 0],
           [1, 1, 0, 0],
           [1, 0, 0, 0]])
    """
    height, width = shape_of(shape)[:2]
    corners = np.asarray(points, dtype=np.float64)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
        raise ValueError(f"a polygon has at least 3 points (x, y), got shape {corners.shape}")
    check_finite(corners, "polygon")
    crossings = np.zeros((height, width + 1), np.int64)
    rows = np.arange(height) + 0.5
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crossed = (y0 <= rows) != (y1 <= rows)
        at = x0 + (rows[crossed] - y0) * ((x1 - x0) / (y1 - y0 or 1.0))
        first = np.clip(np.ceil(at - 0.5), 0, width).astype(np.intp)
        crossings[np.flatnonzero(crossed), first] += 1
    return np.cumsum(crossings, axis=1)[:, :-1] % 2 == 1


def _positive(value: float, name: str) -> float:
    if not 0 < value < np.inf:
        raise ValueError(f"{name} must be above 0 and finite, got {value!r}")
    return float(value)


def _offsets(shape: Shape, centre: Point | None) -> tuple[Array, Array]:
    """Return how far pixel centres are right of and below a point."""
    height, width = shape
    x, y = (width / 2, height / 2) if centre is None else centre
    return np.arange(width) + 0.5 - x, (np.arange(height) + 0.5 - y)[:, np.newaxis]


def check_mask(mask: Any, space: Shape, name: str = "mask") -> Mask:
    """Return a mask as booleans: whatever is not 0 is inside.

    Raises
    ------
    TypeError
        If it is not a NumPy array.
    ValueError
        If its shape is another than the picture's, it holds NaN, or it is empty or full.

    Examples
    --------
    >>> check_mask(np.array([[0.0, 1.0]]), (1, 2))
    array([[False,  True]])
    """
    check_space(mask, space, name)
    if mask.dtype.kind == "f":
        check_finite(mask, name)
    inside = np.asarray(mask != 0)
    count = int(np.count_nonzero(inside))
    if count in (0, inside.size):
        raise ValueError(
            f"{name} must have pixels inside and outside, got {count} of {inside.size} inside"
        )
    return inside


def check_prompt(prompt: Any, space: Shape, phases: int) -> NDArray[np.uint8]:
    """Return the labels to start from: a mask for two phases, or labels from 0 to phases - 1.

    A mask holds booleans, or 0 and one other number: 255, as picture files have it, is as good
    as 1.

    Raises
    ------
    TypeError
        If it is neither a mask nor an array of integers.
    ValueError
        If its shape is another than the picture's, or the labels are not all of 0 to phases - 1.

    Examples
    --------
    >>> check_prompt(np.array([[255, 0]], np.uint8), (1, 2), 2)
    array([[1, 0]], dtype=uint8)
    """
    check_space(prompt, space, "prompt")
    if phases == 2 and _is_mask(prompt):
        return check_mask(prompt, space, "prompt").astype(np.uint8)
    if prompt.dtype.kind not in "bui":
        raise TypeError(f"prompt must hold booleans or integers, got {prompt.dtype}")
    found = np.unique(prompt)
    if not np.array_equal(found, np.arange(phases)):
        raise ValueError(
            f"prompt must hold every label from 0 to {phases - 1} and no other, got "
            f"{', '.join(map(str, found[:10]))}{' ...' if len(found) > 10 else ''}"
        )
    return prompt.astype(np.uint8)


def _is_mask(prompt: Array) -> bool:
    if prompt.dtype.kind not in "uif":
        return prompt.dtype.kind == "b"
    most = prompt.max() or prompt.min()
    return bool(most != 0 and np.all((prompt == 0) | (prompt == most)) and not np.all(prompt))


def check_space(array: Any, space: Shape, name: str) -> None:
    """Raise unless it is an array of the picture's shape without channels.

    Examples
    --------
    >>> check_space(np.zeros((2, 3)), (4, 3), "mask")
    Traceback (most recent call last):
    ValueError: mask must have the shape of the picture without its channels, (4, 3), got (2, 3)
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(array).__name__}")
    if array.shape != space:
        raise ValueError(
            f"{name} must have the shape of the picture without its channels, {space}, got "
            f"{array.shape}"
        )

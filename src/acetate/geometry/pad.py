"""Padding: pixels added around an array, so many, or until it has a wanted shape."""

from typing import Literal, overload

import numpy as np

from acetate.arrays import Array, Shape, shape_of

Padding = tuple[int, int, int, int]

PAD_MODES = (
    "constant",
    "edge",
    "linear_ramp",
    "maximum",
    "mean",
    "median",
    "minimum",
    "reflect",
    "symmetric",
    "wrap",
)


def pad(
    arr: Array,
    top: int = 0,
    right: int = 0,
    bottom: int = 0,
    left: int = 0,
    mode: str = "constant",
    cval: float = 0,
) -> Array:
    """Add pixels at the sides of an array.

    Parameters
    ----------
    arr : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, any dtype.
    top, right, bottom, left : int
        How many pixels to add, from 0.
    mode : str
        What they hold, as in `numpy.pad`: constant (`cval`), linear_ramp (from the border's value
        to `cval`), edge, reflect (the border pixel once), symmetric (twice), wrap, or the
        maximum, mean, median or minimum along the axis.
    cval : float
        The constant, in the array's own units.

    Returns
    -------
    numpy.ndarray
        A new array, ``(top + H + bottom, left + W + right[, C])``, of the same dtype.

    Raises
    ------
    ValueError
        If an amount is negative or no whole number, the mode unknown, the array empty or of
        another rank, or `cval` is not a value of the array's dtype.

    Examples
    --------
    >>> pad(np.array([[1, 2]], np.uint8), top=1, left=2, cval=9)
    array([[9, 9, 9, 9],
           [9, 9, 1, 2]], dtype=uint8)
    """
    height, width = shape_of(arr)[:2]
    _check_amounts((top, right, bottom, left))
    if mode not in PAD_MODES:
        raise ValueError(f"mode must be one of {', '.join(PAD_MODES)}, got {mode!r}")
    if mode in ("constant", "linear_ramp"):
        _check_value(cval, arr.dtype)
    if mode == "constant":  # numpy.pad takes several times as long
        shape = (top + height + bottom, left + width + right, *arr.shape[2:])
        out = np.full(shape, cval, arr.dtype)
        out[top : top + height, left : left + width] = arr
        return out
    amounts = ((top, bottom), (left, right), (0, 0))[: arr.ndim]
    ends = {"end_values": cval} if mode == "linear_ramp" else {}
    return np.pad(arr, amounts, mode=mode, **ends)  # type: ignore[call-overload]


def compute_paddings_to_reach_aspect_ratio(arr: Array | Shape, aspect_ratio: float) -> Padding:
    """Return how much to pad until width / height comes as near to a ratio as whole pixels can.

    Parameters
    ----------
    arr : numpy.ndarray or tuple of int
        The array or its shape.
    aspect_ratio : float
        Width / height, above 0.

    Returns
    -------
    (int, int, int, int)
        Pixels to add at top, right, bottom and left; either rows or columns. Where the number is
        odd, the bottom or the right gets the extra one.

    Raises
    ------
    ValueError
        If the ratio is not above 0 and finite.

    Examples
    --------
    >>> compute_paddings_to_reach_aspect_ratio((4, 5), 2.0)
    (0, 2, 0, 1)
    """
    if not 0 < aspect_ratio < float("inf"):
        raise ValueError(f"aspect_ratio is width / height, above 0, got {aspect_ratio}")
    height, width = shape_of(arr)[:2]
    if width < aspect_ratio * height:
        return _around(0, _nearest(aspect_ratio * height) - width)
    return _around(_nearest(width / aspect_ratio) - height, 0)


@overload
def pad_to_aspect_ratio(
    arr: Array,
    aspect_ratio: float,
    mode: str = ...,
    cval: float = ...,
    return_pad_amounts: Literal[False] = ...,
) -> Array: ...
@overload
def pad_to_aspect_ratio(
    arr: Array,
    aspect_ratio: float,
    mode: str = ...,
    cval: float = ...,
    *,
    return_pad_amounts: Literal[True],
) -> tuple[Array, Padding]: ...
def pad_to_aspect_ratio(
    arr: Array,
    aspect_ratio: float,
    mode: str = "constant",
    cval: float = 0,
    return_pad_amounts: bool = False,
) -> Array | tuple[Array, Padding]:
    """Pad an array on two opposite sides until width / height matches a ratio.

    Parameters
    ----------
    arr, mode, cval
        As for `pad`.
    aspect_ratio : float
        Width / height; 2.0 is twice as wide as high.
    return_pad_amounts : bool
        Whether to return ``(array, (top, right, bottom, left))``.

    Returns
    -------
    numpy.ndarray or (numpy.ndarray, (int, int, int, int))
        See `compute_paddings_to_reach_aspect_ratio` for how much is added where.

    Examples
    --------
    >>> pad_to_aspect_ratio(np.zeros((4, 5)), 2.0, return_pad_amounts=True)[1]
    (0, 2, 0, 1)
    """
    amounts = compute_paddings_to_reach_aspect_ratio(arr, aspect_ratio)
    padded = pad(arr, *amounts, mode=mode, cval=cval)
    return (padded, amounts) if return_pad_amounts else padded


def compute_paddings_to_reach_multiples_of(
    arr: Array | Shape, height_multiple: int | None, width_multiple: int | None
) -> Padding:
    """Return how much to pad until height and width are multiples of two numbers.

    Parameters
    ----------
    arr : numpy.ndarray or tuple of int
        The array or its shape.
    height_multiple, width_multiple : int or None
        At least 1; None leaves that side as it is.

    Returns
    -------
    (int, int, int, int)
        Pixels to add at top, right, bottom and left. Where a number is odd, the bottom or the
        right gets the extra one.

    Raises
    ------
    ValueError
        If a multiple is below 1 or no whole number.

    Examples
    --------
    >>> compute_paddings_to_reach_multiples_of((5, 8), 8, 4)
    (1, 0, 2, 0)
    """
    height, width = shape_of(arr)[:2]
    multiples = (height_multiple, width_multiple)
    if any(m is not None and (m < 1 or int(m) != m) for m in multiples):
        raise ValueError(f"multiples are whole numbers from 1, or None, got {multiples}")
    return _around(-height % (height_multiple or 1), -width % (width_multiple or 1))


@overload
def pad_to_multiples_of(
    arr: Array,
    height_multiple: int | None,
    width_multiple: int | None,
    mode: str = ...,
    cval: float = ...,
    return_pad_amounts: Literal[False] = ...,
) -> Array: ...
@overload
def pad_to_multiples_of(
    arr: Array,
    height_multiple: int | None,
    width_multiple: int | None,
    mode: str = ...,
    cval: float = ...,
    *,
    return_pad_amounts: Literal[True],
) -> tuple[Array, Padding]: ...
def pad_to_multiples_of(
    arr: Array,
    height_multiple: int | None,
    width_multiple: int | None,
    mode: str = "constant",
    cval: float = 0,
    return_pad_amounts: bool = False,
) -> Array | tuple[Array, Padding]:
    """Pad an array around until its height and width are multiples of two numbers.

    Parameters
    ----------
    arr, mode, cval
        As for `pad`.
    height_multiple, width_multiple : int or None
        At least 1; None leaves that side as it is.
    return_pad_amounts : bool
        Whether to return ``(array, (top, right, bottom, left))``.

    Returns
    -------
    numpy.ndarray or (numpy.ndarray, (int, int, int, int))
        See `compute_paddings_to_reach_multiples_of` for how much is added where.

    Examples
    --------
    >>> pad_to_multiples_of(np.zeros((5, 8)), 4, 4).shape
    (8, 8)
    """
    amounts = compute_paddings_to_reach_multiples_of(arr, height_multiple, width_multiple)
    padded = pad(arr, *amounts, mode=mode, cval=cval)
    return (padded, amounts) if return_pad_amounts else padded


def _check_amounts(amounts: Padding) -> None:
    if any(n < 0 or int(n) != n for n in amounts):
        raise ValueError(
            "pad amounts are whole numbers of pixels from 0, got top, right, bottom, left = "
            f"{amounts}; to take pixels away, slice the array"
        )


def _check_value(cval: float, dtype: np.dtype) -> None:
    """Raise if an integer dtype does not hold the value: NumPy would wrap or cut it."""
    if dtype.kind not in "iu":
        return
    limits = np.iinfo(dtype)
    if not limits.min <= cval <= limits.max or int(cval) != cval:
        raise ValueError(
            f"cval must be a whole number in [{limits.min}, {limits.max}] for an array of "
            f"{dtype}, got {cval}"
        )


def _nearest(length: float) -> int:
    return int(length + 0.5)


def _around(rows: int, columns: int) -> Padding:
    """Spread rows and columns over opposite sides; bottom and right get the odd ones."""
    return rows // 2, columns - columns // 2, rows - rows // 2, columns // 2

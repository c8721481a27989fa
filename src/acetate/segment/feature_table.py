"""Feature tables: a row a pixel with its position, values and surroundings, for any learner."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_finite, check_image
from acetate.heat import diffuse
from acetate.names import nearest
from acetate.segment.gray import gray_values

Table = NDArray[np.void]
Matrix = NDArray[np.float64]
Rescale = Literal["standard", "robust", "none"]

COLUMNS = ("x", "y", "intensity", "channels", "gaussian", "sobel_x", "sobel_y")
# By this the range between quartiles is that of a normal distribution of deviation 1.
_QUARTILES = 1.3489795


def pixel_table(
    image: Array,
    columns: Sequence[str] = ("x", "y", "intensity"),
    *,
    sigma: float = 5.0,
    extra: Mapping[str, Array] | None = None,
) -> Table:
    """Return a table with a row for every pixel, row by row of the picture.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1]. There may be
        hundreds of channels: registered pictures of two machines, spectra.
    columns : sequence of str
        In the order wanted. "x", "y": the pixel's centre. "intensity": its value, or the mean of
        its channels, in units of the picture. "channels": all values, as ``channel_0`` and so on.
        "gaussian": the intensity blurred. "sobel_x", "sobel_y": Sobel's derivatives of the
        intensity, per pixel, high on vertical and on horizontal edges.
    sigma : float
        Standard deviation of the blur in pixels.
    extra : mapping of str to numpy.ndarray
        More columns, each ``(H, W)``: a truth, other pictures, the response of a filter.

    Returns
    -------
    numpy.ndarray
        ``(H * W,)`` structured: a named field for every column; whole numbers of extra columns
        keep their dtype, the rest is float64. ``table["x"]`` is a column, ``table[7]`` a row.

    Raises
    ------
    TypeError, ValueError
        If the image is none, there is no such column, one is there twice, or an extra column has
        another shape.

    See Also
    --------
    to_frame : The same for pandas.
    to_matrix : The same as a matrix for scikit-learn.

    Examples
    --------
    >>> table = pixel_table(np.array([[10, 20]], np.uint8))
    >>> table["x"], table[1].item()
    (array([0.5, 1.5]), (1.5, 0.5, 20.0))
    """
    picture = check_image(image)
    found = _columns(picture, columns, sigma)
    for name, values in (extra or {}).items():
        if not isinstance(values, np.ndarray) or values.shape != picture.shape[:2]:
            got = getattr(values, "shape", type(values).__name__)
            raise ValueError(
                f"column {name!r} must be an array of the picture's shape, {picture.shape[:2]}, "
                f"got {got}"
            )
        found.append((name, values))
    names = [name for name, _ in found]
    if len(set(names)) < len(names):
        raise ValueError(f"a column may come once, got {', '.join(names)}")
    table = np.empty(picture.shape[0] * picture.shape[1], [(n, v.dtype) for n, v in found])
    for name, values in found:
        table[name] = values.reshape(-1)
    return table


def to_frame(table: Table) -> Any:
    """Return a table as a pandas frame.

    Parameters
    ----------
    table : numpy.ndarray
        Of `pixel_table`, or any structured array of one dimension.

    Returns
    -------
    pandas.DataFrame
        ``frame.sample(8).round(2)`` shows some rows.

    Raises
    ------
    ImportError
        If pandas is not installed.

    Examples
    --------
    >>> to_frame(pixel_table(np.zeros((2, 2)))).columns  # doctest: +SKIP
    Index(['x', 'y', 'intensity'], dtype='object')
    """
    _check_table(table)
    try:
        pandas = import_module("pandas")
    except ImportError as error:
        raise ImportError("to_frame needs pandas: pip install pandas") from error
    return pandas.DataFrame({name: table[name] for name in table.dtype.names or ()})


def to_matrix(table: Table, columns: Sequence[str] | None = None) -> Matrix:
    """Return columns of a table as a matrix.

    Parameters
    ----------
    table : numpy.ndarray
        Of `pixel_table`.
    columns : sequence of str or None
        Which fields; None takes all.

    Returns
    -------
    numpy.ndarray
        ``(n, columns)`` float64.

    Raises
    ------
    TypeError, ValueError
        If it is no table, or has no such column.

    Examples
    --------
    >>> to_matrix(pixel_table(np.array([[10, 20]], np.uint8)), ["x", "intensity"])
    array([[ 0.5, 10. ],
           [ 1.5, 20. ]])
    """
    names = _check_table(table)
    chosen = names if columns is None else tuple(columns)
    for name in chosen:
        if name not in names:
            raise ValueError(f"no column {name!r}; the nearest is {nearest(name, names)!r}")
    return np.stack([table[name].astype(np.float64) for name in chosen], axis=1)


def rescaled(matrix: Matrix, how: Rescale = "standard") -> Matrix:
    """Bring the columns of a matrix to one scale.

    Parameters
    ----------
    matrix : numpy.ndarray
        ``(n, columns)``, finite.
    how : {"standard", "robust", "none"}
        "standard": minus the mean, over the standard deviation. "robust": minus the median, over
        the range between the quartiles (times 1.349: the deviation, of a normal distribution);
        over the standard deviation where that range is 0. "none": as it is.

    Returns
    -------
    numpy.ndarray
        A new matrix, float64. A column of a single value becomes 0.

    Raises
    ------
    ValueError
        If it holds NaN or infinity, or there is no such way.

    Examples
    --------
    >>> rescaled(np.array([[1.0, 7.0], [3.0, 7.0]]))
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    values = np.array(matrix, np.float64)
    check_finite(values, "matrix")
    if how == "none":
        return values
    if how not in ("standard", "robust"):
        raise ValueError(f"how is one of standard, robust, none, got {how!r}")
    # First to [0, 1], as squares of tiny numbers are 0.
    least, span = values.min(axis=0), np.ptp(values, axis=0)
    varied = span > 0
    values = np.where(varied, (values - least) / np.where(varied, span, 1.0), 0.0)
    spread, middle = values.std(axis=0), values.mean(axis=0)
    if how == "robust":
        low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), axis=0)
        spread = np.where(high > low, (high - low) / _QUARTILES, spread)
    return (values - middle) / np.where(varied, spread, 1.0)


def _columns(picture: Array, columns: Sequence[str], sigma: float) -> list[tuple[str, Array]]:
    for name in columns:
        if name not in COLUMNS:
            raise ValueError(f"no column {name!r}; the nearest is {nearest(name, COLUMNS)!r}")
    if not 0 <= sigma < np.inf:
        raise ValueError(f"sigma must be at least 0 and finite, got {sigma!r}")
    found: list[tuple[str, Array]] = []
    for name in columns:
        if name == "channels":
            planes = np.moveaxis(np.atleast_3d(picture), 2, 0).astype(np.float64)
            found += [(f"channel_{n}", plane) for n, plane in enumerate(planes)]
        else:
            found.append((name, column(picture, name, sigma)))
    return found


def column(picture: Array, name: str, sigma: float = 5.0) -> Matrix:
    """Return one of the `COLUMNS` but "channels" as a picture, ``(H, W)`` float64.

    Examples
    --------
    >>> column(np.zeros((1, 2)), "x")
    array([[0.5, 1.5]])
    """
    if name in ("x", "y"):
        y, x = np.indices(picture.shape[:2]) + 0.5
        return np.asarray(x if name == "x" else y)
    values = gray_values(picture).astype(np.float64)
    if name == "gaussian":
        return diffuse(values, sigma**2 / 2)
    if name in ("sobel_x", "sobel_y"):
        along = (1, 0) if name == "sobel_x" else (0, 1)
        border = cv2.BORDER_REFLECT
        return np.asarray(cv2.Sobel(values, cv2.CV_64F, *along, scale=1 / 8, borderType=border))
    return values


def _check_table(table: Any) -> tuple[str, ...]:
    if not isinstance(table, np.ndarray) or table.dtype.names is None or table.ndim != 1:
        got = table.dtype if isinstance(table, np.ndarray) else type(table).__name__
        raise TypeError(f"table must be a structured array of one dimension, got {got}")
    return table.dtype.names

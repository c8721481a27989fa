"""Rulers in pictures: mm per pixel from two marks a known length apart, with its uncertainty."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acetate.sheets import LandmarkSet

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ruler:
    """What the two marks of a ruler say about pictures.

    Parameters
    ----------
    spacing : numpy.ndarray
        ``(N,)`` mm per pixel; NaN where a mark is missing, or both lie in one place.
    uncertainty : numpy.ndarray
        ``(N,)`` its standard uncertainty in mm per pixel; NaN where nothing is known of the marks.
    length : numpy.ndarray
        ``(N,)`` how far apart the marks are in pixels.

    Examples
    --------
    >>> ruler_spacing([[0, 0]], [[100, 0]]).spacing
    array([0.1])
    """

    spacing: Floats
    uncertainty: Floats
    length: Floats


def ruler_spacing(
    first: ArrayLike,
    second: ArrayLike,
    length: float = 10.0,
    *,
    first_covariance: ArrayLike | None = None,
    second_covariance: ArrayLike | None = None,
    length_uncertainty: float = 0.0,
) -> Ruler:
    """Return mm per pixel from two marks that are a known length apart.

    Parameters
    ----------
    first, second : array_like
        ``(N, 2)`` the marks in pixels; NaN is missing.
    length : float
        How far apart they are in mm.
    first_covariance, second_covariance : array_like, optional
        ``(N, 2, 2)`` of the marks in square pixels, as a detector gives them, or one ``(2, 2)``
        for all; the two marks' errors are taken as independent.
    length_uncertainty : float
        Standard uncertainty of the length in mm.

    Returns
    -------
    Ruler
        Marks d pixels apart give s = L / d. Its uncertainty is propagated to first order:
        u(s)^2 = s^2 (u(d)^2 / d^2 + u(L)^2 / L^2), where u(d)^2 is the variance of both marks
        along the line between them; what they are off across it does not count.

    Raises
    ------
    ValueError
        If shapes disagree, a length is not above 0, or a covariance is no positive semi-definite
        one.

    References
    ----------
    JCGM 100:2008, Evaluation of measurement data: guide to the expression of uncertainty in
    measurement (GUM), section 5.1.

    Examples
    --------
    >>> ruler = ruler_spacing([[0, 0]], [[100, 0]], first_covariance=np.eye(2),
    ...                       second_covariance=np.zeros((2, 2)))
    >>> ruler.spacing, ruler.uncertainty
    (array([0.1]), array([0.001]))
    """
    start, end = _marks("first", first), _marks("second", second)
    if start.shape != end.shape:
        raise ValueError(f"both marks must be (N, 2), got {start.shape} and {end.shape}")
    if not 0 < length < np.inf or not 0 <= length_uncertainty < np.inf:
        raise ValueError(
            f"a length is above 0 mm and its uncertainty at least 0, got {length} and "
            f"{length_uncertainty}"
        )
    apart = end - start
    pixels = np.linalg.norm(apart, axis=-1)
    divisor = np.where(pixels > 0, pixels, np.nan)
    spacing = length / divisor
    along = apart / divisor[:, np.newaxis]
    variances = [
        _along(name, covariance, along)
        for name, covariance in (("first", first_covariance), ("second", second_covariance))
    ]
    relative = sum(variances) / divisor**2 + (length_uncertainty / length) ** 2
    return Ruler(spacing, spacing * np.sqrt(relative), pixels)


def with_ruler(
    marks: LandmarkSet, first: str = "P1", second: str = "P2", length: float = 10.0
) -> LandmarkSet:
    """Return a set with the mm per pixel that two of its landmarks give as a ruler.

    Parameters
    ----------
    marks : LandmarkSet
        With the two marks among its landmarks; they stay.
    first, second : str
        Their names.
    length : float
        How far apart they are in mm.

    Returns
    -------
    LandmarkSet
        Pictures where a mark is missing keep the spacing that they had.

    Raises
    ------
    ValueError
        If a name is unknown or both are one, both marks of a picture lie in one place, or as for
        `ruler_spacing`.

    Examples
    --------
    >>> marks = LandmarkSet(["P1", "P2"], ["a.png"], [[[10, 20], [110, 20]]])
    >>> with_ruler(marks).spacing
    array([0.1])
    """
    check_two(first, second)
    two = marks.select(names=[first, second]).points
    ruler = ruler_spacing(two[:, 0], two[:, 1], length)
    for i in np.flatnonzero(ruler.length == 0).tolist():
        x, y = two[i, 0].tolist()
        raise ValueError(
            f"both marks of the ruler of {marks.pictures[i]!r}, {first!r} and {second!r}, lie at "
            f"({x:.4g}, {y:.4g}): mend them, or leave the picture out"
        )
    return marks.with_spacing(np.where(np.isnan(ruler.spacing), marks.spacing, ruler.spacing))


def check_two(first: str, second: str) -> None:
    """Raise if the two marks of a ruler are one.

    Examples
    --------
    >>> check_two("P1", "P1")
    Traceback (most recent call last):
    ValueError: a ruler has two marks, got 'P1' for both
    """
    if first == second:
        raise ValueError(f"a ruler has two marks, got {first!r} for both")


def _marks(name: str, points: ArrayLike) -> Floats:
    array = np.asarray(points, np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"the {name} marks must be (N, 2), x and y, got {array.shape}")
    if np.isinf(array).any():
        raise ValueError(f"the {name} marks hold an infinite place; NaN stands for missing ones")
    return array


def _along(name: str, covariance: ArrayLike | None, along: Floats) -> Floats:
    """Return the variance of marks along their lines; NaN where it is not known."""
    if covariance is None:
        return np.full(len(along), np.nan)
    matrices = np.asarray(covariance, np.float64)
    if matrices.shape not in ((2, 2), (len(along), 2, 2)):
        raise ValueError(
            f"the {name} covariance must be (2, 2) or ({len(along)}, 2, 2), got {matrices.shape}"
        )
    matrices = np.broadcast_to(matrices, (len(along), 2, 2))
    known = np.isfinite(matrices).all(axis=(1, 2))
    least = np.linalg.eigvalsh(matrices[known]) if known.any() else np.zeros((1, 2))
    if (least < -1e-9).any() or not np.allclose(matrices[known], matrices[known].swapaxes(1, 2)):
        raise ValueError(f"the {name} covariance must be symmetric with no negative variance")
    return np.einsum("ni,nij,nj->n", along, matrices, along)

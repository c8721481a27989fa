"""Heat kernels in closed form: on the line, the circle, the interval and the disk."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acetate.arrays import Array
from acetate.heat.checks import check_positive

Series = Literal["images", "cosines"]
Kernel = NDArray[np.float64]

# exp(-40) = 4e-18: what is smaller than this part of the sum does not change a float64.
_EXPONENT = 40.0
_MOST_TERMS = 10_000
_LEAST_DISK_TIME = 1e-3


def gaussian_kernel(distance: ArrayLike, t: float, dimensions: int = 1) -> Kernel:
    """Return the heat kernel of the line, the plane or space: (4 pi t)^(-d/2) exp(-r^2 / 4t).

    Parameters
    ----------
    distance : array_like
        Distances from the source, any shape.
    t : float
        Time, above 0; the standard deviation is ``sqrt(2 t)``.
    dimensions : int
        The d of the formula, at least 1.

    Returns
    -------
    numpy.ndarray
        Density, of the distances' shape; its integral is 1.

    Raises
    ------
    TypeError, ValueError
        If the time is not above 0, or there are no dimensions.

    Examples
    --------
    >>> gaussian_kernel([0.0, 1.0], t=0.5).round(4)
    array([0.3989, 0.242 ])
    """
    time = check_positive(t, "t")
    if dimensions < 1:
        raise ValueError(f"dimensions must be at least 1, got {dimensions}")
    r = np.asarray(distance, dtype=np.float64)
    return np.asarray(np.exp(-(r**2) / (4 * time)) / (4 * np.pi * time) ** (dimensions / 2))


def theta_kernel(
    x: ArrayLike, t: float, period: float = 1.0, series: Series | None = None
) -> Kernel:
    """Return the heat kernel of a circle: the Jacobi theta function.

    Parameters
    ----------
    x : array_like
        Distances from the source along the circle, any shape.
    t : float
        Time, above 0.
    period : float
        The circumference P, above 0.
    series : {"images", "cosines"} or None
        The sum over Gaussians at all turns, ``sum_n g(x + n P, t)``, which is short for small
        times, or over waves, ``(1 + 2 sum_n exp(-t (2 pi n / P)**2) cos(2 pi n x / P)) / P``,
        short for large ones. None takes the shorter. They are equal (Jacobi 1828).

    Returns
    -------
    numpy.ndarray
        Density, of the shape of `x`; its integral over one turn is 1.

    Raises
    ------
    TypeError, ValueError
        If the time or the period is not above 0, the series has another name, or the one that
        was asked for needs more than 10000 terms.

    Examples
    --------
    >>> theta_kernel([0.0, 0.5], t=0.01).round(6)
    array([2.820948, 0.010891])
    >>> theta_kernel([0.0, 0.5], t=0.01, series="cosines").round(6)
    array([2.820948, 0.010891])
    """
    time, turn = check_positive(t, "t"), check_positive(period, "period")
    terms: dict[str, float] = {
        "images": 0.5 + np.sqrt(4 * time * _EXPONENT) / turn,
        "cosines": turn * np.sqrt(_EXPONENT / time) / (2 * np.pi),
    }
    name: str = series or min(terms, key=terms.__getitem__)
    if name not in terms:
        raise ValueError(f"series is 'images', 'cosines' or None, got {series!r}")
    if terms[name] > _MOST_TERMS:
        raise ValueError(
            f"the series of {name} needs {terms[name]:.0f} terms at t = {t:g}, above the "
            f"{_MOST_TERMS} that are allowed; leave series=None"
        )
    around = np.asarray(x, dtype=np.float64)
    around = around - turn * np.round(around / turn)
    summed = _images if name == "images" else _cosines
    return summed(around, time, turn, int(np.ceil(terms[name])))


def _images(x: Array, t: float, period: float, terms: int) -> Kernel:
    total = gaussian_kernel(x, t)
    for n in range(1, terms + 1):
        total = total + gaussian_kernel(x + n * period, t) + gaussian_kernel(x - n * period, t)
    return total


def _cosines(x: Array, t: float, period: float, terms: int) -> Kernel:
    total = np.ones_like(x)
    for n in range(1, terms + 1):
        wave = 2 * np.pi * n / period
        total = total + 2 * np.exp(-t * wave**2) * np.cos(wave * x)
    return total / period


def interval_kernel(
    x: ArrayLike, y: ArrayLike, t: float, length: float = 1.0, series: Series | None = None
) -> Kernel:
    """Return the heat kernel of an interval with insulated ends.

    Parameters
    ----------
    x, y : array_like
        Positions in [0, length] that broadcast together: where heat is seen, where it started.
    t : float
        Time, above 0.
    length : float
        Of the interval, above 0. The kernel of a box is the product of those of its sides.
    series : {"images", "cosines"} or None
        As in `theta_kernel`, of which this is a sum of two.

    Returns
    -------
    numpy.ndarray
        Density; its integral over the interval, in `x` or in `y`, is 1.

    Raises
    ------
    TypeError, ValueError
        As `theta_kernel`, and if a position is outside the interval.

    Examples
    --------
    >>> interval_kernel([0.0, 0.5, 1.0], 0.0, t=0.01).round(4)
    array([5.6419, 0.0109, 0.    ])
    """
    end = check_positive(length, "length")
    here, there = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    for name, at in (("x", here), ("y", there)):
        if not np.all((at >= 0) & (at <= end)):
            raise ValueError(
                f"{name} must lie in [0, {end:g}], got [{np.min(at):g}, {np.max(at):g}]"
            )
    direct = theta_kernel(here - there, t, 2 * end, series)
    return direct + theta_kernel(here + there, t, 2 * end, series)


def disk_kernel(points: ArrayLike, source: ArrayLike, t: float, radius: float = 1.0) -> Kernel:
    """Return the heat kernel of a disk with an insulated rim.

    Parameters
    ----------
    points : array_like
        ``(..., 2)``: x and y from the disk's centre, where heat is seen.
    source : array_like
        ``(2,)``: x and y of where it started.
    t : float
        Time, at least ``radius**2 / 1000``: before that the rim is not felt, except close to it,
        and `gaussian_kernel` is the answer.
    radius : float
        Of the disk, above 0.

    Returns
    -------
    numpy.ndarray
        Density, ``(...)``; its integral over the disk is 1.

    Raises
    ------
    TypeError, ValueError
        If points or source have another shape or lie outside, or the time is too small.

    Notes
    -----
    The sum over the disk's modes, J_m(j r) cos(m a) with j a zero of J_m' (the Bessel function's
    derivative), each over its squared norm (Carslaw and Jaeger 1959, "Conduction of Heat in
    Solids").

    Examples
    --------
    >>> disk_kernel([(0.0, 0.0), (1.0, 0.0)], (0.0, 0.0), t=0.05).round(4)
    array([1.5915, 0.0225])
    """
    rim = check_positive(radius, "radius")
    time = check_positive(t, "t") / rim**2
    if time < _LEAST_DISK_TIME:
        raise ValueError(
            f"t must be at least radius**2 / 1000 = {rim**2 * _LEAST_DISK_TIME:g}, got {t:g}; "
            "use gaussian_kernel for smaller times"
        )
    r, a = _polar(points, rim, "points")
    s, b = _polar(source, rim, "source")
    if s.ndim:
        raise ValueError(f"source is one point, x and y, got shape {np.shape(source)}")
    total = 1 + sum(_order(m, r, s, a - b, time) for m in range(_orders(time)))
    return np.asarray(total / (np.pi * rim**2), dtype=np.float64)


def _polar(points: ArrayLike, radius: float, name: str) -> tuple[Array, Array]:
    """Return the distance from the centre, 1 at the rim, and the angle."""
    at = np.asarray(points, dtype=np.float64)
    if at.shape[-1:] != (2,):
        raise ValueError(f"{name} must have shape (..., 2), x and y, got {at.shape}")
    r = np.hypot(at[..., 0], at[..., 1]) / radius
    if not np.all(r <= 1 + 1e-12):
        raise ValueError(f"{name} must lie on the disk of radius {radius:g}, got {at.tolist()}")
    return r, np.arctan2(at[..., 1], at[..., 0])


def _orders(t: float) -> int:
    """Return how many angular orders matter: the first zero of J_m' is above m."""
    return int(np.sqrt(_EXPONENT / t)) + 1


def _order(m: int, r: Array, s: Array, angle: Array, t: float) -> Array:
    """Return the modes of one angular order, summed over the radial ones, but for the constant."""
    from scipy.special import jnp_zeros, jv

    zeros = jnp_zeros(m, int(np.sqrt(_EXPONENT / t) / np.pi) + 2)
    norm = jv(m, zeros) ** 2 * (1 - (m / zeros) ** 2)
    amounts = np.exp(-t * zeros**2) * jv(m, zeros * s) / norm
    radial = jv(m, r[..., np.newaxis] * zeros) @ amounts
    return (2 if m else 1) * radial * np.cos(m * angle)

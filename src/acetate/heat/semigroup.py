"""The heat semigroup exp(t Laplacian) on a box with insulated sides, exactly, by cosines."""

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.heat.checks import Spacing, check_number, check_spacing, check_values


def heat_semigroup(array: Array, t: float, *, spacing: Spacing = 1.0, dimensions: int = 2) -> Array:
    """Let heat flow for time `t` along the first axes; nothing leaves through the sides.

    Parameters
    ----------
    array : numpy.ndarray
        ``(H, W, ...)``, or ``(Z, Y, X, ...)`` with ``dimensions=3``: what stands after the axes
        of space are channels, each on its own. uint8, uint16, float32 or float64, of any range.
    t : float
        Time, at least 0, in squared units of the spacing: a blur by sigma takes
        ``t = sigma**2 / 2``.
    spacing : float or sequence of float
        From one element to the next: one number, or one for each axis of space.
    dimensions : int
        How many axes are space: 1, 2 or 3.

    Returns
    -------
    numpy.ndarray
        The same shape; float64 for float64, float32 for the others.

    Raises
    ------
    TypeError, ValueError
        If the array, the time or the spacing makes no sense.

    See Also
    --------
    acetate.heat.diffuse : The same, fast, to a tolerance.

    Notes
    -----
    The Laplacian with insulated sides (Neumann) is diagonal in the type-II cosine basis:
    coefficient p of an axis of n elements, h apart, decays by ``exp(-t (pi p / (n h))**2)``. The
    mean is kept, exp(s) exp(t) = exp(s + t), and the operator is positive definite. Its kernel is
    the theta kernel of `acetate.heat.interval_kernel`, up to the frequencies that pixels cannot
    hold. What those leave out makes values leave the range of the input, by at most 6.3 % of it
    on each axis near t = 0.1, 1.3 % at t = 0.25, 0.16 % at 0.5, 0.0012 % at 1 (squared
    spacings); less than rounding from 2 on.

    Examples
    --------
    >>> heat_semigroup(np.array([[0.0, 0.0, 6.0]]), t=100.0)
    array([[2., 2., 2.]])
    """
    values = check_values(array, dimensions)
    steps = check_spacing(spacing, dimensions)
    time = check_number(t, "t")
    rates = decay_rates(values.shape[:dimensions], steps)
    coefficients = to_cosines(values, dimensions)
    for axis, rate in enumerate(rates):
        decay = np.exp(-time * rate).astype(coefficients.dtype)
        coefficients *= decay.reshape((-1,) + (1,) * (values.ndim - axis - 1))
    return from_cosines(coefficients, dimensions)


def decay_rates(
    shape: tuple[int, ...], spacing: tuple[float, ...]
) -> tuple[NDArray[np.float64], ...]:
    """Return how fast each cosine of each axis decays: (pi p / (n h))^2, for p from 0 to n - 1.

    Examples
    --------
    >>> decay_rates((1, 2), (1.0, 1.0))
    (array([0.]), array([0.       , 2.4674011]))
    """
    return tuple(
        np.square(np.pi / (n * h) * np.arange(n, dtype=np.float64))
        for n, h in zip(shape, spacing, strict=True)
    )


def to_cosines(values: Array, dimensions: int = 2) -> Array:
    """Return the orthonormal cosine coefficients of the first axes, float32 or float64.

    Examples
    --------
    >>> to_cosines(np.array([[3.0, 3.0, 3.0, 3.0]])).round(12)
    array([[6., 0., 0., 0.]])
    """
    from scipy.fft import dctn

    floats = values if values.dtype.kind == "f" else values.astype(np.float32)
    return dctn(floats, axes=tuple(range(dimensions)), norm="ortho")


def from_cosines(coefficients: Array, dimensions: int = 2) -> Array:
    """Return the array that has these orthonormal cosine coefficients.

    Examples
    --------
    >>> from_cosines(np.array([[6.0, 0.0, 0.0, 0.0]])).round(12)
    array([[3., 3., 3., 3.]])
    """
    from scipy.fft import idctn

    return idctn(coefficients, axes=tuple(range(dimensions)), norm="ortho")

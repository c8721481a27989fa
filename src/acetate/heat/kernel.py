"""The heat kernel at a point, and back: the point from its kernel, to a fraction of a pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acetate.arrays import Array, channels_last, check_finite
from acetate.heat.peak import fit_peaks


def heat_kernel(shape: tuple[int, int], points: ArrayLike, sigma: float) -> NDArray[np.float32]:
    """Return one map per point: exp(-r^2 / (2 sigma^2)), r the distance to the point.

    Parameters
    ----------
    shape : (int, int)
        ``(height, width)`` of the maps.
    points : array_like
        ``(n, 2)``: x and y in pixels of the map; the centre of pixel (row i, column j) is
        ``(j + 0.5, i + 0.5)``. They are never rounded and may lie outside the map.
    sigma : float
        Standard deviation in pixels of the map, above 0.

    Returns
    -------
    numpy.ndarray
        ``(height, width, n)`` float32: the kernel at the pixels' centres, 1 at the point itself.
        A point that is NaN has a map of zeros.

    Raises
    ------
    ValueError
        If the points have another shape, or the maps would be empty, or sigma is not above 0.

    Notes
    -----
    Up to its factor, the fundamental solution of the heat equation at time ``sigma**2 / 2``.

    Examples
    --------
    >>> heat_kernel((1, 3), [(1.5, 0.5)], sigma=1)[:, :, 0]
    array([[0.60653067, 1.        , 0.60653067]], dtype=float32)
    """
    where = np.asarray(points, dtype=np.float64)
    if where.ndim != 2 or where.shape[1] != 2:
        raise ValueError(f"points must have shape (n, 2), x and y, got {where.shape}")
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(f"shape is (height, width), both at least 1, got {shape}")
    if not 0 < sigma < np.inf:
        raise ValueError(f"sigma must be above 0 and finite, got {sigma}")
    column, row = (_profile(size, where[:, k], sigma) for k, size in enumerate(shape[::-1]))
    return row[:, np.newaxis, :] * column[np.newaxis, :, :]


def _profile(size: int, at: Array, sigma: float) -> NDArray[np.float32]:
    """Return the kernel along one axis, ``(size, n)``; the kernel is the product of both."""
    distance = (np.arange(size)[:, np.newaxis] + 0.5 - at) / sigma
    return np.nan_to_num(np.exp(-(distance**2) / 2)).astype(np.float32)


@dataclass(frozen=True)
class Peaks:
    """Where maps peak, and how high.

    Parameters
    ----------
    points : numpy.ndarray
        ``(n, 2)`` float64, x and y in pixels of the map; NaN for a map without a peak.
    values : numpy.ndarray
        ``(n,)`` float64: the largest value of every map, at a pixel's centre.

    Examples
    --------
    >>> Peaks(np.array([[1.5, 0.5]]), np.array([1.0])).points.shape
    (1, 2)
    """

    points: NDArray[np.float64]
    values: NDArray[np.float64]


def locate_peak(maps: Array, radius: int = 2) -> Peaks:
    """Find the centre of the kernel in every map, to a fraction of a pixel.

    Parameters
    ----------
    maps : numpy.ndarray
        ``(H, W)`` or ``(H, W, n)``, floats, at least 3 pixels in both directions.
    radius : int
        The fit sees the pixels up to so far from the largest value, in both directions, cut off
        at the border; at least 1. Twice sigma is best where the maps are noisy; a clean kernel
        needs no more than 1.

    Returns
    -------
    Peaks
        ``points (n, 2)`` and ``values (n,)``. A map that has no peak (all zero, flat, a ridge or
        a saddle at its largest value, or one whose fit leaves the window) gives NaN. The point
        may lie outside the map by up to `radius`.

    Raises
    ------
    ValueError
        If the maps have another shape or NaN or infinite values, or the radius is below 1.

    Notes
    -----
    The Gaussian, of any width and direction, that fits best in the sense of least squares:
    `acetate.heat.peak.fit_peaks`. The logarithm of a kernel is a quadratic, so a clean one is
    recovered exactly, turned, stretched and cut by the border too.

    Examples
    --------
    >>> maps = heat_kernel((16, 16), [(5.2, 0.1)], sigma=2)
    >>> locate_peak(maps).points.round(3)
    array([[5.2, 0.1]])
    """
    fits = fit_peaks(_check_maps(maps, radius), radius, np)
    return Peaks(np.where(fits.found[:, np.newaxis], fits.points, np.nan), fits.values)


def _check_maps(maps: Array, radius: int) -> Array:
    """Return the maps as ``(n, H, W)``."""
    if maps.ndim not in (2, 3) or min(maps.shape[:2]) < 3:
        raise ValueError(f"maps must have shape (H, W) or (H, W, n), H, W >= 3, got {maps.shape}")
    if radius < 1:
        raise ValueError(f"radius must be at least 1 pixel, got {radius}")
    check_finite(maps, "maps")
    return np.moveaxis(channels_last(maps), 2, 0)

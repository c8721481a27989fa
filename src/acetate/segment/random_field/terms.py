"""Data terms: minus the logarithm of how probable each phase makes a pixel's value or place."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, channels_last, check_image, check_range, full_scale
from acetate.heat import diffuse
from acetate.segment.random_field.potts import Costs
from acetate.segment.regions.outlines import check_labels

# The variance of rounding to 8 bits, white being 1: no phase varies less.
_ROUNDING = 1 / (12 * 255**2)
# A histogram is smoothed over so many of its bins, and so many pixels are added to each.
_BINS_SMOOTHED, _ADDED = 1.0, 0.5


def probability_costs(probabilities: NDArray[Any], floor: float = 1e-6) -> Costs:
    """Return what each phase costs at each pixel from any method's probabilities.

    Parameters
    ----------
    probabilities : numpy.ndarray
        ``(H, W)`` floats in [0, 1], those of phase 1 of two; or ``(H, W, phases)``, which are
        divided by their sum at each pixel.
    floor : float
        Smaller ones count as this, in (0, 0.5): how sure a pixel can be against its neighbours.

    Returns
    -------
    numpy.ndarray
        ``(phases, H, W)`` float32: minus their logarithms.

    Raises
    ------
    TypeError, ValueError
        If they are no probabilities, or sum up to 0 at a pixel, or the floor is out of range.

    Examples
    --------
    >>> probability_costs(np.array([[0.5, 1.0]])).round(2)
    array([[[ 0.69, 13.82]],
           [[ 0.69, -0.  ]]], dtype=float32)
    """
    if not isinstance(probabilities, np.ndarray) or probabilities.dtype.kind != "f":
        kind = getattr(probabilities, "dtype", type(probabilities).__name__)
        raise TypeError(f"probabilities must be an array of floats, got {kind}")
    if probabilities.ndim not in (2, 3) or probabilities.size == 0:
        raise ValueError(
            f"probabilities must have shape (H, W) or (H, W, phases), got {probabilities.shape}"
        )
    if not 0 < floor < 0.5:
        raise ValueError(f"floor must lie between 0 and 0.5, got {floor}")
    check_range(probabilities, 0.0, 1.0, "probability", "normalise them first")
    if probabilities.ndim == 2:
        chances = np.stack([1 - probabilities, probabilities])
    else:
        chances = _normalised(np.moveaxis(probabilities, 2, 0))
    return -np.log(np.maximum(chances, floor)).astype(np.float32)


def _normalised(chances: Array) -> Array:
    total = chances.sum(axis=0)
    if not np.all(total > 0):
        first = tuple(int(i) for i in np.argwhere(total <= 0)[0])
        raise ValueError(f"probabilities sum up to 0 at pixel {first}; every pixel needs a phase")
    return chances / total


def gaussian_costs(image: Array, labels: Array, tied: bool = False) -> Costs:
    """Return minus the logarithm of the Gaussian that fits each phase, colours jointly.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    labels : numpy.ndarray
        ``(H, W)`` integers from 0, each number used: the phases to fit.
    tied : bool
        All phases have one covariance; False lets each have its own.

    Returns
    -------
    numpy.ndarray
        ``(phases, H, W)`` float32, without the constant that all phases share. White is 1, and no
        phase varies less than rounding to 8 bits does.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or the labels have another shape or leave a number out.

    Examples
    --------
    >>> costs = gaussian_costs(np.array([[0, 2, 9, 9]], np.uint8), np.array([[0, 0, 1, 1]]))
    >>> costs.argmin(axis=0)
    array([[0, 0, 1, 1]])
    """
    planes, flat, pixels = _measured(image, labels)
    means = np.stack([np.bincount(flat, plane) for plane in planes], axis=1) / pixels[:, np.newaxis]
    costs = np.empty((len(pixels), flat.size), np.float32)
    whole = _whitening(planes - means.T.astype(np.float32)[:, flat]) if tied else None
    for k, cost in enumerate(costs):
        apart = planes - means[k].astype(np.float32)[:, np.newaxis]
        white, offset = whole or _whitening(apart[:, flat == k])
        even = white @ apart
        np.einsum("cn,cn->n", even, even, out=cost)
        cost += np.float32(offset)
    costs /= 2
    return costs.reshape(len(pixels), *image.shape[:2])


def _whitening(spread: Array) -> tuple[Array, float]:
    """Return a matrix whose products have squares of Mahalanobis, and the covariance's logarithm.

    ``spread`` is ``(C, pixels)``, the distances from the mean.
    """
    count = spread.shape[1]
    covariance = (spread @ spread.T).astype(np.float64) / count + _ROUNDING * np.eye(len(spread))
    white = np.linalg.inv(np.linalg.cholesky(covariance))
    return white.astype(np.float32), float(np.linalg.slogdet(covariance)[1])


def histogram_costs(image: Array, labels: Array, bins: int = 64) -> Costs:
    """Return minus the logarithm of the histogram of each phase, of every channel by itself.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    labels : numpy.ndarray
        ``(H, W)`` integers from 0, each number used: the phases to fit.
    bins : int
        How many between the least and the largest value, from 2 to 4096; smoothed over one bin,
        and with half a pixel added to each, so that no value is impossible.

    Returns
    -------
    numpy.ndarray
        ``(phases, H, W)`` float32. Channels are taken to be independent.

    Raises
    ------
    TypeError, ValueError
        If the image is none, the labels have another shape or leave a number out, or the bins are
        out of range.

    Examples
    --------
    >>> costs = histogram_costs(np.array([[0, 2, 9, 9]], np.uint8), np.array([[0, 0, 1, 1]]))
    >>> costs.argmin(axis=0)
    array([[0, 0, 1, 1]])
    """
    if not 2 <= bins <= 4096:
        raise ValueError(f"bins must lie in [2, 4096], got {bins}")
    planes, flat, pixels = _measured(image, labels)
    costs = np.zeros((len(pixels), flat.size), np.float32)
    for plane in planes:
        low, span = float(plane.min()), float(np.ptp(plane)) or 1.0
        codes = np.minimum((plane - low) * (bins / span), bins - 1).astype(np.intp)
        found = np.bincount(flat * bins + codes, minlength=len(pixels) * bins).reshape(-1, bins)
        for cost, counts in zip(costs, found, strict=True):
            smooth = diffuse(counts[np.newaxis].astype(np.float64), _BINS_SMOOTHED**2 / 2)[0]
            chance = (np.maximum(smooth, 0) + _ADDED) / (smooth.sum() + _ADDED * bins)
            cost -= np.log(chance).astype(np.float32)[codes]
    return costs.reshape(len(pixels), *image.shape[:2])


def position_costs(labels: Array, scale: float) -> Costs:
    """Return minus the logarithm of how often each phase is found around each place.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers from 0, each number used.
    scale : float
        Standard deviation in pixels of the Gaussian that makes up the surroundings, above 0;
        infinity takes the whole picture, the same everywhere.

    Returns
    -------
    numpy.ndarray
        ``(phases, H, W)`` float32. A pixel is added for every phase, so that none is impossible.

    Raises
    ------
    TypeError, ValueError
        If the labels are none or leave a number out, or the scale is not above 0.

    Examples
    --------
    >>> position_costs(np.array([[0, 0, 0, 1]]), np.inf)[:, 0, 0].round(2)
    array([0.41, 1.1 ], dtype=float32)
    """
    check_labels(labels)
    if not scale > 0:
        raise ValueError(f"scale must be above 0, got {scale}")
    pixels = _pixels(labels)
    costs = np.empty((len(pixels), *labels.shape), np.float32)
    # A kernel of that size counts so many pixels.
    counted = min(4 * np.pi * scale**2, labels.size)
    for k, cost in enumerate(costs):
        found = (labels == k).astype(np.float32)
        part = diffuse(found, scale**2 / 2) if np.isfinite(scale) else found.mean()
        cost[:] = -np.log((part * counted + 1) / (counted + len(pixels)))
    return costs


def _measured(image: Array, labels: Array) -> tuple[Array, Array, Array]:
    """Return planes ``(C, pixels)`` with white as 1, flat labels, and the pixels of each phase."""
    picture = channels_last(check_image(image))
    check_labels(labels, picture.shape[:2])
    planes = picture.reshape(-1, picture.shape[2]).T.astype(np.float32, order="C")
    planes /= np.float32(full_scale(image.dtype))
    return planes, labels.ravel().astype(np.intp), _pixels(labels)


def _pixels(labels: Array) -> NDArray[np.int64]:
    if labels.min() < 0:
        raise ValueError(f"labels must not be negative, got {labels.min()}")
    pixels = np.bincount(labels.ravel().astype(np.intp))
    if not pixels.all():
        missing = int(np.argmin(pixels > 0))
        raise ValueError(f"no pixel has label {missing}; number the phases without gaps")
    return pixels

"""Heat kernels as weights of pixels on an endless line, and how far approximations are off."""

from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]

# Standard deviations at which a half Gaussian is cut; its square is cut at 1.4 times that.
_REACH = 3.5


def exact_weights(t: float) -> Weights:
    """Return the kernel of `acetate.heat.heat_semigroup` on an endless line, its middle first.

    Parameters
    ----------
    t : float
        Time in squared pixels.

    Returns
    -------
    numpy.ndarray
        ``(n,)``, as FFTs have them: weight 0, 1, 2, ... and the negative ones at the end.

    Examples
    --------
    >>> exact_weights(1.0)[:3].round(4)
    array([0.2821, 0.2197, 0.1038])
    """
    size = 1 << int(np.ceil(np.log2(64 + 16 * np.sqrt(2 * t))))
    waves = 2 * np.pi * np.fft.rfftfreq(size)
    return np.fft.irfft(np.exp(-t * waves**2), size)


@lru_cache(maxsize=256)
def gaussian_weights(t: float) -> Weights:
    """Return a Gaussian of variance 2 t, cut, with a transform that is nowhere negative.

    It is the square (by convolution) of a cut Gaussian: cutting alone makes negative frequencies.

    Examples
    --------
    >>> gaussian_weights(0.0), gaussian_weights(1.0).size
    (array([1.]), 17)
    """
    if t == 0:
        return np.ones(1)
    x = np.arange(np.ceil(_REACH * np.sqrt(t)) + 1)
    half = np.exp(-(np.concatenate([-x[:0:-1], x]) ** 2) / (2 * t))
    half /= half.sum()
    return np.convolve(half, half)


def box_weights(widths: tuple[int, ...]) -> Weights:
    """Return what boxes of these widths make one after the other, every one of them twice.

    Examples
    --------
    >>> box_weights((3,)) * 9
    array([1., 2., 3., 2., 1.])
    """
    weights = np.ones(1)
    for width in (*widths, *widths):
        weights = np.convolve(weights, np.full(width, 1 / width))
    return weights


@lru_cache(maxsize=256)
def box_widths(t: float, pairs: int) -> tuple[int, ...]:
    """Return the odd widths, one for each pair of boxes, whose time is nearest.

    Two boxes of width w take the time ``(w**2 - 1) / 12``.

    Examples
    --------
    >>> box_widths(2.0, 1), box_widths(8.0, 2)
    ((5,), (7, 7))
    """
    if t == 0:
        return (1,) * pairs
    middle = 2 * round((np.sqrt(12 * t / pairs + 1) - 1) / 2) + 1
    near = [w for w in (middle - 2, middle, middle + 2) if w > 0]
    choices = combinations_with_replacement(near, pairs)
    return min(choices, key=lambda widths: abs(sum(w * w - 1 for w in widths) / 12 - t))


def weights_error(weights: Weights, t: float) -> float:
    """Return the largest difference that these weights can make to values in [0, 1].

    Parameters
    ----------
    weights : numpy.ndarray
        ``(2 r + 1,)``, summing to 1.
    t : float
        Time in squared pixels for which they stand.

    Notes
    -----
    Half the sum of the absolute differences from the exact weights. Reflection at the ends of an
    interval folds both kernels alike, which can only lower it.

    Examples
    --------
    >>> round(weights_error(np.ones(1), 1.0), 3)
    0.718
    """
    exact = exact_weights(t)
    size = max(exact.size, weights.size)
    reach = exact.size // 2
    difference = np.zeros(size)
    difference[:reach] = exact[:reach]
    difference[-reach:] += exact[reach:]
    radius = weights.size // 2
    difference[: radius + 1] -= weights[radius:]
    difference[size - radius :] -= weights[:radius]
    return float(np.abs(difference).sum() / 2)

"""A noisy picture as float planes with a noise level each, and back: what denoisers share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, channels_last, full_scale
from acetate.heat.checks import check_number, check_picture
from acetate.heat.noise import clipped, noise_of_planes

Planes = NDArray[np.float32]
Sigmas = NDArray[np.float64]
Facts = dict[str, Any]

# Lightness, red against blue, green against both: orthonormal, so white noise stays white.
_OPPONENT = np.array([[2, 2, 2], [6**0.5, 0, -(6**0.5)], [2**0.5, -(8**0.5), 2**0.5]]) / 12**0.5


@dataclass(frozen=True)
class Denoised:
    """A picture without (most of) its noise, and what was found on the way.

    Parameters
    ----------
    image : numpy.ndarray
        Of the shape and dtype of the noisy one. Integers are rounded and kept in range; floats
        are as they came out, which may be a little outside the range of the input.
    sigma : float
        The standard deviation of the noise that was taken out, in units of the picture.
    facts : dict
        What the method chose or reached, by name; plain numbers, lists and booleans.

    Examples
    --------
    >>> Denoised(np.zeros((2, 2)), 0.1, {}).sigma
    0.1
    """

    image: Array
    sigma: float
    facts: Facts


def denoise_planes(
    image: Array, sigma: float | None, work: Callable[[Planes, Sigmas], tuple[Planes, Facts]]
) -> Denoised:
    """Denoise a picture with a function of planes and their noise.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, float32 or float64, of any range.
    sigma : float or None
        Standard deviation of the noise of every channel, in units of the picture; None estimates
        it, for each plane its own. 0 gives the picture back.
    work : callable
        From planes ``(C, H, W)`` and their noise ``(C,)`` to planes and facts. Three channels
        come as opponent colours, all others as they are.

    Raises
    ------
    TypeError, ValueError
        If the picture or sigma makes no sense; if it is to be estimated from less than 8 x 8.

    Examples
    --------
    >>> mean = lambda planes, sigmas: (planes * 0 + planes.mean(), {})
    >>> denoise_planes(np.array([[10, 20]], np.uint8), 5.0, mean).image
    array([[15, 15]], dtype=uint8)
    """
    check_picture(image)
    means = np.atleast_1d(image.mean(axis=(0, 1), dtype=np.float64))
    planes = _split(image, means)
    if sigma is None:
        sigmas = noise_of_planes(planes, clipped(image))
    else:
        sigmas = np.full(len(planes), check_number(sigma, "sigma"))
    level = float(np.sqrt(np.mean(sigmas**2)))
    if level == 0:
        return Denoised(image.copy(), level, {})
    clean, facts = work(planes, sigmas)
    return Denoised(_join(clean, means, image), level, facts)


def _split(image: Array, means: NDArray[np.float64]) -> Planes:
    # Without its mean: far from 0, float32 has no digits left for what the picture shows.
    colors = np.moveaxis(channels_last(image), 2, 0)
    planes = (colors - means[:, np.newaxis, np.newaxis]).astype(np.float32)
    return _turned(_OPPONENT, planes) if len(planes) == 3 else planes


def _join(planes: Planes, means: NDArray[np.float64], like: Array) -> Array:
    colors = _turned(_OPPONENT.T, planes) if len(planes) == 3 else planes
    picture = (np.moveaxis(colors, 0, 2) + means).reshape(like.shape)
    if like.dtype.kind == "f":
        return np.ascontiguousarray(picture, dtype=like.dtype)
    return np.rint(np.clip(picture, 0, full_scale(like.dtype))).astype(like.dtype)


def _turned(matrix: NDArray[np.float64], planes: Planes) -> Planes:
    flat = matrix.astype(np.float32) @ planes.reshape(3, -1)
    return flat.reshape(planes.shape)

"""Denoising: the methods by name, and the short way to the default."""

from typing import Protocol

from acetate.arrays import Array
from acetate.heat.cosine import CosineShrinkage
from acetate.heat.linear import LinearHeat
from acetate.heat.planes import Denoised
from acetate.heat.total_variation import TotalVariation


class Denoiser(Protocol):
    """A way to denoise: a frozen dataclass of its parameters.

    Examples
    --------
    >>> method: Denoiser = LinearHeat(t=2.0)
    """

    def denoise(self, image: Array, sigma: float | None = None) -> Denoised:
        """Return the picture without its noise, whose standard deviation may be given."""


DENOISERS: dict[str, type[CosineShrinkage] | type[TotalVariation] | type[LinearHeat]] = {
    "cosine": CosineShrinkage,
    "edges": TotalVariation,
    "heat": LinearHeat,
}


def denoise(image: Array, sigma: float | None = None, method: Denoiser | None = None) -> Array:
    """Take the noise out of a picture.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, float32 or float64, of any range.
    sigma : float or None
        Standard deviation of the noise in units of the picture (of 255 for uint8); None estimates
        it. 0 gives the picture back.
    method : Denoiser or None
        One of those in `DENOISERS`, with its parameters; None takes ``CosineShrinkage()``. Its
        own ``denoise`` also returns the noise level and what it chose.

    Returns
    -------
    numpy.ndarray
        Of the picture's shape and dtype.

    Raises
    ------
    TypeError, ValueError
        If the picture or sigma makes no sense; if it is to be estimated from less than 8 x 8.

    Examples
    --------
    >>> import numpy as np
    >>> denoise(np.full((8, 8), 0.5))[0, 0]
    np.float64(0.5)
    """
    return (method or CosineShrinkage()).denoise(image, sigma).image

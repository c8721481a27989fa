"""Denoising by heat alone, for the time that the picture asks for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.heat.planes import Denoised, Facts, Planes, Sigmas, denoise_planes
from acetate.heat.semigroup import decay_rates, from_cosines, to_cosines
from acetate.options import check_options, option

# Frequencies are pooled by their rate of decay, in steps of 2 %; times are tried in steps of 5 %.
_RATE_STEP, _TIME_STEP = 1.02, 1.05


@dataclass(frozen=True)
class LinearHeat:
    """Let heat flow until the noise lost is worth no more than the picture lost.

    Edges blur like all else: this is the yardstick, not the tool. It is exact, linear and fast.

    Parameters
    ----------
    t : float or None
        How long, in squared pixels (a blur by sigma takes ``sigma**2 / 2``). None takes the time
        with the least mean squared error as Stein's estimate tells it, for each plane of opponent
        colour its own.

    Raises
    ------
    TypeError, ValueError
        If t is no number or below 0.

    Notes
    -----
    In the cosine basis the flow is a gain for each coefficient, so Stein's unbiased estimate of
    the risk (1981) is a sum over the picture's spectrum: no flow has to be run to choose t.

    Examples
    --------
    >>> noisy = np.random.default_rng(0).normal(0.5, 0.1, (32, 32))
    >>> bool(LinearHeat().denoise(noisy, sigma=0.1).image.std() < 0.02)
    True
    """

    t: float | None = option(None, "Time of the flow; the picture's own if not given.", 0.0, 1e8)

    def __post_init__(self) -> None:
        check_options(self)

    def denoise(self, image: Array, sigma: float | None = None) -> Denoised:
        """Return the picture without some of its noise.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, float32 or float64, of any range.
        sigma : float or None
            Standard deviation of the noise in units of the picture; None estimates it.

        Returns
        -------
        Denoised
            Facts: ``t``, a time for each plane.

        Raises
        ------
        TypeError, ValueError
            If the picture or sigma makes no sense; if it is to be estimated from less than 8 x 8.
        """
        return denoise_planes(image, sigma, self._flow)

    def _flow(self, planes: Planes, sigmas: Sigmas) -> tuple[Planes, Facts]:
        down, across = decay_rates(planes.shape[1:], (1.0, 1.0))
        rates = down[:, np.newaxis] + across
        clean, times = np.empty_like(planes), []
        for plane, out, sigma in zip(planes, clean, sigmas, strict=True):
            cosines = to_cosines(plane)
            times.append(best_time(cosines, rates, sigma) if self.t is None else float(self.t))
            cosines *= np.exp(-times[-1] * rates).astype(np.float32)
            out[:] = from_cosines(cosines)
        return clean, {"t": times}


def best_time(cosines: Array, rates: NDArray[np.float64], sigma: float) -> float:
    """Return the time of least risk, by Stein's estimate.

    Parameters
    ----------
    cosines : numpy.ndarray
        Orthonormal cosine coefficients of the noisy picture.
    rates : numpy.ndarray
        How fast each decays, of the same shape.
    sigma : float
        Standard deviation of the noise.

    Examples
    --------
    >>> best_time(np.array([[9.0, 0.0]]), np.array([[0.0, 1.0]]), sigma=1.0) > 1
    True
    """
    decaying = rates > 0
    if not decaying.any() or sigma == 0:
        return 0.0
    slowest = rates[decaying].min()
    pool = np.rint(np.log(rates[decaying] / slowest) / np.log(_RATE_STEP)).astype(np.intp)
    count = np.bincount(pool)
    power = np.bincount(pool, weights=cosines[decaying].astype(np.float64) ** 2)
    rate = slowest * _RATE_STEP ** np.arange(count.size)
    times = _candidates(slowest, rates.max())
    kept = np.exp(-times[:, np.newaxis] * rate)
    risk = (1 - kept) ** 2 @ power + 2 * sigma**2 * (kept @ count)
    return float(times[risk.argmin()])


def _candidates(slowest: float, fastest: float) -> NDArray[np.float64]:
    """Return times from 'nothing moves' to 'all is flat', 0 first."""
    span = np.log(10 / slowest) - np.log(0.01 / fastest)
    steps = np.arange(np.ceil(span / np.log(_TIME_STEP)) + 1)
    return np.concatenate([[0.0], 0.01 / fastest * _TIME_STEP**steps])

"""The Gaussian that fits best around the largest value: the default decoder."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from acetate.heat.peak import fit_peaks
from acetate.landmarks.decode.decoded import Decoded
from acetate.options import check_options, option


@dataclass(frozen=True)
class LogQuadratic:
    """The top of the Gaussian that fits best around the largest value.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernels that the network learned, in pixels of the heatmap.
    reach : float
        The fit sees the pixels up to so many sigma away from the largest value; its window is cut
        off at the border.

    Notes
    -----
    The logarithm of a Gaussian is a quadratic, which is fitted by maximum likelihood under white
    noise (`acetate.heat.peak.fit_peaks`): no unbiased decoder of such maps is more accurate. It
    takes Gaussians of any width and direction, needs no background of 0 and works at the border,
    up to half a pixel beyond the window. The confidence is the height of the peak times the part
    of the variance that the fit explains. The covariance comes from the residuals of the fit:
    with white noise, errors divided by it have variance 1. It knows nothing of a network that is
    wrong. A map whose fit is no hill, as a flat one, gives the pixel of its largest value, with
    confidence 0 and a covariance of NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import heatmap_targets
    >>> LogQuadratic().locate(heatmap_targets([(20.3, 0.2)], (32, 32)), np).points.round(3)
    array([[20.3,  0.2]])
    """

    SIGMA: ClassVar[bool] = True

    sigma: float = option(3.0, "Standard deviation of the kernels.", 0.3, 1000.0, "px")
    reach: float = option(2.0, "How far the fit sees.", 0.5, 10.0, "sigma")

    def __post_init__(self) -> None:
        check_options(self)

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""
        fits = fit_peaks(maps, max(1, round(self.reach * self.sigma)), xp)
        return Decoded(
            points=xp.where((fits.values > 0)[:, None], fits.points, xp.nan),
            confidence=xp.clip(fits.heights, 0.0, 1.0) * fits.quality,
            covariance=fits.covariance,
        )

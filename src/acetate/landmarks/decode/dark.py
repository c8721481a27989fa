"""DARK: the smoothed map's logarithm, followed to its top from the largest value."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from acetate.landmarks.decode.decoded import Decoded, covariances
from acetate.landmarks.decode.maximum import Maximum
from acetate.options import check_options, option

# The derivatives are those over two pixels to each side; values below this have no logarithm.
_REACH = 2
_FLOOR = 1e-10
# Smoothing is cut off so many standard deviations away.
_CUT = 3.0


@dataclass(frozen=True)
class Dark:
    """One Newton step on the logarithm of the smoothed map, from its largest value.

    Parameters
    ----------
    sigma : float
        Standard deviation of the smoothing in pixels of the heatmap: that of the kernels.

    Notes
    -----
    Zhang, Zhu, Dai, Ye and Zhu 2020, "Distribution-aware coordinate representation for human pose
    estimation" (CVPR): central differences over one pixel for slopes and two for curvature. Less
    than two pixels from the border, where the logarithm is no hill, or where the step is longer
    than the smoothing sees, 3 sigma, the largest value stays. It is drawn inwards near the border,
    beyond which the smoothing sees zeros. The confidence is the largest value; the covariance is
    the inverse of the curvature: how broad the smoothed peak is.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import heatmap_targets
    >>> Dark(2.0).locate(heatmap_targets([(20.3, 14.9)], (40, 40), 2.0), np).points.round(2)
    array([[20.3, 14.9]])
    """

    SIGMA: ClassVar[bool] = True

    sigma: float = option(3.0, "Standard deviation of the smoothing.", 0.3, 100.0, "px")

    def __post_init__(self) -> None:
        check_options(self)

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""
        peak = Maximum(maps, xp)
        taylor = _Taylor(xp.log(xp.clip(self._smoothed(peak), _FLOOR, None)), xp)
        near = (abs(taylor.step) <= _CUT * self.sigma).all(axis=1)
        moved = taylor.hill & near & peak.inside(_REACH).all(axis=1)
        decoded = peak.decoded(peak.points + xp.where(moved[:, None], taylor.step, 0.0), 1 / 12)
        spread = xp.where(moved[:, None, None], taylor.spread, decoded.covariance)
        return Decoded(decoded.points, decoded.confidence, spread)

    def _smoothed(self, peak: Maximum) -> Any:
        """Return the smoothed map at the 5 x 5 pixels around the largest value, ``(n, 5, 5)``."""
        xp, maps = peak.xp, peak.maps
        weights = _weights(self.sigma)
        reach = len(weights) // 2
        offsets = xp.arange(-reach, reach + 1, device=maps.device)
        rows, columns = peak.row[:, None] + offsets, peak.column[:, None] + offsets
        inside = ((rows >= 0) & (rows < peak.height))[:, :, None]
        inside = inside & ((columns >= 0) & (columns < peak.width))[:, None, :]
        rows, columns = xp.clip(rows, 0, peak.height - 1), xp.clip(columns, 0, peak.width - 1)
        patch = maps[peak.each[:, None, None], rows[:, :, None], columns[:, None, :]]
        patch = xp.where(inside, xp.asarray(patch, dtype=xp.float64), 0.0)
        blur = xp.asarray(weights, dtype=xp.float64, device=maps.device)
        return blur.T @ patch @ blur


def _weights(sigma: float) -> Any:
    """Return the Gaussian around each of five places, ``(2 reach + 1, 5)``, columns of sum 1."""
    reach = int(np.ceil(_CUT * sigma)) + _REACH
    distance = np.arange(-reach, reach + 1)[:, np.newaxis] - np.arange(-_REACH, _REACH + 1)
    weights = np.exp(-((distance / sigma) ** 2) / 2) * (abs(distance) <= reach - _REACH)
    return weights / weights.sum(axis=0)


class _Taylor:
    """The second-order expansion of logarithms at the middle of 5 x 5 pixels."""

    def __init__(self, logs: Any, xp: ModuleType) -> None:
        middle = logs[:, 2, 2]
        x, y = (logs[:, 2, 3] - logs[:, 2, 1]) / 2, (logs[:, 3, 2] - logs[:, 1, 2]) / 2
        xx = (logs[:, 2, 4] - 2 * middle + logs[:, 2, 0]) / 4
        yy = (logs[:, 4, 2] - 2 * middle + logs[:, 0, 2]) / 4
        xy = (logs[:, 3, 3] - logs[:, 1, 3] - logs[:, 3, 1] + logs[:, 1, 1]) / 4
        determinant = xx * yy - xy * xy
        self.hill = (xx < 0) & (determinant > 0)
        safe = xp.where(self.hill, determinant, 1.0)
        self.spread = covariances(-yy / safe, -xx / safe, xy / safe, xp)
        self.step = (self.spread @ xp.stack([x, y], axis=1)[:, :, None])[:, :, 0]

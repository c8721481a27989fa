"""The largest value, and a quarter of a pixel beyond: the decoders of the first networks."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from acetate.landmarks.decode.decoded import Decoded, covariances
from acetate.options import check_options


@dataclass(frozen=True)
class ArgMax:
    """The centre of the pixel of the largest value; the confidence is that value.

    Notes
    -----
    The covariance is what rounding alone leaves, 1/12 squared pixel along each axis.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import heatmap_targets
    >>> ArgMax().locate(heatmap_targets([(20.3, 11.9)], (32, 32)), np).points
    array([[20.5, 11.5]])
    """

    SIGMA: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_options(self)

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""
        peak = Maximum(maps, xp)
        return peak.decoded(peak.points, 1 / 12)


@dataclass(frozen=True)
class QuarterOffset:
    """The largest value, moved a quarter of a pixel towards its larger neighbour on each axis.

    Notes
    -----
    Newell, Yang and Deng 2016, "Stacked hourglass networks for human pose estimation"; the first
    HRNets decoded so. Not moved along an axis at whose border the largest value lies, or where
    both neighbours are alike. The covariance is what rounding leaves: 1/48 squared pixel.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import heatmap_targets
    >>> QuarterOffset().locate(heatmap_targets([(20.3, 11.9)], (32, 32)), np).points
    array([[20.25, 11.75]])
    """

    SIGMA: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_options(self)

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""
        peak = Maximum(maps, xp)
        slopes = [peak.neighbour(1, 0) - peak.neighbour(-1, 0)]
        slopes += [peak.neighbour(0, 1) - peak.neighbour(0, -1)]
        moves = xp.sign(xp.stack(slopes, axis=1)) * 0.25
        return peak.decoded(peak.points + xp.where(peak.inside(1), moves, 0.0), 1 / 48)


class Maximum:
    """The largest value of every map.

    Parameters
    ----------
    maps : array
        ``(n, h, w)`` floats.
    xp : module
        ``numpy`` or ``torch``.

    Examples
    --------
    >>> import numpy as np
    >>> Maximum(np.array([[[0.0, 0.3, 0.1]]]), np).points
    array([[1.5, 0.5]])
    """

    def __init__(self, maps: Any, xp: ModuleType) -> None:
        self.maps, self.xp = maps, xp
        self.height, self.width = maps.shape[1:]
        flat = maps.reshape(len(maps), self.height * self.width)
        self.each = xp.arange(len(maps), device=maps.device)
        at = xp.argmax(flat, axis=1)
        self.column, self.row = at % self.width, at // self.width
        self.value = xp.asarray(flat[self.each, at], dtype=xp.float64)
        pixels = xp.stack([self.column, self.row], axis=1)
        self.points = xp.asarray(pixels, dtype=xp.float64) + 0.5

    def neighbour(self, right: int, down: int) -> Any:
        """Return the values so many pixels away, ``(n,)``; at the border those of the border."""
        row = self.xp.clip(self.row + down, 0, self.height - 1)
        column = self.xp.clip(self.column + right, 0, self.width - 1)
        return self.xp.asarray(self.maps[self.each, row, column], dtype=self.xp.float64)

    def inside(self, pixels: int) -> Any:
        """Return whether it lies at least so far from the border along x and y, ``(n, 2)``."""
        along = [(self.column, self.width), (self.row, self.height)]
        return self.xp.stack([(k >= pixels) & (k < n - pixels) for k, n in along], axis=1)

    def decoded(self, points: Any, variance: float) -> Decoded[Any]:
        """Return points with the value as confidence and one variance for both axes."""
        xp = self.xp
        found = self.value > 0
        part = xp.where(found, variance + 0 * self.value, xp.nan)
        return Decoded(
            points=xp.where(found[:, None], points, xp.nan),
            confidence=xp.clip(self.value, 0.0, 1.0),
            covariance=covariances(part, part, 0 * part, xp),
        )

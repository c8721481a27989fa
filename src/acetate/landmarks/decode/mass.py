"""The mean of all pixels, weighted by the map: as it is, or sharpened by a softmax."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from acetate.landmarks.decode.decoded import Decoded, covariances
from acetate.options import check_options, option


@dataclass(frozen=True)
class CentreOfMass:
    """The sum of x times h over the sum of h, of what is above 0.

    Notes
    -----
    Right for maps that are 0 far from the landmark, and far from the border, only: a background
    of 0.01 at 192 x 192 pixels has more mass than a peak of 1 with sigma 3 and pulls the point
    towards the middle. The confidence is the largest value; the covariance is that of the mass:
    how broad the map is, not how far the point may be off.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import heatmap_targets
    >>> maps = heatmap_targets([(20.3, 14.9)], (32, 32), 2.0)
    >>> CentreOfMass().locate(maps, np).points.round(2)
    array([[20.3, 14.9]])
    >>> CentreOfMass().locate(maps + 0.01, np).points.round(2)
    array([[19.06, 15.22]])
    """

    SIGMA: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_options(self)

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""
        return _moments(maps, xp.clip(maps, 0.0, None), xp)


@dataclass(frozen=True)
class SoftArgMax:
    """The mean of all pixels under the softmax of the map.

    Parameters
    ----------
    temperature : float
        What the map is divided by before. High ones draw the point to the middle of the map, low
        ones make it the largest value. 0.05 suits peaks of 1.

    Notes
    -----
    Differentiable, which is its worth in training. Near the border it is drawn inwards. The
    confidence is the largest value; the covariance is that of the softmax: how broad it is.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import heatmap_targets
    >>> SoftArgMax().locate(heatmap_targets([(20.3, 14.9)], (32, 32)), np).points.round(2)
    array([[20.3, 14.9]])
    """

    SIGMA: ClassVar[bool] = False

    temperature: float = option(0.05, "What the map is divided by.", 1e-4, 1e4)

    def __post_init__(self) -> None:
        check_options(self)

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""
        # In half precision exponentials of differences are off by more than a pixel's thousandth.
        single = maps if maps.dtype == xp.float64 else xp.asarray(maps, dtype=xp.float32)
        largest = xp.amax(single, axis=(1, 2))
        mass = xp.exp((single - largest[:, None, None]) / self.temperature)
        return _moments(maps, mass, xp)


def _moments(maps: Any, mass: Any, xp: ModuleType) -> Decoded[Any]:
    """Return the mean of the mass and its covariance."""
    # A background of many small values adds up to the wrong sum in float32.
    mass = xp.asarray(mass, dtype=xp.float64)
    largest = xp.asarray(xp.amax(maps, axis=(1, 2)), dtype=xp.float64)
    total = mass.sum(axis=(1, 2))
    found = (largest > 0) & (total > 0)
    shares = mass / xp.where(found, total, 1.0)[:, None, None]
    y, x = (_places(size, shares, xp) for size in maps.shape[1:])
    along_x, along_y = shares.sum(axis=1), shares.sum(axis=2)
    mean_x, mean_y = along_x @ x, along_y @ y
    from_x, from_y = x - mean_x[:, None], y - mean_y[:, None]
    shared = ((shares * from_x[:, None, :]).sum(axis=2) * from_y).sum(axis=1)
    spread = (along_x * from_x**2).sum(axis=1), (along_y * from_y**2).sum(axis=1)
    return Decoded(
        points=xp.where(found[:, None], xp.stack([mean_x, mean_y], axis=1), xp.nan),
        confidence=xp.clip(largest, 0.0, 1.0),
        covariance=xp.where(found[:, None, None], covariances(*spread, shared, xp), xp.nan),
    )


def _places(size: int, like: Any, xp: ModuleType) -> Any:
    return xp.arange(size, dtype=xp.float64, device=like.device) + 0.5

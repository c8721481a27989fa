"""What a decoder gives: points, how sure they are, and how far they may be off."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Generic, Protocol, TypeVar

ArrayOrTensor = TypeVar("ArrayOrTensor")


@dataclass(frozen=True)
class Decoded(Generic[ArrayOrTensor]):
    """Landmarks from heatmaps, float64: NumPy arrays, or tensors from `decode_batch`.

    Parameters
    ----------
    points : array
        ``(N, K, 2)``: x and y in pixels of the heatmap, the centre of the first pixel being
        (0.5, 0.5). NaN where a map has no value above 0.
    confidence : array
        ``(N, K)``: from 0 to 1. The height of the peak, times the quality of the fit for decoders
        that fit.
    covariance : array
        ``(N, K, 2, 2)``: of x and y in squared pixels of the heatmap; NaN where it is not known.
        Each decoder says what it counts.

    Notes
    -----
    The first axis is missing where the heatmaps had none.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.landmarks import decode, heatmap_targets
    >>> decode(heatmap_targets([(20.3, 11.9)], (32, 32))).points.round(3)
    array([[20.3, 11.9]])
    """

    points: ArrayOrTensor
    confidence: ArrayOrTensor
    covariance: ArrayOrTensor


class Decoder(Protocol):
    """A way from heatmaps to points: a frozen dataclass whose fields are options.

    Parameters
    ----------
    SIGMA : bool
        Whether it has a field ``sigma``, the kernels' standard deviation in pixels of the heatmap.

    Examples
    --------
    >>> from acetate.landmarks.decode.log_quadratic import LogQuadratic
    >>> decoder: Decoder = LogQuadratic(sigma=2.0)
    """

    SIGMA: ClassVar[bool]

    def locate(self, maps: Any, xp: ModuleType) -> Decoded[Any]:
        """Return the points of ``(n, h, w)`` maps; `xp` is numpy or torch, as the maps are."""


def covariances(x: Any, y: Any, xy: Any, xp: ModuleType) -> Any:
    """Return ``(n, 2, 2)`` matrices from variances and what x and y share.

    Examples
    --------
    >>> import numpy as np
    >>> covariances(np.array([1.0]), np.array([3.0]), np.array([2.0]), np).tolist()
    [[[1.0, 2.0], [2.0, 3.0]]]
    """
    return xp.stack([xp.stack([x, xy], axis=1), xp.stack([xy, y], axis=1)], axis=2)

"""What a detector says of a picture in its square, and how that lies on the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from acetate.geometry import Projective, warp
from acetate.landmarks.combine import Floats, mapped_covariance
from acetate.landmarks.decode import decode
from acetate.landmarks.detector import HeatmapDetector, RegressionDetector
from acetate.landmarks.found import Maps
from acetate.landmarks.letterbox import Letterbox


@dataclass(frozen=True, eq=False)
class Opinion:
    """What a model says of a picture in one size.

    Parameters
    ----------
    detector : HeatmapDetector or RegressionDetector
        Whose it is.
    box : Letterbox
        How the picture lay in its square.
    output : numpy.ndarray
        ``(K, h, w)`` heatmaps, or ``(K, 2)`` coordinates in [0, 1].
    spread : float
        What covariances are multiplied by.
    """

    detector: HeatmapDetector | RegressionDetector
    box: Letterbox
    output: Maps
    spread: float = 1.0

    @property
    def grid(self) -> tuple[Any, ...] | None:
        """What has to be the same for heatmaps to be averaged; None without heatmaps."""
        detector = self.detector
        if not isinstance(detector, HeatmapDetector):
            return None
        return self.box, detector.stride, detector.activation, detector.decoder, detector.sigma

    def located(self) -> tuple[Floats, Floats, Floats]:
        """Return points, covariances and confidences in pixels of the picture."""
        detector = self.detector
        if not isinstance(detector, HeatmapDetector):
            points = self.box.to_picture(self.output * np.float64(self.box.size))
            unknown = np.full((len(points), 2, 2), np.nan)
            return points, unknown, np.full(len(points), np.nan)
        found = decode(self.output, detector.decoder, detector.sigma)
        points = self.box.to_picture(found.points * detector.stride)
        linear = self.box.map.matrix[:2, :2] * detector.stride
        covariance = mapped_covariance(found.covariance, linear) * self.spread
        return points, covariance, found.confidence

    def on_picture(self) -> Maps | None:
        """Return the heatmaps on the picture, without what lies beside it, in their pixel size."""
        detector = self.detector
        if not isinstance(detector, HeatmapDetector):
            return None
        rows, columns = (max(1, round(side / detector.stride)) for side in self.box.content)
        height, width = self.box.shape
        to_picture = Projective.scaling(width / columns, height / rows).matrix
        shrink = Projective.scaling(1 / detector.stride, 1 / detector.stride).matrix
        way = Projective(shrink @ self.box.map.inverse().matrix @ to_picture)
        layers = np.ascontiguousarray(np.moveaxis(self.output, 0, -1))
        return np.moveaxis(warp(layers, way, (rows, columns), mode="edge"), -1, 0)


def averaged(opinions: Sequence[Opinion]) -> list[Opinion]:
    """Return the opinions, the heatmaps of those with the same grid averaged.

    Examples
    --------
    >>> detector = HeatmapDetector(1, "light", in_channels=1)
    >>> views = [Opinion(detector, Letterbox((8, 8), 8), np.full((1, 2, 2), v)) for v in (0, 1)]
    >>> [each.output.tolist() for each in averaged(views)]
    [[[[0.5, 0.5], [0.5, 0.5]]]]
    """
    by_grid: dict[Any, list[Opinion]] = {}
    for number, opinion in enumerate(opinions):
        by_grid.setdefault(number if opinion.grid is None else opinion.grid, []).append(opinion)
    return [
        replace(
            some[0],
            output=np.mean([each.output for each in some], axis=0),
            spread=float(np.mean([each.spread for each in some])),
        )
        for some in by_grid.values()
    ]

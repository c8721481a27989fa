"""What is found in a picture: points, how sure, how far they may be off, and heatmaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.geometry import Frame
from acetate.landmarks.combine import Floats
from acetate.sheets import HeatmapsOnImage, Keypoint, KeypointsOnImage
from acetate.sheets.landmark_set import LandmarkSet

Maps = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LandmarkPrediction:
    """Where a model says the landmarks of a picture are.

    Parameters
    ----------
    names : tuple of str
        The landmarks.
    points : numpy.ndarray
        ``(K, 2)``: x and y in pixels of the picture; NaN where nothing was found.
    confidence : numpy.ndarray
        ``(K,)`` from 0 to 1; NaN where the model does not tell.
    covariance : numpy.ndarray
        ``(K, 2, 2)`` in squared pixels: what the decoder knows, plus how far several views and
        models are apart; NaN where not known.
    shape : (int, int)
        Of the picture.
    maps : numpy.ndarray or None
        ``(K, h, w)`` heatmaps on the picture, where they were asked for.

    Examples
    --------
    >>> found = LandmarkPrediction(
    ...     ("nose",), np.array([[3.0, 4.0]]), np.ones(1), np.ones((1, 2, 2)), (8, 8))
    >>> found.keypoints()[0].name
    'nose'
    """

    names: tuple[str, ...]
    points: Floats
    confidence: Floats
    covariance: Floats
    shape: Frame
    maps: Maps | None = None

    def keypoints(self) -> KeypointsOnImage:
        """Return the points as a sheet on the picture."""
        rows = zip(self.points.tolist(), self.names, strict=True)
        return KeypointsOnImage([Keypoint(x, y, name) for (x, y), name in rows], self.shape)

    def heatmaps(self) -> HeatmapsOnImage:
        """Return the heatmaps as a sheet on the picture, a channel for each landmark.

        Raises
        ------
        ValueError
            If they were not kept, or the model has none.
        """
        if self.maps is None:
            raise ValueError(
                "there are no heatmaps: pass heatmaps=True to predict, with a model that has some"
            )
        return HeatmapsOnImage(np.moveaxis(self.maps, 0, -1).clip(0, 1), self.shape)


def landmark_set(
    predictions: Mapping[str, LandmarkPrediction],
    names: Sequence[str],
    spacing: Mapping[str, float] | None = None,
) -> LandmarkSet:
    """Return the landmarks that were found in pictures as one set.

    Parameters
    ----------
    predictions : mapping
        By the picture's name.
    names : sequence of str
        The landmarks.
    spacing : mapping of str to float, optional
        mm per pixel of pictures, where known.

    Examples
    --------
    >>> landmark_set({}, ["nose"]).points.shape
    (0, 1, 2)
    """
    points = [found.points for found in predictions.values()]
    known = spacing or {}
    return LandmarkSet(
        tuple(names),
        tuple(predictions),
        np.array(points).reshape(len(points), len(names), 2),
        spacing=np.array([known.get(picture, np.nan) for picture in predictions]),
        shapes=tuple(found.shape for found in predictions.values()),
    )

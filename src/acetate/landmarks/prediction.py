"""Landmark models at work: load a file, and get points in pixels of the picture."""

from collections.abc import Sequence
from typing import Any, Self, overload

import numpy as np
from numpy.typing import NDArray

from acetate.learn.extra import missing

try:
    import torch
except ImportError as error:
    raise missing("landmarks", error) from error

from acetate.arrays import Array
from acetate.files import PathLike, printable
from acetate.landmarks.combine import combined
from acetate.landmarks.detector import (
    HeatmapDetector,
    RegressionDetector,
    build_detector,
)
from acetate.landmarks.fitting_weights import check_weights
from acetate.landmarks.found import LandmarkPrediction, Maps
from acetate.landmarks.letterbox import Letterbox, mean_of, standard
from acetate.landmarks.model_card import ModelCard
from acetate.landmarks.opinions import Opinion, averaged
from acetate.landmarks.pictures import Bytes, as_bytes, scaled
from acetate.landmarks.views import ONCE, Views
from acetate.learn.devices import device_of
from acetate.learn.model_file import load_model, save_model

_AT_ONCE = 8  # pictures in the square that the network sees at a time


class LandmarkModel:
    """A trained detector and its card.

    Parameters
    ----------
    detector : HeatmapDetector or RegressionDetector
        The network.
    card : ModelCard
        What it finds and how it was made.

    Examples
    --------
    >>> detector = HeatmapDetector(1, "light", in_channels=1, mean=(0.0,), std=(1.0,))
    >>> model = LandmarkModel(detector, ModelCard(("nose",), {}, detector.config, 64))
    >>> model.predict(np.eye(50, dtype=np.uint8)).points.shape
    (1, 2)
    """

    def __init__(self, detector: HeatmapDetector | RegressionDetector, card: ModelCard) -> None:
        if detector.num_landmarks != len(card.names):
            raise ValueError(
                f"the detector has {detector.num_landmarks} landmarks, the card names "
                f"{len(card.names)}: {', '.join(card.names)}"
            )
        if card.input_size % detector.body.reduction:
            raise ValueError(
                f"the card's input_size must be a multiple of {detector.body.reduction} for "
                f"{detector.backbone}, got {card.input_size}"
            )
        self.detector = detector.eval()
        self.card = card

    @classmethod
    def load(cls, path: PathLike, device: str = "cpu") -> Self:
        """Read a model's file; no code in it is run.

        Parameters
        ----------
        path : path
            A file of `acetate landmarks train`.
        device : str
            Where it works: "cpu", "gpu", or "auto", which takes a GPU if there is one.

        Raises
        ------
        ImportError
            If torch or safetensors are not installed.
        OSError
            If the file cannot be read.
        ValueError
            If it is no landmark model, its weights do not belong to its card, or there is no GPU
            where one is wanted.
        """
        where = device_of(device)
        state, values = load_model(path)
        card = ModelCard.from_dict(values, path)
        try:
            check_weights(card.detector, state)
            detector = build_detector(card.detector)
            detector.load_state_dict(state)
            return cls(detector.to(where), card)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{printable(path)}: {error}") from error

    def save(self, path: PathLike) -> None:
        """Write the model: weights and card in one safetensors file.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        save_model(path, self.detector.state_dict(), self.card.to_dict())

    @overload
    def predict(
        self, images: Array, views: Views = ..., heatmaps: bool = ...
    ) -> LandmarkPrediction: ...
    @overload
    def predict(
        self, images: Sequence[Array], views: Views = ..., heatmaps: bool = ...
    ) -> list[LandmarkPrediction]: ...
    def predict(self, images: Any, views: Views = ONCE, heatmaps: bool = False) -> Any:
        """Find the landmarks in one picture or several.

        Parameters
        ----------
        images : numpy.ndarray or sequence of numpy.ndarray
            Gray or RGB of any size, see `acetate.arrays.check_image`.
        views : Views
            How often to look at each; what is seen is joined.
        heatmaps : bool
            Whether to keep the heatmaps.

        Returns
        -------
        LandmarkPrediction or list of LandmarkPrediction

        Raises
        ------
        ValueError
            If a picture is none, or too small, or a mirror image was asked for that the model
            cannot understand.
        """
        return LandmarkEnsemble([self]).predict(images, views, heatmaps)

    def opinions(self, picture: Bytes, views: Views) -> list[Opinion]:
        """Return what the model says of a picture in each size; mirror images are joined."""
        if views.flip and not self.card.mirror:
            raise ValueError(
                "the model does not know which landmarks change names in a mirror image, so it "
                "cannot look at one: train it with mirror pairs, or leave flip out"
            )
        shape = (picture.shape[0], picture.shape[1])
        boxes = [Letterbox(shape, self.card.input_size, zoom) for zoom in views.zooms]
        fill, values = mean_of(picture), standard(picture)
        squares = np.stack(
            [scaled(box.image(picture, fill), values, self.detector.in_channels) for box in boxes]
        )
        outputs = self._outputs(squares)
        if views.flip:
            mirrored = self._unflipped(self._outputs(squares[..., ::-1]))
            outputs = np.asarray((outputs + mirrored) / 2, np.float32)
        return [
            Opinion(self.detector, box, output, self.card.covariance_scale)
            for box, output in zip(boxes, outputs, strict=True)
        ]

    def _outputs(self, squares: NDArray[np.float32]) -> Maps:
        """Return heatmaps ``(n, K, h, w)``, or coordinates ``(n, K, 2)`` in [0, 1]."""
        device = self.detector.mean.device
        found = []
        with torch.inference_mode():
            for first in range(0, len(squares), _AT_ONCE):
                part = torch.from_numpy(squares[first : first + _AT_ONCE].copy()).to(device)
                raw = self.detector(part)
                if isinstance(self.detector, HeatmapDetector):
                    raw = self.detector.activated(raw)
                found.append(raw.float().cpu())
        return np.asarray(torch.cat(found).numpy())

    def _unflipped(self, outputs: Maps) -> Maps:
        """Return what was seen in mirror images as it would be in the pictures."""
        names = self.card.names
        partner = [names.index(self.card.mirror.get(name, name)) for name in names]
        swapped = outputs[:, partner]
        if isinstance(self.detector, HeatmapDetector):
            return swapped[..., ::-1]
        return np.asarray(swapped * (-1, 1) + (1, 0), np.float32)


class LandmarkEnsemble:
    """Several models of the same landmarks that are asked together.

    Parameters
    ----------
    models : sequence of LandmarkModel
        At least one.

    Raises
    ------
    ValueError
        If there is none, or two have other landmarks.

    Notes
    -----
    Heatmaps of models that have the same grid are averaged, as those of mirror images are; points
    of several sizes, and of models with other grids, are weighted by confidence.

    Examples
    --------
    >>> detectors = [HeatmapDetector(1, "light", in_channels=1) for _ in range(2)]
    >>> card = ModelCard(("nose",), {}, detectors[0].config, 64)
    >>> ensemble = LandmarkEnsemble([LandmarkModel(each, card) for each in detectors])
    >>> len(ensemble.predict([np.eye(50, dtype=np.uint8)] * 3))
    3
    """

    def __init__(self, models: Sequence[LandmarkModel]) -> None:
        if not models:
            raise ValueError("an ensemble has at least one model, got none")
        for model in models[1:]:
            if model.card.names != models[0].card.names:
                raise ValueError(
                    f"the models of an ensemble find the same landmarks in the same order, got "
                    f"{', '.join(models[0].card.names)} and {', '.join(model.card.names)}"
                )
        self.models = tuple(models)

    @classmethod
    def load(cls, paths: Sequence[PathLike], device: str = "cpu") -> Self:
        """Read the models' files; parameters and errors as for `LandmarkModel.load`."""
        return cls([LandmarkModel.load(path, device) for path in paths])

    @property
    def names(self) -> tuple[str, ...]:
        """The landmarks."""
        return self.models[0].card.names

    def predict(self, images: Any, views: Views = ONCE, heatmaps: bool = False) -> Any:
        """Find the landmarks in one picture or several; see `LandmarkModel.predict`."""
        if isinstance(images, np.ndarray):
            return self._predict(images, views, heatmaps)
        return [self._predict(image, views, heatmaps) for image in images]

    def _predict(self, image: Array, views: Views, heatmaps: bool) -> LandmarkPrediction:
        opinions = list[Opinion]()
        for model in self.models:
            picture = as_bytes(image, model.detector.in_channels)
            opinions += model.opinions(picture, views)
        joined = averaged(opinions)
        points, covariance, confidence = (
            np.stack(each) for each in zip(*(one.located() for one in joined), strict=True)
        )
        mean, spread, sure = combined(points, covariance, confidence)
        maps = joined[0].on_picture() if heatmaps else None
        shape = (image.shape[0], image.shape[1])
        return LandmarkPrediction(self.names, mean, sure, spread, shape, maps)

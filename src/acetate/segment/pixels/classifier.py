"""PixelClassifier: from a few labelled pixels of pictures to labels of all."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils.validation import check_is_fitted

from acetate.arrays import Array
from acetate.heat import diffuse
from acetate.seeds import stream
from acetate.segment.features import FeatureBank
from acetate.segment.features.pictures import Images, Planes, as_pictures
from acetate.segment.pixels.calibration import BLURS, Calibration, calibrate
from acetate.segment.pixels.labels import (
    Labelled,
    Masks,
    as_masks,
    bands,
    labelled,
    spread_sample,
)
from acetate.segment.pixels.symmetric_trees import SymmetricTreesClassifier

Progress = Callable[[int, int | None, str], None]
Result = Any


class PixelClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn classifier of pixels that is fitted on pictures and their masks or strokes.

    Parameters
    ----------
    features : FeatureBank or None
        What is computed of every pixel; None takes ``FeatureBank()``.
    model : scikit-learn classifier or None
        What is fitted on features; None takes `SymmetricTreesClassifier`. Another one needs
        ``predict_proba``, and cannot be saved.
    strokes : bool
        False: masks are dense, 0 is the background. True: 0 is not labelled, 1 the background,
        2 and up are the classes 1 and up.
    threshold : float or None
        Of the probability, for two classes; None chooses it by cross-validation in space.
    blur : float or None
        Standard deviation in pixels of the heat flow that probabilities go through; 0 for none,
        None chooses among 0, 1, 2 and 3 for two classes, and takes 0 for more.
    folds : int or None
        Of the cross-validation, from 2: bands of the labelled pictures. None takes 4 of dense
        masks, and 10 of strokes, which are few.
    max_pixels : int
        At most so many labelled pixels are used, as many of each class as there are.
    class_weight : dict, "balanced", "auto" or None
        Of the default model. "auto": in dense masks classes weigh what they do there, whatever
        `max_pixels` takes of them; under strokes all weigh the same.
    tile : int
        Side of the tiles in which features are computed: memory depends on it, results do not.
    random_state : int
        For draws: from 0.

    Attributes
    ----------
    classes_ : numpy.ndarray
        Labels, 0 for the background.
    features_, model_
        The fitted parts.
    calibration_ : Calibration
        The threshold and blur in use, and the Dice of pixels that were left out.

    Notes
    -----
    The threshold and the blur are chosen together: models of all folds but one predict the
    pictures; what they say at the labelled pixels of the one is gathered, and the expected Dice
    is made largest. Folds lie apart because pixels beside each other are alike: folds at random
    would praise a model that only remembers. If objects or background are labelled in one fold
    only there is no choice, and the threshold is 0.5.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> mask = np.zeros((48, 48), bool); mask[8:40, 12:36] = True
    >>> image = np.clip(0.4 * mask + rng.normal(0.3, 0.05, mask.shape), 0, 1)
    >>> model = PixelClassifier(FeatureBank(("gaussian",), (1, 2))).fit(image, mask)
    >>> bool(((model.predict(image) == 1) == mask).mean() > 0.95)
    True
    """

    def __init__(
        self,
        features: FeatureBank | None = None,
        model: Any = None,
        strokes: bool = False,
        threshold: float | None = None,
        blur: float | None = None,
        folds: int | None = None,
        max_pixels: int = 20_000,
        class_weight: Any = "auto",
        tile: int = 1024,
        random_state: int = 0,
    ) -> None:
        self.features = features
        self.model = model
        self.strokes = strokes
        self.threshold = threshold
        self.blur = blur
        self.folds = folds
        self.max_pixels = max_pixels
        self.class_weight = class_weight
        self.tile = tile
        self.random_state = random_state

    def fit(self, images: Images, masks: Masks, progress: Progress | None = None) -> Self:
        """Fit features and model on pictures and their labels.

        Parameters
        ----------
        images : numpy.ndarray or list of numpy.ndarray
            ``(H, W)``, ``(H, W, C)``, ``(N, H, W, C)``, or a list of the first two.
        masks : numpy.ndarray or list of numpy.ndarray
            ``(H, W)``, ``(N, H, W)`` or a list: booleans or integers from 0; see `strokes`.
        progress : callable or None
            Is called with steps done, steps in all and the name of the step.

        Raises
        ------
        TypeError, ValueError
            If a parameter, picture or mask makes no sense; if no pixel is labelled, or all alike.
        """
        self.check_parameters()
        pictures = as_pictures(images)
        labels = labelled(as_masks(masks, images, pictures), self.strokes)
        self.n_channels_in_ = pictures[0].shape[2]
        self.classes_ = np.unique(labels.label)
        self.features_ = clone(self.features if self.features is not None else FeatureBank())
        self.features_.fit(pictures)
        rng = stream(self.random_state)
        kept = labels.take(spread_sample(labels, self.max_pixels, rng))
        report = progress or _quiet
        report(0, 3, "features")
        rows = self._rows(pictures, kept)
        report(1, 3, "model")
        weights = self._weights(labels, kept)
        self.model_ = self._fitted(rows, kept.label, weights)
        report(2, 3, "threshold")
        self.calibration_ = self._calibrated(pictures, labels, (kept, rows, weights))
        report(3, 3, "done")
        return self

    def predict_proba(self, images: Images) -> Result:
        """Return probabilities ``(H, W, K)`` float32, in the order of `classes_`, after the blur.

        Parameters
        ----------
        images : numpy.ndarray or list of numpy.ndarray
            As for `fit`; a stack gives ``(N, H, W, K)``, a list a list.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If it was not fitted.
        TypeError, ValueError
            If the pictures make no sense, or have another number of channels.
        """
        return self._each(images, lambda planes: np.moveaxis(planes, 0, -1))

    def predict(self, images: Images) -> Result:
        """Return labels ``(H, W)`` uint8 (uint16 for more than 256), 0 for the background."""
        return self._each(images, self._decided)

    def uncertainty(self, images: Images) -> Result:
        """Return where to label next: entropy of the probabilities, from 0 to 1, ``(H, W)``."""
        return self._each(images, _entropy)

    def score(self, images: Images, masks: Masks, sample_weight: Any = None) -> float:
        """Return the part of labelled pixels that are predicted as labelled."""
        pictures = as_pictures(images)
        labels = labelled(as_masks(masks, images, pictures), self.strokes)
        right = np.empty(len(labels.label), bool)
        for number, picture in enumerate(pictures):
            at = labels.picture == number
            found = self.predict(picture)[labels.row[at], labels.column[at]]
            right[at] = found == labels.label[at]
        return float(np.average(right, weights=sample_weight))

    def feature_importances(self) -> dict[str, float]:
        """Return how much each feature matters to the model, the most important first.

        Raises
        ------
        AttributeError
            If the model does not say.
        """
        check_is_fitted(self)
        names = self.features_.get_feature_names_out()
        pairs = zip(names, self.model_.feature_importances_, strict=True)
        return {str(n): float(v) for n, v in sorted(pairs, key=lambda pair: -pair[1])}

    def check_fitted(self) -> None:
        """Raise scikit-learn's NotFittedError unless it was fitted."""
        check_is_fitted(self, "model_")

    def check_parameters(self) -> None:
        """Raise unless the parameters make sense."""
        for name, least, most in (("threshold", 0.0, 1.0), ("blur", 0.0, 1e3)):
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise ValueError(f"{name} must lie in [{least:g}, {most:g}], got {value!r}")
        for name, lowest in (("folds", 2), ("max_pixels", 2), ("tile", 1), ("random_state", 0)):
            value = getattr(self, name)
            if name == "folds" and value is None:
                continue
            if not isinstance(value, int | np.integer) or value < lowest:
                raise ValueError(f"{name} must be a whole number from {lowest}, got {value!r}")

    def _rows(self, pictures: list[Array], kept: Labelled) -> Planes:
        """Return the features of labelled pixels, ``(n, F)``; only tiles with some are computed."""
        rows = np.empty((len(kept.label), len(self.features_.get_feature_names_out())), np.float32)
        for number, picture in enumerate(pictures):
            normal = self.features_.normal_of(picture)
            for box in self.features_.boxes(picture.shape, self.tile):
                inside = np.flatnonzero(
                    (kept.picture == number)
                    & (kept.row >= box[0])
                    & (kept.row < box[2])
                    & (kept.column >= box[1])
                    & (kept.column < box[3])
                )
                if len(inside):
                    planes = self.features_.transform_box(picture, box, normal)
                    places = kept.row[inside] - box[0], kept.column[inside] - box[1]
                    rows[inside] = planes[:, places[0], places[1]].T
        return rows

    def _weights(self, labels: Labelled, kept: Labelled) -> Array | None:
        if self.class_weight != "auto" or self.strokes:
            return None
        counts = [np.bincount(x.label, minlength=self.classes_[-1] + 1) for x in (labels, kept)]
        ratio = counts[0] / np.maximum(counts[1], 1) * (len(kept.label) / len(labels.label))
        return np.asarray(ratio[kept.label])

    def _fitted(self, rows: Planes, label: Array, weights: Array | None) -> Any:
        if self.model is not None:
            return clone(self.model).fit(rows, label)
        automatic = "balanced" if self.strokes else None
        model = SymmetricTreesClassifier(
            class_weight=automatic if self.class_weight == "auto" else self.class_weight,
            max_samples=max(self.max_pixels, 2),
            random_state=int(self.random_state),
        )
        return model.fit(rows, label, weights)

    def _calibrated(
        self, pictures: list[Array], labels: Labelled, used: tuple[Labelled, Planes, Array | None]
    ) -> Calibration:
        fixed = Calibration(
            0.5 if self.threshold is None else self.threshold, self.blur or 0.0, None, None
        )
        chosen = self.threshold is not None and self.blur is not None
        if chosen or len(self.classes_) != 2:
            return fixed
        shapes = [p.shape for p in pictures]
        kept, rows, weights = used
        folds = bands(kept, shapes, self.folds or (10 if self.strokes else 4))
        known = kept.label == self.classes_[1]
        models = {}
        for fold in np.unique(folds):
            apart = folds != fold
            if _is_mixed(known[apart]):
                part = None if weights is None else weights[apart]
                models[fold] = self._fitted(rows[apart], kept.label[apart], part)
        seen = np.isin(folds, list(models))
        if not _is_mixed(known[seen]):
            return fixed
        order = np.searchsorted(list(models), folds[seen])
        return self._chosen(pictures, labels, (kept.take(seen), order), list(models.values()))

    def _chosen(
        self,
        pictures: list[Array],
        labels: Labelled,
        pixels: tuple[Labelled, Array],
        models: list[Any],
    ) -> Calibration:
        """Return the best threshold and blur; pixels come with the model that did not see them."""
        kept, order = pixels
        maps = [
            np.stack([found[-1] for found in self._probabilities(picture, models)])
            for picture in pictures
        ]

        def scores(blur: float) -> tuple[Array, Array]:
            flowed = [_flowed(each, blur) for each in maps]
            seen = np.empty(len(order), np.float32)
            for number, each in enumerate(flowed):
                at = kept.picture == number
                seen[at] = each[order[at], kept.row[at], kept.column[at]]
            return seen, np.concatenate([each.ravel() for each in flowed])

        share = None if self.strokes else float(np.mean(labels.label == self.classes_[1]))
        blurs = BLURS if self.blur is None else (float(self.blur),)
        found = calibrate(scores, kept.label == self.classes_[1], blurs, share)
        if self.threshold is None:
            return found
        return Calibration(self.threshold, found.blur, None, found.share)

    def _probabilities(self, picture: Array, models: Sequence[Any]) -> list[Planes]:
        """Return probabilities ``(K, H, W)`` by each of some models, tile by tile."""
        maps = [np.empty((len(self.classes_), *picture.shape[:2]), np.float32) for _ in models]
        normal = self.features_.normal_of(picture)
        for box in self.features_.boxes(picture.shape, self.tile):
            planes = self.features_.transform_box(picture, box, normal)
            flat = planes.reshape(len(planes), -1).T
            for model, out in zip(models, maps, strict=True):
                found = np.asarray(model.predict_proba(flat), np.float32).T
                out[:, box[0] : box[2], box[1] : box[3]] = found.reshape(-1, *planes.shape[1:])
        return maps

    def _each(self, images: Images, then: Callable[[Planes], Array]) -> Result:
        check_is_fitted(self)
        pictures = self.features_.check_pictures(images)
        found = [
            then(_flowed(self._probabilities(picture, [self.model_])[0], self.calibration_.blur))
            for picture in pictures
        ]
        if isinstance(images, np.ndarray):
            return np.stack(found) if images.ndim == 4 else found[0]
        return found

    def _decided(self, planes: Planes) -> NDArray[np.unsignedinteger[Any]]:
        if len(planes) == 2:
            codes = (planes[1] > self.calibration_.threshold).astype(np.intp)
        else:
            codes = planes.argmax(axis=0)
        return self.classes_.astype(np.uint8 if self.classes_[-1] < 256 else np.uint16)[codes]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        tags.target_tags.one_d_labels = False
        tags.target_tags.two_d_labels = True
        return tags


def _flowed(planes: Planes, blur: float) -> Planes:
    if blur == 0:
        return planes
    stacked = diffuse(np.moveaxis(planes, 0, -1).copy(), blur**2 / 2)
    return np.moveaxis(stacked, -1, 0)


def _is_mixed(known: Array) -> bool:
    return bool(known.any() and not known.all())


def _entropy(planes: Planes) -> Planes:
    safe = np.maximum(planes, np.float32(1e-12))
    return np.clip(-(safe * np.log(safe)).sum(axis=0) / np.float32(np.log(len(planes))), 0, 1)


def _quiet(done: int, of: int | None, what: str) -> None:
    """Report nothing."""

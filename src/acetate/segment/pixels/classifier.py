"""PixelClassifier: from a few labelled pixels of pictures to labels of all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from acetate.arrays import Array
from acetate.seeds import stream
from acetate.segment.features import FeatureBank
from acetate.segment.features.pictures import Images, Planes, as_given, as_pictures
from acetate.segment.pixels.calibration import Calibration
from acetate.segment.pixels.decision import CLEANERS, flowed, labels_of
from acetate.segment.pixels.held_out import HeldOut
from acetate.segment.pixels.labels import Labelled, Masks, as_masks, labelled, spread_sample
from acetate.segment.pixels.look import CONTEXT, Look, context_bank
from acetate.segment.pixels.picture_classifier import PictureClassifier
from acetate.segment.pixels.symmetric_trees import SymmetricTreesClassifier
from acetate.segment.pixels.tuning import Wanted, tuned

Progress = Callable[[int, int | None, str], None]
Result = Any

# Bands that are held out: of dense masks, of those in more than one round, of strokes.
_FOLDS, _FOLDS_OF_ROUNDS, _FOLDS_OF_STROKES = 4, 8, 10
# Parameters that are whole numbers, and the least of each; rounds at most.
_WHOLE = {"autocontext": 0, "folds": 2, "max_pixels": 2, "tile": 1, "random_state": 0}
_ROUNDS = 10


class PixelClassifier(PictureClassifier):
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
    autocontext : int
        How many times, from 0, another model is fitted that sees, beside the features, what the
        one before it says of the surroundings. It costs as many times the time.
    clean : {"none", "heat-flow", "random-field"}
        How labels are cleaned up of specks and ragged borders: not, by heat, or by the exact
        minimum of a random field; see `acetate.segment.random_field.clean_up`.
    smoothness : float or None
        What a pixel of border costs in the clean-up, from 0; None chooses among 0, 0.5, 1, 2 and
        4 for two classes, and takes 1 for more.
    folds : int or None
        Of the cross-validation, from 2: bands of the labelled pictures. None takes 4 of dense
        masks, 8 with autocontext, and 10 of strokes, which are few.
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
    earlier_ : tuple
        The models of earlier rounds.
    calibration_ : Calibration
        The threshold, blur and smoothness in use, and the Dice of pixels that were left out.

    Notes
    -----
    The threshold and the blur are chosen together: models of all folds but one predict the
    pictures; what they say at the labelled pixels of the one is gathered, and the expected Dice
    is made largest. Folds lie apart because pixels beside each other are alike: folds at random
    would praise a model that only remembers. If objects or background are labelled in one fold
    only there is no choice, and the threshold is 0.5.

    In autocontext (Tu and Bai 2010), a model learns from what models say that did not see the
    place either; what they say of places that they learned from would be too good to be true.
    Their bands are those of the threshold, so the Dice that is reported is a little too high.

    References
    ----------
    Z. Tu and X. Bai, "Auto-context and its application to high-level vision tasks and 3D brain
    image segmentation", IEEE PAMI 32 (2010).

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
        autocontext: int = 0,
        clean: Literal["none", "heat-flow", "random-field"] = "none",
        smoothness: float | None = None,
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
        self.autocontext = autocontext
        self.clean = clean
        self.smoothness = smoothness
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
        kept = labels.take(spread_sample(labels, self.max_pixels, stream(self.random_state)))
        self._learn(pictures, labels, kept, progress or _quiet)
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
        """Return labels ``(H, W)``, 0 for the background, uint8 or the least that holds all.

        They are what the threshold, or with more classes the largest probability, makes of
        `predict_proba`, cleaned up if that is wanted.
        """
        check_is_fitted(self)
        dtype = np.min_scalar_type(self.classes_[-1])

        def decided(planes: Planes) -> Array:
            found = self.calibration_
            codes = labels_of(planes, found.threshold, self.clean, found.smoothness)
            return self.classes_.astype(dtype)[codes]

        return self._each(images, decided)

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
        pairs = zip(self.look_.names, self.model_.feature_importances_, strict=True)
        return {str(n): float(v) for n, v in sorted(pairs, key=lambda pair: -pair[1])}

    def check_fitted(self) -> None:
        """Raise scikit-learn's NotFittedError unless it was fitted."""
        check_is_fitted(self, "model_")

    def check_parameters(self) -> None:
        """Raise unless the parameters make sense."""
        if self.clean != "none" and self.clean not in CLEANERS:
            raise ValueError(f"clean is one of none, {', '.join(CLEANERS)}, got {self.clean!r}")
        for name, least, most in (("threshold", 0, 1), ("blur", 0, 1e3), ("smoothness", 0, 1e6)):
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise ValueError(f"{name} must lie in [{least:g}, {most:g}], got {value!r}")
        for name, lowest in _WHOLE.items():
            value = getattr(self, name)
            if name == "folds" and value is None:
                continue
            if not isinstance(value, int | np.integer) or value < lowest:
                raise ValueError(f"{name} must be a whole number from {lowest}, got {value!r}")
        if self.autocontext > _ROUNDS:
            raise ValueError(f"autocontext must be at most {_ROUNDS}, got {self.autocontext}")

    @property
    def look_(self) -> Look:
        """What the last model sees."""
        return self._look(len(self.earlier_))

    def _look(self, round_: int) -> Look:
        context = context_bank(len(self.classes_), self.context_) if round_ else None
        return Look(self.features_, self.tile, context)

    def _learn(
        self, pictures: list[Array], labels: Labelled, kept: Labelled, report: Progress
    ) -> None:
        """Fit the models of all rounds, then choose threshold, blur and smoothness."""
        steps = 3 + self.autocontext
        weights = self._weights(labels, kept)
        held = HeldOut(kept, [picture.shape for picture in pictures], self._fold_count)
        said: list[Planes | None] = [None] * len(pictures)
        self.earlier_: tuple[Any, ...] = ()
        self.context_: Mapping[str, Sequence[float]] = CONTEXT
        for turn in range(self.autocontext + 1):
            report(turn, steps, "context" if turn else "features")
            rows = self.look_.rows(pictures, said, kept)

            def fitted(some: Array, rows: Planes = rows) -> Any:
                part = None if weights is None else weights[some]
                return self._fitted(rows[some], kept.label[some], part)

            if turn < self.autocontext:
                said = self._said(pictures, said, held, fitted)
                self.earlier_ += (fitted(np.ones(len(rows), bool)),)
        report(steps - 2, steps, "model")
        self.model_ = fitted(np.ones(len(rows), bool))
        report(steps - 1, steps, "threshold")
        wanted = Wanted(self.threshold, self.blur, self.clean, self.smoothness)
        share = None if self.strokes else float(np.mean(labels.label == self.classes_[1]))
        self.calibration_: Calibration = tuned(
            held,
            fitted,
            lambda number, models: self.look_.maps(pictures[number], said[number], models),
            wanted,
            share,
        )
        report(steps, steps, "done")

    def _said(
        self,
        pictures: list[Array],
        before: list[Planes | None],
        held: HeldOut,
        fitted: Callable[[Array], Any],
    ) -> list[Planes | None]:
        """Return what models say of every picture where they have not learned."""
        models = held.models(fitted)
        if held.missing(models):
            raise ValueError(
                "autocontext needs labels of each class in several bands of the pictures, and one "
                "class is labelled in a single one; label more of it, or leave autocontext 0"
            )
        look = self.look_
        return [
            held.stitched(number, look.maps(picture, said, list(models.values())), list(models))
            for number, (picture, said) in enumerate(zip(pictures, before, strict=True))
        ]

    @property
    def _fold_count(self) -> int:
        if self.folds is not None:
            return self.folds
        if self.strokes:
            return _FOLDS_OF_STROKES
        return _FOLDS_OF_ROUNDS if self.autocontext else _FOLDS

    def _weights(self, labels: Labelled, kept: Labelled) -> Array | None:
        if self.class_weight != "auto" or self.strokes:
            return None
        codes = [np.searchsorted(self.classes_, some.label) for some in (labels, kept)]
        counts = [np.bincount(each, minlength=len(self.classes_)) for each in codes]
        ratio = counts[0] / np.maximum(counts[1], 1) * (len(kept.label) / len(labels.label))
        return np.asarray(ratio[codes[1]])

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

    def _each(self, images: Images, then: Callable[[Planes], Array]) -> Result:
        check_is_fitted(self)
        pictures = self.features_.check_pictures(images)
        found = [then(flowed(self._planes(p), self.calibration_.blur)) for p in pictures]
        return as_given(images, found)

    def _planes(self, picture: Array) -> Planes:
        """Return probabilities ``(K, H, W)`` after all rounds."""
        said = None
        for turn, model in enumerate((*self.earlier_, self.model_)):
            said = self._look(turn).maps(picture, said, [model])[0]
        assert said is not None
        return said


def _entropy(planes: Planes) -> Planes:
    safe = np.maximum(planes, np.float32(1e-12))
    return np.clip(-(safe * np.log(safe)).sum(axis=0) / np.float32(np.log(len(planes))), 0, 1)


def _quiet(done: int, of: int | None, what: str) -> None:
    """Report nothing."""

"""UNetSegmenter: a network in scikit-learn's manner, from masks of pictures to labels of others."""

from collections.abc import Callable
from dataclasses import fields
from numbers import Real
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

import acetate.augmenters as iaa
from acetate.arrays import Array
from acetate.learn.history import History
from acetate.learn.options import TrainOptions
from acetate.learn.randomness import seeded
from acetate.learn.unet import UNet
from acetate.segment.features.pictures import Images, as_given, as_pictures
from acetate.segment.pixels.labels import Masks, as_masks
from acetate.segment.pixels.picture_classifier import PictureClassifier
from acetate.segment.unet.borders import BORDER, INSIDE, grown, with_borders
from acetate.segment.unet.card import described, fingerprint_of
from acetate.segment.unet.losses import loss_named
from acetate.segment.unet.options import LOSS, UNetOptions, UNetTraining
from acetate.segment.unet.patches import Patches, default_augmenter, standardized, tiles
from acetate.segment.unet.sliding import probabilities
from acetate.segment.unet.splitting import check_apart, check_few, check_split, spatial_split
from acetate.segment.unet.task import PixelTask

Progress = Callable[[int, int | None, str], None]
Say = Callable[[str], None]

_USUAL = UNetOptions()
_WINDOW = 512  # px; larger for a network that sees further


class UNetSegmenter(PictureClassifier):
    """A U-Net that learns from pictures and masks what is what.

    Parameters
    ----------
    base : int
        Channels at full size; see `acetate.learn.unet.UNet`.
    depth : int
        How often pictures are halved.
    norm : {"none", "batch", "group"}
        What evens out values in the network.
    loss : str
        A name of `LOSSES` or several with + between.
    patch : int
        Side of the patches it learns from, in pixels: a multiple of 2 to the power of `depth`, and
        larger than that with norm "batch".
    patches : int
        As many in an epoch.
    augmenter : acetate.augmenters.Augmenter, "default" or None
        What changes patches; None takes them as they are.
    standardize : {"picture", "none"}
        Whether every picture is brought to mean 0 and deviation 1 first, channel by channel.
    objects : bool
        Whether masks number single objects, and those that touch are to be told apart: a border
        class is learned too, and `predict_objects` parts them.
    threshold : float
        Of the probability, for two classes (with `objects`: of inside and border together).
    window : int or None
        Side of the windows in which large pictures are predicted; None takes 512 pixels, or four
        times the network's halo if that is more.
    options : TrainOptions or None
        How it is trained; None takes `UNetTraining()`.

    Attributes
    ----------
    classes_ : numpy.ndarray
        Labels, 0 for the background; with `objects` 0 and 1.
    network_ : UNet
        With the best weights.
    history_ : History
        Of the training.
    n_channels_in_ : int
        Of the pictures.

    References
    ----------
    O. Ronneberger, P. Fischer and T. Brox, "U-Net: convolutional networks for biomedical image
    segmentation", MICCAI 2015.

    Examples
    --------
    >>> mask = np.zeros((32, 32), bool); mask[8:24, 4:20] = True
    >>> few = TrainOptions(epochs=2, batch_size=4)
    >>> model = UNetSegmenter(base=4, depth=1, patch=16, patches=8, options=few)
    >>> model.fit(0.5 * mask, mask).predict(0.5 * mask).shape
    (32, 32)
    """

    def __init__(
        self,
        base: int = _USUAL.base,
        depth: int = _USUAL.depth,
        norm: str = _USUAL.norm,
        loss: str = LOSS,
        patch: int = _USUAL.patch,
        patches: int = _USUAL.patches,
        augmenter: Any = "default",
        standardize: Any = _USUAL.standardize,
        objects: bool = _USUAL.objects,
        threshold: float = _USUAL.threshold,
        window: int | None = _USUAL.window,
        options: TrainOptions | None = None,
    ) -> None:
        self.base = base
        self.depth = depth
        self.norm = norm
        self.loss = loss
        self.patch = patch
        self.patches = patches
        self.augmenter = augmenter
        self.standardize = standardize
        self.objects = objects
        self.threshold = threshold
        self.window = window
        self.options = options

    def fit(
        self,
        images: Images,
        masks: Masks,
        validation: tuple[Images, Masks] | float | None = None,
        *,
        folder: Path | None = None,
        resume: bool = False,
        progress: Progress | None = None,
        say: Say | None = None,
    ) -> Self:
        """Learn from pictures and masks.

        Parameters
        ----------
        images : numpy.ndarray or list of numpy.ndarray
            ``(H, W)``, ``(H, W, C)``, ``(N, H, W, C)``, or a list of the first two; uint8,
            uint16, or floats in [0, 1].
        masks : numpy.ndarray or list of numpy.ndarray
            ``(H, W)`` booleans or integers for each: 0 is the background; with `objects` other
            numbers are single objects, else classes.
        validation : (images, masks), float or None
            What says which epoch is best: other pictures, or the part of these that is held out,
            a guard as wide as what the network sees away from the others (`spatial_split`). None
            takes the last epoch.
        folder, resume, progress, say
            See `acetate.learn.training.train`.

        Raises
        ------
        TypeError, ValueError
            If pictures and masks do not fit, are NaN, or have one class only, or more than 32; if a
            class is only in the part that is held out, or nothing but background is; if a
            parameter makes no sense.
        FileExistsError
            If the folder has a checkpoint, and it is not to go on from that.
        """
        from acetate.learn.training import train  # Lightning takes seconds to import

        self.check_parameters()
        pictures = as_pictures(images)
        labels = as_masks(masks, images, pictures)
        check_apart(labels)
        if not self.objects:
            check_few(labels)
        self.n_channels_in_ = pictures[0].shape[2]
        self.classes_ = np.array([0, 1]) if self.objects else _classes(labels)
        options = self.options or UNetTraining()
        with seeded(options.seed):
            self.network_ = UNet(self.n_channels_in_, self._maps(), *self._architecture())
        learn, judge = self._parts(pictures, labels, validation)
        if judge is not None:
            check_split(*(map(self._looked_for, each) for each in (labels, learn[1], judge[1])))
        training = Patches(
            learn[0],
            [self._numbers(mask) for mask in learn[1]],
            self.patch,
            self.patches,
            default_augmenter() if self.augmenter == "default" else self.augmenter,
            self.standardize,
            options.seed,
        )
        held = None if judge is None else self._tiles(*judge)
        parts = {"learned": learn} | ({} if judge is None else {"judged": judge})
        card, about = described(self, History((), 0)), fingerprint_of(self, parts)
        task = PixelTask(self.network_, self.loss, card, about)
        self.history_: History = train(
            task, training, held, options, folder=folder, resume=resume, progress=progress, say=say
        )
        self.network_.eval()
        return self

    def predict_proba(self, images: Images, progress: Progress | None = None) -> Any:
        """Return the probability of every class at every pixel.

        Parameters
        ----------
        images : numpy.ndarray or list of numpy.ndarray
            As for `fit`, of any size.
        progress : callable, optional
            Called after every window.

        Returns
        -------
        numpy.ndarray or list of numpy.ndarray
            ``(H, W, K)`` float32 for one picture, ``(N, H, W, K)`` for a stack, a list for a list;
            classes in the order of `classes_`.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If it was not fitted.
        TypeError, ValueError
            If the pictures make no sense, or have another number of channels.
        """
        return self._each(images, lambda p: np.moveaxis(self._merged(p, progress), 0, -1))

    def predict(self, images: Images, progress: Progress | None = None) -> Any:
        """Return the labels of all pixels ``(H, W)``: of `classes_`; see `predict_proba`."""
        return self._each(images, lambda p: self._labels(self._merged(p, progress)))

    def predict_objects(self, images: Images, progress: Progress | None = None) -> Any:
        """Return single objects ``(H, W)`` int32, numbered from 1, parted where they touch.

        Raises
        ------
        ValueError
            If it was not fitted with ``objects=True``.
        """
        check_is_fitted(self)
        if not self.objects:
            raise ValueError(
                "this model learned no borders; fit with objects=True and masks that number "
                "single objects"
            )

        def parted(picture: Array) -> Array:
            found = self._raw(picture, progress)
            return grown(found[INSIDE], found[BORDER], self.threshold)

        return self._each(images, parted)

    def score(self, images: Images, masks: Masks, sample_weight: Any = None) -> float:
        """Return the part of pixels that are labelled as in the masks; of objects, as one class."""
        check_is_fitted(self)
        pictures = as_pictures(images)
        truth = as_masks(masks, images, pictures)
        right = [
            (self.predict(picture) == (mask > 0 if self.objects else mask)).ravel()
            for picture, mask in zip(pictures, truth, strict=True)
        ]
        return float(np.average(np.concatenate(right), weights=sample_weight))

    def _each(self, images: Images, treat: Callable[[Array], Array]) -> Any:
        check_is_fitted(self)
        pictures = as_pictures(images)
        if pictures[0].shape[2] != self.n_channels_in_:
            raise ValueError(
                f"UNetSegmenter was fitted on pictures of {self.n_channels_in_} channel(s), got "
                f"{pictures[0].shape[2]}; fit it again or convert the pictures"
            )
        return as_given(images, [treat(picture) for picture in pictures])

    def _raw(self, picture: Array, progress: Progress | None) -> NDArray[np.float32]:
        planes = standardized(picture, self.standardize)
        window = self.window or max(_WINDOW, 4 * self.network_.halo)
        return probabilities(self.network_, planes, window, progress)

    def _merged(self, picture: Array, progress: Progress | None) -> NDArray[np.float32]:
        """Return probabilities of `classes_`: inside and border are one."""
        found = self._raw(picture, progress)
        if not self.objects:
            return found
        return np.stack([found[0], found[INSIDE] + found[BORDER]])

    def _labels(self, found: NDArray[np.float32]) -> Array:
        if len(found) == 2:
            return self.classes_[(found[1] > self.threshold).astype(np.intp)]
        return self.classes_[found.argmax(0)]

    def _maps(self) -> int:
        return BORDER if self.objects else len(self.classes_) - 1

    def _architecture(self) -> tuple[int, int, str]:
        return int(self.base), int(self.depth), self.norm

    def _numbers(self, mask: Array) -> NDArray[np.int64]:
        """Return a mask as the numbers of the network's classes."""
        if self.objects:
            return with_borders(mask)
        return np.searchsorted(self.classes_, mask.astype(np.int64))

    def _looked_for(self, mask: Array) -> Array:
        return mask.astype(np.int64) if not self.objects else (mask > 0).astype(np.int64)

    def _parts(self, pictures: list[Array], labels: list[Array], validation: Any) -> Any:
        """Return what it learns from, and what it is judged by, or None."""
        if validation is None:
            return (pictures, labels), None
        if isinstance(validation, Real) and not isinstance(validation, bool):
            return spatial_split(pictures, labels, float(validation), self.network_.halo)
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            raise TypeError(
                "validation is a pair of pictures and masks, a part between 0 and 1, or None, got "
                f"{validation!r}"
            )
        others = as_pictures(validation[0])
        masks = as_masks(validation[1], validation[0], others)
        if others[0].shape[2] != self.n_channels_in_:
            raise ValueError(
                f"validation pictures have {others[0].shape[2]} channel(s), those to learn from "
                f"{self.n_channels_in_}"
            )
        if not self.objects and not np.isin(_classes(masks), self.classes_).all():
            raise ValueError(
                f"validation has classes {_classes(masks).tolist()}, those to learn from "
                f"{self.classes_.tolist()}"
            )
        return (pictures, labels), (others, masks)

    def _tiles(self, pictures: list[Array], masks: list[Array]) -> Any:
        numbers = [self._numbers(mask) for mask in masks]
        multiple = self.network_.reduction
        return tiles(pictures, numbers, self.standardize, 2 * self.patch, multiple)

    def check_parameters(self) -> None:
        """Raise unless all parameters make sense, alone and together.

        Raises
        ------
        TypeError, ValueError
            If one does not.
        """
        UNetOptions(**{each.name: getattr(self, each.name) for each in fields(UNetOptions)})
        loss_named(self.loss)
        known = self.augmenter is None or isinstance(self.augmenter, iaa.Augmenter)
        if not known and self.augmenter != "default":
            raise TypeError(
                f"augmenter is one of acetate.augmenters, 'default' or None, got {self.augmenter!r}"
            )
        if self.options is not None and not isinstance(self.options, TrainOptions):
            raise TypeError(f"options must be TrainOptions or None, got {self.options!r}")


def parameter_count(network: torch.nn.Module) -> int:
    """Return how many numbers a network has learned.

    Examples
    --------
    >>> parameter_count(UNet())
    470977
    """
    return sum(each.numel() for each in network.parameters())


def _classes(masks: list[Array]) -> NDArray[np.int64]:
    values = np.concatenate([np.unique(mask) for mask in masks] + [np.zeros(1)])
    return np.unique(values.astype(np.int64))

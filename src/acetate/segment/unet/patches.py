"""Samples of pictures for the network: augmented patches to learn from, tiles to be judged by."""

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Dataset

import acetate.augmenters as iaa
from acetate.arrays import Array
from acetate.seeds import stream
from acetate.segment.features.pictures import as_floats
from acetate.segment.unet.losses import IGNORED

Planes = NDArray[np.float32]
Labels = NDArray[np.int64]
Standardize = Literal["picture", "none"]

# A window of so many sides of a patch holds it turned by any angle and shrunk to 0.8.
_AROUND = 1.8
_DRAW = 3  # the key of the streams that cut patches


def default_augmenter() -> iaa.Augmenter:
    """Return the recipe of patches: turns, flips, zoom, and another light.

    Half of the patches are only turned by right angles: interpolation takes noise off, and the
    pictures to predict have it.

    Examples
    --------
    >>> default_augmenter().name
    'Sequential'
    """
    zoom = iaa.Affine(scale=(0.85, 1.2), rotate=(-45, 45), shear=(-8, 8))
    steps = [iaa.Rot90((0, 3)), iaa.Fliplr(0.5), iaa.Sometimes(0.5, zoom)]
    return iaa.Sequential([*steps, iaa.GammaContrast((0.7, 1.4))])


def standardized(picture: Array, how: Standardize) -> Planes:
    """Return a picture ``(H, W, C)`` as planes ``(C, H, W)`` float32, each of mean 0 and sd 1.

    A constant plane becomes 0.

    Examples
    --------
    >>> standardized(np.array([[[0], [255]]], np.uint8), "picture").tolist()
    [[[-1.0, 1.0]]]
    """
    planes = np.ascontiguousarray(np.moveaxis(as_floats(picture), -1, 0))
    if how == "none":
        return planes
    mean = planes.mean((1, 2), keepdims=True, dtype=np.float64)
    deviation = planes.std((1, 2), keepdims=True, dtype=np.float64)
    deviation[deviation < 1e-6] = 1.0
    return ((planes - mean) / deviation).astype(np.float32)


class Patches(Dataset[Any]):
    """Augmented patches of labelled pictures; item i of an epoch is always the same.

    Parameters
    ----------
    pictures : sequence of numpy.ndarray
        ``(H, W, C)``.
    labels : sequence of numpy.ndarray
        ``(H, W)`` int: 0 the background.
    side : int
        Of a patch, in pixels.
    count : int
        Patches in an epoch.
    augmenter : Augmenter or None
        Without a seed of its own; None cuts patches as they are.
    how : {"picture", "none"}
        See `standardized`; before augmentation, as prediction does it.
    seed : int
        Decides everything, with epoch and index.

    Examples
    --------
    >>> image, mask = np.zeros((8, 9, 1)), np.eye(8, 9, dtype=np.int64)
    >>> image_of, labels_of = Patches([image], [mask], 4, 10, None, "none", seed=1)[0]
    >>> image_of.shape, labels_of.shape
    ((1, 4, 4), (4, 4))
    """

    def __init__(
        self,
        pictures: Sequence[Array],
        labels: Sequence[Array],
        side: int,
        count: int,
        augmenter: iaa.Augmenter | None,
        how: Standardize,
        seed: int,
    ) -> None:
        self.pictures, self.labels = [_gray(picture) for picture in pictures], list(labels)
        self.side, self.count, self.how, self.seed = side, count, how, seed
        self.window = side if augmenter is None else math.ceil(_AROUND * side)
        self.augmenter = None
        if augmenter is not None:
            self.augmenter = iaa.Sequential(
                [augmenter, iaa.CropToFixedSize(side, side, position="center")]
            )
        self.epoch = 0
        areas = np.array([mask.size for mask in self.labels], float)
        self.shares = np.cumsum(areas / areas.sum())
        self.moments = [_moments(picture, how) for picture in self.pictures]

    def set_epoch(self, epoch: int) -> None:
        """Go to the patches of an epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[Planes, Labels]:
        rng = stream(self.seed, _DRAW, self.epoch, index)
        number = min(int(np.searchsorted(self.shares, rng.random())), len(self.pictures) - 1)
        picture, mask = self.pictures[number], self.labels[number]
        top, left = (_start(size, self.side, rng) for size in mask.shape)
        margin = (self.window - self.side) // 2
        box = top - margin, left - margin, self.window
        image, labels = _window(picture, *box), _window(mask.astype(np.int32), *box)
        if self.augmenter is not None:
            recipe = self.augmenter.draw(image.shape, int(rng.integers(2**53)))
            image, labels = recipe(image=image, segmentation_maps=labels)
        return self._scaled(image, number), np.ascontiguousarray(labels, dtype=np.int64)

    def _scaled(self, image: Array, number: int) -> Planes:
        mean, deviation = self.moments[number]
        planes = np.moveaxis((as_floats(image) - mean) / deviation, -1, 0)
        return np.ascontiguousarray(planes, dtype=np.float32)


def tiles(
    pictures: Sequence[Array], labels: Sequence[Array], how: Standardize, most: int, multiple: int
) -> list[tuple[Planes, Labels]]:
    """Cut pictures into tiles of one size, to be judged by; what sticks out is not looked at.

    Parameters
    ----------
    pictures, labels : sequence of numpy.ndarray
        ``(H, W, C)`` and ``(H, W)``.
    how : {"picture", "none"}
        See `standardized`.
    most : int
        Largest side of a tile; smaller if no picture is so large.
    multiple : int
        Sides are multiples of it.

    Examples
    --------
    >>> image, mask = np.zeros((6, 9, 1)), np.ones((6, 9), np.int64)
    >>> [labels.tolist() for _, labels in tiles([image], [mask], "none", 8, 4)][1][0]
    [1, -1, -1, -1, -1, -1, -1, -1]
    """
    longest = min(most, max(max(mask.shape) for mask in labels))
    side = -(-longest // multiple) * multiple
    found = []
    for picture, mask in zip(pictures, labels, strict=True):
        planes = standardized(picture, how)
        for top in range(0, mask.shape[0], side):
            for left in range(0, mask.shape[1], side):
                box = np.s_[..., top : top + side, left : left + side]
                found.append((_filled(planes[box], side), _filled_labels(mask[box], side)))
    return found


def _filled(planes: Planes, side: int) -> Planes:
    rows, columns = side - planes.shape[1], side - planes.shape[2]
    return np.pad(planes, ((0, 0), (0, rows), (0, columns)), mode="symmetric")


def _filled_labels(mask: Array, side: int) -> Labels:
    rows, columns = side - mask.shape[0], side - mask.shape[1]
    filled = np.pad(mask, ((0, rows), (0, columns)), constant_values=IGNORED)
    return np.ascontiguousarray(filled, dtype=np.int64)


def _gray(picture: Array) -> Array:
    """Return booleans as black and white, which augmenters take; others as they are."""
    return picture.astype(np.uint8) * np.uint8(255) if picture.dtype == bool else picture


def _moments(picture: Array, how: Standardize) -> tuple[Planes, Planes]:
    """Return the mean and deviation of each channel that `standardized` takes off."""
    if how == "none":
        return np.zeros(1, np.float32), np.ones(1, np.float32)
    values = as_floats(picture)
    mean = values.mean((0, 1), dtype=np.float64)
    deviation = values.std((0, 1), dtype=np.float64)
    deviation[deviation < 1e-6] = 1.0
    return mean.astype(np.float32), deviation.astype(np.float32)


def _start(size: int, side: int, rng: np.random.Generator) -> int:
    """Draw where a patch begins; centred, and partly outside, if the picture is smaller."""
    if size <= side:
        return (size - side) // 2
    return int(rng.integers(size - side + 1))


def _window(values: Array, top: int, left: int, side: int) -> Array:
    """Cut a square out of a picture that goes on beyond its border as in a mirror."""
    height, width = values.shape[:2]
    rows, columns = _mirrored(top, side, height), _mirrored(left, side, width)
    inside = 0 <= top <= height - side and 0 <= left <= width - side
    if inside:
        return np.ascontiguousarray(values[top : top + side, left : left + side])
    return values[rows[:, None], columns]


def _mirrored(start: int, count: int, size: int) -> NDArray[np.int64]:
    """Return which lines of a picture are seen, the border's line twice."""
    places = np.arange(start, start + count) % (2 * size)
    return np.minimum(places, 2 * size - 1 - places)

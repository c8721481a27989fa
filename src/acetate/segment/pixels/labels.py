"""Labels of pictures: dense masks or strokes, checked, as places and classes of pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.segment.features.pictures import Images

Masks = Array | Sequence[Array]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Labelled:
    """The labelled pixels of pictures.

    Parameters
    ----------
    picture : numpy.ndarray
        ``(n,)``: in which picture each is, rising.
    row, column : numpy.ndarray
        ``(n,)``: where.
    label : numpy.ndarray
        ``(n,)``: its class, from 0 for the background.

    Examples
    --------
    >>> labelled([np.array([[0, 1, 2]])], strokes=True).label
    array([0, 1])
    """

    picture: Numbers
    row: Numbers
    column: Numbers
    label: Numbers

    def take(self, kept: Array) -> "Labelled":
        """Return some of them."""
        return Labelled(self.picture[kept], self.row[kept], self.column[kept], self.label[kept])

    def within(self, box: tuple[int, int, int, int]) -> NDArray[np.bool_]:
        """Tell which lie between top, left, bottom and right."""
        down = (self.row >= box[0]) & (self.row < box[2])
        return down & (self.column >= box[1]) & (self.column < box[3])


def as_masks(masks: Masks, images: Images, pictures: list[Array]) -> list[Array]:
    """Return one mask ``(H, W)`` for each picture; raise unless they fit and hold whole numbers.

    Raises
    ------
    TypeError
        If they are no arrays of booleans or integers.
    ValueError
        If there are more or fewer than pictures, a shape differs, or a label is negative.

    Examples
    --------
    >>> image = np.zeros((2, 3))
    >>> len(as_masks(np.zeros((2, 3), bool), image, [image[:, :, None]]))
    1
    """
    if isinstance(masks, np.ndarray):
        given = list(masks) if isinstance(images, np.ndarray) and images.ndim == 4 else [masks]
    else:
        given = list(masks)
    if len(given) != len(pictures):
        raise ValueError(f"there must be one mask a picture: {len(pictures)}, got {len(given)}")
    for mask, picture in zip(given, pictures, strict=True):
        _check_mask(mask, picture.shape[:2])
    return given


def labelled(masks: list[Array], strokes: bool) -> Labelled:
    """Return the pixels that have a label: all of a dense mask, or those under strokes.

    Raises
    ------
    ValueError
        If none has, or all have the same.
    """
    parts = []
    for number, mask in enumerate(masks):
        rows, columns = np.nonzero(mask) if strokes else np.indices(mask.shape).reshape(2, -1)
        label = mask[rows, columns].astype(np.int64) - int(strokes)
        parts.append((np.full(len(rows), number), rows, columns, label))
    found = Labelled(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    if not len(found.label):
        raise ValueError(
            "no pixel is labelled: strokes are 1 on the background, 2 and up elsewhere"
        )
    if (found.label == found.label[0]).all():
        raise ValueError(
            f"all {len(found.label)} labelled pixels are of one class, {found.label[0]}; mark a "
            "second one, the background included"
        )
    return found


def spread_sample(labels: Labelled, most: int, rng: np.random.Generator) -> Array:
    """Return which pixels to take, at most so many: as many of each class, as far as there are.

    A class with few pixels keeps them; what it leaves goes to the others.

    Examples
    --------
    >>> pixels = labelled([np.array([[0] * 8 + [1] * 2])], strokes=False)
    >>> kept = spread_sample(pixels, 5, np.random.default_rng(0))
    >>> np.bincount(pixels.label[kept]).tolist()
    [3, 2]
    """
    if len(labels.label) <= most:
        return np.arange(len(labels.label))
    numbers, counts = np.unique(labels.label, return_counts=True)
    quotas = np.zeros(len(counts), np.int64)
    left = most
    for place, k in enumerate(np.argsort(counts)):
        quotas[k] = min(counts[k], left // (len(counts) - place))
        left -= quotas[k]
    chosen = [
        rng.choice(np.flatnonzero(labels.label == number), quota, replace=False)
        for number, quota in zip(numbers, quotas, strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def bands(labels: Labelled, shapes: list[tuple[int, ...]], count: int) -> Numbers:
    """Return the fold of every pixel: bands of pictures with equally many labelled pixels each.

    Folds are apart in space, as pixels beside each other are alike: bands go across the longer
    axis of each picture, one picture after another.

    Examples
    --------
    >>> pixels = labelled([np.array([[0, 1, 0, 1]])], strokes=False)
    >>> bands(pixels, [(1, 4)], 2).tolist()
    [0, 0, 1, 1]
    """
    tall = np.array([shape[0] >= shape[1] for shape in shapes])[labels.picture]
    along = np.where(tall, labels.row, labels.column)
    order = np.lexsort((along, labels.picture))
    place = labels.picture[order] * 2**32 + along[order]
    # All pixels of a line go where its first one goes.
    first = np.searchsorted(place, place, side="left")
    folds = np.empty(len(order), np.int64)
    folds[order] = first * count // len(order)
    return folds


def band_of_lines(labels: Labelled, folds: Numbers, number: int, shape: tuple[int, ...]) -> Numbers:
    """Return the fold of every line across the longer axis of a picture.

    A line without labelled pixels belongs to the fold before it; lines before the first one, and
    pictures without any, to the first.

    Examples
    --------
    >>> pixels = labelled([np.array([[0, 1, 0, 2, 2, 0]])], strokes=True)
    >>> band_of_lines(pixels, bands(pixels, [(1, 6)], 3), 0, (1, 6)).tolist()
    [0, 0, 0, 1, 2, 2]
    """
    here = labels.picture == number
    along = (labels.row if shape[0] >= shape[1] else labels.column)[here]
    lines = np.full(max(shape[:2]), -1, np.int64)
    lines[along] = folds[here]
    first = folds[here].min() if len(along) else 0
    return np.maximum(np.maximum.accumulate(lines), first)


def _check_mask(mask: Any, shape: tuple[int, ...]) -> None:
    if not isinstance(mask, np.ndarray):
        raise TypeError(f"a mask must be a NumPy array, got {type(mask).__name__}")
    if mask.shape != shape:
        raise ValueError(f"a mask must have its picture's height and width {shape}: {mask.shape}")
    if mask.dtype.kind not in "bui":
        raise TypeError(f"a mask must hold booleans or integers, got {mask.dtype}")
    if mask.dtype.kind == "i" and mask.min() < 0:
        raise ValueError(f"labels of a mask are numbers from 0, got {mask.min()}")

"""How well masks and labels overlap: intersection over union (Jaccard) and Dice.

As everywhere in `acetate.measure` the prediction comes first and the truth second.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.measure.checks import check_pair, numbered

Scores = NDArray[np.float64]


def iou(prediction: Array, truth: Array) -> float:
    """Return the intersection over the union of two masks (the Jaccard index).

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Booleans or integers of one shape; what is not 0 is inside.

    Returns
    -------
    float
        From 0 to 1; 1 if both are empty.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers.
    ValueError
        If the shapes differ, or are empty.

    Examples
    --------
    >>> iou(np.array([True, True, False]), np.array([True, False, False]))
    0.5
    """
    both, one, other = _masks(prediction, truth)
    return float(_iou(both, one, other))


def dice(prediction: Array, truth: Array) -> float:
    """Return twice the intersection of two masks over the sum of their sizes (the F1 score).

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Booleans or integers of one shape; what is not 0 is inside.

    Returns
    -------
    float
        From 0 to 1; 1 if both are empty.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers.
    ValueError
        If the shapes differ, or are empty.

    Examples
    --------
    >>> dice(np.array([True, True, True, False]), np.array([True, False, False, False]))
    0.5
    """
    both, one, other = _masks(prediction, truth)
    return float(_dice(both, one, other))


def iou_per_label(prediction: Array, truth: Array, labels: int | None = None) -> Scores:
    """Return the intersection over union of every label, the background's first.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Labels from 0, integers of one shape.
    labels : int or None
        How many there are, at most 2**24; None takes the largest of both, and one more.

    Returns
    -------
    numpy.ndarray
        ``(labels,)``, from 0 to 1; 1 for a label that neither has. Its mean is the mean IoU.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers.
    ValueError
        If the shapes differ or are empty, a label is negative or not below `labels`, or there
        are too many.

    Examples
    --------
    >>> iou_per_label(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    array([1. , 0.5, 0.5])
    """
    return _iou(*_labels(prediction, truth, labels))


def dice_per_label(prediction: Array, truth: Array, labels: int | None = None) -> Scores:
    """Return the Dice score of every label, the background's first.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Labels from 0, integers of one shape.
    labels : int or None
        How many there are, at most 2**24; None takes the largest of both, and one more.

    Returns
    -------
    numpy.ndarray
        ``(labels,)``, from 0 to 1; 1 for a label that neither has.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers.
    ValueError
        If the shapes differ or are empty, a label is negative or not below `labels`, or there
        are too many.

    Examples
    --------
    >>> dice_per_label(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 1])).round(2)
    array([1. , 0.5, 0. ])
    """
    return _dice(*_labels(prediction, truth, labels))


def _iou(both: Any, one: Any, other: Any) -> Scores:
    union = one + other - both
    return np.where(union > 0, both / np.maximum(union, 1), 1.0)


def _dice(both: Any, one: Any, other: Any) -> Scores:
    sizes = one + other
    return np.where(sizes > 0, 2 * both / np.maximum(sizes, 1), 1.0)


def _masks(prediction: Array, truth: Array) -> tuple[int, int, int]:
    """Count what is inside both masks, the one and the other."""
    check_pair(prediction, truth)
    one, other = prediction != 0, truth != 0
    both = np.count_nonzero(one & other)
    return int(both), int(np.count_nonzero(one)), int(np.count_nonzero(other))


def _labels(
    prediction: Array, truth: Array, labels: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Count the pixels of each label in both arrays at once, in the one and in the other."""
    one, other, many = numbered(prediction, truth, labels)
    both = np.bincount(one[one == other], minlength=many)
    return both, np.bincount(one, minlength=many), np.bincount(other, minlength=many)

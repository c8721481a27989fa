"""What measures take: masks, labels and scores of one shape, and truths that have both sides."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_finite

Mask = NDArray[np.bool_]
# The counts of so many labels take 128 MB.
MOST_LABELS = 2**24


def check_labels(array: Any, name: str) -> Array:
    """Return `array` if it holds booleans or integers and is not empty, raise otherwise.

    Raises
    ------
    TypeError
        If it is no array of booleans or integers.
    ValueError
        If it is empty.

    Examples
    --------
    >>> check_labels([0, 1], "truth")
    Traceback (most recent call last):
    TypeError: truth must be an array of booleans or integers, got list
    """
    _check_kind(array, name)
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    checked: Array = array
    return checked


def check_plane(array: Any, name: str) -> Array:
    """Return `array` if it is a mask or labels of a picture, ``(H, W)``, raise otherwise.

    Raises
    ------
    TypeError
        If it is no array of booleans or integers.
    ValueError
        If it is empty, has another rank, or negative labels.

    Examples
    --------
    >>> check_plane(np.zeros((1, 2, 3), int), "labels")
    Traceback (most recent call last):
    ValueError: labels must have shape (H, W), got (1, 2, 3)
    """
    check_labels(array, name)
    if array.ndim != 2:
        raise ValueError(f"{name} must have shape (H, W), got {array.shape}")
    if array.dtype.kind == "i" and array.min() < 0:
        raise ValueError(f"{name} must hold labels from 0, got {array.min()}")
    return array


def check_pair(prediction: Any, truth: Any) -> None:
    """Raise unless both hold booleans or integers, of one shape and not empty.

    Raises
    ------
    TypeError, ValueError
        If not.

    Examples
    --------
    >>> check_pair(np.array([True]), np.array([True]))
    """
    _check_kind(prediction, "prediction")
    _check_kind(truth, "truth")
    if prediction.shape != truth.shape or prediction.size == 0:
        raise ValueError(
            f"prediction and truth must have one shape and not be empty, got {prediction.shape} "
            f"and {truth.shape}"
        )


def numbered(
    prediction: Any, truth: Any, labels: int | None, most: int = MOST_LABELS
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return labels as flat int64, and how many there are, if they can be counted one by one.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Labels from 0, integers of one shape.
    labels : int or None
        How many there are; None takes the largest of both, and one more.
    most : int
        How many there may be.

    Raises
    ------
    TypeError, ValueError
        If they are no pair of labels, one is negative or not below `labels`, or there are more
        than `most`.

    Examples
    --------
    >>> numbered(np.array([0, 2]), np.array([1, 1]), None)[2]
    3
    """
    check_pair(prediction, truth)
    lowest = min(int(prediction.min()), int(truth.min()))
    highest = max(int(prediction.max()), int(truth.max()))
    many = highest + 1 if labels is None else labels
    if many > most:
        raise ValueError(
            f"at most {most} labels are counted here, got {many}; number the labels from 0 without "
            "gaps"
        )
    if lowest < 0 or highest >= many:
        raise ValueError(f"labels must lie in [0, {many - 1}], got [{lowest}, {highest}]")
    return prediction.ravel().astype(np.int64), truth.ravel().astype(np.int64), many


def check_scores(score: Any, truth: Any) -> Mask:
    """Return the truth as booleans, if it has both sides and the scores are finite.

    Raises
    ------
    TypeError
        If the scores are no array of numbers, or the truth none of booleans or integers.
    ValueError
        If the shapes differ, scores are NaN or infinite, or the truth is empty or full.

    Examples
    --------
    >>> check_scores(np.array([0.5, 0.1]), np.array([1, 0]))
    array([ True, False])
    """
    if not isinstance(score, np.ndarray) or score.dtype.kind not in "buif":
        got = score.dtype if isinstance(score, np.ndarray) else type(score).__name__
        raise TypeError(f"score must be an array of numbers, got {got}")
    check_labels(truth, "truth")
    if score.shape != truth.shape:
        raise ValueError(
            f"score and truth must have one shape, got {score.shape} and {truth.shape}"
        )
    if score.dtype.kind == "f":
        check_finite(score, "score")
    inside: Mask = truth != 0
    count = int(np.count_nonzero(inside))
    if count in (0, inside.size):
        raise ValueError(
            f"truth must have pixels inside and outside, got {count} of {inside.size} inside"
        )
    return inside


def _check_kind(array: Any, name: str) -> None:
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "bui":
        got = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(f"{name} must be an array of booleans or integers, got {got}")

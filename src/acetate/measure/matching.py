"""Objects found against true objects: which match, and the average precision of that."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.measure.checks import check_pair
from acetate.measure.ranks import ranks

# As in the Data Science Bowl 2018 (Caicedo and others, Nature Methods 16, 2019).
THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))


@dataclass(frozen=True)
class ObjectScores:
    """How many objects were found, at each demand on the overlap.

    Parameters
    ----------
    thresholds : tuple of float
        The intersection over union that a pair has to exceed to match.
    true_positives, false_positives, false_negatives : tuple of int
        Pairs that match, objects without a true one, true objects that were not found.

    Examples
    --------
    >>> ObjectScores((0.5, 0.75), (2, 1), (0, 1), (1, 2)).average_precision
    0.4583333333333333
    """

    thresholds: tuple[float, ...]
    true_positives: tuple[int, ...]
    false_positives: tuple[int, ...]
    false_negatives: tuple[int, ...]

    @property
    def precisions(self) -> tuple[float, ...]:
        """True positives over all three counts, at each threshold; 1 where there is nothing."""
        counts = zip(self.true_positives, self.false_positives, self.false_negatives, strict=True)
        return tuple(hit / (hit + wrong + lost) if hit + wrong + lost else 1.0
                     for hit, wrong, lost in counts)  # fmt: skip

    @property
    def average_precision(self) -> float:
        """The mean of the precisions."""
        return float(np.mean(self.precisions))


def match_objects(
    prediction: Array, truth: Array, thresholds: Sequence[float] = THRESHOLDS
) -> ObjectScores:
    """Count the objects that were found.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Labels of one shape: 0 is the background, every other number an object.
    thresholds : sequence of float
        From 0.5 to below 1. A pair matches if its intersection over union is above, so no object
        can match two.

    Raises
    ------
    TypeError
        If one is no array of integers.
    ValueError
        If the shapes differ or are empty, or a threshold is out of range.

    Examples
    --------
    >>> truth = np.array([[1, 1, 1, 0, 2, 2]])
    >>> match_objects(np.array([[5, 5, 5, 0, 0, 0]]), truth, [0.5]).precisions
    (0.5,)
    """
    overlaps, found, there = _overlaps(prediction, truth)
    demands = tuple(map(float, thresholds))
    if not demands or not all(0.5 <= demand < 1 for demand in demands):
        raise ValueError(f"thresholds must lie in [0.5, 1), got {list(thresholds)}")
    hits = [int(np.count_nonzero(overlaps > demand)) for demand in demands]
    return ObjectScores(
        demands,
        tuple(hits),
        tuple(found - hit for hit in hits),
        tuple(there - hit for hit in hits),
    )


def object_average_precision(
    prediction: Array, truth: Array, thresholds: Sequence[float] = THRESHOLDS
) -> float:
    """Return the mean, over thresholds of IoU, of hits / (hits + wrong + lost objects).

    Parameters and errors are those of `match_objects`. This is the score of the Data Science Bowl
    2018, not the area under a precision-recall curve that goes by the same name.

    Examples
    --------
    >>> object_average_precision(np.array([[5, 5, 0]]), np.array([[1, 1, 0]]))
    1.0
    """
    return match_objects(prediction, truth, thresholds).average_precision


def _overlaps(prediction: Array, truth: Array) -> tuple[NDArray[np.float64], int, int]:
    """Return the IoU of all pairs that touch, and how many objects either has."""
    check_pair(prediction, truth)
    for array, name in ((prediction, "prediction"), (truth, "truth")):
        if array.dtype.kind == "b":
            raise TypeError(
                f"{name} must hold a number for each object, got a mask; label_objects gives them"
            )
        if array.min() < 0:
            raise ValueError(f"{name} must hold labels from 0, got {array.min()}")
    (mine, one), (truths, other) = ranks(prediction), ranks(truth)
    many = len(truths) + 1
    touch = (one > 0) & (other > 0)
    pairs, both = np.unique(one[touch] * many + other[touch], return_counts=True)
    left, right = np.divmod(pairs, many)
    union = np.bincount(one.ravel())[left] + np.bincount(other.ravel())[right] - both
    return both / union, len(mine), len(truths)

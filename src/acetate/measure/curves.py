"""Curves over all thresholds of a score: receiver operating characteristic, precision-recall."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.measure.checks import Mask, check_scores

Numbers = NDArray[np.float64]
# Whole numbers of a range up to this are counted, which is ten times as fast as sorting them.
_COUNTED = 2**16


@dataclass(frozen=True, eq=False)
class RocCurve:
    """The rates of true and false positives at every threshold.

    Parameters
    ----------
    false_positive_rate, true_positive_rate : numpy.ndarray
        ``(N,)`` float64, rising from 0 to 1; the corners of the curve, and the points on it.
    thresholds : numpy.ndarray
        ``(N,)`` float64, falling; a pixel is taken to be inside where its score is not below.
        The first is infinite: nothing is inside.
    area : float
        Under the curve: 1 is perfect, 0.5 is chance. It is the probability that a pixel inside
        has a higher score than one outside, ties counting half.

    Examples
    --------
    >>> curve = roc_curve(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    >>> curve.area, curve.true_positive_rate
    (0.75, array([0. , 0.5, 0.5, 1. , 1. ]))
    """

    false_positive_rate: Numbers
    true_positive_rate: Numbers
    thresholds: Numbers
    area: float


@dataclass(frozen=True, eq=False)
class PrecisionRecallCurve:
    """Precision and recall at every threshold.

    Parameters
    ----------
    precision, recall : numpy.ndarray
        ``(N,)`` float64; recall rises to 1.
    thresholds : numpy.ndarray
        ``(N,)`` float64, falling; a pixel is taken to be inside where its score is not below.
    average_precision : float
        The sum of precisions, each times the rise of recall to it: no interpolation, which would
        be too hopeful (Davis and Goadrich 2006).

    Examples
    --------
    >>> scores, truth = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])
    >>> precision_recall_curve(scores, truth).precision.round(2)
    array([1.  , 0.5 , 0.67, 0.5 ])
    """

    precision: Numbers
    recall: Numbers
    thresholds: Numbers
    average_precision: float


def roc_curve(score: Array, truth: Array) -> RocCurve:
    """Return the receiver operating characteristic of a score.

    Parameters
    ----------
    score : numpy.ndarray
        Numbers of any shape, such as a picture's values or a probability; more is more inside.
    truth : numpy.ndarray
        Booleans or integers of that shape; what is not 0 is inside.

    Raises
    ------
    TypeError
        If the scores are no array of numbers, or the truth none of booleans or integers.
    ValueError
        If the shapes differ, scores are NaN or infinite, or the truth is empty or full.

    References
    ----------
    T. Fawcett: An introduction to ROC analysis. Pattern Recognition Letters 27 (2006).

    Examples
    --------
    >>> roc_curve(np.array([3, 7, 5]), np.array([False, True, False])).area
    1.0
    """
    thresholds, inside, outside = _counts(score, truth)
    true = np.concatenate([[0.0], inside / inside[-1]])
    false = np.concatenate([[0.0], outside / outside[-1]])
    area = float(np.trapezoid(true, false))
    return RocCurve(false, true, np.concatenate([[np.inf], thresholds]), area)


def precision_recall_curve(score: Array, truth: Array) -> PrecisionRecallCurve:
    """Return precision against recall of a score; parameters and errors as for `roc_curve`.

    Examples
    --------
    >>> precision_recall_curve(np.array([3, 7, 5]), np.array([0, 1, 1])).average_precision
    1.0
    """
    thresholds, inside, outside = _counts(score, truth)
    precision = inside / (inside + outside)
    recall = inside / inside[-1]
    average = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return PrecisionRecallCurve(precision, recall, thresholds, average)


def roc_auc(score: Array, truth: Array) -> float:
    """Return the area under the curve of `roc_curve`, with its parameters and errors.

    The score comes first, then the truth; ``sklearn.metrics.roc_auc_score`` takes the truth first.

    Examples
    --------
    >>> roc_auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """
    return roc_curve(score, truth).area


def average_precision(score: Array, truth: Array) -> float:
    """Return the average precision of `precision_recall_curve`, with its parameters and errors.

    The score comes first, then the truth, other than in scikit-learn.

    Examples
    --------
    >>> round(average_precision(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])), 3)
    0.833
    """
    return precision_recall_curve(score, truth).average_precision


def _counts(score: Array, truth: Array) -> tuple[Numbers, Any, Any]:
    """Return all values from the highest, and how many pixels in- and outside are not below."""
    inside = check_scores(score, truth)
    if score.dtype.kind == "b":
        score = score.astype(np.uint8)
    if score.dtype.kind in "ui" and int(score.max()) - int(score.min()) < _COUNTED:
        values, true, false = _counted(score, inside)
    else:
        values, true, false = _sorted(score, inside)
    return values.astype(np.float64), np.cumsum(true), np.cumsum(false)


def _counted(score: Array, inside: Mask) -> tuple[Array, Array, Array]:
    least = int(score.min())
    offsets = score.astype(np.int64) - least
    many = int(score.max()) - least + 1
    every = np.bincount(offsets.ravel(), minlength=many)
    true = np.bincount(offsets[inside], minlength=many)
    there = np.flatnonzero(every)[::-1]
    return there + least, true[there], (every - true)[there]


def _sorted(score: Array, inside: Mask) -> tuple[Array, Array, Array]:
    order = np.argsort(score, axis=None)[::-1]
    values, true = score.ravel()[order], inside.ravel()[order]
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    rights = np.add.reduceat(true.astype(np.int64), starts)
    return values[starts], rights, np.diff(starts, append=len(values)) - rights

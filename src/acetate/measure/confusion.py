"""Right and wrong pixels, counted: of masks, of labels, and what follows from the counts.

As everywhere in `acetate.measure` the prediction comes first and the truth second; scikit-learn
takes them the other way round. Precision and recall change places with them, so pass them by name
where in doubt: ``recall(prediction=found, truth=truth)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.measure.checks import check_labels, check_pair, numbered
from acetate.names import nearest

Average = Literal["macro", "weighted", "micro"]
_AVERAGES = ("macro", "weighted", "micro")
# Above this many labels the matrix, which has the square of it, would not fit into memory.
_MOST_LABELS = 10_000


@dataclass(frozen=True)
class Confusion:
    """How many pixels are rightly and wrongly inside and outside.

    Parameters
    ----------
    true_positives, false_positives, false_negatives, true_negatives : int
        Inside in both; inside in the prediction alone; in the truth alone; outside in both.

    Notes
    -----
    A ratio without a denominator is 1 where nothing was there to be found or to be left out, as
    for two empty masks: nothing is wrong.

    Examples
    --------
    >>> found = Confusion(6, 2, 4, 8)
    >>> found.accuracy, found.precision, found.recall, found.specificity
    (0.7, 0.75, 0.6, 0.8)
    >>> round(found.dice, 3), found.iou
    (0.667, 0.5)
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def accuracy(self) -> float:
        """The part of all pixels that is right."""
        right = self.true_positives + self.true_negatives
        return _ratio(right, right + self.false_positives + self.false_negatives)

    @property
    def precision(self) -> float:
        """The part of what was found that is true."""
        return _ratio(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """The part of what is true that was found; also called sensitivity."""
        return _ratio(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def specificity(self) -> float:
        """The part of the outside that was left outside."""
        return _ratio(self.true_negatives, self.true_negatives + self.false_positives)

    @property
    def dice(self) -> float:
        """Twice the intersection over the sum of sizes: the F1 score."""
        both = 2 * self.true_positives
        return _ratio(both, both + self.false_positives + self.false_negatives)

    @property
    def iou(self) -> float:
        """The intersection over the union."""
        both = self.true_positives
        return _ratio(both, both + self.false_positives + self.false_negatives)


def confusion_counts(prediction: Array, truth: Array) -> Confusion:
    """Count the pixels that are rightly and wrongly inside a mask.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Booleans or integers of one shape; what is not 0 is inside.

    Returns
    -------
    Confusion
        The four counts, from which the ratios follow.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers.
    ValueError
        If the shapes differ, or are empty.

    Examples
    --------
    >>> confusion_counts(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]))
    Confusion(true_positives=1, false_positives=1, false_negatives=0, true_negatives=2)
    """
    check_pair(prediction, truth)
    one, other = prediction != 0, truth != 0
    both = int(np.count_nonzero(one & other))
    found, there = int(np.count_nonzero(one)), int(np.count_nonzero(other))
    return Confusion(both, found - both, there - both, one.size - found - there + both)


def confusion_matrix(
    prediction: Array, truth: Array, labels: int | None = None
) -> NDArray[np.int64]:
    """Count for every true label what it was taken for.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Labels from 0, integers of one shape; the prediction first, where scikit-learn takes the
        truth first, which would transpose the matrix.
    labels : int or None
        How many there are, at most 10,000; None takes the largest of both, and one more.

    Returns
    -------
    numpy.ndarray
        ``(labels, labels)`` int64: a row for each true label, a column for each predicted one, as
        in scikit-learn.

    Raises
    ------
    TypeError
        If one is no array of booleans or integers.
    ValueError
        If the shapes differ or are empty, a label is negative or not below `labels`, or there are
        too many.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    array([[1, 0, 0],
           [0, 1, 1],
           [0, 0, 1]])
    """
    found, true, many = numbered(prediction, truth, labels, _MOST_LABELS)
    return np.bincount(true * many + found, minlength=many * many).reshape(many, many)


def confusion_per_label(matrix: Array) -> tuple[Confusion, ...]:
    """Return the counts of each label against all others, from a confusion matrix.

    Parameters
    ----------
    matrix : numpy.ndarray
        ``(labels, labels)`` integers, as `confusion_matrix` gives it.

    Raises
    ------
    TypeError, ValueError
        If it is no square matrix of counts.

    Examples
    --------
    >>> matrix = confusion_matrix(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    >>> [round(one.iou, 2) for one in confusion_per_label(matrix)]
    [1.0, 0.5, 0.5]
    """
    counts = _check_matrix(matrix)
    right = np.diag(counts)
    found, there = counts.sum(0), counts.sum(1)
    rest = counts.sum() - found - there + right
    columns = right, found - right, there - right, rest
    return tuple(Confusion(*map(int, each)) for each in zip(*columns, strict=True))


def average_score(
    matrix: Array,
    score: Literal["precision", "recall", "specificity", "dice", "iou"] = "iou",
    average: Average = "macro",
    leave_out: Sequence[int] = (),
) -> float:
    """Average a score over labels.

    Parameters
    ----------
    matrix : numpy.ndarray
        ``(labels, labels)`` integers, as `confusion_matrix` gives it.
    score : {"precision", "recall", "specificity", "dice", "iou"}
        A property of `Confusion`.
    average : {"macro", "weighted", "micro"}
        The mean over labels; the mean weighted by the labels' true sizes; or the score of the
        sums of their counts.
    leave_out : sequence of int
        Labels that do not count, such as 0 for the background.

    Raises
    ------
    TypeError, ValueError
        If the matrix is none, a name is unknown, or no label is left.

    Examples
    --------
    >>> matrix = confusion_matrix(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    >>> round(average_score(matrix, "iou"), 3), average_score(matrix, "iou", leave_out=[0])
    (0.667, 0.5)
    """
    known = ("precision", "recall", "specificity", "dice", "iou")
    for what, given, names in (("score", score, known), ("average", average, _AVERAGES)):
        if given not in names:
            raise ValueError(
                f"{what} is one of {', '.join(names)}, got {given!r}; the nearest is "
                f"{nearest(str(given), names)!r}"
            )
    each = confusion_per_label(matrix)
    kept = [one for label, one in enumerate(each) if label not in leave_out]
    if not kept:
        raise ValueError(f"leave_out {list(leave_out)} leaves none of {len(each)} labels")
    if average == "micro":
        return float(getattr(_summed(kept), score))
    sizes = [one.true_positives + one.false_negatives for one in kept]
    weights = sizes if average == "weighted" and any(sizes) else None
    return float(np.average([getattr(one, score) for one in kept], weights=weights))


def accuracy(prediction: Array, truth: Array) -> float:
    """Return the part of the pixels whose label is right.

    Parameters
    ----------
    prediction, truth : numpy.ndarray
        Booleans or integers of one shape.

    Raises
    ------
    TypeError, ValueError
        If one is no array of booleans or integers, or the shapes differ or are empty.

    Examples
    --------
    >>> accuracy(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    0.75
    """
    check_pair(prediction, truth)
    return float(np.count_nonzero(prediction == truth) / prediction.size)


def precision(prediction: Array, truth: Array) -> float:
    """Return the part of a mask that is true.

    Parameters and errors are those of `confusion_counts`: the prediction comes first, then the
    truth.

    Examples
    --------
    >>> precision(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 1]))
    0.5
    """
    return confusion_counts(prediction, truth).precision


def recall(prediction: Array, truth: Array) -> float:
    """Return the part of the true mask that was found; also called sensitivity.

    Parameters and errors are those of `confusion_counts`: the prediction comes first, then the
    truth.

    Examples
    --------
    >>> recall(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 1]))
    0.5
    """
    return confusion_counts(prediction, truth).recall


def specificity(prediction: Array, truth: Array) -> float:
    """Return the part of the true outside that was left out.

    Parameters and errors are those of `confusion_counts`: the prediction comes first, then the
    truth.

    Examples
    --------
    >>> specificity(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 1]))
    0.5
    """
    return confusion_counts(prediction, truth).specificity


def volume_fraction(labels: Array, label: int | None = None) -> float:
    """Return the part of a picture or volume that is inside, or that has a label.

    Parameters
    ----------
    labels : numpy.ndarray
        A mask or labels of any shape.
    label : int or None
        Which one; None counts all that are not 0.

    Raises
    ------
    TypeError, ValueError
        If it is no array of booleans or integers, or empty.

    Examples
    --------
    >>> volume_fraction(np.array([0, 1, 2, 2])), volume_fraction(np.array([0, 1, 2, 2]), 2)
    (0.75, 0.5)
    """
    check_labels(labels, "labels")
    inside = labels != 0 if label is None else labels == label
    return float(np.count_nonzero(inside) / inside.size)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _summed(each: Sequence[Confusion]) -> Confusion:
    rows = [
        (c.true_positives, c.false_positives, c.false_negatives, c.true_negatives) for c in each
    ]
    return Confusion(*map(sum, zip(*rows, strict=True)))


def _check_matrix(matrix: Any) -> Array:
    counts = check_labels(matrix, "matrix")
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.min() < 0:
        raise ValueError(
            f"a confusion matrix is square and holds counts, got shape {counts.shape} and "
            f"values from {counts.min()}"
        )
    return counts.astype(np.int64)

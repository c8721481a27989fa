"""Counts of right and wrong pixels, and what follows from them, as in scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from acetate import measure
from acetate.measure import (
    Confusion,
    average_score,
    confusion_counts,
    confusion_matrix,
    confusion_per_label,
    volume_fraction,
)

SEEDS = st.integers(0, 2**32 - 1)


def pair(seed, labels=2):
    return np.random.default_rng(seed).integers(0, labels, (2, 6, 7))


@given(SEEDS)
def test_ratios_of_masks_are_those_of_scikit_learn(seed):
    one, other = pair(seed)
    flat = other.ravel(), one.ravel()
    assert measure.accuracy(one, other) == pytest.approx(metrics.accuracy_score(*flat))
    assert measure.precision(one, other) == pytest.approx(metrics.precision_score(*flat))
    assert measure.recall(one, other) == pytest.approx(metrics.recall_score(*flat))
    outside = metrics.recall_score(*flat, pos_label=0)
    assert measure.specificity(one, other) == pytest.approx(outside)
    found = confusion_counts(one, other)
    assert found.iou == pytest.approx(measure.iou(one, other))
    assert found.dice == pytest.approx(measure.dice(one, other))


@given(SEEDS, st.integers(2, 6))
def test_the_matrix_is_that_of_scikit_learn(seed, labels):
    one, other = pair(seed, labels)
    expected = metrics.confusion_matrix(other.ravel(), one.ravel(), labels=range(labels))
    assert np.array_equal(confusion_matrix(one, other, labels), expected)


@given(SEEDS, st.sampled_from(["macro", "weighted", "micro"]))
def test_averages_are_those_of_scikit_learn(seed, average):
    one, other = pair(seed, 4)
    matrix = confusion_matrix(one, other, 4)
    options = {"labels": range(4), "average": average, "zero_division": 1.0}
    flat = other.ravel(), one.ravel()
    for name, function in (
        ("precision", metrics.precision_score),
        ("recall", metrics.recall_score),
        ("dice", metrics.f1_score),
        ("iou", metrics.jaccard_score),
    ):
        assert average_score(matrix, name, average) == pytest.approx(function(*flat, **options))


def test_labels_are_left_out_of_the_average():
    matrix = confusion_matrix(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2]))
    assert average_score(matrix, "iou", leave_out=[0, 2]) == 0.5
    with pytest.raises(ValueError, match=r"leave_out \[0, 1, 2\] leaves none of 3 labels"):
        average_score(matrix, "iou", leave_out=[0, 1, 2])
    assert average_score(np.zeros((2, 2), int), "recall", "weighted") == 1


def test_what_was_neither_there_nor_found_is_right():
    empty = Confusion(0, 0, 0, 4)
    assert (empty.precision, empty.recall, empty.iou, empty.dice) == (1, 1, 1, 1)
    assert Confusion(4, 0, 0, 0).specificity == 1
    assert [one.iou for one in confusion_per_label(np.diag([3, 0]))] == [1, 1]


def test_volume_fractions():
    labels = np.array([[0, 1], [2, 2]], np.uint8)
    assert volume_fraction(labels) == 0.75
    assert [volume_fraction(labels, label) for label in range(4)] == [0.25, 0.25, 0.5, 0]
    assert volume_fraction(labels > 1) == 0.5
    with pytest.raises(TypeError, match=r"labels must be .* got float64"):
        volume_fraction(labels / 2)
    with pytest.raises(ValueError, match="labels is empty"):
        volume_fraction(labels[:0])


@pytest.mark.parametrize("score", [measure.accuracy, measure.precision, confusion_matrix])
def test_what_cannot_be_compared_is_refused(score):
    labels = np.array([[0, 1]])
    with pytest.raises(TypeError, match="got list"):
        score([[0, 1]], labels)
    with pytest.raises(ValueError, match="one shape"):
        score(labels, labels.T)


def test_matrices_that_are_none_are_refused():
    labels = np.array([0, 3])
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 2\], got \[0, 3\]"):
        confusion_matrix(labels, labels, 3)
    with pytest.raises(ValueError, match="at most 10000 labels are counted here, got 1000001"):
        confusion_matrix(labels, np.array([0, 1_000_000]))
    with pytest.raises(ValueError, match=r"square and holds counts, got shape \(1, 2\)"):
        confusion_per_label(np.array([[1, 2]]))
    with pytest.raises(ValueError, match=r"score is one of .* the nearest is 'iou'"):
        average_score(np.eye(2, dtype=int), "iuo")
    with pytest.raises(ValueError, match="average is one of macro, weighted, micro, got 'makro'"):
        average_score(np.eye(2, dtype=int), average="makro")

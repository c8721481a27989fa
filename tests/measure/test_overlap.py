"""Overlap of masks and of labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, jaccard_score

from acetate.measure import confusion_matrix, dice, dice_per_label, iou, iou_per_label

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_masks_score_as_in_scikit_learn(seed):
    one, other = np.random.default_rng(seed).random((2, 6, 7)) > 0.5
    assert iou(one, other) == pytest.approx(jaccard_score(one.ravel(), other.ravel()))
    assert dice(one, other) == pytest.approx(f1_score(one.ravel(), other.ravel()))


@given(SEEDS)
def test_labels_score_as_in_scikit_learn(seed):
    one, other = np.random.default_rng(seed).integers(0, 4, (2, 6, 7))
    flat = other.ravel(), one.ravel()
    options = {"labels": range(4), "average": None, "zero_division": 1.0}
    assert np.allclose(iou_per_label(one, other, 4), jaccard_score(*flat, **options))
    assert np.allclose(dice_per_label(one, other, 4), f1_score(*flat, **options))


def test_equal_empty_and_apart():
    nothing, left = np.zeros((2, 4), bool), np.array([[1, 1, 0, 0]] * 2, np.uint8) * 255
    assert iou(left, left) == dice(left, left) == 1
    assert iou(nothing, nothing) == dice(nothing, nothing) == 1
    assert iou(left, left[:, ::-1]) == dice(left, left[:, ::-1]) == 0


def test_labels_that_neither_has_count_as_right():
    labels = np.array([0, 2])
    assert iou_per_label(labels, labels).tolist() == [1, 1, 1]
    assert dice_per_label(labels, labels, labels=4).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("score", [iou, dice, iou_per_label, dice_per_label])
def test_what_cannot_be_compared_is_refused(score):
    labels = np.array([[0, 1]])
    with pytest.raises(TypeError, match=r"prediction must be .* booleans or integers, got list"):
        score([[0, 1]], labels)
    with pytest.raises(TypeError, match=r"truth must be .* got float64"):
        score(labels, labels / 1.0)
    with pytest.raises(ValueError, match=r"one shape and not be empty, got \(1, 2\) and \(2, 1\)"):
        score(labels, labels.T)
    with pytest.raises(ValueError, match="not be empty"):
        score(labels[:0], labels[:0])


@pytest.mark.parametrize("score", [iou_per_label, dice_per_label, confusion_matrix])
def test_labels_of_every_kind_of_integer_are_counted(score):
    one, other = np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])
    expected = score(one, other)
    for kind in (np.uint8, np.int16, np.uint32, np.uint64):
        assert np.array_equal(score(one.astype(kind), other.astype(kind)), expected)
    assert np.array_equal(score(one.astype(np.uint64), other), expected)


@pytest.mark.parametrize(
    ("score", "most"), [(iou_per_label, 2**24), (dice_per_label, 2**24), (confusion_matrix, 10_000)]
)
def test_too_many_labels_are_refused_before_memory_is_taken(score, most):
    for kind, largest in ((np.int64, 2**40), (np.uint64, 2**64 - 1)):
        labels = np.array([0, largest], kind)
        with pytest.raises(ValueError, match=f"at most {most} labels are counted here, got"):
            score(labels, labels)
    labels = np.array([0, 1])
    with pytest.raises(ValueError, match=f"at most {most} labels"):
        score(labels, labels, labels=most + 1)


def test_labels_out_of_range_are_refused():
    labels = np.array([[0, 3]])
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 2\], got \[0, 3\]"):
        iou_per_label(labels, labels, labels=3)
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 3\], got \[-1, 3\]"):
        dice_per_label(labels, np.array([[-1, 3]]))

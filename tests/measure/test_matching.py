"""Objects found against true ones, against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.measure import iou, match_objects, object_average_precision


def blocks(seed):
    """Return a map of objects: rectangles of which later ones lie over earlier ones."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((20, 24), np.int32)
    for label in rng.permutation(50)[: rng.integers(1, 7)] + 1:
        y, x = rng.integers(0, 16), rng.integers(0, 18)
        labels[y : y + rng.integers(3, 9), x : x + rng.integers(3, 9)] = label
    return labels


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.5, 0.6, 0.75, 0.95]))
def test_counts_are_those_of_brute_force(seed, threshold):
    truth = blocks(seed)
    shift = np.random.default_rng(seed).integers(0, 3)
    found = np.where(np.roll(truth, shift, axis=1) % 5 == 0, 0, np.roll(truth, shift, axis=1))
    there, mine = (np.setdiff1d(labels, 0) for labels in (truth, found))
    hits = sum(iou(found == a, truth == b) > threshold for a in mine for b in there)
    scores = match_objects(found, truth, [threshold])
    assert scores.true_positives == (hits,)
    assert scores.false_positives == (len(mine) - hits,)
    assert scores.false_negatives == (len(there) - hits,)


def test_the_score_of_the_data_science_bowl():
    truth = np.array([[1] * 10 + [0] + [2] * 10])
    found = np.array([[0] * 2 + [7] * 8 + [0] + [9] * 10])  # IoU 0.8 and 1
    scores = match_objects(found, truth)
    assert scores.thresholds[0] == 0.5
    assert scores.thresholds[-1] == 0.95
    assert scores.true_positives == (2,) * 6 + (1,) * 4
    assert scores.average_precision == pytest.approx((6 * 1 + 4 / 3) / 10)
    assert object_average_precision(truth, truth) == 1


def test_pictures_without_objects_and_without_background():
    nothing, one = np.zeros((3, 4), int), np.full((3, 4), 5)
    assert object_average_precision(nothing, nothing) == 1
    assert object_average_precision(one, nothing) == 0
    assert object_average_precision(nothing, one) == 0
    assert object_average_precision(one, one) == 1
    assert object_average_precision(np.array([[1, 2]]), np.array([[0, 2]])) == 0.5


def test_numbers_of_any_size_are_objects():
    truth = np.array([[0, 2**31 - 1, 3]], np.int32)
    assert object_average_precision(truth.astype(np.uint64), truth) == 1


def test_what_cannot_match_is_refused():
    labels = np.array([[0, 1]])
    with pytest.raises(TypeError, match="truth must hold a number for each object, got a mask"):
        match_objects(labels, labels > 0)
    for thresholds in ([], [0.4], [0.5, 1.0], [np.nan]):
        with pytest.raises(ValueError, match=r"thresholds must lie in \[0.5, 1\)"):
            match_objects(labels, labels, thresholds)
    with pytest.raises(ValueError, match="one shape"):
        match_objects(labels, labels.T)
    with pytest.raises(ValueError, match="prediction must hold labels from 0, got -1"):
        match_objects(labels - 1, labels)

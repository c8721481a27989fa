"""Curves over thresholds, as in scikit-learn, and the lecture's areas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from acetate.measure import average_precision, precision_recall_curve, roc_auc, roc_curve

DTYPES = ["uint8", "int16", "uint16", "float32", "float64", "bool", "int64"]


def scored(seed, dtype, many=60):
    rng = np.random.default_rng(seed)
    truth = rng.random(many) > 0.6
    truth[:2] = True, False
    score = (rng.normal(0, 3, many) + 2 * truth + 10).clip(0, 20)
    return (score > 10 if dtype == "bool" else score.astype(dtype)), truth


@given(st.integers(0, 2**32 - 1), st.sampled_from(DTYPES))
def test_curves_are_those_of_scikit_learn(seed, dtype):
    score, truth = scored(seed, dtype)
    false, true, thresholds = metrics.roc_curve(truth, score.astype(float), drop_intermediate=False)
    found = roc_curve(score, truth)
    assert np.allclose(found.false_positive_rate, false)
    assert np.allclose(found.true_positive_rate, true)
    assert np.allclose(found.thresholds, thresholds)
    assert found.area == pytest.approx(metrics.roc_auc_score(truth, score.astype(float)))
    precision, recall, _ = metrics.precision_recall_curve(truth, score.astype(float))
    curve = precision_recall_curve(score, truth)
    assert np.allclose(curve.precision[::-1], precision[:-1])
    assert np.allclose(curve.recall[::-1], recall[:-1])
    expected = metrics.average_precision_score(truth, score.astype(float))
    assert average_precision(score, truth) == pytest.approx(expected)


def test_the_area_is_the_probability_of_the_right_order():
    score, truth = scored(3, "uint8")
    inside, outside = score[truth].astype(int), score[~truth].astype(int)
    right = np.sign(inside[:, np.newaxis] - outside).mean() / 2 + 0.5
    assert roc_auc(score, truth) == pytest.approx(right)


def test_numbers_that_are_counted_and_sorted_give_one_curve():
    score, truth = scored(5, "int16", 500)
    wide = score.astype(np.int64) * 10**9
    assert roc_auc(wide, truth) == roc_auc(score - 15, truth) == roc_auc(score / 7, truth)


def test_what_has_no_curve_is_refused():
    score, truth = scored(0, "float64")
    with pytest.raises(TypeError, match="score must be an array of numbers, got list"):
        roc_curve(list(score), truth)
    with pytest.raises(TypeError, match="truth must be an array of booleans or integers"):
        roc_curve(score, truth * 1.0)
    with pytest.raises(ValueError, match=r"one shape, got \(60,\) and \(59,\)"):
        roc_curve(score, truth[1:])
    with pytest.raises(ValueError, match="pixels inside and outside, got 60 of 60"):
        precision_recall_curve(score, truth | True)
    score[7] = np.nan
    with pytest.raises(ValueError, match=r"score has 1 NaN .* at index \(7,\)"):
        roc_auc(score, truth)


def test_edges_tell_the_text_of_the_lecture_s_page_better_than_intensity():
    """The figures of part c; the truth is where the median of a disk is above the blurred page."""
    from scipy.ndimage import gaussian_filter, median_filter
    from skimage.data import page as lecture_page
    from skimage.morphology import disk

    page = lecture_page()
    white = page / 255
    paper = median_filter(page, footprint=disk(1)) > 255 * gaussian_filter(
        white, 20, mode="nearest"
    )
    fine, wide = (gaussian_filter(white, sigma, mode="nearest") for sigma in (0.5, 10))
    assert roc_auc(page, paper) == pytest.approx(0.8405, abs=5e-5)
    assert roc_auc(page / 1000 + fine - wide, paper) == pytest.approx(0.9438, abs=5e-5)

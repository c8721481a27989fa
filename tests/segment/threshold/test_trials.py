"""Every rule at once, and how thresholds bear with other realisations and samples."""

import numpy as np
import pytest

from acetate import samples
from acetate.measure import dice, iou
from acetate.segment import Threshold, cross_apply, disc_mask, robustness, try_all
from acetate.segment.threshold.rules import RULES


def test_the_table_has_what_each_rule_finds():
    image = samples.coins()
    truth = image > 130
    rows = try_all(image, truth)
    assert [row.method for row in rows] == [*RULES, "local"]
    for row in rows[:-1]:
        found = Threshold(row.method).segment(image)
        assert row.threshold == found.facts.thresholds[0]
        assert row.fraction == pytest.approx(found.facts.fractions[1])
        assert np.array_equal(row.mask, found.mask)
        assert row.iou == iou(found.mask, truth)
        assert row.dice == dice(found.mask, truth)
        assert row.reason == ""


def test_a_rule_that_fails_has_its_reason_and_the_others_go_on():
    hill = np.repeat(np.arange(9), [1, 3, 6, 9, 12, 9, 6, 3, 1]).astype(np.uint8).reshape(5, 10)
    rows = {row.method: row for row in try_all(hill, hill > 5)}
    for name in ("minimum", "intermodes"):
        assert "no two modes" in rows[name].reason
        assert rows[name].threshold is rows[name].fraction is rows[name].iou is None
        assert rows[name].mask is None
    assert rows["otsu"].reason == ""
    assert rows["otsu"].iou > 0.5


def test_without_a_truth_there_are_no_scores():
    rows = try_all(samples.coins(), methods=["mean", "otsu"], bright=False, blur=1.0)
    assert [row.method for row in rows] == ["mean", "otsu"]
    assert all(row.iou is None and row.dice is None for row in rows)
    assert rows[1].fraction > 0.5


def test_an_empty_truth_is_one():
    rows = try_all(samples.coins(), np.zeros((303, 384), bool), methods=["otsu"])
    assert rows[0].iou == rows[0].dice == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.array([[np.nan]]),), "1 NaN"),
        ((np.zeros((2, 3)), np.zeros((3, 2))), r"picture's shape, \(2, 3\), got \(3, 2\)"),
        ((np.zeros((2, 3)), [[1]]), "got list"),
    ],
)
def test_what_is_wrong_with_the_pictures_is_no_row(arguments, message):
    with pytest.raises(ValueError, match=message):
        try_all(*arguments)
    with pytest.raises(ValueError, match="no rule 'otzu'; the nearest is 'otsu'"):
        try_all(np.zeros((2, 2)), methods=["otzu"])


def test_a_fixed_threshold_feels_a_shift_and_a_rule_does_not():
    image = np.where(disc_mask((64, 64), 20), 150, 90).astype(np.uint8)
    image += np.random.default_rng(0).integers(0, 60, image.shape, dtype=np.uint8)
    fixed = robustness(image, 149.5, shift=0.15, realisations=20, seed=1)
    rule = robustness(image, "otsu", shift=0.15, realisations=20, seed=1)
    assert fixed.shifts == rule.shifts
    assert fixed.quartile_range > 0.1
    assert rule.quartile_range < 0.001
    assert fixed.worst > 2 > rule.worst
    assert set(fixed.thresholds) == {149.5}
    assert len(set(rule.thresholds)) == 20


def test_fractions_are_those_of_the_shifted_values_without_clipping():
    image = samples.camera()
    shifts = (-0.3, -0.05, 0.0, 0.2)
    found = robustness(image, 100.0, shift=shifts)
    expected = [np.mean(image + 255 * s > 100) for s in shifts]
    assert found.fractions == pytest.approx(expected)
    assert found.shifts == shifts
    assert found.quartiles == pytest.approx(np.quantile(expected, (0.25, 0.5, 0.75)))
    dark = robustness(image, 100.0, shift=shifts, bright=False)
    assert dark.fractions == pytest.approx([1 - f for f in expected])


def test_noise_is_new_in_each_realisation_and_the_same_from_a_seed():
    image = np.full((64, 64), 100, np.uint8)
    found = robustness(image, 100.0, noise=0.1, realisations=5, seed=3)
    assert found == robustness(image, 100.0, noise=0.1, realisations=5, seed=3)
    assert len(set(found.fractions)) > 2
    assert all(0.45 < fraction < 0.55 for fraction in found.fractions)
    assert found.shifts == (0.0,) * 5


def test_a_foreground_that_is_gone_is_infinitely_worse():
    image = np.array([[0.2, 0.6]])
    assert robustness(image, 0.5, shift=[0.0, -0.3]).worst == np.inf


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"threshold": "otzu"}, "no rule 'otzu'; the nearest is 'otsu'"),
        ({"threshold": np.nan}, "a threshold must be finite, got nan"),
        ({"shift": -0.1}, "shift must be at least 0 and finite, got -0.1"),
        ({"shift": []}, "shifts must be at least one number"),
        ({"shift": [np.nan]}, "all finite"),
        ({"noise": -1.0}, "noise must be at least 0"),
        ({"realisations": 0}, "at least 1 realisation, got 0"),
    ],
)
def test_studies_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        robustness(np.zeros((2, 2)), **{"threshold": 0.5, **parameters})


def test_samples_are_cut_at_each_others_thresholds():
    pictures = [samples.coins(), samples.camera(), samples.picture("page")]
    found = cross_apply(pictures, "isodata")
    for row, threshold in zip(found.fractions, found.thresholds, strict=True):
        assert row == pytest.approx([np.mean(p > threshold) for p in pictures])
    assert found.worst_range == pytest.approx(np.ptp(found.fractions, axis=0))
    dark = cross_apply(pictures, "isodata", bright=False)
    assert dark.fractions == pytest.approx(1 - found.fractions)


@pytest.mark.parametrize(
    ("pictures", "rule", "message"),
    [
        ([], "otsu", "at least one image, all of one dtype, got no image"),
        ([np.zeros((2, 2)), np.zeros((2, 2), np.uint8)], "otsu", "got float64, uint8"),
        ([np.zeros((2, 2))], "otzu", "no rule 'otzu'"),
    ],
)
def test_samples_that_do_not_go_together_are_refused(pictures, rule, message):
    with pytest.raises(ValueError, match=message):
        cross_apply(pictures, rule)

"""Histograms, and the rules that cut them, against brute force and scikit-image."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from acetate import samples
from acetate.segment.gray import gray_values
from acetate.segment.threshold import histogram as histogram_room
from acetate.segment.threshold.histogram import histogram
from acetate.segment.threshold.multi_otsu import otsu_thresholds
from acetate.segment.threshold.rules import RULES, SHAPE_RULES, find_threshold

SMALL = hnp.arrays(np.uint8, (4, 5), elements=st.integers(0, 12)).filter(lambda a: np.ptp(a) > 0)
PICTURES = ("camera", "cat", "cell", "china", "coins", "hubble", "page", "retina", "text")


def sides(gray, threshold):
    return gray[gray <= threshold].astype(float), gray[gray > threshold].astype(float)


def best(gray, score):
    """The first value of a picture that splits it with the best score."""
    values = np.arange(gray.min(), gray.max())
    scores = [score(*sides(gray, v)) for v in values]
    return values[np.flatnonzero(np.isclose(scores, max(scores), rtol=1e-12))[0]]


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_integers_have_a_bin_each(dtype):
    gray = np.array([[5, 9, 9], [7, 5, 5]], dtype)
    found = histogram(gray)
    assert found.values.tolist() == found.ends.tolist() == [5, 6, 7, 8, 9]
    assert found.counts.tolist() == [3, 0, 1, 0, 2]
    assert found.mean == pytest.approx(gray.mean())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_lie_in_fine_bins(dtype, monkeypatch):
    monkeypatch.setattr(histogram_room, "_PIECE", 100)
    gray = np.random.default_rng(0).random((30, 40)).astype(dtype)
    found = histogram(gray)
    assert found.pixels == gray.size
    assert found.mean == pytest.approx(gray.mean(), abs=1e-5)
    for threshold in (0.1, 0.5, 0.9):
        cut = found.ends[np.searchsorted(found.ends, threshold)]
        assert found.below[found.ends <= cut][-1] == pytest.approx((gray <= cut).sum(), abs=1)
    coarse = found.coarser(10)
    assert coarse.counts.sum() == gray.size
    assert coarse.counts.tolist() == pytest.approx(np.histogram(gray, 10)[0].tolist(), abs=2)


def test_a_coarse_bin_ends_with_its_highest_value():
    coarse = histogram(np.arange(1000, dtype=np.uint16)[np.newaxis]).coarser(10)
    assert coarse.ends.tolist() == list(range(99, 1000, 100))
    assert coarse.values.tolist() == [n + 49.5 for n in range(0, 1000, 100)]
    assert coarse.counts.tolist() == [100] * 10


def test_a_range_too_small_for_bins_is_still_two_values():
    gray = np.array([[0.0, 5e-324]])
    assert find_threshold(gray, "otsu").threshold == 0


@given(SMALL)
def test_otsu_has_the_most_variance_between_the_sides(gray):
    expected = best(gray, lambda a, b: len(a) * len(b) * (a.mean() - b.mean()) ** 2)
    found = find_threshold(gray, "otsu").threshold
    score = [
        len(a) * len(b) * (a.mean() - b.mean()) ** 2
        for a, b in (sides(gray, expected), sides(gray, found))
    ]
    assert score[1] == pytest.approx(score[0])


@given(SMALL, st.integers(2, 5))
def test_several_classes_have_the_most_variance_between_them(gray, classes):
    def score(thresholds):
        parts = np.split(values, [np.searchsorted(values, t, "right") for t in thresholds])
        return sum(p.sum() ** 2 / p.size for p in parts)

    values = np.sort(gray.ravel()).astype(float)
    kinds = np.unique(values)
    found = otsu_thresholds(gray, classes)
    assert len(found) == min(classes, len(kinds)) - 1
    every = combinations(kinds[:-1], len(found))
    assert score(found) == pytest.approx(max(score(t) for t in every))


@given(SMALL)
def test_isodata_is_half_way_between_the_means(gray):
    found = find_threshold(gray, "isodata")
    dark, bright = sides(gray, found.threshold)
    assert found.threshold == pytest.approx((dark.mean() + bright.mean()) / 2)
    assert found.iterations > 0


def test_isodata_begins_in_the_middle_of_the_range():
    from skimage import filters

    # From 3 the loop would stay at 3.91, from 7 at 5.13.
    gray = np.repeat(np.arange(10), [19, 27, 15, 18, 29, 21, 18, 16, 16, 28]).astype(np.uint8)
    found = find_threshold(gray[np.newaxis], "isodata")
    assert found.threshold == pytest.approx(4.6115, abs=1e-4)
    # Here scikit-image's is the lowest of several.
    cell = samples.picture("cell")
    assert filters.threshold_isodata(cell) == 53
    assert find_threshold(cell, "isodata").threshold == pytest.approx(122.05, abs=0.01)


@given(SMALL)
def test_kapur_has_the_most_entropy(gray):
    def entropy(part):
        p = np.unique(part, return_counts=True)[1] / part.size
        return -(p * np.log(p)).sum()

    found = find_threshold(gray, "kapur").threshold
    values = range(int(gray.min()), int(gray.max()))
    score = {v: sum(map(entropy, sides(gray, v))) for v in values}
    assert score[int(found)] == pytest.approx(max(score.values()))


@given(SMALL)
def test_yen_has_the_most_correlation(gray):
    def score(v):
        a, b = (np.unique(s, return_counts=True)[1] for s in sides(gray, v))
        return np.log((a.sum() * b.sum()) ** 2 / ((a**2).sum() * (b**2).sum()))

    found = find_threshold(gray, "yen").threshold
    values = range(int(gray.min()), int(gray.max()))
    assert score(int(found)) == pytest.approx(max(score(v) for v in values))


@given(SMALL)
def test_li_stays_where_its_step_leads(gray):
    found = find_threshold(gray, "li")
    low = float(gray.min())
    if found.threshold > low:
        dark, bright = (s.mean() - low for s in sides(gray, found.threshold))
        step = low + (bright - dark) / (np.log(bright) - np.log(dark)) if dark else low
        again = sides(gray, step)
        assert len(again[0]) == len(sides(gray, found.threshold)[0])


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("rule", ["otsu", "mean", "triangle", "yen", "minimum"])
def test_thresholds_are_those_of_scikit_image(picture, rule):
    from skimage import filters

    gray = gray_values(samples.picture(picture))
    expected = getattr(filters, f"threshold_{rule}")(gray)
    assert find_threshold(gray, rule).threshold == pytest.approx(float(expected))


@pytest.mark.parametrize("picture", PICTURES)
def test_li_and_isodata_are_near_those_of_scikit_image(picture):
    from skimage import filters

    gray = gray_values(samples.picture(picture))
    # It stops a little before the end, within half a value.
    assert find_threshold(gray, "li").threshold == pytest.approx(filters.threshold_li(gray), abs=1)
    # It returns all values that are within one below their own mean of means.
    every = filters.threshold_isodata(gray, return_all=True)
    assert np.abs(find_threshold(gray, "isodata").threshold - every).min() <= 2


@pytest.mark.parametrize("rule", RULES)
def test_rules_find_the_same_in_any_dtype(rule):
    gray = samples.camera()
    expected = gray > find_threshold(gray, rule).threshold
    for other in (gray.astype(np.uint16) * 257, (gray / 255).astype(np.float32), gray / 255):
        found = other > find_threshold(other, rule).threshold
        assert np.mean(found != expected) < (0.01 if rule in SHAPE_RULES else 1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_rules_split_two_values_and_leave_one_alone(rule):
    for dtype, low, high in (("uint8", 20, 200), ("uint16", 7, 60_000), ("float64", 0.1, 0.3)):
        gray = np.array([[low, high, low]], dtype)
        assert low <= find_threshold(gray, rule).threshold < high
        assert find_threshold(np.full((2, 2), low, dtype), rule).threshold == low


def test_a_hot_pixel_does_not_move_a_threshold_of_16_bits():
    rng = np.random.default_rng(0)
    gray = np.where(rng.random((64, 64)) < 0.3, 600, 200).astype(np.uint16)
    gray += rng.integers(0, 50, gray.shape, dtype=np.uint16)
    gray[0, 0] = 65535
    for rule in ("isodata", "li", "mean"):
        assert 200 < find_threshold(gray, rule).threshold < 65000
    assert 250 <= find_threshold(gray, "li").threshold < 600


def test_modes_are_looked_for_in_vain():
    hill = np.repeat(np.arange(9), [1, 3, 6, 9, 12, 9, 6, 3, 1]).astype(np.uint8)[np.newaxis]
    for rule in ("minimum", "intermodes"):
        with pytest.raises(ValueError, match="no two modes: smoothing leaves 1; choose another"):
            find_threshold(hill, rule)


def test_a_flat_top_is_one_mode():
    counts = [1, 6, 6, 6, 2, 0, 3, 3, 1]
    gray = np.repeat(np.arange(9), counts).astype(np.uint8)[np.newaxis]
    assert find_threshold(gray, "intermodes").threshold == (2 + 6) / 2
    assert find_threshold(gray, "minimum").threshold == 5

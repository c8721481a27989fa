"""Threshold, MultiOtsu, LocalThreshold and SizedThreshold on pictures."""

import cv2
import numpy as np
import pytest

from acetate.measure import iou
from acetate.segment import (
    LocalThreshold,
    MultiOtsu,
    SizedThreshold,
    Threshold,
    disc_mask,
)


def noisy_disc(dtype="uint8", side=96, sigma=12.0):
    truth = disc_mask((side, side), 24)
    values = np.where(truth, 120, 60) + np.random.default_rng(0).normal(0, sigma, truth.shape)
    white = np.iinfo(dtype).max if dtype[0] == "u" else 1
    return (np.clip(values, 0, 255) / 255 * white).astype(dtype), truth


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_the_facts_are_those_of_the_mask(dtype):
    image, truth = noisy_disc(dtype)
    found = Threshold().segment(image)
    assert found.labels.dtype == np.uint8
    assert iou(found.mask, truth) > 0.9
    (threshold,) = found.facts.thresholds
    assert np.array_equal(found.mask, image > threshold)
    assert found.facts.pixels == (np.sum(~found.mask), np.sum(found.mask))
    assert found.facts.fractions == (1 - found.mask.mean(), found.mask.mean())


def test_dark_objects_are_what_is_not_above():
    image, _ = noisy_disc()
    bright, dark = Threshold().segment(image), Threshold(bright=False).segment(image)
    assert np.array_equal(bright.mask, ~dark.mask)
    assert bright.facts.thresholds == dark.facts.thresholds
    assert bright.facts.fractions == dark.facts.fractions[::-1]


def test_a_blur_helps_against_noise():
    image, truth = noisy_disc(sigma=40)
    plain, blurred = (iou(Threshold(blur=b).segment(image).mask, truth) for b in (0.0, 2.0))
    assert plain < 0.6
    assert blurred > 0.9


def test_iterations_are_told_by_rules_that_iterate():
    image, _ = noisy_disc()
    assert Threshold("isodata").segment(image).facts.iterations > 1
    assert Threshold("intermodes").segment(image).facts.iterations > 1
    assert Threshold("otsu").segment(image).facts.iterations == 0


def test_a_rule_that_cannot_says_so_and_names_another():
    hill = np.repeat(np.arange(5), [1, 3, 6, 3, 1]).astype(np.uint8)[np.newaxis]
    with pytest.raises(ValueError, match="choose another rule, such as otsu"):
        Threshold("minimum").segment(hill)
    with pytest.raises(ValueError, match=r"rule is one of otsu, .*; the nearest is 'otsu'"):
        Threshold("otzu")


def test_classes_of_a_picture_of_bands():
    image = np.repeat(np.array([[10, 60, 120, 200]], np.uint8), 8, axis=1).repeat(9, axis=0)
    for classes in (2, 3, 4):
        found = MultiOtsu(phases=classes).segment(image)
        assert np.unique(found.labels).tolist() == list(range(classes))
        assert len(found.facts.thresholds) == classes - 1
    reverse = MultiOtsu(phases=4, bright=False).segment(image)
    assert reverse.labels[0, ::8].tolist() == [3, 2, 1, 0]


def test_there_are_no_more_classes_than_values():
    image = np.array([[10, 60, 60]], np.uint8)
    found = MultiOtsu(phases=5).segment(image)
    assert found.labels.tolist() == [[0, 1, 1]]
    assert found.facts.thresholds == (10,)
    assert MultiOtsu(phases=5).segment(image[:, 1:]).facts.thresholds == ()


@pytest.mark.parametrize("rule", ["gaussian", "mean", "niblack", "sauvola"])
def test_local_thresholds_bear_uneven_light(rule):
    truth = np.zeros((128, 128), np.uint8)
    truth[8::16, 8::16] = 1
    truth = cv2.dilate(truth, np.ones((5, 5), np.uint8)) > 0
    light = np.linspace(0.3, 1.0, 128)[:, np.newaxis]
    image = np.where(truth, 0.9, 0.4) * light
    parameters = {"niblack": {"k": 0.5}, "sauvola": {"k": -0.2}}.get(rule, {})
    found = LocalThreshold(rule, block=41, **parameters).segment(image)
    assert iou(found.mask, truth) > 0.9
    assert iou(Threshold().segment(image).mask, truth) < 0.8
    dark = LocalThreshold(rule, block=41, bright=False, **parameters).segment(1 - image)
    if rule in ("gaussian", "mean"):
        assert np.array_equal(dark.mask, found.mask)


def test_local_thresholds_are_the_mean_of_the_surroundings_plus_an_offset():
    image = np.random.default_rng(0).integers(0, 256, (40, 50), dtype=np.uint8)
    found = LocalThreshold("mean", block=5, offset=0.1).segment(image)
    padded = np.pad(image.astype(float), 2, mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    thresholds = windows.mean(axis=(2, 3)) + 25.5
    assert np.array_equal(found.mask, image > thresholds)
    assert found.facts.lowest == pytest.approx(thresholds.min())
    assert found.facts.highest == pytest.approx(thresholds.max())
    assert found.facts.threshold == pytest.approx(thresholds.mean())
    assert np.array_equal(
        LocalThreshold("mean", block=4, offset=0.1).segment(image).mask, found.mask
    )
    deviation = LocalThreshold("niblack", block=5, offset=0.0, k=1.0).segment(image)
    expected = windows.mean(axis=(2, 3)) + windows.std(axis=(2, 3))
    assert np.array_equal(deviation.mask, image > expected)
    sauvola = LocalThreshold("sauvola", block=5, offset=0.0, k=0.3, bright=False).segment(image)
    expected = windows.mean(axis=(2, 3)) * (1 + 0.3 * (windows.std(axis=(2, 3)) / 127.5 - 1))
    assert np.array_equal(sauvola.mask, image < expected)


def test_an_even_part_of_a_picture_is_not_noise_of_rounding():
    image = np.full((60, 60), 0.3)
    image[20:30, 20:30] = 0.9
    found = LocalThreshold(block=15, offset=0.0).segment(image)
    assert not found.mask[40:].any()


def cells(sizes, noise=0):
    """Discs of several areas, brighter the larger, on a dark ground with bright specks."""
    image = np.full((200, 200), 20, np.uint8)
    for n, size in enumerate(sizes):
        centre = (30 + 45 * (n % 4), 30 + 45 * (n // 4))
        image[disc_mask(image.shape, (size / np.pi) ** 0.5, centre)] = 120
    if noise:
        image += np.random.default_rng(0).integers(0, noise, image.shape, dtype=np.uint8)
    return image


def test_the_threshold_is_where_objects_have_the_wanted_sizes():
    image = cells([300] * 12, noise=60)
    found = SizedThreshold(min_size=200, max_size=400).segment(image)
    assert found.facts.in_range == found.facts.objects == 12
    assert found.facts.fraction_in_range == 1
    assert 79 <= found.facts.thresholds[0] < 135
    assert np.array_equal(found.mask, image > found.facts.thresholds[0])
    assert found.facts.pixels[1] == found.mask.sum()
    assert len(found.facts.tried) <= 64


def test_every_threshold_that_was_tried_is_told_as_counted():
    image = cells([100, 300, 900], noise=40)
    facts = (
        SizedThreshold(min_size=200, max_size=1000, candidates=9, connectivity=4)
        .segment(image)
        .facts
    )
    assert len(facts.tried) == 9
    for threshold, objects, good in facts.tried:
        labels = (image > threshold).astype(np.uint8)
        count, parts = cv2.connectedComponents(labels, connectivity=4)
        sizes = np.bincount(parts.ravel())[1:]
        assert objects == count - 1
        assert good == np.sum((sizes >= 200) & (sizes <= 1000))
    assert facts.thresholds[0] in [row[0] for row in facts.tried]
    assert facts.fraction_in_range == facts.in_range / facts.objects


def test_of_thresholds_that_are_as_good_it_is_the_middle_one():
    image = np.full((30, 40), 20, np.uint8)
    image[5:25, 10:30] = np.arange(100, 120)
    found = SizedThreshold(min_size=200, max_size=400).segment(image).facts
    good = [threshold for threshold, _, in_range in found.tried if in_range]
    assert good == [20, *range(100, 110)]
    assert found.thresholds == (104,)


def test_dark_objects_have_sizes_too():
    image = 255 - cells([300] * 5, noise=30)
    facts = SizedThreshold(min_size=200, max_size=400, bright=False).segment(image).facts
    assert facts.in_range == facts.objects == 5


def test_without_objects_of_the_sizes_all_is_background():
    found = SizedThreshold(min_size=5000, max_size=6000).segment(cells([300] * 4))
    assert not found.mask.any()
    assert (found.facts.objects, found.facts.in_range, found.facts.fraction_in_range) == (0, 0, 0)
    assert any(objects == 4 for _, objects, _ in found.facts.tried)


def test_sizes_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="min_size must not be above max_size, got 9 and 8"):
        SizedThreshold(min_size=9, max_size=8)

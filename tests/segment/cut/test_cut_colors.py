"""Colours in bins, and the histograms of phases: the fit is the best there is."""

import numpy as np
import pytest

from acetate.segment.cut.colors import Bins, Learning, Learnt, Pixels, as_seen, in_bytes


def picture(channels=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (12, 15, channels), np.uint8)


def learning(image, phases=2):
    bins = Bins(image)
    extra = np.zeros((phases, *image.shape[:2]), np.float32)
    return Learning(bins, Pixels(bins.codes(image), extra))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_codes_are_numbers_of_bins(channels):
    image = picture(channels)
    image[0, 0], image[0, 1] = 0, 255
    bins = Bins(image)
    codes = bins.codes(image)
    assert codes.min() >= 0
    assert codes.max() < bins.size
    indices = np.stack(np.unravel_index(codes, bins.shape), axis=2)
    width = 256 // bins.shape[0]
    assert np.abs(indices - image // width).max() <= 1


def test_smoothing_is_symmetric_and_keeps_the_sum():
    bins = Bins(picture(2))
    eye = np.eye(bins.size)[:40]
    spread = bins.smoothed(eye)
    assert np.allclose(spread.sum(axis=1), 1)
    assert np.allclose(spread[:, :40], spread[:, :40].T)


def test_no_other_tables_cost_less_than_the_fitted():
    image, rng = picture(1), np.random.default_rng(1)
    labels = (rng.random(image.shape[:2]) < 0.4).astype(np.uint8)
    fidelity = learning(image)
    best = fidelity.fit(labels)
    counts, stray = fidelity.pixels.counts(labels, 64), 10.0 / 64

    def energy(histograms):
        logs = np.log(histograms)
        return -np.sum(counts * fidelity.bins.smoothed(logs)) - stray * logs.sum()

    fitted = fidelity.bins.smoothed(counts) + stray
    fitted /= fitted.sum(axis=1, keepdims=True)
    assert best.energy == pytest.approx(energy(fitted))
    for _ in range(20):
        other = fitted * np.exp(rng.normal(0, 0.1, fitted.shape))
        assert energy(other / other.sum(axis=1, keepdims=True)) > best.energy


def test_an_empty_phase_is_dead_and_has_costs():
    fitted = learning(picture()).fit(np.zeros((12, 15), np.uint8))
    assert fitted.dead == 1
    assert np.isfinite(fitted.tables).all()


def test_what_was_learnt_stays():
    image = picture()
    fidelity = learning(image)
    labels = (image[:, :, 0] > 99).astype(np.uint8)
    tables = fidelity.fit(labels).tables
    known = Learnt(tables, fidelity.pixels)
    codes = fidelity.pixels.codes
    expected = np.where(labels == 1, tables[1][codes], tables[0][codes]).sum()
    assert known.fit(labels).energy == pytest.approx(expected)
    assert np.array_equal(known.fit(1 - labels).tables, tables)


def test_gray_of_any_depth_is_the_same_in_bytes():
    image = picture(1)
    image[0, 0], image[0, 1] = 0, 255
    deep = image.astype(np.uint16) * 16
    assert np.array_equal(in_bytes(deep), image)
    assert np.array_equal(in_bytes(image / 255 * 0.5), image)


def test_colours_are_lab():
    assert as_seen(np.full((1, 1, 3), 255, np.uint8)).ravel().tolist() == [255, 128, 128]


def test_a_black_picture_of_floats_stays_black():
    assert not in_bytes(np.zeros((2, 2, 1))).any()


def test_five_channels_are_too_many():
    with pytest.raises(ValueError, match="up to 4 channels, got 5"):
        in_bytes(np.zeros((2, 2, 5), np.uint8))

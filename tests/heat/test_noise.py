"""The noise level, told from the picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate import samples
from acetate.heat import estimate_noise


def noised(clean, sigma, seed=0):
    return clean + np.random.default_rng(seed).normal(0, sigma, clean.shape)


@pytest.mark.parametrize("name", ["camera", "coins", "moon", "coffee"])
@pytest.mark.parametrize("sigma", [10, 25, 50])
def test_it_is_within_three_percent_on_pictures(name, sigma):
    assert estimate_noise(noised(samples.picture(name), sigma)) == pytest.approx(sigma, rel=0.03)


@pytest.mark.parametrize("sigma", [0, 2, 5])
def test_it_is_within_one_where_there_is_little(sigma):
    found = estimate_noise(noised(samples.picture("camera"), sigma))
    assert found == pytest.approx(sigma, abs=1)


def test_it_counts_in_units_of_the_picture():
    clean = samples.picture("camera", 256)
    eight = np.clip(np.rint(noised(clean, 12)), 0, 255).astype(np.uint8)
    found = estimate_noise(eight)
    assert found == pytest.approx(12, rel=0.05)
    assert estimate_noise(eight / np.float32(255)) == pytest.approx(found / 255, rel=1e-4)
    assert estimate_noise(eight.astype(np.uint16) * 257) == pytest.approx(found * 257, rel=1e-4)
    assert estimate_noise(eight * 1.0 + 1e9) == pytest.approx(found, rel=1e-4)


def test_channels_are_pooled():
    rng = np.random.default_rng(1)
    noise = rng.normal(0, [1, 2, 7], (256, 256, 3))
    assert estimate_noise(noise) == pytest.approx(np.sqrt((1 + 4 + 49) / 3), rel=0.03)


@settings(max_examples=20)
@given(st.floats(-1e3, 1e3), st.integers(8, 30), st.integers(8, 30))
def test_flat_pictures_have_none(value, height, width):
    assert estimate_noise(np.full((height, width), value)) == 0
    assert estimate_noise(np.full((height, width, 3), value)) == 0


def test_clipped_parts_are_not_asked():
    """Half of the picture is so dark that half of its noise is cut off."""
    clean = np.full((256, 256), 128.0)
    clean[:, :128] = 0
    noisy = np.clip(np.rint(noised(clean, 20)), 0, 255).astype(np.uint8)
    assert estimate_noise(noisy) == pytest.approx(20, rel=0.03)


def test_a_picture_clipped_all_over_is_asked_as_it_is():
    noisy = np.clip(noised(np.zeros((64, 64)), 20), 0, 255)
    assert 8 < estimate_noise(noisy) < 20


def test_it_does_not_write_into_the_picture():
    picture = np.random.default_rng(2).random((20, 20))
    picture.flags.writeable = False
    assert estimate_noise(picture) == estimate_noise(picture.copy())


@pytest.mark.parametrize(
    ("picture", "error", "message"),
    [
        (np.zeros((7, 30)), ValueError, "noise of a picture of 7 x 30 pixels cannot be told"),
        (np.zeros((1, 30)), ValueError, "8 x 8 are needed; pass sigma"),
        (np.zeros((0, 30)), ValueError, r"image is empty: its shape is \(0, 30\)"),
        (np.zeros(9), ValueError, r"image must have shape \(H, W\) or \(H, W, C\), got \(9,\)"),
        (np.full((9, 9), np.nan), ValueError, "image has 81 NaN or infinite values"),
        (np.zeros((9, 9), np.int32), ValueError, "float64, got int32"),
        ("noise", TypeError, "image must be a NumPy array, got str"),
    ],
)
def test_what_is_no_picture_is_refused(picture, error, message):
    with pytest.raises(error, match=message):
        estimate_noise(picture)

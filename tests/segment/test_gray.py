"""One value a pixel, and its division at thresholds without losing any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from acetate.segment import gray as room
from acetate.segment.gray import above, bands, check_thresholds, count_values, gray_values

PIXELS = {
    "uint8": st.integers(0, 255),
    "uint16": st.integers(0, 65535),
    "float32": st.floats(0, 1, width=32),
    "float64": st.floats(0, 1),
}


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("channels", [1, 3, 200])
def test_channels_count_alike(dtype, channels):
    rng = np.random.default_rng(0)
    white = np.iinfo(dtype).max if dtype[0] == "u" else 1
    image = (rng.random((6, 7, channels)) * white).astype(dtype)
    found = gray_values(image)
    assert found.dtype == dtype
    mean = image.mean(axis=2, dtype=float)
    assert np.abs(found - mean).max() <= (0.5001 if dtype[0] == "u" else 1e-6)


def test_a_blur_is_that_of_the_heat():
    image = np.zeros((21, 21))
    image[10, 10] = 1
    blurred = gray_values(image, blur=2.0)
    y, x = np.mgrid[-10:11, -10:11]
    assert blurred.sum() == pytest.approx(1, abs=0.01)
    assert (blurred * x**2).sum() == pytest.approx(4, rel=0.05)
    assert (blurred * y**2).sum() == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("dtype", PIXELS)
@given(data=st.data())
def test_bands_count_the_thresholds_below(dtype, data):
    gray = data.draw(hnp.arrays(dtype, (3, 4), elements=PIXELS[dtype]))
    most = 1.5 if dtype[0] == "f" else 70_000.0
    numbers = st.floats(-1, most) | st.sampled_from(gray.ravel().astype(float).tolist())
    thresholds = sorted(set(data.draw(st.lists(numbers, min_size=1, max_size=6))))
    expected = [[sum(float(v) > t for t in thresholds) for v in row] for row in gray]
    assert bands(gray, thresholds).tolist() == expected
    assert np.array_equal(above(gray, thresholds[0]), np.array(expected) > 0)


def test_a_threshold_between_two_floats_tells_them_apart():
    low, high = np.float32(0.5), np.nextafter(np.float32(0.5), np.float32(1))
    gray = np.array([[low, high]], np.float32)
    assert above(gray, (float(low) + float(high)) / 2).tolist() == [[False, True]]
    assert above(gray, float(high)).tolist() == [[False, False]]
    # To the nearest float32 it would be the higher one itself.
    assert above(gray, float(high) - 1e-12).tolist() == [[False, True]]


def test_counts_are_exact_beyond_the_reach_of_float32(monkeypatch):
    monkeypatch.setattr(room, "_MOST_COUNTED", 7)
    values = np.random.default_rng(0).integers(0, 5, (9, 11)).astype(np.uint16)
    assert count_values(values, 6).tolist() == np.bincount(values.ravel(), minlength=6).tolist()


@pytest.mark.parametrize("thresholds", [(2.0, 1.0), (1.0, 1.0), tuple(range(256))])
def test_thresholds_are_ascending_and_no_more_than_labels(thresholds):
    with pytest.raises(ValueError, match="thresholds"):
        check_thresholds(thresholds)

"""Bands: every pixel in one, at given thresholds or equal ones."""

import numpy as np
import pytest

from acetate.segment import Bands


@pytest.mark.parametrize("count", [2, 4, 5, 256])
def test_equal_bands_lose_no_pixel(count):
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    found = Bands(phases=count).segment(image)
    assert sum(found.facts.pixels) == 256
    assert len(found.facts.pixels) == count
    assert max(found.facts.pixels) - min(found.facts.pixels) <= 1
    assert sum(found.facts.fractions) == pytest.approx(1)
    assert found.labels[0, 0] == 0
    assert found.labels[-1, -1] == count - 1
    assert np.all(np.diff(found.labels.ravel().astype(int)) >= 0)


def test_thresholds_may_lie_outside_and_bands_be_empty():
    image = np.array([[10, 20, 30]], np.uint8)
    found = Bands(thresholds=(15.0, 16.0, 300.0)).segment(image)
    assert found.labels.tolist() == [[0, 2, 2]]
    assert found.facts.pixels == (1, 0, 2, 0)
    assert found.facts.thresholds == (15, 16, 300)


def test_bands_may_be_numbered_from_the_bright_side():
    image = np.array([[10, 20, 30]], np.uint8)
    found = Bands(thresholds=(10.0, 20.0), bright=False).segment(image)
    assert found.labels.tolist() == [[2, 1, 0]]
    assert found.facts.pixels == (1, 1, 1)


def test_a_constant_picture_is_background_on_any_side():
    image = np.full((3, 4), 200, np.uint8)
    for bright in (True, False):
        assert not Bands(thresholds=(50.0,), bright=bright).segment(image).mask.any()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"thresholds": (70.0, 70.0)}, ValueError, "must be in ascending order, each one once"),
        ({"thresholds": [70.0]}, TypeError, r"thresholds must be a tuple of numbers, got \[70.0\]"),
        ({"thresholds": (-1.0,)}, ValueError, r"each of thresholds must lie in \[0, 65535\]"),
        ({"thresholds": tuple(range(256))}, ValueError, "there may be 255 thresholds, got 256"),
        ({"phases": 1}, ValueError, r"phases must lie in \[2, 256\]"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters, error, message):
    with pytest.raises(error, match=message):
        Bands(**parameters)

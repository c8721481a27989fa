"""Profiles across edges."""

import numpy as np
import pytest

from acetate import samples
from acetate.segment import line_profile


def test_a_plane_is_linear_along_any_line():
    y, x = np.mgrid[:20, :30] + 0.5
    found = line_profile((x + 2 * y) / 99, (3.2, 4.1), (25.7, 15.3))
    assert found.distances[0] == 0
    assert found.distances[-1] == pytest.approx(np.hypot(22.5, 11.2))
    assert len(found.values) == 26
    assert found.values == pytest.approx(found.points @ (1, 2) / 99)


def test_it_is_that_of_scikit_image():
    from skimage.measure import profile_line

    image = samples.camera() / 255
    found = line_profile(image, (100.5, 50.5), (160.5, 130.5))
    expected = profile_line(image, (50, 100), (130, 160), order=1)
    assert found.values == pytest.approx(expected)
    wide = line_profile(image, (100.5, 50.5), (160.5, 50.5), width=5)
    assert wide.values == pytest.approx(image[48:53, 100:161].mean(axis=0))


def test_colours_have_a_value_each_and_borders_go_on():
    image = samples.cat((10, 12))
    found = line_profile(image, (-5.0, 2.5), (20.0, 2.5))
    assert found.values.shape == (26, 3)
    assert np.array_equal(found.values[0], image[2, 0])
    assert np.array_equal(found.values[-1], image[2, -1])


def test_the_blur_of_an_edge_can_be_read_from_it():
    image, _ = samples.three_levels(512, blur=3.0, noise=0.0)
    # From the middle of a bright disc down into the dark.
    found = line_profile(image, (0.72 * 512, 0.72 * 512), (0.72 * 512, 0.95 * 512))
    edge = found.distances[np.flatnonzero(found.values < 0.45)[0]]
    assert edge == pytest.approx(0.17 * 512, abs=1)
    steepest = np.abs(np.diff(found.values)).max()
    assert steepest == pytest.approx(0.8 / (3 * np.sqrt(2 * np.pi)), rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((1, 1), (1, 1)), r"two different points .* got \(1, 1\) and \(1, 1\)"),
        (((1, 1), (np.nan, 1)), "two different points"),
        (((1, 1), (5, 1), 0.5), "width must be at least 1 pixel"),
    ],
)
def test_lines_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        line_profile(np.zeros((4, 4)), *arguments)

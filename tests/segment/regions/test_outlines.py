"""Outlines of regions, and phases by the means of regions."""

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from acetate import samples
from acetate.segment.regions import (
    find_boundaries,
    mark_boundaries,
    region_means,
    slic,
    threshold_means,
)


def test_lines_lie_where_the_next_pixel_differs():
    labels = np.array([[1, 1, 2], [1, 3, 3], [1, 3, 3]])
    assert find_boundaries(labels).astype(int).tolist() == [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    assert not find_boundaries(np.ones((4, 5), np.uint8)).any()


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float32"])
def test_the_picture_shows_between_the_lines(kind):
    image = {"uint8": 100, "uint16": 100 * 257, "float32": 100 / 255}[kind]
    picture = np.full((2, 4), image, kind)
    drawn = mark_boundaries(picture, np.array([[0, 0, 1, 1]] * 2), color=(255, 0, 0))
    assert drawn.dtype == np.uint8
    assert drawn[0].tolist() == [[100] * 3, [255, 0, 0], [100] * 3, [100] * 3]


def test_two_channels_cannot_be_drawn_on():
    with pytest.raises(ValueError, match="1 or 3 channels, got 2"):
        mark_boundaries(np.zeros((2, 2, 2), np.uint8), np.zeros((2, 2), int))


def test_two_phases_of_pixels_are_otsus():
    image = samples.picture("coins")[:60, :80]
    image = image if image.ndim == 2 else image[:, :, 0]
    regions = region_means(image, np.arange(image.size).reshape(image.shape))
    phases = regions.spread(threshold_means(regions, 2))
    assert np.mean(phases != (image > threshold_otsu(image))) < 0.01


def test_bands_lose_no_region():
    image = samples.picture("coffee", (60, 80))
    regions = region_means(image, slic(image, 100, start_label=0))
    bands = threshold_means(regions, 5, "bands")
    shades = regions.means.mean(axis=1)
    limits = np.linspace(shades.min(), shades.max(), 6)
    assert bands[shades.argmin()] == 0
    assert bands[shades.argmax()] == 4
    for k in range(5):
        assert np.all(shades[bands == k] >= limits[k])
        assert np.all(shades[bands == k] <= limits[k + 1])


def test_fewer_colours_than_phases_are_fewer_phases():
    regions = region_means(np.array([[5, 5, 9]], np.uint8), np.array([[0, 1, 2]]))
    assert threshold_means(regions, 4).tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match=r"phases must lie in \[1, 256\], got 0"):
        threshold_means(regions, 0)
    with pytest.raises(ValueError, match="'variance' or 'bands', got 'otsu'"):
        threshold_means(regions, 2, "otsu")

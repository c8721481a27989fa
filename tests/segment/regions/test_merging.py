"""Means, the adjacency graph, and merging: against loops over regions and over all pairs."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate import images, samples
from acetate.segment.regions import (
    cut_regions,
    merge_regions,
    region_adjacency,
    region_means,
    slic,
)

DATA = Path(__file__).parents[3] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def regions_of(name="coffee", shape=(60, 80), wanted=60):
    image = samples.picture(name, shape)
    return image, region_means(image, slic(image, wanted, start_label=0))


def test_means_are_those_of_a_loop():
    image, regions = regions_of()
    for k in range(len(regions)):
        assert regions.means[k] == pytest.approx(image[regions.labels == k].mean(axis=0))
        assert regions.pixels[k] == np.count_nonzero(regions.labels == k)
    assert regions.picture.shape == image.shape
    assert regions.picture[5, 7] == pytest.approx(regions.means[regions.labels[5, 7]])


def test_numbers_that_are_not_used_have_no_pixels():
    regions = region_means(np.array([[7, 9]], np.uint8), np.array([[3, 1]]))
    assert regions.pixels.tolist() == [0, 1, 0, 1]
    assert regions.means.tolist() == [[0], [9], [0], [7]]
    assert regions.picture.tolist() == [[7, 9]]


@needs_data
def test_means_are_not_truncated_to_the_pictures_dtype():
    image = images.read(DATA / "qbi/shale-slice.tiff", profile="ignore")
    labels = slic(image, 100, 5e-2, sigma=3.0)
    truncated = image.copy()
    for k in np.unique(labels):
        truncated[labels == k] = image[labels == k].mean()
    picture = region_means(image, labels).picture
    assert np.array_equal(picture.astype(np.uint16), truncated)
    assert picture.mean() == pytest.approx(image.mean())
    assert truncated.mean() < image.mean() - 0.2


@given(height=st.integers(1, 9), width=st.integers(1, 9), seed=st.integers(0, 99))
def test_adjacency_counts_the_sides_between_regions(height, width, seed):
    labels = np.random.default_rng(seed).integers(3, 7, (height, width))
    expected = {}
    for y in range(height):
        for x in range(width):
            for i, j in ((y + 1, x), (y, x + 1)):
                if i < height and j < width and labels[y, x] != labels[i, j]:
                    pair = tuple(sorted((int(labels[y, x]), int(labels[i, j]))))
                    expected[pair] = expected.get(pair, 0) + 1
    graph = region_adjacency(labels)
    found = dict(zip(map(tuple, graph.pairs.tolist()), graph.lengths.tolist(), strict=True))
    assert found == expected
    assert list(found) == sorted(found)


def merged_slowly(regions, threshold, left, ward):
    """Look through all pairs before every merge."""
    means = {k: mean.copy() for k, mean in enumerate(regions.means)}
    pixels = {k: float(n) for k, n in enumerate(regions.pixels)}
    pairs = {tuple(pair) for pair in region_adjacency(regions.labels).pairs.tolist()}
    names = np.arange(len(regions))

    def apart(pair):
        a, b = pair
        square = float(np.sum((means[a] - means[b]) ** 2))
        return square * pixels[a] * pixels[b] / (pixels[a] + pixels[b]) if ward else square**0.5

    while len(means) > left and pairs:
        a, b = min(pairs, key=lambda pair: (apart(pair), pair))
        if apart((a, b)) > threshold:
            break
        means[a] = (means[a] * pixels[a] + means[b] * pixels[b]) / (pixels[a] + pixels[b])
        pixels[a] += pixels[b]
        del means[b], pixels[b]
        renamed = (tuple(sorted(a if k == b else k for k in pair)) for pair in pairs)
        pairs = {pair for pair in renamed if pair[0] != pair[1]}
        names[names == b] = a
    return names


@pytest.mark.parametrize("linkage", ["mean", "ward"])
@pytest.mark.parametrize("left", [1, 2, 7, 30])
def test_merging_joins_the_nearest_pair_again_and_again(linkage, left):
    _, regions = regions_of()
    found = merge_regions(regions, n_regions=left, linkage=linkage)
    names = merged_slowly(regions, np.inf, left, linkage == "ward")
    assert len(found) == left
    assert np.array_equal(found.labels, regions.joined(names).labels)


def test_merging_stops_at_the_threshold():
    image, regions = regions_of()
    found = merge_regions(regions, threshold=25.0)
    assert 1 < len(found) < len(regions)
    names = merged_slowly(regions, 25.0, 1, ward=False)
    assert np.array_equal(found.labels, regions.joined(names).labels)
    one, other = region_adjacency(found.labels).pairs.T
    assert np.linalg.norm(found.means[one] - found.means[other], axis=1).min() > 25
    assert found.means == pytest.approx(region_means(image, found.labels).means)


def test_a_cut_joins_along_small_steps():
    image = np.array([[0, 10, 20, 30, 90, 100]], np.uint8)
    regions = region_means(image, np.arange(6)[np.newaxis])
    assert cut_regions(regions, 10.0).labels.tolist() == [[0, 0, 0, 0, 1, 1]]
    assert cut_regions(regions, 9.9).labels.tolist() == [[0, 1, 2, 3, 4, 5]]
    assert len(cut_regions(regions, np.inf)) == 1


def test_one_region_is_left_as_it_is():
    regions = region_means(np.array([[1, 2]], np.uint8), np.array([[0, 0]]))
    assert len(merge_regions(regions)) == len(cut_regions(regions, 1.0)) == 1


def test_what_makes_no_sense_is_refused():
    image, regions = regions_of()
    with pytest.raises(ValueError, match="linkage is 'mean' or 'ward', got 'single'"):
        merge_regions(regions, linkage="single")
    with pytest.raises(ValueError, match="n_regions at least 1, got inf and 0"):
        merge_regions(regions, n_regions=0)
    with pytest.raises(ValueError, match="threshold must be at least 0, got nan"):
        cut_regions(regions, np.nan)
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        region_means(image, regions.labels - 1)
    with pytest.raises(ValueError, match=r"picture's shape \(60, 80\), got \(60, 79\)"):
        region_means(image, regions.labels[:, 1:])
    with pytest.raises(TypeError, match="integers, got float64"):
        region_adjacency(np.zeros((3, 3)))

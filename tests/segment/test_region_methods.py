"""QuadTree, Superpixels and RegionMerging as methods: phases, regions, facts, and odd pictures."""

from pathlib import Path

import numpy as np
import pytest

from acetate import images, samples
from acetate.measure import iou
from acetate.segment import METHODS, QuadTree, RegionMerging, Superpixels, disc_mask

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")

KINDS = [QuadTree, Superpixels, RegionMerging]
each = pytest.mark.parametrize("kind", KINDS)


def noisy_disc(sigma=8, seed=0):
    truth = disc_mask((90, 110), 25)
    noise = np.random.default_rng(seed).normal(0, sigma, truth.shape)
    return np.clip(np.where(truth, 150, 60) + noise, 0, 255).astype(np.uint8), truth


@each
def test_a_disc_is_found_whatever_the_polarity(kind):
    image, truth = noisy_disc()
    found = kind().segment(image)
    assert iou(found.mask, truth) > 0.95
    assert found.labels.dtype == np.uint8
    assert iou(kind(bright=False).segment(255 - image).mask, truth) > 0.95
    values = [round(v) for (v,) in found.facts.values]
    assert values == pytest.approx([60, 150], abs=3)
    assert sum(found.facts.pixels) == image.size


@each
def test_regions_are_numbered_from_one(kind):
    image, _ = noisy_disc()
    found = kind(output="regions").segment(image)
    assert found.labels.dtype == np.int32
    assert np.array_equal(np.unique(found.labels), np.arange(1, found.facts.regions + 1))
    least, median, most = found.facts.sizes
    counts = np.bincount(found.labels.ravel())[1:]
    assert (least, median, most) == (counts.min(), np.median(counts), counts.max())


@each
@pytest.mark.parametrize("cuts", ["variance", "bands"])
def test_more_phases_are_numbered_by_brightness(kind, cuts):
    shades = np.repeat(np.array([200, 20, 110], np.uint8), 20)
    image = np.repeat(shades[np.newaxis], 40, axis=0)
    labels = kind(phases=3, cuts=cuts).segment(image).labels
    assert labels[20, ::20].tolist() == [2, 0, 1]
    labels = kind(phases=3, cuts=cuts, bright=False).segment(image).labels
    assert labels[20, ::20].tolist() == [0, 2, 1]


@each
@pytest.mark.parametrize("shape", [(1, 1), (1, 17), (23, 1), (2, 3, 1), (9, 8, 3), (7, 7, 5)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_odd_pictures(kind, shape, dtype):
    image = np.random.default_rng(0).random(shape)
    image = image.astype(dtype) if "f" in dtype else (image * np.iinfo(dtype).max).astype(dtype)
    before = image.copy()
    assert kind().segment(image).labels.shape == shape[:2]
    assert not kind().segment(np.full_like(image, image.max())).mask.any()
    assert np.array_equal(image, before)
    foreign = image.astype(image.dtype.newbyteorder())
    assert np.array_equal(kind().segment(foreign).labels, kind().segment(image).labels)
    swapped = np.swapaxes(image, 0, 1)
    assert kind().segment(swapped).labels.shape == swapped.shape[:2]


@each
def test_what_is_no_picture_is_refused(kind):
    with pytest.raises(ValueError, match="NaN"):
        kind().segment(np.full((4, 4), np.nan))
    with pytest.raises(ValueError, match="empty"):
        kind().segment(np.zeros((0, 4), np.uint8))
    with pytest.raises(TypeError, match="NumPy array, got list"):
        kind().segment([[1, 2]])
    with pytest.raises(ValueError, match="takes no prompt"):
        kind().segment(np.zeros((4, 4), np.uint8), np.ones((4, 4), bool))


@each
def test_they_are_in_the_register(kind):
    assert kind in METHODS.values()
    assert kind.PROMPTS == ()
    for field, values in kind.SEARCH.items():
        for value in values:
            assert getattr(kind(**{field: value}), field) == value


def test_parameters_are_checked():
    with pytest.raises(ValueError, match=r"minimum must lie in \[1, "):
        QuadTree(minimum=0)
    with pytest.raises(ValueError, match="metric is one of std, range, got 'ptp'"):
        QuadTree(metric="ptp")
    with pytest.raises(TypeError, match="n_segments must be a whole number"):
        Superpixels(n_segments=1.5)
    with pytest.raises(ValueError, match="merging is one of ward, mean, cut, got 'single'"):
        RegionMerging(merging="single")


def test_the_threshold_of_a_quad_tree_is_told():
    image, _ = noisy_disc()
    assert QuadTree(threshold=0.3).segment(image).facts.threshold == 0.3
    assert 0 < QuadTree().segment(image).facts.threshold < 1
    few, many = (QuadTree(threshold=t).segment(image).facts.regions for t in (0.2, 0.01))
    assert few < many


def test_superpixels_start_where_they_are_told():
    image, _ = noisy_disc()
    labels = Superpixels(output="regions", start_label=0).segment(image).labels
    assert labels.min() == 0


def test_merging_leaves_what_it_is_told():
    image = samples.picture("coffee", (90, 120))
    for merging in ("ward", "mean"):
        found = RegionMerging(merging, regions=7, threshold=2.0, output="regions").segment(image)
        assert found.facts.regions == 7
    few, many = (RegionMerging(threshold=t).segment(image).facts.regions for t in (0.3, 0.02))
    assert few < many
    assert RegionMerging("ward").segment(image).facts.regions == 100
    assert RegionMerging("cut", threshold=2.0).segment(image).facts.regions == 1


@needs_data
def test_nuclei_without_any_parameter():
    files = sorted((DATA / "nuclei/images").glob("*.png"))[:8]
    pairs = [
        (images.read(f), images.read_labels(DATA / "nuclei/labels" / f.name) > 0) for f in files
    ]
    for kind in KINDS:
        assert np.mean([iou(kind().segment(image).mask, truth) for image, truth in pairs]) > 0.7


@needs_data
def test_the_lectures_bands_of_superpixel_means():
    image = images.read(DATA / "qbi/shale-slice.tiff", profile="ignore")
    method = Superpixels(100, 5e-2, 3.0, phases=5, cuts="bands")
    found = method.segment(image)
    assert sum(found.facts.pixels) == image.size
    shades = [v for (v,) in found.facts.values]
    assert shades == sorted(shades)
    assert len(shades) == 5

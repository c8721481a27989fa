"""SLIC: connected superpixels of about one size that keep to the edges."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate import images, samples
from acetate.segment.regions import find_boundaries, region_means, slic

DATA = Path(__file__).parents[3] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def parts(labels):
    """Count the connected parts of all labels together."""
    return sum(
        cv2.connectedComponents((labels == k).astype(np.uint8), connectivity=4)[0] - 1
        for k in np.unique(labels)
    )


@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    wanted=st.integers(1, 60),
    colour=st.booleans(),
    seed=st.integers(0, 9),
)
def test_every_superpixel_is_one_connected_region(height, width, wanted, colour, seed):
    shape = (height, width, 3) if colour else (height, width)
    image = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    labels = slic(image, wanted)
    assert labels.dtype == np.int32
    assert labels.shape == (height, width)
    numbers = np.unique(labels)
    assert np.array_equal(numbers, np.arange(1, len(numbers) + 1))
    assert parts(labels) == len(numbers)
    # The grid has up to half as many centres again as are wanted.
    assert np.bincount(labels.ravel())[1:].min() >= height * width // (6 * wanted)


def test_numbers_are_about_those_asked_for():
    image = samples.picture("coffee", (200, 300))
    for wanted in (50, 200, 1000):
        assert slic(image, wanted).max() == pytest.approx(wanted, rel=0.25)


def test_superpixels_keep_to_edges():
    image = np.zeros((60, 60), np.uint8)
    image[17:41, 11:52] = 90
    regions = region_means(image, slic(image, 40, start_label=0))
    assert np.array_equal(regions.picture, image)


def test_compactness_makes_squares():
    image = samples.picture("coffee", (128, 128))
    lengths = [np.count_nonzero(find_boundaries(slic(image, 64, c))) for c in (1.0, 10.0, 1e4)]
    assert lengths[0] > 1.1 * lengths[1] > 1.3 * lengths[2]
    flat = slic(np.zeros((40, 40), np.uint8), 16)
    assert np.array_equal(flat, 1 + 4 * (np.arange(40) // 10)[:, np.newaxis] + np.arange(40) // 10)


def test_sigma_smooths_noise_away():
    rng = np.random.default_rng(0)
    image = np.clip(rng.normal(90, 40, (96, 96)), 0, 255).astype(np.uint8)
    image[:, 48:] += 50
    rough, smooth = (find_boundaries(slic(image, 36, sigma=s)).sum() for s in (0.0, 3.0))
    assert smooth < 0.7 * rough


@pytest.mark.parametrize("kind", ["uint16", "float32", "float64"])
def test_all_dtypes_give_the_same(kind):
    image = samples.picture("coffee", (64, 96))
    scaled = image.astype(np.uint16) * 257 if kind == "uint16" else (image / 255).astype(kind)
    expected = slic(image, 50)
    assert np.mean(slic(scaled, 50) != expected) < 0.01


def test_the_picture_stays_and_the_result_repeats():
    image = samples.picture("coffee", (64, 96))
    before = image.copy()
    assert np.array_equal(slic(image[:, ::-1], 50), slic(image[:, ::-1].copy(), 50))
    assert np.array_equal(image, before)


def test_many_channels_and_one():
    rng = np.random.default_rng(0)
    stack = np.repeat(rng.random((20, 30, 1)), 40, axis=2)
    gray = np.ascontiguousarray(stack[:, :, :1])
    assert slic(stack, 12).shape == (20, 30)
    assert np.array_equal(slic(gray, 12), slic(gray[:, :, 0], 12))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"n_segments": 0}, "at least 1, got 0 and 10"),
        ({"max_num_iter": 0}, "at least 1, got 100 and 0"),
        ({"compactness": 0.0}, "above 0 and finite, got 0.0"),
        ({"compactness": np.inf}, "above 0 and finite, got inf"),
        ({"sigma": -1.0}, "at least 0 and finite, got -1.0"),
    ],
)
def test_what_makes_no_sense_is_refused(options, text):
    with pytest.raises(ValueError, match=text):
        slic(np.zeros((4, 4), np.uint8), **options)


@pytest.mark.parametrize("compactness", [1e-6, 1e-3, 1.0, 1e3, 1e6])
def test_any_compactness_stays_within_whole_numbers(compactness):
    image = samples.picture("coffee", (48, 64))
    labels = slic(image, 20, compactness)
    assert parts(labels) == labels.max()
    assert np.bincount(labels.ravel())[1:].max() < 48 * 64 / 2


@needs_data
def test_marked_regions_are_met_at_least_as_well_as_by_scikit_image():
    from skimage.segmentation import slic as peer

    scores = []
    for file in sorted((DATA / "phases").glob("*_img.png")):
        image = images.read(file)
        truth = images.read_labels(str(file).replace("_img", "_gt"))
        ours = slic(image, 200)
        theirs = peer(image, n_segments=200, compactness=10, start_label=1)
        assert ours.max() < 1.2 * theirs.max()
        scores.append([achievable(ours, truth), achievable(theirs, truth)])
    mean = np.mean(scores, axis=0)
    assert mean[0] > mean[1]


def achievable(labels, truth):
    """Return the accuracy if every superpixel took its most frequent true label."""
    table = np.zeros((labels.max() + 1, int(truth.max()) + 1), np.int64)
    np.add.at(table, (labels, truth), 1)
    return table.max(axis=1).sum() / labels.size


@needs_data
def test_the_lectures_superpixels_of_the_shale():
    image = images.read(DATA / "qbi/shale-slice.tiff", profile="ignore")
    labels = slic(image, n_segments=100, compactness=5e-2, sigma=3.0, start_label=1)
    assert 60 < labels.max() < 140
    regions = region_means(image, labels)
    # Superpixels that follow the phases say more of the picture than squares of the same number.
    squares = region_means(image, slic(np.zeros_like(image), n_segments=int(labels.max())))
    assert (
        np.square(image - regions.picture).mean() < 0.8 * np.square(image - squares.picture).mean()
    )

"""The quad tree: the leaves of a plain recursive split, for any shape, and their drawing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.segment.regions import quad_split


def recursive(image, threshold, metric, minimum):
    """Split from the top, as the definition says."""
    height, width, channels = image.shape
    measure = np.std if metric == "std" else np.ptp
    root = 1
    while root < max(height, width):
        root *= 2

    def leaves(row, column, side):
        if row >= height or column >= width:
            return []
        block = image[row : row + side, column : column + side].astype(np.float64)
        most = max(measure(block[:, :, c]) for c in range(channels))
        if most <= threshold or side // 2 < minimum:
            return [(row, column, side)]
        half = side // 2
        corners = [(0, 0), (0, half), (half, 0), (half, half)]
        return [leaf for y, x in corners for leaf in leaves(row + y, column + x, half)]

    return leaves(0, 0, root)


@given(
    height=st.integers(1, 21),
    width=st.integers(1, 21),
    channels=st.sampled_from([1, 3]),
    kind=st.sampled_from(["uint8", "uint16", "float32", "float64"]),
    metric=st.sampled_from(["std", "range"]),
    minimum=st.sampled_from([1, 2, 3, 4, 64]),
    seed=st.integers(0, 99),
)
def test_leaves_are_those_of_the_recursive_split(
    height, width, channels, kind, metric, minimum, seed
):
    rng = np.random.default_rng(seed)
    # Steps of an eighth, half of the picture flat: some blocks are alike, and none is near the
    # threshold by rounding alone.
    image = rng.integers(0, 9, (height, width, channels)) / 8
    image[: height // 2] = 0.25
    white = 1 if "float" in kind else np.iinfo(kind).max
    image = (image * white).astype(kind)
    leaves = quad_split(image, 0.3, metric, minimum)
    assert list(map(tuple, leaves.squares)) == recursive(image, 0.3 * white, metric, minimum)


@pytest.mark.parametrize("metric", ["std", "range"])
def test_labels_number_the_leaves_in_their_order(metric):
    image = np.random.default_rng(0).integers(0, 255, (13, 22), dtype=np.uint8)
    image[:, 8:] //= 8
    leaves = quad_split(image, 0.2, metric)
    labels = leaves.labels
    assert labels.dtype == np.int32
    assert labels.shape == image.shape
    assert np.array_equal(np.unique(labels), np.arange(len(leaves)))
    for number, (row, column, side) in enumerate(leaves.squares):
        block = labels[row : row + side, column : column + side]
        assert np.all(block == number)


def test_a_flat_picture_is_one_leaf_even_at_threshold_zero():
    image = np.full((37, 50), 0.1)
    for metric in ("std", "range"):
        assert quad_split(image, 0.0, metric).squares.tolist() == [[0, 0, 64]]
        assert len(quad_split(image, None, metric)) == 1


def test_no_threshold_takes_a_quarter_of_the_pictures_own():
    image = np.zeros((8, 8), np.uint8)
    image[0, 0] = 200
    assert quad_split(image, metric="range").threshold == pytest.approx(200 / 255 / 4)
    assert quad_split(image, metric="std").threshold == pytest.approx(image.std() / 255 / 4)


def test_the_drawing_shows_where_leaves_end():
    image = np.zeros((4, 4), np.uint8)
    image[0, 0] = 255
    drawn = quad_split(image).draw(image, color=(0, 0, 255))
    blue = np.all(drawn == (0, 0, 255), axis=2)
    assert blue.astype(int).tolist() == [[1, 1, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"metric": "mean"}, "'std' or 'range', got 'mean'"),
        ({"minimum": 0}, "minimum must be at least 1 pixel, got 0"),
        ({"threshold": -0.1}, "at least 0, got -0.1"),
        ({"threshold": np.nan}, "at least 0, got nan"),
    ],
)
def test_what_makes_no_sense_is_refused(options, text):
    with pytest.raises(ValueError, match=text):
        quad_split(np.zeros((4, 4), np.uint8), **options)


def test_views_of_any_stride_are_taken():
    image = np.random.default_rng(0).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    view = image[::2, ::-1]
    assert np.array_equal(quad_split(view).squares, quad_split(view.copy()).squares)

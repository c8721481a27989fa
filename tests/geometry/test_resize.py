import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate.geometry import (
    avg_pool,
    imresize_many_images,
    imresize_single_image,
    max_pool,
    median_pool,
    min_pool,
    pool,
    resized_frame,
)

INTERPOLATIONS = [None, "nearest", "linear", "area", "cubic"]
RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (32, (32, 32)),
        (0.5, (20, 31)),
        (2.0, (80, 122)),
        ((10, 20), (10, 20)),
        ([10, 20], (10, 20)),
        ((0.5, 2.0), (20, 122)),
        ((10, 0.5), (10, 31)),
        (np.array([7, 9]), (7, 9)),
        (np.float32(0.5), (20, 31)),
        (0.001, (1, 1)),
    ],
)
def test_sizes_are_pixels_or_factors(sizes, expected):
    assert resized_frame((40, 61, 3), sizes) == expected
    assert imresize_single_image(np.zeros((40, 61)), sizes).shape == expected


@pytest.mark.parametrize("sizes", [0, -4, 0.0, -0.5, float("nan"), True, (4, "5"), (4, None)])
def test_sizes_that_mean_nothing_are_refused(sizes):
    with pytest.raises(ValueError, match="a size is a whole number of pixels from 1, or a factor"):
        resized_frame((40, 60), sizes)


def test_sizes_are_one_or_two():
    with pytest.raises(ValueError, match=r"one number or \(height, width\), got \(1, 2, 3\)"):
        resized_frame((40, 60), (1, 2, 3))


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("shape", [(9, 14), (9, 14, 1), (9, 14, 3), (9, 14, 7)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(9, 14), (4, 20), (20, 30)])
def test_rank_and_dtype_stay(shape, dtype, sizes, interpolation):
    image = (RNG.random(shape) * 200).astype(dtype)
    before = image.copy()
    out = imresize_single_image(image, sizes, interpolation)
    assert out.shape == (*sizes, *shape[2:])
    assert out.dtype == dtype
    assert np.array_equal(image, before)
    assert not np.may_share_memory(out, image)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
def test_the_same_size_is_the_same_picture(interpolation):
    image = RNG.integers(0, 256, (9, 14, 3), dtype=np.uint8)
    assert np.array_equal(imresize_single_image(image, 1.0, interpolation), image)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS[1:])
@pytest.mark.parametrize("size", [12, 20, 61, 120, 200])
def test_corners_stay_on_corners(size, interpolation):
    # What is at x in the old width must be at x * new / old: the centre of mass tells.
    x = np.arange(60) + 0.5
    row = np.exp(-((x - 24.3) ** 2) / 70)[np.newaxis].astype(np.float32)
    out = imresize_single_image(row, (1, size), interpolation)[0]
    found = ((np.arange(size) + 0.5) * out).sum() / out.sum()
    assert found * 60 / size == pytest.approx(24.3, abs=0.1)


def test_every_label_survives_at_its_place():
    labels = np.array([[1, 70_000], [3, 4]], np.int32)
    expected = np.kron(labels, np.ones((3, 3), np.int32))
    assert np.array_equal(imresize_single_image(labels, 3.0, "nearest"), expected)
    assert np.array_equal(imresize_single_image(expected, (2, 2), "nearest"), labels)


def test_masks_can_be_resized():
    mask = np.eye(4, dtype=bool)
    assert np.array_equal(
        imresize_single_image(mask, 2.0, "nearest"), np.kron(mask, np.ones((2, 2)))
    )


def test_shrinking_averages_and_growing_is_cubic():
    image = RNG.random((12, 12)).astype(np.float32)
    assert np.array_equal(imresize_single_image(image, 6), imresize_single_image(image, 6, "area"))
    assert np.allclose(
        imresize_single_image(image, 6), image.reshape(6, 2, 6, 2).mean(axis=(1, 3)), atol=1e-6
    )
    assert np.array_equal(
        imresize_single_image(image, (24, 12)), imresize_single_image(image, (24, 12), "cubic")
    )
    assert np.array_equal(
        imresize_single_image(image, (24, 6)), imresize_single_image(image, (24, 6), "area")
    )


@given(seed=st.integers(0, 1000), height=st.integers(1, 30), width=st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_cubic_floats_stay_in_their_range(seed, height, width):
    image = np.random.default_rng(seed).choice([0.2, 0.9], (6, 7)).astype(np.float32)
    out = imresize_single_image(image, (height, width), "cubic")
    assert image.min() <= out.min()
    assert out.max() <= image.max()


def test_unknown_interpolations_are_named():
    with pytest.raises(ValueError, match=r"None or one of nearest, linear, .*, got 'lanczos'"):
        imresize_single_image(np.zeros((4, 4)), 2, "lanczos")


def test_labels_are_never_interpolated():
    with pytest.raises(ValueError, match=r"got int32 and 'cubic'; pass interpolation='nearest'"):
        imresize_single_image(np.zeros((4, 4), np.int32), 8)


def test_other_dtypes_are_refused():
    with pytest.raises(ValueError, match=r"got int64 and 'nearest'; convert it first"):
        imresize_single_image(np.zeros((4, 4), np.int64), 2, "nearest")


def test_many_images_come_back_as_they_came():
    batch = RNG.integers(0, 256, (3, 8, 10, 3), dtype=np.uint8)
    resized = imresize_many_images(batch, (4, 5))
    assert isinstance(resized, np.ndarray)
    assert resized.dtype == np.uint8
    for one, image in zip(resized, batch, strict=True):
        assert np.array_equal(one, imresize_single_image(image, (4, 5)))
    several = imresize_many_images([np.zeros((8, 8)), np.zeros((20, 10, 3))], 0.5)
    assert [one.shape for one in several] == [(4, 4), (10, 5, 3)]


def test_no_images_are_no_images():
    assert imresize_many_images([], 4) == []
    assert imresize_many_images(np.zeros((0, 8, 8, 3)), 0.5).shape == (0, 4, 4, 3)


@pytest.mark.parametrize(
    ("pooling", "reduce"),
    [(avg_pool, np.mean), (max_pool, np.max), (min_pool, np.min), (median_pool, np.median)],
)
@pytest.mark.parametrize("channels", [(), (2,)])
def test_pooling_reduces_each_block(pooling, reduce, channels):
    array = RNG.random((6, 8, *channels))
    before = array.copy()
    pooled = pooling(array, (3, 2))
    assert pooled.shape == (2, 4, *channels)
    for i in range(2):
        for j in range(4):
            block = array[3 * i : 3 * i + 3, 2 * j : 2 * j + 2]
            assert np.allclose(pooled[i, j], reduce(block, axis=(0, 1)))
    assert np.array_equal(array, before)


@pytest.mark.parametrize("pooling", [avg_pool, max_pool, min_pool, median_pool])
@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int32, np.float32])
def test_pooling_a_constant_that_blocks_do_not_fit_gives_the_constant(pooling, dtype):
    array = np.ones((5, 7), dtype)
    pooled = pooling(array, 3)
    assert pooled.shape == (2, 3)
    assert pooled.dtype == dtype
    assert (pooled == 1).all()


def test_means_of_integers_are_rounded_or_left_as_floats():
    array = np.array([[0, 1], [1, 1]], np.uint8)
    assert avg_pool(array, 2).tolist() == [[1]]
    assert avg_pool(array, 2, preserve_dtype=False).tolist() == [[0.75]]


def test_the_padding_of_blocks_is_ours_to_choose():
    array = np.full((1, 3), 10.0, np.float32)
    assert avg_pool(array, (1, 2), "constant", 0).tolist() == [[10, 5]]
    assert max_pool(array, (1, 2), "constant", 90).tolist() == [[10, 90]]
    assert pool(array, (1, 2), np.sum).tolist() == [[20, 10]]
    assert avg_pool(array, (1, 2), "constant", 0).dtype == np.float32


@pytest.mark.parametrize("block", [0, (2, -1)])
def test_blocks_have_at_least_one_pixel(block):
    with pytest.raises(ValueError, match="whole numbers from 1"):
        avg_pool(np.zeros((4, 4)), block)

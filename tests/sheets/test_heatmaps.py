import copy
import pickle
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from acetate.colors import colorize
from acetate.geometry import imresize_single_image, pad
from acetate.sheets import HeatmapsOnImage

RNG = np.random.default_rng(5)
IMAGE = RNG.integers(0, 256, (32, 48, 3), dtype=np.uint8)


def heatmaps(channels=2, **more):
    return HeatmapsOnImage(RNG.random((16, 24, channels), np.float32), IMAGE.shape, **more)


@given(
    low=st.floats(-1e6, 1e6),
    span=st.floats(0.001, 1e6),
    dtype=st.sampled_from([np.float16, np.float32, np.float64]),
    values=hnp.arrays(np.float64, (4, 5), elements=st.floats(0, 1)),
)
@settings(max_examples=100, deadline=None)
def test_values_come_back_in_range_and_rank(low, span, dtype, values):
    low, high = float(dtype(low / 100)), float(dtype((low + span) / 100))
    if not low < high:
        return
    given_values = np.clip((low + values * (high - low)).astype(dtype), low, high)
    before = given_values.copy()
    sheet = HeatmapsOnImage(given_values, (8, 10), min_value=low, max_value=high)
    assert sheet.arr_0to1.shape == (4, 5, 1)
    assert sheet.arr_0to1.dtype == np.float32
    assert sheet.arr_0to1.min() >= 0
    assert sheet.arr_0to1.max() <= 1
    back = sheet.get_arr()
    assert back.shape == (4, 5)
    assert back.dtype == np.float32
    tolerance = 1e-6 * max(abs(low), abs(high), high - low)
    assert np.allclose(back, given_values.astype(np.float64), rtol=0, atol=tolerance)
    # What came out may go in again, though float32 has rounded the bounds.
    again = HeatmapsOnImage(back, (8, 10), min_value=low, max_value=high)
    assert np.allclose(again.arr_0to1, sheet.arr_0to1, atol=1e-5 * max(1, abs(low) / (high - low)))
    assert np.array_equal(given_values, before)


def test_values_in_0_to_1_come_back_bit_for_bit():
    values = RNG.random((4, 5, 3), np.float32)
    assert np.array_equal(HeatmapsOnImage(values, (8, 10)).get_arr(), values)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3)])
def test_rank_is_remembered(shape):
    assert HeatmapsOnImage(np.zeros(shape), (8, 10)).get_arr().shape == shape


def test_a_bound_that_float32_rounds_is_in_range():
    values = np.full((2, 2), 0.1, np.float32)
    assert float(values[0, 0]) > 0.1
    sheet = HeatmapsOnImage(values, (2, 2), max_value=0.1)
    assert sheet.arr_0to1.max() == 1


def test_sheets_share_nothing_with_what_they_were_made_of():
    values = np.zeros((4, 5), np.float32)
    sheet = HeatmapsOnImage(values, (4, 5))
    sheet.arr_0to1[:] = 1
    assert values.max() == 0
    taken = sheet.get_arr()
    taken[:] = 0.5
    assert sheet.arr_0to1.min() == 1


@pytest.mark.parametrize("shape", [IMAGE, IMAGE.shape, list(IMAGE.shape)])
def test_the_shape_may_be_the_image_or_its_shape(shape):
    assert HeatmapsOnImage(np.zeros((2, 2)), shape).shape == (32, 48, 3)


@pytest.mark.parametrize(
    ("arr", "error", "message"),
    [
        ([[0.5]], TypeError, "heatmaps must be a NumPy array, got list"),
        (np.zeros(4), ValueError, r"shape \(H, W\) or \(H, W, C\) and not be empty, got \(4,\)"),
        (np.zeros((1, 2, 3, 4)), ValueError, r"got \(1, 2, 3, 4\)"),
        (np.zeros((0, 4)), ValueError, r"not be empty, got \(0, 4\)"),
        (np.zeros((4, 4, 0)), ValueError, r"not be empty, got \(4, 4, 0\)"),
        (np.zeros((4, 4), np.uint8), ValueError, r"must be floats, got uint8.*from_uint8"),
        (np.array([[0.5, np.nan]]), ValueError, r"1 NaN or infinite value of 2.*index \(0, 1\)"),
        (np.array([[0.5, np.inf]]), ValueError, r"1 NaN or infinite value of 2"),
    ],
)
def test_what_is_no_heatmap_is_refused(arr, error, message):
    with pytest.raises(error, match=message):
        HeatmapsOnImage(arr, (8, 8))


def test_values_outside_the_range_are_shown_with_it():
    message = "heatmap values must lie in [0, 50], got [-3.1, 71]; pass min_value and max_value"
    with pytest.raises(ValueError, match=re.escape(message)):
        HeatmapsOnImage(np.array([[-3.1, 71.0]]), (8, 8), min_value=0.0, max_value=50.0)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (0, np.inf), (np.nan, 1)])
def test_a_range_goes_upwards(low, high):
    with pytest.raises(ValueError, match=r"from a smaller to a larger number, got \["):
        HeatmapsOnImage(np.zeros((2, 2)), (2, 2), low, high)
    with pytest.raises(ValueError, match="from a smaller to a larger number"):
        HeatmapsOnImage.from_0to1(np.zeros((2, 2)), (2, 2), low, high)
    with pytest.raises(ValueError, match="from a smaller to a larger number"):
        HeatmapsOnImage.change_normalization(np.zeros(2), (low, high), (0, 1))


def test_the_image_has_a_shape():
    with pytest.raises(ValueError, match="a shape is"):
        HeatmapsOnImage(np.zeros((2, 2)), (0, 4))


def test_uint8_goes_round():
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    sheet = HeatmapsOnImage.from_uint8(levels, (32, 32), min_value=-1, max_value=3)
    assert np.array_equal(sheet.to_uint8(), levels)
    assert sheet.get_arr().min() == -1
    assert sheet.get_arr().max() == 3


def test_from_uint8_takes_nothing_else():
    with pytest.raises(ValueError, match="takes an array of uint8, got float64"):
        HeatmapsOnImage.from_uint8(np.zeros((2, 2)), (2, 2))


def test_from_0to1_checks_and_copies():
    values = np.array([[0.25]], np.float32)
    sheet = HeatmapsOnImage.from_0to1(values, (2, 2), min_value=10, max_value=14)
    assert sheet.get_arr().tolist() == [[11]]
    assert not np.may_share_memory(sheet.arr_0to1, values)
    with pytest.raises(ValueError, match="must lie in"):
        HeatmapsOnImage.from_0to1(values + 1, (2, 2), min_value=0, max_value=5)


def test_change_normalization_is_linear_and_makes_a_new_array():
    values = np.array([0.0, 0.5, 1.0], np.float32)
    moved = HeatmapsOnImage.change_normalization(values, (0.0, 1.0), (-1.0, 3.0))
    assert moved.tolist() == [-1, 1, 3]
    same = HeatmapsOnImage.change_normalization(values, (0.0, 1.0), (0.0, 1.0))
    assert not np.may_share_memory(same, values)
    with pytest.raises(ValueError, match="must be floats"):
        HeatmapsOnImage.change_normalization(np.array([1]), (0, 1), (0, 2))


def test_with_array_remembers_range_and_rank_only():
    sheet = HeatmapsOnImage(np.zeros((4, 4)), (8, 8), min_value=-2, max_value=2)
    other = np.ones((2, 6, 1), np.float32)
    moved = sheet.with_array(other, (5, 5, 3))
    assert moved.arr_0to1 is other
    assert moved.shape == (5, 5, 3)
    assert moved.get_arr().tolist() == [[2] * 6] * 2


def test_drawing_gives_one_picture_per_channel():
    sheet = heatmaps(3)
    drawn = sheet.draw()
    assert len(drawn) == 3
    for channel, picture in enumerate(drawn):
        assert np.array_equal(picture, colorize(sheet.arr_0to1[:, :, channel], "jet"))
    gray = sheet.draw(cmap=None)[0]
    assert np.array_equal(gray, np.repeat(sheet.to_uint8()[:, :, :1], 3, axis=2))


@pytest.mark.parametrize("size", [(40, 30), 2.0, 0.3, 20])
def test_drawing_in_another_size_mixes_values_not_colours(size):
    sheet = HeatmapsOnImage(np.eye(12), (12, 12))
    picture = sheet.draw(size)[0]
    values = imresize_single_image(sheet.arr_0to1[:, :, 0], size)
    assert np.array_equal(picture, colorize(values))


def test_overlays_have_the_size_asked_for():
    sheet = heatmaps(2)
    assert [p.shape for p in sheet.draw_on_image(IMAGE)] == [(32, 48, 3)] * 2
    assert [p.shape for p in sheet.draw_on_image(IMAGE, resize="image")] == [(16, 24, 3)] * 2


def test_alpha_goes_from_the_image_to_the_heatmap():
    sheet = heatmaps(1)
    before = IMAGE.copy()
    assert np.array_equal(sheet.draw_on_image(IMAGE, alpha=0)[0], IMAGE)
    full = sheet.draw_on_image(IMAGE, alpha=1, cmap="viridis")[0]
    assert np.array_equal(full, sheet.draw(IMAGE.shape[:2], "viridis")[0])
    half = sheet.draw_on_image(IMAGE, alpha=0.5, cmap="viridis")[0]
    assert np.abs(half - (IMAGE / 2 + full / 2)).max() <= 0.5
    assert np.array_equal(IMAGE, before)


@pytest.mark.parametrize(
    "image", [IMAGE[:, :, 0], IMAGE[:, :, :1], IMAGE.astype(np.uint16) * 257, IMAGE / 255.0]
)
def test_any_gray_or_rgb_image_can_lie_below(image):
    shown = heatmaps(1).draw_on_image(image, alpha=0)[0]
    expected = IMAGE if image.shape == IMAGE.shape else np.repeat(IMAGE[:, :, :1], 3, axis=2)
    assert np.array_equal(shown, expected)


def test_drawing_refuses_what_it_does_not_know():
    sheet = heatmaps()
    with pytest.raises(ValueError, match="resize must be 'heatmaps' or 'image', got 'both'"):
        sheet.draw_on_image(IMAGE, resize="both")
    with pytest.raises(ValueError, match=r"alpha must lie in \[0, 1\], got 1.5"):
        sheet.draw_on_image(IMAGE, alpha=1.5)
    with pytest.raises(ValueError, match=r"1 or 3 channels, got 4; pass those to look at"):
        sheet.draw_on_image(np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(ValueError, match="there is no colour map 'jat'; the nearest is 'jet'"):
        sheet.draw(cmap="jat")


def test_inverting_twice_is_nothing():
    sheet = heatmaps(min_value=-1, max_value=1)
    inverted = sheet.invert()
    assert np.allclose(inverted.get_arr(), -sheet.get_arr())
    assert np.allclose(inverted.invert().arr_0to1, sheet.arr_0to1)


@pytest.mark.parametrize("mode", ["constant", "edge", "linear_ramp", "reflect", "mean"])
def test_padding_pads_the_array_and_the_image_by_the_same_share(mode):
    sheet = heatmaps(2)
    padded = sheet.pad(top=1, right=2, bottom=3, left=4, mode=mode, cval=0.5)
    assert np.array_equal(padded.arr_0to1, pad(sheet.arr_0to1, 1, 2, 3, 4, mode, 0.5))
    assert padded.shape == (40, 60, 3)  # the image is twice as large as the heatmaps
    assert sheet.shape == (32, 48, 3)


def test_the_padding_constant_is_scaled_as_arr_0to1():
    sheet = HeatmapsOnImage(np.zeros((1, 1)), (1, 1), max_value=50)
    assert sheet.pad(right=1, cval=0.5).get_arr().tolist() == [[0, 25]]
    with pytest.raises(ValueError, match=r"cval values must lie in \[0, 1\], got \[25, 25\]"):
        sheet.pad(right=1, cval=25)


def test_padding_to_a_ratio_tells_how_much():
    sheet = HeatmapsOnImage(np.ones((4, 5)), (8, 10))
    padded, amounts = sheet.pad_to_aspect_ratio(2.0, return_pad_amounts=True)
    assert amounts == (0, 2, 0, 1)
    assert padded.get_arr().shape == (4, 8)
    assert padded.shape == (8, 16)
    assert sheet.pad_to_aspect_ratio(2.0, mode="edge").get_arr().min() == 1
    assert sheet.pad_to_aspect_ratio(2.0, cval=0.25).get_arr()[0, 0] == 0.25


def test_pooling_keeps_the_image():
    sheet = heatmaps(2)
    blocks = sheet.arr_0to1.reshape(8, 2, 12, 2, 2)
    assert np.allclose(sheet.avg_pool(2).arr_0to1, blocks.mean(axis=(1, 3)))
    assert np.array_equal(sheet.max_pool(2).arr_0to1, blocks.max(axis=(1, 3)))
    assert sheet.avg_pool((4, 2)).arr_0to1.shape == (4, 12, 2)
    assert sheet.max_pool(2).shape == IMAGE.shape


@pytest.mark.parametrize("interpolation", [None, "nearest", "linear", "area", "cubic"])
@pytest.mark.parametrize("sizes", [(7, 9), 0.4, 3.0, 20])
def test_resizing_keeps_the_image_and_the_range(sizes, interpolation):
    sheet = HeatmapsOnImage(RNG.integers(0, 2, (12, 15)).astype(float), IMAGE.shape)
    resized = sheet.resize(sizes, interpolation)
    assert resized.shape == IMAGE.shape
    assert np.array_equal(
        resized.arr_0to1, imresize_single_image(sheet.arr_0to1, sizes, interpolation)
    )
    assert resized.arr_0to1.min() >= 0
    assert resized.arr_0to1.max() <= 1


def test_resizing_is_cubic_and_also_called_scale():
    sheet = heatmaps()
    cubic = imresize_single_image(sheet.arr_0to1, 1.7, "cubic")
    assert np.array_equal(sheet.resize(1.7).arr_0to1, cubic)
    assert np.array_equal(sheet.scale(1.7).arr_0to1, cubic)


def test_copies_share_and_deep_copies_do_not():
    sheet = heatmaps(min_value=-1)
    assert sheet.copy().arr_0to1 is sheet.arr_0to1
    for deep in (sheet.deepcopy(), copy.deepcopy(sheet), pickle.loads(pickle.dumps(sheet))):
        assert not np.may_share_memory(deep.arr_0to1, sheet.arr_0to1)
        assert np.array_equal(deep.get_arr(), sheet.get_arr())
        assert deep.shape == sheet.shape


def test_the_representation_is_short():
    assert repr(heatmaps()) == "HeatmapsOnImage(2 of 16 x 24 in [0, 1], shape=(32, 48, 3))"

"""What counts as an image, what is said when something is none, and conversions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.arrays import (
    IMAGE_DTYPES,
    channels_last,
    check_finite,
    check_image,
    check_range,
    convert,
    full_scale,
    shape_of,
)


class TestCheckImage:
    @pytest.mark.parametrize("dtype", IMAGE_DTYPES)
    @pytest.mark.parametrize("shape", [(1, 1), (4, 6), (4, 6, 1), (4, 6, 3), (1, 9, 12)])
    def test_images_come_back_as_they_are(self, dtype, shape):
        image = np.ones(shape, dtype)
        assert check_image(image) is image

    @pytest.mark.parametrize("thing", [[[0, 1]], None, "cat.png", 3])
    def test_not_an_array(self, thing):
        with pytest.raises(TypeError, match=f"must be a NumPy array, got {type(thing).__name__}"):
            check_image(thing)

    @pytest.mark.parametrize("shape", [(), (4,), (1, 2, 3, 4)])
    def test_rank(self, shape):
        with pytest.raises(ValueError, match=r"mask must have shape \(H, W\) or \(H, W, C\), got"):
            check_image(np.zeros(shape, np.uint8), name="mask")

    @pytest.mark.parametrize("shape", [(0, 4), (4, 0), (4, 4, 0)])
    def test_empty(self, shape):
        with pytest.raises(ValueError, match=r"image is empty: its shape is \("):
            check_image(np.zeros(shape, np.uint8))

    @pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "float16", "complex64", "U3"])
    def test_dtype(self, dtype):
        with pytest.raises(ValueError, match=r"must be uint8, uint16, float32 or float64, got"):
            check_image(np.zeros((2, 2), dtype))

    @pytest.mark.parametrize("value", [-0.1, 1.5, 255.0])
    def test_floats_lie_between_0_and_1(self, value):
        image = np.full((2, 2), 0.5)
        image[1, 0] = value
        with pytest.raises(ValueError, match=r"image values must lie in \[0, 1\], got .*; divide"):
            check_image(image)

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_floats_are_finite(self, value):
        image = np.full((2, 3, 3), 0.5, np.float32)
        image[1, 2, 0] = value
        with pytest.raises(
            ValueError, match=r"1 NaN or infinite value of 18, the first at index \(1, 2, 0\)"
        ):
            check_image(image)


class TestCheckRange:
    @given(st.lists(st.floats(-3, 7), min_size=1))
    def test_values_in_the_range_pass(self, values):
        check_range(np.array(values), -3, 7, "heatmap", "clip first")

    @pytest.mark.parametrize("value", [-3.1, 71.0])
    def test_what_came_what_was_expected_what_to_do(self, value):
        expected = r"heatmap values must lie in \[0, 50\], got \[.*\]; clip first"
        with pytest.raises(ValueError, match=expected):
            check_range(np.array([0, value, 50]), 0, 50, "heatmap", "clip first")

    def test_bad_values_are_counted(self):
        array = np.array([[0.0, np.nan], [np.inf, np.nan]])
        with pytest.raises(
            ValueError, match=r"has 3 NaN or infinite values of 4, the first at index \(0, 1\)"
        ):
            check_finite(array, "heatmap")

    @pytest.mark.parametrize("dtype", ["uint8", "int32", "float32", "bool"])
    def test_finite_arrays_pass(self, dtype):
        check_finite(np.ones((3, 3), dtype), "array")


class TestShapeOf:
    def test_of_arrays_and_shapes(self):
        assert shape_of(np.zeros((4, 6, 3))) == (4, 6, 3)
        assert shape_of((4, 6)) == (4, 6)
        assert shape_of([4.0, np.int64(6)]) == (4, 6)

    @pytest.mark.parametrize("shape", [(4,), (1, 2, 3, 4), (0, 4), (4, -1), (4.5, 6)])
    def test_others_are_refused(self, shape):
        with pytest.raises(ValueError, match=r"a shape is \(height, width\) or .*, got"):
            shape_of(shape)


def test_channels_last():
    gray, color = np.zeros((4, 6)), np.zeros((4, 6, 3))
    assert channels_last(gray).shape == (4, 6, 1)
    assert np.shares_memory(channels_last(gray), gray)
    assert channels_last(color) is color


class TestConvert:
    @pytest.mark.parametrize("source", IMAGE_DTYPES)
    @pytest.mark.parametrize("target", IMAGE_DTYPES)
    def test_black_and_white_stay(self, source, target):
        image = np.array([[0, full_scale(source)]], source)
        out = convert(image, target)
        assert out.dtype == np.dtype(target)
        assert out.tolist() == [[0, full_scale(target)]]
        assert not np.shares_memory(out, image)

    @pytest.mark.parametrize("target", ["uint16", "float32", "float64"])
    def test_8_bits_survive_there_and_back(self, target):
        image = np.arange(256, dtype=np.uint8).reshape(16, 16)
        np.testing.assert_array_equal(convert(convert(image, target), np.uint8), image)

    @pytest.mark.parametrize("target", ["float32", "float64"])
    def test_16_bits_survive_there_and_back(self, target):
        image = np.arange(65536, dtype=np.uint16).reshape(256, 256)
        np.testing.assert_array_equal(convert(convert(image, target), np.uint16), image)

    @given(st.integers(0, 65535))
    def test_rounds_to_the_nearest(self, value):
        [[out]] = convert(np.array([[value]], np.uint16), np.uint8)
        assert abs(out - value / 257) <= 0.5

    def test_the_input_is_left_alone(self):
        image = np.array([[0.25, 0.5]])
        for dtype in IMAGE_DTYPES:
            convert(image, dtype)[:] = 1
        assert image.tolist() == [[0.25, 0.5]]

    @pytest.mark.parametrize("dtype", ["bool", "int32", "float16"])
    def test_other_dtypes(self, dtype):
        with pytest.raises(ValueError, match=f"dtype must be one of uint8, .*, got {dtype}"):
            convert(np.zeros((2, 2), np.uint8), dtype)

    def test_what_is_no_image(self):
        with pytest.raises(ValueError, match=r"image must have shape"):
            convert(np.zeros(4, np.uint8), "float32")

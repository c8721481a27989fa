"""Blurs: weights, medians and lines by hand; edges; what changes nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import acetate.augmenters as iaa
from acetate.augmenters.blur import average_blur, gaussian_blur, line, median_blur
from acetate.augmenters.sides import sides
from acetate.parameters import Deterministic, DiscreteUniform

DOT = np.zeros((31, 31), np.float64)
DOT[15, 15] = 1.0
NOISE = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
BLURS = {
    "gaussian": iaa.GaussianBlur(2.0),
    "average": iaa.AverageBlur((4, [7])),
    "median": iaa.MedianBlur(5),
    "motion": iaa.MotionBlur(7, 30),
}


def median_by_hand(image, k):
    padded = np.pad(image, ((k // 2,) * 2, (k // 2,) * 2, (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(0, 1))
    return np.median(windows, axis=(3, 4)).astype(image.dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("blur", BLURS.values(), ids=BLURS)
def test_flat_pictures_stay_flat(blur, dtype):
    for value in (0, 1) if np.dtype(dtype).kind == "f" else (0, 77, np.iinfo(dtype).max):
        image = np.full((9, 12, 3), value, dtype)
        out = blur(image=image)
        assert np.array_equal(out, image) if image.dtype.kind == "u" else np.allclose(out, image)


class TestGaussianBlur:
    @pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
    def test_the_dot_becomes_the_gaussian(self, sigma):
        out = iaa.GaussianBlur(sigma)(image=DOT)
        y, x = np.mgrid[-15:16, -15:16]
        exact = np.exp(-(x**2 + y**2) / (2 * sigma**2))
        assert np.abs(out - exact / exact.sum()).max() < 0.005 * out.max()
        assert out.sum() == pytest.approx(1)

    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    def test_rounds_once_to_nearest(self, dtype):
        image = NOISE.astype(dtype) * (257 if dtype == np.uint16 else 1)
        exact = gaussian_blur(image / 65535, 1.5) * 65535
        assert np.abs(gaussian_blur(image, 1.5) - exact).max() < 0.51

    def test_the_border_is_a_mirror_without_its_edge(self):
        row = np.zeros((1, 9), np.float64)
        row[0, 1] = 1.0
        out = iaa.GaussianBlur(0.5)(image=row)
        assert out[0, 0] == pytest.approx(2 * out[0, 2])

    def test_no_deviation_is_no_step(self):
        assert iaa.GaussianBlur(0).draw((4, 4), 1).steps == ()

    def test_refuses_negative_deviations(self):
        with pytest.raises(ValueError, match="sigma must be at least 0, got -1"):
            iaa.GaussianBlur(-1)


class TestAverageBlur:
    def test_means_of_boxes(self):
        image = np.zeros((5, 5), np.uint8)
        image[2, 2] = 90
        square = iaa.AverageBlur(3)(image=image)
        assert (square[1:4, 1:4] == 10).all()
        assert square.sum() == 90
        assert iaa.AverageBlur((1, [3]))(image=image)[2].tolist() == [0, 30, 30, 30, 0]
        assert iaa.AverageBlur(([3], 1))(image=image)[:, 2].tolist() == [0, 30, 30, 30, 0]

    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    @pytest.mark.parametrize("height", [1, 2, 3, 4, 8])
    @pytest.mark.parametrize("width", [1, 2, 4, 5])
    def test_rounds_to_nearest(self, height, width, dtype):
        image = NOISE.astype(dtype) * (257 if dtype == np.uint16 else 1)
        before, after = (height // 2, width // 2), ((height - 1) // 2, (width - 1) // 2)
        padded = np.pad(image.astype(float), (*zip(before, after, strict=True), (0, 0)), "reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(0, 1))
        assert np.abs(average_blur(image, height, width) - windows.mean(axis=(3, 4))).max() < 0.502

    def test_even_boxes_lean_to_what_is_before(self):
        row = np.array([[0, 0, 90, 0, 0]], np.uint8)
        assert iaa.AverageBlur(([1], 2))(image=row).tolist() == [[0, 0, 45, 45, 0]]

    def test_sides_are_drawn_together_or_apart(self):
        def boxes(k):
            steps = [iaa.AverageBlur(k).draw((9, 9), s).steps[0].arguments for s in range(20)]
            return {(a["height"], a["width"]) for a in steps}

        assert boxes((3, 5)) == {(3, 3), (4, 4), (5, 5)}
        assert boxes([3, 7]) == {(3, 3), (7, 7)}
        assert {h for h, _ in boxes(((3, 4), [7]))} == {3, 4}
        assert {w for _, w in boxes(((3, 4), [7]))} == {7}

    def test_a_pixel_is_no_step(self):
        assert iaa.AverageBlur(1).draw((4, 4), 1).steps == ()
        assert iaa.AverageBlur(0).draw((4, 4), 1).steps == ()
        assert iaa.AverageBlur(([0], 3)).draw((4, 4), 1).steps[0].arguments["height"] == 1

    def test_sides_refuse_three(self):
        with pytest.raises(ValueError, match=r"k must have two sides, \(height, width\), got"):
            iaa.AverageBlur(((1, 2), 3, 4))

    def test_sides_of_two_numbers_are_a_range(self):
        assert sides((1, 7), "k") == (DiscreteUniform(1, 7), None)
        assert sides((DiscreteUniform(1, 7), 3), "k") == (DiscreteUniform(1, 7), Deterministic(3))


class TestMedianBlur:
    @pytest.mark.parametrize("k", [3, 5, 7])
    @pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
    def test_medians(self, k, channels, dtype):
        image = np.random.default_rng(1).integers(0, 200, (11, 12, channels)).astype(dtype)
        image = image / dtype(256) if np.dtype(dtype).kind == "f" else image
        assert np.array_equal(median_blur(image, k), median_by_hand(image, k))

    def test_dirt_goes_and_edges_stay(self):
        image = np.zeros((9, 10), np.uint8)
        image[:, 5:] = 200
        dirty = image.copy()
        dirty[4, 2] = dirty[4, 8] = 99
        assert np.array_equal(iaa.MedianBlur(3)(image=dirty), image)

    def test_even_sides_become_odd_and_one_is_no_step(self):
        assert iaa.MedianBlur(4).draw((9, 9), 1).steps[0].arguments == {"k": 5}
        assert iaa.MedianBlur(1).draw((9, 9), 1).steps == ()
        drawn = [iaa.MedianBlur((3, 7)).draw((9, 9), s).steps[0].arguments["k"] for s in range(30)]
        assert set(drawn) == {3, 5, 7}


class TestMotionBlur:
    @given(
        k=st.integers(1, 8).map(lambda n: 2 * n + 1),
        angle=st.floats(0, 360),
        direction=st.floats(-1, 1),
        order=st.sampled_from([0, 1]),
    )
    def test_weights_are_positive_and_sum_to_one(self, k, angle, direction, order):
        weights = np.array(line(k, angle, direction, order))
        assert weights.shape == (k, k)
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1)

    @pytest.mark.parametrize("order", [0, 1])
    def test_quarter_turns_stay_in_their_row_or_column(self, order):
        for angle, row in ((0, False), (90, True), (180, False), (270, True)):
            weights = np.array(line(5, angle, 0.0, order))
            middle = weights[2] if row else weights[:, 2]
            assert middle == pytest.approx(np.full(5, 0.2))

    def test_diagonals(self):
        weights = np.array(line(5, 45, 0.0, 1))
        assert np.argmax(weights, axis=1)[1:4].tolist() == [3, 2, 1]
        assert weights[0, 4] < 0.05  # 2.8 pixels from the middle, where the line fades out
        assert np.diag(np.array(line(3, 135, 0.0, 0))) == pytest.approx(np.full(3, 1 / 3))

    def test_direction_moves_the_weight_along_the_angle(self):
        up = np.array(line(5, 0, 1.0, 1))[:, 2]
        assert up == pytest.approx(np.array([0.4, 0.3, 0.2, 0.1, 0.0]))
        assert np.array(line(5, 0, -1.0, 1))[:, 2] == pytest.approx(up[::-1])
        right = np.array(line(5, 90, 1.0, 1))[2]
        assert right == pytest.approx(up[::-1])

    def test_half_a_turn_and_the_other_direction_are_the_same(self):
        one, other = line(7, 25, 0.5, 1), line(7, 205, -0.5, 1)
        assert np.array(one) == pytest.approx(np.array(other))

    def test_blurs_along_the_line_only(self):
        out = iaa.MotionBlur(5, angle=90, direction=0.0)(image=DOT)
        assert out[15, 13:18] == pytest.approx(np.full(5, 0.2))
        assert out.sum() == pytest.approx(1)

    def test_even_lengths_become_odd_and_one_is_no_step(self):
        step = iaa.MotionBlur(4).draw((9, 9), 1).steps[0]
        assert len(step.arguments["kernel"]) == 5
        assert iaa.MotionBlur(1).draw((9, 9), 1).steps == ()

    def test_refuses_other_orders_and_directions(self):
        with pytest.raises(ValueError, match="order must be one of 0, 1 or 'all', got 3"):
            iaa.MotionBlur(3, order=3)
        with pytest.raises(ValueError, match=r"direction must lie in \[-1, 1\], got 2"):
            iaa.MotionBlur(3, direction=2)

"""Small kernels: sharpen, emboss, edges; by hand on small pictures."""

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.augmenters.convolutional import convolve

NOISE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
STEP = np.array([[100, 100, 110, 110]], np.uint8)  # as high as one likes: it is its own mirror


def kernel_of(augmenter):
    return np.array(augmenter.draw((9, 9), 1).steps[0].arguments["kernel"])


def by_hand(image, kernel):
    """Weigh neighbours in float64, mirrored without the edge."""
    padded = np.pad(image.astype(float), ((1, 1), (1, 1), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
    return np.einsum("yxcij,ij->yxc", windows, kernel)


@pytest.mark.parametrize(
    "augmenter",
    [iaa.Sharpen(0.7, 1.3), iaa.Emboss(0.6, 0.8), iaa.EdgeDetect(0.4), iaa.DirectedEdgeDetect(0.9)],
    ids=lambda a: a.name,
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_kernels_are_applied_exactly_and_stop_at_black_and_white(augmenter, dtype):
    white = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    image = (NOISE * (white / 255)).astype(dtype)
    recipe = augmenter.draw(image, 1)
    exact = np.clip(by_hand(image, np.array(recipe.steps[0].arguments["kernel"])), 0, white)
    most = {np.uint8: 0.5001, np.uint16: 0.52, np.float32: 1e-6, np.float64: 1e-12}[dtype]
    assert np.abs(recipe(image=image) - exact).max() <= most


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (6, 1), (2, 2), (3, 50)])
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
@pytest.mark.parametrize("augmenter", [iaa.Sharpen(0.7, 1.3), iaa.Emboss(0.6, 0.8)])
def test_bytes_of_any_size(augmenter, size, channels):
    image = np.random.default_rng(1).integers(0, 256, (*size, channels), np.uint8)
    wide = np.repeat(image, 2, axis=1)[:, ::2]  # not of one piece
    kernel = kernel_of(augmenter)
    exact = np.clip(by_hand(image, kernel), 0, 255)
    out = augmenter(image=wide)
    assert out.dtype == np.uint8
    assert np.abs(out - exact).max() <= 0.5001


@pytest.mark.parametrize(
    "augmenter",
    [iaa.Sharpen(0), iaa.Emboss(0), iaa.EdgeDetect(0), iaa.DirectedEdgeDetect(0)],
    ids=lambda a: a.name,
)
def test_alpha_zero_is_no_step(augmenter):
    assert augmenter.draw((9, 9), 1).steps == ()


def test_alpha_blends():
    whole = by_hand(NOISE, kernel_of(iaa.Sharpen(1.0, 1.0)))
    part = by_hand(NOISE, kernel_of(iaa.Sharpen(0.25, 1.0)))
    assert part == pytest.approx(0.75 * NOISE + 0.25 * whole)


def test_the_kernel_is_not_turned_over():
    image = np.zeros((3, 3, 1), np.uint8)
    image[1, 1] = 10
    out = convolve(image, ((0, 0, 0), (0, 0, 2), (0, 0, 0)))
    assert out[:, :, 0].tolist() == [[0, 0, 0], [20, 0, 20], [0, 0, 0]]


class TestSharpen:
    def test_kernel(self):
        expected = [[-1, -1, -1], [-1, 9.2, -1], [-1, -1, -1]]
        assert kernel_of(iaa.Sharpen(1.0, 1.2)) == pytest.approx(np.array(expected))

    @pytest.mark.parametrize(("lightness", "flat"), [(0, 0), (1, 100), (2, 200)])
    def test_lightness_is_the_brightness_of_flat_parts(self, lightness, flat):
        image = np.full((4, 4), 100, np.uint8)
        assert (iaa.Sharpen(1.0, lightness)(image=image) == flat).all()

    def test_numbers_are_drawn_for_each_picture(self):
        kernels = {iaa.Sharpen((0.0, 1.0)).draw((9, 9), s).to_json() for s in range(9)}
        assert len(kernels) == 9

    def test_refuses_other_alphas(self):
        with pytest.raises(ValueError, match=r"alpha must lie in \[0, 1\], got 1\.5"):
            iaa.Sharpen(1.5)


class TestEmboss:
    def test_kernel(self):
        expected = [[-1.5, -0.5, 0], [-0.5, 1, 0.5], [0, 0.5, 1.5]]
        assert kernel_of(iaa.Emboss(1.0, 0.5)) == pytest.approx(np.array(expected))

    def test_flat_parts_stay(self):
        image = np.full((4, 4), 100, np.uint8)
        assert (iaa.Emboss(1.0, (0.0, 2.0), seed=1)(image=image) == 100).all()

    def test_the_light_falls_along_the_diagonal(self):
        assert iaa.Emboss(1.0, 1.0)(image=STEP).tolist() == [[100, 130, 140, 110]]
        assert iaa.Emboss(1.0, 1.0)(image=STEP.T).ravel().tolist() == [100, 130, 140, 110]


class TestEdges:
    def test_flat_parts_are_black(self):
        image = np.full((4, 4), 100, np.uint8)
        assert not iaa.EdgeDetect(1.0)(image=image).any()
        assert not iaa.DirectedEdgeDetect(1.0)(image=image).any()

    def test_the_dark_side_lights_up(self):
        assert iaa.EdgeDetect(1.0)(image=STEP).tolist() == [[0, 10, 0, 0]]
        assert iaa.EdgeDetect(0.5)(image=STEP).tolist() == [[50, 55, 50, 55]]

    @pytest.mark.parametrize(
        ("direction", "rows", "columns"),
        [(0, -1, 0), (0.25, 0, 1), (0.5, 1, 0), (0.75, 0, -1), (1.25, 0, 1)],
    )
    def test_directions_see_slopes_that_rise_that_way(self, direction, rows, columns):
        y, x = np.mgrid[:9, :9]
        slope = (100 + 5 * (rows * y + columns * x)).astype(np.uint8)
        inside = (slice(1, -1), slice(1, -1))
        seen = iaa.DirectedEdgeDetect(1.0, direction)(image=slope)[inside]
        away = iaa.DirectedEdgeDetect(1.0, direction + 0.5)(image=slope)[inside]
        across = iaa.DirectedEdgeDetect(1.0, direction + 0.25)(image=slope)[inside]
        assert (seen > 5).all()
        assert not away.any()
        assert not across.any()

    def test_the_weights_of_each_side_sum_to_one(self):
        for direction in np.linspace(0, 1, 9):
            kernel = kernel_of(iaa.DirectedEdgeDetect(1.0, direction))
            assert kernel[kernel > 0].sum() == pytest.approx(1)
            assert kernel.sum() == pytest.approx(0)

"""Errors of pictures, beside scikit-image's."""

import math

import numpy as np
import pytest
from skimage import metrics

from acetate import samples
from acetate.arrays import convert, full_scale
from acetate.measure import mse, psnr, ssim


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("name", ["camera", "cat"])
def test_errors_are_those_of_scikit_image(dtype, name):
    reference = convert(samples.picture(name, 64), dtype)
    noise = np.random.default_rng(0).normal(0, 0.05, reference.shape) * full_scale(dtype)
    image = np.clip(reference + noise, 0, full_scale(dtype)).astype(dtype)
    white = {"data_range": full_scale(dtype)}
    axis = 2 if reference.ndim == 3 else None
    assert mse(image, reference) == pytest.approx(metrics.mean_squared_error(image, reference))
    peer = metrics.peak_signal_noise_ratio(reference, image, **white)
    assert psnr(image, reference) == pytest.approx(peer)
    peer = metrics.structural_similarity(image, reference, channel_axis=axis, **white)
    assert ssim(image, reference) == pytest.approx(peer)


def test_equal_pictures():
    image = samples.camera(32)
    assert (mse(image, image), psnr(image, image), ssim(image, image)) == (0, math.inf, 1)


def test_a_known_error():
    black, gray = np.zeros((8, 8)), np.full((8, 8), 0.1)
    assert mse(gray, black) == pytest.approx(0.01)
    assert psnr(gray, black) == pytest.approx(20)


@pytest.mark.parametrize("error", [mse, psnr, ssim])
def test_what_cannot_be_compared_is_refused(error):
    image = np.zeros((8, 9), np.uint8)
    with pytest.raises(ValueError, match=r"one shape and dtype, got \(8, 9\) uint8 and \(8, 8\)"):
        error(image, image[:, :8])
    with pytest.raises(ValueError, match=r"uint8 and .* float32; convert one first"):
        error(image, image.astype(np.float32))
    with pytest.raises(ValueError, match="shape"):
        error(image[0], image[0])
    with pytest.raises(TypeError, match="NumPy array"):
        error([[1]], image)
    with pytest.raises(ValueError, match="NaN"):
        error(np.full((8, 8), np.nan), np.zeros((8, 8)))


def test_ssim_needs_a_window():
    with pytest.raises(ValueError, match=r"windows of 7 x 7 pixels, got pictures of \(6, 9\)"):
        ssim(np.zeros((6, 9)), np.zeros((6, 9)))

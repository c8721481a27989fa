"""Filters that bring edges and objects out, and the threshold on what they give."""

import numpy as np
import pytest

from acetate import samples
from acetate.measure import iou
from acetate.segment import (
    Edges,
    Threshold,
    correct_background,
    difference_of_gaussians,
    disc_mask,
    gradient_magnitude,
    laplacian_of_gaussian,
)


def test_the_difference_is_that_of_scikit_image():
    from skimage.filters import difference_of_gaussians as peer

    image = samples.camera()
    expected = peer(image, 2, 6, mode="reflect", truncate=8)
    assert difference_of_gaussians(image, 2.0, 6.0) == pytest.approx(expected, abs=5e-4)


def test_the_laplacian_is_that_of_scipy():
    from scipy.ndimage import gaussian_laplace

    values = samples.camera() / 255
    found = laplacian_of_gaussian(samples.camera(), 4.0)
    # Theirs convolves with derivatives of a Gaussian, ours takes differences of pixels.
    assert found == pytest.approx(gaussian_laplace(values, 4.0), abs=1e-3)
    spread = np.std(found)
    assert np.std(found - gaussian_laplace(values, 4.0)) < 0.05 * spread


def test_the_gradient_of_a_slope_is_its_slope():
    y, x = np.mgrid[:30, :40] / 100
    found = gradient_magnitude(x + 2 * y, 0.0)
    assert found[1:-1, 1:-1] == pytest.approx(np.full((28, 38), 0.05**0.5 / 10))
    blurred = gradient_magnitude(x + 2 * y, 2.0)
    assert blurred[14:16, 19:21] == pytest.approx(np.full((2, 2), 0.05**0.5 / 10), rel=0.01)


def test_the_laplacian_is_zero_on_an_edge_where_the_gradient_is_largest():
    image = np.zeros((20, 40))
    image[:, 20:] = 1
    row = laplacian_of_gaussian(image, 2.0)[10]
    assert row[15:20].min() > 0
    assert row[20:25].max() < 0
    assert abs(row[19] + row[20]) < 1e-6
    assert gradient_magnitude(image, 2.0)[10].argmax() in (19, 20)


@pytest.mark.parametrize(
    "filtered",
    [
        lambda image: difference_of_gaussians(image),
        lambda image: laplacian_of_gaussian(image),
        lambda image: gradient_magnitude(image),
        lambda image: correct_background(image),
    ],
)
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_responses_do_not_depend_on_the_dtype(filtered, dtype):
    image = samples.camera(64)
    scaled = {"uint8": image, "uint16": image.astype(np.uint16) * 257}
    given = scaled.get(dtype, (image / 255).astype(np.float32))
    assert filtered(given) == pytest.approx(filtered(image / 255), abs=1e-6)
    assert filtered(given).dtype == np.float64
    assert filtered(np.dstack([given] * 3)) == pytest.approx(filtered(given), abs=1e-6)
    assert filtered(np.full((5, 1), 9, np.uint8)) == pytest.approx(np.zeros((5, 1)), abs=1e-9)


def test_the_median_takes_single_pixels_away():
    image = np.full((20, 20), 0.2)
    image[5, 5] = 1.0
    assert correct_background(image, median=1.0)[5, 5] < 0
    assert correct_background(image, median=0.0)[5, 5] > 0.7


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda i: difference_of_gaussians(i, 3.0, 3.0), "low must lie below high"),
        (lambda i: difference_of_gaussians(i, -1.0, 3.0), "both from 0 and finite, got"),
        (lambda i: difference_of_gaussians(i, 1.0, np.inf), "both from 0 and finite"),
        (lambda i: laplacian_of_gaussian(i, -1.0), "sigma must be at least 0 and finite, got -1"),
        (lambda i: gradient_magnitude(i, np.nan), "sigma must be at least 0"),
        (lambda i: correct_background(i, median=-2.0), "median must be at least 0"),
        (lambda i: Edges(filter="difference", narrow=30.0), "narrow must lie below sigma"),
        (lambda i: Edges(filter="sobel"), "filter is one of background, difference"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.zeros((3, 3)))


def uneven():
    truth = disc_mask((120, 120), 8, (30, 30)) | disc_mask((120, 120), 8, (90, 80))
    light = np.linspace(0.1, 0.6, 120)
    return light + 0.25 * truth, truth


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter": "background", "sigma": 25.0},
        {"filter": "difference", "sigma": 25.0, "narrow": 0.5},
        {"filter": "laplacian", "sigma": 5.0},
    ],
)
def test_objects_on_uneven_light_are_found(parameters):
    image, truth = uneven()
    assert iou(Threshold().segment(image).mask, truth) < 0.2
    found = Edges(**parameters).segment(image)
    assert iou(found.mask, truth) > 0.75
    dark = Edges(**parameters, bright=False).segment(1 - image)
    assert np.mean(dark.mask != found.mask) < 0.01


def test_the_gradient_finds_the_outline():
    image, _ = uneven()
    found = Edges(filter="gradient", sigma=1.0).segment(image).mask
    inner = disc_mask((120, 120), 4, (30, 30)) | disc_mask((120, 120), 4, (90, 80))
    assert not found[inner].any()
    assert 0.5 < found.sum() / (2 * np.pi * 16 * 3) < 1.5


def test_a_threshold_may_be_given():
    image, _ = uneven()
    method = Edges(sigma=25.0, threshold=0.05)
    found = method.segment(image)
    assert found.facts.thresholds == (0.05,)
    assert np.array_equal(found.mask, method.response(image) > 0.05)
    by_rule = Edges(sigma=25.0, rule="isodata").segment(image).facts
    assert by_rule.iterations > 0

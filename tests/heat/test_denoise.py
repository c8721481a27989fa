"""Denoisers: what they reach, what they keep, what they refuse."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acetate import samples
from acetate.heat import (
    DENOISERS,
    CosineShrinkage,
    LinearHeat,
    TotalVariation,
    denoise,
    estimate_noise,
    heat_semigroup,
)

METHODS = [method() for method in DENOISERS.values()]
NAMES = list(DENOISERS)
every_method = pytest.mark.parametrize("method", METHODS, ids=NAMES)


def psnr(result, clean):
    return -10 * np.log10(np.mean((result - clean) ** 2))


def gray():
    return samples.picture("camera")[96:288, 160:352] / 255.0


def color():
    return samples.picture("astronaut")[0:128, 160:288] / 255.0


def noised(clean, sigma):
    return clean + np.random.default_rng(0).normal(0, sigma / 255, clean.shape)


# What was measured, less 0.1 dB; non-local means: 33.8, 28.6, 24.6 gray, 32.5, 27.7, 24.7 colour.
FLOORS = {
    (2, 10): {"cosine": 34.3, "edges": 33.0, "heat": 30.8, "once": 34.1, "stride": 34.1},
    (2, 25): {"cosine": 29.2, "edges": 28.1, "heat": 26.3, "once": 29.0, "stride": 29.0},
    (2, 50): {"cosine": 25.7, "edges": 24.7, "heat": 23.5, "once": 25.3, "stride": 25.4},
    (3, 10): {"cosine": 34.6, "edges": 32.0, "heat": 33.4, "once": 34.5, "stride": 34.5},
    (3, 25): {"cosine": 30.1, "edges": 28.0, "heat": 29.0, "once": 29.8, "stride": 29.9},
    (3, 50): {"cosine": 26.7, "edges": 25.3, "heat": 26.3, "once": 26.4, "stride": 26.6},
}


def variants():
    one_pass, strided = CosineShrinkage(wiener=False), CosineShrinkage(stride=2)
    return dict(zip(NAMES, METHODS, strict=True)) | {"once": one_pass, "stride": strided}


@pytest.mark.parametrize("sigma", [10, 25, 50])
@pytest.mark.parametrize("clean", [gray(), color()], ids=["gray", "color"])
def test_quality_does_not_fall(clean, sigma):
    noisy = noised(clean, sigma)
    for name, method in variants().items():
        floor = FLOORS[clean.ndim, sigma][name]
        assert psnr(denoise(noisy, sigma / 255, method), clean) > floor, name


@pytest.mark.parametrize("clean", [gray(), color()], ids=["gray", "color"])
def test_the_noise_level_need_not_be_told(clean):
    noisy = noised(clean, 25)
    told = psnr(denoise(noisy, 25 / 255), clean)
    assert psnr(denoise(noisy), clean) > told - 0.05


def test_every_plane_of_color_has_its_own_noise():
    """Noise in the differences of colours only: lightness is left alone."""
    clean = color()
    noise = np.random.default_rng(0).normal(0, 0.1, clean.shape[:2])
    noisy = clean + noise[:, :, np.newaxis] * np.array([1.0, 0.0, -1.0])
    result = CosineShrinkage().denoise(noisy)
    assert np.abs(result.image.sum(axis=2) - clean.sum(axis=2)).mean() < 0.02
    assert psnr(result.image, clean) > 30
    assert result.sigma == pytest.approx(0.1 * np.sqrt(2 / 3), rel=0.1)


@every_method
def test_the_default_way_is_the_methods_image(method):
    noisy = noised(gray(), 20)
    result = method.denoise(noisy, 20 / 255)
    assert np.array_equal(denoise(noisy, 20 / 255, method), result.image)
    assert result.sigma == pytest.approx(20 / 255)
    assert method.denoise(noisy).sigma == pytest.approx(estimate_noise(noisy), rel=1e-5)


def test_the_default_is_the_cosine_shrinkage():
    noisy = noised(gray(), 20)
    assert np.array_equal(denoise(noisy), CosineShrinkage().denoise(noisy).image)


@every_method
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 40), (40, 1), (5, 3), (17, 30), (9, 9, 2), (9, 9, 3)]
)
def test_constant_pictures_stay_constant(method, shape):
    for dtype, value in (("uint8", 200), ("uint16", 1000), ("float32", 0.3), ("float64", 1e6)):
        picture = np.full(shape, value, dtype)
        clean = method.denoise(picture, value / 10).image
        assert clean.dtype == dtype
        assert clean.shape == shape
        assert np.allclose(clean, picture, rtol=1e-6, atol=0)


@every_method
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_every_dtype_gives_the_same_picture(method, dtype):
    white = {"uint8": 255, "uint16": 65535}.get(dtype, 1)
    noisy = np.clip(np.rint(noised(gray(), 20) * 255), 0, 255)
    given_ = noisy.astype(dtype) * np.asarray(white / 255, dtype)
    reference = method.denoise(noisy, 20.0).image / 255
    result = method.denoise(given_, 20.0 / 255 * white).image
    assert result.dtype == dtype
    if dtype.startswith("uint"):
        reference = reference.clip(0, 1)
    # A cosine at the threshold may fall on either side of it: single pixels may differ more.
    tolerance = 0.8 / 255 if dtype == "uint8" else 5e-4
    assert np.quantile(np.abs(result / white - reference), 0.99) < tolerance
    assert np.abs(result / white - reference).max() < 0.02


@every_method
def test_a_bright_offset_changes_nothing(method):
    noisy = noised(gray(), 20)
    lifted = method.denoise(noisy + 1e6, 20 / 255).image
    assert np.allclose(lifted - 1e6, method.denoise(noisy, 20 / 255).image, atol=1e-5)


@every_method
def test_it_does_not_know_left_from_right(method):
    noisy = noised(gray(), 20).astype(np.float32)[:60, :41]
    clean = method.denoise(noisy, 0.08).image
    for turn in (np.flipud, np.fliplr):
        difference = method.denoise(turn(noisy), 0.08).image - turn(clean)
        assert np.sqrt(np.mean(difference**2)) < (0.01 if method == TotalVariation() else 1e-5)


@every_method
def test_the_picture_is_not_written_into_and_bytes_repeat(method):
    noisy = (noised(color(), 20) * 200).clip(0, 255).astype(np.uint8)
    noisy.flags.writeable = False
    assert method.denoise(noisy).image.tobytes() == method.denoise(noisy.copy()).image.tobytes()


@every_method
def test_without_noise_the_picture_comes_back_as_a_copy(method):
    picture = color()
    result = method.denoise(picture, 0)
    assert result.sigma == 0
    assert np.array_equal(result.image, picture)
    assert not np.shares_memory(result.image, picture)


@every_method
def test_gray_stays_gray_in_three_channels(method):
    noisy = np.clip(np.rint(noised(gray(), 20) * 255), 0, 255).astype(np.uint8)
    clean = method.denoise(np.dstack([noisy] * 3)).image
    assert np.ptp(clean.astype(int), axis=2).max() == 0


@every_method
def test_single_rows_and_tiny_pictures_are_denoised(method):
    row = np.random.default_rng(0).normal(0.5, 0.1, (1, 200))
    assert method.denoise(row, 0.1).image.std() < 0.06
    assert method.denoise(row[:, :1], 0.1).image.shape == (1, 1)


@every_method
@pytest.mark.parametrize(
    ("picture", "sigma", "error", "message"),
    [
        (np.zeros((4, 0)), 1, ValueError, r"image is empty: its shape is \(4, 0\)"),
        (np.zeros((4, 4, 3, 1)), 1, ValueError, r"image must have shape \(H, W\) or \(H, W, C\)"),
        (np.full((9, 9), np.nan), 1, ValueError, "image has 81 NaN or infinite values of 81"),
        (np.zeros((9, 9), np.int64), 1, ValueError, "float64, got int64; convert it first"),
        ([[1.0]], 1, TypeError, "image must be a NumPy array, got list"),
        (np.zeros((9, 9)), -1, ValueError, "sigma must be a finite number of at least 0, got -1"),
        (np.zeros((9, 9)), np.nan, ValueError, "sigma must be a finite number .* got nan"),
        (np.zeros((9, 9)), "low", TypeError, "sigma must be a number, got 'low'"),
        (np.zeros((1, 9)), None, ValueError, "of 1 x 9 pixels cannot be told, 8 x 8 are needed"),
    ],
)
def test_what_makes_no_sense_is_refused(method, picture, sigma, error, message):
    with pytest.raises(error, match=message):
        method.denoise(picture, sigma)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: CosineShrinkage(stride=0), ValueError, r"stride must lie in \[1, 8\], got 0"),
        (lambda: CosineShrinkage(stride=1.5), TypeError, "stride must be a whole number, got 1.5"),
        (lambda: CosineShrinkage(wiener=1), TypeError, "wiener must be True or False, got 1"),
        (lambda: CosineShrinkage(threshold=True), TypeError, "threshold must be a number, got Tr"),
        (lambda: CosineShrinkage(threshold=np.nan), ValueError, r"\[0, 10\], got nan"),
        (lambda: LinearHeat(t=-1), ValueError, "t must lie in .* got -1"),
        (lambda: TotalVariation(gap=0), ValueError, r"gap must lie in \[1e-05, 1\], got 0"),
        (lambda: TotalVariation(iterations=0), ValueError, "iterations must lie in"),
        (lambda: TotalVariation(weight="x"), TypeError, "weight must be a number, got 'x'"),
    ],
)
def test_parameters_are_checked(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_threshold_of_zero_keeps_everything():
    noisy = noised(gray(), 20)
    kept = CosineShrinkage(threshold=0, wiener=False).denoise(noisy, 0.1).image
    assert np.allclose(kept, noisy, atol=1e-5)


def test_linear_heat_is_the_semigroup():
    noisy = noised(gray(), 20)
    result = LinearHeat(t=1.5).denoise(noisy, 0.1)
    assert np.allclose(result.image, heat_semigroup(noisy, 1.5), atol=1e-5)
    assert result.facts == {"t": [1.5]}


@pytest.mark.parametrize("sigma", [10, 25, 50])
def test_linear_heat_finds_the_best_time(sigma):
    clean = gray()
    noisy = noised(clean, sigma)
    best = max(psnr(heat_semigroup(noisy, t), clean) for t in np.geomspace(0.05, 5, 40))
    assert psnr(denoise(noisy, sigma / 255, LinearHeat()), clean) > best - 0.03


def test_linear_heat_flattens_pure_noise():
    noise = np.random.default_rng(0).normal(0.5, 0.1, (64, 64))
    assert denoise(noise, 0.1, LinearHeat()).std() < 0.005


def variation(picture):
    down = np.diff(picture, axis=0, append=picture[-1:])
    across = np.diff(picture, axis=1, append=picture[:, -1:])
    return np.sum(np.hypot(down, across))


STEPS = arrays(np.float64, (5, 6), elements=st.floats(0, 1, width=16).map(float))


@settings(max_examples=40)
@given(STEPS, st.floats(0.01, 1))
def test_total_variation_keeps_the_mean_and_the_range_and_falls(picture, weight):
    flat = TotalVariation(weight=weight).denoise(picture, 0.1).image
    assert flat.mean() == pytest.approx(picture.mean(), abs=1e-5)
    assert flat.min() >= picture.min() - 0.02
    assert flat.max() <= picture.max() + 0.02
    energy = weight * variation(flat) + np.sum((flat - picture) ** 2) / 2
    assert energy <= weight * variation(picture) * 1.0001 + 1e-6


@pytest.mark.parametrize("weight", [0.2, 1.0, 1.9, 3.0])
def test_total_variation_of_a_step_is_known_exactly(weight):
    """Both sides move towards each other by weight / width, until they meet."""
    step = np.repeat([[0.0, 1.0]], 4, axis=1).reshape(1, 8)
    moved = min(weight / 4, 0.5)
    flat = TotalVariation(weight=weight, gap=1e-5, iterations=5000).denoise(step, 0.1)
    assert flat.facts["converged"]
    assert np.allclose(flat.image, np.where(step > 0, 1 - moved, moved), atol=5e-3)


def test_total_variation_tells_when_it_stops_early():
    noisy = noised(gray(), 25)
    hasty = TotalVariation(iterations=7, gap=1e-4).denoise(noisy, 0.1)
    assert not hasty.facts["converged"]
    assert hasty.facts["iterations"] == 7
    assert hasty.facts["gap"] > 1e-4
    patient = TotalVariation().denoise(noisy, 0.1)
    assert patient.facts["converged"]
    assert patient.facts["gap"] <= 0.01
    assert patient.facts["weight"] == pytest.approx(0.08)


def test_no_weight_leaves_the_picture():
    noisy = noised(gray(), 25)
    result = replace(TotalVariation(), weight=0.0).denoise(noisy, 0.1)
    assert np.allclose(result.image, noisy, atol=1e-6)
    assert result.facts["converged"]


def test_importing_heat_loads_no_heavy_library():
    script = "import sys, acetate.heat; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"scipy", "numba", "sklearn", "skimage"} & set(loaded)

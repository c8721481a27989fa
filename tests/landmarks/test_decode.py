"""Decoders: how accurate, at the border, in noise, with what covariance, and tensors as arrays."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from acetate.landmarks import DECODERS, decode, heatmap_targets
from acetate.landmarks.decode import LogQuadratic, SoftArgMax, decoder_named
from acetate.landmarks.tensors import decode_batch

SIZE, SIGMA = 192, 3.0


def interior(rng, count):
    return rng.uniform(12, SIZE - 12, (count, 2))


def near_border(rng, count):
    """One to four pixels from one of the four sides."""
    points = interior(rng, count)
    away = rng.uniform(1, 4, count)
    side, axis = rng.integers(0, 2, (2, count))
    points[np.arange(count), axis] = np.where(side, SIZE - away, away)
    return points


def maps_of(points, noise, rng):
    maps = heatmap_targets(points, (SIZE, SIZE), SIGMA)
    return maps + np.float32(noise) * rng.standard_normal(maps.shape, np.float32)


def errors(points, maps, **options):
    return np.linalg.norm(decode(maps, sigma=SIGMA, **options).points - points, axis=-1)


@pytest.mark.parametrize(
    ("where", "noise", "most"),
    [
        (interior, 0.0, 0.001),
        (interior, 0.02, 0.025),
        (interior, 0.05, 0.07),
        (interior, 0.1, 0.12),
        (near_border, 0.0, 0.001),
        (near_border, 0.02, 0.04),
        (near_border, 0.05, 0.1),
    ],
)
def test_the_default_is_as_accurate_as_was_asked(where, noise, most):
    rng = np.random.default_rng(1)
    points = where(rng, 150)
    found = errors(points, maps_of(points, noise, rng))
    assert found.mean() < most
    assert found.max() < 6 * most


@given(st.floats(0.5, 39.5), st.floats(0.5, 29.5), st.floats(0.8, 6))
def test_a_clean_kernel_is_found_anywhere_by_any_sigma_of_the_fit(x, y, sigma):
    maps = heatmap_targets([(x, y)], (30, 40), sigma)
    for assumed in (1.0, sigma, 5.0):
        assert decode(maps, sigma=assumed).points == pytest.approx(np.array([[x, y]]), abs=0.001)


@pytest.mark.parametrize("where", [interior, near_border])
def test_no_other_decoder_beats_the_default_in_noise(where):
    """Inside, smoothing by the kernel itself (DARK) is as good; at the border nothing is."""
    rng = np.random.default_rng(2)
    points = where(rng, 80)
    maps = maps_of(points, 0.05, rng)
    means = {name: errors(points, maps, method=name).mean() for name in DECODERS}
    best = min(value for name, value in means.items() if name != "log-quadratic")
    assert means["log-quadratic"] < (1.03 if where is interior else 0.5) * best
    if where is not interior:
        return
    assert means["quarter-offset"] < means["arg-max"]
    assert means["dark"] < means["quarter-offset"]
    assert means["centre-of-mass"] > 10


def test_a_background_ruins_the_centre_of_mass_and_hardly_moves_the_fit():
    points = np.random.default_rng(3).uniform(20, 80, (20, 2))
    maps = heatmap_targets(points, (SIZE, SIZE), SIGMA) + 0.01
    assert errors(points, maps, method="centre-of-mass").mean() > 30
    assert errors(points, maps).max() < 0.01
    assert errors(points, 7 * maps).max() < 0.01


@pytest.mark.parametrize("where", [interior, near_border])
def test_the_covariance_is_that_of_the_errors_in_white_noise(where):
    rng = np.random.default_rng(4)
    points = where(rng, 600)
    maps = np.concatenate([maps_of(part, 0.05, rng) for part in np.split(points, 6)])
    found = decode(maps, sigma=SIGMA)
    root = np.linalg.cholesky(found.covariance)
    scaled = np.linalg.solve(root, (found.points - points)[:, :, np.newaxis])[:, :, 0]
    assert np.abs(np.cov(scaled.T) - np.eye(2)).max() < 0.15
    assert np.abs(scaled.mean(axis=0)).max() < 0.15


def test_the_covariance_is_larger_across_the_border_than_along_it():
    rng = np.random.default_rng(5)
    maps = maps_of(np.column_stack([np.full(50, 1.5), interior(rng, 50)[:, 1]]), 0.02, rng)
    spread = decode(maps, sigma=SIGMA).covariance.mean(axis=0)
    assert spread[0, 0] > 1.5 * spread[1, 1]


def test_confidence_falls_with_the_height_and_with_noise():
    rng = np.random.default_rng(6)
    points = interior(rng, 30)
    clean = maps_of(points, 0.0, rng)
    noisy = maps_of(points, 0.1, rng)
    found = [decode(maps, sigma=SIGMA).confidence for maps in (clean, clean / 2, noisy, -clean)]
    assert found[0] == pytest.approx(np.ones(30), abs=1e-5)
    assert found[1] == pytest.approx(np.full(30, 0.5), abs=1e-5)
    assert np.all((found[2] > 0.6) & (found[2] < 0.97))
    assert not found[3].any()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", DECODERS)
def test_tensors_give_the_same_as_arrays(name, dtype):
    rng = np.random.default_rng(7)
    points = np.stack([interior(rng, 6), near_border(rng, 6)])
    maps = maps_of(points, 0.03, rng).astype(dtype)
    maps[0, 0], maps[1, 1] = 0, 0.4
    before = maps.copy()
    ours, theirs = decode(maps, name, SIGMA), decode_batch(torch.from_numpy(maps), name, SIGMA)
    assert ours.points.shape == (2, 6, 2)
    assert ours.points.dtype == np.float64
    for field in ("points", "confidence", "covariance"):
        mine, twin = getattr(ours, field), getattr(theirs, field)
        assert twin.dtype == torch.float64
        assert np.allclose(mine, twin.numpy(), atol=2e-5, rtol=1e-6, equal_nan=True)
    assert np.array_equal(maps, before)


@pytest.mark.parametrize("name", DECODERS)
def test_one_picture_has_no_first_axis_and_is_decoded_alike(name):
    maps = heatmap_targets(np.random.default_rng(8).uniform(9, 31, (2, 4, 2)), (40, 40), 2.0)
    whole, one = decode(maps, name, 2.0), decode(maps[1], name, 2.0)
    assert one.points.shape == (4, 2)
    assert one.confidence.shape == (4,)
    assert one.covariance.shape == (4, 2, 2)
    assert np.allclose(whole.points[1], one.points, atol=1e-9)
    assert decode(maps[:0], name).points.shape == (0, 4, 2)


@pytest.mark.parametrize("name", DECODERS)
def test_maps_without_a_value_above_zero_have_no_landmark(name):
    found = decode(np.stack([np.zeros((9, 9)), np.full((9, 9), -1.0)]), name)
    assert np.isnan(found.points).all()
    assert np.isnan(found.covariance).all()
    assert not found.confidence.any()


def ridge():
    return np.tile(np.exp(-((np.arange(9) - 4.0) ** 2) / 8), (9, 1))


@pytest.mark.parametrize("values", [np.full((9, 9), 0.4), ridge()], ids=["flat", "ridge"])
def test_a_map_that_is_no_hill_gives_its_largest_pixel_without_confidence(values):
    found = decode(values[np.newaxis], sigma=1.0)
    assert np.array_equal(found.points, decode(values[np.newaxis], "arg-max").points)
    assert found.confidence == 0
    assert np.isnan(found.covariance).all()


@given(st.integers(0, 2**32 - 1))
def test_whatever_the_map_points_lie_in_it_or_near_and_confidence_in_range(seed):
    maps = np.random.default_rng(seed).standard_normal((8, 12, 17)).astype(np.float32)
    for name in DECODERS:
        found = decode(maps, name, sigma=2.0)
        assert np.all((found.points > -7) & (found.points < (24, 19)))
        assert np.all((found.confidence >= 0) & (found.confidence <= 1))


def test_of_two_peaks_the_higher_is_found():
    both = heatmap_targets([(20.3, 20.9)], (64, 64), 2.0) + 0.8 * heatmap_targets(
        [(44.1, 40.2)], (64, 64), 2.0
    )
    assert decode(both, sigma=2.0).points == pytest.approx(np.array([[20.3, 20.9]]), abs=0.001)


def test_quarter_offsets_and_arg_max_give_pixels_and_quarters():
    maps = heatmap_targets([(20.3, 11.9), (0.2, 31.9)], (32, 32), 2.0)
    assert decode(maps, "arg-max").points.tolist() == [[20.5, 11.5], [0.5, 31.5]]
    assert decode(maps, "quarter-offset").points.tolist() == [[20.25, 11.75], [0.5, 31.5]]


def test_dark_finds_clean_kernels_inside_and_keeps_the_pixel_at_the_border():
    points = np.array([(20.3, 14.9), (17.81, 22.02), (0.7, 20.0)])
    found = decode(heatmap_targets(points, (40, 40), 2.0), "dark", 2.0).points
    assert found[:2] == pytest.approx(points[:2], abs=0.01)
    assert found[2].tolist() == [0.5, 19.5]


def test_the_spread_of_dark_and_of_masses_is_that_of_the_blob():
    maps = heatmap_targets([(20.3, 19.9)], (40, 40), 2.0)
    mass = decode(maps, "centre-of-mass").covariance[0]
    assert mass == pytest.approx(4 * np.eye(2), abs=0.01)
    # Smoothed with its own width a kernel has twice the variance.
    assert decode(maps, "dark", 2.0).covariance[0] == pytest.approx(8 * np.eye(2), abs=0.2)


def test_the_temperature_goes_from_the_middle_to_the_maximum():
    maps = heatmap_targets([(10.5, 7.5)], (40, 40), 2.0)
    hot, cold = (decode(maps, SoftArgMax(temperature)).points for temperature in (100.0, 1e-3))
    assert hot == pytest.approx(np.array([[20, 20]]), abs=0.05)
    assert cold == pytest.approx(np.array([[10.5, 7.5]]), abs=1e-6)


def test_float32_sums_of_a_background_are_not_off():
    maps = np.full((1, 512, 512), 0.1, np.float32)
    assert decode(maps, "centre-of-mass").points == pytest.approx(np.array([[256, 256]]), abs=1e-4)


def test_gradients_do_not_flow_through_a_decoder():
    maps = torch.rand(1, 2, 8, 8, requires_grad=True)
    assert not decode_batch(maps).points.requires_grad


@pytest.mark.parametrize(
    ("maps", "kind", "message"),
    [
        ([[1.0]], TypeError, "heatmaps must be an array of floats, got list"),
        (np.zeros((1, 4, 4), np.uint8), TypeError, "array of floats, got uint8"),
        (np.zeros((4, 4)), ValueError, r"\(N, K, h, w\) or \(K, h, w\).*got \(4, 4\)"),
        (np.zeros((1, 2, 4)), ValueError, "h and w at least 3"),
        (np.full((2, 4, 4), np.nan), ValueError, "2 of 2 heatmaps have NaN or infinite values"),
    ],
)
def test_heatmaps_that_make_no_sense_are_refused(maps, kind, message):
    with pytest.raises(kind, match=message):
        decode(maps)


def test_tensors_that_make_no_sense_are_refused():
    with pytest.raises(TypeError, match=r"tensor of floats, got torch\.int64"):
        decode_batch(torch.zeros(1, 4, 4, dtype=torch.int64))
    with pytest.raises(TypeError, match="tensor of floats, got float64"):
        decode_batch(np.zeros((1, 4, 4)))
    with pytest.raises(ValueError, match="1 of 2 heatmaps"):
        decode_batch(torch.stack([torch.zeros(4, 4), torch.full((4, 4), torch.inf)]))


def test_decoders_are_known_by_name_and_carry_their_own_sigma():
    assert decoder_named("log-quadratic", 2.0) == LogQuadratic(sigma=2.0)
    with pytest.raises(ValueError, match="nearest is 'dark'"):
        decode(np.zeros((1, 4, 4)), "drak")
    with pytest.raises(ValueError, match="sigma goes into the decoder"):
        decode(np.zeros((1, 4, 4)), LogQuadratic(), sigma=2.0)
    with pytest.raises(ValueError, match="sigma must lie in"):
        decode(np.zeros((1, 4, 4)), sigma=0.0)

"""Heat kernels at landmarks, and landmarks from heat kernels."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from acetate.heat import heat_kernel, locate_peak

SIGMAS = st.floats(0.8, 10)


def direct(shape, points, sigma):
    """The definition, pixel by pixel."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    maps = [np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * sigma**2)) for px, py in points]
    return np.stack(maps, axis=-1)


@given(
    st.tuples(st.integers(1, 20), st.integers(1, 20)),
    st.lists(st.tuples(st.floats(-30, 50), st.floats(-30, 50)), min_size=1, max_size=4),
    st.floats(0.3, 20),
)
def test_the_kernel_is_the_gaussian_at_the_pixel_centres(shape, points, sigma):
    maps = heat_kernel(shape, points, sigma)
    assert maps.shape == (*shape, len(points))
    assert maps.dtype == np.float32
    assert np.allclose(maps, direct(shape, points, sigma), rtol=1e-5, atol=1e-30)


def test_the_kernel_is_one_at_its_point_and_is_not_rounded_to_a_pixel():
    assert heat_kernel((9, 9), [(4.5, 2.5)], 2)[2, 4, 0] == 1
    left, right = heat_kernel((1, 2), [(0.9, 0.5)], 1)[0, :, 0]
    assert left == pytest.approx(np.exp(-(0.4**2) / 2))
    assert right == pytest.approx(np.exp(-(0.6**2) / 2))


def test_its_mass_is_that_of_heat():
    """2 pi sigma^2: the fundamental solution at time sigma^2 / 2, up to the factor of its peak."""
    assert heat_kernel((80, 90), [(41.3, 38.8)], 4).sum() == pytest.approx(2 * np.pi * 16, rel=1e-5)


def test_missing_points_have_empty_maps():
    maps = heat_kernel((5, 6), [(2, 2), (np.nan, np.nan), (np.nan, 2), (np.inf, 2)], 1)
    assert maps[:, :, 0].max() > 0
    assert not maps[:, :, 1:].any()
    assert heat_kernel((5, 6), np.empty((0, 2)), 1).shape == (5, 6, 0)


@pytest.mark.parametrize(
    ("shape", "points", "sigma", "message"),
    [
        ((4, 4), [1, 2], 1, r"points must have shape \(n, 2\), x and y, got \(2,\)"),
        ((4, 4), [[1, 2, 3]], 1, r"points must have shape \(n, 2\), x and y, got \(1, 3\)"),
        ((4, 0), [[1, 2]], 1, r"shape is \(height, width\), both at least 1, got \(4, 0\)"),
        ((4, 4, 3), [[1, 2]], 1, r"shape is \(height, width\)"),
        ((4, 4), [[1, 2]], 0, "sigma must be above 0 and finite, got 0"),
        ((4, 4), [[1, 2]], np.nan, "sigma must be above 0 and finite, got nan"),
    ],
)
def test_kernels_that_make_no_sense_are_refused(shape, points, sigma, message):
    with pytest.raises(ValueError, match=message):
        heat_kernel(shape, points, sigma)


@given(st.floats(0, 40), st.floats(0, 30), SIGMAS)
def test_a_clean_kernel_is_located_to_a_thousandth_of_a_pixel(x, y, sigma):
    points = np.array([(x, y), (0, y), (x, 30), (40, 30), (0, 0), (39.9, 0.1)])
    peaks = locate_peak(heat_kernel((30, 40), points, sigma))
    assert np.abs(peaks.points - points).max() < 0.001
    assert np.all(peaks.values <= 1)
    assert np.all(peaks.values > np.exp(-1 / (4 * sigma**2)) - 1e-6)


@pytest.mark.parametrize("radius", [1, 2, 3, 6, 100])
def test_every_radius_locates_clean_kernels(radius):
    points = np.array([(10.3, 7.8), (0.2, 13.9), (13.9, 0.0)])
    peaks = locate_peak(heat_kernel((14, 14), points, 2.0), radius)
    assert np.abs(peaks.points - points).max() < 0.001


def test_the_smallest_maps_that_can_be_fitted():
    peaks = locate_peak(heat_kernel((3, 3), [(1.2, 1.9)], 1)[:, :, 0])
    assert peaks.points == pytest.approx(np.array([[1.2, 1.9]]), abs=0.001)


@given(
    st.floats(0.5, 3), st.floats(0.5, 3), st.floats(0, np.pi), st.floats(5, 25), st.floats(5, 25)
)
def test_kernels_turned_and_stretched_by_a_warp_are_located_too(long, short, angle, x, y):
    assume(0.7 < long / short < 1.5)
    assume(min(long, short) > 0.8)
    v, u = np.mgrid[:30, :30] + 0.5
    c, s = np.cos(angle), np.sin(angle)
    along, across = c * (u - x) + s * (v - y), c * (v - y) - s * (u - x)
    blob = 7.5 * np.exp(-((along / long) ** 2 + (across / short) ** 2) / 2)
    assert locate_peak(blob).points == pytest.approx(np.array([[x, y]]), abs=0.001)


def test_a_kernel_whose_point_lies_just_outside_is_located():
    points = [(-1.5, 10.2), (10.1, 21.0)]
    assert locate_peak(heat_kernel((20, 20), points, 2)).points == pytest.approx(
        np.array(points), abs=0.001
    )


def test_noise_and_rounding_move_the_peak_by_little():
    rng = np.random.default_rng(0)
    points = rng.uniform(3, 29, (200, 2))
    maps = heat_kernel((32, 32), points, 2)
    rounded = np.rint(maps * 255).astype(np.uint8)
    assert np.abs(locate_peak(rounded).points - points).max() < 0.03
    noisy = maps + 0.01 * rng.standard_normal(maps.shape)
    distance = np.linalg.norm(locate_peak(noisy).points - points, axis=1)
    assert np.median(distance) < 0.05
    rounded_to_pixels = np.abs(np.floor(points) + 0.5 - points).mean()
    assert distance.mean() < rounded_to_pixels / 3


def test_a_single_pixel_peaks_at_its_centre():
    dot = np.zeros((7, 9), np.float32)
    dot[2, 6] = 0.3
    peaks = locate_peak(dot)
    assert peaks.points.tolist() == [[6.5, 2.5]]
    assert peaks.values == pytest.approx([0.3])


def ridge():
    return np.tile(np.exp(-((np.arange(9) - 4.0) ** 2) / 8), (9, 1))


def saddle():
    """Largest in two corners, from where it falls along one diagonal and rises across it."""
    y, x = np.mgrid[-4:5, -4:5]
    return np.exp(-0.3 * (x**2 + y**2) - 0.9 * x * y)


NO_PEAK = {
    "zeros": np.zeros((9, 9)),
    "negative": np.full((9, 9), -1.0),
    "flat": np.full((9, 9), 0.4),
    "ridge": ridge(),
    "saddle": saddle(),
    "slope": np.tile(np.exp(np.arange(9.0)), (9, 1)),
    "far outside": heat_kernel((9, 9), [(-20, 4)], 8)[:, :, 0],
}


@pytest.mark.parametrize("name", NO_PEAK)
def test_a_map_without_a_peak_has_no_point(name):
    peaks = locate_peak(NO_PEAK[name])
    assert np.isnan(peaks.points).all()
    assert peaks.values == [NO_PEAK[name].max()]


def test_one_empty_map_does_not_hinder_the_others():
    maps = heat_kernel((20, 20), [(5.2, 6.1), (np.nan, 0), (14.9, 3.3)], 1.5)
    before = maps.copy()
    peaks = locate_peak(maps)
    assert np.isnan(peaks.points[1]).all()
    assert peaks.points[[0, 2]] == pytest.approx(np.array([(5.2, 6.1), (14.9, 3.3)]), abs=0.001)
    assert np.array_equal(maps, before)
    assert locate_peak(np.zeros((5, 5, 0))).points.shape == (0, 2)


@pytest.mark.parametrize(
    ("maps", "radius", "message"),
    [
        (np.zeros(5), 2, r"maps must have shape \(H, W\) or \(H, W, n\), H, W >= 3, got \(5,\)"),
        (np.zeros((2, 5)), 2, r"H, W >= 3, got \(2, 5\)"),
        (np.zeros((5, 5)), 0, "radius must be at least 1 pixel, got 0"),
        (np.full((5, 5), np.nan), 2, "maps has 25 NaN or infinite values of 25"),
    ],
)
def test_maps_that_make_no_sense_are_refused(maps, radius, message):
    with pytest.raises(ValueError, match=message):
        locate_peak(maps, radius)

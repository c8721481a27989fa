"""Closed-form heat kernels: on the line, the circle, the interval and the disk."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate.heat import disk_kernel, gaussian_kernel, interval_kernel, theta_kernel

TIMES = st.floats(-4, 1).map(lambda power: 10.0**power)


def middles(n, length=1.0):
    return (np.arange(n) + 0.5) * length / n


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_the_gaussian_has_mass_one_and_variance_2t(dimensions):
    r = middles(4000, 20.0)
    sphere = {1: 2.0, 2: 2 * np.pi * r, 3: 4 * np.pi * r**2}[dimensions]
    density = gaussian_kernel(r, 0.7, dimensions) * sphere * (20.0 / 4000)
    assert density.sum() == pytest.approx(1, rel=1e-5)
    assert (density * r**2).sum() == pytest.approx(2 * 0.7 * dimensions, rel=1e-5)


@given(st.floats(-3, 3), TIMES, st.floats(0.3, 5))
def test_both_series_of_theta_agree(x, t, period):
    images = theta_kernel(x, t * period**2, period, "images")
    cosines = theta_kernel(x, t * period**2, period, "cosines")
    assert images == pytest.approx(cosines, rel=1e-9, abs=1e-11 / period / np.sqrt(t))
    assert theta_kernel(x, t * period**2, period) in (images, cosines)


@pytest.mark.parametrize(("t", "shorter"), [(0.01, "images"), (1.0, "cosines")])
def test_the_shorter_series_is_taken(t, shorter):
    x = np.linspace(-0.5, 0.5, 11)
    assert np.array_equal(theta_kernel(x, t), theta_kernel(x, t, series=shorter))


@given(TIMES, st.floats(0.3, 5))
def test_the_circle_keeps_heat_and_repeats(t, period):
    x = middles(2000, period)
    density = theta_kernel(x - 0.3 * period, t * period**2, period)
    assert density.sum() * period / 2000 == pytest.approx(1, rel=1e-9)
    assert np.allclose(theta_kernel(x + 3 * period, t, period), theta_kernel(x, t, period))
    assert np.allclose(theta_kernel(-x, t, period), theta_kernel(x, t, period))


@given(TIMES, st.floats(0, 1), st.floats(0.3, 5))
def test_the_interval_keeps_heat_is_symmetric_and_positive(t, source, length):
    x = middles(2000, length)
    density = interval_kernel(x, source * length, t * length**2, length)
    assert density.sum() * length / 2000 == pytest.approx(1, rel=1e-9)
    assert np.array_equal(density, interval_kernel(source * length, x, t * length**2, length))
    assert density.min() >= -1e-12 / length


@given(st.floats(0, 1), st.floats(0, 1), TIMES)
def test_both_series_of_the_interval_agree(x, y, t):
    images = interval_kernel(x, y, t, series="images")
    assert images == pytest.approx(
        interval_kernel(x, y, t, series="cosines"), rel=1e-9, abs=1e-11 / np.sqrt(t)
    )


def test_no_heat_leaves_the_interval_and_times_add():
    x = middles(400)
    ends = interval_kernel([1e-5, 0.0, 1 - 1e-5, 1.0], 0.4, 0.02)
    assert np.diff(ends)[[0, 2]] == pytest.approx([0, 0], abs=1e-7)
    once = interval_kernel(x[:, np.newaxis], x, 0.03)
    twice = interval_kernel(x[:, np.newaxis], x, 0.01) @ interval_kernel(x[:, np.newaxis], x, 0.02)
    assert np.allclose(twice / 400, once, atol=1e-9)


def disk_grid(radius, n=28):
    """Points and weights that integrate smooth functions over the disk."""
    nodes, weights = np.polynomial.legendre.leggauss(n)
    r = (nodes + 1) / 2 * radius
    angles = 2 * np.pi * np.arange(2 * n) / (2 * n)
    points = np.stack([np.outer(r, np.cos(angles)), np.outer(r, np.sin(angles))], axis=-1)
    area = np.outer(weights / 2 * radius * r, np.full(2 * n, np.pi / n))
    return points, area


@settings(max_examples=10)
@given(st.floats(0, 1), st.floats(-3, 3), st.floats(-1.3, 0.5), st.floats(0.2, 5))
def test_the_disk_keeps_heat_and_is_positive(r, angle, power, radius):
    points, area = disk_grid(radius)
    source = radius * r * np.array([np.cos(angle), np.sin(angle)])
    density = disk_kernel(points, source, 10**power * radius**2, radius)
    assert np.sum(density * area) == pytest.approx(1, rel=1e-9)
    assert density.min() >= -1e-9 / radius**2


def test_the_disk_is_symmetric_and_times_add():
    points, area = disk_grid(1.5)
    here, there = (0.3, -0.4), (-1.0, 0.9)
    assert disk_kernel(here, there, 0.1, 1.5) == pytest.approx(disk_kernel(there, here, 0.1, 1.5))
    halves = disk_kernel(points, here, 0.1, 1.5) * disk_kernel(points, there, 0.15, 1.5)
    assert np.sum(halves * area) == pytest.approx(
        float(disk_kernel(here, there, 0.25, 1.5)), rel=1e-9
    )


def test_no_heat_leaves_the_disk():
    inside, rim = disk_kernel([(0.9999, 0.0), (1.0, 0.0)], (0.5, 0.2), 0.05)
    assert rim == pytest.approx(inside, rel=1e-6)


def test_the_disk_is_a_gaussian_at_first_and_even_in_the_end():
    points = np.array([(0.0, 0.0), (0.1, 0.05), (0.0, 0.2)])
    early = disk_kernel(points, (0.0, 0.0), 0.002)
    assert np.allclose(early, gaussian_kernel(np.hypot(*points.T), 0.002, 2), rtol=1e-9)
    assert disk_kernel((0.9, 0.0), (0.0, 0.0), 40.0, 2.0) == pytest.approx(1 / (4 * np.pi))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: gaussian_kernel(1, 0), ValueError, "t must be above 0, got 0"),
        (lambda: gaussian_kernel(1, None), TypeError, "t must be a number, got None"),
        (lambda: gaussian_kernel(1, 1, 0), ValueError, "dimensions must be at least 1, got 0"),
        (lambda: theta_kernel(1, 1, -2), ValueError, "period must be a finite number"),
        (lambda: theta_kernel(1, 1, 1, "waves"), ValueError, "None, got 'waves'"),
        (lambda: theta_kernel(0, 1e-12, 1, "cosines"), ValueError, "cosines needs 1006584 terms"),
        (lambda: interval_kernel(1.5, 0, 1), ValueError, r"x must lie in \[0, 1\], got \[1.5"),
        (lambda: interval_kernel(0, np.nan, 1), ValueError, r"y must lie in \[0, 1\]"),
        (lambda: disk_kernel((0, 0), (0, 0), 1e-4), ValueError, "1000 = 0.001, got 0.0001"),
        (lambda: disk_kernel([1, 2, 3], (0, 0), 1), ValueError, r"points must have shape \(..., 2"),
        (lambda: disk_kernel((0, 0), [(0, 0)], 1), ValueError, r"one point, x and y, got shape"),
        (lambda: disk_kernel((0, 0), (2, 0), 1), ValueError, "source must lie on the disk of"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()

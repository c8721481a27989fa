"""The heat semigroup: exact, insulated, and what follows from that."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acetate.heat import heat_semigroup, interval_kernel
from acetate.heat.pixel_kernels import exact_weights

TIMES = st.floats(0, 200)
SHAPES = st.tuples(st.integers(1, 13), st.integers(1, 13))
UNIT = st.floats(0, 1, width=32).map(float)


def pictures(shapes=SHAPES):
    return shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=UNIT))


BOXES = pictures(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5)))


@given(pictures(), TIMES)
def test_heat_is_kept(picture, t):
    assert heat_semigroup(picture, t).sum() == pytest.approx(picture.sum(), abs=1e-9)


@given(BOXES, TIMES)
def test_heat_is_kept_in_volumes(volume, t):
    flowed = heat_semigroup(volume, t, dimensions=3, spacing=(2, 1, 0.7))
    assert flowed.sum() == pytest.approx(volume.sum(), abs=1e-9)


@given(pictures(), TIMES, TIMES)
def test_times_add(picture, s, t):
    twice = heat_semigroup(heat_semigroup(picture, s), t)
    assert np.allclose(twice, heat_semigroup(picture, s + t), atol=1e-12)


@given(pictures(), TIMES)
def test_it_does_not_know_left_from_right_nor_rows_from_columns(picture, t):
    flowed = heat_semigroup(picture, t)
    assert np.allclose(heat_semigroup(picture[::-1], t), flowed[::-1], atol=1e-12)
    assert np.allclose(heat_semigroup(picture[:, ::-1], t), flowed[:, ::-1], atol=1e-12)
    assert np.allclose(heat_semigroup(picture.T, t), flowed.T, atol=1e-12)


@given(pictures(), TIMES)
def test_it_is_symmetric_and_positive(picture, t):
    other = np.cos(np.arange(picture.size, dtype=float)).reshape(picture.shape)
    flowed = heat_semigroup(picture, t)
    assert np.sum(flowed * other) == pytest.approx(
        np.sum(picture * heat_semigroup(other, t)), abs=1e-9
    )
    assert np.sum(other * heat_semigroup(other, t)) >= -1e-12


@given(
    SHAPES.flatmap(lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 1.0]))),
    st.sampled_from([0.0, 0.02, 0.1, 0.25, 0.5, 1, 2, 5, 40]),
)
def test_values_leave_their_range_by_no_more_than_the_kernel_allows(picture, t):
    excess = (np.abs(exact_weights(t)).sum() ** 2 - 1) / 2
    flowed = heat_semigroup(picture, t)
    assert flowed.min() >= -excess - 1e-12
    assert flowed.max() <= 1 + excess + 1e-12


@pytest.mark.parametrize(
    ("t", "stated"), [(0.1, 0.0635), (0.25, 0.0135), (0.5, 1.65e-3), (1, 1.25e-5), (2, 1e-9)]
)
def test_the_documented_bound_of_that_holds(t, stated):
    assert (np.abs(exact_weights(t)).sum() - 1) / 2 <= stated


def test_nothing_happens_in_no_time_and_all_is_even_in_the_end():
    picture = np.random.default_rng(0).random((7, 5))
    assert np.allclose(heat_semigroup(picture, 0), picture, atol=1e-14)
    assert np.allclose(heat_semigroup(picture, 1e6), picture.mean(), atol=1e-14)


@pytest.mark.parametrize("t", [2.0, 7.5, 60.0])
def test_a_hot_pixel_becomes_the_theta_kernel(t):
    shape, hot = (17, 23), (4, 21)
    picture = np.zeros(shape)
    picture[hot] = 1
    y, x = (np.arange(n) + 0.5 for n in shape)
    column = interval_kernel(y, hot[0] + 0.5, t, shape[0])
    row = interval_kernel(x, hot[1] + 0.5, t, shape[1])
    assert np.allclose(heat_semigroup(picture, t), np.outer(column, row), atol=1e-9)


def test_spacing_is_a_change_of_units_of_each_axis():
    volume = np.random.default_rng(1).random((6, 5, 7))
    flowed = heat_semigroup(volume, 3.0, dimensions=3, spacing=(3.0, 1.0, 0.5))
    by_axis = volume
    for axis, t in enumerate((3 / 9, 3.0, 12.0)):
        first = np.moveaxis(by_axis, axis, 0)
        by_axis = np.moveaxis(heat_semigroup(first, t, dimensions=1), 0, axis)
    assert np.allclose(flowed, by_axis, atol=1e-12)
    assert np.allclose(
        heat_semigroup(volume[0], 3.0, spacing=np.array([2.0, 2.0])),
        heat_semigroup(volume[0], 0.75),
    )


def test_channels_do_not_mix():
    picture = np.random.default_rng(2).random((6, 5, 2, 3))
    flowed = heat_semigroup(picture, 1.5)
    assert np.allclose(flowed[:, :, 1, 2], heat_semigroup(picture[:, :, 1, 2], 1.5))


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("uint8", "float32"), ("uint16", "float32"), ("float32", "float32"), ("float64", "float64")],
)
def test_float32_stays_and_integers_become_it(dtype, expected):
    picture = (np.random.default_rng(3).random((9, 8)) * 200).astype(dtype)
    before = picture.copy()
    flowed = heat_semigroup(picture, 1.0)
    assert flowed.dtype == expected
    assert np.allclose(flowed, heat_semigroup(picture.astype(np.float64), 1.0), rtol=1e-5)
    assert np.array_equal(picture, before)


@settings(max_examples=20)
@given(st.integers(1, 40), TIMES)
def test_a_single_row_is_an_interval(n, t):
    row = np.sin(np.arange(n, dtype=float))[np.newaxis]
    assert np.allclose(heat_semigroup(row, t)[0], heat_semigroup(row[0], t, dimensions=1))


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([1, 2], 1), {}, TypeError, "array must be a NumPy array, got list"),
        ((np.zeros(4), 1), {}, ValueError, r"at least 2 axes, got shape \(4,\)"),
        ((np.zeros((0, 4)), 1), {}, ValueError, r"array is empty: its shape is \(0, 4\)"),
        ((np.zeros((4, 4), bool), 1), {}, ValueError, "float64, got bool; convert it first"),
        ((np.full((2, 2), np.nan), 1), {}, ValueError, "array has 4 NaN or infinite values of 4"),
        ((np.zeros((4, 4)), -1), {}, ValueError, "t must be a finite number of at least 0, got -1"),
        ((np.zeros((4, 4)), np.inf), {}, ValueError, "t must be a finite number .* got inf"),
        ((np.zeros((4, 4)), "1"), {}, TypeError, "t must be a number, got '1'"),
        ((np.zeros((4, 4)), True), {}, TypeError, "t must be a number, got True"),
        ((np.zeros((4, 4)), 1), {"dimensions": 4}, ValueError, "dimensions is 1, 2 or 3, got 4"),
        ((np.zeros((4, 4)), 1), {"spacing": (1, 1, 1)}, ValueError, "one for each of 2 axes"),
        ((np.zeros((4, 4)), 1), {"spacing": 0}, ValueError, "spacing must be above 0, got 0"),
        ((np.zeros((4, 4)), 1), {"spacing": "ab"}, TypeError, "spacing must be a number, got 'a'"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, options, error, message):
    with pytest.raises(error, match=message):
        heat_semigroup(*arguments, **options)

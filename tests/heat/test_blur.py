"""Heat flow to a tolerance: what it promises against the exact flow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from acetate.heat import diffuse, heat_semigroup
from acetate.heat.blur import Boxes, Cosines, Gaussian, choose
from acetate.heat.pixel_kernels import (
    box_weights,
    box_widths,
    exact_weights,
    gaussian_weights,
    weights_error,
)

TIMES = st.floats(-1.5, 2).map(lambda power: 10.0**power)
TOLERANCES = st.sampled_from([0, 0.0005, 0.002, 0.05, 0.15, 1])
DTYPES = st.sampled_from(["uint8", "uint16", "float32", "float64"])
WHITE = {"uint8": 255, "uint16": 65535, "float32": 1, "float64": 1}


CHANNELS = st.sampled_from([(), (1,), (3,), (2, 2)])


@st.composite
def masks(draw, dtype=DTYPES):
    """Black and white: the worst case of every bound."""
    kind, shape = draw(dtype), (draw(st.integers(1, 14)), draw(st.integers(1, 14)))
    mask = draw(arrays(np.uint8, shape + draw(CHANNELS), elements=st.integers(0, 1)))
    return mask.astype(kind) * np.asarray(WHITE[kind], kind)


@settings(max_examples=200)
@given(masks(), TIMES, TOLERANCES)
def test_it_stays_within_its_tolerance_of_the_exact_flow(mask, t, tolerance):
    white = WHITE[mask.dtype.name]
    flowed = diffuse(mask, t, tolerance=tolerance)
    exact = heat_semigroup(mask.astype(np.float64), t)
    rounding = 2.5 if mask.dtype.kind == "u" else 1e-5
    if mask.dtype.kind == "u":
        exact = np.clip(exact, 0, white)
    assert flowed.dtype == mask.dtype
    assert flowed.shape == mask.shape
    assert np.abs(flowed - exact).max() <= tolerance * white + rounding


@given(masks(dtype=st.just("float64")), TIMES, TOLERANCES)
def test_heat_is_kept(mask, t, tolerance):
    assert diffuse(mask, t, tolerance=tolerance).sum() == pytest.approx(mask.sum(), abs=1e-5)


@given(masks(dtype=st.just("float64")), TIMES, TOLERANCES)
def test_it_does_not_know_left_from_right(mask, t, tolerance):
    flowed = diffuse(mask, t, tolerance=tolerance)
    assert np.allclose(diffuse(mask[::-1], t, tolerance=tolerance), flowed[::-1], atol=1e-9)
    assert np.allclose(diffuse(mask[:, ::-1], t, tolerance=tolerance), flowed[:, ::-1], atol=1e-9)


@given(masks(dtype=st.just("float64")), TIMES, st.sampled_from([Boxes(1), Boxes(2), Gaussian()]))
def test_filters_never_leave_the_range_and_never_raise_the_energy_form(mask, t, flow):
    """The form is <u, Gu>: positive for every u, which the energy of segmentation needs."""
    flowed = flow.run(mask, (t, t))
    assert flowed.min() >= -1e-12
    assert flowed.max() <= 1 + 1e-12
    signs = mask - 0.5
    assert np.sum(signs * flow.run(signs, (t, t))) >= -1e-9


@given(st.floats(0.01, 300))
def test_no_frequency_of_a_filter_is_negative(t):
    kernels = [gaussian_weights(t), *(box_weights(box_widths(t, pairs)) for pairs in (1, 2))]
    for weights in kernels:
        assert weights.sum() == pytest.approx(1)
        centred = np.roll(np.pad(weights, (0, 512)), -(weights.size // 2))
        assert np.fft.fft(centred).real.min() >= -1e-12


def test_one_box_alone_has_negative_frequencies():
    assert np.fft.fft(np.roll(np.pad(np.ones(5) / 5, (0, 59)), -2)).real.min() < -0.2


@pytest.mark.parametrize("width", [3, 5, 9, 21])
def test_boxes_meet_the_times_of_their_widths(width):
    t = (width**2 - 1) / 12
    assert box_widths(t, 1) == (width,)
    assert box_widths(2 * t, 2) == (width, width)
    weights = box_weights((width,))
    x = np.arange(weights.size) - weights.size // 2
    assert np.sum(weights * x**2) == pytest.approx(2 * t)


def test_the_error_of_weights_is_that_of_the_worst_picture():
    t, weights = 2.0, box_weights((5,))
    exact = heat_semigroup(np.eye(401), t, dimensions=1)[:, 200]
    boxes = np.zeros(401)
    boxes[196:205] = weights
    worst = (boxes > exact).astype(float)
    assert weights_error(weights, t) == pytest.approx(np.sum((boxes - exact) * worst), rel=1e-9)
    assert weights_error(gaussian_weights(40.0), 0.001) == pytest.approx(
        weights_error(gaussian_weights(40.0), 0.0), abs=0.02
    )


def test_exact_weights_are_those_of_the_semigroup():
    picture = np.zeros((101, 1))
    picture[50] = 1
    flowed = heat_semigroup(picture, 3.0)[:, 0]
    assert np.allclose(exact_weights(3.0)[:40], flowed[50:90], atol=1e-12)


@pytest.mark.parametrize(
    ("dtype", "t", "tolerance", "chosen"),
    [
        ("uint8", 2.0, 0.15, Boxes(1)),
        ("uint8", 4.0, 0.05, Boxes(2)),
        ("float32", 2.0, 0.002, Gaussian()),
        ("float32", 100.0, 0.002, Cosines(262144)),
        ("float32", 2.0, 0.0, Cosines(262144)),
        ("uint8", 0.2, 0.15, Cosines(262144)),
        ("uint8", 1e6, 1.0, Cosines(262144)),
    ],
)
def test_it_takes_the_cheapest_that_is_near_enough(dtype, t, tolerance, chosen):
    assert choose((512, 512), dtype, (t, t), tolerance) == chosen


def test_large_pictures_make_the_transform_dearer():
    assert choose((512, 512), "float32", (9.0, 9.0), 0.002) == Cosines(512 * 512)
    assert choose((4096, 4096), "float32", (9.0, 9.0), 0.002) == Gaussian()


@pytest.mark.parametrize("tolerance", [0, 0.003, 0.1, 0.3])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_volumes_and_lines_flow_along_all_their_axes(dtype, tolerance):
    white = WHITE[dtype]
    volume = (np.random.default_rng(0).random((9, 11, 10, 2)) < 0.5).astype(dtype)
    volume *= np.asarray(white, dtype)
    for dimensions, spacing in ((3, (1.5, 1.0, 0.8)), (1, (1.5,))):
        options = {"spacing": spacing, "dimensions": dimensions}
        exact = heat_semigroup(volume.astype(np.float64), 2.0, **options)
        flowed = diffuse(volume, 2.0, tolerance=tolerance, **options)
        rounding = 6 if dtype == "uint8" else 1e-5
        assert np.abs(flowed - exact).max() <= tolerance * white + rounding


@pytest.mark.parametrize("flow", [Boxes(1), Boxes(2), Gaussian(), Cosines(1)])
def test_more_channels_than_opencv_takes(flow):
    picture = np.random.default_rng(1).random((6, 7, 300)).astype(np.float32)
    flowed = flow.run(picture, (1.0, 2.0))
    one = flow.run(np.ascontiguousarray(picture[:, :, 299]), (1.0, 2.0))
    assert np.allclose(flowed[:, :, 299], one, atol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("tolerance", [0, 0.002, 0.05, 0.15])
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (12, 9, 3)])
def test_constant_pictures_stay_constant(dtype, tolerance, shape):
    picture = np.full(shape, np.asarray(WHITE[dtype] * 0.7, dtype))
    for t in (0.0, 0.3, 2.0, 30.0):
        flowed = diffuse(picture, t, tolerance=tolerance)
        assert np.allclose(flowed, picture, rtol=1e-5, atol=0)


def test_it_takes_any_view_and_writes_into_none():
    picture = np.random.default_rng(2).random((40, 30)).astype(np.float32)
    picture.flags.writeable = False
    before = picture.copy()
    for tolerance in (0, 0.002, 0.3):
        flowed = diffuse(picture, 2.0, tolerance=tolerance)
        strided = diffuse(picture[::-1, ::-1].T, 2.0, tolerance=tolerance)
        assert np.allclose(strided.T[::-1, ::-1], flowed, atol=1e-6)
    copy = diffuse(picture, 0)
    assert np.array_equal(copy, picture)
    assert not np.shares_memory(copy, picture)
    assert np.array_equal(picture, before)


def test_a_tolerance_below_zero_is_refused():
    with pytest.raises(ValueError, match="tolerance must be a finite number of at least 0, got -1"):
        diffuse(np.zeros((4, 4)), 1, tolerance=-1)


def test_bad_arrays_are_refused():
    with pytest.raises(ValueError, match="array has 1 NaN or infinite value of 2"):
        diffuse(np.array([[0, np.inf]]), 1)
    with pytest.raises(ValueError, match="float64, got int64"):
        diffuse(np.zeros((4, 4), int), 1)

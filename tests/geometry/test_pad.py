import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate.geometry import (
    compute_paddings_to_reach_aspect_ratio,
    compute_paddings_to_reach_multiples_of,
    pad,
    pad_to_aspect_ratio,
    pad_to_multiples_of,
)
from acetate.geometry.pad import PAD_MODES

PICTURE = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)


def test_each_side_gets_its_own_amount():
    padded = pad(PICTURE, top=1, right=2, bottom=3, left=4, cval=77)
    assert padded.shape == (6, 10, 3)
    assert np.array_equal(padded[1:3, 4:8], PICTURE)
    padded[1:3, 4:8] = 77
    assert (padded == 77).all()


@pytest.mark.parametrize("mode", PAD_MODES)
@pytest.mark.parametrize("array", [PICTURE, PICTURE[:, :, 0], PICTURE / 24.0, PICTURE == 3])
def test_every_mode_keeps_rank_dtype_and_what_was_there(array, mode):
    before = array.copy()
    padded = pad(array, 1, 2, 3, 0, mode=mode)
    assert padded.shape == (6, 6, *array.shape[2:])
    assert padded.dtype == array.dtype
    assert np.array_equal(padded[1:3, :4], before)
    assert np.array_equal(array, before)


def test_modes_mean_what_numpy_means():
    row = np.array([[1, 2, 3]], np.uint8)
    assert pad(row, left=2, mode="reflect").tolist() == [[3, 2, 1, 2, 3]]
    assert pad(row, left=2, mode="symmetric").tolist() == [[2, 1, 1, 2, 3]]
    assert pad(row, left=2, mode="linear_ramp", cval=9).tolist() == [[9, 5, 1, 2, 3]]


def test_padding_nothing_gives_a_new_array():
    padded = pad(PICTURE)
    assert np.array_equal(padded, PICTURE)
    assert not np.may_share_memory(padded, PICTURE)


@pytest.mark.parametrize("amounts", [(-1, 0, 0, 0), (0, 0, 1.5, 0)])
def test_amounts_are_whole_and_not_negative(amounts):
    with pytest.raises(ValueError, match=r"whole numbers of pixels from 0, got top, right.*slice"):
        pad(PICTURE, *amounts)


def test_unknown_modes_are_named():
    with pytest.raises(ValueError, match=r"mode must be one of constant, edge, .*, got 'mirror'"):
        pad(PICTURE, 1, mode="mirror")


@pytest.mark.parametrize("cval", [300, -1, 0.5])
def test_a_constant_that_the_dtype_cannot_hold_is_refused(cval):
    with pytest.raises(ValueError, match=rf"whole number in \[0, 255\] .* uint8, got {cval}"):
        pad(PICTURE, 1, cval=cval)


@pytest.mark.parametrize("shape", [(0, 4), (4,), (1, 2, 3, 4)])
def test_only_pictures_can_be_padded(shape):
    with pytest.raises(ValueError, match="a shape is"):
        pad(np.zeros(shape), 1)


@given(
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    ratio=st.sampled_from([0.25, 0.5, 1.0, 4 / 3, 16 / 9, 2.0, 3.7]),
)
@settings(max_examples=60, deadline=None)
def test_the_ratio_is_reached_as_nearly_as_pixels_can(height, width, ratio):
    array = np.ones((height, width))
    padded, (top, right, bottom, left) = pad_to_aspect_ratio(array, ratio, return_pad_amounts=True)
    assert padded.shape == (height + top + bottom, width + left + right)
    assert top + bottom == 0 or left + right == 0
    assert 0 <= bottom - top <= 1
    assert 0 <= right - left <= 1
    if left + right:
        assert abs(padded.shape[1] - ratio * padded.shape[0]) <= 0.5
    else:
        assert abs(padded.shape[0] - padded.shape[1] / ratio) <= 0.5


def test_the_odd_pixel_goes_to_the_right_and_to_the_bottom():
    assert compute_paddings_to_reach_aspect_ratio((10, 5), 1.0) == (0, 3, 0, 2)
    assert compute_paddings_to_reach_aspect_ratio((5, 10, 3), 1.0) == (2, 0, 3, 0)
    assert compute_paddings_to_reach_multiples_of((5, 13), 4, 8) == (1, 2, 2, 1)


def test_amounts_come_only_when_asked_for():
    assert isinstance(pad_to_aspect_ratio(PICTURE, 1.0), np.ndarray)
    assert isinstance(pad_to_multiples_of(PICTURE, 4, 4), np.ndarray)


@pytest.mark.parametrize("ratio", [0, -1.0, float("inf"), float("nan")])
def test_ratios_are_above_zero(ratio):
    with pytest.raises(ValueError, match="width / height, above 0, got"):
        pad_to_aspect_ratio(PICTURE, ratio)


@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    multiples=st.tuples(st.integers(1, 16), st.integers(1, 16)),
)
@settings(max_examples=60, deadline=None)
def test_the_next_multiples_are_reached(shape, multiples):
    padded, amounts = pad_to_multiples_of(np.ones(shape), *multiples, return_pad_amounts=True)
    for old, new, multiple in zip(shape, padded.shape, multiples, strict=True):
        assert new % multiple == 0
        assert 0 <= new - old < multiple
    assert amounts == compute_paddings_to_reach_multiples_of(shape, *multiples)


def test_none_leaves_a_side_alone():
    assert pad_to_multiples_of(np.ones((5, 5)), None, 4).shape == (5, 8)


@pytest.mark.parametrize("multiples", [(0, 4), (4, -2), (2.5, 1)])
def test_multiples_are_whole_numbers_from_one(multiples):
    with pytest.raises(ValueError, match="multiples are whole numbers from 1, or None, got"):
        pad_to_multiples_of(PICTURE, *multiples)

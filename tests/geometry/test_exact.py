"""Flips, quarter turns, integer crops and pads: bit for bit what NumPy's slicing gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warp_reference import noise

from acetate.geometry import MODES, ORDERS, Hop, Projective, compose, warp, warp_chain
from acetate.geometry.exact import as_slicing, storable

FRAMES = st.tuples(st.integers(1, 40), st.integers(1, 40))
DTYPES = ["uint8", "uint16", "int32", "float32", "float64"]


def crop(top, left):
    return Projective.translation(left, top)


def quarter_turn(frame, times):
    """The map whose picture is numpy.rot90(picture, -times), and the frame it fills."""
    height, width = frame
    turned = frame if times % 2 == 0 else (width, height)
    turn = Projective.rotation(-90 * times, (turned[1] / 2, turned[0] / 2))
    moved = Projective.translation((width - turned[1]) / 2, (height - turned[0]) / 2)
    return compose([moved, turn]), turned


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1])
@given(frame=FRAMES, channels=st.integers(1, 5), mode=st.sampled_from(MODES))
def test_mirror_is_flip(dtype, axis, frame, channels, mode):
    array = noise((*frame, channels), dtype)
    for order in ORDERS:
        out = warp(array, Projective.mirror(frame, axis), order=order, mode=mode)
        np.testing.assert_array_equal(out, np.flip(array, axis))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("times", [-1, 1, 2, 3, 5])
@given(frame=FRAMES, mode=st.sampled_from(MODES))
def test_quarter_turns_are_rot90(dtype, times, frame, mode):
    array = noise((*frame, 3), dtype)
    turn, turned = quarter_turn(frame, times)
    out = warp(array, turn, turned, mode=mode)
    np.testing.assert_array_equal(out, np.rot90(array, -times))


@given(FRAMES, st.sampled_from(DTYPES), st.data())
def test_crops_are_slices(frame, dtype, data):
    array = noise(frame, dtype)
    top, left = (data.draw(st.integers(0, n - 1)) for n in frame)
    bottom, right = (
        data.draw(st.integers(top + 1, frame[0])),
        data.draw(st.integers(left + 1, frame[1])),
    )
    out = warp(array, crop(top, left), (bottom - top, right - left))
    np.testing.assert_array_equal(out, array[top:bottom, left:right])


@pytest.mark.parametrize("mode", MODES)
@given(FRAMES, st.sampled_from(DTYPES), st.tuples(*[st.integers(0, 90)] * 4))
def test_pads_are_numpys(mode, frame, dtype, amounts):
    """Also where they are wider than the picture, so that it is mirrored several times."""
    top, right, bottom, left = amounts
    array = noise((*frame, 2), dtype)
    out = warp(
        array,
        crop(-top, -left),
        (frame[0] + top + bottom, frame[1] + left + right),
        mode=mode,
        cval=1,
    )
    fill = {"constant_values": 1} if mode == "constant" else {}
    np.testing.assert_array_equal(
        out, np.pad(array, ((top, bottom), (left, right), (0, 0)), mode=mode, **fill)
    )


@given(FRAMES, FRAMES, st.integers(-99, 99), st.integers(-99, 99))
def test_frames_beside_the_picture_are_filled(frame, shape, top, left):
    array = noise(frame, np.uint8) | 1
    padded = np.pad(array, 200)
    expected = padded[200 + top : 200 + top + shape[0], 200 + left : 200 + left + shape[1]]
    np.testing.assert_array_equal(warp(array, crop(top, left), shape), expected)


@given(FRAMES, st.integers(0, 3), st.booleans(), st.sampled_from(DTYPES))
def test_inverted_moves_restore_every_bit(frame, times, flipped, dtype):
    array = noise((*frame, 2), dtype)
    turn, turned = quarter_turn(frame, times)
    there = compose([Projective.mirror(frame, 1), turn]) if flipped else turn
    back = warp(warp(array, there, turned), there.inverse(), frame)
    np.testing.assert_array_equal(back, array)


@given(FRAMES, st.integers(1, 40), st.integers(1, 40), st.integers(0, 3))
def test_sheets_of_odd_sizes_are_moved_exactly_too(frame, rows, columns, times):
    """A flip or turn of the picture is one of its sheet, whatever the ratio of their sizes."""
    sheet = noise((rows, columns, 1), np.float32)
    for map, shape, expected in (
        (Projective.mirror(frame, 1), frame, sheet[:, ::-1]),
        (*quarter_turn(frame, times), np.rot90(sheet, -times)),
    ):
        hop = Hop(map, frame, shape).scaled((rows, columns), expected.shape[:2])
        np.testing.assert_array_equal(warp_chain(sheet, [hop]), expected)


def test_several_whole_pixel_hops_are_carried_out_one_by_one():
    array = noise((6, 8, 3), np.uint8)
    hops = [
        Hop(crop(2, 3), (6, 8), (4, 5)),
        Hop(crop(-1, -1), (4, 5), (6, 7), mode="symmetric"),
        Hop(crop(-2, 0), (6, 7), (8, 7), cval=9),
        Hop(Projective.mirror((8, 7), 0), (8, 7), (8, 7)),
    ]
    expected = np.pad(array[2:, 3:], ((1, 1), (1, 1), (0, 0)), mode="symmetric")
    expected = np.pad(expected, ((2, 0), (0, 0), (0, 0)), constant_values=9)[::-1]
    np.testing.assert_array_equal(warp_chain(array, hops), expected)


def test_crops_share_memory_where_asked_and_never_with_warp():
    array = noise((6, 8, 3), np.uint8)
    cropped = warp_chain(array, [Hop(crop(2, 3), (6, 8), (4, 5))])
    assert np.shares_memory(cropped, array)
    assert not np.shares_memory(warp(array, crop(2, 3), (4, 5)), array)


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "complex64", ">u2", ">f8"])
@pytest.mark.parametrize("channels", [1, 3, 6])
def test_any_dtype_and_byte_order_can_be_sliced(dtype, channels):
    array = (noise((6, 9, channels), "uint16") % 100).astype(dtype)
    turn, turned = quarter_turn((6, 9), 1)
    np.testing.assert_array_equal(warp(array, turn, turned), np.rot90(array, -1))
    np.testing.assert_array_equal(warp(array, Projective.mirror((6, 9), 1)), array[:, ::-1])


@pytest.mark.parametrize("view", [np.s_[::-1, ::-1], np.s_[::2, 1::3], np.s_[:, :, ::-1]])
def test_views_can_be_sliced(view):
    array = noise((12, 18, 4), np.uint8)[view]
    frame = array.shape[:2]
    turn, turned = quarter_turn(frame, 3)
    np.testing.assert_array_equal(warp(array, turn, turned), np.rot90(array, -3))
    np.testing.assert_array_equal(warp(array, Projective.mirror(frame, 0)), array[::-1])


@pytest.mark.parametrize(
    "map",
    [
        Projective.translation(0.5, 0),
        Projective.rotation(1),
        Projective.rotation(45),
        Projective.scaling(2, 1),
        Projective.scaling(0.5, 0.5),
        Projective([[1, 0.001, 0], [0, 1, 0], [0, 0, 1]]),
        Projective([[1, 0, 0], [1, 1, 0], [0, 0, 1]]),
        Projective([[0, 1, 0], [1, 1, 0], [0, 0, 1]]),
        Projective([[1, 0, 0], [0, 1, 0], [1e-3, 0, 1]]),
    ],
)
def test_maps_that_move_parts_of_pixels_are_no_slicings(map):
    assert as_slicing(map) is None


def test_fills_are_stored_as_the_dtype_can_hold_them():
    assert storable(-1.0, np.dtype("uint8")) == 0
    assert storable(65535.6, np.dtype("uint16")) == 65535
    assert storable(2.5, np.dtype("int32")) == 2
    assert storable(0.25, np.dtype("float32")) == 0.25

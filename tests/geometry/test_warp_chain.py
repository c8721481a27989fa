"""warp_chain: several hops with one resampling, against carrying them out one by one."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warp_reference import elastics, noise, patches, projective_maps, reference, smooth

from acetate.geometry import MODES, Elastic, Hop, Projective, compose, warp, warp_chain

SIDES = st.integers(40, 90)
FRAMES = st.tuples(SIDES, SIDES)


def one_by_one(array, hops, order="linear"):
    for hop in hops:
        array = warp_chain(array, [hop], order)
    return array


def near_borders(regions, reach):
    """Which pixels lie so near to a pixel of another region, or to the picture's border."""
    square = np.ones((2 * reach + 1, 2 * reach + 1))
    padded = np.pad(regions, reach, constant_values=-1)
    least, most = cv2.erode(padded, square), cv2.dilate(padded, square)
    return (least != most)[reach:-reach, reach:-reach]


@st.composite
def placed(draw, source, shape):
    """A map from a frame into another: a turn, a crop or pad, a perspective, or a bent one."""
    move = Projective.translation((source[1] - shape[1]) / 2, (source[0] - shape[0]) / 2)
    crop = Projective.translation(draw(st.integers(-20, 20)), draw(st.integers(-20, 20)))
    turn = Projective.rotation(draw(st.floats(-60, 60)), (shape[1] / 2, shape[0] / 2))
    bent = st.one_of(elastics(shape, 0.6), patches(shape), projective_maps(shape))
    kind = draw(st.sampled_from(["crop", "turn", "bent", "zoom"]))
    if kind == "crop":
        return crop
    if kind == "turn":
        return compose([move, turn])
    if kind == "zoom":
        return Projective.scaling(source[1] / shape[1], source[0] / shape[0])
    return compose([move, draw(bent)])


@st.composite
def ways(draw, modes=("constant",), fills=(0.0,)):
    frames = draw(st.lists(FRAMES, min_size=3, max_size=4))
    return [
        Hop(
            draw(placed(source, shape)),
            source,
            shape,
            draw(st.sampled_from(modes)),
            draw(st.sampled_from(fills)),
        )
        for source, shape in pairwise(frames)
    ]


@settings(max_examples=60)
@given(ways(fills=(0.0, 5.0, 9.0)))
def test_the_same_regions_are_filled(hops):
    array = np.ones(hops[0].source, np.float32)
    expected = one_by_one(array, hops, "nearest")
    out = warp_chain(array, hops, "nearest")
    # Regions may differ where they meet: by a pixel for each resampling that is spared.
    near = near_borders(expected, 2) | near_borders(out, 2)
    assert (out == expected)[~near].all()


@settings(max_examples=60)
@given(ways(modes=MODES, fills=(0.5,)), st.integers(0, 99))
def test_smooth_pictures_look_alike(hops, seed):
    """With any fill in the middle; at seams and kinks of the fill a few pixels differ."""
    array = (0.5 + (smooth(hops[0].source, seed, shortest=60) - 0.5) / 2).astype(np.float32)
    off = np.abs(warp_chain(array, hops) - one_by_one(array, hops))
    assert np.quantile(off, 0.9) < 0.03


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bend", [False, True])
def test_a_frame_in_the_middle_is_filled_as_its_hop_says(mode, bend):
    """A picture is cut to its left half, then looked at from three times further away."""
    array = noise((40, 80, 3), np.uint8)
    cut = Hop(Projective.identity(), (40, 80), (40, 40))
    away = Projective.scaling(3, 3).around((20, 20))
    if bend:
        away = compose([away, Elastic((40, 40), 0, 2, 1)])
    hops = [cut, Hop(away, (40, 40), (40, 40), mode, 7)]
    for order in ("nearest", "linear"):
        out = warp_chain(array, hops, order)
        np.testing.assert_array_equal(out, one_by_one(array, hops, order))
    if mode == "constant":
        assert (out[:, :13] == 7).all()
        assert (out[:, 27:] == 7).all()


@pytest.mark.parametrize("step", [10, 10.5])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_crop_then_pad_shows_the_fill_and_not_what_was_cropped(step, dtype):
    array = noise((60, 60), dtype)
    array[:] = 100
    crop = Hop(Projective.translation(step, step), (60, 60), (40, 40))
    pad = Hop(Projective.translation(-step, -step), (40, 40), (60, 60), cval=3)
    out = warp_chain(array, [crop, pad])
    assert (out[:9] == 3).all()
    assert (out[-9:] == 3).all()
    assert (out[:, :9] == 3).all()
    assert (out[12:48, 12:48] == 100).all()


@pytest.mark.parametrize("mode", ["symmetric", "reflect", "wrap"])
@pytest.mark.parametrize("order", ["linear", "cubic"])
def test_mirror_images_of_a_large_picture_are_right_far_outside(order, mode):
    frame = (300, 270)
    array = smooth(frame).astype(np.float32)
    hops = [
        Hop(Projective.rotation(45, (135, 150)), frame, frame, mode),
        Hop(Elastic(frame, 50, 5, 3), frame, frame, mode),
    ]
    alone = [Hop(compose(hop.map for hop in hops), frame, frame, mode)]
    # Only at the picture's border does it matter that the first frame was cut in between.
    inner = np.s_[60:240, 60:210]
    out = warp_chain(array, hops, order)[inner]
    expected = reference(array, alone[0].map, frame, order, mode)[inner]
    assert np.quantile(np.abs(out - expected), 0.99) < 0.01
    np.testing.assert_allclose(warp_chain(array, alone, order)[inner], expected, atol=0.03)


def test_fills_are_stacked_in_the_order_of_the_hops():
    array = np.full((30, 30), 1, np.uint8)
    shift = Projective.translation(-10.5, 0)
    hops = [Hop(shift, (30, 30), (30, 30), cval=2), Hop(shift, (30, 30), (30, 30), cval=3)]
    for order in ("nearest", "linear"):
        row = warp_chain(array, hops, order)[5]
        assert row[:10].tolist() == [3] * 10
        assert row[12:20].tolist() == [2] * 8
        assert row[22:].tolist() == [1] * 8


@given(
    ways(fills=(0.0, 5.0, 9.0)),
    st.sampled_from([1, 3, 4, 6]),
    st.sampled_from(["uint8", "uint16", "float32"]),
)
def test_channels_are_moved_alike(hops, channels, dtype):
    array = noise((*hops[0].source, channels), dtype)
    out = warp_chain(array, hops)
    for c in range(channels):
        alone = warp_chain(np.ascontiguousarray(array[:, :, c]), hops)
        np.testing.assert_allclose(out[:, :, c].astype(float), alone, atol=1e-4, rtol=0)


def test_one_resampling_is_sharper_than_two():
    array = smooth((120, 120), shortest=6).astype(np.float32)
    turn = Projective.rotation(10, (60, 60))
    hops = [
        Hop(turn, (120, 120), (120, 120)),
        Hop(turn.inverse(), (120, 120), (120, 120)),
        Hop(Elastic((120, 120), 0, 5, 1), (120, 120), (120, 120)),
    ]
    inner = np.s_[30:90, 30:90]
    np.testing.assert_allclose(warp_chain(array, hops)[inner], array[inner], atol=1e-4)
    assert np.abs(one_by_one(array, hops) - array)[inner].max() > 0.02


@pytest.mark.parametrize("frame", [(700, 900), (2500, 40)])
def test_chains_on_large_pictures_have_no_seams(frame):
    array = np.full(frame, 1, np.float32)
    hops = [
        Hop(Projective.rotation(2, (frame[1] / 2, frame[0] / 2)), frame, frame, cval=2),
        Hop(Elastic(frame, 60, 5, 3), frame, frame, cval=3),
    ]
    out = warp_chain(array, hops, "nearest")
    expected = one_by_one(array, hops, "nearest")
    assert set(np.unique(out)) == {1, 2, 3}
    near = near_borders(expected, 2) | near_borders(out, 2)
    assert (out == expected)[~near].all()


def test_threads_do_not_disturb_each_other():
    """They share what is remembered between calls, but no memory that is written to."""
    frames = [(40 + 30 * i, 300 - 20 * i) for i in range(8)]

    def moved(frame):
        hops = [
            Hop(Projective.rotation(9, (40, 40)), frame, frame, cval=5),
            Hop(Elastic(frame, 60, 5, frame[0]), frame, frame, cval=9),
        ]
        return warp_chain(noise((*frame, 3), np.uint8), hops)

    alone = [moved(frame) for frame in frames]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(moved, frames * 10))
    for out, expected in zip(together, alone * 10, strict=True):
        np.testing.assert_array_equal(out, expected)


class TestArea:
    @pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
    @pytest.mark.parametrize("degrees", [0, 30, 45, 211])
    def test_a_checkerboard_from_far_away_is_gray(self, dtype, degrees):
        white = 1 if dtype.startswith("f") else np.iinfo(dtype).max
        board = (np.indices((160, 160)).sum(axis=0) % 2 * white).astype(dtype)
        far = compose([Projective.rotation(degrees, (80, 80)), Projective.scaling(4, 4)])
        out = warp(board, far, (40, 40), "area", mode="wrap") / white
        assert np.abs(out - 0.5).max() < (0.003 if degrees == 0 else 0.1)

    @settings(max_examples=30)
    @given(st.floats(0, 360), st.floats(2, 6), st.integers(0, 9))
    def test_the_mean_is_kept(self, degrees, shrink, seed):
        array = noise((90, 120, 3), np.float32, seed) / 2
        array[:, :60] += 0.5
        mean = float(array.mean())
        away = compose(
            [
                Projective.translation(60, 45),
                Projective.rotation(degrees),
                Projective.scaling(shrink, shrink),
                Projective.translation(-45, -45),
            ]
        )
        out = warp(array, away, (90, 90), "area", cval=mean)
        seen = 90 * 120 / shrink**2 / 90**2  # the share of the frame that shows the picture
        assert abs(out.mean() - mean) / seen < 1 / 255

    def test_resizing_averages_blocks(self):
        array = noise((40, 60, 5), np.float32)
        out = warp(array, Projective.scaling(5, 4), (10, 12), "area")
        blocks = array.reshape(10, 4, 12, 5, 5).mean(axis=(1, 3))
        np.testing.assert_allclose(out, blocks, atol=1e-5)

    def test_where_it_grows_it_interpolates(self):
        array = noise((20, 30), np.float32)
        zoom = Projective.scaling(0.5, 0.25)
        np.testing.assert_allclose(
            warp(array, zoom, (40, 120), "area"), warp(array, zoom, (40, 120)), atol=1e-5
        )

    def test_one_axis_may_shrink_while_the_other_grows(self):
        array = noise((40, 30), np.float32)
        out = warp(array, Projective.scaling(0.5, 4), (10, 60), "area")
        blocks = array.reshape(10, 4, 30).mean(axis=1)
        expected = warp(blocks, Projective.scaling(0.5, 1), (10, 60))
        np.testing.assert_allclose(out, expected, atol=1e-5)

    def test_turning_alone_costs_little_sharpness(self):
        array = smooth((80, 80), shortest=10).astype(np.float32)
        turn = Projective.rotation(10, (40, 40))
        off = (warp(array, turn, order="area") - warp(array, turn))[15:-15, 15:-15]
        assert np.abs(off).max() < 0.03

    @pytest.mark.parametrize("shape", [(1, 1), (1, 30), (20, 1)])
    def test_thin_frames(self, shape):
        array = np.full((50, 50), 9, np.uint8)
        map = compose(
            [Projective.rotation(5, (25, 25)), Projective.scaling(50 / shape[1], 50 / shape[0])]
        )
        assert warp(array, map, shape, "area", mode="edge").tolist() == np.full(shape, 9).tolist()

    def test_very_wide_output(self):
        array = np.full((3, 30_000), 200, np.uint8)
        map = Projective([[1.5, 0.00001, 0], [0, 1.2, 0], [0, 0, 1]])
        assert (warp(array, map, (2, 20_000), "area", mode="edge") == 200).all()

    def test_bent_hops_average_too(self):
        board = (np.indices((200, 200)).sum(axis=0) % 2 * 255).astype(np.uint8)
        hops = [
            Hop(Elastic((200, 200), 60, 6, 1), (200, 200), (200, 200)),
            Hop(Projective.scaling(4, 4), (200, 200), (50, 50)),
        ]
        out = warp_chain(board, hops, "area")[5:-5, 5:-5]
        assert np.abs(out.astype(float) - 127.5).max() < 40
        assert abs(out.mean() - 127.5) < 2


class TestErrors:
    def test_array_of_another_size(self):
        hop = Hop(Projective.rotation(3), (20, 20), (20, 20))
        with pytest.raises(ValueError, match=r"reads a frame of \(20, 20\), .* is \(10, 20\)"):
            warp_chain(np.zeros((10, 20), np.uint8), [hop])

    def test_hops_that_do_not_meet(self):
        hops = [
            Hop(Projective.identity(), (20, 20), (10, 10)),
            Hop(Projective.identity(), (20, 20), (20, 20)),
        ]
        with pytest.raises(ValueError, match=r"use Hop\.scaled for a sheet of another size"):
            warp_chain(np.zeros((20, 20), np.uint8), hops)

    def test_no_hops_leave_the_array_as_it_is(self):
        array = noise((5, 6, 3), np.uint8)
        np.testing.assert_array_equal(warp_chain(array, []), array)

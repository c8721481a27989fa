"""warp: pictures, heatmaps and labels seen through one map, against a slow reference."""

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from warp_reference import affine_maps, elastics, maps, noise, places, reference, smooth

from acetate.geometry import MODES, ORDERS, Elastic, Projective, compose, warp, warp_points

SIDES = st.one_of(st.sampled_from([1, 2, 3, 64]), st.integers(1, 90))
FRAMES = st.tuples(SIDES, SIDES)
CHANNELS = st.one_of(st.none(), st.integers(1, 9))
TOLERANCE = {"uint8": 1, "uint16": 8, "float32": 1e-4, "float64": 1e-4}


def full_shape(frame, channels):
    return frame if channels is None else (*frame, channels)


def laid_out(array, way):
    """The same values in another memory layout."""
    if way == "fortran":
        return np.asfortranarray(array)
    if way == "strided":
        wide = np.repeat(np.repeat(array, 2, axis=0), 3, axis=1)
        return wide[::2, ::3]
    if way == "reversed":
        return array[::-1, ::-1].copy()[::-1, ::-1]
    return array


@settings(max_examples=60)
@given(st.data())
def test_linear_agrees_with_the_reference(data):
    frame, shape = data.draw(FRAMES), data.draw(FRAMES)
    map = data.draw(maps(shape))
    dtype = data.draw(st.sampled_from(sorted(TOLERANCE)))
    array = noise(full_shape(frame, data.draw(CHANNELS)), dtype)
    array = laid_out(array, data.draw(st.sampled_from(["plain", "fortran", "strided", "reversed"])))
    mode = data.draw(st.sampled_from(MODES))
    cval = data.draw(st.sampled_from([0, 1])) if dtype.startswith("f") else 77

    out = warp(array, map, shape, "linear", mode, cval)

    assert out.dtype == array.dtype
    assert out.shape == shape + array.shape[2:]
    expected = reference(array, map, shape, "linear", mode, cval)
    np.testing.assert_allclose(out, expected, rtol=0, atol=TOLERANCE[dtype])


@settings(max_examples=60)
@given(st.data())
def test_nearest_picks_the_pixel_under_each_centre(data):
    frame, shape = data.draw(FRAMES), data.draw(FRAMES)
    map = data.draw(maps(shape))
    dtype = data.draw(st.sampled_from([*sorted(TOLERANCE), "int32"]))
    array = laid_out(noise(full_shape(frame, data.draw(CHANNELS)), dtype), "fortran")
    mode = data.draw(st.sampled_from(MODES))

    out = warp(array, map, shape, "nearest", mode, 1)

    assert out.dtype == array.dtype
    # Between two pixels either may win: OpenCV rounds places to 1/1024 px for some dtypes.
    clear = (np.abs(places(map, shape) % 1 - 0.5) > 2e-3).all(axis=-1)
    np.testing.assert_array_equal(
        out[clear], reference(array, map, shape, "nearest", mode, 1)[clear]
    )


@given(st.data())
def test_cubic_is_keys_convolution(data):
    frame, shape = data.draw(FRAMES), data.draw(FRAMES)
    map = data.draw(maps(shape))
    mode = data.draw(st.sampled_from(MODES))
    dtype = data.draw(st.sampled_from(sorted(TOLERANCE)))
    array = smooth(frame, seed=data.draw(st.integers(0, 99)))
    scale = 1 if dtype.startswith("f") else np.iinfo(dtype).max
    array = np.stack([array, array[::-1]], axis=-1)
    array = (array * scale).astype(dtype)

    out = warp(array, map, shape, "cubic", mode, 0)

    expected = reference(array, map, shape, "cubic", mode, 0)
    expected = expected if scale == 1 else expected.clip(0, scale)
    off = np.abs(out - expected) / scale
    # OpenCV reads at places rounded to 1/32 px: half of that across a step of 1 is 0.02.
    assert off.max() < 0.04
    assert off.mean() < 0.004


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("order", ["nearest", "linear", "cubic"])
@given(frame=FRAMES, shape=FRAMES, channels=CHANNELS)
def test_resizing_is_centre_aligned(order, dtype, frame, shape, channels):
    array = noise(full_shape(frame, channels), dtype)
    zoom = Projective.scaling(frame[1] / shape[1], frame[0] / shape[0])

    out = warp(array, zoom, shape, order)

    scale = 1 if dtype.startswith("f") else np.iinfo(dtype).max
    expected = reference(array, zoom, shape, order, "edge")
    expected = expected if scale == 1 else expected.clip(0, scale)
    if order == "nearest":
        clear = (np.abs(places(zoom, shape) % 1 - 0.5) > 1e-6).all(axis=-1)
        np.testing.assert_array_equal(out[clear], expected[clear])
    else:
        np.testing.assert_allclose(out / scale, expected / scale, rtol=0, atol=1 / 255)


@pytest.mark.parametrize("order", ["nearest", "linear", "cubic", "area"])
def test_a_whole_pixel_part_is_resized_as_if_it_were_alone(order):
    array = noise((60, 80, 3), np.uint8)
    zoom = compose([Projective.translation(20, 10), Projective.scaling(0.5, 0.25)])
    part = warp(array[10:30, 20:60], Projective.scaling(0.5, 0.25), (80, 80), order)
    np.testing.assert_array_equal(warp(array, zoom, (80, 80), order), part)


def test_nearest_enlarging_repeats_each_pixel():
    array = np.arange(12, dtype=np.uint8).reshape(3, 4)
    out = warp(array, Projective.scaling(1 / 3, 1 / 3), (9, 12), "nearest")
    np.testing.assert_array_equal(out, array.repeat(3, axis=0).repeat(3, axis=1))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float32", "float64"])
@pytest.mark.parametrize("mode", MODES)
@given(data=st.data())
def test_the_identity_changes_no_bit(dtype, mode, data):
    frame = data.draw(FRAMES)
    array = noise(full_shape(frame, data.draw(CHANNELS)), dtype)
    centre = (frame[1] / 2, frame[0] / 2)
    still = data.draw(
        st.sampled_from(
            [
                Projective.identity(),
                Projective.rotation(0, centre),
                Projective.scaling(1, 1).around(centre),
                Projective.identity().scaled((0.3, 0.7), (0.3, 0.7)),
            ]
        )
    )
    for order in ("nearest",) if dtype == "int32" else ORDERS:
        out = warp(array, still, order=order, mode=mode)
        np.testing.assert_array_equal(out, array)
        assert not np.shares_memory(out, array)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("order", ["nearest", "linear", "cubic"])
def test_a_field_of_no_strength_changes_no_bit(dtype, order):
    for channels in (1, 2, 3, 5):
        array = noise((70, 90, channels), dtype)
        for sigma in (2, 5, 13):
            still = Elastic((70, 90), alpha=0, sigma=sigma, key=1)
            np.testing.assert_array_equal(warp(array, still, order=order), array)


@given(st.data())
def test_the_input_is_neither_changed_nor_shared(data):
    shape = data.draw(FRAMES)
    map = data.draw(st.one_of(maps(shape), st.just(Projective.translation(2, -1))))
    order, mode = data.draw(st.sampled_from(ORDERS)), data.draw(st.sampled_from(MODES))
    array = noise((40, 30, 3), np.float32)
    before = array.copy()
    array.setflags(write=False)
    out = warp(array, map, shape, order, mode)
    np.testing.assert_array_equal(array, before)
    assert not np.shares_memory(out, array)
    assert out.flags.writeable


@pytest.mark.parametrize("frame", [(3000, 40), (700, 900), (65, 2), (1, 2000)])
@pytest.mark.parametrize("kind", ["affine", "projective", "elastic", "own strips"])
def test_pictures_higher_than_a_strip_have_no_seams(frame, kind):
    map = {
        "affine": Projective.rotation(3, (20, 300)),
        "projective": Projective([[1, 0.02, 3], [0.01, 1, -2], [1e-5, 1e-5, 1]]),
        "elastic": Elastic(frame, alpha=60, sigma=6, key=3),
        "own strips": Elastic(frame, alpha=1e5, sigma=200, key=3),
    }[kind]
    array = noise((*frame, 3), np.uint8)
    out = warp(array, map)
    np.testing.assert_allclose(out, reference(array, map, frame), rtol=0, atol=1)


@pytest.mark.parametrize("dtype", [">u2", ">f4", ">f8", ">i4"])
def test_byte_order_does_not_matter(dtype):
    array = noise((20, 30, 2), np.dtype(dtype).newbyteorder("="))
    turn = Projective.rotation(10)
    for order in ["nearest"] if dtype == ">i4" else ORDERS:
        out = warp(array.astype(dtype), turn, order=order)
        np.testing.assert_array_equal(out, warp(array, turn, order=order))


@pytest.mark.parametrize("mode", ["symmetric", "reflect", "wrap"])
@pytest.mark.parametrize("order", ["nearest", "linear", "cubic"])
@given(frame=st.tuples(st.integers(1, 40), st.integers(1, 40)), x=st.integers(-150, 150))
def test_the_plane_is_tiled_with_the_picture(mode, order, frame, x):
    """Also where OpenCV, reading cubically, repeats the wrong pixels (more than 16 px outside)."""
    array = noise((*frame, 3), np.uint8)
    still = Elastic((30, 200), alpha=0, sigma=2, key=0)
    map = compose([Projective.translation(x, -x), still])
    tiles = np.pad(array, ((400, 400), (400, 400), (0, 0)), mode=mode)
    expected = tiles[400 - x : 430 - x, 400 + x : 600 + x]
    np.testing.assert_array_equal(warp(array, map, (30, 200), order, mode), expected)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("mode", ["symmetric", "reflect"])
@pytest.mark.parametrize("order", ["nearest", "linear", "cubic"])
def test_mirrored_borders_end_at_any_distance(mode, order):
    """OpenCV mirrors step by step, and with one pixel, for ever."""
    array = noise((40, 30), np.uint8)
    horizon = Projective([[1, 0.1, 0], [0, 1, 0], [-1 / 15.1, 1 / 600, 1]])
    for map in (
        horizon,
        Projective.scaling(1e6, 1e6),
        Projective.rotation(20).scaled((500, 1), (1, 1)),
    ):
        assert warp(array, map, order=order, mode=mode).std() > 20
    for frame in ((1, 40), (40, 1), (1, 1)):
        array = np.full(frame, 7, np.uint8)
        assert (warp(array, Projective.rotation(20), (9, 8), order, mode) == 7).all()


@given(st.data())
def test_far_mirror_images_are_the_same_as_near_ones(data):
    mode, order = data.draw(st.sampled_from(["symmetric", "reflect"])), "linear"
    array = smooth((20, 30)).astype(np.float32)
    zoom = Projective.rotation(data.draw(st.floats(0, 360))).scaled((40, 40), (1, 1))
    out = warp(array, zoom, (50, 200), order, mode)
    np.testing.assert_allclose(out, reference(array, zoom, (50, 200), order, mode), atol=2e-3)


def test_the_fill_is_rounded_and_clipped_alike_on_every_way():
    array = np.zeros((4, 4), np.uint8)
    for cval, stored in ((127.6, 128), (300, 255), (-7, 0)):
        whole = warp(array, Projective.translation(2, 0), cval=cval)
        part = warp(array, Projective.translation(2.5, 0), cval=cval)
        assert whole[0, 3] == part[0, 3] == stored


def test_large_labels_survive():
    labels = np.array([[0, 2**31 - 1], [-5, 16_777_217]], np.int32)
    out = warp(labels, Projective.scaling(0.5, 0.5), (4, 4), "nearest")
    np.testing.assert_array_equal(out, labels.repeat(2, axis=0).repeat(2, axis=1))
    turned = warp(labels, Projective.rotation(1, (1, 1)), order="nearest", cval=2**31 - 1)
    np.testing.assert_array_equal(turned, labels)


@pytest.mark.parametrize("order", ["nearest", "linear", "area"])
def test_values_stay_in_range(order):
    array = np.where(noise((50, 60), np.float32) > 0.5, 1, 0).astype(np.float32)
    out = warp(array, Elastic((50, 60), 40, 4, 9), order=order, mode="edge")
    assert out.min() >= 0
    assert out.max() <= 1 + 1e-6


@settings(max_examples=30)
@given(st.data())
def test_points_move_with_the_picture(data):
    frame = (60, 80)
    map = data.draw(st.one_of(affine_maps(frame), elastics(frame, 0.8)))
    x, y = data.draw(st.floats(25, 55)), data.draw(st.floats(20, 40))
    columns, rows = np.arange(80) + 0.5, np.arange(60) + 0.5
    dot = np.exp(-((columns - x) ** 2 + (rows[:, None] - y) ** 2) / 8).astype(np.float32)
    [[u, v]] = warp_points([[x, y]], map)
    assume(15 < u < 65 and 15 < v < 45)  # else it is partly out of the frame
    peak = np.unravel_index(warp(dot, map).argmax(), frame)
    assert np.hypot(peak[1] + 0.5 - u, peak[0] + 0.5 - v) < 1.5


class TestErrors:
    def test_unknown_order(self):
        with pytest.raises(ValueError, match="order must be one of nearest, linear, cubic, area"):
            warp(np.zeros((4, 4), np.uint8), Projective.identity(), order="bicubic")

    def test_unknown_mode(self):
        with pytest.raises(ValueError, match=r"mode must be one of constant, .*, got 'mirror'"):
            warp(np.zeros((4, 4), np.uint8), Projective.identity(), mode="mirror")

    @pytest.mark.parametrize("shape", [(4,), (2, 2, 2, 2), (0, 4), (4, 4, 0)])
    def test_shape(self, shape):
        with pytest.raises(ValueError, match=r"\(H, W\) or \(H, W, C\), not empty, got shape"):
            warp(np.zeros(shape, np.uint8), Projective.rotation(3))

    @pytest.mark.parametrize(
        ("dtype", "order"),
        [("bool", "nearest"), ("int64", "nearest"), ("float16", "linear"), ("int32", "linear")],
    )
    def test_dtype(self, dtype, order):
        with pytest.raises(ValueError, match=f"{dtype} with order {order}; convert it first"):
            warp(np.zeros((4, 4), dtype), Projective.rotation(3), order=order)

    def test_side(self):
        with pytest.raises(ValueError, match="at most 32766 pixels on a side, got 40000; tile"):
            warp(np.zeros((1, 40_000), np.uint8), Projective.translation(0.5, 0))

    def test_whole_pixel_maps_take_any_size_and_dtype(self):
        flags = np.zeros((1, 40_000), bool)
        flags[0, 0] = True
        assert warp(flags, Projective.mirror((1, 40_000), axis=1))[0, -1]


def test_one_thread_or_many_give_the_same_bytes():
    array, turn = noise((300, 400, 3), np.uint8), Projective.rotation(7, (200, 150))
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = warp(array, turn)
        cv2.setNumThreads(4)
        np.testing.assert_array_equal(warp(array, turn), alone)
    finally:
        cv2.setNumThreads(before)


@pytest.mark.parametrize("order", ["nearest", "linear", "cubic"])
@pytest.mark.parametrize("mode", MODES)
def test_a_horizon_on_a_row_of_pixels_takes_no_time(order, mode):
    """OpenCV would go through two thousand million mirror images of each point at infinity."""
    tilt = Projective([[1, 0, 0], [0, 1, 0], [-0.08, 0, 1]])  # over the centres at x = 12.5
    out = warp(np.full((400, 100, 3), 7, np.uint8), tilt, order=order, mode=mode, cval=7)
    assert (out == 7).all()


@pytest.mark.parametrize("side", [32_763, 32_764, 32_766])
def test_the_longest_sides_in_colour(side):
    bend = Elastic((2, 20), 5.0, 3.0, 1)
    colors = np.full((2, side, 3), 9, np.uint8)
    gray = warp(colors[:, :, 0], bend, (2, 20))
    np.testing.assert_array_equal(warp(colors, bend, (2, 20)), gray[:, :, np.newaxis].repeat(3, 2))

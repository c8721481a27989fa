import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate.sheets import HeatmapsOnImage, Keypoint, KeypointsOnImage

NAN = float("nan")
EYES = {"left eye": "right eye", "right eye": "left eye"}
FACE = KeypointsOnImage(
    [
        Keypoint(60, 20, "left eye", visible=False),
        Keypoint(40, 30, "nose"),
        Keypoint(20, 20, "right eye"),
    ],
    shape=(50, 80, 3),
    mirror=EYES,
)


def same(a, b):
    return (
        np.array_equal(a.xy, b.xy, equal_nan=True)
        and a.names == b.names
        and a.visible == b.visible
        and a.shape == b.shape
        and a.mirror == b.mirror
    )


def test_a_point_knows_its_place():
    point = Keypoint(10.6, 20.4, "nose")
    assert (point.x_int, point.y_int) == (11, 20)
    assert point.xy.tolist() == [10.6, 20.4]
    assert not point.missing
    assert point.shift(x=1, y=-2) == Keypoint(11.6, 18.4, "nose")


def test_a_missing_point_has_no_whole_number_place():
    point = Keypoint(NAN, 3, "nose")
    assert point.missing
    with pytest.raises(ValueError, match="'nose' is missing: it has no whole-number place"):
        _ = point.y_int


def test_projecting_scales_each_axis():
    point = Keypoint(10, 20, "nose", visible=False).project((100, 200, 3), np.zeros((50, 400)))
    assert point == Keypoint(20, 10, "nose", visible=False)


@pytest.mark.parametrize(
    ("x", "y", "out"),
    [(0, 0, False), (79.9, 49.9, False), (80, 0, True), (0, 50, True), (-0.1, 0, True)],
)
def test_the_image_ends_at_its_size(x, y, out):
    assert Keypoint(x, y).is_out_of_image((50, 80, 3)) is out


def test_a_missing_point_is_not_outside():
    assert Keypoint(NAN, NAN).is_out_of_image((50, 80)) is False


def test_points_are_a_sequence():
    assert len(FACE) == 3
    assert FACE[1] == Keypoint(40, 30, "nose")
    assert FACE[:2] == FACE.keypoints[:2]
    assert [point.name for point in FACE] == ["left eye", "nose", "right eye"]
    assert FACE.items == FACE.keypoints
    assert (FACE.height, FACE.width, FACE.empty) == (50, 80, False)
    assert FACE[0].visible is False
    assert "nose" in repr(FACE)
    assert KeypointsOnImage([], (4, 4)).empty
    assert KeypointsOnImage([], (4, 4)).to_xy_array().shape == (0, 2)


def test_arrays_go_round():
    xy = np.array([[1.5, 2.5], [NAN, NAN]])
    before = xy.copy()
    points = KeypointsOnImage.from_xy_array(xy, np.zeros((4, 6)), names=["a", None])
    points.xy[:] = 0
    assert np.array_equal(xy, before, equal_nan=True)
    assert points.names == ("a", None)
    assert points.shape == (4, 6)
    taken = points.to_xy_array()
    assert taken.dtype == np.float32
    taken[:] = 7
    assert points.to_xy_array(np.float64).max() == 0
    assert KeypointsOnImage.from_xy_array([], (4, 4)).empty


@pytest.mark.parametrize("xy", [[1, 2], [[1, 2, 3]], np.zeros((2, 2, 2))])
def test_arrays_have_two_columns(xy):
    with pytest.raises(ValueError, match=r"keypoints must have shape \(n, 2\), x and y, got"):
        KeypointsOnImage.from_xy_array(xy, (4, 4))


def test_names_are_as_many_as_points():
    with pytest.raises(ValueError, match="a name for each point: 2, got 1"):
        KeypointsOnImage.from_xy_array(np.zeros((2, 2)), (4, 4), names=["a"])


def test_places_are_not_infinite():
    with pytest.raises(ValueError, match=r"keypoint 1 lies at \[inf, 0.0\]: places are numbers"):
        KeypointsOnImage([Keypoint(0, 0), Keypoint(np.inf, 0)], (4, 4))


def test_filling_keeps_all_but_the_places():
    xy = np.array([[1, 2], [NAN, NAN], [5, 6]])
    filled = FACE.fill_from_xy_array(xy)
    assert np.array_equal(filled.xy, xy, equal_nan=True)
    assert not np.may_share_memory(filled.xy, xy)
    assert same(filled.fill_from_xy_array(FACE.xy), FACE)
    with pytest.raises(ValueError, match=r"shape \(3, 2\), x and y, got \(2, 2\)"):
        FACE.fill_from_xy_array(xy[:2])


def test_with_xy_neither_checks_nor_copies():
    xy = np.full((3, 2), np.inf)
    moved = FACE.with_xy(xy, (7, 7))
    assert moved.xy is xy
    assert moved.shape == (7, 7)
    assert (moved.names, moved.visible, moved.mirror) == (FACE.names, FACE.visible, FACE.mirror)


points = st.lists(
    st.tuples(st.floats(-50, 150), st.floats(-50, 150)) | st.just((NAN, NAN)), max_size=6
)


@given(points, st.integers(1, 300), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_missing_points_survive_everything(places, height, width):
    sheet = KeypointsOnImage.from_xy_array(places, (50, 80))
    missing = int(sheet.missing.sum())
    assert missing == sum(np.isnan(x) for x, _ in places)
    for moved in (
        sheet.on((height, width)),
        sheet.shift(3, -4),
        sheet.swapped(),
        sheet.remove_out_of_image(),
        sheet.clip_out_of_image(),
        sheet.deepcopy(),
        KeypointsOnImage(sheet.keypoints, sheet.shape),
    ):
        assert int(moved.missing.sum()) == missing
    assert sheet.draw().shape == (50, 80, 3)


def test_on_scales_each_axis():
    moved = FACE.on(np.zeros((25, 160, 3)))
    assert moved.xy.tolist() == [[120, 10], [80, 15], [40, 10]]
    assert moved.shape == (25, 160, 3)
    assert same(moved.on(FACE.shape), FACE)


def test_shift_moves_right_and_down():
    assert FACE.shift(x=1, y=2).xy.tolist() == [[61, 22], [41, 32], [21, 22]]


def mirrored(sheet):
    return sheet.fill_from_xy_array([(sheet.width - x, y) for x, y in sheet.xy])


def test_after_a_mirror_image_the_left_eye_is_on_the_left_eye():
    flipped = mirrored(FACE).swapped()
    assert flipped.names == FACE.names
    assert flipped.xy.tolist() == [[60, 20], [40, 30], [20, 20]]
    assert flipped.visible == (True, True, False)


def test_swapping_twice_is_nothing():
    assert same(FACE.swapped().swapped(), FACE)
    assert same(mirrored(mirrored(FACE).swapped()).swapped(), FACE)


def test_without_a_table_nothing_is_swapped():
    unnamed = KeypointsOnImage([Keypoint(1, 2), Keypoint(3, 4)], (8, 8))
    assert same(unnamed.swapped(), unnamed)


def test_a_point_without_its_partner_takes_the_partners_name():
    alone = FACE.shift(x=30).remove_out_of_image()  # the left eye has left the image
    assert alone.names == ("nose", "right eye")
    swapped = alone.swapped()
    assert swapped.names == ("nose", "left eye")
    assert swapped.xy.tolist() == alone.xy.tolist()
    assert same(swapped.swapped(), alone)


@pytest.mark.parametrize(
    ("mirror", "message"),
    [
        ({"left": "right", "right": "left"}, r"mirror names 'left', as 0 of the keypoints"),
        ({"left eye": "ear", "ear": "left eye"}, r"'ear', as 0 .* exactly one of \['left eye'"),
        ({"left eye": "right eye"}, r"'right eye' to None; pairs go both ways: add 'right eye'"),
        ({"left eye": "nose", "nose": "nose"}, r"maps 'left eye' to 'nose', but 'nose' to 'nose'"),
    ],
)
def test_mirror_tables_are_checked(mirror, message):
    with pytest.raises(ValueError, match=message):
        KeypointsOnImage(FACE.keypoints, FACE.shape, mirror)


def test_mirrored_names_are_unique():
    twice = [Keypoint(0, 0, "eye"), Keypoint(1, 1, "eye")]
    with pytest.raises(ValueError, match="'eye', as 2 of the keypoints are called"):
        KeypointsOnImage(twice, (4, 4), {"eye": "eye"})


def test_the_table_is_copied():
    table = dict(EYES)
    sheet = KeypointsOnImage(FACE.keypoints, FACE.shape, table)
    table.clear()
    assert sheet.mirror == EYES


def test_points_outside_are_removed_with_their_names():
    moved = FACE.shift(x=30, y=0)
    assert moved.remove_out_of_image().names == ("nose", "right eye")
    assert moved.clip_out_of_image().names == ("nose", "right eye")
    assert len(moved) == 3


@given(
    height=st.integers(12, 200),
    width=st.integers(12, 200),
    at=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    size=st.sampled_from([None, 0.5, 0.25, (31, 47), (64, 64)]),
    sigma=st.floats(1, 4),
)
@settings(max_examples=80, deadline=None)
def test_landmarks_come_back_from_heatmaps_of_any_size(height, width, at, size, sigma):
    if size == 0.25:
        height, width = height + 12, width + 12
    place = np.array([[at[0] * width, at[1] * height], [NAN, NAN]])
    sheet = KeypointsOnImage.from_xy_array(
        place, (height, width, 3), ["a", "b"], {"a": "b", "b": "a"}
    )
    heatmaps = sheet.to_heatmaps(sigma, size)
    assert isinstance(heatmaps, HeatmapsOnImage)
    assert heatmaps.shape == (height, width, 3)
    assert not heatmaps.arr_0to1[:, :, 1].any()
    found = KeypointsOnImage.from_heatmaps(heatmaps, sheet.names, sheet.mirror)
    assert found.shape == sheet.shape
    assert found.names == sheet.names
    assert found.mirror == sheet.mirror
    assert np.abs(found.xy[0] - place[0]).max() < 0.02
    assert found.missing.tolist() == [False, True]


def test_the_kernel_lies_on_the_landmark():
    # The centre of pixel (2, 5) of the heatmaps is (44, 20) on an image eight times as large.
    heatmaps = KeypointsOnImage([Keypoint(44, 20)], (64, 64)).to_heatmaps(1, (8, 8))
    assert heatmaps.arr_0to1[2, 5, 0] == 1
    assert heatmaps.get_arr().shape == (8, 8, 1)


def test_heatmaps_need_a_landmark_and_a_width():
    with pytest.raises(ValueError, match="not be empty"):
        KeypointsOnImage([], (8, 8)).to_heatmaps(1)
    with pytest.raises(ValueError, match="sigma must be above 0"):
        FACE.to_heatmaps(0)


def test_points_are_drawn_on_their_pixels():
    image = np.full((9, 12, 3), 50, np.uint8)
    before = image.copy()
    sheet = KeypointsOnImage([Keypoint(4.5, 2.5), Keypoint(NAN, NAN)], image)
    drawn = sheet.draw_on_image(image, color=(1, 2, 3))
    assert (drawn[1:4, 3:6] == (1, 2, 3)).all()
    assert (drawn == 50).all(axis=2).sum() == 9 * 12 - 9
    single = sheet.draw_on_image(image, color=200, size=1, alpha=0.5)
    assert single[2, 4].tolist() == [125] * 3
    assert (single == 50).all(axis=2).sum() == 9 * 12 - 1
    assert np.array_equal(image, before)


@pytest.mark.parametrize("x", [-1e300, -2, 11.9, 13, 1e300])
def test_points_at_and_beyond_the_border_are_cut(x):
    drawn = KeypointsOnImage([Keypoint(x, 4)], (9, 12)).draw(color=255, size=3)
    assert (drawn[:, :, 0] > 0).sum() in (0, 3, 6)
    assert not drawn[:, 3:9].any()


def test_drawing_needs_the_sheets_image():
    with pytest.raises(
        ValueError, match=r"image is \(9, 9\), but the keypoints lie on .*on\(image"
    ):
        FACE.draw_on_image(np.zeros((9, 9), np.uint8))
    with pytest.raises(ValueError, match="size of a drawn point is at least 1 pixel, got 0"):
        FACE.draw(size=0)


def test_copies_share_and_deep_copies_do_not():
    assert FACE.copy().xy is FACE.xy
    for deep in (FACE.deepcopy(), copy.deepcopy(FACE), pickle.loads(pickle.dumps(FACE))):
        assert not np.may_share_memory(deep.xy, FACE.xy)
        assert same(deep, FACE)

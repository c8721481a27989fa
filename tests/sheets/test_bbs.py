import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acetate.sheets import BoundingBox, BoundingBoxesOnImage, Keypoint, KeypointsOnImage

IMAGE = np.arange(8 * 10, dtype=np.uint8).reshape(8, 10)
BOXES = BoundingBoxesOnImage(
    [
        BoundingBox(1, 2, 4, 6, "cat"),
        BoundingBox(-2, 1, 2, 3, 7),
        BoundingBox(12, 0, 14, 8),
    ],
    shape=(8, 10, 3),
)

numbers = st.floats(-20, 30)
boxes = st.builds(BoundingBox, numbers, numbers, numbers, numbers)


def same(a, b):
    return np.array_equal(a.xyxy, b.xyxy) and a.labels == b.labels and a.shape == b.shape


@given(numbers, numbers, numbers, numbers)
@settings(max_examples=50, deadline=None)
def test_corners_may_come_in_any_order(x1, y1, x2, y2):
    box = BoundingBox(x1, y1, x2, y2)
    assert (box.x1, box.x2) == (min(x1, x2), max(x1, x2))
    assert (box.y1, box.y2) == (min(y1, y2), max(y1, y2))


def test_a_box_has_measures():
    box = BoundingBox(1, 2, 4, 7)
    assert (box.width, box.height, box.area) == (3, 5, 15)
    assert (box.center_x, box.center_y) == (2.5, 4.5)
    assert box.xyxy == (1, 2, 4, 7)
    assert box.coords.tolist() == [[1, 2], [4, 7]]


def test_containing_counts_the_border():
    box = BoundingBox(1, 2, 4, 7)
    assert box.contains((1, 7))
    assert box.contains(Keypoint(2, 3))
    assert not box.contains((0.9, 3))
    assert not box.contains((2, 7.1))
    assert not box.contains((float("nan"), 3))


def test_moving_keeps_the_label():
    box = BoundingBox(1, 2, 4, 7, "cat")
    assert box.shift(x=1, y=-1) == BoundingBox(2, 1, 5, 6, "cat")
    assert box.project((10, 10), (20, 5)) == BoundingBox(0.5, 4, 2, 14, "cat")
    assert box.extend(1, top=1, right=2, bottom=3, left=4) == BoundingBox(-4, 0, 7, 11, "cat")
    assert box.extend(all_sides=-1) == BoundingBox(2, 3, 3, 6, "cat")


@given(boxes, boxes)
@settings(max_examples=80, deadline=None)
def test_overlap_is_symmetric_and_bounded(a, b):
    assert a.iou(b) == pytest.approx(b.iou(a))
    assert 0 <= a.iou(b) <= 1 + 1e-9
    union = a.union(b)
    assert union.contains((a.x1, a.y1))
    assert union.contains((b.x2, b.y2))
    shared = a.intersection(b)
    if shared is not None:
        assert shared.area <= min(a.area, b.area) + 1e-9
        assert union.contains((shared.x1, shared.y2))


def test_overlap_of_known_boxes():
    box = BoundingBox(0, 0, 4, 4, "cat")
    assert box.iou(box) == 1
    assert box.iou(BoundingBox(2, 0, 6, 4)) == pytest.approx(8 / 24)
    assert box.intersection(BoundingBox(2, 1, 6, 5)) == BoundingBox(2, 1, 4, 4, "cat")
    assert box.intersection(BoundingBox(4, 4, 5, 5)) == BoundingBox(4, 4, 4, 4, "cat")
    assert box.intersection(BoundingBox(5, 5, 6, 6)) is None
    assert box.intersection(BoundingBox(5, 5, 6, 6), default="none") == "none"
    assert box.union(BoundingBox(5, -1, 6, 3)) == BoundingBox(0, -1, 6, 4, "cat")
    assert BoundingBox(1, 1, 1, 1).iou(BoundingBox(1, 1, 1, 1)) == 0


@pytest.mark.parametrize(
    ("box", "fully_in", "partly_in", "fraction"),
    [
        (BoundingBox(0, 0, 10, 8), True, True, 0),
        (BoundingBox(-1, 0, 1, 8), False, True, 0.5),
        (BoundingBox(9, 7, 11, 9), False, True, 0.75),
        (BoundingBox(-3, -3, 20, 20), False, True, 1 - 80 / 529),
        (BoundingBox(10, 0, 12, 8), False, False, 1),
        (BoundingBox(-2, 0, 0, 8), False, False, 1),
        (BoundingBox(0, 9, 4, 12), False, False, 1),
        (BoundingBox(3, 3, 3, 5), True, True, 0),
        (BoundingBox(30, 3, 30, 5), False, False, 1),
    ],
)
def test_where_a_box_is(box, fully_in, partly_in, fraction):
    assert box.is_fully_within_image(IMAGE) is fully_in
    assert box.is_partly_within_image(IMAGE) is partly_in
    assert box.compute_out_of_image_fraction(IMAGE.shape) == pytest.approx(fraction)
    assert box.is_out_of_image(IMAGE) is not partly_in
    assert box.is_out_of_image(IMAGE, fully=False, partly=True) is (partly_in and not fully_in)
    assert box.is_out_of_image(IMAGE, fully=True, partly=True) is not fully_in


@given(boxes)
@settings(max_examples=60, deadline=None)
def test_clipped_boxes_are_the_part_inside(box):
    clipped = box.clip_out_of_image(IMAGE)
    assert clipped.is_fully_within_image(IMAGE)
    assert clipped.area == pytest.approx(box.area - box.compute_out_of_image_area(IMAGE), abs=1e-9)


def test_pixels_under_a_box():
    assert np.array_equal(BoundingBox(2, 3, 5, 4).extract_from_image(IMAGE), IMAGE[3:4, 2:5])
    assert np.array_equal(
        BoundingBox(1.6, 2.5, 4.4, 4.4).extract_from_image(IMAGE), IMAGE[3:4, 2:4]
    )
    colour = np.stack([IMAGE] * 3, axis=2)
    cut = BoundingBox(2, 3, 5, 4).extract_from_image(colour)
    assert np.array_equal(cut, colour[3:4, 2:5])
    assert not np.may_share_memory(cut, colour)


def test_pixels_outside_are_zero_or_left_away():
    box = BoundingBox(-2, -3, 2, 1)
    padded = box.extract_from_image(IMAGE + 1)
    assert padded.shape == (4, 4)
    assert np.array_equal(padded[3:, 2:], IMAGE[:1, :2] + 1)
    assert (padded > 0).sum() == 2
    assert np.array_equal(box.extract_from_image(IMAGE, pad=False), IMAGE[:1, :2])
    assert box.extract_from_image(IMAGE, pad_max=1).shape == (2, 3)


@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize("x", [-1e9, -5, 3.2, 10, 50])
def test_zero_size_is_prevented_on_demand(x, pad):
    box = BoundingBox(x, 2.1, x, 2.2)
    assert box.extract_from_image(IMAGE, pad=pad).shape == (1, 1)
    empty = box.extract_from_image(IMAGE, pad=pad, prevent_zero_size=False)
    assert empty.shape == (0, 0)
    assert empty.dtype == np.uint8


def test_far_boxes_are_limited_by_pad_max():
    far = BoundingBox(-1e12, 0, 1e12, 8)
    assert far.extract_from_image(IMAGE, pad_max=2).shape == (8, 14)


def test_corners_go_clockwise_from_the_top_left():
    corners = BoundingBox(1, 2, 3, 4).to_keypoints()
    assert [(p.x, p.y) for p in corners] == [(1, 2), (3, 2), (3, 4), (1, 4)]


def test_boxes_are_a_sequence():
    assert len(BOXES) == 3
    assert BOXES[0] == BoundingBox(1, 2, 4, 6, "cat")
    assert BOXES[1:] == BOXES.bounding_boxes[1:]
    assert [box.label for box in BOXES] == ["cat", 7, None]
    assert BOXES.items == BOXES.bounding_boxes
    assert (BOXES.height, BOXES.width, BOXES.empty) == (8, 10, False)
    assert "cat" in repr(BOXES)
    assert BoundingBoxesOnImage([], (4, 4)).empty
    assert BoundingBoxesOnImage([], (4, 4)).to_xyxy_array().shape == (0, 4)


def test_arrays_go_round():
    rows = BOXES.to_xyxy_array()
    assert rows.dtype == np.float32
    assert BOXES.to_xyxy_array(int).dtype == int
    back = BoundingBoxesOnImage.from_xyxy_array(rows, BOXES.shape, BOXES.labels)
    assert same(back, BOXES)
    assert same(
        BoundingBoxesOnImage.from_xyxy_array(rows.reshape(3, 2, 2), BOXES.shape, BOXES.labels),
        BOXES,
    )
    rows[:] = 0
    assert same(back, BOXES)
    assert BoundingBoxesOnImage.from_xyxy_array([], (4, 4)).empty


@pytest.mark.parametrize("rows", [[1, 2, 3, 4], [[1, 2, 3]], np.zeros((2, 4, 1))])
def test_arrays_have_four_columns(rows):
    with pytest.raises(ValueError, match=r"must have shape \(n, 4\), x1, y1, x2, y2, got"):
        BoundingBoxesOnImage.from_xyxy_array(rows, (4, 4))


def test_labels_are_as_many_as_boxes():
    with pytest.raises(ValueError, match="a label for each box: 2, got 1"):
        BoundingBoxesOnImage.from_xyxy_array(np.zeros((2, 4)), (4, 4), labels=["a"])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_corners_are_numbers(bad):
    with pytest.raises(
        ValueError, match=r"bounding box 1 is \[0.0, 0.0, .*\]: corners are numbers"
    ):
        BoundingBoxesOnImage([BoundingBox(0, 0, 1, 1), BoundingBox(0, 0, bad, 1)], (4, 4))


def test_boxes_around_points():
    soup = [[3, 1, 2, 9], [0, 0, 5, 5]]
    assert BoundingBoxesOnImage.from_point_soups(soup, (9, 9)).xyxy.tolist() == [
        [2, 1, 3, 9],
        [0, 0, 5, 5],
    ]
    assert BoundingBoxesOnImage.from_point_soups([], (9, 9)).empty


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3), (2, 2, 2, 2), (2, 3, 4)])
def test_point_soups_have_points(shape):
    with pytest.raises(ValueError, match=r"point soups must have shape \(n, p, 2\) or"):
        BoundingBoxesOnImage.from_point_soups(np.zeros(shape), (9, 9))


def test_filling_keeps_labels_and_sorts():
    filled = BOXES.fill_from_xyxy_array([[4, 4, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3]])
    assert filled[0] == BoundingBox(1, 1, 4, 4, "cat")
    assert filled.labels == BOXES.labels
    with pytest.raises(ValueError, match=r"shape \(3, 4\), x1, y1, x2, y2, got \(1, 4\)"):
        BOXES.fill_from_xyxy_array([[1, 2, 3, 4]])


def test_with_xyxy_neither_checks_nor_copies():
    rows = np.full((3, 4), np.nan)
    moved = BOXES.with_xyxy(rows, (7, 7))
    assert moved.xyxy is rows
    assert (moved.shape, moved.labels) == ((7, 7), BOXES.labels)


def test_boxes_go_round_through_their_corners():
    corners = BOXES.to_keypoints_on_image()
    assert corners.shape == BOXES.shape
    assert corners.xy[:4].tolist() == [[1, 2], [4, 2], [4, 6], [1, 6]]
    assert same(BOXES.invert_to_keypoints_on_image(corners), BOXES)
    turned = corners.fill_from_xy_array([(y, -x) for x, y in corners.xy])
    assert BOXES.invert_to_keypoints_on_image(turned)[0] == BoundingBox(2, -4, 6, -1, "cat")


def test_corners_are_four_and_known():
    corners = BOXES.to_keypoints_on_image()
    with pytest.raises(ValueError, match="3 boxes need 12 corners, got 3"):
        BOXES.invert_to_keypoints_on_image(KeypointsOnImage(corners[:3], (8, 8)))
    lost = corners.xy.copy()
    lost[5] = np.nan
    with pytest.raises(ValueError, match=r"bounding box 1 is .*: corners are numbers"):
        BOXES.invert_to_keypoints_on_image(corners.fill_from_xy_array(lost))


def test_on_and_shift():
    moved = BOXES.on((16, 5))
    assert moved[0] == BoundingBox(0.5, 4, 2, 12, "cat")
    assert moved.shape == (16, 5)
    assert same(moved.on(BOXES.shape), BOXES)
    assert BOXES.shift(x=1, y=2)[0] == BoundingBox(2, 4, 5, 8, "cat")


def test_boxes_outside_are_removed_with_their_labels():
    assert BOXES.remove_out_of_image().labels == ("cat", 7)
    assert BOXES.remove_out_of_image(partly=True).labels == ("cat",)
    assert BOXES.remove_out_of_image(fully=False).labels == ("cat", 7, None)
    assert BOXES.remove_out_of_image_fraction(0.5).labels == ("cat",)
    assert BOXES.remove_out_of_image_fraction(0.51).labels == ("cat", 7)
    assert BOXES.remove_out_of_image_fraction(0).empty


def test_clipping_keeps_all():
    clipped = BOXES.clip_out_of_image()
    assert clipped.xyxy.tolist() == [[1, 2, 4, 6], [0, 1, 2, 3], [10, 0, 10, 8]]
    assert clipped.labels == BOXES.labels


def test_frames_lie_on_the_outermost_pixels_and_grow_outwards():
    image = np.zeros((12, 12, 3), np.uint8)
    sheet = BoundingBoxesOnImage([BoundingBox(3, 4, 8, 9)], image)
    thin = sheet.draw_on_image(image, color=9)[:, :, 0]
    expected = np.zeros((12, 12), np.uint8)
    expected[4:9, 3:8] = 9
    expected[5:8, 4:7] = 0
    assert np.array_equal(thin, expected)
    expected[3:10, 2:9] = 9
    expected[5:8, 4:7] = 0
    assert np.array_equal(sheet.draw_on_image(image, color=9, size=2)[:, :, 0], expected)
    assert not image.any()


def test_boxes_without_area_are_a_pixel():
    sheet = BoundingBoxesOnImage([BoundingBox(3, 4, 3, 4)], (12, 12))
    drawn = sheet.draw_on_image(np.zeros((12, 12), np.uint8), color=9)
    assert np.argwhere(drawn[:, :, 0]).tolist() == [[4, 3]]


def test_boxes_far_outside_are_not_seen():
    sheet = BoundingBoxesOnImage([BoundingBox(-1e300, -1e300, 1e300, 1e300)], (12, 12))
    assert not sheet.draw_on_image(np.zeros((12, 12), np.uint8), size=3).any()


@pytest.mark.parametrize("place", [(30, 40), (90, 2), (-20, 70), (30, 150)])
def test_labels_are_written_inside_the_image(place):
    image = np.full((100, 120, 3), 7, np.uint8)
    box = BoundingBox(*place, place[0] + 20, place[1] + 20)
    plain = BoundingBoxesOnImage([box], image).draw_on_image(image)
    named = BoundingBoxesOnImage([BoundingBox(*box.xyxy, "größe")], image).draw_on_image(image)
    added = (plain != named).any(axis=2)
    assert added.sum() > 100
    assert (named[added] == 0).all(axis=1).any()  # black ink on the bright bar


def test_labels_on_dark_colours_are_white():
    image = np.full((50, 50, 3), 7, np.uint8)
    sheet = BoundingBoxesOnImage([BoundingBox(5, 25, 40, 40, "cat")], image)
    assert (sheet.draw_on_image(image, color=(80, 0, 80)) > 200).any()


def test_alpha_mixes():
    image = np.full((12, 12, 3), 50, np.uint8)
    sheet = BoundingBoxesOnImage([BoundingBox(3, 4, 8, 9)], image)
    drawn = sheet.draw_on_image(image, color=100, alpha=0.5)
    assert drawn[4, 3].tolist() == [75] * 3
    assert drawn[0, 0].tolist() == [50] * 3


def test_drawing_needs_the_sheets_image_and_a_line():
    with pytest.raises(
        ValueError, match=r"\(9, 9\), but the bounding boxes lie on one of \(8, 10\)"
    ):
        BOXES.draw_on_image(np.zeros((9, 9), np.uint8))
    with pytest.raises(ValueError, match="size of a drawn line is at least 1 pixel, got 0"):
        BOXES.draw_on_image(IMAGE, size=0)


def test_copies_share_and_deep_copies_do_not():
    assert BOXES.copy().xyxy is BOXES.xyxy
    for deep in (BOXES.deepcopy(), copy.deepcopy(BOXES), pickle.loads(pickle.dumps(BOXES))):
        assert not np.may_share_memory(deep.xyxy, BOXES.xyxy)
        assert same(deep, BOXES)

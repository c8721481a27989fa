import numpy as np
import pytest

from acetate.sheets import (
    BoundingBox,
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    Keypoint,
    KeypointsOnImage,
    Picture,
    SegmentationMapsOnImage,
)

IMAGE = np.random.default_rng(8).integers(0, 256, (40, 60, 3), dtype=np.uint8)
SHEETS = {
    "heatmaps": HeatmapsOnImage(np.zeros((20, 30, 3)), IMAGE),
    "segmentation_maps": SegmentationMapsOnImage(np.ones((10, 15, 2), int), IMAGE),
    "keypoints": KeypointsOnImage([Keypoint(10.5, 20.5), Keypoint(40.5, 20.5)], IMAGE),
    "bounding_boxes": BoundingBoxesOnImage([BoundingBox(5, 5, 20, 30)], IMAGE),
}


def test_a_picture_holds_an_image_and_sheets():
    picture = Picture(IMAGE, **SHEETS)
    assert picture.image is IMAGE
    assert dict(picture.sheets()) == SHEETS
    assert list(Picture(IMAGE).sheets()) == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_must_lie_on_the_image(name):
    with pytest.raises(
        ValueError, match=rf"image is \(40, 50\), but the {name} lie on .*\(40, 60\)"
    ):
        Picture(IMAGE[:, :50], **{name: SHEETS[name]})


def test_channels_do_not_matter():
    Picture(IMAGE[:, :, 0], **SHEETS)


@pytest.mark.parametrize("image", [np.zeros(4), np.full((4, 4), np.nan), np.zeros((4, 4), int)])
def test_the_image_must_be_one(image):
    with pytest.raises(ValueError, match="image"):
        Picture(image)


def test_the_image_must_be_an_array():
    with pytest.raises(TypeError, match="image must be a NumPy array, got list"):
        Picture([[1]])


def test_panels_show_the_image_then_each_sheet():
    before = IMAGE.copy()
    panels = Picture(IMAGE, **SHEETS).panels()
    assert np.array_equal(panels[0], IMAGE)
    # Heatmaps share a panel, label maps have one each, points and boxes one each.
    assert [panel.shape for panel in panels] == [IMAGE.shape] * 6
    assert all(panel.dtype == np.uint8 for panel in panels)
    assert np.array_equal(IMAGE, before)


def test_the_heatmap_panel_shows_the_largest_value():
    maps = np.zeros((40, 60, 2))
    maps[5, 5, 0] = maps[30, 50, 1] = 1
    panel = Picture(np.zeros_like(IMAGE), HeatmapsOnImage(maps, IMAGE)).panels()[1]
    assert np.array_equal(panel[5, 5], panel[30, 50])
    assert not np.array_equal(panel[5, 5], panel[0, 0])


def test_each_keypoint_has_a_colour_of_its_own():
    panel = Picture(np.zeros_like(IMAGE), keypoints=SHEETS["keypoints"]).panels()[1]
    assert not np.array_equal(panel[20, 10], panel[20, 40])
    assert panel[20, 10].any()
    assert panel[20, 40].any()


def test_drawing_puts_the_panels_side_by_side():
    picture = Picture(IMAGE, **SHEETS)
    assert np.array_equal(picture.draw(), np.hstack(picture.panels()))
    assert Picture(IMAGE[:, :, 0]).draw().shape == (40, 60, 3)


def test_lines_and_points_grow_with_the_picture():
    image = np.zeros((400, 600, 3), np.uint8)
    points = KeypointsOnImage([Keypoint(300, 200)], image)
    panel = Picture(image, keypoints=points).panels()[1]
    assert panel.any(axis=2).sum() == 11 * 11


def test_resizing_moves_points_and_boxes_and_keeps_maps():
    picture = Picture(IMAGE, **SHEETS).resize((20, 90))
    assert picture.image.shape == (20, 90, 3)
    assert picture.heatmaps.arr_0to1 is SHEETS["heatmaps"].arr_0to1
    assert picture.segmentation_maps.arr is SHEETS["segmentation_maps"].arr
    assert picture.keypoints.xy[0].tolist() == [15.75, 10.25]
    assert picture.bounding_boxes.xyxy.tolist() == [[7.5, 2.5, 30, 15]]
    assert {sheet.shape for _, sheet in picture.sheets()} == {(20, 90, 3)}
    assert Picture(IMAGE).resize(2.0, "nearest").image[1, 1].tolist() == IMAGE[0, 0].tolist()

import numpy as np
import pytest

from acetate.draw import contact_sheet
from acetate.sheets import (
    BoundingBox,
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    Keypoint,
    KeypointsOnImage,
    Picture,
    SegmentationMapsOnImage,
)

GAP = 8
WHITE = 255


def plain(height=40, width=80, value=100):
    return Picture(np.full((height, width, 3), value, np.uint8))


def test_each_image_is_fitted_into_its_cell():
    page = contact_sheet([plain()], cell=20)
    assert page.shape == (10 + 2 * GAP, 20 + 2 * GAP, 3)
    assert page.dtype == np.uint8
    inside = page[GAP:-GAP, GAP:-GAP]
    assert (inside == 100).all()
    inside[:] = WHITE
    assert (page == WHITE).all()


def test_small_images_are_enlarged():
    assert contact_sheet([plain(4, 2)], cell=40).shape == (40 + 2 * GAP, 20 + 2 * GAP, 3)


def test_samples_stand_in_rows_and_the_rest_is_white():
    pictures = [plain(value=value) for value in (10, 20, 30)]
    page = contact_sheet(pictures, columns=2, cell=20)
    high, wide = 10 + 2 * GAP, 20 + 2 * GAP
    assert page.shape == (2 * high, 2 * wide, 3)
    middles = [page[i * high + high // 2, j * wide + wide // 2, 0] for i in (0, 1) for j in (0, 1)]
    assert middles == [10, 20, 30, WHITE]


def test_fewer_samples_than_columns_take_no_more_room():
    assert contact_sheet([plain()] * 2, columns=5, cell=20).shape[1] == 2 * (20 + 2 * GAP)


def test_images_of_different_size_and_kind_go_together():
    flat = Picture(np.full((10, 40), 0.25, np.float32))
    tall = Picture(np.full((40, 10), 700, np.uint16))
    page = contact_sheet([flat, tall], columns=2, cell=20)
    assert page.shape == (20 + 2 * GAP, 2 * (20 + 2 * GAP), 3)
    assert (page[GAP : GAP + 5, GAP : GAP + 20] == 64).all()
    assert (page[GAP + 5 :, : 20 + 2 * GAP] == WHITE).all()


def test_rows_are_as_high_as_their_samples():
    tall = Picture(np.zeros((40, 10), np.uint8))
    page = contact_sheet([plain(), tall, plain()], columns=1, cell=20)
    assert page.shape[0] == 10 + 20 + 10 + 6 * GAP


def test_every_sheet_has_a_panel_in_register():
    image = np.zeros((80, 160, 3), np.uint8)
    heat = np.zeros((20, 40))
    heat[15, 30] = 1
    picture = Picture(
        image,
        HeatmapsOnImage(heat, image),
        SegmentationMapsOnImage((heat > 0).astype(int), image),
        KeypointsOnImage([Keypoint(122, 62)], image),
        BoundingBoxesOnImage([BoundingBox(118, 58, 126, 66)], image),
    )
    before = image.copy()
    page = contact_sheet([picture], cell=80)
    assert page.shape == (40 + 2 * GAP, 5 * 80 + 4 * 2 + 2 * GAP, 3)
    panels = [page[GAP:-GAP, GAP + 82 * k : GAP + 82 * k + 80] for k in range(5)]
    assert not panels[0].any()
    for panel in panels[1:]:
        brightness = panel.astype(float).sum(axis=2)
        rows, columns = np.nonzero(brightness > brightness.max() / 2)
        assert rows.mean() + 0.5 == pytest.approx(31, abs=0.6)
        assert columns.mean() + 0.5 == pytest.approx(61, abs=0.6)
    assert np.array_equal(image, before)


def test_captions_stand_below_and_inside():
    pictures = [plain(), plain()]
    bare = contact_sheet(pictures, cell=80)
    page = contact_sheet(pictures, cell=80, captions=["one", "a very long name of a file.png"])
    assert page.shape == (bare.shape[0] + 16, bare.shape[1], 3)
    assert np.array_equal(page[: GAP + 40], bare[: GAP + 40])
    ink = (page[GAP + 40 :] < 128).any(axis=2)
    first, second = ink[:, :96], ink[:, 96:]
    assert first.any()
    assert second.sum() > first.sum()
    for side in (first, second):
        columns = np.flatnonzero(side.any(axis=0))
        assert columns.min() >= GAP - 2
        assert columns.max() <= 96 - GAP + 2


def test_no_caption_is_as_good_as_an_empty_one():
    page = contact_sheet([plain()], cell=80, captions=[""])
    assert (page[GAP + 40 :] == WHITE).all()


def test_a_caption_that_has_no_room_at_all_is_dots():
    assert (contact_sheet([plain()], cell=10, captions=["long"])[GAP + 5 :] < WHITE).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"pictures": []}, "no pictures to draw: pass at least 1"),
        ({"captions": ["one"]}, "2 pictures need as many captions, got 1"),
        ({"columns": 0}, "at least 1 column and cells of 8 pixels, got columns=0, cell=160"),
        ({"cell": 7}, "got columns=2, cell=7"),
    ],
)
def test_pages_that_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        contact_sheet(**{"pictures": [plain(), plain()]} | arguments)

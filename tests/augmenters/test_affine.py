"""Affine augmenters: what each argument means, checked on points and pixels."""

import math

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.sheets import HeatmapsOnImage, KeypointsOnImage

FRAME = (40, 60)
CENTRE = np.array([30.0, 20.0])


def offset(augmenter, point, seed=1):
    """Return where a point beside the centre goes, relative to the centre."""
    at = KeypointsOnImage.from_xy_array((CENTRE + np.array(point, float))[np.newaxis], FRAME)
    return augmenter.draw(FRAME, seed)(keypoints=at).to_xy_array()[0] - CENTRE


def test_rotation_is_clockwise_in_degrees():
    assert np.allclose(offset(iaa.Rotate(90), (10, 0)), (0, 10))
    assert np.allclose(offset(iaa.Affine(rotate=30), (10, 0)), (10 * math.cos(math.pi / 6), 5.0))


def test_quarter_turns_are_exact():
    image = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    assert np.array_equal(iaa.Rotate(90)(image=image), np.rot90(image, -1))
    assert np.array_equal(iaa.Rotate(-180)(image=image), image[::-1, ::-1])


def test_scale_zooms_around_the_centre():
    assert np.allclose(offset(iaa.Affine(scale=2.0), (3, 4)), (6, 8))
    assert np.allclose(offset(iaa.Affine(scale={"x": 2.0}), (3, 4)), (6, 4))
    assert np.allclose(offset(iaa.ScaleX(0.5), (3, 4)), (1.5, 4))
    assert np.allclose(offset(iaa.ScaleY(0.5), (3, 4)), (3, 2))
    for seed in range(10):
        x, y = offset(iaa.Affine(scale=(0.5, 2.0)), (3, 4), seed)
        assert x / 3 == pytest.approx(y / 4)
    x, y = offset(iaa.Affine(scale={"x": (0.5, 2.0), "y": (0.5, 2.0)}), (3, 4), 3)
    assert x / 3 != pytest.approx(y / 4)


def test_shifts_go_right_and_down():
    assert np.allclose(offset(iaa.Affine(translate_px=5), (0, 0)), (5, 5))
    assert np.allclose(offset(iaa.Affine(translate_px={"x": 5}), (0, 0)), (5, 0))
    assert np.allclose(offset(iaa.Affine(translate_percent=0.1), (0, 0)), (6, 4))
    assert np.allclose(offset(iaa.TranslateX(percent=0.1), (0, 0)), (6, 0))
    assert np.allclose(offset(iaa.TranslateY(px=-3), (0, 0)), (0, -3))
    shifts = {tuple(offset(iaa.TranslateX(), (0, 0), s)) for s in range(30)}
    assert all(-15 <= x <= 15 and y == 0 for x, y in shifts)
    assert len(shifts) > 10


def test_shears_are_in_degrees():
    slope = math.tan(math.radians(20))
    assert np.allclose(offset(iaa.Affine(shear=20), (0, 10)), (10 * slope, 10))
    assert np.allclose(offset(iaa.ShearX(20), (10, 0)), (10, 0))
    assert np.allclose(offset(iaa.ShearY(20), (10, 0)), (10, 10 * slope))
    both = iaa.Affine(shear=(10, 20)).draw(FRAME, 1).steps[0].map.inverse().matrix
    assert both[0, 1] != pytest.approx(both[1, 0])


def test_rotation_comes_after_scale_and_shear_and_shift_last():
    aug = iaa.Affine(scale={"x": 2.0, "y": 1.0}, rotate=90, translate_px={"x": 7, "y": 0})
    assert np.allclose(offset(aug, (3, 0)), (7, 6))


def test_without_arguments_something_of_everything_happens():
    maps = [iaa.Affine().draw(FRAME, s).steps[0].map for s in range(5)]
    assert len({m.matrix.tobytes() for m in maps}) == 5


def test_fit_output_shows_the_whole_picture():
    image = np.full((40, 60), 200, np.uint8)
    out = iaa.Rotate(90, fit_output=True)(image=image)
    assert out.shape == (60, 40)
    assert np.array_equal(out, np.rot90(image, -1))
    out = iaa.Rotate(30, fit_output=True)(image=image)
    assert out.shape == (65, 72)
    assert out.sum() == pytest.approx(image.sum(), rel=0.01)


def test_modes_and_fills():
    image = np.full((10, 10), 100, np.uint8)
    assert iaa.TranslateX(px=3, cval=55)(image=image)[0, 0] == 55
    assert iaa.TranslateX(px=3, mode="edge")(image=image)[0, 0] == 100
    fills = {
        int(iaa.TranslateX(px=3, cval=(0, 255)).draw(image, s)(image=image)[0, 0])
        for s in range(20)
    }
    assert len(fills) > 10
    assert (
        len(
            {
                int(iaa.TranslateX(px=3, cval=iaa.ALL).draw(image, s)(image=image)[0, 0])
                for s in range(20)
            }
        )
        > 10
    )
    white = np.full((10, 10), 0.5, np.float32)
    assert iaa.TranslateX(px=3, cval=255)(image=white)[0, 0] == 1.0
    wide = np.zeros((10, 10), np.uint16)
    assert iaa.TranslateX(px=3, cval=255)(image=wide)[0, 0] == 65535


def test_orders_by_number_and_name():
    image = np.random.default_rng(0).integers(0, 256, (10, 10), np.uint8)
    for number, name in ((0, "nearest"), (1, "linear"), (3, "cubic")):
        assert np.array_equal(
            iaa.Rotate(20, order=number)(image=image), iaa.Rotate(20, order=name)(image=image)
        )
    drawn = {iaa.Rotate(20, order=iaa.ALL).draw(image, s).steps[0].image.order for s in range(30)}
    assert drawn == {"nearest", "linear", "cubic"}


def test_sheets_have_a_fill_of_their_own():
    heat = HeatmapsOnImage(np.ones((10, 10), np.float32), (10, 10))
    assert iaa.TranslateX(px=3, mode="edge")(heatmaps=heat).get_arr()[0, 0] == 0
    kept = iaa.TranslateX(px=3, heatmaps=iaa.Resampling("linear", "edge"))
    assert kept(heatmaps=heat).get_arr()[0, 0] == 1
    labels = np.full((10, 10), 3, np.int32)
    void = iaa.TranslateX(px=3, segmentation_maps=iaa.Resampling("nearest", cval=9))
    assert void(image=np.zeros((10, 10), np.uint8), segmentation_maps=labels)[1][0, 0] == 9


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: iaa.Affine(translate_px=1, translate_percent=0.1), "not both"),
        (lambda: iaa.Affine(scale={"z": 1}), "has the keys 'x' and 'y', got"),
        (lambda: iaa.Affine(scale={}), "has the keys 'x' and 'y'"),
        (lambda: iaa.Affine(scale=-1), "scale"),
        (lambda: iaa.Affine(mode="mirror"), "mode"),
        (lambda: iaa.Affine(order=2), "order"),
        (lambda: iaa.Affine(cval=300), "cval"),
        (lambda: iaa.Rotate(5, segmentation_maps=iaa.Resampling("linear")), "only read by order"),
        (lambda: iaa.Affine(shear=90), "shear"),
        (lambda: iaa.Rotate(5, heatmaps=iaa.Resampling(cval=5)), r"cval in \[0, 1\], got 5"),
        (
            lambda: iaa.Rotate(5, segmentation_maps=iaa.Resampling("nearest", cval=0.5)),
            "whole cval from 0, got 0.5",
        ),
        (lambda: iaa.Resampling(mode="mirror"), "mode must be one of constant, edge"),
        (lambda: iaa.Rotate(5, seed=-1), "seed must be a whole number from 0, got -1"),
        (lambda: iaa.OneOf([]), "at least one augmenter"),
        (lambda: iaa.Resampling("bilinear"), "order must be one of nearest, linear, cubic, area"),
    ],
)
def test_wrong_arguments_are_said(make, text):
    with pytest.raises(ValueError, match=text):
        make()


def test_no_shear_mirrors_or_loses_area():
    for seed in range(60):
        map = iaa.Affine(shear=(-80, 80)).draw(FRAME, seed).steps[0].map
        assert not map.mirrors
        assert np.linalg.det(map.matrix) == pytest.approx(1)


def test_labels_for_new_pixels_must_fit_the_map():
    void = iaa.TranslateX(px=3, segmentation_maps=iaa.Resampling("nearest", cval=300))
    labels = np.zeros((10, 10), np.uint8)
    with pytest.raises(ValueError, match="300 for new pixels does not fit into maps of uint8"):
        void(image=labels, segmentation_maps=labels)


def test_tilted_pictures_that_show_all_stay_of_a_size_that_fits():
    image = np.zeros((30, 40), np.uint8)
    tilt = iaa.PerspectiveTransform(0.3, fit_output=True, keep_size=False)
    for seed in range(200):
        rows, columns = tilt.draw(image, seed).output_shape
        assert rows <= 120
        assert columns <= 160

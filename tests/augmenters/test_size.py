"""Resizes, crops and pads: sizes, sides, positions, and what new pixels show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import acetate.augmenters as iaa
from acetate.augmenters.size import at_least_one

IMAGE = np.random.default_rng(0).integers(1, 256, (30, 50, 3), np.uint8)


def shape(augmenter, seed=1, image=IMAGE):
    return augmenter.draw(image, seed)(image=image).shape[:2]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (32, (32, 32)),
        (0.5, (15, 25)),
        ("keep", (30, 50)),
        ({"height": 60}, (60, 50)),
        ({"height": 60, "width": "keep-aspect-ratio"}, (60, 100)),
        ({"width": 25, "height": "keep-aspect-ratio"}, (15, 25)),
        ({"shorter-side": 60, "longer-side": "keep-aspect-ratio"}, (60, 100)),
        ({"shorter-side": "keep-aspect-ratio", "longer-side": 100}, (60, 100)),
        ({"height": 0.5, "width": 2.0}, (15, 100)),
        ({"shorter-side": 20}, (20, 50)),
    ],
)
def test_resize(size, expected):
    assert shape(iaa.Resize(size)) == expected


def test_resize_draws_one_number_for_both_sides_unless_told_otherwise():
    shapes = {shape(iaa.Resize((16, 22)), s) for s in range(30)}
    assert all(h == w and 16 <= h <= 22 for h, w in shapes)
    assert len(shapes) == 7
    for seed in range(10):
        h, w = shape(iaa.Resize((0.5, 0.75)), seed)
        assert abs(h / 30 - w / 50) < 0.03
    assert {shape(iaa.Resize([16, 32]), s) for s in range(20)} == {(16, 16), (32, 32)}
    apart = {shape(iaa.Resize({"height": (10, 20), "width": (10, 20)}), s) for s in range(9)}
    assert any(h != w for h, w in apart)


def test_shorter_side_of_a_portrait_is_its_width():
    portrait = IMAGE.swapaxes(0, 1)
    sides = {"shorter-side": 60, "longer-side": "keep-aspect-ratio"}
    assert shape(iaa.Resize(sides), image=portrait) == (100, 60)


def test_area_resize_averages():
    board = (np.indices((32, 32)).sum(axis=0) % 2 * 255).astype(np.uint8)
    out = iaa.Resize(8, interpolation="area")(image=board)
    assert np.abs(out.astype(int) - 127).max() <= 1


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: iaa.Resize("half"), "'keep' or 'keep-aspect-ratio', got 'half'"),
        (lambda: iaa.Resize("keep-aspect-ratio"), "only one side"),
        (lambda: iaa.Resize({}), "has the keys height and width"),
        (lambda: iaa.Resize({"height": 3, "longer-side": 4}), "has the keys height and width"),
        (
            lambda: iaa.Resize({"height": "keep-aspect-ratio", "width": "keep-aspect-ratio"}),
            "only one side",
        ),
        (lambda: iaa.Resize(0), "height"),
        (lambda: iaa.Resize(8, interpolation="lanczos"), "interpolation"),
        (lambda: iaa.CropAndPad(px=1, percent=0.1), "not both"),
        (lambda: iaa.Crop(px=-1), "px"),
        (lambda: iaa.Pad(percent=(0, 0, -0.5, 0)), r"percent \(bottom\)"),
        (lambda: iaa.CropToFixedSize(0, 5), "width must be a whole number from 1, or None, got 0"),
        (lambda: iaa.PadToMultiplesOf(4, 2.5), "height must be a whole number"),
        (lambda: iaa.CropToAspectRatio(0), "above 0, got 0"),
        (lambda: iaa.PadToSquare(position="top-left"), "like 'left-top'"),
        (lambda: iaa.PadToSquare(position=(0.5,)), "a word or"),
        (lambda: iaa.PadToSquare(position=(0.5, 2)), r"position \(y\)"),
    ],
)
def test_wrong_arguments_are_said(make, text):
    with pytest.raises(ValueError, match=text):
        make()


def test_crop_and_pad_by_side():
    aug = iaa.CropAndPad(px=(-1, 2, -3, 4), keep_size=False, pad_cval=7)
    out = aug(image=IMAGE)
    assert out.shape == (26, 56, 3)
    assert np.array_equal(out[:, 4:-2], IMAGE[1:-3])
    assert (out[:, :4] == 7).all()
    assert (out[:, -2:] == 7).all()


def test_fractions_are_of_height_and_width():
    assert shape(iaa.Pad(percent=0.1, keep_size=False)) == (36, 60)
    assert shape(iaa.Crop(percent=0.1, keep_size=False)) == (24, 40)
    assert shape(iaa.Pad(percent=0.1)) == (30, 50)
    lists = iaa.CropAndPad(px=([1, 2], 0, 0, (3, 4)), keep_size=False)
    assert {shape(lists, s) for s in range(30)} == {(31, 53), (31, 54), (32, 53), (32, 54)}


def test_sides_are_drawn_together_on_demand():
    together = iaa.Crop(px=(0, 9), keep_size=False, sample_independently=False)
    for seed in range(10):
        h, w = shape(together, seed)
        assert 30 - h == 50 - w
        assert (30 - h) % 2 == 0
    assert len({shape(iaa.Crop(keep_size=False), s) for s in range(10)}) > 3


@given(st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 50))
def test_at_least_one_pixel_is_left(before, after, size):
    a, b = at_least_one(before, after, size)
    assert size + a + b >= 1
    assert a >= before or b >= after
    if size + before + after >= 1:
        assert (a, b) == (before, after)
    else:
        assert size + a + b == 1


@pytest.mark.parametrize("mode", ["edge", "reflect", "symmetric", "wrap"])
def test_pad_modes_are_numpys(mode):
    out = iaa.Pad(px=(3, 4, 5, 6), keep_size=False, pad_mode=mode)(image=IMAGE)
    assert np.array_equal(out, np.pad(IMAGE, ((3, 5), (6, 4), (0, 0)), mode=mode))


@pytest.mark.parametrize(
    ("position", "origin"),
    [
        ("left-top", (0, 0)),
        ("right-bottom", (10, 20)),
        ("center", (5, 10)),
        ((0.0, 1.0), (10, 0)),
        ("center-top", (0, 10)),
    ],
)
def test_positions_say_which_side_gains_or_loses(position, origin):
    padded = iaa.PadToFixedSize(70, 40, position=position)(image=IMAGE)
    # What is all at the left and top moves the picture right and down.
    top, left = 10 - origin[0], 20 - origin[1]
    assert np.array_equal(padded[top : top + 30, left : left + 50], IMAGE)
    cropped = iaa.CropToFixedSize(30, 20, position=position)(image=IMAGE)
    assert np.array_equal(cropped, IMAGE[top : top + 20, left : left + 30])


@pytest.mark.parametrize("position", ["uniform", "normal"])
def test_random_positions_vary_and_stay_inside(position):
    outs = {
        iaa.CropToFixedSize(30, 20, position=position).draw(IMAGE, s)(image=IMAGE).tobytes()
        for s in range(20)
    }
    assert len(outs) > 5


@pytest.mark.parametrize(
    ("augmenter", "expected"),
    [
        (iaa.CropToFixedSize(20, 100), (30, 20)),
        (iaa.CropToFixedSize(None, 10), (10, 50)),
        (iaa.PadToFixedSize(60, 10), (30, 60)),
        (iaa.CropToMultiplesOf(16, 64), (30, 48)),
        (iaa.PadToMultiplesOf(16, None), (30, 64)),
        (iaa.CropToAspectRatio(1.0), (30, 30)),
        (iaa.CropToAspectRatio(2.5), (20, 50)),
        (iaa.PadToAspectRatio(1.0), (50, 50)),
        (iaa.PadToAspectRatio(3.0), (30, 90)),
        (iaa.CropToSquare(), (30, 30)),
        (iaa.PadToSquare(), (50, 50)),
        (iaa.CenterCropToFixedSize(20, 100), (30, 20)),
        (iaa.CenterPadToFixedSize(60, 10), (30, 60)),
        (iaa.CenterCropToMultiplesOf(16, 64), (30, 48)),
        (iaa.CenterPadToMultiplesOf(16, None), (30, 64)),
        (iaa.CenterCropToAspectRatio(1.0), (30, 30)),
        (iaa.CenterPadToAspectRatio(3.0), (30, 90)),
        (iaa.CenterCropToSquare(), (30, 30)),
        (iaa.CenterPadToSquare(), (50, 50)),
    ],
)
def test_wanted_sizes(augmenter, expected):
    assert shape(augmenter) == expected


def test_extreme_ratios_leave_a_pixel():
    assert shape(iaa.CropToAspectRatio(1000.0)) == (1, 50)
    assert shape(iaa.CropToAspectRatio(0.001)) == (30, 1)
    assert shape(iaa.Crop(px=100, keep_size=False)) == (1, 1)
    assert shape(iaa.Crop(px=100)) == (30, 50)

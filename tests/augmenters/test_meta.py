"""Augmenters of augmenters: what is applied, in which order, how often, to which channels."""

import numpy as np
import pytest

import acetate.augmenters as iaa
from acetate.sheets import HeatmapsOnImage

IMAGE = np.full((6, 8, 3), 100, np.uint8)
HEAT = HeatmapsOnImage(np.full((3, 4), 0.5, np.float32), IMAGE.shape)


def test_sequential_keeps_its_order():
    assert iaa.Sequential([iaa.Add(10), iaa.Multiply(2.0)])(image=IMAGE).max() == 220
    assert iaa.Sequential([iaa.Multiply(2.0), iaa.Add(10)])(image=IMAGE).max() == 210
    assert iaa.Sequential(iaa.Add(1))(image=IMAGE).max() == 101
    assert iaa.Sequential()(image=IMAGE).max() == 100


def test_random_order_takes_every_order_about_equally():
    pipeline = iaa.Sequential([iaa.Add(10), iaa.Multiply(2.0)], random_order=True)
    results = [int(pipeline.draw(IMAGE, seed)(image=IMAGE).max()) for seed in range(200)]
    assert set(results) == {210, 220}
    assert 70 < results.count(210) < 130


def test_children_see_the_size_that_the_ones_before_leave():
    pipeline = iaa.Sequential(
        [
            iaa.CropToFixedSize(5, 4),
            iaa.PadToFixedSize(9, 9),
            iaa.Resize({"height": 3}),
        ]
    )
    assert pipeline(image=IMAGE).shape == (3, 9, 3)


@pytest.mark.parametrize(
    ("n", "counts"),
    [
        (2, {2}),
        ((1, 3), {1, 2, 3}),
        ((2, None), {2, 3, 4}),
        (None, {4}),
        ([0, 4], {0, 4}),
        (9, {4}),
    ],
)
def test_some_of_takes_as_many_as_asked(n, counts):
    some = iaa.SomeOf(n, [iaa.Add(1), iaa.Add(10), iaa.Add(20), iaa.Add(40)])
    assert {len(some.draw(IMAGE, seed).steps) for seed in range(80)} == counts


def test_some_of_keeps_the_order_unless_told_otherwise():
    children = [iaa.Add(10), iaa.Multiply(2.0)]
    assert {iaa.SomeOf(2, children).draw(IMAGE, s)(image=IMAGE).max() for s in range(20)} == {220}
    shuffled = iaa.SomeOf(2, children, random_order=True)
    assert {shuffled.draw(IMAGE, s)(image=IMAGE).max() for s in range(20)} == {210, 220}


def test_one_of_takes_each_about_equally():
    one = iaa.OneOf([iaa.Add(1), iaa.Add(2), iaa.Add(3)])
    drawn = [int(one.draw(IMAGE, s)(image=IMAGE).max()) - 100 for s in range(300)]
    assert all(70 < drawn.count(k) < 130 for k in (1, 2, 3))


def test_sometimes_takes_one_list_or_the_other():
    either = iaa.Sometimes(0.3, iaa.Add(1), [iaa.Add(2), iaa.Add(4)])
    drawn = [int(either.draw(IMAGE, s)(image=IMAGE).max()) - 100 for s in range(300)]
    assert set(drawn) == {1, 6}
    assert 60 < drawn.count(1) < 120
    assert iaa.Sometimes(0.0, iaa.Add(1))(image=IMAGE).max() == 100


def test_with_channels_changes_only_those():
    out = iaa.WithChannels([0, 2], iaa.Add(5))(image=IMAGE)
    assert out[0, 0].tolist() == [105, 100, 105]
    assert iaa.WithChannels(1, iaa.Add(5))(image=IMAGE)[0, 0].tolist() == [100, 105, 100]
    assert iaa.WithChannels(None, iaa.Add(5))(image=IMAGE).min() == 105
    assert iaa.WithChannels(None, iaa.Add(5))(image=IMAGE[:, :, 0]).min() == 105
    assert iaa.WithChannels([], iaa.Add(5))(image=IMAGE).max() == 100
    with pytest.raises(ValueError, match="not ones that move pixels"):
        iaa.WithChannels([0], iaa.Rotate(5))(image=IMAGE)
    with pytest.raises(ValueError, match="no channel 3 in a picture of 3 channels"):
        iaa.WithChannels([3], iaa.Add(5))(image=IMAGE)


def test_identity_changes_nothing():
    assert np.array_equal(iaa.Noop()(image=IMAGE), IMAGE)


def test_lambda_calls_each_kind_with_the_same_chance():
    seen = {}

    def note(kind):
        def function(value, rng):
            seen[kind] = rng.random()
            return value

        return function

    aug = iaa.Lambda(
        note("image"),
        note("heatmaps"),
        note("segmentation_maps"),
        note("keypoints"),
        note("bounding_boxes"),
    )
    aug(
        image=IMAGE,
        heatmaps=HEAT,
        segmentation_maps=np.zeros((6, 8), np.int32),
        keypoints=np.zeros((1, 2)),
        bounding_boxes=np.zeros((1, 4)),
    )
    assert len(seen) == 5
    assert len(set(seen.values())) == 1


def test_lambda_between_warps_sees_the_sheet_of_that_moment():
    def half(sheet, rng):
        return HeatmapsOnImage(sheet.get_arr() * 0.5, sheet.shape)

    pipeline = iaa.Sequential([iaa.Fliplr(1.0), iaa.Lambda(func_heatmaps=half), iaa.Fliplr(1.0)])
    arr = np.arange(12, dtype=np.float32).reshape(3, 4) / 12
    out = pipeline(heatmaps=HeatmapsOnImage(arr, IMAGE.shape))
    assert np.allclose(out.get_arr(), arr / 2)


def test_lambda_may_change_its_copy_but_not_the_size():
    def paint(image, rng):
        image[:] = 7
        return image

    before = IMAGE.copy()
    assert iaa.Lambda(paint)(image=IMAGE).max() == 7
    assert np.array_equal(IMAGE, before)
    with pytest.raises(ValueError, match=r"uint8 \(6, 8, 3\), got uint8 \(5, 8, 3\)"):
        iaa.Lambda(lambda image, rng: image[1:])(image=IMAGE)
    with pytest.raises(ValueError, match="got NoneType"):
        iaa.Lambda(lambda image, rng: None)(image=IMAGE)


def test_children_must_be_augmenters_without_seeds():
    with pytest.raises(TypeError, match="children must be augmenters, got int"):
        iaa.Sequential([3])
    with pytest.raises(ValueError, match="Add in then_list has a seed of its own"):
        iaa.Sometimes(0.5, iaa.Add(1, seed=3))


def test_augmenters_say_what_they_are():
    assert "Fliplr" in repr(iaa.Sequential([iaa.Fliplr(0.5)], random_order=True))
    assert iaa.Fliplr(0.5, name="mirror").name == "mirror"
    assert iaa.Fliplr(0.5).name == "Fliplr"

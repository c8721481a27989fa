import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from acetate.colors import palette
from acetate.geometry import imresize_single_image, pad
from acetate.sheets import SegmentationMapsOnImage

RNG = np.random.default_rng(6)
IMAGE = RNG.integers(0, 256, (32, 48, 3), dtype=np.uint8)
DTYPES = [bool, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]


def maps(channels=2, dtype=np.uint8):
    return SegmentationMapsOnImage(RNG.integers(0, 5, (16, 24, channels)).astype(dtype), IMAGE)


@given(
    dtype=st.sampled_from(DTYPES),
    shape=st.sampled_from([(4, 5), (4, 5, 1), (4, 5, 3)]),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_labels_come_back_in_dtype_and_rank(dtype, shape, data):
    largest = 1 if dtype is bool else min(np.iinfo(dtype).max, 2**31 - 1)
    labels = data.draw(hnp.arrays(np.int64, shape, elements=st.integers(0, largest))).astype(dtype)
    before = labels.copy()
    sheet = SegmentationMapsOnImage(labels, (8, 10))
    assert sheet.arr.dtype == np.int32
    assert sheet.arr.shape == (4, 5, shape[2] if len(shape) == 3 else 1)
    assert sheet.get_arr().dtype == dtype
    assert np.array_equal(sheet.get_arr(), before)
    sheet.arr[:] = 0
    assert np.array_equal(labels, before)


@pytest.mark.parametrize(
    ("arr", "error", "message"),
    [
        ([[1]], TypeError, "must be a NumPy array, got list"),
        (np.zeros(4, int), ValueError, r"\(H, W\) or \(H, W, C\) and not be empty, got \(4,\)"),
        (np.zeros((0, 4), int), ValueError, r"not be empty, got \(0, 4\)"),
        (np.zeros((4, 4)), ValueError, r"integers or booleans, got float64; .*HeatmapsOnImage"),
        (np.array([[0, -1]]), ValueError, r"must lie in \[0, 2147483647\], got \[-1, 0\]"),
        (np.array([[0, 2**31]]), ValueError, r"got \[0, 2147483648\]; give ignored or very large"),
        (np.array([[2**63]], np.uint64), ValueError, r"got \[9223372036854775808, 92"),
    ],
)
def test_what_is_no_label_map_is_refused(arr, error, message):
    with pytest.raises(error, match=message):
        SegmentationMapsOnImage(arr, (8, 8))


def test_with_array_remembers_dtype_and_rank_only():
    sheet = SegmentationMapsOnImage(np.zeros((4, 4), np.uint16), (8, 8))
    other = np.full((2, 6, 1), 7, np.int32)
    moved = sheet.with_array(other, (5, 5, 3))
    assert moved.arr is other
    assert moved.shape == (5, 5, 3)
    assert moved.get_arr().dtype == np.uint16
    assert moved.get_arr().tolist() == [[7] * 6] * 2


def test_drawing_gives_one_picture_per_channel_in_the_palette():
    sheet = maps(2)
    drawn = sheet.draw()
    assert len(drawn) == 2
    for channel, picture in enumerate(drawn):
        assert np.array_equal(picture, palette(5)[sheet.arr[:, :, channel]])


def test_drawing_in_other_colours_and_sizes():
    sheet = SegmentationMapsOnImage(np.array([[0, 1]]), (1, 2))
    drawn = sheet.draw((2, 4), colors=[7, (1, 2, 3)])[0]
    expected = [[7, 7, 7], [7, 7, 7], [1, 2, 3], [1, 2, 3]]
    assert drawn.tolist() == [expected, expected]
    assert drawn.dtype == np.uint8


@pytest.mark.parametrize("color", [(1, 2), 256, (0, 0, -1)])
def test_colours_are_bytes(color):
    with pytest.raises(ValueError, match="one or three whole numbers in"):
        maps().draw(colors=[color] * 5)


def test_each_label_needs_a_colour():
    with pytest.raises(ValueError, match="a colour for each label from 0 to 4, got 2 colours"):
        maps().draw(colors=[0, 255])


def test_the_background_shows_the_image():
    labels = np.kron(np.array([[0, 1], [2, 0]]), np.ones((8, 12), int))
    before = IMAGE.copy()
    sheet = SegmentationMapsOnImage(labels, IMAGE)
    shown = sheet.draw_on_image(IMAGE, alpha=1)[0]
    full = np.kron(labels, np.ones((2, 2), int))
    assert np.array_equal(shown[full == 0], IMAGE[full == 0])
    assert (shown[full == 2] == palette(3)[2]).all()
    other = sheet.draw_on_image(IMAGE, alpha=1, background_class_id=2)[0]
    assert np.array_equal(other[full == 2], IMAGE[full == 2])
    assert (other[full == 0] == 0).all()
    everything = sheet.draw_on_image(IMAGE, alpha=1, draw_background=True)[0]
    assert np.array_equal(everything, palette(3)[full])
    assert np.array_equal(IMAGE, before)


def test_alpha_mixes_labels_and_image():
    sheet = SegmentationMapsOnImage(np.ones((32, 48), int), IMAGE)
    shown = sheet.draw_on_image(IMAGE, alpha=0.25, colors=[0, 200])[0]
    assert np.abs(shown - (IMAGE * 0.75 + 50)).max() <= 0.51


def test_one_of_the_two_takes_the_others_size():
    sheet = maps(2)
    assert [p.shape for p in sheet.draw_on_image(IMAGE)] == [(32, 48, 3)] * 2
    assert [p.shape for p in sheet.draw_on_image(IMAGE, resize="image")] == [(16, 24, 3)] * 2
    with pytest.raises(ValueError, match="'segmentation_map' or 'image', got 'heatmaps'"):
        sheet.draw_on_image(IMAGE, resize="heatmaps")


@pytest.mark.parametrize("mode", ["constant", "edge", "maximum", "minimum", "reflect", "wrap"])
def test_padding_pads_the_array_and_the_image_by_the_same_share(mode):
    sheet = maps()
    padded = sheet.pad(top=1, right=2, bottom=3, left=4, mode=mode, cval=4)
    assert np.array_equal(padded.arr, pad(sheet.arr, 1, 2, 3, 4, mode, 4))
    assert padded.shape == (40, 60, 3)
    assert set(np.unique(padded.arr)) <= set(range(5))


@pytest.mark.parametrize("mode", ["mean", "median", "linear_ramp"])
def test_padding_never_invents_labels(mode):
    with pytest.raises(ValueError, match=f"mode of labels must be 'constant' or .*, got '{mode}'"):
        maps().pad(1, mode=mode)


@pytest.mark.parametrize(
    ("cval", "message"),
    [
        (300, "the label 300 does not fit into maps of uint8"),
        (-1, "labels must lie in"),
        (0.5, "labels must be integers or booleans, got float64"),
    ],
)
def test_the_padding_label_is_one_that_can_come_back(cval, message):
    with pytest.raises(ValueError, match=message):
        maps().pad(1, cval=cval)


def test_padding_to_a_ratio_tells_how_much():
    sheet = SegmentationMapsOnImage(np.ones((4, 5), bool), (8, 10))
    padded, amounts = sheet.pad_to_aspect_ratio(2.0, return_pad_amounts=True)
    assert amounts == (0, 2, 0, 1)
    assert padded.get_arr().shape == (4, 8)
    assert padded.shape == (8, 16)
    assert sheet.pad_to_aspect_ratio(2.0, mode="edge").get_arr().all()


def test_resizing_takes_the_nearest_label():
    sheet = maps(3)
    doubled = sheet.resize(2.0)
    assert np.array_equal(doubled.arr, np.kron(sheet.arr, np.ones((2, 2, 1), int)))
    assert doubled.shape == IMAGE.shape
    assert np.array_equal(
        sheet.scale((7, 9)).arr, imresize_single_image(sheet.arr, (7, 9), "nearest")
    )


@pytest.mark.parametrize("interpolation", ["linear", "cubic", "area", None])
def test_labels_are_never_interpolated(interpolation):
    with pytest.raises(ValueError, match=r"int32 and '.*'; pass interpolation='nearest'"):
        maps().resize(2.0, interpolation)


def test_copies_share_and_deep_copies_do_not():
    sheet = maps(dtype=np.int16)
    assert sheet.copy().arr is sheet.arr
    for deep in (sheet.deepcopy(), copy.deepcopy(sheet), pickle.loads(pickle.dumps(sheet))):
        assert not np.may_share_memory(deep.arr, sheet.arr)
        assert np.array_equal(deep.get_arr(), sheet.get_arr())
        assert deep.get_arr().dtype == np.int16


def test_the_representation_is_short():
    expected = "SegmentationMapsOnImage(2 of 16 x 24, uint8, shape=(32, 48, 3))"
    assert repr(maps()) == expected

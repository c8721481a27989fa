"""The table of objects, against scikit-image; labels; CSV."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import label, regionprops

from acetate.measure import label_objects, object_table, write_objects


def random_labels(seed, shape=(24, 31)):
    return np.random.default_rng(seed).integers(0, 4, shape) * (
        np.random.default_rng(seed + 1).random(shape) > 0.3
    )


@given(st.integers(0, 2**31), st.sampled_from([0.25, 1.0]))
def test_every_column_is_scikit_image_s(seed, spacing):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (24, 31), np.uint8)
    labels = label_objects(rng.random((24, 31)) > 0.55)
    table = object_table(labels, image, spacing)
    regions = regionprops(labels, image)
    assert len(table) == len(regions)
    for row, region in zip(table, regions, strict=True):
        top, left, bottom, right = region.bbox
        assert (row["left"], row["top"]) == (left * spacing, top * spacing)
        assert (row["right"], row["bottom"]) == (right * spacing, bottom * spacing)
        assert row["label"] == region.label
        assert row["area"] == pytest.approx(region.area * spacing**2)
        y, x = region.centroid
        assert (row["x"], row["y"]) == pytest.approx(((x + 0.5) * spacing, (y + 0.5) * spacing))
        assert row["eccentricity"] == pytest.approx(region.eccentricity, abs=1e-6)
        assert row["major_axis"] == pytest.approx(region.axis_major_length * spacing, abs=1e-6)
        assert row["minor_axis"] == pytest.approx(region.axis_minor_length * spacing, abs=1e-6)
        assert row["perimeter"] == pytest.approx(region.perimeter * spacing)
        if region.axis_major_length - region.axis_minor_length > 1e-6:
            turn = row["orientation"] - region.orientation
            assert math.sin(turn) == pytest.approx(0, abs=1e-6)
        assert row["mean_intensity"] == pytest.approx(region.intensity_mean)
        assert row["min_intensity"] == region.intensity_min
        assert row["max_intensity"] == region.intensity_max


@given(st.integers(0, 2**31), st.sampled_from([4, 8]))
def test_parts_are_numbered_in_the_order_of_rows(seed, connectivity):
    mask = np.random.default_rng(seed).random((13, 17)) > 0.5
    expected = label(mask, connectivity=1 if connectivity == 4 else 2)
    found = label_objects(mask, connectivity)
    assert found.dtype == np.int32
    assert np.array_equal(found, expected)


def test_objects_may_be_apart_touch_and_have_large_numbers():
    labels = np.array([[7, 2**31 - 1, 7]], np.int32)
    table = object_table(labels)
    assert table["label"].tolist() == [7, 2**31 - 1]
    assert table["area"].tolist() == [2, 1]
    assert table["x"].tolist() == [1.5, 1.5]
    assert np.isfinite(np.array(table.tolist())).all()


def test_a_line_a_pixel_and_a_square():
    labels = np.zeros((9, 9), int)
    labels[0, :] = 1
    labels[4, 4] = 2
    labels[6:8, 6:8] = 3
    table = object_table(labels)
    assert table["eccentricity"].tolist() == [1, 0, 0]
    assert abs(table["orientation"][0]) == pytest.approx(math.pi / 2)
    assert table["perimeter"].tolist() == [7, 0, 4]  # between the centres, ends half


def test_colours_have_columns_of_their_own():
    image = np.zeros((2, 2, 3), np.uint16)
    image[..., 1] = 500
    table = object_table(np.ones((2, 2), bool), image)
    assert table["mean_intensity_1"].tolist() == [500]
    assert table["max_intensity_2"].tolist() == [0]
    gray = object_table(np.ones((2, 2), bool), image[..., 1:2] / 65535)
    assert gray["mean_intensity"][0] == pytest.approx(500 / 65535)


def test_no_objects_make_an_empty_table():
    assert len(object_table(np.zeros((3, 4), int), np.zeros((3, 4)))) == 0


def test_the_csv_reads_back_as_it_was(tmp_path):
    table = object_table(random_labels(1), random_labels(2) / 3, spacing=0.3)
    write_objects(tmp_path / "a.csv", table)
    with open(tmp_path / "a.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["eccentricity"]) for row in rows] == table["eccentricity"].tolist()
    assert [int(row["label"]) for row in rows] == table["label"].tolist()


def test_arrays_are_left_as_they_were():
    labels = random_labels(3)
    before = labels.copy()
    labels.flags.writeable = False
    object_table(labels[:, ::-2])
    assert np.array_equal(labels, before)


def test_what_has_no_objects_is_refused(tmp_path):
    labels = np.array([[0, 1]])
    with pytest.raises(TypeError, match="labels must be an array of booleans or integers"):
        object_table(labels / 2)
    with pytest.raises(ValueError, match=r"labels must have shape \(H, W\), got \(1, 1, 2\)"):
        object_table(labels[np.newaxis])
    with pytest.raises(ValueError, match="labels is empty"):
        object_table(labels[:0])
    with pytest.raises(ValueError, match="labels from 0, got -1"):
        object_table(labels - 1)
    with pytest.raises(ValueError, match=r"as large as the labels, \(1, 2\), got \(2, 1\)"):
        object_table(labels, np.zeros((2, 1)))
    with pytest.raises(ValueError, match=r"image must be an array of uint8, .* got int64"):
        object_table(labels, labels)
    with pytest.raises(ValueError, match="spacing must be above 0"):
        object_table(labels, spacing=0)
    with pytest.raises(ValueError, match="connectivity is 4 or 8, got 6"):
        label_objects(labels, 6)
    with pytest.raises(TypeError, match="a table is a structured array, got int64"):
        write_objects(tmp_path / "a.csv", labels)
    assert not list(tmp_path.iterdir())

import copy
import json
import pickle
import time

import numpy as np
import pytest

from acetate.sheets import Keypoint, KeypointsOnImage, LandmarkSet
from acetate.sheets.formats import mean_of_annotators

NAN = float("nan")


@pytest.fixture
def marks():
    return LandmarkSet(
        ["left", "right", "nose"],
        ["a.png", "b.png"],
        [[[1, 2], [3, 4], [5, 6]], [[7, 8], [NAN, NAN], [9, 10]]],
        visibility=[[2, 1, 2], [2, 0, 1]],
        spacing=[0.1, NAN],
        shapes=[(20, 30), None],
        mirror={"left": "right", "right": "left"},
    )


def test_what_is_not_said_is_filled_in():
    marks = LandmarkSet(["nose"], ["a", "b"], [[[1, 2]], [[NAN, NAN]]])
    assert marks.visibility.tolist() == [[2], [0]]
    assert marks.missing.tolist() == [[False], [True]]
    assert np.isnan(marks.spacing).all()
    assert marks.shapes == (None, None)
    assert len(marks) == 2


def test_a_set_is_a_value(marks):
    given = np.array([[[1.0, 2.0]]])
    one = LandmarkSet(["nose"], ["a"], given)
    given[:] = 7
    assert one.points.tolist() == [[[1, 2]]]
    with pytest.raises(ValueError, match="read-only"):
        marks.points[0] = 0
    assert marks == marks.take([0, 1])
    assert marks != marks.take([1, 0])
    assert marks != marks.with_spacing(1.0)
    assert marks != "marks"


def test_selecting_goes_by_name_and_keeps_rows_together(marks):
    some = marks.select(names=["nose", "left"], pictures=["b.png"])
    assert some.names == ("nose", "left")
    assert some.points.tolist() == [[[9, 10], [7, 8]]]
    assert some.visibility.tolist() == [[1, 2]]
    assert some.mirror == {}
    both = marks.select(names=["right", "left"])
    assert both.mirror == marks.mirror
    assert marks.take([1]).shapes == (None,)
    assert marks.take([]).points.shape == (0, 3, 2)


def test_landmarks_of_a_picture_become_a_sheet(marks):
    sheet = marks.keypoints(0)
    assert isinstance(sheet, KeypointsOnImage)
    assert sheet.shape == (20, 30)
    assert sheet.visible == (True, False, True)
    assert sheet.mirror == marks.mirror
    assert marks.keypoints(1, np.zeros((4, 5))).shape == (4, 5)
    assert marks.keypoints(1, (4, 5))[1].missing
    with pytest.raises(ValueError, match=r"the size of 'b.png' is not known"):
        marks.keypoints(1)


def test_sheets_join_by_name():
    joined = LandmarkSet.from_keypoints(
        {
            "a": [Keypoint(1, 2, "nose"), Keypoint(3, 4, "tail", visible=False)],
            "b": KeypointsOnImage([Keypoint(5, 6, "tail")], (9, 9)),
        }
    )
    assert joined.names == ("nose", "tail")
    assert joined.visibility.tolist() == [[2, 1], [0, 2]]
    ordered = LandmarkSet.from_keypoints({"a": [Keypoint(1, 2, "nose")]}, ["ear", "nose"])
    assert ordered.missing.tolist() == [[True, False]]
    with pytest.raises(ValueError, match="no landmark 'nose'; the nearest is 'rose'"):
        LandmarkSet.from_keypoints({"a": [Keypoint(1, 2, "nose")]}, ["rose"])
    for points, message in (
        ([Keypoint(1, 2)], "'a' has a landmark without a name"),
        ([Keypoint(1, 2, "nose")] * 2, "'a' has a landmark 'nose' twice"),
    ):
        with pytest.raises(ValueError, match=message):
            LandmarkSet.from_keypoints({"a": points})


def test_spacings_are_given_for_all_each_or_some(marks):
    assert marks.with_spacing(0.2).spacing.tolist() == [0.2, 0.2]
    assert marks.with_spacing([0.2, 0.3]).spacing.tolist() == [0.2, 0.3]
    assert marks.with_spacing({"b.png": 0.3}).spacing.tolist() == [0.1, 0.3]
    with pytest.raises(ValueError, match=r"no picture 'c.png'"):
        marks.with_spacing({"c.png": 0.3})
    with pytest.raises(ValueError, match="need as many spacings"):
        marks.with_spacing([1.0])


def test_predictions_take_the_places_of_the_truth(marks):
    found = marks.with_points(np.full((2, 3, 2), 4.0))
    assert found.visibility.tolist() == [[2, 2, 2], [2, 2, 2]]
    assert found.spacing.tolist()[0] == 0.1


GOOD = {"names": ["a", "b"], "pictures": ["p"], "points": [[[1, 2], [3, 4]]]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": ["a", "a"]}, "the landmark 'a' is there twice"),
        ({"names": ["a", ""]}, "a landmark's name is a text, and not empty, got ''"),
        ({"pictures": [3]}, "a picture's name is a text"),
        ({"points": [[1, 2]]}, r"1 pictures and 2 names need points of \(1, 2, 2\)"),
        ({"points": [[[1, np.inf], [3, 4]]]}, r"point \(0, 0\) is \[1.0, inf\]"),
        ({"points": [[[1, 2], [NAN, 4]]]}, r"point \(0, 1\) is \[nan, 4.0\]"),
        ({"visibility": [[2, 0]]}, r"'b' of 'p' has visibility 0 at \[3.0, 4.0\]"),
        ({"visibility": [[2, 3]]}, "visibility must be 0, 1 or 2"),
        ({"visibility": [2, 2]}, "visibility must be 0, 1 or 2"),
        ({"spacing": [0.0]}, "spacing is mm per pixel above 0, got 0.0 for 'p'"),
        ({"spacing": [np.inf]}, "above 0, got inf"),
        ({"shapes": [(3,)]}, r"the shape of 'p' must be \(height, width\)"),
        ({"shapes": [None, None]}, "1 pictures need as many shapes, got 2"),
        ({"mirror": {"a": "c"}}, "no landmark 'c'"),
        ({"mirror": {"a": "b"}}, "pairs go both ways"),
    ],
)
def test_contradictions_are_refused(change, message):
    LandmarkSet(**GOOD)
    with pytest.raises(ValueError, match=message):
        LandmarkSet(**{**GOOD, **change})


def test_a_set_is_a_value_also_its_mirror_pairs():
    marks = LandmarkSet(["l", "r"], ["a"], [[[1, 2], [3, 4]]], mirror={"l": "r", "r": "l"})
    for change in (
        lambda table: table.__setitem__("l", "zz"),
        lambda table: table.pop("l"),
        lambda table: table.update(l="zz"),
        lambda table: table.__ior__({"l": "zz"}),
        lambda table: table.clear(),
    ):
        with pytest.raises(TypeError, match="a landmark set is a value: with_mirror"):
            change(marks.mirror)
    for again in (pickle.loads(pickle.dumps(marks)), copy.deepcopy(marks)):
        assert again == marks
        with pytest.raises(TypeError, match="a landmark set is a value"):
            del again.mirror["l"]
    assert json.loads(json.dumps(marks.mirror)) == {"l": "r", "r": "l"}


def test_many_pictures_are_selected_in_time():
    """Looking each name up among 40 000 would take minutes."""
    names = [f"{i}.png" for i in range(40_000)]
    marks = LandmarkSet(["a", "b"], names, np.zeros((len(names), 2, 2)))
    began = time.process_time()
    assert marks.select(["b"]).pictures == marks.pictures
    assert marks.select(pictures=names[::-1]).pictures[0] == "39999.png"
    assert len(marks.with_spacing(dict.fromkeys(names, 0.1))) == len(names)
    both = mean_of_annotators({"ann": marks, "ben": marks.select(pictures=names[::-1])})
    assert both.landmarks.pictures == marks.pictures
    assert time.process_time() - began < 10

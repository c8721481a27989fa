"""What can be learned from: points inside, pictures once, and none on both sides."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spots import NAMES, write_spots

from acetate.landmarks.cross_validation import cross_validate
from acetate.landmarks.folds import Fold
from acetate.landmarks.learnable import annotated
from acetate.landmarks.presets import PRESETS
from acetate.landmarks.training import Training, train_landmarks
from acetate.sheets.landmark_set import LandmarkSet

QUICK = Training(replace(PRESETS["small"], input_size=32, epochs=1))


def test_points_beside_their_pictures_teach_nothing(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    unsized = LandmarkSet(marks.names, marks.pictures, marks.points + 900)
    for outside in (unsized, marks.with_points(marks.points - 900)):
        for validation in (0.3, 0, marks):
            with pytest.raises(ValueError, match="all points lie beside their pictures"):
                train_landmarks(outside, tmp_path, QUICK, validation)
        with pytest.raises(ValueError, match="all points lie beside"):
            cross_validate(outside, tmp_path, QUICK, 2)


def test_only_pictures_with_a_point_inside_are_counted(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    points = marks.points.copy()
    points[0] += 900
    points[1, 1:] += 900
    points[2] = np.nan
    known, _ = annotated(LandmarkSet(marks.names, marks.pictures, points), tmp_path)
    assert known.pictures == ("01.png", "03.png", "04.png", "05.png")
    np.testing.assert_array_equal(known.points[0], points[1])  # judged by as they are


def test_a_landmark_that_is_outside_everywhere_is_named(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    points = marks.points.copy()
    points[:, 1] += 900
    with pytest.raises(ValueError, match=r"no training picture has 'right'; .*--name"):
        train_landmarks(marks.with_points(points), tmp_path, QUICK)


def test_no_picture_is_on_both_sides(tmp_path: Path) -> None:
    marks = write_spots(tmp_path)
    bare = LandmarkSet(NAMES, ["00", "01"], marks.points[:2])
    with pytest.raises(ValueError, match=r"6 of 6 pictures .* learned from too: '00.png', "):
        train_landmarks(marks, tmp_path, QUICK, marks)
    with pytest.raises(ValueError, match=r"2 of 2 pictures .* learned from too: '00', '01'; "):
        train_landmarks(marks, tmp_path, QUICK, bare)
    with pytest.raises(ValueError, match="1 of 3 pictures"):
        train_landmarks(marks, tmp_path, QUICK, Fold(np.arange(4), np.arange(3, 6)))


@pytest.mark.parametrize("validation", [0, 0.3])
def test_no_picture_is_named_twice(tmp_path: Path, validation: float) -> None:
    marks = write_spots(tmp_path)
    twice = LandmarkSet(NAMES, [*marks.pictures, "00"], marks.points[[0, 1, 2, 3, 4, 5, 0]])
    for train in (
        lambda: train_landmarks(twice, tmp_path, QUICK, validation),
        lambda: train_landmarks(twice, tmp_path, QUICK, Fold(np.arange(3), np.arange(3, 7))),
        lambda: cross_validate(twice, tmp_path, QUICK, 2),
    ):
        with pytest.raises(ValueError, match=r"'00\.png' and '00' are one picture"):
            train()

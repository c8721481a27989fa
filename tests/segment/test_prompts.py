"""What counts as a box or scribbles, and what is said of what does not."""

import numpy as np
import pytest

from acetate.segment.prompts import Box, check_box, check_scribbles, read_prompt
from acetate.sheets import BoundingBox

SPACE = (10, 20)


@pytest.mark.parametrize(
    "prompt", [(2, 3, 8, 7), [2.0, 3.0, 8.0, 7.0], np.array([2, 3, 8, 7]), BoundingBox(8, 7, 2, 3)]
)
def test_four_numbers_are_a_box_however_they_come(prompt):
    assert read_prompt(prompt, SPACE) == Box(2.0, 3.0, 8.0, 7.0)


def test_a_box_is_cut_off_at_the_borders():
    assert check_box((-3, -1, 99, 4), SPACE) == Box(0.0, 0.0, 20.0, 4.0)


def test_pixels_are_inside_by_their_centres():
    inside = Box(1.5, 0.0, 3.51, 1.0).inside((2, 6))
    assert np.argwhere(inside).tolist() == [[0, 1], [0, 2], [0, 3]]
    assert not Box(1.51, 0.0, 3.5, 1.0).inside((2, 6))[0, 1]


def test_a_moved_box_holds_the_moved_pixels():
    box = Box(4.0, 2.0, 12.0, 8.0)
    assert np.array_equal(box.inside(SPACE)[2:, 4:], box.moved(4, 2, 1.0).inside((8, 16)))
    assert np.array_equal(box.inside(SPACE)[::2, ::2], box.moved(0, 0, 0.5).inside((5, 10)))


@pytest.mark.parametrize(
    ("prompt", "error", "words"),
    [
        (None, ValueError, "needs a prompt, got None: a box .* or scribbles"),
        ("box", TypeError, "a prompt is a box .* got 'box'"),
        (7, TypeError, "a prompt is a box .* got 7"),
        ((1, 2, 3), ValueError, r"four numbers .* got 3: \(1, 2, 3\)"),
        ((1, 2, "a", 4), TypeError, "four numbers"),
        ((1, 2, np.nan, 4), ValueError, "four finite numbers"),
        ((5, 2, 5, 4), ValueError, r"x1 < x2 and y1 < y2, got \(5, 2, 5, 4\)"),
        ((5, 6, 8, 4), ValueError, "x1 < x2 and y1 < y2"),
        ((25, 2, 30, 4), ValueError, "no pixel of the picture, which is 20 wide and 10 high"),
        ((-9, 2, 0, 4), ValueError, "no pixel of the picture"),
        ((3.6, 2, 4.4, 4), ValueError, "no pixel of the picture"),
        (np.zeros((10, 19), int), ValueError, r"\(10, 20\), got \(10, 19\)"),
        (np.zeros((10, 20, 3), int), ValueError, r"\(10, 20\), got \(10, 20, 3\)"),
        (np.ones(SPACE), TypeError, "integers, got float64"),
        (np.ones(SPACE, bool), TypeError, "integers, got bool"),
        (np.zeros(SPACE, int), ValueError, "nothing is marked 1"),
        (np.full(SPACE, -1), ValueError, "from 0 to 64, got -1 to -1"),
        (np.full(SPACE, 65), ValueError, "from 0 to 64, got 65 to 65"),
    ],
)
def test_what_is_no_prompt_is_refused(prompt, error, words):
    with pytest.raises(error, match=words):
        read_prompt(prompt, SPACE)


@pytest.mark.parametrize(("drawn", "missing"), [((1,), 2), ((2,), 1), ((1, 3), 2), ((2, 3), 1)])
def test_every_class_needs_a_stroke(drawn, missing):
    scribbles = np.zeros(SPACE, np.int64)
    scribbles[0, : len(drawn)] = drawn
    with pytest.raises(ValueError, match=f"nothing is marked {missing}"):
        check_scribbles(scribbles, SPACE)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.uint16])
def test_any_integers_are_scribbles(dtype):
    scribbles = np.zeros(SPACE, dtype)
    scribbles[0, :3] = 1, 2, 3
    marks = check_scribbles(scribbles, SPACE)
    assert marks.dtype == np.uint8
    assert np.array_equal(marks, scribbles)

"""Contours of masks and scores, in the corner convention."""

import numpy as np
import pytest

from acetate.measure import contours
from acetate.segment import disc_mask


def area(polygon):
    """Return the area that a polygon runs around, positive if x turns towards y."""
    x, y = polygon.T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_a_square_loses_only_its_corners():
    mask = np.zeros((8, 9), bool)
    mask[2:6, 3:8] = True
    (line,) = contours(mask)
    assert line.min(0).tolist() == [3, 2]
    assert line.max(0).tolist() == [8, 6]
    assert abs(area(line)) == 20 - 4 / 8


def test_a_soft_disc_has_its_radius():
    y, x = np.mgrid[:40, :50] + 0.5
    (line,) = contours(12.25 - np.hypot(x - 21.3, y - 17.8), level=0.0)
    assert np.hypot(*(line - (21.3, 17.8)).T) == pytest.approx(12.25, abs=0.02)


def test_lines_are_closed_along_the_border_of_the_picture():
    (line,) = contours(np.ones((3, 4), bool))
    assert line[0].tolist() == line[-1].tolist()
    assert (line.min(0).tolist(), line.max(0).tolist()) == ([0, 0], [4, 3])
    assert contours(np.zeros((3, 4), bool)) == []
    (one,) = contours(np.array([[True]]))
    assert abs(area(one)) == 0.5


def test_holes_run_the_other_way():
    ring = disc_mask((30, 30), 12) & ~disc_mask((30, 30), 5)
    outer, inner = sorted((area(line) for line in contours(ring)), key=abs, reverse=True)
    assert outer * inner < 0
    assert abs(outer) == pytest.approx(np.pi * 144, rel=0.02)
    assert outer > 0  # from x to y: clockwise as it is seen


def test_what_has_no_contours_is_refused():
    with pytest.raises(TypeError, match="image must be an array of numbers, got list"):
        contours([[0, 1]])
    with pytest.raises(ValueError, match=r"shape \(H, W\) and not be empty, got \(2,\)"):
        contours(np.array([0, 1]))
    with pytest.raises(ValueError, match="image has 1 NaN"):
        contours(np.array([[0, np.nan]]))
    with pytest.raises(ValueError, match="level must be a finite number"):
        contours(np.array([[0.0, 1.0]]), np.nan)

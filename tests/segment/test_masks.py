"""Squares, discs and polygons by pixel centres."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.segment import disc_mask, polygon_mask, square_mask

COORDINATES = st.integers(-40, 160).map(lambda n: n / 10)


def centres(shape):
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    return x, y


def test_the_default_square_is_a_third_of_the_height_in_the_middle():
    mask = square_mask(np.zeros((90, 120, 3)))
    expected = np.zeros((90, 120), bool)
    expected[30:60, 45:75] = True
    assert np.array_equal(mask, expected)
    assert square_mask((1, 5)).sum() == 1


def test_a_square_may_lie_partly_outside():
    assert square_mask((4, 4), 4, (0, 0)).sum() == 4
    assert not square_mask((4, 4), 2, (10, 10)).any()


@given(st.floats(0.1, 12), COORDINATES, COORDINATES)
def test_a_disc_holds_the_centres_within_its_radius(radius, cx, cy):
    x, y = centres((9, 12))
    expected = (x - cx) ** 2 + (y - cy) ** 2 <= radius**2
    assert np.array_equal(disc_mask((9, 12), radius, (cx, cy)), expected)


def test_the_default_disc_is_half_as_wide_as_the_picture():
    mask = disc_mask((40, 60))
    assert mask.any(axis=0).sum() == mask.any(axis=1).sum() == 20
    assert disc_mask((1, 1)).all()


def test_a_rectangle_as_polygon_is_the_slice():
    expected = np.zeros((8, 9), bool)
    expected[2:6, 1:7] = True
    corners = [(1, 2), (7, 2), (7, 6), (1, 6)]
    assert np.array_equal(polygon_mask((8, 9), corners), expected)
    assert np.array_equal(polygon_mask((8, 9), np.array(corners[::-1])), expected)


@given(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=3))
def test_a_triangle_holds_the_centres_on_the_inner_side_of_its_edges(points):
    x, y = centres((10, 12))
    sides = []
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        sides.append((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0))
    inside = np.all([s > 1e-6 for s in sides], axis=0) | np.all([s < -1e-6 for s in sides], axis=0)
    outside = np.any([s > 1e-6 for s in sides], axis=0) & np.any([s < -1e-6 for s in sides], axis=0)
    mask = polygon_mask((10, 12), points)
    assert mask[inside].all()
    assert not mask[outside].any()


def test_neighbouring_polygons_share_no_pixel_and_leave_none_out():
    apex = (5.5, 3.5)
    corners = [(0, 0), (12, 0), (12, 9), (0, 9)]
    parts = [
        polygon_mask((9, 12), [a, b, apex])
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    assert np.array_equal(np.sum(parts, axis=0), np.ones((9, 12)))


def test_what_lies_inside_twice_is_outside():
    star = [(6, 0), (9, 10), (0, 4), (12, 4), (3, 10)]
    assert not polygon_mask((11, 12), star)[5, 6]
    assert polygon_mask((11, 12), star)[2, 6]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: square_mask((4, 4), 0), "side must be above 0 and finite, got 0"),
        (lambda: disc_mask((4, 4), -1.0), "radius must be above 0 and finite, got -1.0"),
        (lambda: disc_mask((4, 4), np.inf), "radius must be above 0 and finite"),
        (lambda: square_mask((4,)), "a shape is"),
        (lambda: polygon_mask((4, 4), [(0, 0), (1, 1)]), r"at least 3 points .* shape \(2, 2\)"),
        (lambda: polygon_mask((4, 4), [(0, 0), (1, 1), (np.nan, 0)]), "polygon has 1 NaN"),
    ],
)
def test_shapes_that_are_none_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()

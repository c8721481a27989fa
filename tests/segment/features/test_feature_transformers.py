"""Coordinates, filters, neighbours and polynomial terms, each beside a plain computation."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from skimage.filters import gaussian
from sklearn.preprocessing import PolynomialFeatures

from acetate.segment.features import (
    Coordinates,
    Filters,
    Neighbourhood,
    PixelFlatten,
    PolynomialTerms,
)

rng = np.random.default_rng(8)
PICTURE = rng.random((30, 41)).astype(np.float32)


def test_rows_are_pixels_in_order_and_a_view_of_planes():
    stack = rng.random((2, 3, 4, 5))
    rows = PixelFlatten().fit_transform(stack)
    assert np.array_equal(rows, stack.reshape(-1, 5))
    planes = Filters().fit_transform(PICTURE)
    assert np.shares_memory(PixelFlatten().fit_transform(planes), planes)
    raw = PixelFlatten(scale=False).fit_transform(np.array([[255, 0]], np.uint8))
    assert raw.tolist() == [[255.0], [0.0]]


def test_coordinates_are_pixel_centres():
    xy = Coordinates(keep=False, relative=True).fit_transform(np.zeros((2, 4)))
    assert xy[1, 0].tolist() == [0.125, 0.75]
    polar = Coordinates("polar", keep=False).fit_transform(np.zeros((3, 3)))
    assert polar[1, 1].tolist() == [0.0, 0.0]
    assert np.allclose(polar[0, 1], [1, -np.pi / 2])
    assert np.allclose(polar[2, 2], [np.sqrt(2), np.pi / 4])
    kept = Coordinates().fit_transform(PICTURE)
    assert np.array_equal(kept[:, :, 0], PICTURE)


def test_filters_are_those_of_the_lecture():
    found = Filters().fit_transform(PICTURE)
    blurs = {s: gaussian(PICTURE, s, mode="reflect") for s in (2, 5, 8)}
    expected = [PICTURE, blurs[2], blurs[5] - blurs[2], blurs[8] - blurs[5]]
    assert np.abs(found - np.stack(expected, axis=-1)).max() < 1e-5


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 29), st.integers(0, 40))
def test_neighbours_are_read_in_order_without_wrapping_round(down, right, row, column):
    found = Neighbourhood((down, right)).fit_transform(PICTURE)[row, column]
    mirrored = np.pad(PICTURE, 3, "symmetric")
    around = mirrored[row + 3 - down : row + 4 + down, column + 3 - right : column + 4 + right]
    assert np.array_equal(found, around.ravel())


def test_neighbours_wrap_round_on_demand():
    found = Neighbourhood(1, mode="wrap").fit_transform(PICTURE)
    assert found[0, 0, 0] == PICTURE[-1, -1]
    assert found[0, 0, 8] == PICTURE[1, 1]


def test_terms_are_those_of_scikit_learn():
    picture = rng.random((5, 6, 3)).astype(np.float32)
    for degree, bias in ((2, True), (3, False)):
        ours = PolynomialTerms(degree, bias).fit_transform(picture)
        theirs = PolynomialFeatures(degree, include_bias=bias).fit_transform(picture.reshape(-1, 3))
        assert np.allclose(ours.reshape(30, -1), theirs, atol=1e-6)

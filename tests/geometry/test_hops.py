"""Hops on sheets of other resolutions: what is drawn at a landmark stays at the landmark."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from warp_reference import centres

from acetate.geometry import (
    Elastic,
    Hop,
    Patches,
    Projective,
    compose,
    coordinates,
    warp_chain,
    warp_points,
)
from acetate.geometry.hops import crossed_frames, leaves

SOURCE, SHAPE = (96, 128), (80, 144)
SHEETS = {
    "full": ((96, 128), (80, 144)),
    "half": ((48, 64), (40, 72)),
    "quarter": ((24, 32), (20, 36)),
    "odd": ((37, 53), (31, 59)),
    "double": ((192, 256), (160, 288)),
}


@st.composite
def gentle_maps(draw):
    """Maps from SHAPE into SOURCE that bend little over a dot."""
    centre = (SOURCE[1] / 2, SOURCE[0] / 2)
    zoom = st.floats(0.8, 1.25)
    spread = Projective.scaling(SOURCE[1] / SHAPE[1], SOURCE[0] / SHAPE[0])
    turn = Projective.rotation(draw(st.floats(-180, 180)), centre)
    affine = compose([turn, Projective.scaling(draw(zoom), draw(zoom)).around(centre), spread])
    kind = draw(st.sampled_from(["affine", "projective", "elastic", "elastic first", "patches"]))
    key = draw(st.integers(0, 2**31))
    if kind == "projective":
        return compose([affine, Projective([[1, 0, 0], [0, 1, 0], [5e-4, -3e-4, 1]])])
    if kind == "elastic":
        return compose([affine, Elastic(SHAPE, 40, 20, key)])
    if kind == "elastic first":
        return compose([Elastic(SOURCE, 80, 20, key), affine])
    if kind == "patches":
        nodes = np.random.default_rng(key).normal(0, 0.4, (3, 3, 2))
        return compose([affine, Patches(nodes, SHAPE)])
    return affine


def centre_of_mass(array):
    y, x = np.mgrid[: array.shape[0], : array.shape[1]] + 0.5
    return np.array([(array * x).sum(), (array * y).sum()]) / array.sum()


def per_sheet_pixel(frame, sheet):
    """How many image pixels a sheet's pixel is, (x, y)."""
    return np.array([frame[1] / sheet[1], frame[0] / sheet[0]])


@pytest.mark.parametrize("sheet", SHEETS)
@settings(max_examples=20)
@given(map=gentle_maps(), x=st.floats(30, 98), y=st.floats(25, 71))
def test_dots_stay_at_their_landmarks(sheet, map, x, y):
    source, shape = SHEETS[sheet]
    [target] = warp_points([[x, y]], map)
    assume((target > 16).all() and (target < [SHAPE[1] - 16, SHAPE[0] - 16]).all())
    pixel = per_sheet_pixel(SOURCE, source)
    distance = centres(source) * pixel - [x, y]
    # As small as the sheet can show: the field bends a large dot, and moves its centre of mass.
    width = max(1.5, 0.85 * pixel.max())
    dot = np.exp(-(distance**2).sum(axis=-1) / (2 * width**2)).astype(np.float32)

    out = warp_chain(dot, [Hop(map, SOURCE, SHAPE).scaled(source, shape)])

    assert out.shape == shape
    found = centre_of_mass(out) * per_sheet_pixel(SHAPE, shape)
    assert np.linalg.norm(found - target) < 0.25


@pytest.mark.parametrize("sheet", SHEETS)
@settings(max_examples=20)
@given(map=gentle_maps(), x=st.floats(30, 98), y=st.floats(25, 71))
def test_labels_stay_at_their_landmarks(sheet, map, x, y):
    source, shape = SHEETS[sheet]
    [target] = warp_points([[x, y]], map)
    assume((target > 16).all() and (target < [SHAPE[1] - 16, SHAPE[0] - 16]).all())
    pixel = per_sheet_pixel(SOURCE, source)
    distance = centres(source) - [x, y] / pixel
    disc = (np.linalg.norm(distance, axis=-1) < 3.3).astype(np.int32) * 70_000

    out = warp_chain(disc, [Hop(map, SOURCE, SHAPE).scaled(source, shape)], "nearest")

    assert set(np.unique(out)) == {0, 70_000}
    [aim] = warp_points([centre_of_mass(disc) * pixel], map)
    assert (np.abs(centre_of_mass(out) - aim / per_sheet_pixel(SHAPE, shape)) < 0.6).all()


@pytest.mark.parametrize("ratio", [0.25, 0.5, 2.0])
def test_a_sheet_sees_the_very_field_its_image_sees(ratio):
    """Ways are shorter on smaller sheets, in the sheet's own pixels by just the ratio."""
    field = Elastic((96, 128), 60, 6, 3)
    sheet = (int(96 * ratio), int(128 * ratio))
    hop = Hop(field, (96, 128), (96, 128)).scaled(sheet, sheet)
    points = centres(sheet)
    seen = field(points / ratio) * ratio
    np.testing.assert_allclose(coordinates(hop.map, sheet), seen, atol=1e-3)
    np.testing.assert_allclose(hop.map(points), seen, atol=0.05)


def test_the_same_frames_need_no_new_hop():
    hop = Hop(Projective.rotation(3), (4, 6), (5, 7))
    assert hop.scaled((4, 6), (5, 7)) is hop


def test_what_lies_outside_is_kept():
    hop = Hop(Projective.rotation(3), (4, 6), (5, 7), "reflect", 3)
    sheet = hop.scaled((8, 12), (10, 14))
    assert (sheet.source, sheet.shape, sheet.mode, sheet.cval) == ((8, 12), (10, 14), "reflect", 3)


def test_unknown_mode():
    with pytest.raises(ValueError, match=r"mode must be one of constant, .*, got 'nearest'"):
        Hop(Projective.identity(), (4, 4), (4, 4), mode="nearest")


class TestCrossedFrames:
    def test_only_hops_that_read_outside_are_told(self):
        inside = Hop(Projective.translation(2, 2), (10, 10), (6, 6))
        pad = Hop(Projective.translation(-2, -2), (6, 6), (10, 10))
        turn = Hop(Projective.rotation(45, (5, 5)), (10, 10), (10, 10))
        assert crossed_frames([inside]) == []
        assert crossed_frames([pad, inside]) == []
        assert crossed_frames([inside, pad]) == [1]
        assert crossed_frames([inside, pad, inside]) == []
        assert crossed_frames([turn, turn]) == [1]

    def test_bent_maps_may_read_anywhere(self):
        bend = Hop(Elastic((10, 10), 1, 3, 1), (10, 10), (10, 10))
        tilt = Hop(Projective([[1, 0, 0], [0, 1, 0], [0.01, 0, 1]]), (10, 10), (10, 10))
        assert crossed_frames([bend, bend, tilt]) == [1, 2]

    def test_leaving_by_less_than_asked(self):
        shift = Hop(Projective.translation(5, 0), (10, 10), (10, 10))
        assert leaves([shift], by=1)
        assert not leaves([shift], by=5)
        assert leaves([Hop(Projective.translation(-5, 0), (10, 10), (10, 10))], by=1)
        assert leaves([Hop(Projective.translation(0, 5), (10, 10), (10, 10))], by=1)

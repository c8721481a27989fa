"""Coordinate maps: composition, inverses, other resolutions, and points that are missing."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warp_reference import affine_maps, elastics, maps, patches, projective_maps

from acetate.geometry import (
    Composition,
    Elastic,
    Inverse,
    Map,
    Patches,
    Projective,
    compose,
    warp_points,
)

FRAME = (70, 90)
GENTLE = st.one_of(
    affine_maps(FRAME), projective_maps(FRAME), elastics(FRAME, strongest=1.5), patches(FRAME)
)


def points_in(frame, count=200, seed=0):
    return np.random.default_rng(seed).random((count, 2)) * [frame[1], frame[0]]


def distance(a, b):
    return np.linalg.norm(a - b, axis=-1)


class TestProjective:
    def test_named_maps(self):
        point = np.array([3.0, 4.0])
        assert Projective.identity()(point).tolist() == [3, 4]
        assert Projective.translation(1, -2)(point).tolist() == [4, 2]
        assert Projective.scaling(2, 0.5)(point).tolist() == [6, 2]
        assert Projective.mirror((10, 20), axis=1)(point).tolist() == [17, 4]
        assert Projective.mirror((10, 20), axis=0)(point).tolist() == [3, 6]
        assert Projective.rotation(90)(point) == pytest.approx([-4, 3])
        assert Projective.scaling(2, 2).around((3, 4))(point).tolist() == [3, 4]

    def test_the_last_entry_is_scaled_to_one(self):
        assert Projective(np.diag([4, 6, 2])) == Projective.scaling(2, 3)

    def test_neither_the_given_matrix_nor_its_own_can_change_it(self):
        given = np.eye(3)
        map = Projective(given)
        given[0, 2] = 7
        assert map == Projective.identity()
        with pytest.raises(ValueError, match="read-only"):
            map.matrix[0, 0] = 2

    def test_affine(self):
        assert Projective.rotation(3).affine
        assert not Projective([[1, 0, 0], [0, 1, 0], [1e-6, 0, 1]]).affine

    def test_mirrors(self):
        assert Projective.mirror((4, 4), 0).mirrors
        assert not Projective.rotation(120).mirrors
        assert not compose([Projective.mirror((4, 4), 0), Projective.mirror((4, 4), 1)]).mirrors

    def test_equal_maps_have_equal_hashes(self):
        a, b = Projective(np.eye(3)), Projective([[1, -0.0, 0], [0, 1, 0], [0, 0, 1]])
        assert a == b
        assert hash(a) == hash(b)
        assert a != Projective.translation(1, 0)
        assert a != "identity"

    @pytest.mark.parametrize("dtype", [int, np.float32, np.float64])
    def test_points_of_any_number_type(self, dtype):
        points = np.array([[1, 2], [30, 4]], dtype)
        moved = Projective.scaling(0.5, 0.25)(points)
        np.testing.assert_array_equal(moved, [[0.5, 0.5], [15, 1]])
        assert moved.dtype == (np.float32 if dtype is np.float32 else np.float64)

    @pytest.mark.parametrize(
        "matrix",
        [
            np.zeros((3, 3)),
            np.diag([1, 0, 1]),
            np.diag([1, 1, 0]),
            np.full((3, 3), np.nan),
            np.diag([np.inf, 1, 1]),
        ],
    )
    def test_singular_matrices_are_refused(self, matrix):
        with pytest.raises(ValueError, match=r"needs an invertible 3 x 3 matrix .* got"):
            Projective(matrix)

    @given(projective_maps(FRAME))
    def test_matrix_and_points_agree(self, map):
        points = points_in(FRAME)
        x, y, w = map.matrix @ np.c_[points, np.ones(len(points))].T
        np.testing.assert_allclose(map(points), np.c_[x / w, y / w], rtol=1e-9, atol=1e-7)


class TestComposition:
    @given(st.lists(GENTLE, max_size=4))
    def test_the_last_map_meets_the_point_first(self, maps):
        points = expected = points_in(FRAME)
        for map in reversed(maps):
            expected = map(expected)
        np.testing.assert_allclose(compose(maps)(points), expected, atol=1e-3)

    def test_projective_neighbours_are_multiplied(self):
        turn, field = Projective.rotation(30), Elastic(FRAME, 20, 5, 1)
        joined = compose([turn, turn, compose([turn, field]), turn])
        assert isinstance(joined, Composition)
        first, second, third = joined.maps
        assert np.allclose(first.matrix, Projective.rotation(90).matrix)
        assert (second, third) == (field, turn)

    def test_none_is_the_identity_and_one_is_itself(self):
        field = Elastic(FRAME, 20, 5, 1)
        assert compose([]) == Projective.identity()
        assert compose([field]) is field

    def test_equality(self):
        turn, field = Projective.rotation(30), Elastic(FRAME, 20, 5, 1)
        assert compose([turn, field]) == compose([turn, Elastic(FRAME, 20, 5, 1)])
        assert compose([turn, field]) != compose([field, turn])


class TestInverse:
    @settings(max_examples=25)
    @given(st.lists(GENTLE, min_size=1, max_size=3), st.integers(0, 9))
    def test_undoes_the_map(self, maps, seed):
        map = compose(maps)
        points = points_in(FRAME, seed=seed)
        # The map's image of a point may have other pre-images, where an elastic field folds.
        seen = map(points)
        assert distance(map(map.inverse()(seen)), seen).max() < 0.02

    @settings(max_examples=25)
    @given(
        st.one_of(affine_maps(FRAME), projective_maps(FRAME), elastics(FRAME, 0.8), patches(FRAME))
    )
    def test_finds_the_very_point_where_nothing_folds(self, map):
        points = points_in(FRAME)
        assert distance(map.inverse()(map(points)), points).max() < 0.02
        assert distance(map(warp_points(points, map)), points).max() < 0.02

    @given(maps(FRAME))
    def test_the_inverse_of_the_inverse_is_the_map(self, map):
        points = points_in(FRAME)
        np.testing.assert_allclose(map.inverse().inverse()(points), map(points), atol=1e-6)

    @pytest.mark.parametrize("strength", [2.5, 4, 6])
    def test_folding_fields_are_inverted_almost_everywhere(self, strength):
        missed = []
        for key in range(6):
            field = Elastic((128, 128), strength * 25, 5, key)
            target = points_in((128, 128), 300, key)
            missed.append(distance(field(field.inverse()(target)), target))
        assert (np.concatenate(missed) < 0.05).mean() >= 0.99

    def test_a_point_alone_is_found_where_it_is_found_among_others(self):
        field = Elastic((128, 128), 120, 5, 3)
        points = points_in((128, 128), 60)
        together = warp_points(points, field)
        alone = np.concatenate([warp_points(point[None], field) for point in points])
        np.testing.assert_allclose(together, alone, atol=1e-4)

    @settings(max_examples=25)
    @given(st.lists(maps(FRAME), min_size=1, max_size=3), st.integers(0, 3))
    def test_missing_points_stay_missing_and_the_others_are_found(self, parts, missing):
        map = compose(parts)
        points = points_in(FRAME, 4)
        points[:missing] = np.nan
        points[0, 0] = np.nan
        found = warp_points(points, map)
        lost = max(missing, 1)
        assert np.isnan(found[:lost]).any(axis=1).all()
        np.testing.assert_allclose(found[lost:], warp_points(points[lost:], map), atol=1e-4)

    def test_points_of_any_shape(self):
        inverse = Elastic(FRAME, 20, 5, 1).inverse()
        assert isinstance(inverse, Inverse)
        points = points_in(FRAME, 6)
        flat = inverse(points)
        np.testing.assert_allclose(
            inverse(points.reshape(2, 3, 2)), flat.reshape(2, 3, 2), atol=1e-6
        )
        np.testing.assert_allclose(inverse(points[0]), flat[0], atol=1e-6)

    @pytest.mark.parametrize("count", [0, 1, 40_000])
    def test_any_number_of_points(self, count):
        map = compose([Projective.rotation(3), Elastic(FRAME, 20, 5, 1)])
        points = points_in(FRAME, count)
        found = warp_points(points, map)
        assert found.shape == (count, 2)
        assert distance(map(found), points).max(initial=0) < 0.02

    def test_far_points_are_found(self):
        map = compose([Projective.rotation(3), Elastic(FRAME, 20, 5, 1)])
        points = np.array([[-1e4, 50.0], [500.0, 2e4]])
        assert distance(map(warp_points(points, map)), points).max() < 0.05


class TestScaled:
    @given(maps(FRAME), st.tuples(*[st.floats(0.2, 3)] * 4))
    def test_is_the_same_map_in_other_units(self, map, ratios):
        source, output = np.array(ratios[:2]), np.array(ratios[2:])
        points = points_in(FRAME)
        sheet = map.scaled(source, output)
        # Patches are patches again, with kinks between pixels of the sheet instead.
        tolerance = 1e-3 if not isinstance(sheet, Patches) else 0.2
        np.testing.assert_allclose(sheet(points * output), map(points) * source, atol=tolerance)

    @given(projective_maps(FRAME), st.tuples(*[st.floats(0.2, 3)] * 4))
    def test_projective_stays_projective(self, map, ratios):
        assert isinstance(map.scaled(ratios[:2], ratios[2:]), Projective)

    @given(st.one_of(affine_maps(FRAME), elastics(FRAME, 0.8)))
    def test_the_inverse_is_scaled_too(self, map):
        points = points_in(FRAME) / 2
        sheet = map.scaled((0.5, 0.5), (0.5, 0.5))
        assert distance(sheet(sheet.inverse()(points)), points).max() < 0.02


def test_window_is_the_whole_pixel_part_that_is_read():
    zoom = compose([Projective.translation(2, 1), Projective.scaling(0.5, 2)])
    assert zoom.window((9, 9), (4, 10)) == (slice(1, 9), slice(2, 7))
    assert zoom.window((9, 9), (4, 11)) is None
    assert zoom.window((8, 9), (4, 10)) is None
    assert compose([Projective.translation(-1, 0), zoom]).window((9, 9), (4, 10)) is not None
    assert compose([Projective.translation(-3, 0), zoom]).window((9, 9), (4, 10)) is None


def test_a_map_must_say_where_points_come_from():
    class Bare(Map):
        pass

    with pytest.raises(NotImplementedError, match="Bare must say where points come from"):
        Bare()(np.ones((1, 2)))


def test_maps_travel_to_other_processes():
    maps = (Projective.rotation(3), Elastic(FRAME, 20, 5, 1), Patches(np.ones((2, 3, 2)), FRAME))
    points = points_in(FRAME)
    map = compose(maps)
    again = pickle.loads(pickle.dumps(map))
    assert again == map
    np.testing.assert_array_equal(again(points), map(points))


def test_points_given_as_a_list_are_left_alone():
    points = [[1, 2], [3, 4]]
    assert warp_points(points, Projective.scaling(0.5, 0.5)).tolist() == [[2, 4], [6, 8]]
    assert points == [[1, 2], [3, 4]]

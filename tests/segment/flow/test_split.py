"""Phases by value alone: exact on a line, k-means for colours."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from acetate import samples
from acetate.segment.flow.split import best_cut, distances, split


def within(values, weights, cuts):
    """The weighted sum of squares within the parts between cuts."""
    parts = np.split(np.arange(len(values)), cuts)
    means = [np.average(values[p], weights=weights[p]) for p in parts]
    return sum(weights[p] @ (values[p] - m) ** 2 for p, m in zip(parts, means, strict=True)), means


@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.integers(1, 4))
def test_no_other_cut_of_a_line_is_better(seed, many, parts):
    rng = np.random.default_rng(seed)
    values, weights = np.sort(rng.random(many)), rng.random(many) + 0.1
    parts = min(parts, many)
    choices = itertools.combinations(range(1, many), parts - 1)
    _, means = min((within(values, weights, list(c)) for c in choices), key=lambda f: f[0])
    assert np.allclose(best_cut(values, weights, parts), means)


def test_two_parts_are_those_of_otsu():
    from skimage.filters import threshold_otsu

    image = samples.camera() / 255
    low, high = split(image.reshape(-1, 1), 2)[:, 0]
    threshold = threshold_otsu(samples.camera()) / 255
    assert low == pytest.approx(image[image <= threshold].mean(), abs=0.01)
    assert high == pytest.approx(image[image > threshold].mean(), abs=0.01)


def test_fewer_values_than_phases_give_fewer_centres():
    assert split(np.full((5, 1), 0.3), 4).tolist() == [[0.3]]
    assert len(split(np.array([[0.0], [1.0], [1.0]]), 4)) == 2
    assert len(split(np.array([[0.0, 1.0], [0.0, 1.0]]), 4)) == 1
    assert len(split(np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 1.0]]), 3)) == 2
    # No centre is tried twice, even where the points that are tried are all the same.
    points = np.zeros((192, 2))
    points[1::3] = 1
    assert len(split(points, 3)) == 1


def test_colours_come_near_to_the_k_means_of_many_starts():
    points = samples.coffee(64).reshape(-1, 3) / 255
    centres = split(points, 6)
    ours = distances(points, centres).min(axis=1).sum()
    best = KMeans(6, n_init=10, random_state=0).fit(points).inertia_
    assert ours < 1.1 * best
    assert np.all(np.diff(centres.sum(axis=1)) >= 0)


def test_heavier_points_draw_their_centre():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 9.0]])
    assert split(points, 2, np.array([3.0, 1.0, 1.0]))[0].tolist() == [0.25, 0.0]
    line = np.array([[0.0], [1.0], [9.0]])
    assert split(line, 2, np.array([3.0, 1.0, 1.0]))[0].tolist() == [0.25]


def test_the_same_points_give_the_same_centres():
    points = np.random.default_rng(0).random((500, 3))
    assert np.array_equal(split(points, 5), split(points, 5))

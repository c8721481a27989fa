"""Searches in the tree, beside tables of all values."""

import numpy as np
import pytest

from acetate.mosaic.transport import dense
from acetate.mosaic.transport.search import nearest_of_each
from acetate.mosaic.transport.tree import Tree, lean, nearest, plant, settle, tree_order, weigh

RNG = np.random.default_rng(3)
SCALE = 7.0


def planted(n: int, d: int, high: int = 256) -> tuple[Tree, np.ndarray]:
    """Return a tree of points with weights and parabolas from random partners, and a rotation."""
    points = RNG.integers(0, high, (n, d)).astype(float)
    axes = np.linalg.qr(RNG.normal(size=(d, d)))[0]
    points = points[tree_order(points @ axes)]
    tree = plant(points, points @ axes, float(d * high**2))
    tree.weights[:] = RNG.integers(0, 100 * high, n)
    lean(tree, RNG.integers(0, high, (n, d)) @ axes, SCALE)
    return tree, axes


def search(tree: Tree, axes: np.ndarray, x: np.ndarray, room: int, slack: float = 0.0):
    found, values = np.empty(room, np.int64), np.empty(room)
    count = nearest(tree, x, x @ axes, SCALE, slack, found, values)
    return found[:count], values[:count]


def all_values(tree: Tree, x: np.ndarray) -> np.ndarray:
    return SCALE * ((tree.points - x) ** 2).sum(axis=1) + tree.weights


@pytest.mark.parametrize("n", [1, 2, 16, 17, 33, 1000])
@pytest.mark.parametrize("d", [1, 3, 6])
def test_nearest_are_those_of_the_table(n: int, d: int) -> None:
    tree, axes = planted(n, d)
    for x in RNG.integers(-50, 300, (20, d)).astype(float):
        for room in (1, 2, 17):
            found, values = search(tree, axes, x, room)
            true = all_values(tree, x)
            np.testing.assert_array_equal(values, true[found])
            np.testing.assert_array_equal(np.sort(values), np.sort(true)[:room])
            assert len(set(found)) == len(found)
            assert values[0] == values.max()


def test_equal_points() -> None:
    tree, axes = planted(300, 2, high=2)
    found, values = search(tree, axes, np.zeros(2), 40)
    np.testing.assert_array_equal(np.sort(values), np.sort(all_values(tree, np.zeros(2)))[:40])
    assert len(set(found)) == 40


def test_weights_that_fall_and_rise() -> None:
    tree, axes = planted(400, 3)
    for k in RNG.integers(0, 400, 200):
        weigh(tree, k, float(RNG.integers(-20_000, 20_000)), SCALE)
        risen = RNG.integers(400)
        tree.weights[risen] += 1_000
        x = RNG.integers(0, 256, 3).astype(float)
        assert search(tree, axes, x, 1)[1] == all_values(tree, x).min()
    settle(tree, SCALE)
    x = RNG.integers(0, 256, 3).astype(float)
    assert search(tree, axes, x, 1)[1] == all_values(tree, x).min()


def test_slack_leaves_out_nothing_that_is_better_by_more() -> None:
    tree, axes = planted(1000, 3)
    missed = 0
    for x in RNG.integers(0, 256, (100, 3)).astype(float):
        slack = 100_000.0
        found, values = search(tree, axes, x, 9, slack)
        others = np.delete(all_values(tree, x), found)
        assert others.min() >= values.max() - slack
        missed += others.min() < values.max()
    assert missed


def test_order_is_a_permutation_that_keeps_near_points_together() -> None:
    points = RNG.random((500, 2))
    order = tree_order(points)
    np.testing.assert_array_equal(np.sort(order), np.arange(500))
    steps = np.linalg.norm(np.diff(points[order], axis=0), axis=1).mean()
    assert steps < 0.5 * np.linalg.norm(np.diff(points, axis=0), axis=1).mean()


@pytest.mark.parametrize("many", [False, True])
def test_nearest_of_each(many: bool) -> None:
    points, others = RNG.integers(0, 99, (50, 4)) * 1.0, RNG.integers(0, 99, (70, 4)) * 1.0
    weights = RNG.integers(0, 5000, 70) * 1.0
    found, least = nearest_of_each(points, others, weights, others, np.eye(4), many)
    table = ((points[:, None] - others) ** 2).sum(axis=2) + weights
    np.testing.assert_array_equal(least, table.min(axis=1))
    np.testing.assert_array_equal(table[np.arange(50), found], least)


def test_products_are_exact() -> None:
    points, others = RNG.integers(-30_000, 30_000, (2, 20, 48))
    weights, scale = RNG.integers(0, 2**40, 20), 9_973
    exact = scale * ((points[:, None] - others) ** 2).sum(axis=2) + weights
    given = dense.all_values(points * 1.0, others * 1.0, weights * 1.0, float(scale))
    np.testing.assert_array_equal(given, exact)

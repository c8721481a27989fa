"""Distances over edges: as the shortest paths of a graph, and what they cost."""

import numpy as np
import pytest

from acetate.segment.cut.distances import distance_costs, stroke_distances
from acetate.segment.cut.edge_heat import Relief

WAY = 0.005


def shortest(relief, marks, k):
    """Return distances by Dijkstra's algorithm on the graph of eight neighbours."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    number = np.arange(marks.size).reshape(marks.shape)
    edges = []
    for (dy, dx), one in {(0, 1): 0, (1, 0): 0, (1, 1): 0, (1, -1): 1}.items():
        first, other = (0, one), (dy, one + dx)
        costs = relief.between(first, other) + WAY * np.hypot(dy, dx)
        rows, columns = costs.shape
        start = number[:rows, one : one + columns]
        end = number[dy : dy + rows, one + dx : one + dx + columns]
        edges.append((costs.ravel(), start.ravel(), end.ravel()))
    costs, starts, ends = (np.concatenate(each) for each in zip(*edges, strict=True))
    graph = coo_matrix((costs, (starts, ends)), shape=(marks.size, marks.size))
    sources = np.flatnonzero(marks == k + 1)
    return dijkstra(graph, directed=False, indices=sources, min_only=True).reshape(marks.shape)


@pytest.mark.parametrize("seed", range(4))
def test_distances_are_those_of_shortest_paths(seed):
    rng = np.random.default_rng(seed)
    relief = Relief(rng.random((3, 14, 17)).astype(np.float32))
    marks = np.zeros((14, 17), np.uint8)
    marks[rng.integers(14, size=6), rng.integers(17, size=6)] = 1, 1, 2, 2, 3, 3
    found = stroke_distances(relief, marks, 3)
    for k in range(3):
        assert np.allclose(found[k], shortest(relief, marks, k), atol=0.01)


@pytest.mark.parametrize("shape", [(1, 9), (9, 1)])
def test_thin_pictures_have_distances(shape):
    values = np.random.default_rng(0).random((1, *shape)).astype(np.float32)
    marks = np.zeros(shape, np.uint8)
    marks.ravel()[[0, -1]] = 1, 2
    relief = Relief(values)
    found = stroke_distances(relief, marks, 2)
    steps = (relief.right if shape[0] == 1 else relief.below).ravel() + WAY
    assert np.allclose(found[0].ravel(), np.concatenate([[0], np.cumsum(steps)]), atol=1e-4)


def test_a_spiral_is_followed_to_its_end():
    walls = np.ones((13, 13), np.float32)
    y, x, dy, dx = 0, 0, 0, 1
    for length in (12, 12, 12, 10, 10, 8, 8, 6, 6, 4, 4, 2, 2):
        for _ in range(length):
            walls[y, x] = 0
            y, x = y + dy, x + dx
        dy, dx = dx, -dy
    walls[y, x] = 0
    marks = np.zeros((13, 13), np.uint8)
    marks[0, 0], marks[12, 12] = 1, 2
    relief = Relief(walls[np.newaxis])
    found = stroke_distances(relief, marks, 2)
    assert np.allclose(found[0], shortest(relief, marks, 0), atol=0.01)


def test_costs_are_nothing_for_the_nearest_and_bounded_for_the_others():
    distances = np.random.default_rng(0).random((3, 4, 5)).astype(np.float32)
    distances[0, 0, 0] = 0
    costs = distance_costs(distances, 2.0)
    assert np.all(costs.min(axis=0) == 0)
    assert np.array_equal(costs.argmin(axis=0), distances.argmin(axis=0))
    assert costs.max() <= 12
    assert np.allclose(costs, 2 * distance_costs(distances, 1.0))

"""Assignments that are close to the best: by prices of a coarse problem, and swaps along lines."""

import numpy as np

from acetate.arrays import Array
from acetate.mosaic.transport.clouds import Clouds
from acetate.mosaic.transport.greedy import take_best
from acetate.mosaic.transport.tree import lean, plant

LINES = 32


def greedy(
    clouds: Clouds, capacity: int, prices: Array, partners: Array, rng: np.random.Generator
) -> Array:
    """Let points in random order take the free tile of least squared distance plus price.

    The partners of the tiles only steer the search. Returns the kind of tile of each point.
    """
    tree = plant(clouds.tiles, clouds.turned_tiles, clouds.span)
    tree.weights[:] = prices
    lean(tree, partners @ clouds.axes, 1.0)
    kinds = np.repeat(np.arange(len(clouds.points)), clouds.supply)
    order, room = rng.permutation(len(kinds)), clouds.copies * capacity
    return take_best(clouds.points, clouds.turned_points, kinds, order, tree, room)


def swap_along_lines(clouds: Clouds, columns: Array, rng: np.random.Generator) -> Array:
    """Let pairs of points that are near along random lines swap tiles where both together gain.

    Lines order the points and, in turn, their tiles; two at 1, 2, 4, ... places from each other
    are a pair. Squared distances are least along a line where the orders agree.
    """
    columns = columns.copy()
    points = np.repeat(clouds.points, clouds.supply, axis=0)
    for line in range(LINES):
        along = points if line % 2 == 0 else clouds.tiles[columns]
        order = np.argsort(along @ rng.normal(size=points.shape[1]), kind="stable")
        stride = 1
        while stride < len(order):
            _swap(points, clouds.tiles, columns, order, stride)
            stride *= 2
    return columns


def _swap(points: Array, tiles: Array, columns: Array, order: Array, stride: int) -> None:
    first = np.arange(len(order) - stride)
    first = first[first // stride % 2 == 0]
    a, b = order[first], order[first + stride]
    apart = points[a] - points[b]
    gains = np.einsum("ij,ij->i", apart, tiles[columns[a]] - tiles[columns[b]]) < 0
    a, b = a[gains], b[gains]
    columns[a], columns[b] = columns[b], columns[a]

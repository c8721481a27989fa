"""Many dimensions: values of all tiles by matrix products, a chunk of points at a time."""

import numpy as np

from acetate.arrays import Array
from acetate.mosaic.transport.market import Market, write_down
from acetate.mosaic.transport.tree import Tree

_CHUNK = 1 << 22  # values in a chunk: 32 MB


def look_all(market: Market, kinds: Array, tree: Tree, scale: float) -> None:
    """Let kinds look at all tiles, and know the nearest."""
    rows = max(1, _CHUNK // len(tree.points))
    for begin in range(0, len(kinds), rows):
        chosen = kinds[begin : begin + rows]
        for r, values in zip(
            chosen, all_values(market.points[chosen], tree.points, tree.weights, scale), strict=True
        ):
            _write(market, int(r), values)


def _write(market: Market, r: int, values: Array) -> None:
    room = int(market.starts[r + 1] - market.starts[r])
    if room == len(values):
        write_down(market, r, np.arange(room), values, np.inf)
        return
    nearest = np.argpartition(values, room)
    write_down(market, r, nearest[:room], values[nearest[:room]], values[nearest[room]])


def nearest_of_each(points: Array, others: Array, weights: Array) -> tuple[Array, Array]:
    """Return the least squared distance plus weight for each point: of which other, and it."""
    rows = max(1, _CHUNK // len(others))
    found, least = np.empty(len(points), np.int64), np.empty(len(points))
    for begin in range(0, len(points), rows):
        part = slice(begin, begin + rows)
        values = all_values(points[part], others, weights, 1.0)
        found[part] = values.argmin(axis=1)
        least[part] = np.take_along_axis(values, found[part, np.newaxis], axis=1)[:, 0]
    return found, least


def all_values(points: Array, others: Array, weights: Array, scale: float) -> Array:
    """Return scale times squared distance plus weight, in one product."""
    ones = np.ones((len(points), 1))
    left = np.hstack([-2.0 * scale * points, scale * _squares(points), ones])
    right = np.vstack([others.T, np.ones(len(others)), scale * _squares(others)[:, 0] + weights])
    return left @ right


def _squares(points: Array) -> Array:
    return np.asarray(np.einsum("ij,ij->i", points, points)[:, np.newaxis])

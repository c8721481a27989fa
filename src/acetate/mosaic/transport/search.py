"""The nearest of a weighted cloud for each of many points, by a tree or by matrix products."""

import numpy as np

from acetate.arrays import Array
from acetate.mosaic.transport import dense
from acetate.mosaic.transport.tree import lean, plant, search_each, tree_order


def nearest_of_each(
    points: Array, others: Array, weights: Array, partners: Array, axes: Array, many: bool
) -> tuple[Array, Array]:
    """Return the least squared distance plus weight for each point: of which other, and it.

    Parameters
    ----------
    points, others : numpy.ndarray
        ``(m, d)`` and ``(n, d)``.
    weights : numpy.ndarray
        ``(n,)``.
    partners : numpy.ndarray
        ``(n, d)``: which points each of the others is about nearest to; they steer the search.
    axes : numpy.ndarray
        ``(d, d)`` rotation for the boxes of the tree.
    many : bool
        Whether there are too many dimensions for a tree.
    """
    if many:
        return dense.nearest_of_each(points, others, weights)
    order = tree_order(others @ axes)
    both = np.concatenate([points, others])
    span = float(((both.max(axis=0) - both.min(axis=0)) ** 2).sum())
    tree = plant(others[order], others[order] @ axes, span)
    tree.weights[:] = weights[order]
    lean(tree, partners[order] @ axes, 1.0)
    found, values = np.empty(len(points), np.int64), np.empty(len(points))
    search_each(points, points @ axes, tree, 1.0, found, values)
    return order[found], values

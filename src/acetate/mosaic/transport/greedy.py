"""Point after point takes the best tile that is left."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled
from acetate.mosaic.transport.tree import Tree, nearest, settle


@compiled
def take_best(
    points: Array, turned: Array, kinds: Array, order: Array, tree: Tree, room: Array
) -> Array:
    """Let points in this order take the tile of least squared distance plus price with room left.

    Point i is of kind ``kinds[i]``; the tree's weights are the prices, and become infinite where
    no room is left, as does `room` zero. Returns the tile of each point.
    """
    columns = np.empty(len(order), np.int32)
    found, values = np.empty(1, np.int64), np.empty(1)
    gone, rest = 0, len(order)
    for i in order:
        r = kinds[i]
        nearest(tree, points[r], turned[r], 1.0, 0.0, found, values)
        j = found[0]
        columns[i] = j
        room[j] -= 1
        if room[j] == 0:
            tree.weights[j] = np.inf
            gone += 1
        rest -= 1
        # The fewer are left, the more often those that went have to be forgotten.
        if gone > rest // 16:
            settle(tree, 1.0)
            gone = 0
    return columns

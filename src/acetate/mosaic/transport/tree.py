"""A tree of boxes over weighted points: the nearest by squared distance plus weight."""

from typing import NamedTuple

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled

LEAF = 16  # points in a leaf, at most
# What is known of a node along an axis: its ends, and the parabola that its weights follow.
_LOW, _HIGH, _SHIFT, _BEND, _INVERSE = range(5)
_LEAST_BEND, _MOST_BEND = 1e-4, 4.0
# Sums of rounded products are off by less than this part of the largest; then some.
_ROUNDING = 2.0**-42


class Tree(NamedTuple):
    """Points in the order of the leaves, and boxes and bounds of the nodes.

    Node k has the children 2k and 2k+1; node 1 is the root, and level l holds 2**l nodes. Node i
    of level l holds the points from ``n * i >> l`` up to ``n * (i + 1) >> l``. Coordinates and
    weights are whole numbers in float64, so what is computed from them is exact; the rotated
    coordinates are not, and only steer the search.
    """

    points: Array  # (n, d)
    turned: Array  # (n, d) rotated
    weights: Array  # (n,)
    leaf: Array  # (n,) the leaf of each point
    boxes: Array  # (nodes, d, 5)
    least: Array  # (nodes,) no weight is further below the parabolas
    levels: int
    span: float  # no squared distance to be asked for is above it


def levels_for(count: int) -> int:
    """Return how many times a tree over so many points divides."""
    return max(0, int(np.ceil(np.log2(count / LEAF))))


def tree_order(points: Array) -> Array:
    """Return the order of the leaves: points that are near stand near."""
    order = np.arange(len(points))
    _divide(points, order, levels_for(len(points)))
    return order


def plant(points: Array, turned: Array, span: float) -> Tree:
    """Return the tree over points that stand in `tree_order` of the rotated; weights are 0."""
    n, d = points.shape
    levels = levels_for(n)
    boxes, least = np.zeros((2 << levels, d, 5)), np.zeros(2 << levels)
    weights, leaf = np.zeros(n), np.empty(n, np.int64)
    tree = Tree(points, turned, weights, leaf, boxes, least, levels, span)
    _box(tree)
    return tree


@compiled
def _divide(points: Array, order: Array, levels: int) -> None:
    n = len(order)
    for level in range(levels):
        for i in range(1 << level):
            low, high = n * i >> level, n * (i + 1) >> level
            axis = _widest(points, order[low:high])
            _partition(points[:, axis], order, low, high - 1, n * (2 * i + 1) >> (level + 1))


@compiled
def _widest(points: Array, chosen: Array) -> int:
    """Return the axis along which the chosen points spread most."""
    widest, axis = -1.0, 0
    for a in range(points.shape[1]):
        least, most = np.inf, -np.inf
        for k in chosen:
            least = min(least, points[k, a])
            most = max(most, points[k, a])
        if most - least > widest:
            widest, axis = most - least, a
    return axis


@compiled
def _partition(values: Array, order: Array, left: int, right: int, middle: int) -> None:
    """Reorder until nothing before `middle` is above what follows (Hoare's selection)."""
    while left < right:
        pivot = values[order[(left + right) >> 1]]
        i, j = left, right
        while i <= j:
            while values[order[i]] < pivot:
                i += 1
            while values[order[j]] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if middle <= j:
            right = j
        elif middle >= i:
            left = i
        else:
            return


@compiled
def _box(tree: Tree) -> None:
    n, d = tree.points.shape
    tree.boxes[:, :, _LOW] = np.inf
    tree.boxes[:, :, _HIGH] = -np.inf
    for i in range(1 << tree.levels):
        leaf = (1 << tree.levels) + i
        for k in range(n * i >> tree.levels, n * (i + 1) >> tree.levels):
            tree.leaf[k] = leaf
            node = leaf
            while node:
                for a in range(d):
                    box = tree.boxes[node, a]
                    box[_LOW] = min(box[_LOW], tree.turned[k, a])
                    box[_HIGH] = max(box[_HIGH], tree.turned[k, a])
                node >>= 1


@compiled
def lean(tree: Tree, partners: Array, scale: float) -> None:
    """Fit a parabola per axis to the weights in every node, and find the least weights above it.

    The weight plus ``scale`` times the squared length is convex, and its gradient at a point is
    twice the rotated partner that it is matched with (Brenier): so the parabolas come from a
    regression of the partners. Any parabola is valid; a close one makes searches short.
    """
    n, d = tree.points.shape
    sums = np.zeros((len(tree.least), d, 5))
    for k in range(n):
        node = tree.leaf[k]
        while node:
            for a in range(d):
                y, x = tree.turned[k, a], partners[k, a]
                of = sums[node, a]
                of[0] += 1.0
                of[1] += y
                of[2] += x
                of[3] += y * y
                of[4] += x * y
            node >>= 1
    for node in range(1, len(tree.least)):
        for a in range(d):
            of = sums[node, a]
            y, x = of[1] / of[0], of[2] / of[0]
            spread = max(of[3] / of[0] - y * y, 1e-9)
            bend = min(max((of[4] / of[0] - x * y) / spread, _LEAST_BEND), _MOST_BEND)
            box = tree.boxes[node, a]
            box[_SHIFT], box[_BEND], box[_INVERSE] = x - bend * y, bend, 1.0 / bend
    settle(tree, scale)


@compiled
def settle(tree: Tree, scale: float) -> None:
    """Find the least weights of all nodes again: after weights rose, to be closer."""
    tree.least[:] = np.inf
    for k in range(len(tree.points)):
        _lower(tree, k, scale)


@compiled
def weigh(tree: Tree, k: int, weight: float, scale: float) -> None:
    """Give a point another weight. What only rises may be written directly."""
    tree.weights[k] = weight
    _lower(tree, k, scale)


@compiled
def _lower(tree: Tree, k: int, scale: float) -> None:
    """Let no node's least weight be above that of point k."""
    node = tree.leaf[k]
    while node:
        rest = 0.0
        for a in range(tree.points.shape[1]):
            y, box = tree.turned[k, a], tree.boxes[node, a]
            rest += y * (y - 2.0 * box[_SHIFT] - box[_BEND] * y)
        tree.least[node] = min(tree.least[node], tree.weights[k] + scale * rest)
        node >>= 1


@compiled
def _bound(tree: Tree, node: int, x: Array, scale: float) -> float:
    """Return what no point of a node is below, but for rounding."""
    total = 0.0
    for a in range(len(x)):
        box = tree.boxes[node, a]
        t = x[a] - box[_SHIFT]
        y = min(max(t * box[_INVERSE], box[_LOW]), box[_HIGH])
        total += y * (box[_BEND] * y - 2.0 * t) + x[a] * x[a]
    return scale * total + tree.least[node]


@compiled
def squared(x: Array, y: Array) -> float:
    """Return the squared distance."""
    total = 0.0
    for a in range(len(x)):
        total += (x[a] - y[a]) ** 2
    return total


@compiled
def nearest(
    tree: Tree, x: Array, z: Array, scale: float, slack: float, found: Array, values: Array
) -> int:
    """Find the points of least ``scale * squared distance + weight`` from x, rotated z.

    As many as `found` and `values` have room for, less where there are fewer; returns how many.
    They come as a heap, the greatest first. A point that was left out is not below the greatest
    by more than `slack`.
    """
    room, count = len(found), 0
    n, leaves = len(tree.points), 1 << tree.levels
    nodes, bounds = np.empty(64, np.int64), np.empty(64)
    nodes[0], bounds[0], top = 1, -np.inf, 1
    worst, slack = np.inf, slack - _ROUNDING * scale * tree.span
    while top:
        top -= 1
        node = nodes[top]
        if bounds[top] >= worst - slack:
            continue
        while node < leaves:
            near, far = 2 * node, 2 * node + 1
            low, high = _bound(tree, near, z, scale), _bound(tree, far, z, scale)
            if high < low:
                near, far, low, high = far, near, high, low
            nodes[top], bounds[top] = far, high
            top += 1
            if low >= worst - slack:
                break
            node = near
        if node < leaves:
            continue
        i = node - leaves
        for k in range(n * i >> tree.levels, n * (i + 1) >> tree.levels):
            value = scale * squared(tree.points[k], x) + tree.weights[k]
            if value < worst:
                if count < room:
                    _rise(values, found, count, value, k)
                    count += 1
                else:
                    _sink(values, found, value, k)
                if count == room:
                    worst = values[0]
    return count


@compiled
def search_each(
    points: Array, turned: Array, tree: Tree, scale: float, found: Array, values: Array
) -> None:
    """Find the one point of least ``scale * squared distance + weight`` for each of many."""
    for i in range(len(points)):
        nearest(tree, points[i], turned[i], scale, 0.0, found[i : i + 1], values[i : i + 1])


@compiled
def _rise(values: Array, found: Array, at: int, value: float, k: int) -> None:
    """Add to a heap whose greatest value stands first."""
    while at > 0 and values[(at - 1) >> 1] < value:
        values[at], found[at] = values[(at - 1) >> 1], found[(at - 1) >> 1]
        at = (at - 1) >> 1
    values[at], found[at] = value, k


@compiled
def _sink(values: Array, found: Array, value: float, k: int) -> None:
    """Replace the greatest value of a full heap."""
    at, size = 0, len(values)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and values[child + 1] > values[child]:
            child += 1
        if values[child] <= value:
            break
        values[at], found[at] = values[child], found[child]
        at = child
    values[at], found[at] = value, k

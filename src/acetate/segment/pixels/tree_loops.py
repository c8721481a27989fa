"""The compiled loops of symmetric trees: growing one on binned features, and adding up many."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused

# Pixels that go through a tree together: their places in it stay in the first cache.
_BLOCK = 2048
# A split has to be better by this part: what rounding makes of equal splits decides nothing.
_BETTER = 1 + 1e-9


@compiled_fused
def bin_values(values: Array, edges: Array, counts: Array, out: Array) -> None:
    """Write how many of a feature's edges lie below each value; ``values`` is ``(n, F)``."""
    for f in range(len(out)):
        count = counts[f]
        for i in range(len(values)):
            low, high = 0, count
            while low < high:
                middle = (low + high) // 2
                if edges[f, middle] < values[i, f]:
                    low = middle + 1
                else:
                    high = middle
            out[f, i] = low


@compiled_fused
def _collect(bins: Array, places: Array, slopes: Array, table: Array) -> None:
    """Add up slopes and curvatures ``(n, 2K)`` in ``table[leaf, bin]``, ``(leaves, bins, 2K)``."""
    table[:] = 0.0
    width = slopes.shape[1]
    if width == 2:
        for i in range(len(places)):
            cell = table[places[i], bins[i]]
            cell[0] += slopes[i, 0]
            cell[1] += slopes[i, 1]
        return
    for i in range(len(places)):
        cell = table[places[i], bins[i]]
        for k in range(width):
            cell[k] += slopes[i, k]


@compiled_fused
def _gains(table: Array, count: int, penalty: float, totals: Array, gains: Array) -> None:
    """Write what a split after each of the first ``count`` bins gains, in all leaves together."""
    leaves, _, width = table.shape
    gains[:count] = 0.0
    for leaf in range(leaves):
        for k in range(0, width, 2):
            left, weight = 0.0, 0.0
            whole, curvature = totals[leaf, k], totals[leaf, k + 1]
            for b in range(count):
                left += table[leaf, b, k]
                weight += table[leaf, b, k + 1]
                right, rest = whole - left, curvature - weight
                gains[b] += left * left / (weight + penalty) + right * right / (rest + penalty)


@compiled_fused
def _totals(places: Array, slopes: Array, totals: Array) -> None:
    totals[:] = 0.0
    for i in range(len(places)):
        for k in range(slopes.shape[1]):
            totals[places[i], k] += slopes[i, k]


@compiled_fused
def grow(
    bins: Array,
    counts: Array,
    chosen: Array,
    slopes: Array,
    penalty: float,
    features: Array,
    cuts: Array,
    leaves: Array,
    places: Array,
) -> None:
    """Grow one symmetric tree: the same feature and cut in all nodes of a level.

    Parameters
    ----------
    bins : (F, n) uint8
    counts : (F,) how many cuts a feature has
    chosen : the features to choose from
    slopes : (n, 2K) float64, slope and curvature of the loss for each of K scores
    penalty : on the squares of leaf values
    features, cuts : (depth,) are written; feature -1 where no split gains anything
    leaves : (2**depth, K) are written
    places : (n,) the leaf of every pixel is written
    """
    depth, width = len(features), slopes.shape[1]
    places[:] = 0
    most = 0
    for count in counts:
        most = max(most, count)
    gains = np.empty(most + 1)
    table = np.empty((len(leaves), most + 1, width))
    totals = np.zeros((len(leaves), width))
    for level in range(depth):
        nodes = 1 << level
        _totals(places, slopes, totals[:nodes])
        best = 0.0
        for leaf in range(nodes):
            for k in range(0, width, 2):
                best += totals[leaf, k] ** 2 / (totals[leaf, k + 1] + penalty)
        features[level] = -1
        for f in chosen:
            _collect(bins[f], places, slopes, table[:nodes])
            _gains(table[:nodes], counts[f], penalty, totals, gains)
            for b in range(counts[f]):
                if gains[b] > best * _BETTER + 1e-12:
                    best, features[level], cuts[level] = gains[b], f, b
        if features[level] >= 0:
            row, cut = bins[features[level]], cuts[level]
            for i in range(len(places)):
                places[i] += nodes * (row[i] > cut)
    _totals(places, slopes, totals)
    for leaf in range(len(leaves)):
        for k in range(width // 2):
            leaves[leaf, k] = -totals[leaf, 2 * k] / (totals[leaf, 2 * k + 1] + penalty)


@compiled_fused
def add_leaves(leaves: Array, places: Array, rate: float, scores: Array) -> None:
    """Add the values of every pixel's leaf, times ``rate``, to its scores ``(n, K)``."""
    for i in range(len(places)):
        for k in range(scores.shape[1]):
            scores[i, k] += rate * leaves[places[i], k]


@compiled_fused
def add_trees(
    planes: Array, features: Array, thresholds: Array, leaves: Array, scores: Array
) -> None:
    """Add what all trees say to the scores ``(K, n)`` of pixels ``(F, n)``; no branches.

    ``features`` and ``thresholds`` are ``(T, depth)``, ``leaves`` is ``(T, K, 2**depth)``.
    """
    n, (trees, depth) = planes.shape[1], features.shape
    places = np.empty(_BLOCK, np.int32)
    for start in range(0, n, _BLOCK):
        size = min(_BLOCK, n - start)
        for tree in range(trees):
            values = planes[features[tree, 0], start : start + size]
            threshold = thresholds[tree, 0]
            for i in range(size):
                places[i] = np.int32(values[i] > threshold)
            for level in range(1, depth):
                values = planes[features[tree, level], start : start + size]
                threshold, bit = thresholds[tree, level], np.int32(1 << level)
                for i in range(size):
                    places[i] += bit * np.int32(values[i] > threshold)
            for k in range(len(scores)):
                row, table = scores[k, start : start + size], leaves[tree, k]
                for i in range(size):
                    row[i] += table[places[i]]

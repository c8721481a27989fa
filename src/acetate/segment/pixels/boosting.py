"""Boosting symmetric trees: the loop over trees, and the arrays that they are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.segment.pixels.discriminant import discriminant
from acetate.segment.pixels.tree_loops import add_leaves, add_trees, bin_values, grow

Floats = NDArray[np.float32]

# Pixels that are scored at a time: their features stay in the second cache.
_PIXELS = 2**13


@dataclass(frozen=True, eq=False)
class Trees:
    """Symmetric trees as arrays.

    Parameters
    ----------
    features : numpy.ndarray
        ``(T, depth)`` int32: which feature each level compares.
    thresholds : numpy.ndarray
        ``(T, depth)`` float32; a pixel goes right where its value is larger.
    leaves : numpy.ndarray
        ``(T, K, 2**depth)`` float32, what is added to each of K scores; level d decides bit d.
    linear : numpy.ndarray
        ``(K, F)`` float32: the linear part of the scores.
    start : numpy.ndarray
        ``(K,)`` float32, its constants.

    Examples
    --------
    >>> zeros = np.zeros((1, 1), np.float32)
    >>> leaves = np.array([[[-1, 1]]], np.float32)
    >>> tree = Trees(np.zeros((1, 1), np.int32), zeros + 0.5, leaves, zeros, zeros[0])
    >>> tree.scores(np.array([[0.2, 0.7]], np.float32))
    array([[-1.,  1.]], dtype=float32)
    """

    features: NDArray[np.int32]
    thresholds: Floats
    leaves: Floats
    linear: Floats
    start: Floats

    def scores(self, planes: Array) -> Floats:
        """Return scores ``(K, n)`` of pixels ``(F, n)`` float32; planes in order are quickest."""
        scores = np.empty((len(self.start), planes.shape[1]), np.float32)
        for first in range(0, planes.shape[1], _PIXELS):
            part = np.ascontiguousarray(planes[:, first : first + _PIXELS])
            found = self.linear @ part + self.start[:, np.newaxis]
            add_trees(part, self.features, self.thresholds, self.leaves, found)
            scores[:, first : first + _PIXELS] = found
        return scores

    def importances(self, count: int) -> NDArray[np.float64]:
        """Return each feature's part of the splits, weighted by the squared change they make."""
        found = np.zeros(count)
        depth = self.features.shape[1]
        numbers = np.arange(2**depth)
        for level in range(depth):
            change = self.leaves - self.leaves[:, :, numbers ^ (1 << level)]
            weights = np.square(change, dtype=np.float64).sum(axis=(1, 2))
            split = np.isfinite(self.thresholds[:, level])
            np.add.at(found, self.features[split, level], weights[split])
        return found / found.sum() if found.sum() else found


def boost(
    X: Array,
    edges: list[Array],
    labels: tuple[Array, Array, int],
    shape: tuple[int, int],
    step: tuple[float, float, float],
    choose: Callable[[], Array],
) -> Trees:
    """Grow trees one after another, each on what is left of the logistic loss.

    Parameters
    ----------
    X : numpy.ndarray
        ``(n, F)`` float32.
    edges : list of numpy.ndarray
        Where each feature may be cut.
    labels : tuple
        Codes ``(n,)`` from 0, weights ``(n,)`` and the number of classes.
    shape : tuple of int
        How many trees, and of how many levels.
    step : tuple of float
        Learning rate, the penalty on squared leaf values, and how much of the linear
        discriminant the scores begin with.
    choose : callable
        Returns the features that the next tree may use.
    """
    codes, weights, _ = labels
    (count, depth), (rate, penalty, part) = shape, step
    bins, counts, table = _binned(X, edges)
    linear, start = _start(X, labels, part)
    scores = X @ linear.T + start
    places = np.empty(len(X), np.int64)
    features = np.zeros((count, depth), np.int64)
    cuts = np.zeros((count, depth), np.int64)
    leaves = np.zeros((count, 2**depth, len(start)))
    for tree in range(count):
        slopes = _slopes(scores, codes, weights)
        parts = (features[tree], cuts[tree], leaves[tree], places)
        grow(bins, counts, choose(), slopes, penalty, *parts)
        add_leaves(leaves[tree], places, rate, scores)
    splits = features >= 0
    thresholds = np.where(splits, table[np.where(splits, features, 0), cuts], np.float32(np.inf))
    return Trees(
        np.where(splits, features, 0).astype(np.int32),
        thresholds,
        np.ascontiguousarray((rate * leaves).transpose(0, 2, 1), np.float32),
        linear.astype(np.float32),
        start.astype(np.float32),
    )


def probabilities(scores: Array) -> Floats:
    """Return probabilities ``(K, n)`` float32 of scores: one score stands for two classes.

    Examples
    --------
    >>> probabilities(np.zeros((1, 1), np.float32)).ravel()
    array([0.5, 0.5], dtype=float32)
    """
    if len(scores) == 1:
        second = _sigmoid(scores[0])
        return np.stack([1 - second, second])
    powers = np.exp(scores - scores.max(axis=0))
    return np.asarray(powers / powers.sum(axis=0), np.float32)


def _sigmoid(scores: Array) -> Array:
    return 0.5 + 0.5 * np.tanh(0.5 * scores)


def _binned(X: Array, edges: list[Array]) -> tuple[Array, Array, Array]:
    counts = np.array([len(each) for each in edges])
    table = np.full((len(edges), max(counts.max(), 1)), np.inf, np.float32)
    for row, each in zip(table, edges, strict=True):
        row[: len(each)] = each
    bins = np.empty((X.shape[1], len(X)), np.uint8)
    bin_values(X, table, counts, bins)
    return bins, counts, table


def _start(X: Array, labels: tuple[Array, Array, int], part: float) -> tuple[Array, Array]:
    """Return the linear scores before any tree: a part of the discriminant and of the shares."""
    codes, weights, classes = labels
    shares = np.bincount(codes, weights, classes) / weights.sum()
    logs = np.log(np.maximum(shares, 1e-9))
    start = logs[1:] - logs[0] if classes == 2 else logs - logs.mean()
    if part == 0:
        return np.zeros((len(start), X.shape[1])), start
    coefficients, constants = discriminant(X, codes, weights, classes)
    return part * coefficients, part * constants + (1 - part) * start


def _slopes(scores: Array, codes: Array, weights: Array) -> Array:
    """Return slope and curvature of the logistic loss for each score, ``(n, 2K)``."""
    slopes = np.empty((len(scores), 2 * scores.shape[1]))
    if scores.shape[1] == 1:
        likely = _sigmoid(scores)
        slopes[:, ::2] = likely - (codes == 1)[:, np.newaxis]
    else:
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely = powers / powers.sum(axis=1, keepdims=True)
        slopes[:, ::2] = likely
        slopes[np.arange(len(codes)), 2 * codes] -= 1
    slopes[:, 1::2] = likely * (1 - likely)
    return slopes * weights[:, np.newaxis]

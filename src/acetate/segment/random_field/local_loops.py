"""The compiled loops over neighbours: the energy, and iterated conditional modes."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled


@compiled
def field_total(units: Array, weights: Array, labels: Array) -> tuple[int, int]:
    """Return what all pixels cost in their phases, and all borders; each pair counts once."""
    rows, columns = labels.shape
    pixels, sides, corners = 0, 0, 0
    for y in range(rows):
        for x in range(columns):
            here = labels[y, x]
            pixels += units[here, y, x]
            if x + 1 < columns:
                sides += labels[y, x + 1] != here
            if y + 1 < rows:
                sides += labels[y + 1, x] != here
                if x + 1 < columns:
                    corners += labels[y + 1, x + 1] != here
                if x > 0:
                    corners += labels[y + 1, x - 1] != here
    return pixels, weights[0] * sides + weights[1] * corners


@compiled
def _best(units: Array, weights: Array, labels: Array, at: tuple[int, int], votes: Array) -> int:
    """Return the phase that costs a pixel least, its own of equals, given its neighbours'."""
    rows, columns = labels.shape
    y, x = at
    votes[:] = 0
    for i in range(max(y - 1, 0), min(y + 2, rows)):
        for j in range(max(x - 1, 0), min(x + 2, columns)):
            votes[labels[i, j]] += weights[0] if i == y or j == x else weights[1]
    best = labels[at]
    votes[best] -= weights[0]
    least = units[best, y, x] - votes[best]
    for k in range(len(votes)):
        cost = units[k, y, x] - votes[k]
        if cost < least:
            best, least = k, cost
    return best


@compiled
def sweep(units: Array, weights: Array, labels: Array, stirred: Array) -> int:
    """Give every pixel in turn the phase that is best for it; return how many changed.

    ``stirred``, ``(H, W)`` bool, are the pixels to look at: those where a neighbour has changed.
    """
    rows, columns = labels.shape
    votes = np.empty(len(units), np.int64)
    changed = 0
    for y in range(rows):
        for x in range(columns):
            if not stirred[y, x]:
                continue
            stirred[y, x] = False
            best = _best(units, weights, labels, (y, x), votes)
            if best != labels[y, x]:
                labels[y, x] = best
                changed += 1
                stirred[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2] = True
    return changed

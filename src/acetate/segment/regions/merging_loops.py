"""The compiled loop of hierarchical merging: the two nearest neighbours become one, again."""

import heapq

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled


@compiled
def _apart(means: Array, pixels: Array, one: int, other: int, ward: bool) -> float:
    """Return how far two regions are apart: their colours, or what joining adds to the scatter."""
    total = 0.0
    for c in range(means.shape[1]):
        step = means[one, c] - means[other, c]
        total += step * step
    if ward:
        return total * (pixels[one] * pixels[other] / (pixels[one] + pixels[other]))
    return np.sqrt(total)


@compiled
def _link(pairs: Array, heads: Array, tails: Array, following: Array) -> None:
    """Chain the ends of all pairs by region; end ``2 * pair + side`` leads to the other side."""
    for end in range(2 * len(pairs)):
        region = pairs[end // 2, end % 2]
        if heads[region] < 0:
            heads[region] = end
        else:
            following[tails[region]] = end
        tails[region] = end


@compiled
def _find(names: Array, region: int) -> int:
    """Return the region that this one has become part of."""
    while names[region] != region:
        names[region] = names[names[region]]
        region = names[region]
    return region


@compiled
def _take_in(a: int, b: int, names: Array, pixels: Array, means: Array) -> None:
    """Make b part of a. Equal colours stay exactly as they are."""
    total = pixels[a] + pixels[b]
    for c in range(means.shape[1]):
        means[a, c] += (means[b, c] - means[a, c]) * (pixels[b] / total)
    pixels[a] = total
    names[b] = a


@compiled
def _neighbours(
    a: int, pairs: Array, names: Array, chains: tuple[Array, Array, Array], seen: Array, stamp: int
) -> list[int]:
    """Return the regions around a, each once, and unlink the ends that lead nowhere new."""
    heads, tails, following = chains
    found = []
    before, end = -1, heads[a]
    while end >= 0:
        other = _find(names, pairs[end // 2, 1 - end % 2])
        if other != a and seen[other] != stamp:
            seen[other] = stamp
            found.append(other)
            before = end
        elif before < 0:
            heads[a] = following[end]
        else:
            following[before] = following[end]
        end = following[end]
    tails[a] = before
    return found


@compiled
def merge(
    pairs: Array, pixels: Array, means: Array, most: float, least: int, ward: bool
) -> tuple[Array, float]:
    """Join the nearest neighbours while they are at most so far apart and more regions are left.

    ``pixels`` (float64) and ``means`` are changed. Return for every region the number of one that
    stands for all it was joined with, and the largest distance that was joined.
    """
    count = len(pixels)
    names, age, seen = np.arange(count), np.zeros(count, np.int64), np.zeros(count, np.int64)
    heads, tails = np.full(count, -1), np.full(count, -1)
    following = np.full(2 * len(pairs), -1)
    _link(pairs, heads, tails, following)
    heap = [(_apart(means, pixels, a, b, ward), a, b, 0, 0) for a, b in pairs]
    heapq.heapify(heap)
    merged, farthest = 0, 0.0
    while count - merged > least and len(heap) > 0:
        cost, a, b, a_age, b_age = heapq.heappop(heap)
        if cost > most:
            break
        if names[a] != a or names[b] != b or age[a] != a_age or age[b] != b_age:
            continue
        merged, farthest = merged + 1, max(farthest, cost)
        _take_in(a, b, names, pixels, means)
        age[a] += 1
        following[tails[a]], tails[a] = heads[b], tails[b]
        for other in _neighbours(a, pairs, names, (heads, tails, following), seen, merged):
            new = _apart(means, pixels, a, other, ward)
            low, high = min(a, other), max(a, other)
            heapq.heappush(heap, (new, low, high, age[low], age[high]))
    for region in range(count):
        names[region] = _find(names, region)
    return names, farthest

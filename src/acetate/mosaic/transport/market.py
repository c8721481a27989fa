"""Who holds which tile, and what each kind of point knows of the tiles around it."""

from typing import NamedTuple

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled
from acetate.mosaic.transport.tree import Tree, nearest, squared

# Tiles that a kind knows, and as many again for each further point of the kind.
KNOWN, _PER_POINT = 16, 2


class Market(NamedTuple):
    """Points by kind (those of a kind are equal), what they hold and what they know.

    `heaps`, `left` and `right` are a skew heap of the holders of each tile, by offer. The tiles
    known to kind r are a heap by value, from ``starts[r]``; values are lower bounds that were
    exact when last looked at, because prices only rise meanwhile. All integers are of one kind:
    numba compiles a function anew for each that it meets.
    """

    points: Array  # (kinds, d)
    turned: Array  # (kinds, d) rotated
    kinds: Array  # (m,) the kind of each point, ascending
    columns: Array  # (m,) the tile of each point, -1 for none
    offers: Array  # (m,) what the point offered for its tile
    left: Array  # (m,)
    right: Array  # (m,)
    heaps: Array  # (n,) the holder of least offer, -1 for none
    used: Array  # (n,) how many hold the tile
    room: Array  # (n,) how many may
    starts: Array  # (kinds + 1,)
    sizes: Array  # (kinds,) how many tiles are known
    known: Array  # (starts[-1],) the tiles
    values: Array  # (starts[-1],) scale times squared distance, plus price
    bounds: Array  # (kinds,) no tile that is not known is below that


def open_market(points: Array, turned: Array, supply: Array, room: Array) -> Market:
    """Return a market in which nobody holds and knows anything."""
    m, n, kinds = int(supply.sum()), len(room), len(points)
    starts = np.zeros(kinds + 1, np.int64)
    np.cumsum(np.minimum(KNOWN + _PER_POINT * (supply - 1), n), out=starts[1:])
    return Market(
        points=points,
        turned=turned,
        kinds=np.repeat(np.arange(kinds, dtype=np.int64), supply),
        columns=np.full(m, -1, np.int64),
        offers=np.zeros(m),
        left=np.empty(m, np.int64),
        right=np.empty(m, np.int64),
        heaps=np.empty(n, np.int64),
        used=np.empty(n, np.int64),
        room=room,
        starts=starts,
        sizes=np.zeros(kinds, np.int64),
        known=np.empty(starts[-1], np.int64),
        values=np.zeros(starts[-1]),
        bounds=np.full(kinds, -np.inf),
    )


@compiled
def take(market: Market, i: int, j: int, offer: float) -> int:
    """Give tile j to point i; return the point that lost it, or -1 where there was room."""
    market.columns[i], market.offers[i] = j, offer
    market.left[i] = market.right[i] = -1
    heap, loser = market.heaps[j], -1
    if market.used[j] == market.room[j]:
        loser = heap
        market.columns[loser] = -1
        heap = _join(market.left[loser], market.right[loser], market)
    else:
        market.used[j] += 1
    market.heaps[j] = _join(heap, i, market)
    return loser


@compiled
def _join(a: int, b: int, market: Market) -> int:
    """Merge two skew heaps, return the point of least offer (Sleator and Tarjan 1986)."""
    offers, left, right = market.offers, market.left, market.right
    if a < 0 or b < 0:
        return max(a, b)
    if offers[b] < offers[a]:
        a, b = b, a
    root = a
    while True:
        # b goes into the right child of a, which then becomes the left one.
        child = right[a]
        right[a] = left[a]
        if child < 0:
            left[a] = b
            return root
        if offers[child] < offers[b]:
            child, b = b, child
        left[a] = b
        a, b = b, child


@compiled
def look(
    market: Market, r: int, tree: Tree, scale: float, slack: float, found: Array, values: Array
) -> None:
    """Write down the tiles nearest to a kind, and what no other is below."""
    room = market.starts[r + 1] - market.starts[r] + 1
    found, values = found[:room], values[:room]
    count = nearest(tree, market.points[r], market.turned[r], scale, slack, found, values)
    # The greatest of all only is the bound, unless these are all the tiles that there are.
    first = 1 if count == room else 0
    bound = values[0] - slack if first else np.inf
    write_down(market, r, found[first:count], values[first:count], bound)


@compiled
def write_down(market: Market, r: int, found: Array, values: Array, bound: float) -> None:
    """Let a kind know these tiles, and what no other is below."""
    start, size = market.starts[r], len(found)
    market.sizes[r], market.bounds[r] = size, bound
    known, heap = market.known[start : start + size], market.values[start : start + size]
    for k in range(size):  # to assign slices takes numba seconds to compile
        known[k], heap[k] = found[k], values[k]
    for at in range(size // 2 - 1, -1, -1):
        _sift(known, heap, at)


@compiled
def best_two(market: Market, r: int, tree: Tree, scale: float) -> tuple[int, float, float]:
    """Return the best tile known to a kind, its value, and that of the next best."""
    start, size = market.starts[r], market.sizes[r]
    if size == 0:
        return -1, np.inf, np.inf
    known, values = market.known[start : start + size], market.values[start : start + size]
    for at in range(min(size, 3)):
        _renew(market.points[r], tree, scale, known, values, at)
    second = values[1] if size > 1 else np.inf
    if size > 2:
        second = min(second, values[2])
    return known[0], values[0], second


@compiled
def _renew(x: Array, tree: Tree, scale: float, known: Array, values: Array, at: int) -> None:
    """Bring the value at a place of the heap up to date, and those that move there."""
    while True:
        value = scale * squared(tree.points[known[at]], x) + tree.weights[known[at]]
        if value == values[at]:
            return
        values[at] = value
        _sift(known, values, at)


@compiled
def _sift(known: Array, values: Array, at: int) -> None:
    """Let a value that rose sink to its place."""
    k, value, size = known[at], values[at], len(known)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and values[child + 1] < values[child]:
            child += 1
        if values[child] >= value:
            break
        known[at], values[at] = known[child], values[child]
        at = child
    known[at], values[at] = k, value

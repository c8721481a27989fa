"""What points pay in all, and of each kind the point that pays most: a heap of each kind."""

from typing import NamedTuple

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled
from acetate.mosaic.transport.market import Market
from acetate.mosaic.transport.tree import Tree


class Profits(NamedTuple):
    """Points of kind r stand from ``first[r]`` in a heap, the one that pays most first."""

    pays: Array  # (m,) scale times squared distance, plus price
    first: Array  # (kinds + 1,)
    heap: Array  # (m,) the point at each place
    place: Array  # (m,) the place of each point


def profits_of(market: Market, tiles: Tree, scale: float) -> Profits:
    """Return what points pay for the tiles that they hold."""
    distances = ((market.points[market.kinds] - tiles.points[market.columns]) ** 2).sum(axis=1)
    pays = scale * distances + tiles.weights[market.columns]
    first = np.searchsorted(market.kinds, np.arange(len(market.points) + 1))
    # Sorted, from most to least, each part is a heap.
    heap = np.lexsort((-pays, market.kinds))
    place = np.empty_like(heap)
    place[heap] = np.arange(len(heap))
    return Profits(pays, first, heap, place)


@compiled
def keenest(profits: Profits, r: int) -> int:
    """Return the point of a kind that pays most."""
    return profits.heap[profits.first[r]]


@compiled
def pay(profits: Profits, r: int, i: int, amount: float) -> None:
    """Let a point of kind r pay another amount."""
    start, end = profits.first[r], profits.first[r + 1]
    profits.pays[i] = amount
    at = profits.place[i] - start
    while at > 0 and profits.pays[profits.heap[start + (at - 1) // 2]] < amount:
        at = _put(profits, start + at, start + (at - 1) // 2) - start
    while True:
        child = start + 2 * at + 1
        if child >= end:
            break
        if child + 1 < end and _pays_at(profits, child + 1) > _pays_at(profits, child):
            child += 1
        if _pays_at(profits, child) <= amount:
            break
        at = _put(profits, start + at, child) - start
    profits.heap[start + at] = i
    profits.place[i] = start + at


@compiled
def _pays_at(profits: Profits, place: int) -> float:
    return profits.pays[profits.heap[place]]


@compiled
def _put(profits: Profits, place: int, source: int) -> int:
    """Move the point at `source` to a place; return `source`, which is free then."""
    moved = profits.heap[source]
    profits.heap[place], profits.place[moved] = moved, place
    return source

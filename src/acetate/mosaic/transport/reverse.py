"""The reverse auction: tiles with a price and room left draw points, or give up their price."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled
from acetate.mosaic.transport.market import Market
from acetate.mosaic.transport.profits import Profits, keenest, pay, profits_of
from acetate.mosaic.transport.tree import Tree, nearest, settle, squared, weigh


def reverse(market: Market, tiles: Tree, kinds: Tree, scale: float, step: float, most: int) -> int:
    """Let no tile with room left have a price above 0; every point keeps some tile.

    That is what optimality asks for when there are more tiles than needed (Bertsekas, Castanon
    and Tsaknakis 1993). `kinds` is a tree over the kinds of points whose weights become minus
    what their points pay at most. Ends after `most` points were drawn; returns how many were.
    """
    profits = profits_of(market, tiles, scale)
    kinds.weights[:] = -profits.pays[profits.heap[profits.first[:-1]]]
    settle(kinds, scale)
    _enlist(market)
    return int(_draw_all(market, tiles, kinds, profits, scale, step, most))


@compiled
def _draw_all(
    market: Market,
    tiles: Tree,
    kinds: Tree,
    profits: Profits,
    scale: float,
    step: float,
    most: int,
) -> int:
    """Let tiles with a price and room left draw points one after another.

    A tile draws those with most to gain, at the price at which the next one is as well off where
    it is, less a step.
    """
    waiting, count, listed = _with_price(market, tiles)
    drawn = 0
    while count and drawn < most:
        count -= 1
        j = waiting[count]
        listed[j] = False
        tiles.weights[j] = 0.0
        _charge(market, j, tiles, kinds, profits, scale)
        r, gain = _nearest_kind(j, tiles, kinds, scale)
        while gain > step and market.used[j] < market.room[j]:
            i = keenest(profits, r)
            left = _move(market, i, j)
            drawn += 1
            if tiles.weights[left] > 0.0 and not listed[left]:
                waiting[count], listed[left] = left, True
                count += 1
            _settle_up(market, i, tiles, kinds, profits, scale)
            r, gain = _nearest_kind(j, tiles, kinds, scale)
        if market.used[j] == market.room[j] and gain > step:
            tiles.weights[j] = gain - step
            _charge(market, j, tiles, kinds, profits, scale)
        if drawn % len(kinds.points) == 0:
            settle(kinds, scale)
    return drawn


@compiled
def _with_price(market: Market, tiles: Tree) -> tuple[Array, int, Array]:
    n = len(tiles.points)
    chosen, listed, count = np.empty(n, np.int64), np.zeros(n, np.bool_), 0
    for j in range(n):
        if market.used[j] < market.room[j] and tiles.weights[j] > 0.0:
            chosen[count], listed[j] = j, True
            count += 1
    return chosen, count, listed


@compiled
def _enlist(market: Market) -> None:
    """Make lists of the holders of each tile, both ways, where the heaps were."""
    market.heaps[:] = -1
    for i in range(len(market.columns)):
        _hold(market, i, market.columns[i])


@compiled
def _hold(market: Market, i: int, j: int) -> None:
    head = market.heaps[j]
    market.left[i], market.right[i] = -1, head
    if head >= 0:
        market.left[head] = i
    market.heaps[j] = i
    market.columns[i] = j


@compiled
def _move(market: Market, i: int, j: int) -> int:
    """Give tile j to point i; return the tile it had."""
    old, before, after = market.columns[i], market.left[i], market.right[i]
    if before >= 0:
        market.right[before] = after
    else:
        market.heaps[old] = after
    if after >= 0:
        market.left[after] = before
    market.used[old] -= 1
    market.used[j] += 1
    _hold(market, i, j)
    return old


@compiled
def _nearest_kind(j: int, tiles: Tree, kinds: Tree, scale: float) -> tuple[int, float]:
    """Return the kind with most to gain from a tile at no price, and how much."""
    found, values = np.empty(1, np.int64), np.empty(1)
    nearest(kinds, tiles.points[j], tiles.turned[j], scale, 0.0, found, values)
    return found[0], -values[0]


@compiled
def _charge(
    market: Market, j: int, tiles: Tree, kinds: Tree, profits: Profits, scale: float
) -> None:
    """Let all holders of a tile pay its price of now."""
    i = market.heaps[j]
    while i >= 0:
        _settle_up(market, i, tiles, kinds, profits, scale)
        i = market.right[i]


@compiled
def _settle_up(
    market: Market, i: int, tiles: Tree, kinds: Tree, profits: Profits, scale: float
) -> None:
    """Let a point pay for the tile that it holds."""
    r, j = market.kinds[i], market.columns[i]
    amount = scale * squared(market.points[r], tiles.points[j]) + tiles.weights[j]
    pay(profits, r, i, amount)
    weight = -profits.pays[keenest(profits, r)]
    if weight < kinds.weights[r]:
        weigh(kinds, r, weight, scale)
    else:
        kinds.weights[r] = weight

"""The forward auction: points bid for tiles until each point holds one (Bertsekas)."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled
from acetate.mosaic.transport.market import Market, best_two, look, take
from acetate.mosaic.transport.tree import Tree, settle, squared


@compiled
def stale(market: Market, tree: Tree, scale: float, step: float) -> Array:
    """Return the kinds that have to look before they can tell their best tile."""
    kinds = np.empty(len(market.points), np.int64)
    count = 0
    for r in range(len(kinds)):
        if _must_look(market, r, best_two(market, r, tree, scale)[1], step):
            kinds[count] = r
            count += 1
    return kinds[:count]


@compiled
def _must_look(market: Market, r: int, best: float, step: float) -> bool:
    """Tell whether a tile not known may be better than the best by half a step or more."""
    return best > market.bounds[r] + np.floor(step / 2) or market.sizes[r] == 0


@compiled
def look_all(market: Market, kinds: Array, tree: Tree, scale: float, slack: float) -> None:
    """Let kinds look at the tiles around them."""
    found, values = _scratch(market)
    for r in kinds:
        look(market, r, tree, scale, slack, found, values)


@compiled
def _scratch(market: Market) -> tuple[Array, Array]:
    room = 0  # in a loop: to compile np.max takes numba a second
    for r in range(len(market.sizes)):
        room = max(room, market.starts[r + 1] - market.starts[r])
    return np.empty(room + 1, np.int64), np.empty(room + 1)


@compiled
def reopen(market: Market, tree: Tree, scale: float, step: float, waiting: Array) -> int:
    """Begin a round: who is content with a tile within `step` of the best keeps it.

    The others are written to `waiting`; returns how many. No kind may be `stale`.
    """
    market.heaps[:] = -1
    market.used[:] = 0
    count = 0
    for i in range(len(market.kinds)):
        r, j = market.kinds[i], market.columns[i]
        best = min(best_two(market, r, tree, scale)[1], market.bounds[r])
        market.columns[i] = -1
        if j >= 0:
            value = scale * squared(market.points[r], tree.points[j]) + tree.weights[j]
            if value <= best + step:
                take(market, i, j, tree.weights[j])
                continue
        waiting[count] = i
        count += 1
    return count


@compiled
def bid(
    market: Market,
    tree: Tree,
    scale: float,
    step: float,
    slack: float,
    waiting: Array,
    count: int,
    searching: bool,
    most: int,
) -> tuple[int, int]:
    """Let points bid until none waits. Prices, the tree's weights, only rise.

    The value of a tile to a point is scale times squared distance plus price. A point bids as
    much for its best tile as makes it `step` worse than the second best: so no point is ever more
    than a step from its best tile. What the kind knows is enough unless a tile that it does not
    know may be better; it then looks (`searching`), or the point is set aside. Ends after `most`
    bids. Returns how many bids there were, and how many points were set aside, in `waiting`.
    """
    found, values = _scratch(market)
    aside, bids, m = 0, 0, len(waiting)
    while count and bids < most:
        count -= 1
        i = waiting[count]
        r = market.kinds[i]
        at, best, second = best_two(market, r, tree, scale)
        if _must_look(market, r, best, step):
            if not searching:
                aside += 1
                waiting[m - aside] = i
                continue
            look(market, r, tree, scale, slack, found, values)
            at, best, second = best_two(market, r, tree, scale)
        second = min(second, market.bounds[r])
        raised = step if second == np.inf else second - best + step
        loser = take(market, i, at, tree.weights[at] + raised)
        if loser >= 0:
            waiting[count] = loser
            count += 1
        if market.used[at] == market.room[at]:
            tree.weights[at] = market.offers[market.heaps[at]]
        bids += 1
        if bids % len(tree.points) == 0:
            settle(tree, scale)
    for k in range(aside):  # to assign a slice takes it four
        waiting[k] = waiting[m - aside + k]
    return bids, aside

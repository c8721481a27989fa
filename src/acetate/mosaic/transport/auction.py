"""The auction from coarse to fine, in rounds of smaller and smaller steps, until it is proven."""

from collections.abc import Callable

import numpy as np

from acetate.arrays import Array
from acetate.mosaic.transport import dense
from acetate.mosaic.transport.bids import bid, look_all, reopen, stale
from acetate.mosaic.transport.certificate import whole_prices
from acetate.mosaic.transport.clouds import Clouds, gather, means
from acetate.mosaic.transport.market import open_market
from acetate.mosaic.transport.reverse import reverse
from acetate.mosaic.transport.search import nearest_of_each
from acetate.mosaic.transport.tree import lean, plant

Tell = Callable[[int, float], None]

# A coarse problem has one point for so many, unless there are few.
_GROUP, _FEW = 8, 400
# Steps shrink by this from round to round. The first is that part of the mean square that the
# groups lost; the last of a coarse problem that part of what follows it.
_SHRINK, _FIRST, _LAST = 5.0, 0.5, 0.2
# A search may miss tiles that are better by this part of a step.
_SLACK = 0.1
# Bids for each point in a round, before larger steps are tried.
_PATIENCE = 100


class Auction:
    """The state of an auction: who holds which tile, and the prices.

    Prices are those of squared distances times `scale`, which is so large that steps of 1 end in
    an optimal assignment: above the number of points (Bertsekas 1988).
    """

    def __init__(self, clouds: Clouds, capacity: int) -> None:
        self.clouds, self.capacity = clouds, capacity
        m = int(clouds.supply.sum())
        self.scale, self.step, self.patience = m + 2.0, np.inf, _PATIENCE
        self.spare = int(clouds.copies.sum()) * capacity > m
        self.tree = plant(clouds.tiles, clouds.turned_tiles, clouds.span)
        room = clouds.copies * capacity
        self.market = open_market(clouds.points, clouds.turned_points, clouds.supply, room)
        self.partners = clouds.turned_tiles
        self._waiting = np.empty(m, np.int64)
        self._by_points = plant(clouds.points, clouds.turned_points, clouds.span)

    @property
    def prices(self) -> Array:
        """The price of each kind of tile, scaled."""
        return self.tree.weights

    def round(self, width: float) -> bool:
        """Assign all points, none of them more than a step from its best tile.

        Returns False if that took too many bids: prices were too far off for steps so small.
        """
        self.step = max(1.0, np.floor(width * self.scale))
        if not self.spare:
            self._lower()
        self._lean()
        self._look(stale(self.market, self.tree, self.scale, self.step))
        count = reopen(self.market, self.tree, self.scale, self.step, self._waiting)
        return self._bid(count) and (not self.spare or self._reverse())

    def _bid(self, count: int) -> bool:
        most = self.patience * len(self._waiting)
        slack, searching = np.floor(self.step * _SLACK), not self.clouds.dense
        terms = self.market, self.tree, self.scale, self.step, slack, self._waiting
        while count and most > 0:
            bids, count = bid(*terms, count, searching, most)
            most -= bids
            self._look(np.unique(self.market.kinds[self._waiting[:count]]))
        return most > 0

    def _lower(self) -> None:
        """Let the least price be 0: where all tiles are needed, only differences matter."""
        least = self.prices.min()
        for values in (self.prices, self.market.values, self.market.bounds):
            values -= least

    def _lean(self) -> None:
        held = self.market.columns >= 0
        kinds = self.market.kinds[held]
        self.partners[self.market.columns[held]] = self.market.turned[kinds]
        lean(self.tree, self.partners, self.scale)

    def _look(self, kinds: Array) -> None:
        if self.clouds.dense:
            dense.look_all(self.market, kinds, self.tree, self.scale)
        else:
            slack = np.floor(self.step * _SLACK)
            look_all(self.market, kinds, self.tree, self.scale, slack)

    def _reverse(self) -> bool:
        most = self.patience * len(self._waiting)
        self.prices[:] -= self.prices.min()
        partners = self.held() @ self.clouds.axes
        # Its weights are minus what points pay, whose gradient goes the same way.
        lean(self._by_points, partners, self.scale)
        drawn = reverse(self.market, self.tree, self._by_points, self.scale, self.step, most)
        # Prices fell: what was known is no bound any more.
        self.market.sizes[:] = 0
        return drawn < most

    def held(self) -> Array:
        """Return a tile that a point of each kind holds."""
        held = np.empty_like(self.clouds.points)
        held[self.market.kinds] = self.clouds.tiles[self.market.columns]
        return held

    def pays(self) -> Array:
        """Return what points of each kind pay at most: squared distance plus price, unscaled."""
        pays = np.full(len(self.clouds.points), -np.inf)
        held = self.clouds.tiles[self.market.columns]
        distances = ((self.clouds.points[self.market.kinds] - held) ** 2).sum(axis=1)
        np.maximum.at(
            pays, self.market.kinds, distances + self.prices[self.market.columns] / self.scale
        )
        return pays


def run(clouds: Clouds, capacity: int, until: float, tell: Tell) -> Auction:
    """Return an auction whose last steps were `until`, or that is proven optimal."""
    auction = Auction(clouds, capacity)
    width = _begin(auction, tell)
    while True:
        tell(len(auction.market.kinds), width)
        if not auction.round(width):
            auction.patience *= 4
            width = min(width * _SHRINK**3, clouds.span)
        elif width <= until or proof(auction) is not None:
            return auction
        else:
            width = max(width / _SHRINK, until)


def proof(auction: Auction) -> Array | None:
    """Return whole prices from 0 that prove the assignment optimal, or None."""
    prices = whole_prices(auction.prices, auction.scale, auction.step)
    return prices if prices is None or auction.spare else prices - prices.min()


def _begin(auction: Auction, tell: Tell) -> float:
    """Take over the prices of a coarse problem; return the width of the first step."""
    clouds = auction.clouds
    if len(auction.market.kinds) <= _FEW:
        return clouds.span / 4
    prices, partners, lost = coarse_prices(clouds, auction.capacity, tell)
    auction.prices[:] = np.floor(prices * auction.scale)
    auction.partners[:] = partners
    return _FIRST * lost


def coarse_prices(clouds: Clouds, capacity: int, tell: Tell) -> tuple[Array, Array, float]:
    """Return prices and rotated partners of all tiles by a coarse problem, and what it lost.

    A tile's price is the most that a point of the coarse problem would pay for it, and not below
    0: only where all tiles are needed, prices may be shifted to be so.
    """
    points, lost_points = means(clouds.points, clouds.supply, _GROUP)
    tiles, lost_tiles = means(clouds.tiles, clouds.copies, _GROUP)
    lost = lost_points + lost_tiles
    coarse = run(gather(points, tiles), capacity, _LAST * _FIRST * lost, tell)
    payers = coarse.clouds.points
    found, least = nearest_of_each(
        clouds.tiles, payers, -coarse.pays(), coarse.held(), clouds.axes, clouds.dense
    )
    prices = np.maximum(-least, 0.0) if coarse.spare else least.max() - least
    return prices, payers[found] @ clouds.axes, lost

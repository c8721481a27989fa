"""From whole numbers to columns, prices, cost and bound, by each of the methods."""

from collections.abc import Callable
from itertools import count

import numpy as np

from acetate.arrays import Array
from acetate.mosaic.transport.approximate import greedy, swap_along_lines
from acetate.mosaic.transport.auction import Tell, coarse_prices, proof, run
from acetate.mosaic.transport.certificate import dual_bound
from acetate.mosaic.transport.clouds import Clouds, gather

# What each kind of point holds, whole prices, and partners of the tiles.
_Found = tuple[Array, Array, Array]


def solve(
    points: Array,
    tiles: Array,
    capacity: int,
    method: str,
    rng: np.random.Generator,
    progress: Callable[[int, int | None, str], None] | None,
) -> tuple[Array, Array, int, int]:
    """Return columns, prices, cost, and what no assignment costs less than.

    Points and tiles are float64 that hold whole numbers, and there are enough tiles.
    """
    clouds = gather(points, tiles)
    tell = _tell(progress)
    if method == "exact":
        held, prices, partners = _exact(clouds, capacity, tell)
    else:
        held, prices, partners = _approximate(clouds, capacity, method, rng, tell)
    cost = _cost(clouds, held)
    bound = dual_bound(clouds, capacity, prices, partners)
    if method == "exact" and bound != cost:
        raise RuntimeError(f"the prices prove {bound}, the assignment costs {cost}: report this")
    columns, price_of = _as_given(clouds, held, prices)
    return columns, price_of, cost, bound


def _tell(progress: Callable[[int, int | None, str], None] | None) -> Tell:
    rounds = count()

    def tell(points: int, width: float) -> None:
        done = next(rounds)
        if progress is not None:
            progress(done, None, f"{points} points, steps of {width:.3g}")

    return tell


def _exact(clouds: Clouds, capacity: int, tell: Tell) -> _Found:
    auction = run(clouds, capacity, 0.0, tell)
    prices = proof(auction)
    assert prices is not None
    return auction.market.columns, prices, auction.partners @ clouds.axes.T


def _approximate(
    clouds: Clouds, capacity: int, method: str, rng: np.random.Generator, tell: Tell
) -> _Found:
    spare = len(clouds.tiles_of) * capacity > len(clouds.points_of)
    prices, turned, _ = coarse_prices(clouds, capacity, tell)
    prices = np.floor(prices)
    prices -= 0.0 if spare else prices.min()
    partners = turned @ clouds.axes.T
    held = greedy(clouds, capacity, prices, partners, rng)
    return held if method == "greedy" else swap_along_lines(clouds, held, rng), prices, partners


def _cost(clouds: Clouds, held: Array) -> int:
    points = np.repeat(clouds.points, clouds.supply, axis=0)
    # Each is a whole number that float64 holds; their sum may not be.
    distances = ((points - clouds.tiles[held]) ** 2).sum(axis=1)
    return int(distances.astype(np.int64).sum())


def _as_given(clouds: Clouds, held: Array, prices: Array) -> tuple[Array, Array]:
    """Return the columns and the prices in the order of the points and tiles as given.

    The holders of a kind of tile share its copies evenly.
    """
    order = np.argsort(held, kind="stable")
    first = np.searchsorted(held[order], np.arange(len(clouds.tiles)))
    turn = np.arange(len(held)) - first[held[order]]
    starts = np.cumsum(clouds.copies) - clouds.copies
    copies = starts[held[order]] + turn % clouds.copies[held[order]]
    columns = np.empty(len(held), np.int64)
    columns[clouds.points_of[order]] = clouds.tiles_of[copies]
    price_of = np.empty(len(clouds.tiles_of), np.int64)
    price_of[clouds.tiles_of] = np.repeat(prices, clouds.copies)
    return columns, price_of

"""What the auction is made of: heaps, rounding to whole prices, patience."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from acetate.mosaic.transport import assign, auction
from acetate.mosaic.transport.certificate import whole_prices
from acetate.mosaic.transport.market import open_market, take
from acetate.mosaic.transport.profits import Profits, keenest, pay

RNG = np.random.default_rng(11)


def test_whoever_offers_least_loses_the_tile() -> None:
    points = np.zeros((1, 2))
    market = open_market(points, points, np.array([200]), np.array([60]))
    market.heaps[:] = -1
    market.used[:] = 0
    offers = RNG.permutation(200).astype(float)
    holders: set[int] = set()
    for i, offer in enumerate(offers):
        loser = take(market, i, 0, offer)
        if len(holders) == 60:
            assert loser == min(holders, key=lambda k: offers[k])
            holders.remove(loser)
            assert market.columns[loser] == -1
        else:
            assert loser == -1
        holders.add(i)
    assert set(np.flatnonzero(market.columns == 0)) == holders


def test_who_pays_most() -> None:
    first = np.array([0, 1, 40, 100])
    heap = np.arange(100)
    profits = Profits(np.zeros(100), first, heap, heap.copy())
    kinds = np.repeat(np.arange(3), np.diff(first))
    for i, amount in zip(RNG.integers(0, 100, 2000), RNG.integers(0, 300, 2000), strict=True):
        r = kinds[i]
        pay(profits, r, i, float(amount))
        of_kind = profits.pays[first[r] : first[r + 1]]
        assert profits.pays[keenest(profits, r)] == of_kind.max()
        assert kinds[keenest(profits, r)] == r
    np.testing.assert_array_equal(profits.heap[profits.place], np.arange(100))


def test_whole_prices_keep_what_holds_within_a_step() -> None:
    for _ in range(50):
        scale, step = 23.0, float(RNG.integers(1, 4))
        prices = RNG.integers(0, 400, 5).astype(float)
        rounded = whole_prices(prices, scale, step)
        assert rounded is not None
        np.testing.assert_array_equal(rounded, np.rint(rounded))
        costs = np.arange(-20, 21)
        # pays = scale * cost + price: kept for all that differ by a step at most the wrong way.
        for a, whole_a in zip(prices, rounded, strict=True):
            for b, whole_b in zip(prices, rounded, strict=True):
                held = a <= scale * costs + b + step
                assert (whole_a <= costs + whole_b)[held].all()


def test_whole_prices_need_a_free_stretch() -> None:
    assert whole_prices(np.arange(10.0), 10.0, 1.0) is None
    assert whole_prices(np.arange(9.0), 10.0, 1.0) is not None
    assert whole_prices(np.arange(0.0, 30.0, 3.0), 30.0, 3.0) is None
    assert whole_prices(np.array([0.0, 5.0]), 30.0, 24.0) is not None


def test_price_zero_stays_zero() -> None:
    for _ in range(100):
        prices = np.append(RNG.integers(0, 1000, 7), 0).astype(float)
        rounded = whole_prices(prices, 101.0, 1.0)
        assert rounded is not None
        assert rounded[-1] == 0
        assert rounded.min() == 0


@pytest.mark.parametrize("surplus", [0, 1, 40])
@pytest.mark.parametrize("shift", [0, 20_000])
def test_without_patience_steps_grow_and_the_result_is_the_same(
    monkeypatch: pytest.MonkeyPatch, surplus: int, shift: int
) -> None:
    monkeypatch.setattr(auction, "_PATIENCE", 1)
    points, tiles = RNG.integers(0, 256, (800, 3)) + shift, RNG.integers(0, 256, (800 + surplus, 3))
    told: list[str] = []
    found = assign(points, tiles, progress=lambda done, total, text: told.append(text))
    widths = [float(text.split()[-1]) for text in told if text.startswith("800 ")]
    assert any(b > a for a, b in pairwise(widths))
    costs = np.rint(cdist(points, tiles, "sqeuclidean"))
    assert found.cost == costs[linear_sum_assignment(costs)].sum()
    assert found.gap == 0


def test_importing_the_room_loads_nothing_heavy() -> None:
    script = "import sys, acetate.mosaic; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"numba", "scipy", "skimage", "sklearn"} & set(done.stdout.split())

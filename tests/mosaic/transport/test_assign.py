"""What `assign` finds, beside trying all and SciPy, and its proof by the whole table."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from acetate import samples
from acetate.mosaic.transport import Assignment, assign

RNG = np.random.default_rng(7)


def table(points: np.ndarray, tiles: np.ndarray) -> np.ndarray:
    return np.rint(cdist(points.astype(float), tiles.astype(float), "sqeuclidean")).astype(np.int64)


def by_trying_all(costs: np.ndarray, capacity: int) -> int:
    """Return the least cost over all injections of the points into the tiles' uses."""
    uses = np.repeat(np.arange(costs.shape[1]), capacity)
    rows = np.arange(len(costs))
    return min(int(costs[rows, list(c)].sum()) for c in itertools.permutations(uses, len(costs)))


def by_scipy(costs: np.ndarray, capacity: int) -> int:
    uses = np.repeat(costs, capacity, axis=1)
    return int(uses[linear_sum_assignment(uses)].sum())


def check(found: Assignment, costs: np.ndarray, capacity: int) -> None:
    """Check an assignment and its proof by the whole table."""
    m, n = costs.shape
    used = np.bincount(found.columns, minlength=n)
    assert found.columns.shape == (m,)
    assert used.max() <= capacity
    assert found.cost == costs[np.arange(m), found.columns].sum()
    assert found.prices.shape == (n,)
    assert found.prices.dtype == np.int64
    assert found.prices.min() >= 0
    pays = (costs + found.prices).min(axis=1)
    assert pays.sum() - capacity * found.prices.sum() == found.cost - found.gap


def check_best(found: Assignment, costs: np.ndarray, capacity: int) -> None:
    check(found, costs, capacity)
    rows = np.arange(len(costs))
    assert found.gap == 0
    pays = costs[rows, found.columns] + found.prices[found.columns]
    assert (costs + found.prices >= pays[:, np.newaxis]).all()
    used = np.bincount(found.columns, minlength=costs.shape[1])
    assert not found.prices[used < capacity].any()


@st.composite
def instances(draw: st.DrawFn, most: int) -> tuple[np.ndarray, np.ndarray, int]:
    capacity = draw(st.integers(1, 3))
    m = draw(st.integers(1, most))
    least = -(-m // capacity)
    n = draw(st.integers(least, max(least, most)))
    d = draw(st.integers(1, 4))
    high = draw(st.sampled_from([0, 1, 2, 9, 255]))
    values = st.lists(st.integers(0, high), min_size=(m + n) * d, max_size=(m + n) * d)
    both = np.array(draw(values), np.uint8).reshape(m + n, d)
    if draw(st.booleans()):
        both[:, 1:] = both[:, :1]
    return both[:m], both[m:], capacity


@settings(max_examples=100, deadline=None)
@given(instances(5))
def test_exact_is_the_least_of_all(instance: tuple[np.ndarray, np.ndarray, int]) -> None:
    points, tiles, capacity = instance
    costs = table(points, tiles)
    found = assign(points, tiles, capacity)
    check_best(found, costs, capacity)
    assert found.cost == by_trying_all(costs, capacity)


def test_exact_is_the_least_of_all_eight_by_eight() -> None:
    for high in (2, 4, 256):
        points, tiles = RNG.integers(0, high, (2, 8, 3))
        costs = table(points, tiles)
        found = assign(points, tiles)
        check_best(found, costs, 1)
        assert found.cost == by_trying_all(costs, 1)


@settings(max_examples=100, deadline=None)
@given(instances(40), st.integers(0, 2**32))
def test_exact_costs_what_scipy_finds(
    instance: tuple[np.ndarray, np.ndarray, int], seed: int
) -> None:
    points, tiles, capacity = instance
    costs = table(points, tiles)
    found = assign(points, tiles, capacity)
    check_best(found, costs, capacity)
    assert found.cost == by_scipy(costs, capacity)


@pytest.mark.parametrize("capacity", [1, 2, 3])
@pytest.mark.parametrize("surplus", [0, 1, 2, 200])
@pytest.mark.parametrize("high", [3, 16, 256])
def test_hundreds_cost_what_scipy_finds(capacity: int, surplus: int, high: int) -> None:
    for m, d in ((400, 3), (399, 2), (250, 1), (100, 5)):
        n = -(-m // capacity) + surplus
        points, tiles = RNG.integers(0, high, (m, d)), RNG.integers(0, high, (n, d))
        costs = table(points, tiles)
        found = assign(points, tiles, capacity)
        check_best(found, costs, capacity)
        assert found.cost == by_scipy(costs, capacity)


@pytest.mark.parametrize("shape", ["equal", "line", "two places", "far apart", "grid"])
@pytest.mark.parametrize("surplus", [0, 1, 300])
def test_awkward_shapes(shape: str, surplus: int) -> None:
    m, n = 600, 600 + surplus
    points, tiles = RNG.integers(0, 256, (m, 3)), RNG.integers(0, 256, (n, 3))
    if shape == "equal":
        points[:] = 7
    elif shape == "line":
        points[:, 1:], tiles[:, 1:] = points[:, :1], tiles[:, :1]
    elif shape == "two places":
        points[: m // 2], points[m // 2 :] = 0, 255
        tiles[:] = np.where(tiles[:, :1] > 99, 255, 0)
    elif shape == "far apart":
        points += 30_000
    else:
        points //= 64
        tiles //= 64
    costs = table(points, tiles)
    found = assign(points, tiles)
    check_best(found, costs, 1)
    assert found.cost == by_scipy(costs, 1)


def photo_points(side: int) -> np.ndarray:
    return samples.picture("astronaut", (side, side)).reshape(-1, 3)


def photo_tiles(n: int) -> np.ndarray:
    """Return mean colours of crops of photographs."""
    pictures = [samples.picture(name, 96) for name in ("coffee", "cat", "rocket", "flower")]
    crops = RNG.integers(0, 64, (n, 2))
    return np.array(
        [
            pictures[k % 4][y : y + 24, x : x + 24].mean(axis=(0, 1)).round()
            for k, (y, x) in enumerate(crops)
        ]
    ).astype(np.uint8)


@pytest.mark.parametrize(("n", "capacity"), [(784, 1), (800, 1), (3000, 1), (270, 3), (20, 500)])
def test_photographs_cost_what_scipy_finds(n: int, capacity: int) -> None:
    points, tiles = photo_points(28), photo_tiles(n)
    costs = table(points, tiles)
    found = assign(points, tiles, capacity)
    check_best(found, costs, capacity)
    if n * capacity < 2_000:
        assert found.cost == by_scipy(costs, capacity)


@pytest.mark.parametrize("surplus", [0, 1, 150])
@pytest.mark.parametrize("capacity", [1, 2])
def test_many_dimensions(surplus: int, capacity: int) -> None:
    m = 500
    n = m // capacity + surplus
    points, tiles = RNG.integers(0, 256, (m, 48)), RNG.integers(0, 256, (n, 48))
    tiles[: n // 2] = points[: n // 2]
    costs = table(points, tiles)
    found = assign(points, tiles, capacity)
    check_best(found, costs, capacity)
    assert found.cost == by_scipy(costs, capacity)


def test_floats_are_exact_in_their_unit() -> None:
    points, tiles = RNG.normal(1e3, 5, (200, 3)), RNG.normal(1e3, 5, (230, 3)).astype(np.float32)
    found = assign(points, tiles)
    spread = max(
        np.concatenate([points, tiles]).max(axis=0) - np.concatenate([points, tiles]).min(axis=0)
    )
    assert spread / 2**16 <= found.unit <= spread / 2**15 * 1.01
    costs = table(np.rint(points / found.unit), np.rint(tiles / found.unit))
    check_best(found, costs, 1)
    true = cdist(points, tiles, "sqeuclidean")
    best = true[linear_sum_assignment(true)].sum()
    assert found.distance == pytest.approx(best, rel=1e-4)
    assert found.distance == found.cost * found.unit**2


def test_floats_of_few_bits_are_not_rounded() -> None:
    points, tiles = RNG.integers(0, 256, (2, 100, 3))
    found = assign(points / 256, tiles / 256)
    assert found.distance * 65536 == assign(points, tiles).cost
    assert found.unit == 2.0**-16


def test_units_of_floats_bear_any_size() -> None:
    for size in (1e-300, 1e-200, 1.0, 1e200, 1e300):
        points, tiles = RNG.random((2, 20, 2))
        columns = assign(points * size, tiles * size).columns
        np.testing.assert_array_equal(columns, assign(points, tiles).columns)
    assert assign(np.full((2, 1), 5e-324), np.zeros((2, 1))).cost == 0


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32", "uint64", "bool_"])
def test_dtypes(dtype: str) -> None:
    points, tiles = RNG.integers(0, 100, (2, 30, 2))
    if dtype == "bool_":
        with pytest.raises(TypeError, match="integers or floats, got bool"):
            assign(points.astype(bool), tiles)
        return
    same = assign(points.astype(dtype), tiles.astype(dtype))
    assert same.cost == assign(points, tiles).cost == assign(points - 50, tiles - 50).cost


@pytest.mark.parametrize("method", ["greedy", "sliced"])
@pytest.mark.parametrize(("n", "capacity"), [(784, 1), (2000, 1), (300, 3)])
def test_approximations_bound_their_gap(method: str, n: int, capacity: int) -> None:
    points, tiles = photo_points(28), photo_tiles(n)
    costs = table(points, tiles)
    found = assign(points, tiles, capacity, method)
    check(found, costs, capacity)
    best = assign(points, tiles, capacity).cost
    assert found.cost - found.gap <= best <= found.cost
    assert found.gap < (0.4 if method == "greedy" else 0.3) * best
    assert found.cost <= (1.2 if method == "greedy" else 1.1) * best


def test_approximations_of_few_and_of_many_dimensions() -> None:
    for m, n, d in ((1, 1, 1), (2, 5, 3), (9, 10, 2), (300, 310, 40)):
        points, tiles = RNG.integers(0, 256, (m, d)), RNG.integers(0, 256, (n, d))
        for method in ("greedy", "sliced"):
            check(assign(points, tiles, 1, method), table(points, tiles), 1)


def test_swaps_only_gain() -> None:
    points, tiles = RNG.integers(0, 256, (2, 900, 3))
    greedy, sliced = (assign(points, tiles, method=m) for m in ("greedy", "sliced"))
    assert sliced.cost < greedy.cost
    np.testing.assert_array_equal(sliced.prices, greedy.prices)


@pytest.mark.parametrize("method", ["exact", "greedy", "sliced"])
def test_same_seed_same_result_and_arguments_stay(method: str) -> None:
    points, tiles = RNG.integers(0, 256, (700, 3)), RNG.integers(0, 256, (800, 3))
    before = points.copy(), tiles.copy()
    first, second = (assign(points, tiles, method=method, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.columns, second.columns)
    np.testing.assert_array_equal(first.prices, second.prices)
    np.testing.assert_array_equal(points, before[0])
    np.testing.assert_array_equal(tiles, before[1])


def test_another_seed_is_another_order() -> None:
    points, tiles = RNG.integers(0, 256, (2, 700, 3))
    first, second = (assign(points, tiles, method="greedy", seed=seed) for seed in (1, 2))
    assert (first.columns != second.columns).any()


def test_equal_tiles_share_evenly() -> None:
    found = assign(np.zeros((6, 2), int), np.zeros((3, 2), int), capacity=4)
    np.testing.assert_array_equal(np.bincount(found.columns), [2, 2, 2])


def test_any_memory_layout() -> None:
    points, tiles = RNG.integers(0, 256, (2, 3, 50)).transpose(0, 2, 1)
    assert not points.flags.c_contiguous
    assert assign(points, tiles).cost == assign(points.copy(), tiles[::-1].copy()).cost


def test_progress_is_told() -> None:
    told: list[tuple[int, int | None, str]] = []
    points, tiles = RNG.integers(0, 256, (2, 500, 3))
    assign(points, tiles, progress=lambda *now: told.append(now))
    assert [done for done, _, _ in told] == list(range(len(told)))
    assert told[0][2].startswith("63 points, steps of ")
    assert told[-1][2].startswith("500 points, steps of ")


def bad(points: object, tiles: object, kind: type[Exception], text: str, **options: object) -> None:
    with pytest.raises(kind, match=text):
        assign(points, tiles, **options)  # type: ignore[arg-type]


def test_too_few_tiles() -> None:
    points, tiles = np.zeros((10, 3)), np.zeros((4, 3))
    bad(points, tiles, ValueError, "are 6 uses short of 10 points; .* a capacity of 3")
    bad(points, tiles, ValueError, "are 2 uses short", capacity=2)
    assert assign(points, tiles, capacity=3).cost == 0


def test_bad_points() -> None:
    good = np.zeros((2, 3))
    bad([[1, 2, 3]], good, TypeError, "points must be a NumPy array, got list")
    bad(good, np.zeros(3), ValueError, r"tiles must have shape \(count, dimensions\), got \(3,\)")
    bad(good, np.zeros((2, 4)), ValueError, r"as many dimensions, got \(2, 3\) and \(2, 4\)")
    bad(np.zeros((0, 3)), good, ValueError, "points are empty")
    bad(good, np.zeros((5, 0)), ValueError, "tiles are empty")
    bad(good.astype(str), good, TypeError, "points must hold integers or floats, got <U")
    bad(good + 1j, good, TypeError, "points must hold integers or floats, got complex")
    bad(good * np.nan, good, ValueError, "points has 6 NaN or infinite")
    bad(good, good + np.inf, ValueError, "tiles has 6 NaN or infinite")


def test_bad_ranges() -> None:
    good = np.zeros((2, 3), int)
    bad(good, good + 2**40, ValueError, "may range over 9.* got 1099511627776")
    bad(good + 2**60, good + 2**60, ValueError, "divide them first")
    bad(good + 1.5e308, good - 1.5e308, ValueError, "more than floats hold")


def test_bad_options() -> None:
    good = np.zeros((2, 3))
    bad(good, good, ValueError, "capacity must be at least 1, got 0", capacity=0)
    bad(good, good, TypeError, "capacity must be a whole number, got 1.0", capacity=1.0)
    bad(good, good, TypeError, "capacity must be a whole number, got True", capacity=True)
    bad(good, good, ValueError, "got 'gredy'; the nearest is 'greedy'", method="gredy")
    bad(good, good, ValueError, "seed must be a whole number", seed=-1)

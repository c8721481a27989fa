"""The assignment of points to tiles that costs least: what it takes and what it returns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from acetate import seeds
from acetate.arrays import Array
from acetate.mosaic.transport.units import check_pair, whole
from acetate.names import nearest

Method = Literal["exact", "greedy", "sliced"]
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class Assignment:
    """Which tile each point got, what that costs, and the prices that bound what is possible.

    Parameters
    ----------
    columns : numpy.ndarray
        ``(m,)`` int64: the tile of each point.
    cost : int
        Sum of the squared distances, in squares of `unit`: exact.
    prices : numpy.ndarray
        ``(n,)`` int64: the price of each tile from 0, in squares of `unit`. Tiles that could be
        used once more have price 0 if the gap is 0.
    gap : int
        No assignment costs less than ``cost - gap``: the prices prove it. 0 for the best.
    unit : float
        1.0 for integers. Floats were rounded to multiples of it, a power of two.

    Examples
    --------
    >>> found = assign(np.array([[0.25], [1.0]]), np.array([[1.0], [2.0]]))
    >>> found.columns, found.distance
    (array([0, 1]), 1.5625)
    """

    columns: NDArray[np.int64]
    cost: int
    prices: NDArray[np.int64]
    gap: int
    unit: float = 1.0

    @property
    def distance(self) -> float:
        """Sum of the squared distances, in squares of what was given."""
        return self.cost * self.unit**2


def assign(
    points: Array,
    tiles: Array,
    capacity: int = 1,
    method: Method = "exact",
    seed: int = 0,
    progress: Progress | None = None,
) -> Assignment:
    """Assign a tile to every point, none more often than allowed, near each other in sum.

    Parameters
    ----------
    points : numpy.ndarray
        ``(m, d)`` integers or floats: the colour of every pixel, say.
    tiles : numpy.ndarray
        ``(n, d)`` with ``n * capacity >= m``.
    capacity : int
        How often a tile may be used, from 1.
    method : {"exact", "greedy", "sliced"}
        "exact" finds the least sum of squared distances that is possible, and proves it: the gap
        is 0. "greedy" lets points in random order take the best tile left by prices of a coarse
        problem: a few percent above. "sliced" then lets pairs along random lines swap tiles: some
        tenths of a percent above. All tell their gap.
    seed : int
        Of the random order and lines.
    progress : callable, optional
        Called before each round of the auctions with how many are done, None, and a line of text.

    Returns
    -------
    Assignment
        The same every time for the same arguments.

    Raises
    ------
    TypeError
        If points or tiles are no arrays of numbers; if the capacity is no whole number.
    ValueError
        If they are no tables, empty, of different dimensions, NaN or infinite; if there are fewer
        tiles than needed: the error tells how many are missing; if integers range too far.

    Notes
    -----
    There is no table of all distances: memory grows with m + n. The auction of Bertsekas runs in
    rounds of ever smaller steps [1]_, [2]_, on a problem of an eighth of the points first, whose
    prices start the next; equal points and tiles count as one kind. Bids come from a tree over
    the tiles that bounds squared distance plus price by boxes and parabolas: at a good price the
    sum of price and squared length is convex, with the matched points as its gradient [3]_. Where
    there are more tiles than needed, tiles left with a price bid in turn, until that is 0 [4]_.
    Distances times m + 2 are whole numbers, so steps of 1 end in the optimum; rounds end before
    if the prices can be rounded to whole ones that prove it. The proof is computed afresh: each
    point's least squared distance plus price over all tiles, summed, less what all prices bring
    in, is what no assignment costs less than. Above 32 dimensions trees help little, and matrix
    products over all tiles, a part of the points at a time, take their place: as exact, but
    quadratic in time.

    Integers are taken as they are; uint8 always fits. Floats are rounded to multiples of a power
    of two, so that the widest axis has 2**15 to 2**16 of them, or fewer for more points or
    dimensions (14 bits for 100,000 points in 48 dimensions): the result is exact for the rounded
    ones.

    References
    ----------
    .. [1] D. Bertsekas 1988, "The auction algorithm: a distributed relaxation method for the
       assignment problem", Annals of Operations Research 14.
    .. [2] D. Bertsekas, D. Castanon 1989, "The auction algorithm for the transportation problem",
       Annals of Operations Research 20.
    .. [3] Y. Brenier 1991, "Polar factorization and monotone rearrangement of vector-valued
       functions", Communications on Pure and Applied Mathematics 44.
    .. [4] D. Bertsekas, D. Castanon, H. Tsaknakis 1993, "Reverse auction and the solution of
       inequality constrained assignment problems", SIAM Journal on Optimization 3.

    Examples
    --------
    >>> colours = np.array([[0, 0], [9, 9], [0, 1]], np.uint8)
    >>> found = assign(colours, np.array([[1, 1], [9, 8], [0, 0], [200, 0]], np.uint8))
    >>> found.columns, found.cost, found.gap
    (array([2, 1, 0]), 2, 0)
    """
    check_pair(points, tiles, capacity)
    if method not in get_args(Method):
        raise ValueError(
            f"method is one of {', '.join(get_args(Method))}, got {method!r}; the nearest is "
            f"{nearest(str(method), get_args(Method))!r}"
        )
    rng = seeds.stream(seed)
    from acetate.mosaic.transport.solve import solve

    whole_points, whole_tiles, unit = whole(points, tiles)
    columns, prices, cost, bound = solve(
        whole_points, whole_tiles, int(capacity), method, rng, progress
    )
    return Assignment(columns, cost, prices, cost - bound, unit)

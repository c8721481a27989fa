"""Matches that keep the uses of a tile apart: cells choose one by one among their nearest."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.match.nearest import nearest_tiles, squared_distances

_CANDIDATES = 24
Progress = Callable[[int, int | None, str], None]


def spread(
    cells: Array,
    tiles: Array,
    grid: Frame,
    min_distance: int,
    capacity: int | None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Give each cell a near tile that no cell around it has.

    Parameters
    ----------
    cells, tiles : numpy.ndarray
        ``(m, d)`` and ``(n, d)``.
    grid : (int, int)
        Rows and columns of cells.
    min_distance : int
        The same tile is not within so many rows and columns.
    capacity : int or None
        How often a tile may be used; None for any number.
    progress : callable, optional
        Called now and then with how many cells have a tile.

    Returns
    -------
    numpy.ndarray
        ``(m,)`` int64.

    Raises
    ------
    ValueError
        If a cell is left without a tile.

    Notes
    -----
    Greedy: the cells that would lose most by the second nearest tile choose first. Of a cell's
    tiles the nearest two dozen are tried, then all.

    Examples
    --------
    >>> spread(np.zeros((3, 1)), np.array([[1.0], [2.0]]), (1, 3), 1, None)
    array([0, 1, 0])
    """
    near = nearest_tiles(cells, tiles, min(_CANDIDATES, len(tiles)))
    chosen = np.full(len(cells), -1, np.int64)
    uses: dict[int, list[tuple[int, int]]] = defaultdict(list)

    def is_free(tile: int, row: int, column: int) -> bool:
        others = uses[tile]
        return (capacity is None or len(others) < capacity) and all(
            abs(row - r) > min_distance or abs(column - c) > min_distance for r, c in others
        )

    for done, cell in enumerate(_order(cells, tiles, near).tolist(), start=1):
        row, column = divmod(cell, grid[1])
        found = next((t for t in near[cell].tolist() if is_free(t, row, column)), None)
        if found is None:
            ranked = nearest_tiles(cells[cell : cell + 1], tiles, len(tiles))[0].tolist()
            found = next((t for t in ranked if is_free(t, row, column)), None)
        if found is None:
            raise ValueError(_nothing_left(len(tiles), min_distance, capacity, len(cells)))
        uses[found].append((row, column))
        chosen[cell] = found
        if progress is not None and done % 1000 == 0:
            progress(done, len(cells), "cells")
    return chosen


def _order(cells: Array, tiles: Array, near: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells, first those that lose most by their second nearest tile."""
    best = squared_distances(cells, tiles[near[:, 0]])
    second = squared_distances(cells, tiles[near[:, min(1, near.shape[1] - 1)]])
    return np.argsort(best - second, kind="stable")


def _nothing_left(tiles: int, min_distance: int, capacity: int | None, cells: int) -> str:
    often = "" if capacity is None else f", each at most {capacity} times,"
    return (
        f"{tiles} tiles{often} are too few for {cells} cells with none used twice within "
        f"{min_distance} rows and columns; index more pictures, or lower the distance"
    )

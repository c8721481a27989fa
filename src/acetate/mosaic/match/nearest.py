"""The nearest tiles of cells: by a tree in few dimensions, by matrix products in many."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

_FEW = 12  # dimensions in which a tree is the faster
_ENTRIES = 2**24  # of the part of the table of distances that is held at a time


def nearest_tiles(cells: Array, tiles: Array, count: int) -> NDArray[np.int64]:
    """Return for each cell the tiles that are nearest to it, the nearest first.

    Parameters
    ----------
    cells, tiles : numpy.ndarray
        ``(m, d)`` and ``(n, d)``.
    count : int
        How many, at most n.

    Returns
    -------
    numpy.ndarray
        ``(m, count)`` int64.

    Examples
    --------
    >>> nearest_tiles(np.array([[0.0], [9.0]]), np.array([[8.0], [1.0], [3.0]]), 2)
    array([[1, 2],
           [0, 2]])
    """
    if tiles.shape[1] > _FEW:
        return np.concatenate(list(_by_products(cells, tiles, count)))
    from scipy.spatial import cKDTree

    _, found = cKDTree(tiles).query(cells, np.arange(1, count + 1))
    return np.asarray(found, np.int64)


def squared_distances(cells: Array, tiles: Array) -> NDArray[np.float64]:
    """Return how far each cell is from the tile of the same row, squared.

    Examples
    --------
    >>> squared_distances(np.array([[0.0, 1.0]]), np.array([[3.0, 5.0]]))
    array([25.])
    """
    apart = cells.astype(np.float64) - tiles
    return np.asarray(np.einsum("ij,ij->i", apart, apart))


def _by_products(cells: Array, tiles: Array, count: int) -> Iterator[NDArray[np.int64]]:
    lengths = np.einsum("ij,ij->i", tiles, tiles)
    step = max(1, _ENTRIES // len(tiles))
    for start in range(0, len(cells), step):
        apart = lengths - 2 * (cells[start : start + step] @ tiles.T)
        few = np.argpartition(apart, count - 1, axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(apart, few, axis=1), axis=1, kind="stable")
        yield np.take_along_axis(few, order, axis=1)

"""Match a target with the tiles of a library: nearest, each a few times, or each once at best."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.library import TileSet
from acetate.mosaic.match.matches import Matches
from acetate.mosaic.match.nearest import nearest_tiles, squared_distances
from acetate.mosaic.match.spread import spread
from acetate.mosaic.match.target import as_target, comparable
from acetate.names import nearest
from acetate.seeds import stream

KINDS = ("unique", "nearest", "capped")
Progress = Callable[[int, int | None, str], None]


def match(
    image: Array,
    library: TileSet,
    grid: Frame,
    kind: str = "unique",
    capacity: int = 1,
    features: str = "lab3x3",
    min_distance: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Matches:
    """Find a tile for every cell of a grid that is laid over a picture.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``: the target, cropped around its centre to the mosaic's shape.
    library : Library or Tiles
        The tiles.
    grid : (int, int)
        Rows and columns.
    kind : {"unique", "nearest", "capped"}
        Each tile at most once, any number of times, or at most `capacity` times.
    capacity : int
        Of "capped".
    features : str
        "mean" for mean RGB colours; "lab1x1" to "lab4x4" for CIELAB colours of a grid of parts.
    min_distance : int
        The same tile is not used twice within so many rows and columns; 0 does not ask.
    seed : int
        Of the assignment's order; results of equal cost may differ by it.
    progress : callable, optional
        Called now and then with how far it is.

    Returns
    -------
    Matches
        The tiles. The gap is 0 for the least cost of its kind: always so without a distance.

    Raises
    ------
    ValueError
        If there are too few tiles, or an argument is unknown or out of range.

    Notes
    -----
    "unique" and "capped" are exact optimal transport (`acetate.mosaic.transport`). With a distance
    cells choose one after the other, and the gap is to the nearest tiles.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.mosaic import Library, index
    >>> from acetate.samples import cat, photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 12, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 16))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         found = match(cat(), library, (3, 4), "nearest")
    >>> found.tiles.shape, found.gap
    ((3, 4), 0.0)
    """
    _check(kind, capacity, min_distance)
    if not len(library):
        raise ValueError("the library has no tiles; index pictures into it first")
    cells, tiles = comparable(library, as_target(image, grid, library.tile), features)
    most = {"unique": 1, "nearest": None, "capped": capacity}[kind]
    _check_enough(len(tiles), len(cells), most)
    if most is not None and (min_distance == 0 or most == 1):
        chosen, gap = _assigned(cells, tiles, most, seed, progress)
    else:
        chosen, gap = _near(cells, tiles, grid, min_distance, most, progress)
    costs = squared_distances(cells, tiles[chosen])
    return Matches(chosen.reshape(grid), costs.reshape(grid), kind, features, gap)


def random_matches(
    image: Array, library: TileSet, grid: Frame, features: str = "lab3x3", seed: int = 0
) -> Matches:
    """Return tiles drawn at random for every cell: what a match is to be better than.

    Parameters are those of `match`.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.mosaic import Library, index
    >>> from acetate.samples import cat, photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 3, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 16))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         random_matches(cat(), library, (3, 4)).tiles.shape
    (3, 4)
    """
    cells, tiles = comparable(library, as_target(image, grid, library.tile), features)
    chosen = stream(seed).permuted(np.resize(np.arange(len(tiles)), max(len(cells), len(tiles))))
    chosen = chosen[: len(cells)]
    costs = squared_distances(cells, tiles[chosen])
    return Matches(chosen.reshape(grid), costs.reshape(grid), "random", features, float("inf"))


def _check(kind: str, capacity: int, min_distance: int) -> None:
    if kind not in KINDS:
        raise ValueError(
            f"matches are {', '.join(KINDS)}, got {kind!r}; the nearest is {nearest(kind, KINDS)!r}"
        )
    if capacity < 1:
        raise ValueError(f"capacity must be at least 1, got {capacity}")
    if min_distance < 0:
        raise ValueError(f"min_distance must be at least 0, got {min_distance}")


def _check_enough(tiles: int, cells: int, most: int | None) -> None:
    if most is not None and tiles * most < cells:
        missing = -(-cells // most) - tiles
        raise ValueError(
            f"{cells} cells need {-(-cells // most)} tiles, {missing} more than the {tiles} there "
            f"are; index more pictures, use a smaller grid, or capped:{-(-cells // tiles)}"
        )


def _near(
    cells: Array,
    tiles: Array,
    grid: Frame,
    min_distance: int,
    capacity: int | None,
    progress: Progress | None,
) -> tuple[NDArray[np.int64], float]:
    best = nearest_tiles(cells, tiles, 1)[:, 0]
    if min_distance == 0:
        return best, 0.0
    chosen = spread(cells, tiles, grid, min_distance, capacity, progress)
    least = squared_distances(cells, tiles[best]).sum()
    return chosen, float(squared_distances(cells, tiles[chosen]).sum() - least)


def _assigned(
    cells: Array, tiles: Array, capacity: int, seed: int, progress: Progress | None
) -> tuple[NDArray[np.int64], float]:
    from acetate.mosaic.transport import assign

    found = assign(cells, tiles, capacity, seed=seed, progress=progress)
    return found.columns, found.gap * found.unit**2

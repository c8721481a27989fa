"""The rows of a mosaic: tiles side by side, tinted by what they stand for."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.library import TileSet
from acetate.mosaic.match import Matches
from acetate.mosaic.match.target import as_target


def mosaic_shape(library: TileSet, grid: Frame) -> Frame:
    """Return height and width of a mosaic in pixels.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> mosaic_shape(SimpleNamespace(tile=(50, 40)), (3, 2))
    (150, 80)
    """
    return grid[0] * library.tile[0], grid[1] * library.tile[1]


def mosaic_strips(
    library: TileSet, matches: Matches, image: Array | None = None, tint: float = 0.0
) -> Iterator[NDArray[np.uint8]]:
    """Give the rows of cells of a mosaic from the top, each as a strip of pixels.

    Parameters
    ----------
    library : Library or Tiles
        The tiles.
    matches : Matches
        Which tile each cell has.
    image : numpy.ndarray, optional
        The target, for the tint.
    tint : float
        How far each tile's mean colour moves to that of its cell: 0 not at all, 1 all the way.

    Yields
    ------
    numpy.ndarray
        ``(h, columns * w, 3)`` uint8.

    Raises
    ------
    ValueError
        If the tint is not in [0, 1], or there is no target for it.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.mosaic import Library, index
    >>> from acetate.mosaic.match import match
    >>> from acetate.samples import cat, photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 3, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 20))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         found = match(cat(), library, (2, 4), "nearest")
    ...         [strip.shape for strip in mosaic_strips(library, found)]
    [(16, 80, 3), (16, 80, 3)]
    """
    check_tint(tint)
    if tint == 0:
        return _strips(library, matches, None)
    if image is None:
        raise ValueError("a tint needs the target: pass image too")
    wanted = as_target(image, matches.grid, library.tile).features("mean")
    missing = wanted.reshape(*matches.grid, 3) - library.features("mean")[matches.tiles]
    return _strips(library, matches, missing * tint)


def check_tint(tint: float) -> None:
    """Raise unless a tint lies between 0 and 1.

    Examples
    --------
    >>> check_tint(2)
    Traceback (most recent call last):
    ValueError: tint must lie in [0, 1], got 2
    """
    if not 0 <= tint <= 1:
        raise ValueError(f"tint must lie in [0, 1], got {tint}")


def _strips(
    library: TileSet, matches: Matches, shifts: Array | None
) -> Iterator[NDArray[np.uint8]]:
    for row, tiles in enumerate(matches.tiles):
        pixels = library.pixels(tiles)
        if shifts is not None:
            moved = pixels + shifts[row][:, np.newaxis, np.newaxis]
            pixels = np.rint(moved.clip(0, 255)).astype(np.uint8)
        yield side_by_side(pixels)


def side_by_side(tiles: Array) -> NDArray[np.uint8]:
    """Return tiles ``(n, h, w, 3)`` as one strip ``(h, n * w, 3)``.

    Examples
    --------
    >>> side_by_side(np.zeros((3, 4, 5, 3), np.uint8)).shape
    (4, 15, 3)
    """
    count, height, width, _ = tiles.shape
    return np.ascontiguousarray(tiles.transpose(1, 0, 2, 3)).reshape(height, count * width, 3)

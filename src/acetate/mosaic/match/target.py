"""The target: fitted to a grid of cells, with the features by which cells and tiles compare."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.library import TileSet
from acetate.mosaic.library.features import LENGTHS, to_lab
from acetate.mosaic.library.tiles import fit_array

_SAMPLES = 12  # per cell and axis: the grids of features divide it
_MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Target:
    """A picture to be made of tiles.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(rows * 12, columns * 12, 3)`` uint8: the part of the picture that the grid shows.
    grid : (int, int)
        Rows and columns of cells.

    Examples
    --------
    >>> target = Target(np.zeros((24, 36, 3), np.uint8), (2, 3))
    >>> target.features("lab2x2").shape
    (6, 12)
    """

    pixels: NDArray[np.uint8]
    grid: Frame

    def features(self, name: str) -> NDArray[np.float32]:
        """Return what each cell is compared by, row by row; see `Library.features`."""
        k = 1 if name == "mean" else round((LENGTHS[name] / 3) ** 0.5)
        rows = [self._row(row, k, name == "mean") for row in range(self.grid[0])]
        return np.concatenate(rows)

    def _row(self, row: int, k: int, rgb: bool) -> NDArray[np.float32]:
        strip = self.pixels[row * _SAMPLES : (row + 1) * _SAMPLES]
        colours = strip.astype(np.float32) if rgb else to_lab(strip)
        shape = (self.grid[1] * k, k)
        parts = np.asarray(cv2.resize(colours, shape, interpolation=cv2.INTER_AREA))
        cells = parts.reshape(k, self.grid[1], k, 3).transpose(1, 0, 2, 3)
        return np.asarray(cells, np.float32).reshape(self.grid[1], -1)


def as_target(image: Array, grid: Frame, tile: Frame) -> Target:
    """Crop a picture around its centre to the proportions of a grid of tiles.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``.
    grid : (int, int)
        Rows and columns.
    tile : (int, int)
        Height and width of a tile.

    Raises
    ------
    ValueError
        If the picture is neither gray nor RGB, or the grid has no cells or more than 4 million.

    Examples
    --------
    >>> as_target(np.zeros((90, 90)), (2, 3), (10, 10)).pixels.shape
    (24, 36, 3)
    """
    rows, columns = grid
    if min(grid) < 1 or rows * columns > _MOST_CELLS:
        raise ValueError(
            f"a grid has 1 to {_MOST_CELLS:,} cells as (rows, columns), got {tuple(grid)}"
        )
    # Fitted to the shape of the mosaic first, since cells are squares here and tiles may not be.
    scale = _SAMPLES / max(tile)
    shape = max(1, round(rows * tile[0] * scale)), max(1, round(columns * tile[1] * scale))
    fitted = fit_array(image, shape)
    square = (columns * _SAMPLES, rows * _SAMPLES)
    return Target(np.asarray(cv2.resize(fitted, square, interpolation=cv2.INTER_AREA)), grid)


def comparable(library: TileSet, target: Target, name: str) -> tuple[Array, Array]:
    """Return features of cells and of tiles whose squared distance is the mean of the parts'.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.mosaic import Library, index
    >>> from acetate.samples import photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 3, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 16))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         cells, tiles = comparable(library, as_target(np.eye(9), (2, 2), (16, 16)), "mean")
    >>> cells.shape, tiles.shape
    ((4, 3), (3, 3))
    """
    tiles = library.features(name)
    weight = np.float32((3 / LENGTHS[name]) ** 0.5)
    return target.features(name) * weight, tiles * weight

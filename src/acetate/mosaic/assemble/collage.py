"""A collage: pictures side by side, in rows, as the lesson on mosaics begins."""

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.assemble.strips import side_by_side
from acetate.mosaic.library.tiles import fit_array


def collage(
    images: Sequence[Array], columns: int | None = None, tile: Frame = (200, 200)
) -> NDArray[np.uint8]:
    """Return pictures side by side, each cropped around its centre to one size.

    Parameters
    ----------
    images : sequence of numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)`` each, of any size.
    columns : int, optional
        How many stand in a row; without it there are about as many rows as columns.
    tile : (int, int)
        Height and width of each, in pixels.

    Returns
    -------
    numpy.ndarray
        ``(rows * h, columns * w, 3)`` uint8; what is left over in the last row is white.

    Raises
    ------
    ValueError
        If there are no pictures, or no columns.

    Examples
    --------
    >>> from acetate import samples
    >>> collage([samples.cat(), samples.coins(), samples.china()], columns=2).shape
    (400, 400, 3)
    """
    if not images:
        raise ValueError("a collage needs at least one picture, got none")
    across = ceil(sqrt(len(images))) if columns is None else columns
    if across < 1 or min(tile) < 1:
        raise ValueError(f"columns and tiles must be at least 1, got {across} and {tuple(tile)}")
    down = ceil(len(images) / across)
    cells = np.full((down * across, *tile, 3), 255, np.uint8)
    for cell, image in zip(cells, images, strict=False):
        cell[:] = fit_array(image, tile)
    rows = cells.reshape(down, across, *tile, 3)
    return np.concatenate([side_by_side(row) for row in rows])

"""Grids: several images in one picture, row by row."""

from collections.abc import Sequence
from math import ceil, isqrt

import numpy as np

from acetate.arrays import Array
from acetate.colors import RGB
from acetate.sheets.paint import as_rgb


def draw_grid(
    images: Array | Sequence[Array], rows: int | None = None, cols: int | None = None
) -> RGB:
    """Put images into one picture, row by row.

    Parameters
    ----------
    images : numpy.ndarray or sequence of numpy.ndarray
        ``(N, H, W[, C])``, or a sequence of images: gray or RGB, of any size.
    rows, cols : int, optional
        How many; by default as many as it takes, nearly a square.

    Returns
    -------
    numpy.ndarray
        ``(rows * H, cols * W, 3)`` uint8 RGB, ``H`` and ``W`` those of the largest image. Smaller
        ones lie at the top left of their cells; what is left is black.

    Raises
    ------
    ValueError
        If there are no images, or more than cells, or rows or columns below 1.

    Examples
    --------
    >>> draw_grid([np.zeros((4, 6), np.uint8)] * 5, cols=2).shape
    (12, 12, 3)
    """
    cells = [as_rgb(image) for image in images]
    rows, cols = _arrange(len(cells), rows, cols)
    height, width = (max(cell.shape[axis] for cell in cells) for axis in (0, 1))
    grid = np.zeros((rows * height, cols * width, 3), np.uint8)
    for k, cell in enumerate(cells):
        top, left = k // cols * height, k % cols * width
        grid[top : top + cell.shape[0], left : left + cell.shape[1]] = cell
    return grid


def show_grid(
    images: Array | Sequence[Array], rows: int | None = None, cols: int | None = None
) -> None:
    """Show images in one window, row by row; parameters as for `draw_grid`.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("show_grid needs matplotlib: pip install 'acetate[figures]'") from error
    grid = draw_grid(images, rows, cols)
    figure = pyplot.figure(frameon=False)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.imshow(grid)
    pyplot.show()


def _arrange(count: int, rows: int | None, cols: int | None) -> tuple[int, int]:
    """Return the rows and columns that a number of cells takes."""
    if count < 1:
        raise ValueError("there are no images to draw: pass at least 1")
    if any(n is not None and n < 1 for n in (rows, cols)):
        raise ValueError(f"a grid has at least 1 row and 1 column, got rows={rows}, cols={cols}")
    if cols is None:
        cols = isqrt(count - 1) + 1 if rows is None else ceil(count / rows)
    if rows is None:
        rows = ceil(count / cols)
    if rows * cols < count:
        raise ValueError(f"{count} images do not fit into {rows} rows and {cols} columns")
    return rows, cols

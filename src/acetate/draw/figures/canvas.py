"""Axes and panels to draw on, made by matplotlib without its global state."""

from __future__ import annotations

from math import ceil, isqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate.arrays import Array
from acetate.colors import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Size = tuple[float, float]
# Classes, curves and thresholds in one order of colours; those of Okabe and Ito (2008), which
# colour-blind readers tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#000000")
PANEL = 2.6  # inches


def new_figure(size: Size) -> Figure:
    """Return an empty figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> new_figure((4, 3)).get_size_inches().tolist()
    [4.0, 3.0]
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(
            "acetate.draw.figures needs matplotlib: pip install 'acetate[figures]'"
        ) from error
    return Figure(figsize=size, layout="constrained")


def axes_for(ax: Axes | None, size: Size = (6.0, 4.0)) -> Axes:
    """Return the axes that were given, or those of a new figure.

    Raises
    ------
    ImportError
        If matplotlib is needed and not installed.

    Examples
    --------
    >>> ax = axes_for(None)
    >>> axes_for(ax) is ax
    True
    """
    return new_figure(size).add_subplot() if ax is None else ax


def figure_of(ax: Any) -> Figure:
    """Return the figure that axes lie on, through all the figures inside it.

    Examples
    --------
    >>> ax = axes_for(None)
    >>> figure_of(ax) is ax.figure
    True
    """
    figure: Figure = ax.get_figure(root=True)
    return figure


def panels(count: int, columns: int | None, shape: tuple[int, int]) -> list[Axes]:
    """Return axes without ticks for pictures of a shape, row by row, on a new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there are no panels, or fewer columns than 1.

    Examples
    --------
    >>> len(panels(5, None, (10, 20)))
    5
    """
    if count < 1:
        raise ValueError("there is nothing to draw: pass at least 1 picture")
    if columns is not None and columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}")
    across = min(count, columns or min(isqrt(count - 1) + 1, 4))
    down = ceil(count / across)
    height = PANEL * min(max(shape[0] / shape[1], 0.25), 2.0) + 0.35
    figure = new_figure((PANEL * across, height * down))
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for ax in grid:
        ax.set_axis_off()
    return list(grid[:count])


def show(ax: Axes, image: Array, title: str = "") -> None:
    """Show a picture on axes: colours as they are, labels in colours, other numbers in gray.

    Corners of pixels lie at whole numbers.

    Examples
    --------
    >>> ax = axes_for(None)
    >>> show(ax, np.eye(3) > 0, "mask")
    >>> ax.get_xlim()
    (np.float64(0.0), np.float64(3.0))
    """
    shown = np.asarray(image)
    height, width = shown.shape[:2]
    if shown.ndim == 3 and shown.shape[2] == 1:
        shown = shown[..., 0]
    if is_labels(shown):
        shown = palette(int(shown.max()) + 1)[shown]
    elif shown.ndim == 3 and shown.dtype == np.uint16:
        shown = shown / 65535
    limits: Any = {"vmin": 0, "vmax": 1} if shown.dtype == bool else {}
    ax.imshow(shown, cmap="gray", extent=(0, width, height, 0), interpolation="nearest", **limits)
    ax.set_title(title, fontsize=9)


def is_labels(image: Array) -> bool:
    """Tell whether an array is a map of a few labels rather than a picture.

    Wide integers are labels; so are bytes of which no more than 8 differ from 0 upwards.

    Examples
    --------
    >>> is_labels(np.array([[0, 2]])), is_labels(np.array([[0, 200]], np.uint8))
    (True, False)
    """
    if image.ndim != 2 or image.dtype.kind not in "ui":
        return False
    if image.dtype.kind == "i":
        return bool(image.min() >= 0)
    return bool(image.dtype.itemsize > 2 or image.max() < 8)

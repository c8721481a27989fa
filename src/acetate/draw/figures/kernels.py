"""Kernels that were learned: their weights as a heat map with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acetate.arrays import Array, check_finite
from acetate.draw.figures.canvas import axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of a larger kernel the numbers would not be legible.
_NUMBERED = 9


def draw_kernel(kernel: Array, intercept: float | None = None, ax: Axes | None = None) -> Figure:
    """Draw a kernel to correlate with: red adds, blue takes away.

    Parameters
    ----------
    kernel : numpy.ndarray
        ``(rows, columns)``: the weight of the pixel that many rows down and columns right of the
        middle, as `acetate.segment.pixels.learned_kernel` gives it.
    intercept : float or None
        What is added to the sum, for the title.
    ax : matplotlib.axes.Axes or None
        To draw on; None makes a figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure of the axes.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If it is no matrix of finite numbers.

    Examples
    --------
    >>> figure = draw_kernel(np.array([[-1.0, 0.0, 1.0]]), 0.5)
    >>> figure.axes[0].get_title()
    'intercept 0.5'
    """
    weights = np.asarray(kernel, np.float64)
    if weights.ndim != 2 or not weights.size:
        raise ValueError(f"a kernel has rows and columns, got shape {weights.shape}")
    check_finite(weights, "kernel")
    rows, columns = weights.shape
    ax = axes_for(ax, (4.0, 3.4))
    most = float(np.abs(weights).max()) or 1.0
    ax.imshow(weights, cmap="RdBu_r", vmin=-1.6 * most, vmax=1.6 * most)
    if max(rows, columns) <= _NUMBERED:
        for (row, column), weight in np.ndenumerate(weights):
            ax.text(column, row, f"{weight:.4g}", ha="center", va="center", fontsize=8)
        ax.set_xticks(range(columns), [f"{n - columns // 2:+d}" for n in range(columns)])
        ax.set_yticks(range(rows), [f"{n - rows // 2:+d}" for n in range(rows)])
    ax.set(xlabel="columns right", ylabel="rows down")
    if intercept is not None:
        ax.set_title(f"intercept {intercept:.4g}", fontsize=9)
    return figure_of(ax)

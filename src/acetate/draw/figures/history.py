"""The course of a training as a figure: losses, scores, and the best epoch."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.draw.figures.canvas import COLOURS, new_figure

# What a row has that is no value of the training: neither drawn nor said.
HIDDEN = ("epoch", "seconds", "learning_rate")
_FEW = 40  # epochs that have a mark each


def draw_history(rows: Sequence[Mapping[str, float]], best_epoch: int = 0, title: str = "") -> Any:
    """Draw the values of every epoch: losses in one panel, scores in another.

    Parameters
    ----------
    rows : sequence of mapping
        As `acetate.learn.History` has them: ``epoch``, ``train_loss`` and what the validation
        gave. Names that end in "loss" are losses, all others scores.
    best_epoch : int
        Where a line is drawn; 0 for none.
    title : str
        Over the figure.

    Returns
    -------
    matplotlib.figure.Figure
        One panel where there are no scores, else two.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there is no row.

    Examples
    --------
    >>> rows = [{"epoch": 1, "train_loss": 0.5, "dice": 0.3}, {"epoch": 2, "train_loss": 0.4}]
    >>> len(draw_history(rows, best_epoch=2).axes)
    2
    """
    if not rows:
        raise ValueError("there is no epoch to draw: the history has no rows")
    names = [name for name in dict.fromkeys(n for row in rows for n in row) if name not in HIDDEN]
    losses = [name for name in names if name.endswith("loss")]
    scores = [name for name in names if name not in losses]
    groups = [group for group in (losses, scores) if group]
    figure = new_figure((4.4 * len(groups), 3.2))
    axes = figure.subplots(1, len(groups), squeeze=False)[0]
    for axis, group in zip(axes, groups, strict=True):
        _draw_group(axis, rows, group, best_epoch)
    if title:
        figure.suptitle(title)
    return figure


def plot_history(
    rows: Sequence[Mapping[str, float]], best_epoch: int = 0, title: str = ""
) -> NDArray[np.uint8]:
    """Return the figure of `draw_history` as a picture ``(H, W, 3)``.

    Parameters
    ----------
    rows, best_epoch, title
        See `draw_history`.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there is no row.

    Examples
    --------
    >>> plot_history([{"epoch": 1, "train_loss": 0.5}]).shape
    (384, 528, 3)
    """
    figure = draw_history(rows, best_epoch, title)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(120)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3].copy()


def _draw_group(
    axis: Any, rows: Sequence[Mapping[str, float]], names: list[str], best_epoch: int
) -> None:
    marker = "." if len(rows) < _FEW else ""
    for name, colour in zip(names, cycle(COLOURS)):
        epochs = [row["epoch"] for row in rows if name in row]
        values = [row[name] for row in rows if name in row]
        axis.plot(epochs, values, label=name, marker=marker, color=colour)
    if best_epoch:
        axis.axvline(best_epoch, color="0.6", linestyle=":", label=f"best: {best_epoch}")
    axis.set_xlabel("epoch")
    axis.legend(frameon=False)

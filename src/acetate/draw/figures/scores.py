"""Scores of classes as figures: the confusion matrix, the classification report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate.arrays import Array
from acetate.draw.figures.canvas import axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS = ("precision", "recall", "f1-score", "support")


def draw_confusion(
    matrix: Array, names: Sequence[str] | None = None, ax: Axes | None = None
) -> Figure:
    """Draw a confusion matrix: how often each true class was given which class.

    Parameters
    ----------
    matrix : numpy.ndarray
        ``(K, K)`` counts: rows are true classes, columns predicted ones, as
        `acetate.measure.confusion_matrix` and scikit-learn give it.
    names : sequence of str or None
        Of the classes; None numbers them.
    ax : matplotlib.axes.Axes or None
        To draw on; None makes a figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure of the axes. Cells are shaded by their part of the true class.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If the matrix is not square, holds anything but counts, or there is not a name for each.

    Examples
    --------
    >>> figure = draw_confusion(np.array([[5, 1], [0, 4]]), ["cell", "other"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['5', '1', '0', '4']
    """
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(f"a confusion matrix is square, got {counts.shape}")
    if counts.dtype.kind not in "ui" or counts.min() < 0:
        raise ValueError(f"a confusion matrix holds counts from 0, got {counts.dtype}")
    words = [str(n) for n in range(len(counts))] if names is None else list(names)
    if len(words) != len(counts):
        raise ValueError(f"{len(counts)} classes need as many names, got {len(words)}")
    ax = axes_for(ax, (0.42 * len(counts) + 1.6, 0.42 * len(counts) + 1.3))
    parts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(parts, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(counts.shape):
        colour = "white" if parts[row, column] > 0.6 else "black"
        text = str(counts[row, column])
        ax.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    ax.set_xticks(range(len(words)), words, fontsize=8)
    ax.set_yticks(range(len(words)), words, fontsize=8)
    ax.set(xlabel="predicted", ylabel="true")
    return figure_of(ax)


def draw_report(report: Mapping[str, Any], ax: Axes | None = None) -> Figure:
    """Draw a classification report: precision, recall, F1 and support of every class, as a table.

    Parameters
    ----------
    report : mapping
        What scikit-learn's ``classification_report(..., output_dict=True)`` gives: a row for each
        class and mean; the accuracy is a number alone.
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
        If it is no such report.

    Examples
    --------
    >>> from sklearn.metrics import classification_report
    >>> report = classification_report([0, 1, 1], [0, 1, 0], output_dict=True)
    >>> figure = draw_report(report)
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['0', '1', 'accuracy', 'macro avg', 'weighted avg']
    """
    table = np.array([_row(name, row) for name, row in report.items()], np.float64)
    if not table.size:
        raise ValueError("the report is empty")
    ax = axes_for(ax, (4.6, 0.28 * len(table) + 0.5))
    shades = np.where(np.arange(4) < 3, table, np.nan)
    ax.imshow(shades, cmap="Blues", vmin=0, vmax=1.6, aspect="auto")
    for row, column in zip(*np.nonzero(np.isfinite(table)), strict=True):
        value = table[row, column]
        text = f"{value:.0f}" if column == 3 else f"{value:.2f}"
        ax.text(column, row, text, ha="center", va="center", fontsize=8)
    ax.set_xticks(range(4), _COLUMNS, fontsize=8)
    ax.set_yticks(range(len(table)), list(report), fontsize=8)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return figure_of(ax)


def _row(name: str, row: Any) -> list[float]:
    """Return the numbers of a row; the accuracy stands below the F1 scores, as it is printed."""
    if isinstance(row, Mapping) and set(_COLUMNS) <= set(row):
        return [float(row[column]) for column in _COLUMNS]
    if name == "accuracy" and isinstance(row, int | float):
        return [np.nan, np.nan, float(row), np.nan]
    raise ValueError(
        f"{name!r} is no row of a classification report; pass that of output_dict=True"
    )

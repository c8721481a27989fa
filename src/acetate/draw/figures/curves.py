"""Curves: receiver operating characteristics, precision and recall, and falling energies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SQUARE = (4.5, 4.5)


class Roc(Protocol):
    """As `acetate.measure.RocCurve`."""

    @property
    def false_positive_rate(self) -> Any:
        """From 0 to 1."""

    @property
    def true_positive_rate(self) -> Any:
        """From 0 to 1."""

    @property
    def area(self) -> float:
        """Under the curve."""


class PrecisionRecall(Protocol):
    """As `acetate.measure.PrecisionRecallCurve`."""

    @property
    def precision(self) -> Any:
        """From 0 to 1."""

    @property
    def recall(self) -> Any:
        """From 0 to 1."""

    @property
    def average_precision(self) -> float:
        """The mean precision."""


def draw_roc(curves: Mapping[str, Roc], ax: Axes | None = None) -> Figure:
    """Draw receiver operating characteristics, with their areas and the line of chance.

    Parameters
    ----------
    curves : mapping
        By name what `acetate.measure.roc_curve` gives.
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
        If there are no curves.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.measure import roc_curve
    >>> curve = roc_curve(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    >>> figure = draw_roc({"intensity": curve})
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['intensity (area 0.7500)', 'chance (area 0.5)']
    """
    _check_any(curves)
    ax = axes_for(ax, _SQUARE)
    for number, (name, curve) in enumerate(curves.items()):
        ax.plot(
            curve.false_positive_rate,
            curve.true_positive_rate,
            color=COLOURS[number % len(COLOURS)],
            label=f"{name} (area {curve.area:.4f})",
        )
    ax.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="chance (area 0.5)")
    ax.set(xlabel="false positive rate", ylabel="true positive rate")
    return _square(ax, "lower right")


def draw_precision_recall(curves: Mapping[str, PrecisionRecall], ax: Axes | None = None) -> Figure:
    """Draw precision against recall, with average precisions; otherwise as `draw_roc`.

    Examples
    --------
    >>> import numpy as np
    >>> from acetate.measure import precision_recall_curve
    >>> curve = precision_recall_curve(np.array([3, 7, 5]), np.array([0, 1, 1]))
    >>> draw_precision_recall({"intensity": curve}).axes[0].get_xlabel()
    'recall'
    """
    _check_any(curves)
    ax = axes_for(ax, _SQUARE)
    for number, (name, curve) in enumerate(curves.items()):
        ax.plot(
            curve.recall,
            curve.precision,
            drawstyle="steps-pre",
            color=COLOURS[number % len(COLOURS)],
            label=f"{name} (average {curve.average_precision:.4f})",
        )
    ax.set(xlabel="recall", ylabel="precision")
    return _square(ax, "lower left")


def draw_energies(
    energies: Sequence[float] | Mapping[str, Sequence[float]],
    log: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw the energy after each step of one solver or of several.

    Parameters
    ----------
    energies : sequence of float, or mapping of such
        The energy at the start and after every step; by name for several.
    log : bool
        Whether the energy is on a logarithmic scale.
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
        If there are no energies.

    Examples
    --------
    >>> draw_energies([3.0, 2.0, 1.5]).axes[0].get_xlabel()
    'step'
    """
    named = energies if isinstance(energies, Mapping) else {"": energies}
    if not named or any(not len(each) for each in named.values()):
        raise ValueError("there are no energies to draw")
    ax = axes_for(ax)
    for number, (name, each) in enumerate(named.items()):
        colour = COLOURS[number % len(COLOURS)]
        ax.plot(range(len(each)), each, marker="o", markersize=3, color=colour, label=name)
    ax.set(xlabel="step", ylabel="energy")
    ax.locator_params(axis="x", integer=True)
    if log:
        ax.set_yscale("log")
    if isinstance(energies, Mapping):
        ax.legend(fontsize=8)
    return figure_of(ax)


def _check_any(curves: Mapping[str, Any]) -> None:
    if not curves:
        raise ValueError("there are no curves to draw: pass at least 1 by its name")


def _square(ax: Axes, where: Any) -> Figure:
    ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
    ax.grid(alpha=0.25)
    ax.legend(loc=where, fontsize=8)
    return figure_of(ax)

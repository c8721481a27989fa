"""Values along a line across an edge, and volume fractions over many realisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES = ("--", ":", "-.", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 4)))


class Profile(Protocol):
    """As `acetate.segment.Profile`: values along a line."""

    @property
    def distances(self) -> Any:
        """From the start of the line in pixels."""

    @property
    def values(self) -> Any:
        """``(n,)`` or ``(n, C)``."""


class Robustness(Protocol):
    """As `acetate.segment.Robustness`: volume fractions of realisations of a picture."""

    @property
    def shifts(self) -> Sequence[float]:
        """What was added to each."""

    @property
    def fractions(self) -> Sequence[float]:
        """Which part of each is foreground."""

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """Of the fractions."""


def draw_profiles(
    profiles: Mapping[str, Profile], thresholds: Sequence[float] = (), ax: Axes | None = None
) -> Figure:
    """Draw values along lines, with the thresholds that they cross.

    Where an edge is blurred, its values pass through every band between the thresholds: the
    virtual skin.

    Parameters
    ----------
    profiles : mapping
        By name what `acetate.segment.line_profile` gives.
    thresholds : sequence of float
        Drawn as lines, each dashed in another way.
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
        If there are no profiles.

    Examples
    --------
    >>> from collections import namedtuple
    >>> Line = namedtuple("Line", "distances values")
    >>> figure = draw_profiles({"edge": Line(np.arange(4), np.array([0, 1, 8, 9]))}, [4.5])
    >>> figure.axes[0].get_xlabel()
    'distance in pixels'
    """
    if not profiles:
        raise ValueError("there are no profiles to draw: pass at least 1 by its name")
    ax = axes_for(ax)
    number = 0
    for name, profile in profiles.items():
        values = np.asarray(profile.values)
        columns = values.reshape(len(values), -1).T
        for channel, column in enumerate(columns):
            label = name if len(columns) == 1 else f"{name}, channel {channel}"
            colour = COLOURS[number % len(COLOURS)]
            ax.plot(profile.distances, column, marker=".", color=colour, label=label)
            number += 1
    for style, threshold in zip(cycle(_STYLES), thresholds, strict=False):
        ax.axhline(threshold, color="0.4", linestyle=style, label=f"threshold {threshold:g}")
    ax.set(xlabel="distance in pixels", ylabel="value")
    ax.legend(fontsize=8)
    return figure_of(ax)


def draw_robustness(results: Mapping[str, Robustness], ax: Axes | None = None) -> Figure:
    """Draw the volume fraction of every realisation, and the range between the quartiles.

    Parameters
    ----------
    results : mapping
        By name, such as the threshold's, what `acetate.segment.robustness` gives.
    ax : matplotlib.axes.Axes or None
        To draw on; None makes a figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure of the axes. The band is from the 25 % to the 75 % quartile, its line the
        median.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there are no results.

    Examples
    --------
    >>> from collections import namedtuple
    >>> Result = namedtuple("Result", "shifts fractions quartiles")
    >>> figure = draw_robustness({"0.6": Result((-0.1, 0.2), (0.3, 0.1), (0.15, 0.2, 0.25))})
    >>> figure.axes[0].get_ylabel()
    'volume fraction'
    """
    if not results:
        raise ValueError("there are no results to draw: pass at least 1 by its name")
    ax = axes_for(ax)
    for number, (name, result) in enumerate(results.items()):
        colour = COLOURS[number % len(COLOURS)]
        low, middle, high = result.quartiles
        ax.axhspan(low, high, color=colour, alpha=0.15, lw=0)
        ax.axhline(middle, color=colour, linewidth=1)
        label = f"{name}: quartiles {low * 100:.1f} % to {high * 100:.1f} %"
        ax.plot(result.shifts, result.fractions, "o", color=colour, markersize=4, label=label)
    ax.set(xlabel="brightness added, as a part of white", ylabel="volume fraction")
    ax.set_ylim(bottom=0)
    ax.legend(fontsize=8)
    return figure_of(ax)

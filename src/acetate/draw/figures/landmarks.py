"""Landmarks: the share of points within each error, and the worst cases on their pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of, panels, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TRUE, _FOUND = "#00c060", "#ff4040"
_ROOM = 1.6  # how far a crop reaches beyond the two points, in their distance
_LEAST = 0.06  # of the longer side of a picture, that a crop reaches at least
_LINES = COLOURS[:-1]  # black is for all landmarks together
_STYLES = ("-", "--", ":", "-.")


class Errors(Protocol):
    """As `acetate.measure.LandmarkErrors`."""

    @property
    def radial(self) -> NDArray[np.float64]:
        """``(N, K)``, NaN where there is none."""

    @property
    def names(self) -> tuple[str, ...]:
        """The landmarks."""

    @property
    def unit(self) -> str:
        """Of the errors."""


def draw_cumulative_errors(
    errors: Errors,
    per_landmark: bool = True,
    thresholds: Sequence[float] = (2.0, 2.5, 3.0, 4.0),
    limit: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the share of points whose error does not exceed each value.

    Parameters
    ----------
    errors : LandmarkErrors
        As `acetate.measure.landmark_errors` gives.
    per_landmark : bool
        Whether there is a thin line for each landmark below the thick one for all.
    thresholds : sequence of float
        Where upright lines stand; those beyond the end of the axis are left out.
    limit : float or None
        Where the axis ends; None takes what 99 % of the errors do not exceed, but no less than
        the largest threshold needs.
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
        If there are no errors.

    Examples
    --------
    >>> from acetate.measure import landmark_errors
    >>> errors = landmark_errors([[[3, 4]], [[0, 1]]], np.zeros((2, 1, 2)), names=["nose"])
    >>> figure = draw_cumulative_errors(errors)
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['nose (mean 3 px)', 'all (mean 3 px)']
    """
    every = errors.radial[np.isfinite(errors.radial)]
    if not every.size:
        raise ValueError("there are no errors to draw: no point was found that has a truth")
    end = limit or max(float(np.percentile(every, 99)), 1.25 * max(thresholds, default=0.0))
    ax = axes_for(ax, (7.0, 4.5) if per_landmark else (6.0, 4.0))
    for threshold in thresholds:
        if threshold < end:
            ax.axvline(threshold, color="0.85", linewidth=1, zorder=0)
    if per_landmark:
        for k, name in enumerate(errors.names):
            column = errors.radial[:, k]
            style: Any = _STYLES[k // len(_LINES) % len(_STYLES)]
            _curve(ax, column[np.isfinite(column)], name, errors.unit, end)
            ax.lines[-1].set(color=_LINES[k % len(_LINES)], linestyle=style, linewidth=1)
    _curve(ax, every, "all", errors.unit, end)
    ax.lines[-1].set(color="black", linewidth=2.5)
    ax.set(xlabel=f"error ({errors.unit})", ylabel="share of points", xlim=(0, end), ylim=(0, 1.02))
    ax.grid(alpha=0.25)
    _legend(ax)
    return figure_of(ax)


def draw_worst_landmarks(
    errors: Errors,
    predicted: NDArray[np.float64],
    truth: NDArray[np.float64],
    pictures: Sequence[str],
    read: Callable[[int], Array],
    count: int = 12,
    columns: int | None = 4,
) -> Figure:
    r"""Draw the points with the largest errors on crops of their pictures, worst first.

    Parameters
    ----------
    errors : LandmarkErrors
        As `acetate.measure.landmark_errors` gives.
    predicted, truth : numpy.ndarray
        ``(N, K, 2)`` in pixels of the pictures.
    pictures : sequence of str
        The N names, for titles.
    read : callable
        From the number of a picture to the picture; only those that are drawn are read, one at a
        time.
    count : int
        How many points at most.
    columns : int or None
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure
        True points are green circles, found ones red crosses, with a line between.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there are no errors, or shapes disagree.

    Examples
    --------
    >>> from acetate.measure import landmark_errors
    >>> found, true = np.array([[[13.0, 14]]]), np.array([[[10.0, 10]]])
    >>> errors = landmark_errors(found, true, names=["nose"])
    >>> picture = np.zeros((32, 32), np.uint8)
    >>> figure = draw_worst_landmarks(errors, found, true, ["cat.png"], lambda i: picture)
    >>> figure.axes[0].get_title()
    'nose: 5 px\ncat.png'
    """
    if not errors.radial.shape == predicted.shape[:2] == truth.shape[:2]:
        raise ValueError(
            f"errors are {errors.radial.shape}, points {predicted.shape} and {truth.shape}: pass "
            "those that the errors were made of"
        )
    worst = _worst(errors.radial, count)
    if not worst:
        raise ValueError("there are no errors to draw: no point was found that has a truth")
    for ax, (i, k) in zip(panels(len(worst), columns, (1, 1)), worst, strict=True):
        title = f"{errors.names[k]}: {errors.radial[i, k]:.3g} {errors.unit}\n{_end(pictures[i])}"
        _case(ax, read(i), truth[i, k], predicted[i, k], title)
    figure = figure_of(ax)
    figure.supxlabel("green circle: where it is; red cross: where it was found", fontsize=8)
    return figure


def _worst(radial: NDArray[np.float64], count: int) -> list[tuple[int, int]]:
    """Return the places of the largest errors, worst first."""
    order = np.argsort(-np.where(np.isnan(radial), -1.0, radial), axis=None, kind="stable")
    shown = min(count, int(np.isfinite(radial).sum()))
    rows, columns = np.unravel_index(order[:shown], radial.shape)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _curve(ax: Axes, errors: NDArray[np.float64], name: str, unit: str, end: float) -> None:
    """Draw the steps of one landmark's shares up to the end of the axis."""
    mean = f"mean {errors.mean():.3g} {unit}" if errors.size else "nothing found"
    steps = np.concatenate([[0.0], np.sort(errors), [max(end, errors.max(initial=0.0))]])
    shares = np.arange(errors.size + 1) / max(errors.size, 1)
    ax.step(steps, [*shares, shares[-1]], where="post", label=f"{name} ({mean})")


def _legend(ax: Axes) -> None:
    """Put a short legend inside, a long one beside the axes."""
    if len(ax.lines) > 12:
        ax.legend(fontsize=6, loc="center left", bbox_to_anchor=(1.0, 0.5))
    else:
        ax.legend(fontsize=7, loc="lower right")


def _case(ax: Axes, picture: Array, true: Any, found: Any, title: str) -> None:
    """Draw a crop around both points with the line between them."""
    height, width = picture.shape[:2]
    middle, apart = (true + found) / 2, float(np.linalg.norm(true - found))
    reach = max(_ROOM * apart, _LEAST * max(height, width), 4.0)
    low = np.floor(np.clip(middle - reach, 0, (width - 1, height - 1))).astype(int)
    high = np.ceil(np.clip(middle + reach, low + 1, (width, height))).astype(int)
    show(ax, _bytes(picture[low[1] : high[1], low[0] : high[0]]), title)
    (x1, y1), (x2, y2) = (true - low).tolist(), (found - low).tolist()
    ax.plot([x1, x2], [y1, y2], color="white", linewidth=2.5, clip_on=True)
    ax.plot([x1, x2], [y1, y2], color="black", linewidth=1, clip_on=True)
    ax.plot([x1], [y1], "o", markersize=9, markerfacecolor="none", color=_TRUE, markeredgewidth=2)
    ax.plot([x2], [y2], "x", markersize=8, color=_FOUND, markeredgewidth=2)
    ax.set(xlim=(middle[0] - low[0] - reach, middle[0] - low[0] + reach))
    ax.set(ylim=(middle[1] - low[1] + reach, middle[1] - low[1] - reach))


def _bytes(crop: Array) -> Array:
    """Return a gray crop as RGB, so that it is no map of labels and keeps its black and white."""
    if crop.ndim == 3 and crop.shape[2] > 1:
        return crop
    gray = crop.reshape(crop.shape[:2])
    white = np.iinfo(gray.dtype).max if gray.dtype.kind == "u" else 1.0
    return np.repeat((gray / white)[..., np.newaxis], 3, axis=2)


def _end(name: str, most: int = 30) -> str:
    """Return the end of a long name."""
    return name if len(name) <= most else f"...{name[-most + 3 :]}"

"""Histograms: of a picture, with thresholds, and of its classes; two Gaussians between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate.arrays import Array, check_finite
from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES = ("--", ":", "-.", "-")


def draw_histogram(
    values: Array,
    thresholds: Sequence[float] = (),
    classes: Array | None = None,
    names: Sequence[str] = (),
    bins: int = 256,
    log: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw how often values occur, in all and in each class, with thresholds.

    Parameters
    ----------
    values : numpy.ndarray
        A picture or any numbers.
    thresholds : sequence of float
        Drawn as lines.
    classes : numpy.ndarray or None
        Labels or a mask of the shape of `values`, for a histogram of each class.
    names : sequence of str
        Of the classes in order of their labels; else they are numbered.
    bins : int
        How many; for integers none is narrower than 1.
    log : bool
        Whether counts are on a logarithmic scale.
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
        If values are none, or NaN or infinite; if classes have another shape; if there are fewer
        bins than 1, or not a name for each class.

    Examples
    --------
    >>> figure = draw_histogram(np.arange(12, dtype=np.uint8), thresholds=[4.5])
    >>> figure.axes[0].get_ylabel()
    'pixels'
    """
    edges = _edges(values, bins)
    groups = _groups(values, classes, names)
    ax = axes_for(ax)
    for number, (name, inside) in enumerate(groups):
        counts, _ = np.histogram(inside, edges)
        colour = COLOURS[number % len(COLOURS)] if classes is not None else "0.55"
        ax.stairs(counts, edges, fill=True, alpha=0.55, color=colour, label=name or None)
    for number, threshold in enumerate(thresholds):
        colour = COLOURS[(number + 1) % len(COLOURS)] if classes is None else "black"
        style = _STYLES[number % len(_STYLES)]
        ax.axvline(threshold, color=colour, linestyle=style, label=f"threshold {threshold:g}")
    if log:
        ax.set_yscale("log", nonpositive="clip")
    ax.set(xlabel="value", ylabel="pixels", xlim=(edges[0], edges[-1]))
    if classes is not None or len(thresholds):
        ax.legend(fontsize=8)
    return figure_of(ax)


def draw_goldilocks(
    gaussians: Sequence[tuple[float, float, float]],
    thresholds: tuple[float, float],
    limits: tuple[float, float] | None = None,
    names: Sequence[str] = (),
    ax: Axes | None = None,
) -> Figure:
    """Draw classes as Gaussians, and the two thresholds of a hysteresis between them.

    What is beyond the strict threshold is surely of the first class; what is beyond the loose one
    alone may be, if it hangs together with that.

    Parameters
    ----------
    gaussians : sequence of (pixels, mean, sigma)
        The classes, that which is looked for first; the first number is the area under the curve.
    thresholds : (float, float)
        The strict and the loose one.
    limits : (float, float) or None
        Of the values; None takes four sigma around all classes.
    names : sequence of str
        Of the classes.
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
        If there are no classes, a sigma is not above 0, or the thresholds are equal.

    Examples
    --------
    >>> figure = draw_goldilocks([(5e4, 20, 30), (4.5e5, 128, 16)], (70, 110), (-100, 255))
    >>> figure.axes[0].get_xlim()
    (np.float64(-100.0), np.float64(255.0))
    """
    strict, loose = thresholds
    if not gaussians or any(not 0 < sigma < np.inf for _, _, sigma in gaussians):
        raise ValueError(f"classes are (pixels, mean, sigma above 0), got {list(gaussians)}")
    if strict == loose or not np.isfinite(thresholds).all():
        raise ValueError(f"the strict and the loose threshold must differ, got {thresholds}")
    low, high = limits or (
        min(mean - 4 * sigma for _, mean, sigma in gaussians),
        max(mean + 4 * sigma for _, mean, sigma in gaussians),
    )
    ax = axes_for(ax)
    x = np.linspace(low, high, 512)
    for number, (pixels, mean, sigma) in enumerate(gaussians):
        curve = pixels * np.exp(-(((x - mean) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))
        name = names[number] if number < len(names) else f"class {number + 1}"
        ax.fill_between(x, curve, alpha=0.3, color=COLOURS[number % len(COLOURS)])
        ax.plot(x, curve, color=COLOURS[number % len(COLOURS)], label=name)
    sure = low if strict < loose else high
    ax.axvspan(sure, strict, color="0.5", alpha=0.18, lw=0, label="surely")
    ax.axvspan(strict, loose, color="0.5", alpha=0.08, lw=0, label="if connected")
    ax.axvline(strict, color="black", label=f"strict {strict:g}")
    ax.axvline(loose, color="black", linestyle="--", label=f"loose {loose:g}")
    ax.set(xlabel="value", ylabel="pixels", xlim=(low, high))
    ax.set_ylim(bottom=0)
    ax.legend(fontsize=8)
    return figure_of(ax)


def _edges(values: Any, bins: int) -> Array:
    array = np.asarray(values)
    if array.size == 0 or array.dtype.kind not in "buif":
        raise ValueError(f"values must be numbers, got {array.dtype} of shape {array.shape}")
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    if array.dtype.kind == "f":
        check_finite(array, "values")
        edges = np.histogram_bin_edges(array, bins)
    else:
        low, high = int(array.min()), int(array.max())
        width = -(-(high - low + 1) // bins)
        edges = np.arange(low, high + width + 1, width) - 0.5
    return np.asarray(edges, np.float64)


def _groups(values: Array, classes: Array | None, names: Sequence[str]) -> list[tuple[str, Array]]:
    if classes is None:
        return [("", np.asarray(values).ravel())]
    if classes.shape != np.shape(values):
        raise ValueError(
            f"classes must have the values' shape {np.shape(values)}, got {classes.shape}"
        )
    labels = np.unique(classes)
    if names and len(names) != len(labels):
        raise ValueError(f"{len(labels)} classes need as many names, got {len(names)}")
    called = names or [f"class {int(label)}" for label in labels]
    return [(name, values[classes == label]) for name, label in zip(called, labels, strict=True)]

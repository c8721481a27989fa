"""Predictions beside the truth: jittered points with their errors, and rows of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate.arrays import Array, check_finite
from acetate.draw.figures.canvas import COLOURS, PANEL, axes_for, figure_of, new_figure, show
from acetate.seeds import Seed, generator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Pair = tuple[Array, Array]
Triple = tuple[Array, Array, Array]


def draw_predictions(
    pairs: Mapping[str, Pair],
    jitter: float = 0.25,
    seed: Seed = 0,
    ax: Axes | None = None,
) -> Figure:
    """Draw what was predicted against what is true, with mean squared and absolute errors.

    Parameters
    ----------
    pairs : mapping of str to (numpy.ndarray, numpy.ndarray)
        By name, such as "training" and "validation": the truth, and what was predicted, of one
        length each.
    jitter : float
        Points move by chance up to so far, along both axes, so that equal ones are seen: whole
        numbers lie on top of each other otherwise. Errors are those of the points unmoved.
    seed : int, Generator or None
        Of that chance.
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
        If there are no pairs, lengths differ, values are NaN or infinite, or the jitter is
        negative.

    Examples
    --------
    >>> figure = draw_predictions({"digits": (np.array([3, 7]), np.array([3, 5]))})
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['digits: MSE 2.00, MAE 1.00', 'right']
    """
    if not pairs or jitter < 0:
        raise ValueError(f"pairs and a jitter from 0 are needed, got {len(pairs)} and {jitter}")
    rng = generator(seed)
    ax = axes_for(ax, (4.5, 4.5))
    ends = [np.inf, -np.inf]
    for number, (name, pair) in enumerate(pairs.items()):
        true, found = _checked(name, *pair)
        moved = [values + rng.uniform(-jitter, jitter, len(values)) for values in (true, found)]
        ends = [min(ends[0], true.min(), found.min()), max(ends[1], true.max(), found.max())]
        error = found - true
        label = f"{name}: MSE {np.mean(error**2):.2f}, MAE {np.mean(np.abs(error)):.2f}"
        colour = COLOURS[number % len(COLOURS)]
        ax.scatter(moved[0], moved[1], s=9, alpha=0.5, color=colour, linewidths=0, label=label)
    ax.plot(ends, ends, color="0.4", lw=1, linestyle="--", label="right")
    ax.set(xlabel="true", ylabel="predicted", aspect="equal")
    ax.grid(alpha=0.25)
    ax.legend(fontsize=8)
    return figure_of(ax)


def draw_learning(rows: Mapping[str, Triple], limits: tuple[float, float] = (0.0, 1.0)) -> Figure:
    """Draw rows of picture, mask and prediction: the training part above, the whole below.

    Parameters
    ----------
    rows : mapping of str to (numpy.ndarray, numpy.ndarray, numpy.ndarray)
        By name: a picture, its mask, and what was predicted, ``(H, W)`` each; the picture may have
        colours.
    limits : (float, float)
        The predictions that are black and white. A weak model shows what it tells apart only
        within narrow ones, such as (0, 0.3).

    Returns
    -------
    matplotlib.figure.Figure
        A new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there are no rows, sizes differ within a row, or the limits do not rise.

    Examples
    --------
    >>> image = np.arange(24.0).reshape(4, 6) / 24
    >>> figure = draw_learning({"training": (image, image > 0.5, image)})
    >>> [ax.get_title() for ax in figure.axes[:3]]
    ['training: picture', 'mask', 'prediction, 0 to 1']
    """
    low, high = limits
    if not rows or not low < high:
        raise ValueError(f"rows and rising limits are needed, got {len(rows)} rows and {limits}")
    for name, parts in rows.items():
        if len({np.shape(part)[:2] for part in parts}) > 1:
            raise ValueError(f"sizes differ in {name!r}: {[np.shape(part) for part in parts]}")
    ratios = [np.shape(parts[0])[0] / np.shape(parts[0])[1] for parts in rows.values()]
    height = sum(PANEL * min(max(ratio, 0.25), 2.0) + 0.35 for ratio in ratios)
    figure = new_figure((3 * PANEL, height))
    grid = figure.subplots(len(rows), 3, squeeze=False, height_ratios=[*ratios])
    for (name, (image, mask, found)), axes in zip(rows.items(), grid, strict=True):
        show(axes[0], image, f"{name}: picture")
        show(axes[1], np.asarray(mask) > 0, "mask")
        shape: Any = (0, found.shape[1], found.shape[0], 0)
        axes[2].imshow(found, "gray", extent=shape, vmin=low, vmax=high, interpolation="nearest")
        axes[2].set_title(f"prediction, {low:g} to {high:g}", fontsize=9)
        for ax in axes:
            ax.set_axis_off()
    return figure


def _checked(name: str, truth: Array, predicted: Array) -> Pair:
    true, found = (np.ravel(np.asarray(values, np.float64)) for values in (truth, predicted))
    if len(true) != len(found) or not len(true):
        raise ValueError(f"{name!r}: {len(true)} true values and {len(found)} predicted ones")
    check_finite(true, f"{name}, true")
    check_finite(found, f"{name}, predicted")
    return true, found

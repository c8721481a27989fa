"""Pictures with labels on them, the steps of a method, and many masks side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from acetate.arrays import Array
from acetate.colors import palette
from acetate.draw.figures.canvas import COLOURS, PANEL, axes_for, figure_of, panels, show

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_labels(
    image: Array,
    labels: Array,
    fill: float = 0.0,
    colour: str = "#e69f00",
    title: str = "",
    ax: Axes | None = None,
) -> Figure:
    """Draw the borders of labels, such as superpixels, exactly between the pixels of a picture.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``.
    labels : numpy.ndarray
        ``(H, W)`` integers or booleans.
    fill : float
        How much of each label's colour lies over the picture, from 0 to 1; label 0 is clear.
    colour : str
        Of the borders.
    title : str
        Written above.
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
        If the labels are not as large as the picture, or `fill` is out of range.

    Examples
    --------
    >>> figure = draw_labels(np.zeros((4, 6)), np.arange(24).reshape(4, 6) // 12)
    >>> len(figure.axes[0].collections[0].get_segments())
    1
    """
    _check_fits(image, labels)
    if not 0 <= fill <= 1:
        raise ValueError(f"fill must lie in [0, 1], got {fill}")
    height, width = labels.shape
    ax = axes_for(ax, (6.0, 6.0 * min(height / width, 1.5) + 0.3))
    show(ax, image, title)
    if fill:
        ax.imshow(_tint(labels, fill), extent=(0, width, height, 0), interpolation="nearest")
    _draw_borders(ax, labels, colour)
    ax.set_axis_off()
    return figure_of(ax)


def draw_steps(steps: Mapping[str, Array], columns: int | None = None) -> Figure:
    """Draw the steps of a method: a picture each, with its name.

    Parameters
    ----------
    steps : mapping of str to numpy.ndarray
        In order: pictures, masks or labels, ``(H, W)`` or ``(H, W, 3)``.
    columns : int or None
        How many in a row; None makes nearly a square, at most 4 wide.

    Returns
    -------
    matplotlib.figure.Figure
        A new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there are no steps, or fewer columns than 1.

    Examples
    --------
    >>> figure = draw_steps({"strict": np.eye(4) > 0, "looser": np.ones((4, 4), bool)})
    >>> [ax.get_title() for ax in figure.axes]
    ['strict', 'looser']
    """
    pictures = list(steps.values())
    shape = np.shape(pictures[0])[:2] if pictures else (1, 1)
    axes = panels(len(pictures), columns, (int(shape[0]), int(shape[1])))
    for ax, (name, picture) in zip(axes, steps.items(), strict=True):
        show(ax, picture, name)
    return figure_of(axes[0])


def draw_masks(
    image: Array,
    masks: Mapping[str, Array],
    notes: Mapping[str, str] | None = None,
    columns: int | None = None,
) -> Figure:
    """Draw what several methods or thresholds find: the picture, then the outline of each mask.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``.
    masks : mapping of str to numpy.ndarray
        ``(H, W)`` booleans or labels, by the name of what found them.
    notes : mapping of str to str, optional
        A word for some of them, such as the threshold, written after the name.
    columns : int or None
        How many in a row; None makes nearly a square, at most 4 wide.

    Returns
    -------
    matplotlib.figure.Figure
        A new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If a mask is not as large as the picture, there are none, or fewer columns than 1.

    Examples
    --------
    >>> image = np.arange(24.0).reshape(4, 6) / 24
    >>> figure = draw_masks(image, {"mean": image > 0.5}, {"mean": "0.5"})
    >>> [ax.get_title() for ax in figure.axes]
    ['picture', 'mean: 0.5']
    """
    if not masks:
        raise ValueError("there are no masks to draw: pass at least 1 by its name")
    for mask in masks.values():
        _check_fits(image, mask)
    height, width = image.shape[:2]
    first, *others = panels(len(masks) + 1, columns, (height, width))
    show(first, image, "picture")
    for ax, (name, mask) in zip(others, masks.items(), strict=True):
        note = (notes or {}).get(name)
        show(ax, image, name if note is None else f"{name}: {note}")
        ax.imshow(_tint(mask, 0.35), extent=(0, width, height, 0), interpolation="nearest")
        _draw_borders(ax, np.asarray(mask), COLOURS[4], _width(np.asarray(mask)))
    return figure_of(first)


class Trial(Protocol):
    """As `acetate.segment.Trial`: what one rule made of a picture."""

    @property
    def method(self) -> str:
        """The rule's name."""

    @property
    def threshold(self) -> float | None:
        """The value, if there is one."""

    @property
    def fraction(self) -> float | None:
        """The part of the picture that is foreground."""

    @property
    def iou(self) -> float | None:
        """Overlap with the truth, where there is one."""

    @property
    def reason(self) -> str:
        """Why it failed; empty if it did not."""

    @property
    def mask(self) -> Any:
        """The foreground."""


def draw_trials(image: Array, trials: Sequence[Trial], columns: int | None = None) -> Figure:
    """Draw what every threshold rule makes of a picture: the figure beside `try_all`'s table.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``.
    trials : sequence of Trial
        As `acetate.segment.try_all` gives them. Above each stand its threshold, the part of the
        picture that is foreground, and the IoU if there was truth; in one that failed, the reason.
    columns : int or None
        How many in a row; None makes nearly a square, at most 4 wide.

    Returns
    -------
    matplotlib.figure.Figure
        A new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If a mask is not as large as the picture, there are no trials, or fewer columns than 1.

    Examples
    --------
    >>> from collections import namedtuple
    >>> Row = namedtuple("Row", "method threshold fraction iou reason mask")
    >>> image = np.arange(24, dtype=np.uint8).reshape(4, 6)
    >>> figure = draw_trials(image, [Row("mean", 11.5, 0.5, None, "", image > 11.5)])
    >>> [ax.get_title() for ax in figure.axes]
    ['picture', 'mean: 11.5, 50.0 %']
    """
    notes = {trial.method: _note(trial) for trial in trials if not trial.reason}
    empty = np.zeros(image.shape[:2], bool)
    masks = {trial.method: empty if trial.reason else trial.mask for trial in trials}
    figure = draw_masks(image, masks, notes, columns)
    for ax, trial in zip(figure.axes[1:], trials, strict=False):
        if trial.reason:
            box = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none"}
            text = textwrap.fill(trial.reason, 30)
            ax.text(
                0.5, 0.5, text, transform=ax.transAxes, size=7, ha="center", va="center", bbox=box
            )
    return figure


def _note(trial: Trial) -> str:
    parts = [] if trial.threshold is None else [f"{trial.threshold:.4g}"]
    parts += [] if trial.fraction is None else [f"{trial.fraction:.1%}".replace("%", " %")]
    parts += [] if trial.iou is None else [f"IoU {trial.iou:.2f}"]
    return ", ".join(parts)


def borders(labels: Array) -> Array:
    """Return the sides between pixels of different labels, ``(N, 2, 2)`` points (x, y).

    Sides in one line that follow each other are one.

    Examples
    --------
    >>> borders(np.array([[0, 0, 1], [0, 0, 1]])).tolist()
    [[[2.0, 0.0], [2.0, 2.0]]]
    """
    upright = _runs(labels[:, 1:] != labels[:, :-1])  # (column, from row, to row)
    level = _runs((labels[1:] != labels[:-1]).T)
    lines = np.empty((len(upright) + len(level), 2, 2))
    lines[: len(upright), :, 0] = upright[:, :1] + 1
    lines[: len(upright), :, 1] = upright[:, 1:]
    lines[len(upright) :, :, 1] = level[:, :1] + 1
    lines[len(upright) :, :, 0] = level[:, 1:]
    return lines


def _runs(differ: Array) -> Array:
    """Return the runs of True down each column: the column, the first row, the row after."""
    padded = np.zeros((differ.shape[0] + 2, differ.shape[1]), np.int8)
    padded[1:-1] = differ
    change = np.diff(padded, axis=0).T
    column, first = np.nonzero(change == 1)
    _, after = np.nonzero(change == -1)
    return np.stack([column, first, after], axis=1)


def _draw_borders(ax: Any, labels: Array, colour: str, width: float = 1.0) -> None:
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(list(borders(labels)), colors=colour, linewidths=width))


def _width(labels: Array) -> float:
    """Return how wide the borders on a panel are to be, in points.

    They cover a fifth of it at most: those of a noisy mask, drawn as wide as others, would hide it.
    """
    lengths = np.abs(np.diff(borders(labels), axis=1)).sum()
    point = labels.shape[1] / (72 * PANEL)  # in pixels
    return float(np.clip(0.2 * labels.size / max(point * lengths, 1e-9), 0.05, 0.8))


def _tint(labels: Array, fill: float) -> Array:
    """Return the labels' colours with their opacity; the background is clear."""
    numbers = np.asarray(labels).astype(np.int64)
    rgb = palette(int(numbers.max()) + 1)[numbers] / 255
    return np.dstack([rgb, np.where(numbers > 0, fill, 0.0)])


def _check_fits(image: Array, labels: Array) -> None:
    if np.ndim(labels) != 2 or image.shape[:2] != labels.shape:
        raise ValueError(
            f"labels must be as large as the picture, {image.shape[:2]}, got {np.shape(labels)}"
        )

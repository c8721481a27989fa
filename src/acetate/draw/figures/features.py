"""Features of pixels: pairs of them as scatter plots, and their table as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate.arrays import Array, check_finite
from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of, new_figure
from acetate.seeds import Seed, generator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL = 1.9  # inches


def draw_feature_pairs(
    table: Array | Mapping[str, Array],
    classes: Array | None = None,
    names: Sequence[str] | None = None,
    most: int = 2000,
    seed: Seed = 0,
) -> Figure:
    """Draw every feature against every other, and histograms of each on the diagonal.

    Parameters
    ----------
    table : numpy.ndarray or mapping
        A structured array (a row for each pixel or object), or arrays of one length by name. A
        pandas frame will do.
    classes : numpy.ndarray or None
        A label for each row, which gives it its colour.
    names : sequence of str or None
        Which features; None takes all that are numbers, up to 8.
    most : int
        How many rows are drawn at most; they are chosen by chance.
    seed : int, Generator or None
        Of that chance.

    Returns
    -------
    matplotlib.figure.Figure
        A new figure.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If a name is unknown, there are no rows or features, values are NaN or infinite, or there
        is not a class for each row.

    Examples
    --------
    >>> figure = draw_feature_pairs({"x": np.arange(5), "intensity": np.arange(5) ** 2})
    >>> len(figure.axes)
    4
    """
    columns = _columns(table, names)
    rows = len(next(iter(columns.values())))
    labels = np.zeros(rows, int) if classes is None else np.ravel(classes)
    if len(labels) != rows:
        raise ValueError(f"{rows} rows need as many classes, got {len(labels)}")
    if most < 1:
        raise ValueError(f"most must be at least 1, got {most}")
    if rows > most:
        kept = generator(seed).choice(rows, most, replace=False)
        columns = {name: values[kept] for name, values in columns.items()}
        labels = labels[kept]
    return _pairs(columns, labels, classes is not None)


def draw_feature_table(
    table: Array | Mapping[str, Array],
    rows: int = 10,
    names: Sequence[str] | None = None,
    seed: Seed = 0,
    ax: Axes | None = None,
) -> Figure:
    """Draw some rows of a feature table, each cell shaded from its column's least to its most.

    Parameters
    ----------
    table : numpy.ndarray or mapping
        As for `draw_feature_pairs`.
    rows : int
        How many, chosen by chance and kept in order; all if there are no more.
    names : sequence of str or None
        Which features; None takes all that are numbers, up to 8.
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
        If a name is unknown, there are no rows or features, or values are NaN or infinite.

    Examples
    --------
    >>> figure = draw_feature_table({"x": np.arange(5), "intensity": np.arange(5) ** 2}, rows=3)
    >>> len(figure.axes[0].texts)
    6
    """
    columns = _columns(table, names)
    count = len(next(iter(columns.values())))
    if rows < 1:
        raise ValueError(f"rows must be at least 1, got {rows}")
    kept = np.arange(count)
    if rows < count:
        kept = np.sort(generator(seed).choice(count, rows, replace=False))
    ax = axes_for(ax, (1.1 * len(columns) + 0.6, 0.3 * len(kept) + 0.6))
    shades = np.stack([_shade(values)[kept] for values in columns.values()], axis=1)
    ax.imshow(shades, cmap="Blues", vmin=0, vmax=1.4, aspect="auto")
    for column, values in enumerate(columns.values()):
        for row, value in enumerate(values[kept]):
            ax.text(column, row, _brief(value), ha="center", va="center", fontsize=8)
    ax.set_xticks(range(len(columns)), list(columns), fontsize=8)
    ax.set_yticks(range(len(kept)), [str(row) for row in kept], fontsize=8)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return figure_of(ax)


def _brief(value: Any) -> str:
    """Return a number in four digits, whole numbers and what is before the point in full.

    Examples
    --------
    >>> _brief(np.uint16(17712)), _brief(17712.4), _brief(0.123456), _brief(True)
    ('17712', '17712', '0.1235', '1')
    """
    if isinstance(value, np.integer | int):
        return str(int(value))
    return f"{value:.0f}" if 1e4 <= abs(value) < 1e7 else f"{value:.4g}"


def _columns(table: Any, names: Sequence[str] | None) -> dict[str, Array]:
    structured = isinstance(table, np.ndarray)
    known = list((table.dtype.names or ()) if structured else table)
    for name in names or ():
        if name not in known:
            raise ValueError(
                f"there is no feature {name!r}; there are {', '.join(map(str, known))}"
            )
    arrays = {str(name): np.ravel(np.asarray(table[name])) for name in names or known}
    columns = {name: array for name, array in arrays.items() if array.dtype.kind in "buif"}
    chosen = dict(list(columns.items())[: None if names else 8])
    lengths = {len(values) for values in chosen.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            f"a table has features of one length of at least 1, got {len(chosen)} features of "
            f"lengths {sorted(lengths)}"
        )
    for name, values in chosen.items():
        check_finite(values, name)
    return chosen


def _shade(values: Array) -> Array:
    span = float(values.max()) - float(values.min())
    return (values - float(values.min())) / span if span else np.zeros(len(values))


def _pairs(columns: dict[str, Array], labels: Array, coloured: bool) -> Figure:
    many = len(columns)
    figure = new_figure((_PANEL * many + 0.4, _PANEL * many + 0.4))
    axes = figure.subplots(many, many, squeeze=False)
    for i, (down, y) in enumerate(columns.items()):
        for j, (across, x) in enumerate(columns.items()):
            ax = axes[i, j]
            _scatter(ax, x, y, labels) if i != j else _spread(ax, x, labels)
            ax.tick_params(labelsize=7, labelbottom=i == many - 1, labelleft=j == 0 and i != j)
            ax.set_xlabel(across if i == many - 1 else "", fontsize=8)
            ax.set_ylabel(down if j == 0 else "", fontsize=8)
    if coloured:
        for number, label in enumerate(np.unique(labels)):
            colour = COLOURS[number % len(COLOURS)]
            axes[0, 0].plot([], [], "o", color=colour, label=f"class {int(label)}")
        figure.legend(loc="outside upper center", ncols=4, fontsize=8)
    return figure


def _scatter(ax: Any, x: Array, y: Array, labels: Array) -> None:
    for number, label in enumerate(np.unique(labels)):
        mine = labels == label
        colour = COLOURS[number % len(COLOURS)]
        ax.scatter(x[mine], y[mine], s=3, alpha=0.5, color=colour, linewidths=0, rasterized=True)


def _spread(ax: Any, x: Array, labels: Array) -> None:
    edges = np.histogram_bin_edges(x.astype(np.float64), 30)
    for number, label in enumerate(np.unique(labels)):
        counts, _ = np.histogram(x[labels == label], edges)
        ax.stairs(counts, edges, fill=True, alpha=0.5, color=COLOURS[number % len(COLOURS)])
    ax.set_yticks([])

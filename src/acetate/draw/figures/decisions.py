"""Decision maps: what a model says everywhere in a plane of two features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from acetate.arrays import Array, check_finite
from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Beyond the points, the map reaches by this part of their spread.
_MARGIN = 0.08


class Estimator(Protocol):
    """As classifiers and regressors of scikit-learn, fitted on two columns."""

    def predict(self, X: Any) -> Any:
        """Return a label or a number for every row."""


def decision_map(
    estimator: Estimator,
    points: Array,
    labels: Array,
    grid: int = 200,
    threshold: float = 0.5,
    marked: Mapping[str, tuple[float, float]] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw which class a model gives to every place, and the labelled points that it knows.

    Parameters
    ----------
    estimator : classifier or regressor
        Fitted on `points`.
    points : numpy.ndarray
        ``(n, 2)``: x and y.
    labels : numpy.ndarray
        ``(n,)``: what each belongs to.
    grid : int
        How many places are asked along each axis.
    threshold : float
        Of two classes, a regressor says the second where its number is above it.
    marked : mapping of str to (float, float), optional
        Places with names, to be told apart.
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
        If points are not pairs of finite numbers, there is not a label for each, the grid is
        smaller than 2, or the model says numbers that are no labels of more than two.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> points = np.array([[0.0, 0.0], [1.0, 1.0]])
    >>> model = KNeighborsClassifier(1).fit(points, [0, 1])
    >>> figure = decision_map(model, points, np.array([0, 1]), grid=20)
    >>> figure.axes[0].get_images()[0].get_array().shape
    (20, 20, 3)
    """
    points, labels = _checked(points, labels, grid)
    classes = np.unique(labels)
    low, high = _ends(points, marked or {})
    x, y = (np.linspace(low[k], high[k], grid) for k in (0, 1))
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    codes = _codes(np.ravel(estimator.predict(places)), classes, threshold).reshape(grid, grid)
    ax = axes_for(ax, (4.2, 4.2))
    # Places are the centres of the map's cells.
    half = (high - low) / (grid - 1) / 2
    extent = (low[0] - half[0], high[0] + half[0], low[1] - half[1], high[1] + half[1])
    ax.imshow(_pale(len(classes))[codes], origin="lower", extent=extent, aspect="auto")
    for number, label in enumerate(classes):
        mine = points[labels == label]
        colour = COLOURS[number % len(COLOURS)]
        x, y = mine.T
        ax.scatter(x, y, s=14, color=colour, edgecolors="white", lw=0.4, label=f"{label}")
    for name, (right, up) in (marked or {}).items():
        ax.plot(right, up, "k*", markersize=9)
        ax.annotate(name, (right, up), xytext=(5, 4), textcoords="offset points", fontsize=9)
    ax.legend(fontsize=8, title="class", title_fontsize=8)
    return figure_of(ax)


def _checked(points: Array, labels: Array, grid: int) -> tuple[Array, Array]:
    points, labels = np.asarray(points), np.asarray(labels)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"points must have shape (n, 2), got {points.shape}")
    check_finite(points, "points")
    if labels.shape != (len(points),):
        raise ValueError(f"{len(points)} points need as many labels, got {labels.shape}")
    if grid < 2:
        raise ValueError(f"grid must be at least 2, got {grid}")
    return points, labels


def _ends(points: Array, marked: Mapping[str, tuple[float, float]]) -> tuple[Array, Array]:
    every = np.concatenate([points, np.array(list(marked.values()), float).reshape(-1, 2)])
    low, high = every.min(axis=0), every.max(axis=0)
    room = np.maximum(_MARGIN * (high - low), 1e-6)
    return low - room, high + room


def _codes(found: Array, classes: Array, threshold: float) -> Array:
    """Return the number of the class of each answer."""
    if np.isin(found, classes).all():
        return np.searchsorted(classes, found)
    if len(classes) != 2 or found.dtype.kind != "f":
        raise ValueError(
            f"the model says values such as {found[0]!r}, which are no labels; there are "
            f"{classes.tolist()}"
        )
    return (found > threshold).astype(np.intp)


def _pale(count: int) -> Array:
    from matplotlib.colors import to_rgb

    colours = np.array([to_rgb(COLOURS[n % len(COLOURS)]) for n in range(count)])
    return 0.3 * colours + 0.7

"""Decision trees: what is asked at every node, and what the leaves answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acetate.draw.figures.canvas import COLOURS, axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEAF = -1
# Inches that a leaf and a level take.
_WIDTH, _HEIGHT = 1.15, 1.05


@dataclass(frozen=True)
class Node:
    """A node of a drawing.

    Parameters
    ----------
    number : int
        In the tree.
    x : float
        Leaves stand at 0, 1, 2 ..., others in the middle above their children.
    depth : int
        Of the root 0.
    children : tuple of Node
        Two, or none.
    cut : bool
        Whether its children are not drawn.

    Examples
    --------
    >>> Node(0, 0.0, 0).children
    ()
    """

    number: int
    x: float
    depth: int
    children: tuple[Node, ...] = ()
    cut: bool = False


def draw_tree(
    tree: Any,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    max_depth: int | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw a fitted decision tree of scikit-learn.

    Parameters
    ----------
    tree : sklearn.tree.DecisionTreeClassifier or DecisionTreeRegressor
        Fitted; a tree of a forest will do.
    feature_names : sequence of str or None
        Of the columns; None calls them x[0], x[1] and so on.
    class_names : sequence of str or None
        Of the classes; None takes the labels.
    max_depth : int or None
        Nodes below it are left out, and dots say so.
    ax : matplotlib.axes.Axes or None
        To draw on; None makes a figure that is large enough.

    Returns
    -------
    matplotlib.figure.Figure
        The figure of the axes.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    TypeError
        If it is no fitted tree.
    ValueError
        If there are more or fewer names than features or classes, or the depth is below 0.

    Notes
    -----
    Left is yes, right is no. Each node tells its impurity (Gini's 1 - sum P², the entropy, or the
    squared error), its samples, and the part of the likeliest class or the mean; its colour is
    that class, paler the less sure, or grows darker with the mean.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier().fit([[0.0], [1.0]], ["off", "on"])
    >>> figure = draw_tree(tree, ["light"])
    >>> figure.axes[0].texts[0].get_text().splitlines()[0]
    'light ≤ 0.5'
    """
    if not hasattr(tree, "tree_"):
        raise TypeError(f"a fitted decision tree is needed, got {type(tree).__name__}; fit it")
    if max_depth is not None and max_depth < 0:
        raise ValueError(f"max_depth must be at least 0, got {max_depth}")
    words = _Words.of(tree, feature_names, class_names)
    root, leaves, levels = _placed(tree.tree_, max_depth)
    ax = axes_for(ax, (max(_WIDTH * leaves, 3.0), _HEIGHT * levels + 0.2))
    ax.set(xlim=(-0.6, leaves - 0.4), ylim=(-(levels - 1) - 0.5, 0.5))
    ax.set_axis_off()
    _draw(ax, root, words)
    return figure_of(ax)


@dataclass(frozen=True)
class _Words:
    """What nodes say, and their colours."""

    tree: Any
    criterion: str
    features: Sequence[str]
    classes: Sequence[str] | None
    extremes: tuple[float, float]

    @classmethod
    def of(cls, tree: Any, features: Sequence[str] | None, classes: Sequence[str] | None) -> _Words:
        count = tree.n_features_in_
        features = [f"x[{n}]" for n in range(count)] if features is None else list(features)
        if len(features) != count:
            raise ValueError(f"the tree has {count} features, got {len(features)} names")
        labels = getattr(tree, "classes_", None)
        if labels is not None:
            classes = [str(label) for label in labels] if classes is None else list(classes)
            if len(classes) != len(labels):
                raise ValueError(f"the tree has {len(labels)} classes, got {len(classes)} names")
        else:
            classes = None
        means = tree.tree_.value[:, 0, 0]
        criterion = {"squared_error": "MSE"}.get(tree.criterion, tree.criterion)
        ends = (float(means.min()), float(means.max()))
        return cls(tree.tree_, criterion, features, classes, ends)

    def text(self, number: int) -> str:
        """Return what a node says."""
        tree, lines = self.tree, []
        if tree.children_left[number] != _LEAF:
            name = self.features[tree.feature[number]]
            lines.append(f"{name} ≤ {tree.threshold[number]:.4g}")
        lines.append(f"{self.criterion} {tree.impurity[number]:.3g}")
        lines.append(f"{tree.n_node_samples[number]} samples")
        if self.classes is None:
            lines.append(f"mean {tree.value[number, 0, 0]:.4g}")
        else:
            parts = self._parts(number)
            lines.append(f"{self.classes[int(parts.argmax())]}: {100 * parts.max():.3g} %")
        return "\n".join(lines)

    def colour(self, number: int) -> tuple[float, ...]:
        """Return the colour of a node."""
        from matplotlib.colors import to_rgb

        if self.classes is None:
            low, high = self.extremes
            colour, sure = COLOURS[0], 0.6 * (self.tree.value[number, 0, 0] - low)
            sure /= (high - low) or 1.0
        else:
            parts = self._parts(number)
            colour = COLOURS[int(parts.argmax()) % len(COLOURS)]
            sure = 0.6 * (parts.max() - 1 / len(parts)) / (1 - 1 / max(len(parts), 2))
        return tuple(1 - float(sure) * (1 - c) for c in to_rgb(colour))

    def _parts(self, number: int) -> Any:
        values = self.tree.value[number, 0]
        return values / values.sum()


def _placed(tree: Any, max_depth: int | None) -> tuple[Node, int, int]:
    """Return the root with everything below it, and how many leaves and levels are drawn."""
    count = deepest = 0

    def placed(number: int, depth: int) -> Node:
        nonlocal count, deepest
        deepest = max(deepest, depth)
        leaf = tree.children_left[number] == _LEAF
        if leaf or depth == max_depth:
            count += 1
            return Node(number, count - 1.0, depth, cut=not leaf)
        sides = (tree.children_left[number], tree.children_right[number])
        left, right = (placed(side, depth + 1) for side in sides)
        return Node(number, (left.x + right.x) / 2, depth, (left, right))

    root = placed(0, 0)
    return root, count, deepest + 1


def _draw(ax: Axes, node: Node, words: _Words) -> None:
    text = words.text(node.number) + ("\n…" if node.cut else "")
    box = {"facecolor": words.colour(node.number), "edgecolor": "0.4", "boxstyle": "round"}
    ax.text(node.x, -node.depth, text, size=7, ha="center", va="center", bbox=box, zorder=2)
    for child in node.children:
        ax.plot([node.x, child.x], [-node.depth, -child.depth], color="0.6", lw=1, zorder=1)
        _draw(ax, child, words)
    if node.depth == 0 and node.children:
        for child, word in zip(node.children, ("yes", "no"), strict=True):
            x, y = (node.x + child.x) / 2, -0.5
            ax.text(x, y, word, size=7, ha="center", va="center", color="0.3", zorder=3)

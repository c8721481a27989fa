"""A network as a figure: a diagram of its maps, and the table of its layers."""

from collections.abc import Sequence
from typing import Any, Protocol

from acetate.draw.figures.canvas import COLOURS, new_figure

_KINDS = {
    "input": ("0.85", "input"),
    "conv 3×3": (COLOURS[0], "convolution 3×3, ReLU"),
    "max pool": (COLOURS[1], "max pooling 2×2"),
    "upsample": (COLOURS[2], "upsampling ×2"),
    "concatenate": (COLOURS[4], "with the skip beside it"),
    "conv 1×1": (COLOURS[3], "convolution 1×1"),
}
_WIDE = 0.72  # of a box, where the next begins at 1
_DROP = 1.6  # from level to level
_LINE = 0.17  # inches of a row of the table


class Row(Protocol):
    """A row of a layer table; `acetate.learn.unet.LayerRow` is one."""

    @property
    def name(self) -> str:
        """Where the layer is."""

    @property
    def kind(self) -> str:
        """What it does."""

    @property
    def channels(self) -> int:
        """Of what it makes."""

    @property
    def level(self) -> int:
        """How often the picture has been halved there."""

    @property
    def parameters(self) -> int:
        """As many numbers are learned."""


def draw_network(rows: Sequence[Row], table: bool = True) -> Any:
    """Draw a network: a box for every layer, lower where the picture is smaller.

    Parameters
    ----------
    rows : sequence of rows
        In order, each with ``name``, ``kind``, ``channels``, ``level`` and ``parameters``; as
        ``UNet.layer_table()`` gives them. Arrows lead from the last layer of a level on the way
        down to where it is concatenated.
    table : bool
        Whether the table of layers stands beside it.

    Returns
    -------
    matplotlib.figure.Figure
        The diagram, and the table.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    ValueError
        If there is no row.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> first = Row(name="input", kind="input", channels=1, level=0, parameters=0)
    >>> last = Row(name="out", kind="conv 1×1", channels=1, level=0, parameters=2)
    >>> len(draw_network([first, last]).axes)
    2
    """
    if not rows:
        raise ValueError("there is no layer to draw: the table has no rows")
    depth = max(row.level for row in rows) + 1
    height = max(1.6 + 1.1 * depth, _LINE * (len(rows) + 4) if table else 0.0)
    figure = new_figure((0.55 * len(rows) + (4.2 if table else 0.0), height))
    if not table:
        _draw_diagram(figure.add_subplot(), rows)
        return figure
    left, right = figure.subplots(1, 2, width_ratios=(0.55 * len(rows), 4.2))
    _draw_diagram(left, rows)
    _draw_table(right, rows)
    return figure


def _draw_diagram(axis: Any, rows: Sequence[Row]) -> None:
    from matplotlib.patches import Rectangle

    seen: dict[str, Any] = {}
    small: dict[str, Any] = {"ha": "center", "va": "top", "fontsize": 7}
    for place, row in enumerate(rows):
        colour, words = _KINDS.get(row.kind, ("0.5", row.kind))
        bottom = -_DROP * row.level
        box = Rectangle((place, bottom), _WIDE, 1.0, color=colour)
        axis.add_patch(box)
        seen.setdefault(words, box)
        axis.text(place + _WIDE / 2, bottom - 0.08, str(row.channels), **small)
    _draw_skips(axis, rows)
    depth = max(row.level for row in rows)
    axis.set_xlim(-0.3, len(rows))
    axis.set_ylim(-_DROP * depth - 0.6, 1.5)
    axis.set_axis_off()
    axis.legend(seen.values(), seen.keys(), loc="lower left", fontsize=7, frameon=False)
    axis.set_title("channels of every map; a level down is half the size", fontsize=9)


def _draw_skips(axis: Any, rows: Sequence[Row]) -> None:
    for start, end in _skips(rows):
        level = -_DROP * rows[start].level + 1.0
        middle = level + 0.25
        axis.plot([start + _WIDE / 2] * 2, [level, middle], color="0.5", linewidth=0.8)
        axis.plot([start + _WIDE / 2, end + _WIDE / 2], [middle] * 2, color="0.5", linewidth=0.8)
        arrow = {"arrowstyle": "->", "color": "0.5", "shrinkA": 0, "shrinkB": 0}
        axis.annotate("", (end + _WIDE / 2, level), (end + _WIDE / 2, middle), arrowprops=arrow)


def _skips(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return which layers are seen again, and where: the last of a level before it is left."""
    left: dict[int, int] = {}
    found = []
    for place, row in enumerate(rows):
        if row.kind == "concatenate":
            found.append((left[row.level], place))
        elif row.kind == "max pool":
            left[row.level - 1] = place - 1
    return found


def _draw_table(axis: Any, rows: Sequence[Row]) -> None:
    cells = [[row.name, row.kind, str(row.channels), f"{row.parameters:,}"] for row in rows]
    cells.append(["all", "", "", f"{sum(row.parameters for row in rows):,}"])
    names = ["layer", "what it does", "channels", "parameters"]
    table = axis.table(cells, colLabels=names, loc="center", cellLoc="left", edges="horizontal")
    table.auto_set_font_size(False)
    table.set_fontsize(7.5)
    table.auto_set_column_width(range(len(names)))
    axis.set_axis_off()

"""Figures of networks and of their training: what is drawn, where, and what is refused."""

from dataclasses import dataclass

import pytest

pytest.importorskip("matplotlib")

from acetate.draw.figures import draw_history, draw_network, plot_history

ROWS = [
    {"epoch": 1, "train_loss": 0.9, "val_loss": 0.8, "val_dice": 0.1, "seconds": 3, "x": 1},
    {"epoch": 2, "train_loss": 0.5, "val_loss": 0.6, "val_dice": 0.4, "seconds": 6},
]


@dataclass(frozen=True)
class Row:
    name: str
    kind: str
    channels: int
    level: int
    parameters: int = 0


def test_losses_and_scores_have_a_panel_each():
    figure = draw_history(ROWS, best_epoch=2, title="a training")
    losses, scores = figure.axes
    assert [line.get_label() for line in losses.lines] == ["train_loss", "val_loss", "best: 2"]
    assert [line.get_label() for line in scores.lines] == ["val_dice", "x", "best: 2"]
    assert list(losses.lines[0].get_ydata()) == [0.9, 0.5]
    assert list(scores.lines[1].get_xdata()) == [1]


def test_losses_alone_are_one_panel():
    assert len(draw_history([{"epoch": 1, "train_loss": 0.5}]).axes) == 1


def test_the_picture_of_a_history():
    picture = plot_history(ROWS)
    assert (picture.ndim, picture.shape[2], picture.dtype.name) == (3, 3, "uint8")
    assert picture.min() < 50 < 250 < picture.max()


def test_boxes_lie_on_their_levels_and_the_table_adds_up():
    rows = [
        Row("input", "input", 1, 0),
        Row("down 1", "conv 3×3", 8, 0, 80),
        Row("bottom", "max pool", 8, 1),
        Row("bottom", "conv 3×3", 16, 1, 1168),
        Row("up 1", "upsample", 16, 0),
        Row("up 1", "concatenate", 24, 0),
        Row("out", "conv 1×1", 1, 0, 25),
    ]
    figure = draw_network(rows)
    diagram, table = figure.axes
    heights = [box.get_y() for box in diagram.patches]
    assert len(heights) == 7
    assert heights[2] == heights[3] < heights[0] == heights[6]
    assert [text.get_text() for text in diagram.texts][:7] == ["1", "8", "8", "16", "16", "24", "1"]
    cells = table.tables[0].get_celld()
    assert cells[8, 3].get_text().get_text() == "1,273"
    assert len(draw_network(rows, table=False).axes) == 1


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="no epoch to draw"):
        draw_history([])
    with pytest.raises(ValueError, match="no layer to draw"):
        draw_network([])

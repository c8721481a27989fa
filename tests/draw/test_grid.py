import sys
from types import SimpleNamespace

import numpy as np
import pytest

from acetate.draw import draw_grid, show_grid

RNG = np.random.default_rng(4)


def images(count, shape=(4, 6, 3)):
    return [RNG.integers(1, 256, shape, dtype=np.uint8) for _ in range(count)]


@pytest.mark.parametrize(
    ("count", "rows", "cols", "expected"),
    [
        (1, None, None, (1, 1)),
        (2, None, None, (1, 2)),
        (4, None, None, (2, 2)),
        (5, None, None, (2, 3)),
        (7, None, None, (3, 3)),
        (10, None, None, (3, 4)),
        (5, 1, None, (1, 5)),
        (5, 2, None, (2, 3)),
        (5, None, 2, (3, 2)),
        (5, 4, 3, (4, 3)),
    ],
)
def test_cells_are_filled_row_by_row(count, rows, cols, expected):
    given = images(count)
    grid = draw_grid(given, rows, cols)
    assert grid.shape == (expected[0] * 4, expected[1] * 6, 3)
    for k in range(expected[0] * expected[1]):
        top, left = k // expected[1] * 4, k % expected[1] * 6
        cell = grid[top : top + 4, left : left + 6]
        assert np.array_equal(cell, given[k]) if k < count else not cell.any()


def test_smaller_images_lie_at_the_top_left_of_equal_cells():
    large, small = np.full((5, 7, 3), 9, np.uint8), np.full((2, 3, 3), 8, np.uint8)
    grid = draw_grid([small, large], cols=2)
    assert grid.shape == (5, 14, 3)
    assert (grid[:2, :3] == 8).all()
    assert (grid[:, 7:] == 9).all()
    assert grid.sum() == small.sum() + large.sum()


def test_gray_floats_and_arrays_of_images():
    batch = RNG.random((3, 4, 6)).round(1)
    before = batch.copy()
    grid = draw_grid(batch, rows=1)
    assert np.array_equal(grid[:, :6, 0], np.floor(batch[0] * 255 + 0.5))
    assert np.array_equal(grid[:, :, 0], grid[:, :, 2])
    assert np.array_equal(batch, before)


@pytest.mark.parametrize(
    ("count", "rows", "cols", "message"),
    [
        (0, None, None, "no images to draw"),
        (5, 2, 2, "5 images do not fit into 2 rows and 2 columns"),
        (5, 0, 2, "at least 1 row and 1 column, got rows=0, cols=2"),
        (5, None, -1, "at least 1 row and 1 column, got rows=None, cols=-1"),
    ],
)
def test_grids_that_cannot_be(count, rows, cols, message):
    with pytest.raises(ValueError, match=message):
        draw_grid(images(count), rows, cols)


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install 'acetate\[figures\]'"):
        show_grid(images(2))


def test_showing_shows_the_grid(monkeypatch):
    seen = []
    axes = SimpleNamespace(set_axis_off=lambda: seen.append("off"), imshow=seen.append)
    figure = SimpleNamespace(add_axes=lambda place: axes)
    pyplot = SimpleNamespace(figure=lambda **_: figure, show=lambda: seen.append("shown"))
    monkeypatch.setitem(sys.modules, "matplotlib", SimpleNamespace(pyplot=pyplot))
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
    given = images(3)
    show_grid(given, cols=3)
    assert seen[0] == "off"
    assert np.array_equal(seen[1], draw_grid(given, cols=3))
    assert seen[2] == "shown"

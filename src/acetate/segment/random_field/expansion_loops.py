"""The compiled network of one expansion: should each pixel keep its phase, or take another."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled
from acetate.segment.random_field.flow_loops import SINK, Grid, max_flow


@compiled
def empty_grid(rows: int, columns: int, corners: bool) -> Grid:
    """Return a network without any capacity, with a frame of one pixel."""
    width = columns + 2
    nodes = (rows + 2) * width
    steps = np.array([1, -1, width, -width, width + 1, -width - 1, width - 1, 1 - width])
    offsets = steps[: 8 if corners else 4].astype(np.int64)
    return Grid(
        offsets,
        np.zeros((nodes, len(offsets)), np.int32),
        np.zeros(nodes, np.int32),
        np.zeros(nodes, np.int8),
        np.zeros(nodes, np.int8),
        np.zeros(nodes, np.int32),
        np.zeros(nodes, np.int32),
        np.zeros(nodes, np.int32),
        np.zeros(nodes, np.bool_),
        np.zeros(nodes, np.int32),
        np.zeros(5, np.int64),
    )


@compiled
def _join(grid: Grid, node: int, d: int, weight: int, same: bool, one: bool, other: bool) -> None:
    """Add the border between two neighbours.

    ``same``: they have one phase now; ``one``, ``other``: each has the phase to take already.
    Keeping both costs a, taking the first or the second c or b, taking both nothing: a constant,
    (c - a - m) for the first, (m - c) for the second, and m if they do not do the same, with
    2 m = b + c - a (Kolmogorov and Zabih 2004, made symmetric).
    """
    a = 0 if same else weight
    b = 0 if one else weight
    c = 0 if other else weight
    m = (b + c - a) // 2
    far = node + grid.offsets[d]
    grid.capacities[node, d] = m
    grid.capacities[far, d ^ 1] = m
    grid.terminal[node] += c - a - m
    grid.terminal[far] += m - c


@compiled
def fill(grid: Grid, units: Array, weights: Array, labels: Array, phase: int) -> None:
    """Write the network: what is on the sink's side of the cut takes the phase."""
    rows, columns = labels.shape
    width = columns + 2
    grid.terminal[:] = 0
    grid.tree[:] = 0
    grid.stamp[:] = 0
    grid.waiting[:] = False
    grid.ends[:] = 0
    for y in range(rows):
        for x in range(columns):
            node = (y + 1) * width + x + 1
            here = labels[y, x]
            grid.terminal[node] += units[phase, y, x] - units[here, y, x]
            for way in range(0, len(grid.offsets), 2):
                i = y + (1 if way > 0 else 0)
                j = x + (0 if way == 2 else -1 if way == 6 else 1)
                if i < rows and 0 <= j < columns:
                    there = labels[i, j]
                    weight = weights[1 if way > 2 else 0]
                    _join(grid, node, way, weight, here == there, here == phase, there == phase)


@compiled
def expand(grid: Grid, units: Array, weights: Array, labels: Array, phase: int) -> int:
    """Let pixels take a phase wherever that lowers the energy most; return how many did."""
    rows, columns = labels.shape
    fill(grid, units, weights, labels, phase)
    max_flow(grid)
    changed = 0
    for y in range(rows):
        for x in range(columns):
            if grid.tree[(y + 1) * (columns + 2) + x + 1] == SINK and labels[y, x] != phase:
                labels[y, x] = phase
                changed += 1
    return changed

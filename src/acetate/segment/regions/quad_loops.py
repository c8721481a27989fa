"""The compiled loops of the quad tree: a pyramid of ranges or moments, and the walk down it."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled


@compiled
def halve_range(high: Array, low: Array, high_above: Array, low_above: Array) -> None:
    """Write the largest and least value of every two by two blocks; the border may cut them."""
    rows, columns = high.shape
    for i in range(high_above.shape[0]):
        a, b = 2 * i, min(2 * i + 1, rows - 1)
        for j in range(columns // 2):
            p, q = high[a, 2 * j], high[a, 2 * j + 1]
            r, s = high[b, 2 * j], high[b, 2 * j + 1]
            p, r = p if p > q else q, r if r > s else s
            high_above[i, j] = p if p > r else r
            p, q = low[a, 2 * j], low[a, 2 * j + 1]
            r, s = low[b, 2 * j], low[b, 2 * j + 1]
            p, r = p if p < q else q, r if r < s else s
            low_above[i, j] = p if p < r else r
        if columns % 2:
            p, r = high[a, columns - 1], high[b, columns - 1]
            high_above[i, columns // 2] = p if p > r else r
            p, r = low[a, columns - 1], low[b, columns - 1]
            low_above[i, columns // 2] = p if p < r else r


@compiled
def mark_range(high: Array, low: Array, threshold: float, split: Array) -> None:
    """Mark, in flat ``split``, the blocks whose range is above the threshold."""
    for i in range(high.shape[0]):
        for j in range(high.shape[1]):
            split[i * high.shape[1] + j] |= np.uint8(high[i, j] - low[i, j] > threshold)


@compiled
def join_four(
    mean: Array, scatter: Array, side: int, mean_above: Array, scatter_above: Array
) -> None:
    """Write the mean and the sum of squared distances from it of every whole two by two blocks.

    Blocks are ``side`` wide. One that is alike throughout keeps a scatter of exactly 0.
    """
    count = float(side * side)
    for i in range(mean.shape[0] // 2):
        for j in range(mean.shape[1] // 2):
            p, q = float(mean[2 * i, 2 * j]), float(mean[2 * i, 2 * j + 1])
            r, s = float(mean[2 * i + 1, 2 * j]), float(mean[2 * i + 1, 2 * j + 1])
            m = ((p + q) * 0.5 + (r + s) * 0.5) * 0.5
            within = scatter[2 * i, 2 * j] + scatter[2 * i, 2 * j + 1]
            within += scatter[2 * i + 1, 2 * j] + scatter[2 * i + 1, 2 * j + 1]
            p, q, r, s = p - m, q - m, r - m, s - m
            mean_above[i, j] = m
            scatter_above[i, j] = within + count * ((p * p + q * q) + (r * r + s * s))


@compiled
def join_at(
    mean: Array, scatter: Array, side: int, extent: Array, at: tuple[int, int]
) -> tuple[float, float]:
    """Return mean and scatter of the block at a place above, which the border may cut.

    ``extent`` is the picture's height and width in pixels.
    """
    count, middle, spread = 0.0, 0.0, 0.0
    for r in range(2 * at[0], min(2 * at[0] + 2, mean.shape[0])):
        for c in range(2 * at[1], min(2 * at[1] + 2, mean.shape[1])):
            more = float(min(side, extent[0] - r * side) * min(side, extent[1] - c * side))
            apart = mean[r, c] - middle
            part = more / (count + more)
            spread += scatter[r, c] + apart * apart * count * part
            middle += apart * part
            count += more
    return middle, spread


@compiled
def halve_moments(
    mean: Array, scatter: Array, side: int, extent: Array, mean_above: Array, scatter_above: Array
) -> None:
    """Write mean and scatter of all two by two blocks; the last row and column may be cut."""
    join_four(mean, scatter, side, mean_above, scatter_above)
    rows, columns = mean_above.shape
    for i in range(rows):
        at = (i, columns - 1)
        mean_above[at], scatter_above[at] = join_at(mean, scatter, side, extent, at)
    for j in range(columns):
        at = (rows - 1, j)
        mean_above[at], scatter_above[at] = join_at(mean, scatter, side, extent, at)


@compiled
def mark_moments(scatter: Array, side: int, extent: Array, threshold: float, split: Array) -> None:
    """Mark, in flat ``split``, the blocks whose standard deviation is above the threshold."""
    square = threshold * threshold
    for i in range(scatter.shape[0]):
        height = min(side, extent[0] - i * side)
        for j in range(scatter.shape[1]):
            count = float(height * min(side, extent[1] - j * side))
            split[i * scatter.shape[1] + j] |= np.uint8(scatter[i, j] > square * count)


@compiled
def walk(split: Array, starts: Array, widths: Array, heights: Array, leaves: Array) -> int:
    """Go down from the root and write the leaves ``(row, column, side)``; return how many.

    ``split`` has the marks of all levels, level k from ``starts[k]`` on in rows of ``widths[k]``.
    Leaves beyond the end of ``leaves`` are counted, not written.
    """
    stack = np.empty((4 * len(widths) + 4, 3), np.int64)
    stack[0, 0], stack[0, 1], stack[0, 2] = len(widths) - 1, 0, 0
    depth, found = 1, 0
    while depth:
        depth -= 1
        level, i, j = stack[depth]
        if split[starts[level] + i * widths[level] + j]:
            for part in range(3, -1, -1):
                r, c = 2 * i + part // 2, 2 * j + part % 2
                if r < heights[level - 1] and c < widths[level - 1]:
                    stack[depth, 0], stack[depth, 1], stack[depth, 2] = level - 1, r, c
                    depth += 1
            continue
        if found < len(leaves):
            leaves[found, 0], leaves[found, 1] = i << level, j << level
            leaves[found, 2] = 1 << level
        found += 1
    return found


@compiled
def paint(leaves: Array, labels: Array) -> None:
    """Write into every pixel the number of its leaf."""
    rows, columns = labels.shape
    for k in range(len(leaves)):
        top, left, side = leaves[k, 0], leaves[k, 1], leaves[k, 2]
        for i in range(top, min(top + side, rows)):
            for j in range(left, min(left + side, columns)):
                labels[i, j] = k

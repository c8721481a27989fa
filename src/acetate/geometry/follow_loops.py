"""The compiled loops that take points through maps, grids of displacements and frames."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused
from acetate.geometry.maps import Pair
from acetate.geometry.stages import AFFINE, BEND, EDGE, LOSE, MARK, PROJECTIVE, SYMMETRIC, WRAP

_F = np.float32
_U = np.uint64  # an index that is never negative: spares the question if it counts from the end
_X, _Y = _U(0), _U(1)
_HALF = _F(0.5)
_FAR = _F(-1e6)
_TOLERANCE = _F(1e-3)  # px that a point may lie outside a frame, as rounding errors do


@compiled_fused
def follow(
    kinds: Array,
    numbers: Array,
    grid: Array,
    first: int,
    fresh: bool,
    places: Array,
    marks: Array,
    crossed: Array,
) -> None:
    """Take points through stages, row by row.

    Parameters
    ----------
    kinds : numpy.ndarray
        int64 ``(n,)``: what each stage does, see `acetate.geometry.stages`.
    numbers : numpy.ndarray
        float64 ``(n, NUMBERS)``.
    grid : numpy.ndarray
        float32 ``(rows, columns, 2)``, at least 2 × 2: the displacements of the stages that bend.
    first : int
        The frame's row with which the points begin.
    fresh : bool
        Whether to begin at the pixel centres; else with what stands in `places`.
    places : numpy.ndarray
        float32 ``(h, w, 2)``, contiguous, in OpenCV's convention (pixel centres are whole
        numbers); overwritten.
    marks : numpy.ndarray
        bool ``(m, h, w)``, zeros: become whether a point lies outside the frame of such a stage.
    crossed : numpy.ndarray
        bool ``(m,)``: becomes True where any does.
    """
    height, width = places.shape[:2]
    x, y = np.empty(width, np.float32), np.empty(width, np.float32)
    dx, dy = np.empty(width, np.float32), np.empty(width, np.float32)
    across, down = np.empty(width, np.float32), np.empty(width, np.float32)
    rows, columns = np.empty(width, np.int32), np.empty(width, np.int32)
    lost = np.zeros(width, np.bool_)
    for i in range(height):
        some_lost = False
        line = places[i].reshape(-1)
        if fresh:
            for j in range(width):
                x[j], y[j] = _F(np.int32(j)) + _HALF, _F(first + i) + _HALF
        else:
            for j in range(width):
                x[j], y[j] = line[2 * j] + _HALF, line[2 * j + 1] + _HALF
        for k in range(len(kinds)):
            kind, told = kinds[k], numbers[k]
            if kind == AFFINE:
                _turn(told, x, y)
            elif kind == PROJECTIVE:
                _tilt(told, x, y)
            elif kind == BEND:
                _seek(told, grid.shape, x, y, rows, columns, across, down)
                _look_up(grid, rows, columns, across, down, dx, dy)
                gain_x, gain_y = _F(told[4]), _F(told[5])
                for j in range(width):
                    x[j] += gain_x * dx[j]
                    y[j] += gain_y * dy[j]
            elif kind == MARK:
                frame_width, frame_height, m = told[0], told[1], int(told[2])
                crossed[m] |= _mark(frame_width, frame_height, x, y, marks[m, i])
                if some_lost:  # what a later hop lost stays lost
                    for j in range(width):
                        marks[m, i, j] &= not lost[j]
            elif kind == LOSE:
                frame_width, frame_height = told[0], told[1]
                some_lost |= _mark(frame_width, frame_height, x, y, lost)
            else:
                frame_width, frame_height, by, mode = told[0], told[1], told[2], int(told[3])
                _fold(frame_width, by, mode, x)
                _fold(frame_height, by, mode, y)
        if some_lost:
            for j in range(width):
                x[j], lost[j] = _FAR if lost[j] else x[j], False
        for j in range(width):
            line[2 * j], line[2 * j + 1] = x[j] - _HALF, y[j] - _HALF


@compiled_fused
def keep_within(width: int, height: int, places: Array) -> None:
    """Count places from the middle of a rim one pixel wide around a frame, and keep them within it.

    What lies further right or below is put in the middle of the first pixel of the rim there.

    Parameters
    ----------
    places : numpy.ndarray
        float32 ``(h, w, 2)``, contiguous, in OpenCV's convention; overwritten.
    """
    flat, zero, one = places.reshape(-1), _F(0), _F(1)
    last_x, last_y = _F(width + 1), _F(height + 1)
    for j in range(len(flat) // 2):
        x, y = flat[2 * j] + one, flat[2 * j + 1] + one
        x, y = x if x > zero else zero, y if y > zero else zero
        flat[2 * j], flat[2 * j + 1] = x if x < last_x else last_x, y if y < last_y else last_y


@compiled_fused
def displacements(
    grid: Array, first: Pair, per: Pair, gain: Pair, points: Array, out: Array
) -> None:
    """Write what a grid adds to points, bilinear between its samples.

    Outside the grid its nearest place holds.

    Parameters
    ----------
    grid, first, per, gain
        See `acetate.geometry.fields.Grid`.
    points, out : numpy.ndarray
        float32 ``(n, 2)``.
    """
    told = np.array([first[0], first[1], per[0], per[1]])
    count = len(points)
    x, y = points[:, 0].copy(), points[:, 1].copy()
    dx, dy = np.empty(count, np.float32), np.empty(count, np.float32)
    across, down = np.empty(count, np.float32), np.empty(count, np.float32)
    rows, columns = np.empty(count, np.int32), np.empty(count, np.int32)
    _seek(told, grid.shape, x, y, rows, columns, across, down)
    _look_up(grid, rows, columns, across, down, dx, dy)
    for j in range(count):
        out[j, 0], out[j, 1] = _F(gain[0]) * dx[j], _F(gain[1]) * dy[j]


@compiled_fused
def _turn(told: Array, x: Array, y: Array) -> None:
    """Move points through an affine map."""
    a, b, c = _F(told[0]), _F(told[1]), _F(told[2])
    d, e, f = _F(told[3]), _F(told[4]), _F(told[5])
    for j in range(len(x)):
        u, v = x[j], y[j]
        x[j] = a * u + (b * v + c)
        y[j] = d * u + (e * v + f)


@compiled_fused
def _tilt(told: Array, x: Array, y: Array) -> None:
    """Move points through a projective map."""
    a, b, c, d, e, f = told[0], told[1], told[2], told[3], told[4], told[5]
    g, h, k = told[6], told[7], told[8]
    for j in range(len(x)):
        u, v = x[j], y[j]
        depth = g * u + h * v + k
        s, t = _F((a * u + b * v + c) / depth), _F((d * u + e * v + f) / depth)
        # At a horizon points are infinite, or none.
        x[j], y[j] = s if abs(s) < np.inf else _FAR, t if abs(t) < np.inf else _FAR


@compiled_fused
def _seek(
    told: Array,
    shape: tuple[int, int, int],
    x: Array,
    y: Array,
    rows: Array,
    columns: Array,
    across: Array,
    down: Array,
) -> None:
    """Write in which cell of a grid each point lies, and how far in it.

    A loop of its own: it goes in vectors, which the one that waits for the memory cannot.
    """
    first_x, first_y, per_x, per_y = _F(told[0]), _F(told[1]), _F(told[2]), _F(told[3])
    zero, last_x, last_y = _F(0), _F(shape[1] - 1), _F(shape[0] - 1)
    most_x, most_y = _F(shape[1] - 2), _F(shape[0] - 2)
    for j in range(len(x)):
        u, v = (x[j] - first_x) * per_x, (y[j] - first_y) * per_y
        u, v = u if u > zero else zero, v if v > zero else zero  # NaN becomes zero
        u, v = u if u < last_x else last_x, v if v < last_y else last_y
        column, row = np.int32(u if u < most_x else most_x), np.int32(v if v < most_y else most_y)
        rows[j], columns[j] = row, column
        across[j], down[j] = u - _F(column), v - _F(row)


@compiled_fused
def _look_up(
    grid: Array,
    rows: Array,
    columns: Array,
    across: Array,
    down: Array,
    dx: Array,
    dy: Array,
) -> None:
    """Write the displacements that stand at places in the cells of a grid."""
    for j in range(len(rows)):
        r, c, u, v = _U(rows[j]), _U(columns[j]), across[j], down[j]
        low, right = r + _U(1), c + _U(1)
        up_x = grid[r, c, _X] + u * (grid[r, right, _X] - grid[r, c, _X])
        up_y = grid[r, c, _Y] + u * (grid[r, right, _Y] - grid[r, c, _Y])
        low_x = grid[low, c, _X] + u * (grid[low, right, _X] - grid[low, c, _X])
        low_y = grid[low, c, _Y] + u * (grid[low, right, _Y] - grid[low, c, _Y])
        dx[j] = up_x + v * (low_x - up_x)
        dy[j] = up_y + v * (low_y - up_y)


@compiled_fused
def _mark(width: float, height: float, x: Array, y: Array, out: Array) -> bool:
    """Note which points lie outside a frame; return whether any does."""
    left, right, bottom = -_TOLERANCE, _F(width) + _TOLERANCE, _F(height) + _TOLERANCE
    some = False
    for j in range(len(x)):
        u, v = x[j], y[j]
        outside = not ((left <= u) & (u <= right) & (left <= v) & (v <= bottom))  # NaN is outside
        out[j] |= outside
        some |= outside
    return some


@compiled_fused
def _fold(size: float, by: float, mode: int, x: Array) -> None:
    """Bring what lies outside an axis by more than so many px back, as a fill mode says."""
    for j in range(len(x)):
        u = np.float64(x[j])
        if not -by <= u <= size + by:
            x[j] = _F(_folded(u if abs(u) < np.inf else 0.5, size, mode))  # OpenCV needs a point


@compiled_fused
def _folded(u: float, size: float, mode: int) -> float:
    """Return the point of an axis that shows what a fill mode shows at a point."""
    if mode == EDGE:
        return min(max(u, 0.5), size - 0.5)
    if mode == WRAP:
        return u % size
    if mode == SYMMETRIC:
        u = u % (2 * size)
        return min(u, 2 * size - u)
    period = max(2 * size - 2, 1.0)  # "reflect" mirrors at the border pixels' centres
    u = (u - 0.5) % period
    return min(u, period - u) + 0.5

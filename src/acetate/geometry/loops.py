"""The compiled loops of coordinates: follow points through maps and frames, enlarge splines."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused
from acetate.geometry.stages import AFFINE, BEND, EDGE, LOSE, MARK, PROJECTIVE, SYMMETRIC, WRAP

Pair = tuple[float, float]
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
                m = int(told[2])
                crossed[m] |= _mark(told[0], told[1], x, y, marks[m, i])
                if some_lost:  # what a later hop lost stays lost
                    for j in range(width):
                        marks[m, i, j] &= not lost[j]
            elif kind == LOSE:
                some_lost |= _mark(told[0], told[1], x, y, lost)
            else:
                _fold(told[0], told[2], told[3], x)
                _fold(told[1], told[2], told[3], y)
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
        x[j] = _F((a * u + b * v + c) / depth)
        y[j] = _F((d * u + e * v + f) / depth)


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
        outside = (u < left) | (u > right) | (v < left) | (v > bottom)
        out[j] |= outside
        some |= outside
    return some


@compiled_fused
def _fold(size: float, by: float, mode: int, x: Array) -> None:
    """Bring what lies outside an axis by more than so many px back, as a fill mode says."""
    for j in range(len(x)):
        u = np.float64(x[j])
        if not -by <= u <= size + by:
            x[j] = _F(_folded(u, size, mode))


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


@compiled_fused
def smooth(noise: Array, taps: Array, gain: float, out: Array) -> None:
    """Filter pairs of whole numbers along both axes by the same symmetric taps.

    Parameters
    ----------
    noise : numpy.ndarray
        int16 ``(h + 2 r, w + 2 r, 2)``, contiguous.
    taps : numpy.ndarray
        float32 ``(r + 1,)``: of the middle, and of each distance from it.
    gain : float
        What the result is multiplied by.
    out : numpy.ndarray
        float32 ``(h, w, 2)``, contiguous.
    """
    # All rows as one, which is much faster than short ones: what runs over their ends is left out.
    pitch, source = 2 * noise.shape[1], noise.reshape(-1)
    wide = np.empty(len(source), np.float32)
    for j in range(len(source)):
        wide[j] = _F(source[j])
    along = _filtered(wide, taps, 2)
    across = _filtered(along, taps, pitch)
    for i in range(out.shape[0]):
        line, first = out[i].reshape(-1), i * pitch
        row = across[first : first + len(line)]
        for j in range(len(line)):
            line[j] = _F(gain) * row[j]


@compiled_fused
def _filtered(values: Array, taps: Array, step: int) -> Array:
    """Return the symmetric filter of values whose neighbours lie some places apart."""
    r = len(taps) - 1
    count = len(values) - 2 * r * step
    middle, weight, out = values[r * step :], taps[0], np.empty(count, np.float32)
    for j in range(count):
        out[j] = weight * middle[j]
    for k in range(1, r + 1):
        before, after, weight = values[(r - k) * step :], values[(r + k) * step :], taps[k]
        for j in range(count):
            out[j] += weight * (before[j] + after[j])
    return out


@compiled_fused
def enlarge(nodes: Array, weights: Array, top: int, left: int, out: Array) -> None:
    """Write the spline of a lattice of nodes at places between them.

    Parameters
    ----------
    nodes : numpy.ndarray
        float32 ``(rows, columns, 2)``, contiguous: the spline's coefficients.
    weights : numpy.ndarray
        float32 ``(n, 4)``: what the node before a place, the last one up to it and the two
        after count, for each of the n places from one node to the next.
    top, left : int
        The first place along each axis, counted from node (0, 0).
    out : numpy.ndarray
        float32 ``(h, w, 2)``, contiguous.
    """
    step, (height, width) = weights.shape[0], out.shape[:2]
    # Four rows of nodes, spread along x, hold all that a row of places needs.
    spread = np.empty((4, 2 * width), np.float32)
    ready = top // step - 1
    for i in range(height):
        row, phase = (top + i) // step, (top + i) % step
        while ready < row + 3:
            _enlarge_row(nodes[ready].reshape(-1), weights, left, spread[ready % 4])
            ready += 1
        a, b = spread[(row - 1) % 4], spread[row % 4]
        c, d = spread[(row + 1) % 4], spread[(row + 2) % 4]
        e, f, g, h = weights[phase, 0], weights[phase, 1], weights[phase, 2], weights[phase, 3]
        line = out[i].reshape(-1)
        for j in range(2 * width):
            line[j] = e * a[j] + f * b[j] + g * c[j] + h * d[j]


@compiled_fused
def _enlarge_row(nodes: Array, weights: Array, left: int, out: Array) -> None:
    """Write the spline of a row of nodes ``x, y, x, y, ...`` at places along it."""
    step, width = weights.shape[0], len(out) // 2
    j, phase, n = 0, left % step, 2 * (left // step - 1)
    while j < width:
        a, b, c, d = _U(n), _U(n + 2), _U(n + 4), _U(n + 6)
        a_x, b_x, c_x, d_x = nodes[a], nodes[b], nodes[c], nodes[d]
        a_y, b_y, c_y, d_y = nodes[a + _Y], nodes[b + _Y], nodes[c + _Y], nodes[d + _Y]
        count = min(step - phase, width - j)
        for k in range(count):
            p, x = _U(phase + k), _U(2 * (j + k))
            e, f, g, h = weights[p, _U(0)], weights[p, _U(1)], weights[p, _U(2)], weights[p, _U(3)]
            out[x] = e * a_x + f * b_x + g * c_x + h * d_x
            out[x + _Y] = e * a_y + f * b_y + g * c_y + h * d_y
        j, phase, n = j + count, 0, n + 2

"""The compiled loops of splines: smooth noise into nodes, and enlarge nodes to pixels."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused

_F = np.float32
_U = np.uint64  # an index that is never negative: spares the question if it counts from the end
_Y = _U(1)


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

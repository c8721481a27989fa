"""The compiled loops of the feature bank: one pass a scale, from blurred rows to derived rows."""

import numpy as np
from numba import njit

from acetate.arrays import Array

# The arithmetic may use multiply-add and no signed zeros; it keeps its order, so bytes repeat.
compiled = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})

_HALF, _QUARTER, _ZERO = np.float32(0.5), np.float32(0.25), np.float32(0)
_SOBEL = np.float32(0.25)
# Rows of a stencil, and how far it reaches.
ROWS, REACH = 5, 2


@compiled
def blur_across(row: Array, weights: Array, out: Array) -> None:
    """Write the symmetric filter of a row; ``row`` is longer than ``out`` by a radius each side."""
    radius, n = len(weights) - 1, len(out)
    centre = row[radius : radius + n]
    w = weights[0]
    for x in range(n):
        out[x] = w * centre[x]
    j = 1
    while j + 1 <= radius:
        # Two pairs of taps at a time: half the loads and stores of the sum.
        w, v = weights[j], weights[j + 1]
        a, b = row[radius - j : radius - j + n], row[radius + j : radius + j + n]
        c, d = row[radius - j - 1 : radius - j - 1 + n], row[radius + j + 1 : radius + j + 1 + n]
        for x in range(n):
            out[x] += w * (a[x] + b[x]) + v * (c[x] + d[x])
        j += 2
    if j <= radius:
        w = weights[j]
        a, b = row[radius - j : radius - j + n], row[radius + j : radius + j + n]
        for x in range(n):
            out[x] += w * (a[x] + b[x])


@compiled
def blur_down(source: Array, y: int, left: int, weights: Array, out: Array) -> None:
    """Write row ``y`` of the symmetric filter along columns, from column ``left``, into ``out``."""
    radius, n, last = len(weights) - 1, len(out), len(source) - 1
    right = left + n
    centre = source[y, left:right]
    w = weights[0]
    for x in range(n):
        out[x] = w * centre[x]
    j = 1
    while j + 1 <= radius:
        w, v = weights[j], weights[j + 1]
        a, b = source[max(y - j, 0), left:right], source[min(y + j, last), left:right]
        c, d = source[max(y - j - 1, 0), left:right], source[min(y + j + 1, last), left:right]
        for x in range(n):
            out[x] += w * (a[x] + b[x]) + v * (c[x] + d[x])
        j += 2
    if j <= radius:
        w = weights[j]
        a, b = source[max(y - j, 0), left:right], source[min(y + j, last), left:right]
        for x in range(n):
            out[x] += w * (a[x] + b[x])


@compiled
def blur(source: Array, weights: Array, out: Array) -> None:
    """Filter a plane with symmetric weights along both axes; beyond its edge the edge goes on."""
    radius = len(weights) - 1
    height, width = source.shape
    row = np.empty(width + 2 * radius, np.float32)
    for y in range(height):
        blur_down(source, y, 0, weights, row[radius : radius + width])
        row[:radius] = row[radius]
        row[radius + width :] = row[radius + width - 1]
        blur_across(row, weights, out[y])


@compiled
def halve(source: Array, out: Array) -> None:
    """Reduce a plane by two: binomial weights 1 5 10 10 5 1, between the pixels 2i and 2i + 1."""
    height, width = source.shape
    one, five, ten = np.float32(1 / 32), np.float32(5 / 32), np.float32(10 / 32)
    row = np.empty(width + 6, np.float32)
    for y in range(height // 2):
        a, b = source[max(2 * y - 2, 0)], source[max(2 * y - 1, 0)]
        c, d = source[2 * y], source[2 * y + 1]
        e, f = source[min(2 * y + 2, height - 1)], source[min(2 * y + 3, height - 1)]
        middle = row[2 : 2 + width]
        for x in range(width):
            middle[x] = one * (a[x] + f[x]) + five * (b[x] + e[x]) + ten * (c[x] + d[x])
        row[:2] = row[2]
        row[width + 2 :] = row[width + 1]
        target = out[y]
        for x in range(width // 2):
            target[x] = (
                one * (row[2 * x] + row[2 * x + 5])
                + five * (row[2 * x + 1] + row[2 * x + 4])
                + ten * (row[2 * x + 2] + row[2 * x + 3])
            )


@compiled
def widen(source: Array, factor: int, left: int, taps: Array, out: Array) -> None:
    """Interpolate columns: ``out`` begins at column ``left`` of the plane ``factor`` times wide.

    ``taps`` is ``(factor, 4)``: the cubic B-spline at each of the places between two columns.
    """
    last = source.shape[1] - 1
    half = factor // 2
    for y in range(len(source)):
        row, target = source[y], out[y]
        for x in range(len(target)):
            place = left + x + half
            base, phase = place // factor - 2, place % factor
            target[x] = (
                taps[phase, 0] * row[max(base, 0)]
                + taps[phase, 1] * row[min(max(base + 1, 0), last)]
                + taps[phase, 2] * row[min(max(base + 2, 0), last)]
                + taps[phase, 3] * row[min(base + 3, last)]
            )


@compiled
def heighten(source: Array, factor: int, y: int, taps: Array, out: Array) -> None:
    """Interpolate row ``y`` of the plane ``factor`` times as high, as `widen` does columns."""
    place = y + factor // 2
    base, phase = place // factor - 2, place % factor
    last = len(source) - 1
    a, b = source[max(base, 0)], source[min(max(base + 1, 0), last)]
    c, d = source[min(max(base + 2, 0), last)], source[min(base + 3, last)]
    p, q, r, s = taps[phase, 0], taps[phase, 1], taps[phase, 2], taps[phase, 3]
    for x in range(len(out)):
        out[x] = p * a[x] + q * b[x] + r * c[x] + s * d[x]


@compiled
def enlarge(wide: Array, factor: int, top: int, taps: Array, out: Array) -> None:
    """Write all rows of an interpolated plane, from row ``top``; `widen` has been there before."""
    for y in range(len(out)):
        heighten(wide, factor, top + y, taps, out[y])


@compiled
def derive(
    rows: Array, y: int, blurred: Array, previous: Array, slots: Array, planes: Array
) -> None:
    """Write row ``y`` of the features of one scale from the five blurred rows around it.

    ``rows`` is ``(5, W + 4)``, row ``y + k - 2`` at ``(y + k) % 5``. ``blurred`` takes the
    Gaussian. ``slots`` says which plane takes its difference from ``previous``, the Laplacian, the
    gradient's magnitude, and the larger and smaller eigenvalue of the Hessian; -1 for none.
    """
    n = blurred.shape[1]
    g0, g1, g2 = rows[y % ROWS], rows[(y + 1) % ROWS], rows[(y + 2) % ROWS]
    g3, g4 = rows[(y + 3) % ROWS], rows[(y + 4) % ROWS]
    dog, laplacian, gradient, largest, smallest = slots
    middle = g2[REACH : REACH + n]
    blurred[y] = middle
    if dog >= 0:
        planes[dog, y] = middle - previous[y]
    if laplacian >= 0:
        out = planes[laplacian, y]
        for x in range(n):
            around = g0[x + 2] + g4[x + 2] + g2[x] + g2[x + 4]
            out[x] = _QUARTER * around - g2[x + 2]
    if gradient >= 0:
        out = planes[gradient, y]
        for x in range(n):
            diagonal, other = g3[x + 3] - g1[x + 1], g3[x + 1] - g1[x + 3]
            down = diagonal + other + (g3[x + 2] - g1[x + 2]) * np.float32(2)
            across = diagonal - other + (g2[x + 3] - g2[x + 1]) * np.float32(2)
            out[x] = _SOBEL * np.sqrt(_HALF * (down * down + across * across))
    if largest >= 0:
        high, low = planes[largest, y], planes[smallest, y]
        for x in range(n):
            twice = g2[x + 2] + g2[x + 2]
            xx = _QUARTER * (g2[x] + g2[x + 4] - twice)
            yy = _QUARTER * (g0[x + 2] + g4[x + 2] - twice)
            xy = _QUARTER * (g3[x + 3] + g1[x + 1] - g3[x + 1] - g1[x + 3])
            mean, half = _HALF * (xx + yy), _HALF * (xx - yy)
            spread = np.sqrt(half * half + xy * xy)
            high[x] = mean + spread
            low[x] = mean - spread


@compiled
def blur_and_derive(
    source: Array,
    top: int,
    left: int,
    weights: Array,
    blurred: Array,
    previous: Array,
    slots: Array,
    planes: Array,
) -> None:
    """Blur a window of a plane and write its features, row by row, in one pass.

    The window begins at ``(top, left)`` of ``source``, which reaches further on every side by the
    radius of the weights and two.
    """
    height, width = blurred.shape
    radius = len(weights) - 1
    row = np.empty(width + 2 * (REACH + radius), np.float32)
    rows = np.empty((ROWS, width + 2 * REACH), np.float32)
    for k in range(height + 2 * REACH):
        blur_down(source, top + k - REACH, left - REACH - radius, weights, row)
        blur_across(row, weights, rows[k % ROWS])
        if k >= 2 * REACH:
            derive(rows, k - 2 * REACH, blurred, previous, slots, planes)


@compiled
def enlarge_and_derive(
    wide: Array,
    factor: int,
    top: int,
    taps: Array,
    blurred: Array,
    previous: Array,
    slots: Array,
    planes: Array,
) -> None:
    """Interpolate the rows of a reduced plane and write the features, row by row, in one pass."""
    height, width = blurred.shape
    rows = np.empty((ROWS, width + 2 * REACH), np.float32)
    for k in range(height + 2 * REACH):
        heighten(wide, factor, top + k - REACH, taps, rows[k % ROWS])
        if k >= 2 * REACH:
            derive(rows, k - 2 * REACH, blurred, previous, slots, planes)

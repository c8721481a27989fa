"""The compiled loops of the feature bank: blur, halve, enlarge, and derive from blurred rows."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused

_HALF, _QUARTER, _ZERO = np.float32(0.5), np.float32(0.25), np.float32(0)
_SOBEL = np.float32(0.25)
# How far the stencils of `derive` reach.
REACH = 2


@compiled_fused
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


@compiled_fused
def blur_down(source: Array, y: int, left: int, weights: Array, out: Array) -> None:
    """Write row ``y`` of the symmetric filter along columns, from column ``left``, into ``out``."""
    radius, n = len(weights) - 1, len(out)
    right = left + n
    centre = source[y, left:right]
    w = weights[0]
    for x in range(n):
        out[x] = w * centre[x]
    j = 1
    while j + 1 <= radius:
        w, v = weights[j], weights[j + 1]
        a, b = source[y - j, left:right], source[y + j, left:right]
        c, d = source[y - j - 1, left:right], source[y + j + 1, left:right]
        for x in range(n):
            out[x] += w * (a[x] + b[x]) + v * (c[x] + d[x])
        j += 2
    if j <= radius:
        w = weights[j]
        a, b = source[y - j, left:right], source[y + j, left:right]
        for x in range(n):
            out[x] += w * (a[x] + b[x])


@compiled_fused
def blur(source: Array, top: int, left: int, weights: Array, out: Array) -> None:
    """Filter a window of a plane with symmetric weights along both axes.

    The window begins at ``(top, left)`` of ``source``, which reaches further on every side by the
    radius of the weights.
    """
    height, width = out.shape
    radius = len(weights) - 1
    row = np.empty(width + 2 * radius, np.float32)
    for y in range(height):
        blur_down(source, top + y, left - radius, weights, row)
        blur_across(row, weights, out[y])


@compiled_fused
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


@compiled_fused
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


@compiled_fused
def enlarge(wide: Array, factor: int, top: int, taps: Array, out: Array) -> None:
    """Interpolate rows from row ``top`` of the plane ``factor`` times as high, as `widen` columns.

    `widen` has been there before.
    """
    last = len(wide) - 1
    for y in range(len(out)):
        place, row = top + y + factor // 2, out[y]
        base, phase = place // factor - 2, place % factor
        a, b = wide[max(base, 0)], wide[min(max(base + 1, 0), last)]
        c, d = wide[min(max(base + 2, 0), last)], wide[min(base + 3, last)]
        p, q, r, s = taps[phase, 0], taps[phase, 1], taps[phase, 2], taps[phase, 3]
        for x in range(len(row)):
            row[x] = p * a[x] + q * b[x] + r * c[x] + s * d[x]


@compiled_fused
def derive(
    strip: Array, top: int, blurred: Array, previous: Array, slots: Array, planes: Array
) -> None:
    """Write the features of one scale, from row ``top`` on, from a strip of the blurred plane.

    ``strip`` is larger than the rows that are written by two on every side. ``blurred`` takes the
    Gaussian. ``slots`` says which plane takes its difference from ``previous``, the Laplacian, the
    gradient's magnitude, and the larger and smaller eigenvalue of the Hessian; -1 for none.
    """
    n = blurred.shape[1]
    dog, laplacian, gradient, largest, smallest = slots
    for k in range(len(strip) - 2 * REACH):
        y = top + k
        g0, g1, g2, g3, g4 = strip[k], strip[k + 1], strip[k + 2], strip[k + 3], strip[k + 4]
        here = blurred[y]
        for x in range(n):
            here[x] = g2[x + REACH]
        if dog >= 0:
            out, before = planes[dog, y], previous[y]
            for x in range(n):
                out[x] = here[x] - before[x]
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

"""The compiled loops that weigh the nine pixels around each pixel."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused

_F = np.float32
_BLACK, _WHITE, _HALF = np.int32(0), np.int32(255), _F(0.5)


@compiled_fused
def weigh_nine(image: Array, weights: Array, channels: int, out: Array) -> None:
    """Write the weighted sum of the 3 × 3 pixels around each, rounded and cut off at 0 and 255.

    Beyond the border the picture goes on as its mirror image, its outermost pixels not doubled.

    Parameters
    ----------
    image, out : numpy.ndarray
        uint8 ``(H, W * channels)``, contiguous.
    weights : numpy.ndarray
        float32 ``(9,)``, row by row.
    channels : int
        Values of a pixel.
    """
    height, width = image.shape
    lines = np.empty((3, width + 2 * channels), np.float32)
    for i in range(min(2, height)):
        _widen(image[i], channels, lines[i])
    a, b, c, d, e = weights[0], weights[1], weights[2], weights[3], weights[4]
    f, g, h, k = weights[5], weights[6], weights[7], weights[8]
    for i in range(height):
        if 0 < i < height - 1:
            _widen(image[i + 1], channels, lines[(i + 1) % 3])
        before, after = _beside(i, height)
        above, here, below = lines[before % 3], lines[i % 3], lines[after % 3]
        # A line of its own for each shift: so the compiler sees that no index is negative.
        p, q, r = above[:width], above[channels:], above[2 * channels :]
        s, t, u = here[:width], here[channels:], here[2 * channels :]
        v, w, x = below[:width], below[channels:], below[2 * channels :]
        line = out[i]
        for j in range(width):
            total = a * p[j] + b * q[j] + c * r[j] + d * s[j] + e * t[j] + f * u[j]
            line[j] = _byte(total + (g * v[j] + h * w[j] + k * x[j]))


@compiled_fused
def weigh_ring(image: Array, outer: float, middle: float, channels: int, out: Array) -> None:
    """Do what `weigh_nine` does, in half its time, if all but the middle weigh the same.

    Parameters
    ----------
    image, channels, out
        See `weigh_nine`.
    outer, middle : float
        The weights.
    """
    height, width = image.shape
    ring, rest = _F(outer), _F(middle - outer)
    sums = np.empty(width + 2 * channels, np.float32)  # of the three pixels above each other
    left, inner, right = sums[:width], sums[channels : channels + width], sums[2 * channels :]
    for i in range(height):
        before, after = _beside(i, height)
        above, here, below, line = image[before], image[i], image[after], out[i]
        for j in range(width):
            column = np.int16(np.int16(above[j]) + np.int16(here[j]) + np.int16(below[j]))
            inner[j] = ring * _F(column)
        _mirror(channels, sums)
        for j in range(width):
            line[j] = _byte(left[j] + inner[j] + right[j] + rest * _F(here[j]))


@compiled_fused
def _beside(i: int, count: int) -> tuple[int, int]:
    """Return the rows before and after one, mirrored at the first and the last."""
    before = i - 1 if i else min(1, count - 1)
    return before, i + 1 if i < count - 1 else max(0, count - 2)


@compiled_fused
def _byte(value: float) -> int:
    """Return a float32 rounded and cut off at 0 and 255."""
    whole = np.int32(value + _HALF)
    whole = whole if whole > _BLACK else _BLACK
    return np.uint8(whole if whole < _WHITE else _WHITE)  # type: ignore[return-value]


@compiled_fused
def _widen(line: Array, channels: int, out: Array) -> None:
    """Copy a row of pixels, with the mirror image of one more pixel at each end."""
    inner = out[channels : channels + len(line)]
    for j in range(len(line)):
        inner[j] = _F(line[j])
    _mirror(channels, out)


@compiled_fused
def _mirror(channels: int, line: Array) -> None:
    """Continue a row by one pixel at each end, as its mirror image."""
    width = len(line) - 2 * channels
    second = channels if width > channels else 0
    for k in range(channels):
        line[k] = line[channels + second + k]
        line[channels + width + k] = line[width - second + k]

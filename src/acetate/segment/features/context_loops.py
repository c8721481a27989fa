"""The compiled loops of what surrounds a pixel: gradient products, rings, lines, histogram bins."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused

_HALF, _ONE, _ZERO = np.float32(0.5), np.float32(1), np.float32(0)


@compiled_fused
def gradient_products(source: Array, out: Array) -> None:
    """Write gx gx, gx gy and gy gy, ``(3, h, w)``, of a plane that is larger by 1 on each side."""
    height, width = out.shape[1:]
    for y in range(height):
        above, here, below = source[y], source[y + 1], source[y + 2]
        xx, xy, yy = out[0, y], out[1, y], out[2, y]
        for x in range(width):
            across = _HALF * (here[x + 2] - here[x])
            down = _HALF * (below[x + 1] - above[x + 1])
            xx[x] = across * across
            xy[x] = across * down
            yy[x] = down * down


@compiled_fused
def eigenvalues(matrices: Array, scale: np.float32, out: Array) -> None:
    """Write the larger and the smaller eigenvalue of matrices ``(xx, xy, yy)``, times ``scale``."""
    height, width = out.shape[1:]
    for y in range(height):
        xx, xy, yy = matrices[0, y], matrices[1, y], matrices[2, y]
        high, low = out[0, y], out[1, y]
        for x in range(width):
            mean, half = _HALF * (xx[x] + yy[x]), _HALF * (xx[x] - yy[x])
            spread = np.sqrt(half * half + xy[x] * xy[x])
            high[x] = scale * (mean + spread)
            low[x] = scale * (mean - spread)


@compiled_fused
def spreads(squares: Array, means: Array, centre: np.float32, out: Array) -> None:
    """Write the root of mean squares less squared means, both counted from ``centre``."""
    for y in range(len(out)):
        above, mean, target = squares[y], means[y], out[y]
        for x in range(len(target)):
            from_centre = mean[x] - centre
            target[x] = np.sqrt(max(above[x] - from_centre * from_centre, _ZERO))


@compiled_fused
def grouped_statistics(source: Array, offsets: Array, reach: int, out: Array) -> None:
    """Write mean, deviation, least and largest over groups of the mean of each group's places.

    ``offsets`` is ``(groups, places, 2)``, (down, right), none beyond ``reach``; ``source`` is
    larger than a plane of ``out`` ``(4, h, w)`` by ``reach`` on each side.
    """
    groups, places = offsets.shape[:2]
    height, width = out.shape[1:]
    total = np.empty(width, np.float32)
    share, part = _ONE / np.float32(places), _ONE / np.float32(groups)
    for y in range(height):
        mean, spread, least, most = out[0, y], out[1, y], out[2, y], out[3, y]
        centre = source[y + reach, reach : reach + width]
        mean[:] = _ZERO
        spread[:] = _ZERO
        for g in range(groups):
            total[:] = _ZERO
            for p in range(places):
                left = reach + offsets[g, p, 1]
                row = source[y + reach + offsets[g, p, 0], left : left + width]
                for x in range(width):
                    total[x] += row[x]
            for x in range(width):
                value = share * total[x]
                # Squares are counted from the pixel itself, so that flat pictures stay exact.
                beyond = value - centre[x]
                mean[x] += beyond
                spread[x] += beyond * beyond
                least[x] = value if g == 0 else min(least[x], value)
                most[x] = value if g == 0 else max(most[x], value)
        for x in range(width):
            average = part * mean[x]
            spread[x] = np.sqrt(max(part * spread[x] - average * average, _ZERO))
            mean[x] = centre[x] + average


@compiled_fused
def membership(
    source: Array, low: np.float32, step: np.float32, number: int, last: int, out: Array
) -> None:
    """Write how far values belong to bin ``number``: 1 at its centre, 0 at its neighbours'."""
    centre, most, each = np.float32(number), np.float32(last), _ONE / step
    for y in range(len(source)):
        row, target = source[y], out[y]
        for x in range(len(row)):
            place = min(max((row[x] - low) * each, _ZERO), most)
            target[x] = max(_ONE - abs(place - centre), _ZERO)


@compiled_fused
def squared(source: Array, centre: np.float32, out: Array) -> None:
    """Write the squares of a plane, counted from ``centre``."""
    for y in range(len(source)):
        row, target = source[y], out[y]
        for x in range(len(row)):
            target[x] = (row[x] - centre) * (row[x] - centre)

"""The compiled sums of regions: run by run, since neighbours mostly lie in one region."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled


@compiled
def region_sums(picture: Array, labels: Array, count: int) -> tuple[Array, Array]:
    """Return how many pixels each region has, ``(count,)``, and its sums, ``(count, C)``."""
    rows, columns, channels = picture.shape
    pixels = np.zeros(count, np.int64)
    sums = np.zeros((count, channels), np.float64)
    for y in range(rows):
        x = 0
        while x < columns:
            region, start = labels[y, x], x
            while x < columns and labels[y, x] == region:
                x += 1
            pixels[region] += x - start
            for c in range(channels):
                total = 0.0
                for i in range(start, x):
                    total += picture[y, i, c]
                sums[region, c] += total
    return pixels, sums

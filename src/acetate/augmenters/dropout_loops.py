"""The compiled loops that drop pixels and cells of pictures."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled


@compiled
def drop_colors(image: Array, noise: Array, least: int, out: Array) -> None:
    """Copy pixels of three bytes; where the noise is below `least`, write 0.

    Parameters
    ----------
    image, out : numpy.ndarray
        uint8 ``(3 n,)``, contiguous.
    noise : numpy.ndarray
        uint16 ``(n,)``, contiguous.
    """
    for j in range(len(noise)):
        kept = np.uint8(noise[j] >= least)
        out[3 * j] = image[3 * j] * kept
        out[3 * j + 1] = image[3 * j + 1] * kept
        out[3 * j + 2] = image[3 * j + 2] * kept


@compiled
def keep_by_lines(image: Array, lines: Array, out: Array) -> None:
    """Multiply each row of a picture by a line of zeros and ones.

    Parameters
    ----------
    image, out : numpy.ndarray
        ``(h, n)``, both of one dtype, contiguous.
    lines : numpy.ndarray
        uint8 ``(rows, n)``, contiguous: line k is for the rows i with ``i * rows // h == k``.
    """
    height = len(image)
    for i in range(height):
        row, line, kept = image[i], lines[i * len(lines) // height], out[i]
        for j in range(len(row)):
            kept[j] = row[j] * line[j]

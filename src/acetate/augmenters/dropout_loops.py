"""The compiled loop that drops pixels of colour pictures."""

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

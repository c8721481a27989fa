"""The hills of a landscape that rise enough above the passes to higher ones: a compiled loop."""

import numpy as np
from numpy.typing import NDArray

from acetate.compiled import compiled


@compiled
def _root(parents: NDArray[np.int64], pixel: int) -> int:  # pragma: no cover
    while parents[pixel] != pixel:
        parents[pixel] = parents[parents[pixel]]
        pixel = parents[pixel]
    return pixel


@compiled
def prominent(
    heights: NDArray[np.float64], order: NDArray[np.int64], width: int, rise: float
) -> NDArray[np.bool_]:  # pragma: no cover
    """Return the highest pixel of each hill that rises by more than `rise`.

    Land emerges from the highest pixel down. Where two hills meet, the lower one has shown how
    much it rises above that pass: its dynamics (Grimaud 1992), as `skimage.morphology.h_maxima`
    has them, but without reconstructing the landscape.

    Parameters
    ----------
    heights : numpy.ndarray
        Of all pixels, flat, with a frame of sea around.
    order : numpy.ndarray
        The pixels that are land, the highest first.
    width : int
        Of a row.
    rise : float
        From 0.
    """
    parents = np.full(heights.size, -1, np.int64)
    peaks = np.arange(heights.size)  # of each root
    kept = np.zeros(heights.size, np.bool_)
    steps = np.array([-width - 1, -width, 1 - width, -1, 1, width - 1, width, width + 1])
    for pixel in order:
        parents[pixel] = pixel
        kept[pixel] = True
        for step in steps:
            if parents[pixel + step] < 0:
                continue
            here, there = _root(parents, pixel), _root(parents, pixel + step)
            if here == there:
                continue
            if heights[peaks[here]] > heights[peaks[there]]:
                here, there = there, here
            lower = peaks[here]
            kept[lower] = heights[lower] - heights[pixel] > rise
            parents[here] = there
    return kept

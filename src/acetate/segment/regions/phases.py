"""Regions into phases: thresholds of their mean colours."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from acetate.segment.flow.split import distances, split
from acetate.segment.regions.means import Regions

Cuts = Literal["variance", "bands"]


def threshold_means(regions: Regions, phases: int, cuts: Cuts = "variance") -> NDArray[np.uint8]:
    """Return for every region the phase that its mean colour belongs to.

    Parameters
    ----------
    regions : Regions
        Such as `region_means` gives.
    phases : int
        How many, from 1 to 256; fewer are found if there are fewer colours.
    cuts : {"variance", "bands"}
        "variance": the phases with the least variance within, every region weighed by its pixels
        (Otsu's thresholds, exactly, for gray; k-means for colours). "bands": slices of equal width
        between the least and the largest mean; of colours, the mean of the channels counts. A
        mean on a limit belongs to the band above; none is lost.

    Returns
    -------
    numpy.ndarray
        ``(n,)`` uint8, from 0, dark, to bright. ``regions.spread`` makes a picture of it.

    Raises
    ------
    ValueError
        If there are to be fewer than 1 or more than 256 phases, or the cuts are none of the two.

    Examples
    --------
    >>> from acetate.segment.regions.means import region_means
    >>> regions = region_means(np.array([[0, 2, 9, 10]], np.uint8), np.array([[0, 1, 2, 3]]))
    >>> threshold_means(regions, 2), threshold_means(regions, 5, "bands")
    (array([0, 0, 1, 1], dtype=uint8), array([0, 1, 4, 4], dtype=uint8))
    """
    if not 1 <= phases <= 256:
        raise ValueError(f"phases must lie in [1, 256], got {phases}")
    if cuts not in ("variance", "bands"):
        raise ValueError(f"cuts are 'variance' or 'bands', got {cuts!r}")
    used = regions.pixels > 0
    found = np.zeros(len(regions), np.uint8)
    if cuts == "bands":
        shades = regions.means[used].mean(axis=1)
        limits = np.linspace(shades.min(), shades.max(), phases + 1)[1:-1]
        found[used] = np.digitize(shades, limits)
    else:
        weights = regions.pixels[used].astype(np.float64)
        centres = split(regions.means[used], phases, weights)
        found[used] = distances(regions.means[used], centres).argmin(axis=1)
    return found

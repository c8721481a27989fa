"""Merging of regions that are alike: neighbours by a cut of their graph, or nearest ones first."""

from typing import Literal

import numpy as np

from acetate.segment.regions.adjacency import region_adjacency
from acetate.segment.regions.means import Regions

Linkage = Literal["mean", "ward"]


def cut_regions(regions: Regions, threshold: float) -> Regions:
    """Join all neighbours whose mean colours are at most so far apart.

    Parameters
    ----------
    regions : Regions
        Such as `region_means` gives.
    threshold : float
        Distance of colours in units of the picture, at least 0.

    Returns
    -------
    Regions
        What hangs together after the cut of all other edges of the adjacency graph: along a chain
        of small steps, ends that differ much may come together.

    Raises
    ------
    ValueError
        If the threshold is negative.

    Examples
    --------
    >>> from acetate.segment.regions.means import region_means
    >>> regions = region_means(np.array([[1, 2, 9]], np.uint8), np.array([[0, 1, 2]]))
    >>> cut_regions(regions, 1.0).labels
    array([[0, 0, 1]], dtype=int32)
    """
    if not threshold >= 0:
        raise ValueError(f"threshold must be at least 0, got {threshold}")
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    one, other = region_adjacency(regions.labels).pairs.T
    apart = np.sqrt(np.sum((regions.means[one] - regions.means[other]) ** 2, axis=1))
    kept = apart <= threshold
    joined = (np.ones(int(kept.sum()), np.int8), (one[kept], other[kept]))
    graph = coo_array(joined, shape=(len(regions), len(regions)))
    return regions.joined(connected_components(graph, directed=False)[1])


def merge_regions(
    regions: Regions,
    threshold: float = np.inf,
    n_regions: int = 1,
    linkage: Linkage = "mean",
) -> Regions:
    """Join the two neighbours that are nearest in colour, and again, until one limit is reached.

    Parameters
    ----------
    regions : Regions
        Such as `region_means` gives.
    threshold : float
        Stop when all neighbours are farther apart: for "mean" in units of the picture, for "ward"
        in squares of them, times pixels.
    n_regions : int
        Stop when no more regions are left, at least 1.
    linkage : {"mean", "ward"}
        What is near: "mean", the distance of the mean colours; "ward", by how much joining adds
        to the squared distances of all pixels from their means (Ward 1963), which joins small
        regions first.

    Returns
    -------
    Regions
        Numbered by the first of the regions that each is made of. Means are those of all pixels.

    Raises
    ------
    ValueError
        If a limit is out of range or the linkage none of the two.

    Examples
    --------
    >>> from acetate.segment.regions.means import region_means
    >>> regions = region_means(np.array([[1, 2, 9]], np.uint8), np.array([[0, 1, 2]]))
    >>> merge_regions(regions, n_regions=2).means.tolist()
    [[1.5], [9.0]]
    """
    if not threshold >= 0 or n_regions < 1:
        raise ValueError(
            f"threshold must be at least 0 and n_regions at least 1, got {threshold} and "
            f"{n_regions}"
        )
    if linkage not in ("mean", "ward"):
        raise ValueError(f"linkage is 'mean' or 'ward', got {linkage!r}")
    from acetate.segment.regions.merging_loops import merge

    pairs = region_adjacency(regions.labels).pairs
    if len(pairs) == 0:
        return regions
    unused = int(np.count_nonzero(regions.pixels == 0))
    pixels, means = regions.pixels.astype(np.float64), regions.means.copy()
    names, _ = merge(pairs, pixels, means, threshold, n_regions + unused, linkage == "ward")
    return regions.joined(names)

"""What a method that works with regions returns: their phases or their numbers, and the facts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from acetate.segment.regions.means import Regions
from acetate.segment.regions.phases import Cuts, threshold_means
from acetate.segment.segmentation import Segmentation, Value

Output = Literal["phases", "regions"]


@dataclass(frozen=True)
class RegionFacts:
    """What a method that works with regions found on the way.

    Parameters
    ----------
    regions : int
        How many regions there were.
    sizes : (int, float, int)
        Pixels of the smallest, the median and the largest.
    values : tuple
        The mean colour of each phase in units of the picture, in the order of its labels; none if
        the labels number the regions.
    pixels : tuple of int
        How many each phase has.
    threshold : float or None
        The one that was used to split or merge, as a part of white; None if there was none.

    Examples
    --------
    >>> RegionFacts(2, (1, 2.0, 3), ((0.0,), (9.0,)), (1, 3), 0.1).regions
    2
    """

    regions: int
    sizes: tuple[int, float, int]
    values: tuple[Value, ...]
    pixels: tuple[int, ...]
    threshold: float | None


def labelled(
    regions: Regions,
    output: Output,
    phases: int,
    cuts: Cuts,
    bright: bool,
    threshold: float | None = None,
    start_label: int = 1,
) -> Segmentation[RegionFacts]:
    """Return the labels of a picture from its regions.

    Parameters
    ----------
    regions : Regions
        Each number used.
    output : {"phases", "regions"}
        What the labels number.
    phases, cuts : int, str
        As in `threshold_means`.
    bright : bool
        Number phases from dark to bright, not from bright to dark.
    threshold : float or None
        For the facts.
    start_label : int
        Of the first region.

    Examples
    --------
    >>> from acetate.segment.regions.means import region_means
    >>> regions = region_means(np.array([[1, 2, 9]], np.uint8), np.array([[0, 1, 2]]))
    >>> labelled(regions, "phases", 2, "variance", bright=True).labels
    array([[0, 0, 1]], dtype=uint8)
    """
    pixels = regions.pixels
    sizes = int(pixels.min()), float(np.median(pixels)), int(pixels.max())
    if output == "regions":
        facts = RegionFacts(len(regions), sizes, (), (), threshold)
        return Segmentation(regions.labels + np.int32(start_label), facts)
    chosen = threshold_means(regions, phases, cuts)
    if not bright:
        chosen = chosen.max() - chosen
    groups = regions.joined(chosen)
    values = tuple(tuple(map(float, mean)) for mean in groups.means)
    counts = tuple(map(int, groups.pixels))
    facts = RegionFacts(len(regions), sizes, values, counts, threshold)
    return Segmentation(regions.spread(chosen), facts)

"""RegionMerging: superpixels that touch and are alike become one, and the regions phases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from acetate.arrays import Array, full_scale
from acetate.options import check_options, option
from acetate.segment.prompts import refuse_prompt
from acetate.segment.regions.labelled import RegionFacts, labelled
from acetate.segment.regions.means import Regions, region_means
from acetate.segment.regions.merging import cut_regions, merge_regions
from acetate.segment.regions.superpixels import slic
from acetate.segment.segmentation import Segmentation

# So many regions are left of "ward" if nobody says how many.
_LEFT = 100


@dataclass(frozen=True)
class RegionMerging:
    """Divide a picture into superpixels, and join those that touch and are alike.

    Parameters
    ----------
    merging : {"ward", "mean", "cut"}
        "ward": first those whose union adds least to the squared distances of all pixels from
        their means, until `regions` are left. "mean": first those with the nearest means, until
        `regions` are left or all are more than `threshold` apart. "cut": all at once that are
        within `threshold`, so that small steps may add up.
    regions : int or None
        How many are to be left; None takes 100 for "ward", and goes by the threshold alone for
        "mean".
    threshold : float or None
        Distance of mean colours as a part of white ("mean" and "cut"); None takes a tenth of the
        picture's range.
    n_segments, compactness, blur : int, float, float
        Of the superpixels: see `Superpixels`.
    output : {"phases", "regions"}
        What labels number: phases, or the regions themselves.
    phases : int
        How many.
    cuts : {"variance", "bands"}
        How means become phases: the least variance within, or slices of equal width.
    bright : bool
        Number the phases from dark (0, the background) to bright; False from bright to dark.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.zeros((8, 8), np.uint8)
    >>> picture[:4, 4:] = 200
    >>> found = RegionMerging(regions=2, output="regions").segment(picture)
    >>> np.unique(found.labels, return_counts=True)[1].tolist()
    [48, 16]
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "merging": ("mean", "ward"),
        "blur": (0.0, 1.0),
    }

    merging: Literal["ward", "mean", "cut"] = option(
        "mean", "Which regions are joined first.", choices=("ward", "mean", "cut")
    )
    regions: int | None = option(None, "How many are to be left.", 1, 2**31 - 1)
    threshold: float | None = option(
        None, "Distance of means; by the picture.", 0.0, 2.0, "of white"
    )
    n_segments: int = option(1000, "About how many superpixels.", 1, 2**31 - 1)
    compactness: float | None = option(None, "Squares against edges; by channels.", 1e-6, 1e6)
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    output: Literal["phases", "regions"] = option(
        "phases", "What labels number.", choices=("phases", "regions")
    )
    phases: int = option(2, "How many phases.", 1, 256)
    cuts: Literal["variance", "bands"] = option(
        "variance", "How means become phases.", choices=("variance", "bands")
    )
    bright: bool = option(True, "Number phases from dark to bright, not from bright to dark.")

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[RegionFacts]:
        """Return the phases or regions of a picture.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
        prompt : None
            It takes none.

        Returns
        -------
        Segmentation
            ``(H, W)`` labels: phases in uint8 from 0, or regions in int32 from 1. A picture of one
            value is one phase.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "region-merging")
        labels = slic(image, self.n_segments, self.compactness, self.blur, start_label=0)
        part = self._threshold(image)
        merged = self._merged(region_means(image, labels), part * full_scale(image.dtype))
        used = None if self.merging == "ward" else part
        return labelled(merged, self.output, self.phases, self.cuts, self.bright, used)

    def _threshold(self, image: Array) -> float:
        if self.threshold is not None:
            return float(self.threshold)
        return (float(image.max()) - float(image.min())) / (10 * full_scale(image.dtype))

    def _merged(self, regions: Regions, threshold: float) -> Regions:
        if self.merging == "cut":
            return cut_regions(regions, threshold)
        if self.merging == "ward":
            return merge_regions(regions, n_regions=self.regions or _LEFT, linkage="ward")
        return merge_regions(regions, threshold, self.regions or 1)

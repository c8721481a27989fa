"""Superpixels: a picture into small regions that keep to the edges, and the regions into phases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.prompts import refuse_prompt
from acetate.segment.regions.labelled import RegionFacts, labelled
from acetate.segment.regions.means import region_means
from acetate.segment.regions.superpixels import slic
from acetate.segment.segmentation import Segmentation


@dataclass(frozen=True)
class Superpixels:
    """Divide a picture into superpixels by SLIC; their mean colours are sorted into phases.

    Parameters
    ----------
    n_segments : int
        About how many superpixels.
    compactness : float or None
        Squares against edges: see `acetate.segment.regions.slic`. None takes 0.1 for gray, 10 for
        colours.
    blur : float
        Standard deviation of a Gaussian that smooths the picture first.
    start_label : int
        The first superpixel's number; phases begin at 0.
    output : {"phases", "regions"}
        What labels number: phases, or the superpixels themselves.
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

    See Also
    --------
    acetate.segment.regions : Superpixels, their means, their graph and their outlines as arrays.
    RegionMerging : Joins superpixels that touch and are alike.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.zeros((8, 8), np.uint8)
    >>> picture[:4, 4:] = 200
    >>> found = Superpixels(n_segments=4).segment(picture)
    >>> int(found.mask.sum()), found.facts.regions, found.facts.values
    (16, 4, ((0.0,), (200.0,)))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "n_segments": (400, 2000),
        "blur": (0.0, 1.0),
    }

    n_segments: int = option(1000, "About how many superpixels.", 1, 2**31 - 1)
    compactness: float | None = option(None, "Squares against edges; by channels.", 1e-6, 1e6)
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    start_label: int = option(1, "The first superpixel's number.", 0, 1)
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
        """Return the phases or superpixels of a picture.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
        prompt : None
            It takes none.

        Returns
        -------
        Segmentation
            ``(H, W)`` labels: phases in uint8 from 0, or superpixels in int32. A picture of one
            value is one phase.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "superpixels")
        labels = slic(image, self.n_segments, self.compactness, self.blur, start_label=0)
        regions = region_means(image, labels)
        return labelled(
            regions,
            self.output,
            self.phases,
            self.cuts,
            self.bright,
            start_label=self.start_label,
        )

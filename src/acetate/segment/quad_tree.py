"""QuadTree: a picture into squares that are alike inside, and the squares into phases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.prompts import refuse_prompt
from acetate.segment.regions.labelled import RegionFacts, labelled
from acetate.segment.regions.means import region_means
from acetate.segment.regions.quad_split import quad_split
from acetate.segment.segmentation import Segmentation


@dataclass(frozen=True)
class QuadTree:
    """Divide a picture into squares, each split into four while it is uneven inside.

    Parameters
    ----------
    threshold : float or None
        A square is split if it has more of the metric in any channel; a part of white. None takes
        a quarter of the whole picture's.
    metric : {"std", "range"}
        The standard deviation, or the largest value minus the least, which a single pixel of noise
        can raise.
    minimum : int
        The least side of a square.
    output : {"phases", "regions"}
        What labels number: phases of squares with like means, or the squares themselves.
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
    acetate.segment.regions.quad_split : The squares as an array, and drawn.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.zeros((8, 8), np.uint8)
    >>> picture[:4, 4:] = 200
    >>> found = QuadTree().segment(picture)
    >>> int(found.mask.sum()), found.facts.regions, found.facts.values
    (16, 4, ((0.0,), (200.0,)))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "metric": ("std", "range"),
        "minimum": (1, 4),
    }

    threshold: float | None = option(None, "Split above it; by the picture.", 0.0, 1.0, "of white")
    metric: Literal["std", "range"] = option(
        "std", "What is compared with it.", choices=("std", "range")
    )
    minimum: int = option(1, "The least side of a square.", 1, 2**31, "px")
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
        """Return the phases or squares of a picture.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
        prompt : None
            It takes none.

        Returns
        -------
        Segmentation
            ``(H, W)`` labels: phases in uint8 from 0, or squares in int32 from 1 in the order of
            the tree. A picture of one value is one phase.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "quad-tree")
        leaves = quad_split(image, self.threshold, self.metric, self.minimum)
        regions = region_means(image, leaves.labels)
        return labelled(regions, self.output, self.phases, self.cuts, self.bright, leaves.threshold)

"""Bands: several classes by a list of thresholds, or by equal parts of the range."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.gray import check_thresholds, gray_values
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.method import ThresholdFacts, divided


@dataclass(frozen=True)
class Bands:
    """Divide a picture into bands of value, at given thresholds or into equal ones.

    Every pixel gets a band: on a threshold it belongs to the one below, at the least and the
    largest value to the first and the last.

    Parameters
    ----------
    thresholds : tuple of float
        In units of the picture (0 to 255 for uint8), ascending. An empty tuple makes `phases` equal
        bands from the least to the largest value.
    phases : int
        How many bands there are without thresholds, from 2 to 256.
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    bright : bool
        Number the bands from dark (0, the background) to bright; False from bright to dark.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range, or thresholds are not ascending.

    Examples
    --------
    >>> picture = np.array([[5, 70, 71, 110, 200]], np.uint8)
    >>> Bands(thresholds=(70.0, 110.0)).segment(picture).labels
    array([[0, 0, 1, 1, 2]], dtype=uint8)
    >>> Bands(phases=3).segment(picture).facts.thresholds
    (70.0, 135.0)
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "phases": (2, 3, 4, 8),
        "blur": (0.0, 1.5),
    }

    thresholds: tuple[float, ...] = option(
        (), "Where bands end; none: equal bands.", 0.0, 65_535.0, "of the picture"
    )
    phases: int = option(2, "How many equal bands.", 2, 256)
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    bright: bool = option(True, "Number bands from dark to bright, not from bright to dark.")

    def __post_init__(self) -> None:
        check_options(self)
        check_thresholds(self.thresholds)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[ThresholdFacts]:
        """Return the band of every pixel.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``, whose mean over the channels counts; uint8, uint16, or
            float32/float64 in [0, 1].
        prompt : None
            It takes none.

        Returns
        -------
        Segmentation
            Labels from 0 to the number of thresholds; bands may be empty. A picture of a single
            value is all background.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "bands")
        gray = gray_values(image, self.blur)
        thresholds = tuple(float(t) for t in self.thresholds)
        return divided(gray, thresholds or self._equal(gray), self.bright)

    def _equal(self, gray: Array) -> tuple[float, ...]:
        edges = np.linspace(float(gray.min()), float(gray.max()), self.phases + 1)
        return tuple(edges[1:-1].tolist())

"""MultiOtsu: several classes by the thresholds with the most variance between them, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.flow.split import best_lasts
from acetate.segment.gray import gray_values
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.histogram import histogram
from acetate.segment.threshold.method import ThresholdFacts, divided


@dataclass(frozen=True)
class MultiOtsu:
    """Divide a picture into classes by value, so that each spreads little.

    Parameters
    ----------
    phases : int
        How many classes, from 2 to 64.
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    bins : int
        Of the histogram, where there are more values; memory grows with its square.
    bright : bool
        Number the classes from dark (0, the background) to bright; False from bright to dark.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Notes
    -----
    The thresholds are those of Liao, Chen and Chung 2001, the maximum over all divisions of the
    histogram. It is found by dynamic programming over its bins, as the best division of the bins
    up to one is its last class and the best division of what is before: the time grows with the
    number of classes, not with its power.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.array([[10, 11, 50, 52, 90]], np.uint8)
    >>> found = MultiOtsu(phases=3).segment(picture)
    >>> found.labels, found.facts.thresholds
    (array([[0, 0, 1, 1, 2]], dtype=uint8), (11.0, 52.0))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "phases": (2, 3),
        "blur": (0.0, 1.5),
    }

    phases: int = option(2, "How many classes.", 2, 64)
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    bins: int = option(256, "Of the histogram, where there are more values.", 64, 2048)
    bright: bool = option(True, "Number classes from dark to bright, not from bright to dark.")

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[ThresholdFacts]:
        """Return the classes of a picture.

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
            Labels from 0 to ``phases - 1``; fewer if the histogram has fewer values.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "multi-otsu")
        gray = gray_values(image, self.blur)
        return divided(gray, otsu_thresholds(gray, self.phases, self.bins), self.bright)


def otsu_thresholds(gray: Array, phases: int, bins: int = 256) -> tuple[float, ...]:
    """Return the thresholds between classes with the most variance between them.

    Parameters
    ----------
    gray : numpy.ndarray
        ``(H, W)``; uint8, uint16, float32 or float64, finite.
    phases, bins : int
        As in `MultiOtsu`.

    Returns
    -------
    tuple of float
        ``phases - 1`` of them, ascending; fewer if there are fewer values; none if there is one.

    Examples
    --------
    >>> import numpy as np
    >>> otsu_thresholds(np.array([[1, 4, 5, 9]], np.uint8), 3)
    (1.0, 5.0)
    """
    found = histogram(gray).coarser(bins)
    counts, values, ends = (
        part[found.counts > 0] for part in (found.counts, found.values, found.ends)
    )
    lasts = best_lasts(values, counts, min(phases, len(counts)))
    return tuple(float(ends[last]) for last in lasts)

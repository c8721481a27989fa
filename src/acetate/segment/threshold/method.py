"""Threshold: a picture in two by one value, which a rule finds in its histogram."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.gray import Labels, bands, gray_values, pixels_of
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.rules import RULES, find_threshold


@dataclass(frozen=True)
class ThresholdFacts:
    """The thresholds of a division by value, and how much lies between them.

    Parameters
    ----------
    thresholds : tuple of float
        In units of the picture, ascending. A pixel on a threshold lies below it.
    pixels : tuple of int
        How many each label has.
    fractions : tuple of float
        Which part of the picture each label is: the volume fractions.
    iterations : int
        Steps that the rule took; 0 if it is none that iterates.

    Examples
    --------
    >>> ThresholdFacts.of(np.array([[0, 1, 1, 1]], np.uint8), (9.0,)).fractions
    (0.25, 0.75)
    """

    thresholds: tuple[float, ...]
    pixels: tuple[int, ...]
    fractions: tuple[float, ...]
    iterations: int = 0

    @classmethod
    def of(
        cls, labels: Labels, thresholds: tuple[float, ...], iterations: int = 0
    ) -> "ThresholdFacts":
        """Return the facts of labels.

        Examples
        --------
        >>> ThresholdFacts.of(np.array([[0, 2]], np.uint8), (9.0, 20.0)).pixels
        (1, 0, 1)
        """
        pixels = pixels_of(labels, len(thresholds) + 1)
        return cls(thresholds, pixels, tuple(n / labels.size for n in pixels), iterations)


def divided(
    gray: Array, thresholds: tuple[float, ...], bright: bool, iterations: int = 0
) -> Segmentation[ThresholdFacts]:
    """Return the bands between thresholds, numbered from dark to bright or the other way.

    A picture of a single value is all background, on whichever side of the thresholds it lies.

    Examples
    --------
    >>> divided(np.array([[10, 20, 30]], np.uint8), (15.0,), bright=False).labels
    array([[1, 0, 0]], dtype=uint8)
    """
    labels = bands(gray, thresholds, bright)
    if gray.min() == gray.max():
        labels = np.zeros_like(labels)
    return Segmentation(labels, ThresholdFacts.of(labels, thresholds, iterations))


@dataclass(frozen=True)
class Threshold:
    """Divide a picture in two: what is above one value, and what is not.

    Parameters
    ----------
    rule : str
        How the value is found; `acetate.segment.threshold.rules` gives the papers. "otsu": both
        sides spread little. "isodata": half-way between the means of both sides, from the middle
        of the range until it stays. "intermodes" and "minimum": half-way between the two peaks of
        the histogram, and the lowest point between them, after it was smoothed until it has two.
        "mean": of all values. "triangle": where a peak with one long tail ends. "li": of least
        cross entropy. "yen" and "kapur": of the most correlation and entropy.
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    bins : int
        Of the histogram, where there are more values, for the rules that look at its shape
        (intermodes, minimum, triangle, yen, kapur). The others are exact for integers, and to a
        65536th of the range for floats.
    bright : bool
        The foreground is above the threshold; False: it is not above.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    See Also
    --------
    acetate.segment.try_all : All rules on one picture, as a table.

    Examples
    --------
    >>> picture = np.array([[10, 12, 11, 90, 88]], np.uint8)
    >>> found = Threshold().segment(picture)
    >>> found.labels, found.facts.thresholds, found.facts.fractions
    (array([[0, 0, 0, 1, 1]], dtype=uint8), (12.0,), (0.6, 0.4))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "rule": ("otsu", "intermodes", "minimum", "mean", "triangle", "li", "yen", "kapur"),
        "blur": (0.0, 1.5),
    }

    rule: Literal[
        "otsu", "isodata", "intermodes", "minimum", "mean", "triangle", "li", "yen", "kapur"
    ] = option("otsu", "How the value is found.", choices=tuple(RULES))
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    bins: int = option(256, "Of the histogram, for rules that look at its shape.", 3, 65_536)
    bright: bool = option(True, "The foreground is above the threshold, not below.")

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[ThresholdFacts]:
        """Return 1 in the foreground and 0 in the background.

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
            A picture of a single value is all background, and that value its threshold.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt; if the rule needs two modes, and the
            histogram has not that many.

        Examples
        --------
        >>> Threshold(rule="mean", bright=False).segment(np.array([[0.2, 0.3, 0.7]])).labels
        array([[1, 1, 0]], dtype=uint8)
        """
        refuse_prompt(prompt, "threshold")
        gray = gray_values(image, self.blur)
        cut = find_threshold(gray, self.rule, self.bins)
        return divided(gray, (cut.threshold,), self.bright, cut.iterations)

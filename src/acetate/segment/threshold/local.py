"""LocalThreshold: every pixel against its surroundings, for light that falls unevenly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, full_scale
from acetate.heat import diffuse
from acetate.options import check_options, option
from acetate.segment.gray import Labels, gray_values, pixels_of
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation

Floats = NDArray[np.float64]

# What rounding may add to the mean of equal values, as a part of white.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class LocalFacts:
    """What a local threshold found.

    Parameters
    ----------
    threshold : float
        The mean over all pixels of their thresholds, in units of the picture.
    lowest, highest : float
        The least and the greatest of them.
    pixels : tuple of int
        How many the background has, and the foreground.
    fractions : tuple of float
        Which part of the picture each is.

    Examples
    --------
    >>> LocalFacts(80.0, 60.0, 100.0, (3, 1), (0.75, 0.25)).fractions[1]
    0.25
    """

    threshold: float
    lowest: float
    highest: float
    pixels: tuple[int, ...]
    fractions: tuple[float, ...]


@dataclass(frozen=True)
class LocalThreshold:
    """Divide a picture in two: what is above a threshold of its own surroundings, and what is not.

    Parameters
    ----------
    rule : {"gaussian", "mean", "niblack", "sauvola"}
        "gaussian" and "mean": the mean of the surroundings, weighted by a Gaussian or equally,
        plus the offset. "niblack": that mean plus `k` of their standard deviations (Niblack 1986).
        "sauvola": that mean times ``1 + k * (deviation / (white / 2) - 1)``, for dark text on
        bright paper (Sauvola and Pietikäinen 2000).
    block : int
        Side of the surroundings in pixels; a Gaussian has a sixth of that as standard deviation.
        Take it wider than the objects.
    offset : float
        Added to the threshold, as a part of white: above 0 less of the picture is bright, and
        noise on an even background stays in it.
    k : float
        What a standard deviation counts for "niblack" and "sauvola".
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    bright : bool
        The foreground is above the threshold; False: below, and the offset counts downwards.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Examples
    --------
    >>> slope = np.arange(100, dtype=np.uint8)[np.newaxis].repeat(30, axis=0)
    >>> slope[10:20, 20:30] += 40
    >>> slope[10:20, 70:80] += 40
    >>> found = LocalThreshold(block=61, offset=0.05).segment(slope)
    >>> found.labels[15, 20:30].min(), found.labels[15, 70:80].min(), found.labels[5].max()
    (np.uint8(1), np.uint8(1), np.uint8(0))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "rule": ("gaussian", "sauvola"),
        "block": (25, 51, 101),
        "offset": (0.0, 0.02),
    }

    rule: Literal["gaussian", "mean", "niblack", "sauvola"] = option(
        "gaussian",
        "What the surroundings give.",
        choices=("gaussian", "mean", "niblack", "sauvola"),
    )
    block: int = option(51, "Side of the surroundings.", 3, 10_001, "px")
    offset: float = option(0.02, "Added to the threshold.", -1.0, 1.0, "of white")
    k: float = option(0.2, "What a deviation counts for niblack and sauvola.", -10.0, 10.0)
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    bright: bool = option(True, "The foreground is above the threshold, not below.")

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[LocalFacts]:
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
            A picture of a single value is all background.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "local-threshold")
        gray = gray_values(image, self.blur)
        scale = full_scale(gray.dtype)
        values = gray / np.float64(scale)
        thresholds = self._thresholds(values)
        apart = values - thresholds if self.bright else thresholds - values
        labels = (apart > _ROUNDING).astype(np.uint8)
        if gray.min() == gray.max():
            labels[:] = 0
        return Segmentation(labels, _facts(labels, thresholds * scale))

    def _thresholds(self, values: Floats) -> Floats:
        """Return the threshold of every pixel, white being 1."""
        mean = self._mean(values)
        if self.rule in ("niblack", "sauvola"):
            deviation = np.sqrt(np.maximum(self._mean(values**2) - mean**2, 0))
            mean = (
                mean + self.k * deviation
                if self.rule == "niblack"
                else (mean * (1 + self.k * (2 * deviation - 1)))
            )
        return mean + (self.offset if self.bright else -self.offset)

    def _mean(self, values: Floats) -> Floats:
        """Return the mean of the surroundings, which the picture's border reflects."""
        if self.rule == "gaussian":
            return diffuse(values, (self.block / 6) ** 2 / 2)
        side = self.block + 1 - self.block % 2
        return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT))


def _facts(labels: Labels, thresholds: Floats) -> LocalFacts:
    pixels = pixels_of(labels, 2)
    fractions = tuple(n / labels.size for n in pixels)
    lowest, highest = float(thresholds.min()), float(thresholds.max())
    return LocalFacts(float(thresholds.mean()), lowest, highest, pixels, fractions)

"""Hysteresis: what is surely foreground, grown into what may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.components import disc_footprint, holding, large
from acetate.segment.gray import Mask, above, gray_values, pixels_of
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.histogram import histogram
from acetate.segment.threshold.rules import otsu


@dataclass(frozen=True)
class HysteresisFacts:
    """What a hysteresis did, step by step.

    Parameters
    ----------
    thresholds : tuple of float
        The strict and the loose one, in units of the picture.
    steps : tuple of (name, pixels)
        How many pixels are foreground after each step.
    dilations : int or None
        How many changed anything; None if growing went to its end without counting.
    converged : bool
        Whether growing came to its end: one more dilation would change nothing.
    pixels : tuple of int
        How many the background has, and the foreground.
    fractions : tuple of float
        Which part of the picture each is.

    Examples
    --------
    >>> HysteresisFacts((9.0, 5.0), (("strict", 1),), None, True, (3, 1), (0.75, 0.25)).converged
    True
    """

    thresholds: tuple[float, float]
    steps: tuple[tuple[str, int], ...]
    dilations: int | None
    converged: bool
    pixels: tuple[int, ...]
    fractions: tuple[float, ...]


@dataclass(frozen=True)
class Hysteresis:
    """Find what a strict threshold finds, and what a loose one finds that is joined to it.

    Parameters
    ----------
    strict, loose : float or None
        Thresholds in units of the picture: of bright objects the strict one is the higher. None
        takes Otsu's as strict, and half of the way from there to the mean of the background as
        loose.
    opening : float
        Radius in pixels of a disc: what it does not fit into is removed from the strict mask. 0
        leaves all.
    min_size : int
        Objects of fewer pixels (joined at sides or corners) are removed from the strict mask.
    radius : float
        Of the disc by which the mask grows in each step, 1 to 100 pixels. From 1 to 1.4 it has
        the four neighbours, from 1.5 to 1.9 the eight; from 2 on it leaps over gaps.
    dilations : int or None
        How often it grows; None: until nothing changes.
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    bright : bool
        Objects are above the thresholds; False: they are not above.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Notes
    -----
    A step of growing is a dilation, of which only what is in the loose mask is kept. Until nothing
    changes, that is morphological reconstruction (Vincent 1993): with the eight neighbours,
    scikit-image's ``apply_hysteresis_threshold`` with full connectivity. It is then found by
    connected components at once, for a disc with a radius below 2.

    Examples
    --------
    >>> picture = np.array([[0, 60, 90, 60, 0, 60]], np.uint8)
    >>> found = Hysteresis(strict=80.0, loose=50.0, opening=0.0).segment(picture)
    >>> found.labels, found.facts.steps
    (array([[0, 1, 1, 1, 0, 0]], dtype=uint8),
     (('strict', 1), ('loose', 4), ('without small objects', 1), ('connected', 3)))
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "opening": (0.0, 1.0, 2.0),
        "blur": (0.0, 1.5),
    }

    strict: float | None = option(
        None, "Threshold of what is surely foreground.", 0.0, 65_535.0, "of the picture"
    )
    loose: float | None = option(None, "Threshold of what may be.", 0.0, 65_535.0, "of the picture")
    opening: float = option(1.0, "Disc that surely foreground has to hold.", 0.0, 100.0, "px")
    min_size: int = option(0, "Least object that is surely foreground.", 0, 2**31 - 1, "px^2")
    radius: float = option(1.5, "Disc by which it grows in each step.", 1.0, 100.0, "px")
    dilations: int | None = option(None, "How often it grows; until it stops.", 0, 1_000_000)
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    bright: bool = option(True, "Objects are above the thresholds, not below.")

    def __post_init__(self) -> None:
        check_options(self)
        if self.strict is not None and self.loose is not None:
            self._check_order(self.strict, self.loose)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[HysteresisFacts]:
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
            If the image is none, or there is a prompt; if one threshold is given and the other
            one, found in the picture, is not on its right side.
        """
        refuse_prompt(prompt, "hysteresis")
        gray = gray_values(image, self.blur)
        thresholds = self._thresholds(gray)
        masks, dilations = self._grown(gray, thresholds)
        labels = masks["connected"].view(np.uint8)
        pixels = pixels_of(labels, 2)
        facts = HysteresisFacts(
            thresholds,
            tuple((name, int(mask.sum())) for name, mask in masks.items()),
            dilations,
            self.dilations is None or self._is_stable(masks),
            pixels,
            tuple(n / labels.size for n in pixels),
        )
        return Segmentation(labels, facts)

    def steps(self, image: Array) -> dict[str, Mask]:
        """Return the masks of all steps, in their order, for a figure.

        Parameters
        ----------
        image : numpy.ndarray
            As in `segment`.

        Returns
        -------
        dict
            "strict", "loose", "without small objects" and "connected", each ``(H, W)`` bool.

        Examples
        --------
        >>> list(Hysteresis().steps(np.eye(9)))
        ['strict', 'loose', 'without small objects', 'connected']
        """
        gray = gray_values(image, self.blur)
        return self._grown(gray, self._thresholds(gray))[0]

    def _thresholds(self, gray: Array) -> tuple[float, float]:
        strict, loose = self.strict, self.loose
        if strict is None or loose is None:
            sure, half_way = self._found(gray)
            strict = sure if strict is None else strict
            loose = half_way if loose is None else loose
            self._check_order(strict, loose)
        return float(strict), float(loose)

    def _found(self, gray: Array) -> tuple[float, float]:
        """Return Otsu's threshold, and one half-way from there to the background's mean."""
        found = histogram(gray)
        if len(found.counts) == 1:
            return (float(found.values[0]),) * 2
        threshold = otsu(found).threshold
        dark, bright = found.means(threshold)
        return threshold, (threshold + (dark if self.bright else bright)) / 2

    def _check_order(self, strict: float, loose: float) -> None:
        if (strict < loose) if self.bright else (strict > loose):
            side, objects = ("below", "bright") if self.bright else ("above", "dark")
            raise ValueError(
                f"the strict threshold of {objects} objects must not be {side} the loose one, got "
                f"{strict:g} and {loose:g}; for others set bright={not self.bright}"
            )

    def _grown(
        self, gray: Array, thresholds: tuple[float, float]
    ) -> tuple[dict[str, Mask], int | None]:
        strict, loose = (self._side(gray, t) for t in thresholds)
        seeds = large(_opened(strict, self.opening), self.min_size)
        if self.dilations is None and self.radius < 2:
            grown, dilations = holding(seeds, loose, 8 if self.radius**2 >= 2 else 4), None
        else:
            grown, dilations = self._dilated(seeds, loose)
        names = ("strict", "loose", "without small objects", "connected")
        return dict(zip(names, (strict, loose, seeds, grown), strict=True)), dilations

    def _side(self, gray: Array, threshold: float) -> Mask:
        if gray.min() == gray.max():
            return np.zeros(gray.shape, np.bool_)
        found = above(gray, threshold)
        return found if self.bright else ~found

    def _dilated(self, seeds: Mask, loose: Mask) -> tuple[Mask, int]:
        """Grow step by step, and count the steps that changed anything."""
        grown, steps = seeds, 0
        while self.dilations is None or steps < self.dilations:
            following = self._step(grown, loose)
            if np.array_equal(following, grown):
                break
            grown, steps = following, steps + 1
        return grown, steps

    def _step(self, mask: Mask, loose: Mask) -> Mask:
        grown = cv2.dilate(mask.view(np.uint8), disc_footprint(self.radius))
        return np.asarray(grown.view(np.bool_) & loose)

    def _is_stable(self, masks: dict[str, Mask]) -> bool:
        end = masks["connected"]
        return bool(np.array_equal(self._step(end, masks["loose"]), end))


def _opened(mask: Mask, radius: float) -> Mask:
    if radius < 1:
        return mask
    opened = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_OPEN, disc_footprint(radius))
    return np.asarray(opened.view(np.bool_))

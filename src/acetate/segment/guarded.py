"""GuardedBands: classes by value away from edges, grown to meet on them: no virtual skin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.components import large
from acetate.segment.edges import Floats, gradient_magnitude, laplacian_of_gaussian
from acetate.segment.gray import Labels, Mask, bands, check_thresholds, gray_values, pixels_of
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.multi_otsu import otsu_thresholds
from acetate.segment.threshold.rules import find_threshold


@dataclass(frozen=True)
class GuardedFacts:
    """What a guard kept, and what grew.

    Parameters
    ----------
    thresholds : tuple of float
        Between the classes, in units of the picture.
    limit : float
        Of the guard's response: above it pixels were not divided by value.
    guarded : int
        How many pixels these were.
    removed : int
        How many others were in regions below the least size.
    pixels : tuple of int
        How many each label has in the end.
    fractions : tuple of float
        Which part of the picture each is.

    Examples
    --------
    >>> GuardedFacts((9.0,), 0.1, 1, 0, (3, 1), (0.75, 0.25)).guarded
    1
    """

    thresholds: tuple[float, ...]
    limit: float
    guarded: int
    removed: int
    pixels: tuple[int, ...]
    fractions: tuple[float, ...]


@dataclass(frozen=True)
class GuardedBands:
    """Divide a picture into classes by value, but not on edges, and let the classes grow there.

    Parameters
    ----------
    thresholds : tuple of float
        Between the classes, in units of the picture, ascending. An empty tuple takes those
        of `MultiOtsu` for so many `phases`.
    phases : int
        How many classes, where there are no thresholds.
    guard : {"gradient", "laplacian"}
        What tells edges: the magnitude of the gradient, which is largest on them; or that of the
        Laplacian of a Gaussian, which is 0 on them and therefore needs `min_size` to be any good.
    blur : float
        Standard deviation in pixels of the blur before the guard; 0 for none.
    limit : float or None
        Of the guard's response, white being 1, per pixel (per squared pixel for the Laplacian).
        None takes Li's threshold of all responses.
    min_size : int
        Regions of fewer pixels are left to the others to grow over.
    bright : bool
        Number the classes from dark (0, the background) to bright; False from bright to dark.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range, or thresholds are not ascending.

    Notes
    -----
    Growing gives every pixel that is left the class of the nearest one that has a class
    (distances as OpenCV's 5 x 5 distance transform approximates them, to about 2 %).

    See Also
    --------
    virtual_skin : Reports the skin that this avoids.

    Examples
    --------
    >>> from acetate import samples
    >>> from acetate.segment import Bands
    >>> image, truth = samples.three_levels(128)
    >>> for method in (Bands((0.15, 0.55)), GuardedBands((0.15, 0.55))):
    ...     labels = method.segment(image).labels
    ...     print(int(((labels == 1) & (truth != 1)).sum()) > 300)
    True
    False
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "phases": (2, 3),
        "blur": (1.0, 2.0),
    }

    thresholds: tuple[float, ...] = option(
        (), "Between classes; none: multi-Otsu's.", 0.0, 65_535.0, "of the picture"
    )
    phases: int = option(2, "How many classes, where there are no thresholds.", 2, 64)
    guard: Literal["gradient", "laplacian"] = option(
        "gradient", "What tells edges.", choices=("gradient", "laplacian")
    )
    blur: float = option(1.0, "Blur before the guard.", 0.0, 1000.0, "px")
    limit: float | None = option(
        None, "Of the guard's response; by Li's rule.", 0.0, 1e6, "of white"
    )
    min_size: int = option(20, "Smaller regions are grown over.", 0, 2**31 - 1, "px^2")
    bright: bool = option(True, "Number classes from dark to bright, not from bright to dark.")

    def __post_init__(self) -> None:
        check_options(self)
        check_thresholds(self.thresholds)

    def segment(self, image: Array, prompt: None = None) -> Segmentation[GuardedFacts]:
        """Return the class of every pixel.

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
            Labels from 0 to the number of thresholds. A picture of a single value is all
            background.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt; if no region of the least size lies off the
            edges.
        """
        refuse_prompt(prompt, "guarded-bands")
        gray = gray_values(image)
        thresholds = tuple(float(t) for t in self.thresholds) or otsu_thresholds(gray, self.phases)
        if gray.min() == gray.max():
            return _segmentation(np.zeros(gray.shape, np.uint8), thresholds, 0.0, 0, 0)
        response = self.response(gray)
        limit = find_threshold(response, "li").threshold if self.limit is None else self.limit
        calm: Mask = response <= limit
        labels = bands(gray, thresholds, self.bright)
        seeds = calm & _large_regions(labels, calm, len(thresholds) + 1, self.min_size)
        grown = _fill(labels, seeds, f"limit is {limit:g} and min_size {self.min_size}")
        guarded = int(np.count_nonzero(~calm))
        removed = int(np.count_nonzero(calm)) - int(np.count_nonzero(seeds))
        return _segmentation(grown, thresholds, float(limit), guarded, removed)

    def response(self, image: Array) -> Floats:
        """Return the guard's response, from 0: where it is high there are edges.

        Parameters
        ----------
        image : numpy.ndarray
            As in `segment`.

        Returns
        -------
        numpy.ndarray
            ``(H, W)`` float64.

        Examples
        --------
        >>> GuardedBands(blur=0.0).response(np.array([[0.0, 0.5, 1.0]]))
        array([[0.25, 0.5 , 0.25]])
        """
        if self.guard == "gradient":
            return gradient_magnitude(image, self.blur)
        return np.abs(laplacian_of_gaussian(image, self.blur))


def _segmentation(
    labels: Labels, thresholds: tuple[float, ...], limit: float, guarded: int, removed: int
) -> Segmentation[GuardedFacts]:
    pixels = pixels_of(labels, len(thresholds) + 1)
    fractions = tuple(n / labels.size for n in pixels)
    return Segmentation(
        labels, GuardedFacts(thresholds, limit, guarded, removed, pixels, fractions)
    )


def _large_regions(labels: Labels, calm: Mask, many: int, least: int) -> Mask:
    """Return the calm regions of one label that have the least size, joined at sides or corners."""
    keep = np.zeros(labels.shape, np.bool_)
    for label in range(many):
        keep |= large(calm & (labels == label), least)
    return keep


def _fill(labels: Labels, seeds: Mask, why: str) -> Labels:
    """Give every pixel the label of the nearest seed."""
    if not seeds.any():
        raise ValueError(
            f"no region of the least size lies off the edges: {why}; raise the one or lower the "
            "other"
        )
    _, found = cv2.distanceTransformWithLabels(
        (~seeds).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    numbers = np.asarray(found, np.int32)
    table = np.zeros(int(numbers.max()) + 1, np.uint8)
    table[numbers[seeds]] = labels[seeds]
    return np.asarray(table[numbers])

"""Splitting objects that touch: a watershed of the distance to the outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_image
from acetate.heat.checks import check_number
from acetate.measure import label_objects
from acetate.measure.objects import in_order
from acetate.options import check_options, option
from acetate.segment.masks import Mask, check_mask
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.method import Threshold
from acetate.segment.threshold.rules import RULES


@dataclass(frozen=True)
class WatershedFacts:
    """What a watershed made of a mask.

    Parameters
    ----------
    thresholds : tuple of float
        That by which the mask was found; none if the mask was given.
    parts : int
        How many connected parts the mask has.
    objects : int
        How many objects they were divided into, without those that were too small.
    fraction : float
        Which part of the picture objects are.

    Examples
    --------
    >>> WatershedFacts((107.0,), 20, 24, 0.3).objects
    24
    """

    thresholds: tuple[float, ...]
    parts: int
    objects: int
    fraction: float


@dataclass(frozen=True)
class Watershed:
    """Number the objects of a picture: a threshold, and a watershed of those that touch.

    Parameters
    ----------
    rule : str
        How the threshold is found, as in `Threshold`.
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    depth : float
        How much narrower than both parts the neck between two objects must be, in pixels of its
        half-width. Less splits more.
    min_size : int
        Smaller objects are background, in pixels.
    bright : bool
        The foreground is above the threshold; False: it is not above.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    See Also
    --------
    split_touching : The same for a mask.
    acetate.measure.object_table : What the objects measure.

    Examples
    --------
    >>> from acetate.segment import disc_mask
    >>> pair = disc_mask((30, 50), 10, (15, 15)) | disc_mask((30, 50), 10, (33, 15))
    >>> Watershed().segment(pair.astype(np.uint8) * np.uint8(200)).facts.objects
    2
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("mask",)
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "rule": ("otsu", "li", "triangle"),
        "min_size": (0, 20),
    }

    rule: Literal[
        "otsu", "isodata", "intermodes", "minimum", "mean", "triangle", "li", "yen", "kapur"
    ] = option("otsu", "How the threshold is found.", choices=tuple(RULES))
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    depth: float = option(0.75, "How much narrower a neck must be.", 0.0, 1000.0, "px")
    min_size: int = option(0, "Smaller objects are background.", 0, 2**31 - 1, "px^2")
    bright: bool = option(True, "The foreground is above the threshold, not below.")

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: Array | None = None) -> Segmentation[WatershedFacts]:
        """Return a number for every object.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``, whose mean over the channels counts; uint8, uint16, or
            float32/float64 in [0, 1].
        prompt : numpy.ndarray or None
            The mask to divide, ``(H, W)``: what is not 0 is inside; the threshold is not used.

        Returns
        -------
        Segmentation
            int32 labels: 0 is the background, objects from 1 in the order in which rows meet them.

        Raises
        ------
        TypeError, ValueError
            If the image is none, the mask has another shape, is empty or full, or the rule needs
            two modes, and the histogram has not that many.
        """
        mask, thresholds = self._mask(image, prompt)
        objects = _without_small(split_touching(mask, self.depth), self.min_size)
        facts = WatershedFacts(
            thresholds,
            int(label_objects(mask).max()),
            int(objects.max()),
            float(np.count_nonzero(objects) / objects.size),
        )
        return Segmentation(objects, facts)

    def _mask(self, image: Array, prompt: Array | None) -> tuple[Mask, tuple[float, ...]]:
        if prompt is not None:
            return check_mask(prompt, check_image(image).shape[:2], "mask"), ()
        found = Threshold(self.rule, self.blur, bright=self.bright).segment(image)
        return found.mask, found.facts.thresholds


def split_touching(mask: Array, depth: float = 0.75) -> NDArray[np.int32]:
    """Divide a mask into objects, where it is narrow between two wider parts.

    Parameters
    ----------
    mask : numpy.ndarray
        ``(H, W)`` booleans or integers; what is not 0 is inside.
    depth : float
        How much narrower the neck must be than the narrower of the two parts, in pixels of its
        half-width, from 0. Less splits more.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` int32: 0 outside, objects from 1. Every connected part is at least one.

    Raises
    ------
    TypeError, ValueError
        If the mask is none, or the depth is negative, NaN or infinite.

    Notes
    -----
    The distance of each pixel inside from the outside has a hill in every round part. Hills that
    rise by no more than `depth` above the pass to a higher one are joined to it (h-maxima), and
    the rest is flooded from their tops (Beucher and Lantuejoul 1979; Vincent and Soille 1991).

    References
    ----------
    P. Soille: Morphological Image Analysis. 2nd edition, Springer 2004, section 9.2.

    Examples
    --------
    >>> from acetate.segment import disc_mask
    >>> pair = disc_mask((30, 50), 10, (15, 15)) | disc_mask((30, 50), 10, (33, 15))
    >>> int(split_touching(pair).max())
    2
    """
    from scipy.ndimage import distance_transform_edt
    from skimage.segmentation import watershed

    rise = check_number(depth, "depth")
    # A frame of outside: objects that the picture's border cuts are as narrow there.
    inside = np.pad(label_objects(mask) > 0, 1)
    distance = distance_transform_edt(inside)
    tops = _tops(distance, inside, rise)
    hills = np.cumsum(tops, dtype=np.int32).reshape(tops.shape) * tops
    objects = watershed(-distance, hills, mask=inside)  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(objects[1:-1, 1:-1], np.int32)


def _tops(distance: Array, inside: Array, rise: float) -> Array:
    """Return the tops of the hills that rise enough, at least one in each connected part."""
    from acetate.segment.watershed_loops import prominent

    land = np.flatnonzero(inside)
    order = land[np.argsort(-distance.ravel()[land], kind="stable")]
    tops: Array = prominent(distance.ravel(), order, inside.shape[1], rise)
    return tops.reshape(inside.shape)


def _without_small(objects: NDArray[np.int32], least: int) -> NDArray[np.int32]:
    """Return the objects of a size, numbered in the order of rows."""
    sizes = np.bincount(objects.ravel())
    return in_order(np.where(sizes[objects] < least, 0, objects).astype(np.int32), len(sizes))

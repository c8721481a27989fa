"""Edges and what stands out: differences of Gaussians, their Laplacian, a background corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, full_scale
from acetate.heat import diffuse
from acetate.options import check_options, option
from acetate.segment.components import disc_footprint
from acetate.segment.gray import gray_values
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.method import ThresholdFacts, divided
from acetate.segment.threshold.rules import RULES, find_threshold

Floats = NDArray[np.float64]

# Derivatives tell more of a blur's error than the eye does.
_TOLERANCE = 1e-4


def difference_of_gaussians(image: Array, low: float = 0.5, high: float = 10.0) -> Floats:
    """Return a picture blurred a little minus itself blurred much: details of sizes in between.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, whose mean over the channels counts; uint8, uint16, or
        float32/float64 in [0, 1].
    low, high : float
        The two standard deviations in pixels, from 0, the second above the first.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` float64, white being 1; above 0 where it is brighter than its surroundings.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or the deviations make no sense.

    Notes
    -----
    Marr and Hildreth 1980. The border reflects, as everywhere in `acetate.heat`.

    Examples
    --------
    >>> difference_of_gaussians(np.full((3, 4), 90, np.uint8)).round(6).max()
    np.float64(0.0)
    """
    values = _values(image)
    if not 0 <= low < high < np.inf:
        raise ValueError(
            "low must lie below high, both from 0 and finite, got standard deviations "
            f"{low!r} and {high!r}"
        )
    return _blurred(values, low) - _blurred(values, high)


def laplacian_of_gaussian(image: Array, sigma: float = 2.0) -> Floats:
    """Return the Laplacian of a blurred picture: 0 on edges, of opposite signs on their sides.

    Parameters
    ----------
    image : numpy.ndarray
        As in `difference_of_gaussians`.
    sigma : float
        Standard deviation of the blur in pixels, from 0.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` float64, white being 1, per squared pixel; below 0 in the middle of what is
        bright. Differences of the four neighbours.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or sigma makes no sense.

    Examples
    --------
    >>> spot = np.zeros((3, 3))
    >>> spot[1, 1] = 1
    >>> laplacian_of_gaussian(spot, 0.0)[1]
    array([ 1., -4.,  1.])
    """
    blurred = _blurred(_values(image), _deviation(sigma))
    return np.asarray(cv2.Laplacian(blurred, cv2.CV_64F, borderType=cv2.BORDER_REFLECT))


def gradient_magnitude(image: Array, sigma: float = 1.0) -> Floats:
    """Return how steep a blurred picture is: largest on its edges.

    Parameters
    ----------
    image : numpy.ndarray
        As in `difference_of_gaussians`.
    sigma : float
        Standard deviation of the blur in pixels, from 0.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` float64, white being 1, per pixel: half the difference of the neighbours.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or sigma makes no sense.

    Examples
    --------
    >>> gradient_magnitude(np.array([[0.0, 0.5, 1.0]]), 0.0)
    array([[0.25, 0.5 , 0.25]])
    """
    blurred = _blurred(_values(image), _deviation(sigma))
    x, y = (
        cv2.Sobel(blurred, cv2.CV_64F, *d, ksize=1, scale=0.5, borderType=cv2.BORDER_REFLECT)
        for d in ((1, 0), (0, 1))
    )
    return np.asarray(cv2.magnitude(x, y))


def correct_background(image: Array, sigma: float = 20.0, median: float = 1.0) -> Floats:
    """Return a picture minus its background: the median of a disc minus a wide blur.

    Parameters
    ----------
    image : numpy.ndarray
        As in `difference_of_gaussians`.
    sigma : float
        Standard deviation in pixels of the blur that is the background, from 0.
    median : float
        Radius of the disc in pixels: the median takes single bad pixels away. Below 1: none.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` float64, white being 1; above 0 where it is brighter than the background.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or a number makes no sense.

    Examples
    --------
    >>> slope = np.linspace(0, 1, 200).reshape(1, 200)
    >>> abs(correct_background(slope)[0, 100]) < 0.01
    np.True_
    """
    values = _values(image)
    background = _blurred(values, _deviation(sigma))
    return _median(values, _deviation(median, "median")) - background


@dataclass(frozen=True)
class Edges:
    """Divide what a filter brings out of a picture in two: a threshold on its response.

    Parameters
    ----------
    filter : {"background", "difference", "laplacian", "gradient"}
        "background": `correct_background`, for objects on uneven light. "difference": that of two
        Gaussians, for details of sizes between `narrow` and `sigma`. "laplacian": that of a
        Gaussian, of opposite sign, for blobs of about ``1.4 * sigma`` radius. "gradient": for the
        edges themselves.
    sigma : float
        Standard deviation in pixels of the background, or of the one Gaussian.
    narrow : float
        That of the narrow Gaussian of "difference".
    median : float
        Radius in pixels of the median for "background"; below 1: none.
    threshold : float or None
        Of the response, white being 1; None takes that of the rule.
    rule : str
        One of those of `Threshold`.
    bright : bool
        The foreground is brighter than what is around it; False: darker. No matter for "gradient".

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range, or `narrow` is not below `sigma`.

    Examples
    --------
    >>> image = np.arange(0, 200, dtype=np.uint8)[np.newaxis].repeat(40, axis=0)
    >>> image[10:20, 50:60] += 50
    >>> image[10:20, 120:130] += 50
    >>> int(Edges(threshold=0.1).segment(image).mask.sum())
    200
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "sigma": (10.0, 20.0, 40.0),
        "rule": ("otsu", "li", "triangle"),
    }

    filter: Literal["background", "difference", "laplacian", "gradient"] = option(
        "background",
        "What brings objects out.",
        choices=("background", "difference", "laplacian", "gradient"),
    )
    sigma: float = option(20.0, "The background's or the one Gaussian's.", 0.1, 1000.0, "px")
    narrow: float = option(0.5, "The narrow Gaussian's of a difference.", 0.0, 1000.0, "px")
    median: float = option(1.0, "Disc of the median before the background goes.", 0.0, 50.0, "px")
    threshold: float | None = option(None, "Of the response; by the rule.", -8.0, 8.0, "of white")
    rule: Literal[
        "otsu", "isodata", "intermodes", "minimum", "mean", "triangle", "li", "yen", "kapur"
    ] = option("otsu", "How a threshold is found.", choices=tuple(RULES))
    bright: bool = option(True, "The foreground is brighter than what is around it.")

    def __post_init__(self) -> None:
        check_options(self)
        if self.filter == "difference" and self.narrow >= self.sigma:
            raise ValueError(
                f"narrow must lie below sigma, got standard deviations {self.narrow:g} and "
                f"{self.sigma:g}"
            )

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
            The threshold is that of the response, white being 1. A picture of a single value is
            all background.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt; if the rule needs two modes, and the
            histogram of the response has not that many.
        """
        refuse_prompt(prompt, "edges")
        values = _values(image)
        if values.min() == values.max():
            return divided(np.zeros_like(values), (self.threshold or 0.0,), bright=True)
        response = self.response(image)
        if self.threshold is not None:
            return divided(response, (float(self.threshold),), bright=True)
        cut = find_threshold(response, self.rule)
        return divided(response, (cut.threshold,), bright=True, iterations=cut.iterations)

    def response(self, image: Array) -> Floats:
        """Return what is divided: the filter's picture, in which objects are bright.

        Parameters
        ----------
        image : numpy.ndarray
            As in `segment`.

        Returns
        -------
        numpy.ndarray
            ``(H, W)`` float64, white being 1.

        Examples
        --------
        >>> Edges(filter="gradient", sigma=0.1).response(np.array([[0.0, 1.0]])).shape
        (1, 2)
        """
        if self.filter == "gradient":
            return gradient_magnitude(image, self.sigma)
        if self.filter == "laplacian":
            found = -laplacian_of_gaussian(image, self.sigma)
        elif self.filter == "difference":
            found = difference_of_gaussians(image, self.narrow, self.sigma)
        else:
            found = correct_background(image, self.sigma, self.median)
        return found if self.bright else -found


def _values(image: Array) -> Floats:
    gray = gray_values(image)
    return gray / np.float64(full_scale(gray.dtype))


def _blurred(values: Floats, sigma: float) -> Floats:
    return diffuse(values, sigma**2 / 2, tolerance=_TOLERANCE)


def _median(values: Floats, radius: float) -> Floats:
    if radius < 1:
        return values
    from scipy.ndimage import median_filter

    footprint = disc_footprint(radius).astype(bool)
    return np.asarray(median_filter(values, footprint=footprint, mode="nearest"))


def _deviation(sigma: float, name: str = "sigma") -> float:
    if not 0 <= sigma < np.inf:
        raise ValueError(f"{name} must be at least 0 and finite, got {sigma!r}")
    return float(sigma)

"""Colour: gray, the temperature of the light. Hue and saturation have a file of their own."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.limits import check_colors, in_range
from acetate.augmenters.steps import Curve, Lookup, Pixels, Step, curve, pixel_function
from acetate.parameters import choice_of, continuous
from acetate.seeds import Seed

SOURCES = ("RGB", "BGR")

_LUMA = {"RGB": (0.299, 0.587, 0.114), "BGR": (0.114, 0.587, 0.299)}  # ITU-R BT.601


@pixel_function
def grayscale(image: Array, alpha: float, source: str) -> Array:
    """Blend a picture with its gray version.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, 3)``; ``(H, W, 1)`` is gray already.
    alpha : float
        How much of the gray is seen, in [0, 1].
    source : {"RGB", "BGR"}
        What the channels are.

    Raises
    ------
    ValueError
        If the picture has another number of channels.

    Examples
    --------
    >>> grayscale(np.uint8([[[255, 0, 0]]]), 1.0, "RGB")
    array([[[76, 76, 76]]], dtype=uint8)
    """
    if image.shape[2] == 1:
        return image
    check_colors(image, "Grayscale")
    if alpha == 1 and image.dtype != np.float64:
        gray = cv2.cvtColor(image, getattr(cv2, f"COLOR_{source}2GRAY"))
        return in_range(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), image)
    weights = (1 - alpha) * np.eye(3) + alpha * np.array(_LUMA[source])
    return in_range(cv2.transform(image, weights), image)


@curve
def tint(values: Array, factor: Any) -> Array:
    """Multiply each of three channels by a factor of its own."""
    if values.ndim == 3:  # a picture; a table of values comes in one column
        check_colors(values, "ChangeColorTemperature")
    return values * factor


class Grayscale(Augmenter):
    """Take the colour out; three channels stay three, and one stays as it is.

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        How much of the gray is seen, in [0, 1].
    from_colorspace : {"RGB", "BGR"}
        What the picture's channels are.
    seed, name
        See `Augmenter`.

    Notes
    -----
    Gray is 0.299 R + 0.587 G + 0.114 B, rounded to nearest in uint8. Blends (0 < alpha < 1) have
    weights of 10 bits there: one value in thirty is rounded to the second nearest.

    Examples
    --------
    >>> Grayscale(alpha=0.5)(image=np.array([[[200, 0, 100]]], np.uint8))
    array([[[136,  36,  86]]], dtype=uint8)
    """

    def __init__(
        self,
        alpha: Any = 1,
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.alpha = continuous(alpha, "alpha", 0, 1)
        self.from_colorspace = choice_of(from_colorspace, "from_colorspace", SOURCES)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw how much."""
        alpha, source = self.alpha.draw_sample(rng), self.from_colorspace.draw_sample(rng)
        return [Pixels("grayscale", {"alpha": alpha, "source": source})] if alpha > 0 else []


class ChangeColorTemperature(Augmenter):
    """Show pictures in the light of a glowing body; of three channels.

    Parameters
    ----------
    kelvin : number, (low, high), list or parameter
        Its temperature, 1,000 to 40,000: a candle 1,900, daylight 6,500 (which hardly changes
        anything), the blue sky beyond 10,000.
    from_colorspace : {"RGB", "BGR"}
        What the picture's channels are.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> ChangeColorTemperature(3000)(image=np.full((1, 1, 3), 200, np.uint8))
    array([[[200, 145,  86]]], dtype=uint8)
    """

    def __init__(
        self,
        kelvin: Any = (1000, 11000),
        from_colorspace: Any = "RGB",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.kelvin = continuous(kelvin, "kelvin", 1000, 40000)
        self.from_colorspace = choice_of(from_colorspace, "from_colorspace", SOURCES)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the temperature."""
        factor = blackbody(self.kelvin.draw_sample(rng))
        if self.from_colorspace.draw_sample(rng) == "BGR":
            factor = factor[::-1]
        return [Lookup((Curve("tint", {"factor": factor}),))]


def blackbody(kelvin: float) -> tuple[float, float, float]:
    """Return the colour of a glowing body, its largest component 1.

    Parameters
    ----------
    kelvin : float
        Its temperature.

    Returns
    -------
    (float, float, float)
        Red, green and blue as in a picture (sRGB, gamma-encoded); what sRGB cannot show is cut off.

    Notes
    -----
    Planck's law seen by the CIE 1931 observer, in steps of 5 nm.

    Examples
    --------
    >>> [round(255 * part) for part in blackbody(3000)]
    [255, 185, 110]
    """
    wavelengths, observer = _observer()
    light = wavelengths**-5.0 / np.expm1(1.438777e7 / (wavelengths * kelvin))
    linear = np.maximum(observer @ light, 0)
    linear /= linear.max()
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = encoded.tolist()
    return red, green, blue


@lru_cache(maxsize=1)
def _observer() -> tuple[Array, Array]:
    """Return wavelengths in nm, and what each contributes to linear sRGB, ``(3, n)``.

    The colour matching functions are sums of Gaussians with two widths: Wyman, Sloan and Shirley
    2013, "Simple analytic approximations to the CIE XYZ color matching functions", Journal of
    Computer Graphics Techniques 2(2).
    """
    nm = np.arange(380.0, 781.0, 5.0)

    def lobe(height: float, middle: float, left: float, right: float) -> Array:
        return height * np.exp(-(((nm - middle) / np.where(nm < middle, left, right)) ** 2) / 2)

    x = lobe(1.056, 599.8, 37.9, 31.0) + lobe(0.362, 442.0, 16.0, 26.7)
    x += lobe(-0.065, 501.1, 20.4, 26.2)
    y = lobe(0.821, 568.8, 46.9, 40.5) + lobe(0.286, 530.9, 16.3, 31.1)
    z = lobe(1.217, 437.0, 11.8, 36.0) + lobe(0.681, 459.0, 26.0, 13.8)
    to_srgb = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    return nm, np.array(to_srgb) @ np.array([x, y, z])

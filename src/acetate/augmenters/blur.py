"""Blurs: Gaussian, mean, median, and along a line of motion."""

import math
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.convolutional import Kernel
from acetate.augmenters.limits import MOST_CHANNELS, in_groups, in_range
from acetate.augmenters.sides import draw_sides, sides
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import choice_of, continuous, discrete
from acetate.seeds import Seed


@pixel_function
def gaussian_blur(image: Array, sigma: float) -> Array:
    """Blur with a Gaussian of a deviation in pixels, cut off at three deviations, and round once.

    The picture goes on as its mirror image, its outermost pixels not doubled.

    Examples
    --------
    >>> dot = np.zeros((1, 5, 1), np.uint8); dot[0, 2] = 255
    >>> gaussian_blur(dot, 0.5)[0, :, 0]
    array([  0,  27, 201,  27,   0], dtype=uint8)
    """
    depth = cv2.CV_64F if image.dtype == np.float64 else cv2.CV_32F
    weights = cv2.getGaussianKernel(2 * math.ceil(3 * sigma) + 1, sigma, depth)
    blurred = in_groups(lambda part: cv2.sepFilter2D(part, -1, weights, weights), image)
    return in_range(blurred, image)


@pixel_function
def average_blur(image: Array, height: int, width: int) -> Array:
    """Take the mean of the height by width pixels around each; of even sizes, one more before it.

    The picture goes on as its mirror image, its outermost pixels not doubled.

    Examples
    --------
    >>> average_blur(np.uint8([[[0], [0], [90], [0]]]), 1, 3)[0, :, 0]
    array([ 0, 30, 30, 60], dtype=uint8)
    """
    area = height * width
    if image.dtype == np.uint8 and area & (area - 1) == 0:
        # OpenCV 5.0's mean of 2, 4, 8, ... bytes is up to one too large: of 0 and 0 it is 1.
        column, row = (np.full(side, 1 / side, np.float32) for side in (height, width))
        return in_range(
            in_groups(lambda part: cv2.sepFilter2D(part, -1, row, column), image), image
        )
    return in_range(in_groups(lambda part: cv2.blur(part, (width, height)), image), image)


@pixel_function
def median_blur(image: Array, k: int) -> Array:
    """Take the median of the k by k pixels around each, k odd; the border's pixels go on outside.

    Examples
    --------
    >>> median_blur(np.uint8([[[5], [0], [7], [8]]]), 3)[0, :, 0]
    array([5, 5, 7, 8], dtype=uint8)
    """
    small = k <= 5 and image.dtype != np.float64
    if not small and image.dtype != np.uint8:
        from scipy.ndimage import median_filter  # SciPy loads only where OpenCV has no median

        median: Array = median_filter(image, size=(k, k, 1), mode="nearest")
        return median
    most = MOST_CHANNELS if small else 4 if image.shape[2] in (3, 4) else 1
    return in_groups(lambda part: cv2.medianBlur(part, k), image, most).reshape(image.shape)


class GaussianBlur(Augmenter):
    """Blur with a Gaussian.

    Parameters
    ----------
    sigma : number, (low, high), list or parameter
        Its standard deviation in pixels; 0 changes nothing.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> GaussianBlur(0.5)(image=np.array([[0, 0, 255, 0, 0]], np.uint8))
    array([[  0,  27, 201,  27,   0]], dtype=uint8)
    """

    def __init__(self, sigma: Any = (0.0, 3.0), seed: Seed = None, name: str | None = None) -> None:
        super().__init__(seed, name)
        self.sigma = continuous(sigma, "sigma", 0)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the deviation."""
        sigma = float(self.sigma.draw_sample(rng))
        return [Pixels("gaussian_blur", {"sigma": sigma})] if sigma > 0 else []


class AverageBlur(Augmenter):
    """Blur with the mean of a box.

    Parameters
    ----------
    k : int, (low, high), list or parameter; or a tuple of two of them
        Height and width of the box in pixels, drawn together; of a tuple with a tuple, list or
        parameter in it, each on its own: ``((3, 5), 7)``. 1 changes nothing.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> AverageBlur((1, [3]))(image=np.array([[0, 0, 90, 0]], np.uint8))
    array([[ 0, 30, 30, 60]], dtype=uint8)
    """

    def __init__(self, k: Any = (1, 7), seed: Seed = None, name: str | None = None) -> None:
        super().__init__(seed, name)
        self.k = sides(k, "k")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the box."""
        height, width = draw_sides(self.k, rng)
        if max(height, width) <= 1:
            return []
        return [Pixels("average_blur", {"height": max(height, 1), "width": max(width, 1)})]


class MedianBlur(Augmenter):
    """Replace each pixel by the median of those around it.

    Parameters
    ----------
    k : int, (low, high), list or parameter
        Side of the square in pixels, odd: of an even number the next one. 1 changes nothing.
    seed, name
        See `Augmenter`.

    Notes
    -----
    Beyond 5 pixels, pictures that are not uint8 take SciPy's filter, many times slower.

    Examples
    --------
    >>> MedianBlur(3)(image=np.array([[5, 0, 7, 8]], np.uint8))
    array([[5, 5, 7, 8]], dtype=uint8)
    """

    def __init__(self, k: Any = (1, 7), seed: Seed = None, name: str | None = None) -> None:
        super().__init__(seed, name)
        self.k = discrete(k, "k", 0)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the side."""
        k = int(self.k.draw_sample(rng)) | 1
        return [Pixels("median_blur", {"k": k})] if k > 1 else []


class MotionBlur(Augmenter):
    """Blur along a line, as a moving camera does.

    Parameters
    ----------
    k : int, (low, high), list or parameter
        Length of the line in pixels, odd: of an even number the next one. 1 changes nothing.
    angle : number, (low, high), list or parameter
        Of the line in degrees, clockwise from pointing up.
    direction : number, (low, high), list or parameter
        Where on the line the weight lies: 0 evenly, 1 at the end that the angle points to (and
        none at the other), -1 at the other end.
    order : {0, 1}, list of them, or `ALL`
        How the line is turned: 0 by its nearest pixels, 1 smoothly.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> MotionBlur(3, angle=90, direction=0.0)(image=np.array([[0, 0, 90, 0, 0]], np.uint8))
    array([[ 0, 30, 30, 30,  0]], dtype=uint8)
    """

    def __init__(
        self,
        k: Any = (3, 7),
        angle: Any = (0, 360),
        direction: Any = (-1.0, 1.0),
        order: Any = 1,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.k = discrete(k, "k", 0)
        self.angle = continuous(angle, "angle")
        self.direction = continuous(direction, "direction", -1, 1)
        self.order = choice_of(order, "order", (0, 1))

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the line."""
        k = int(self.k.draw_sample(rng)) | 1
        drawn = [p.draw_sample(rng) for p in (self.angle, self.direction, self.order)]
        return [Pixels("convolve", {"kernel": line(k, *drawn)})] if k > 1 else []


def line(k: int, angle: float, direction: float, order: int) -> Kernel:
    """Return the weights of a line through a square of k by k pixels; they sum to 1.

    Parameters
    ----------
    angle, direction, order
        As for `MotionBlur`.

    Examples
    --------
    >>> line(3, 0, 1.0, 1)
    ((0.0, 0.6666666666666666, 0.0), (0.0, 0.3333333333333333, 0.0), (0.0, 0.0, 0.0))
    """
    radius, turn = k // 2, math.radians(angle)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    # Rounding keeps the lines of quarter turns in their row or column.
    along = np.round(x * math.sin(turn) - y * math.cos(turn), 9)
    across = np.round(x * math.cos(turn) + y * math.sin(turn), 9)
    if order == 0:
        along, across = np.rint(along), np.rint(across)
    ends = np.linspace(0.5 - direction / 2, 0.5 + direction / 2, k)
    places = np.arange(-radius - 1, radius + 2)
    weights = np.interp(along, places, [0, *ends, 0]) * np.maximum(1 - np.abs(across), 0)
    return tuple(map(tuple, (weights / weights.sum()).tolist()))

"""Sharpen, emboss, find edges: one small kernel, blended with the picture's own."""

import math
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.limits import in_groups, in_range
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import continuous
from acetate.seeds import Seed

Kernel = tuple[tuple[float, ...], ...]


@pixel_function
def convolve(image: Array, kernel: Kernel) -> Array:
    """Weigh each pixel's neighbours, the kernel's middle on the pixel, and round once.

    The picture goes on as its mirror image, its outermost pixels not doubled.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, C)``.
    kernel : tuple of tuple of float
        Rows of weights; not turned over (a correlation).

    Examples
    --------
    >>> dot = np.uint8([[0, 0, 0], [0, 4, 0], [0, 0, 0]])[:, :, np.newaxis]
    >>> convolve(dot, ((0, 0, 0), (0, 0, 0.5), (0, 0, 0)))[:, :, 0]
    array([[0, 0, 0],
           [2, 0, 2],
           [0, 0, 0]], dtype=uint8)
    """
    if image.dtype == np.uint8 and (len(kernel), len(kernel[0])) == (3, 3):
        return _weigh_bytes(image, kernel)
    weights: Array = np.array(kernel, np.float64 if image.dtype == np.float64 else np.float32)
    return in_range(in_groups(lambda part: cv2.filter2D(part, -1, weights), image), image)


def _weigh_bytes(image: Array, kernel: Kernel) -> Array:
    """Apply a 3 × 3 kernel to uint8."""
    from acetate.augmenters.convolutional_loops import weigh_nine, weigh_ring  # loaded where used

    height, _, channels = image.shape
    out = np.empty(image.shape, np.uint8)
    lines, result = np.ascontiguousarray(image).reshape(height, -1), out.reshape(height, -1)
    outer, middle = float(kernel[0][0]), float(kernel[1][1])
    if tuple(map(tuple, kernel)) == ((outer,) * 3, (outer, middle, outer), (outer,) * 3):
        weigh_ring(lines, outer, middle, channels, result)
    else:
        weigh_nine(lines, np.array(kernel, np.float32).reshape(-1), channels, result)
    return out


def blend(kernel: Kernel, alpha: float) -> list[Step]:
    """Return the step that blends a 3x3 kernel's result over the picture."""
    if alpha == 0:
        return []
    rows = [[alpha * weight for weight in row] for row in kernel]
    rows[1][1] += 1 - alpha
    return [Pixels("convolve", {"kernel": tuple(map(tuple, rows))})]


class Sharpen(Augmenter):
    """Sharpen, and blend with the picture.

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        How much of the sharpened picture is seen, in [0, 1].
    lightness : number, (low, high), list or parameter
        Brightness of the sharpened picture: 1 keeps the picture's own, 0 leaves edges only.
    seed, name
        See `Augmenter`.

    Notes
    -----
    The kernel is -1 all around and 8 + lightness in the middle.

    Examples
    --------
    >>> step = np.array([[100, 100, 110, 110]], np.uint8)
    >>> Sharpen(alpha=0.5, lightness=1.0)(image=step)
    array([[100,  85, 125, 110]], dtype=uint8)
    """

    def __init__(
        self,
        alpha: Any = (0.0, 0.2),
        lightness: Any = (0.8, 1.2),
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.alpha = continuous(alpha, "alpha", 0, 1)
        self.lightness = continuous(lightness, "lightness", 0)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw how much and how bright."""
        alpha, lightness = self.alpha.draw_sample(rng), self.lightness.draw_sample(rng)
        return blend(((-1, -1, -1), (-1, 8 + lightness, -1), (-1, -1, -1)), alpha)


class Emboss(Augmenter):
    """Let the picture look as if beaten in metal, and blend with the picture.

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        How much of the embossed picture is seen, in [0, 1].
    strength : number, (low, high), list or parameter
        How strongly light and shadow stand out: 0 to 2, usually.
    seed, name
        See `Augmenter`.

    Notes
    -----
    The light falls along the diagonal: the kernel is ``((-1 - s, -s, 0), (-s, 1, s), (0, s, 1 +
    s))`` for strength s.

    Examples
    --------
    >>> step = np.array([[100, 100, 110, 110]], np.uint8)
    >>> Emboss(alpha=1.0, strength=1.0)(image=step)
    array([[100, 130, 140, 110]], dtype=uint8)
    """

    def __init__(
        self,
        alpha: Any = (0.0, 1.0),
        strength: Any = (0.25, 1.0),
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.alpha = continuous(alpha, "alpha", 0, 1)
        self.strength = continuous(strength, "strength", 0)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw how much and how strongly."""
        alpha, s = self.alpha.draw_sample(rng), self.strength.draw_sample(rng)
        return blend(((-1 - s, -s, 0), (-s, 1, s), (0, s, 1 + s)), alpha)


class EdgeDetect(Augmenter):
    """Show edges white on black, and blend with the picture.

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        How much of the edges is seen, in [0, 1].
    seed, name
        See `Augmenter`.

    Notes
    -----
    The kernel is the Laplacian of four neighbours: the dark side of an edge lights up.

    Examples
    --------
    >>> step = np.array([[100, 100, 110, 110]], np.uint8)
    >>> EdgeDetect(alpha=1.0)(image=step)
    array([[ 0, 10,  0,  0]], dtype=uint8)
    """

    def __init__(
        self, alpha: Any = (0.0, 0.75), seed: Seed = None, name: str | None = None
    ) -> None:
        super().__init__(seed, name)
        self.alpha = continuous(alpha, "alpha", 0, 1)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw how much."""
        return blend(((0, 1, 0), (1, -4, 1), (0, 1, 0)), self.alpha.draw_sample(rng))


class DirectedEdgeDetect(Augmenter):
    """Show the edges that face one way, and blend with the picture.

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        How much of the edges is seen, in [0, 1].
    direction : number, (low, high), list or parameter
        Where the brighter side lies, in turns: 0 above, 0.25 on the right, 0.5 below.
    seed, name
        See `Augmenter`.

    Notes
    -----
    Each neighbour weighs as the cosine of its angle to the direction, what lies behind the pixel
    counts as negative, and the weights on either side sum to 1.

    Examples
    --------
    >>> step = np.array([[100, 100, 110, 110]], np.uint8)
    >>> DirectedEdgeDetect(alpha=1.0, direction=0.25)(image=step)
    array([[ 0, 10, 10,  0]], dtype=uint8)
    """

    def __init__(
        self,
        alpha: Any = (0.0, 0.75),
        direction: Any = (0.0, 1.0),
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.alpha = continuous(alpha, "alpha", 0, 1)
        self.direction = continuous(direction, "direction")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw how much and which way."""
        alpha = self.alpha.draw_sample(rng)
        return blend(_facing(self.direction.draw_sample(rng)), alpha)


def _facing(direction: float) -> Kernel:
    """Return the kernel that sees edges whose brighter side lies in a direction, in turns."""
    x, y = math.sin(2 * math.pi * direction), -math.cos(2 * math.pi * direction)
    ways = [[(i * x + j * y) / (math.hypot(i, j) or 1) for i in (-1, 0, 1)] for j in (-1, 0, 1)]
    side = sum(abs(weight) for row in ways for weight in row) / 2
    return tuple(tuple(weight / side for weight in row) for row in ways)

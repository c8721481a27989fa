"""Two phases from a mask, as the article on the heat semigroup has them: JacobiThetaSegmenter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.flow.levels import Level, constant, descend, finished
from acetate.segment.flow.values import Values, check_values
from acetate.segment.masks import Mask, check_mask, square_mask
from acetate.segment.segmentation import FlowFacts, Segmentation

# Intensities are those of 8 bits, as in the article.
_WHITE = 255
# The article's kernel is exp(-pi n^2 dt / 3) in frequencies n over a fifth of the height. In
# pixels, that is the heat kernel at dt height^2 / (12 * 25 * pi).
_TIME = 1 / (300 * np.pi)
# A blur by one pixel: with less, borders stick to the pixels.
_LEAST_TIME = 0.5


@dataclass(frozen=True)
class JacobiTheta:
    """Divide a picture into inside and outside, beginning with a mask.

    Each side has one value. The energy is the length of their border in pixels (twice: once for
    either side) plus ``lambda_param`` times the squared differences of the pixels from the value of
    their side, white being 255.

    Parameters
    ----------
    lambda_param : float
        What a squared difference of intensities weighs against a pixel of length. A speck of
        radius r that differs by D is worth its border if ``lambda_param > 4 / (r D**2)``; 0 is
        pure flow by curvature.
    dt : float
        Time of the heat in each step, in units that grow with the picture: 0.5 is a blur with a
        standard deviation of a 31st of the height; never less than a pixel.
    max_iter : int
        At most so many steps.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    See Also
    --------
    HeatFlow : The same energy for any number of phases, which finds its start and parameters.

    Examples
    --------
    >>> picture = np.zeros((30, 30), np.uint8)
    >>> picture[5:20, 5:20] = 200
    >>> int(JacobiTheta().segment(picture).mask.sum())
    225
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("mask",)
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "lambda_param": (0.00025, 0.001, 0.01),
        "dt": (0.1, 0.5),
    }
    QUALITY: ClassVar[str] = "energies"

    lambda_param: float = option(0.00025, "Fidelity against length.", 0.0, 1e6, "1/intensity^2")
    dt: float = option(0.5, "Time of the heat: 0.5 blurs by a 31st of the height.", 1e-3, 1e3)
    max_iter: int = option(20, "At most so many steps.", 1, 100_000)

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: Array | None = None) -> Segmentation[FlowFacts]:
        """Return 1 where the inside came to be, 0 outside.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
        prompt : numpy.ndarray or None
            The mask to begin with, ``(H, W)`` of any dtype: what is not 0 is inside. None takes a
            square in the middle, a third of the height wide.

        Returns
        -------
        Segmentation
            Its energies are those of the class, in pixels of length.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or the mask has another shape, is empty or full.
        """
        picture = check_values(image, 2, "none")
        space = picture.shape[:-1]
        # In a picture of one pixel the square is all there is, which a mask may not be.
        given = square_mask(space) if prompt is None else check_mask(prompt, space, "initial mask")
        start = given.astype(np.uint8)
        values = Values(picture, "none", scale=_WHITE * float(np.sqrt(self.lambda_param)))
        tau = max(self.dt * space[0] ** 2 * _TIME, _LEAST_TIME)
        level = Level(values, constant(values, 2), tau)
        flows = descend([level], 1.0, start, self.max_iter, still=0.0)
        return finished(level, flows, 1.0)


@dataclass(frozen=True)
class JacobiThetaSegmenter:
    """The segmenter of the article, with its names and in its order.

    Parameters
    ----------
    lambda_param, dt : float
        As in `JacobiTheta`.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range.

    Examples
    --------
    >>> from acetate import samples
    >>> image = samples.picture("flower", (128, 192))
    >>> mask = square_mask(image)
    >>> result, energies = JacobiThetaSegmenter().segment(image, mask, max_iter=20)
    >>> result.shape, energies[0] > energies[-1]
    ((128, 192), True)
    """

    lambda_param: float = 0.00025
    dt: float = 0.5

    def __post_init__(self) -> None:
        JacobiTheta(self.lambda_param, self.dt)

    def segment(
        self, image: Array, initial_mask: Array, max_iter: int = 20
    ) -> tuple[Mask, list[float]]:
        """Let a mask flow until it fits the picture.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
        initial_mask : numpy.ndarray
            ``(H, W)`` of any dtype: what is not 0 is inside.
        max_iter : int
            At most so many steps, at least 1.

        Returns
        -------
        numpy.ndarray
            ``(H, W)`` bool: what became of the mask. It is inside whether bright or dark.
        list of float
            The energy at the start and after every step, falling; `JacobiTheta` says of what.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or the mask has another shape, is empty or full.
        """
        method = JacobiTheta(self.lambda_param, self.dt, max_iter)
        found = method.segment(image, initial_mask)
        return found.mask, list(found.facts.energies)

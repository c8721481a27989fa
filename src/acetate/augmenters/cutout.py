"""Cutout: rectangles anywhere in a picture, filled with a colour or with noise."""

from functools import partial
from typing import Any

import numpy as np

from acetate.arrays import Array, Shape, full_scale
from acetate.augmenters.arithmetic import amount_parameter
from acetate.augmenters.base import Augmenter, draw_channels
from acetate.augmenters.noise import bands, quantiles, sampler, spread
from acetate.augmenters.steps import Pixels, Plain, Step, pixel_function
from acetate.augmenters.to_size import position_parameter
from acetate.parameters import choice_of, continuous, discrete, probability
from acetate.seeds import Seed, draw_key

Box = tuple[int, int, int, int]

# The normal distribution of mean 1/2 whose sixfold deviation is the range from black to white.
_GRAY = ("Normal", 0.5, 0.5 / 3)


@pixel_function
def fill_boxes(image: Array, boxes: tuple[Box, ...], fills: tuple[Plain, ...], key: int) -> Array:
    """Fill boxes in order.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, C)``.
    boxes : tuple of (top, left, bottom, right)
        In pixels, inside the picture; the ends are not filled.
    fills : tuple
        For each box a number or one for each channel, 255 being white; or "gaussian", normal
        noise, the same in all channels; or "gaussian_per_channel".
    key : int
        Of the noise.
    """
    out, white = image.copy(), full_scale(image.dtype)
    for i, ((top, left, bottom, right), fill) in enumerate(zip(boxes, fills, strict=True)):
        part = out[top:bottom, left:right]
        if isinstance(fill, str):
            sample = sampler(partial(_grays, dtype=image.dtype), part.size)
            for rows, noise in bands(key + i, part, int(fill == "gaussian_per_channel")):
                part[rows] = spread(sample(noise), part[rows].shape)
        else:
            part[:] = _rounded(np.asarray(fill, np.float64) * (white / 255), image.dtype)
    return out


def _grays(noise: Array, dtype: Any) -> Array:
    return _rounded(np.clip(quantiles(noise, _GRAY), 0, 1) * full_scale(dtype), dtype)


def _rounded(values: Array, dtype: Any) -> Array:
    return (values if np.dtype(dtype).kind == "f" else np.floor(values + 0.5)).astype(dtype)


class Cutout(Augmenter):
    """Fill rectangles; the sheets stay as they are.

    Parameters
    ----------
    nb_iterations : int, (low, high), list or parameter
        How many.
    position : str, (x, y), or parameter
        Where their centres lie: "uniform" or "normal" at random, "center", a word like "left-top",
        or fractions (or parameters) for x and y in [0, 1].
    size : number, (low, high), list or parameter
        Height and width as fractions of the picture's, each drawn.
    squared : bool, float or parameter
        Whether (or how often) the width in pixels is the height.
    fill_mode : {"constant", "gaussian"}, list of them, `ALL` or parameter
        One colour, or normal noise around a middle gray.
    cval : number, (low, high), list or parameter
        The colour: 0 is black and 255 white in any dtype. A range of two whole numbers gives whole
        numbers.
    fill_per_channel : bool, float or parameter
        Whether (or how often) each channel gets a colour or noise of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Cutout(position=(0.0, 0.0), size=1.0)(image=np.zeros((4, 4), np.uint8))
    array([[128, 128,   0,   0],
           [128, 128,   0,   0],
           [  0,   0,   0,   0],
           [  0,   0,   0,   0]], dtype=uint8)
    """

    def __init__(
        self,
        nb_iterations: Any = 1,
        position: Any = "uniform",
        size: Any = 0.2,
        squared: Any = True,
        fill_mode: Any = "constant",
        cval: Any = 128,
        fill_per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.nb_iterations = discrete(nb_iterations, "nb_iterations", 0)
        self.position = position_parameter(position)
        self.size = continuous(size, "size", 0, 1)
        self.squared = probability(squared, "squared")
        self.fill_mode = choice_of(fill_mode, "fill_mode", ("constant", "gaussian"))
        self.cval = amount_parameter(cval, "cval", 0, 255)
        self.fill_per_channel = probability(fill_per_channel, "fill_per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the rectangles one by one, then the key of the noise."""
        count = int(self.nb_iterations.draw_sample(rng))
        drawn = [(self._box(shape, rng), self._fill(shape, rng)) for _ in range(count)]
        boxes, fills = zip(*drawn, strict=True) if drawn else ((), ())
        key = draw_key(rng)
        return [Pixels("fill_boxes", {"boxes": boxes, "fills": fills}, key)] if boxes else []

    def _box(self, shape: Shape, rng: np.random.Generator) -> Box:
        """Draw where: top, left, bottom and right, cut off at the picture's sides."""
        x, y = (p.draw_sample(rng) for p in self.position)
        rows, columns = (self.size.draw_sample(rng) * side for side in shape[:2])
        if self.squared.draw_sample(rng):
            columns = rows
        top, bottom = _span(y, rows, shape[0])
        left, right = _span(x, columns, shape[1])
        return top, left, bottom, right

    def _fill(self, shape: Shape, rng: np.random.Generator) -> Plain:
        """Draw with what."""
        if self.fill_mode.draw_sample(rng) == "constant":
            return draw_channels(self.cval, self.fill_per_channel, shape, rng)
        return "gaussian_per_channel" if self.fill_per_channel.draw_sample(rng) else "gaussian"


def _span(centre: float, length: float, side: int) -> tuple[int, int]:
    """Return where a length around a centre begins and ends on a side of so many pixels."""
    pixels = round(length)
    first = round(centre * side - pixels / 2)
    return min(max(first, 0), side), min(max(first + pixels, 0), side)

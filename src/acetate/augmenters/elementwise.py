"""Noise that is added to each pixel, or multiplies it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape, full_scale
from acetate.augmenters.arithmetic import amount_parameter
from acetate.augmenters.base import Augmenter
from acetate.augmenters.limits import in_range
from acetate.augmenters.noise import (
    LEVELS,
    Distribution,
    bands,
    distribution,
    quantiles,
    sampler,
    spread,
)
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import (
    Laplace,
    Normal,
    Poisson,
    StochasticParameter,
    continuous,
    probability,
)
from acetate.seeds import Seed, draw_key, stream

_ENDS = np.array([[0, LEVELS - 1]], np.uint16)
_DEPTHS = {
    "uint8": cv2.CV_8U,
    "uint16": cv2.CV_16U,
    "float32": cv2.CV_32F,
    "float64": cv2.CV_64F,
}


@pixel_function
def add_elementwise(image: Array, amounts: Distribution, per_channel: int, key: int) -> Array:
    """Add to each pixel, or to each of its values, a number of its own.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, C)``.
    amounts : tuple
        Their distribution, as `noise.distribution` returns it; 255 is white.
    per_channel : 0 or 1
        Whether each value gets its own, or all of a pixel the same.
    """
    if image.dtype.kind != "f":
        return _add_integers(image, partial(_whole, amounts, image.dtype), per_channel, key)
    unit = image.dtype.type(1 / 255)
    sample = sampler(lambda noise: quantiles(noise, amounts) * unit, image.size)
    out = np.empty(image.shape, image.dtype)
    for rows, noise in bands(key, image, per_channel):
        np.add(image[rows], spread(sample(noise), image[rows].shape), out=out[rows])
    return np.clip(out, 0, 1, out=out)


def _whole(amounts: Distribution, dtype: Any, noise: Array) -> Array:
    """Return the whole numbers that noise stands for in a dtype, as floats."""
    numbers = quantiles(noise, amounts)
    if dtype != np.uint8:
        numbers *= np.float32(full_scale(dtype) / 255)
    return np.rint(numbers, out=numbers)


def _add_integers(
    image: Array, whole: Callable[[Array], Array], per_channel: int, key: int
) -> Array:
    """Add whole numbers, stopping at black and white.

    OpenCV adds signed bytes fastest, and stops at their ends: so black becomes -128 for the time
    being, and what does not fit a byte is added in parts. The like for 16 bits.
    """
    middle = image.dtype.type((full_scale(image.dtype) + 1) / 2)
    signed, most = np.dtype(f"i{image.dtype.itemsize}"), int(middle) - 1
    parts = -(-min(int(np.abs(whole(_ENDS)).max()), 2 * most + 1) // most)
    samples = [
        sampler(partial(_part, whole, i * most, most, signed), image.size) for i in range(parts)
    ]
    out = np.bitwise_xor(image, middle, order="C")
    flat = out.view(signed).reshape(image.shape[0], -1)
    for rows, noise in bands(key, image, per_channel):
        for sample in samples:
            part = spread(sample(noise), image[rows].shape).reshape(flat[rows].shape)
            cv2.add(flat[rows], part, flat[rows])
    return np.bitwise_xor(out, middle, out=out)


def _part(
    whole: Callable[[Array], Array], first: int, most: int, dtype: Any, noise: Array
) -> Array:
    """Return what of each whole number lies between `first` and `most` more, either way."""
    numbers = whole(noise)
    part = numbers.clip(-first - most, first + most)
    if first:
        part -= numbers.clip(-first, first)
    return part.astype(dtype)


@pixel_function
def multiply_elementwise(image: Array, factors: Distribution, per_channel: int, key: int) -> Array:
    """Multiply each pixel, or each of its values, by a number of its own.

    Parameters
    ----------
    image, per_channel
        As for `add_elementwise`.
    factors : tuple
        Their distribution, as `noise.distribution` returns it.
    """
    sample = sampler(partial(quantiles, drawn=factors), image.size)
    out = np.empty(image.shape, image.dtype)
    flat = out.reshape(image.shape[0], -1)
    for rows, noise in bands(key, image, per_channel):
        field = spread(sample(noise), image[rows].shape).reshape(flat[rows].shape)
        values = np.ascontiguousarray(image[rows]).reshape(field.shape)
        cv2.multiply(values, field, flat[rows], dtype=_DEPTHS[image.dtype.name])
    return in_range(out, image)


class _Elementwise(Augmenter):
    """What these share: a distribution for each pixel, and whether channels differ."""

    function: str
    argument: str  # of the function
    given_as: str  # by the user
    neutral: float

    def __init__(
        self,
        parameter: StochasticParameter,
        per_channel: Any,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        distribution(parameter, stream(0), self.given_as)  # refuses what recipes cannot hold
        self.parameter = parameter
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the distribution's own parameters, and the key of the noise."""
        drawn = distribution(self.parameter, rng, self.given_as)
        per_channel, key = int(self.per_channel.draw_sample(rng)), draw_key(rng)
        if (quantiles(_ENDS, drawn) == self.neutral).all():
            return []
        return [Pixels(self.function, {self.argument: drawn, "per_channel": per_channel}, key)]


class AddElementwise(_Elementwise):
    """Add to each pixel a number of its own.

    Parameters
    ----------
    value : number, (low, high), list or parameter
        On the scale of 0 to 255 for pictures of any dtype, drawn for each pixel. A range of two
        whole numbers gives whole numbers, both ends included; a parameter may be Binomial, Normal,
        Laplace or Poisson.
    per_channel : bool, float or parameter
        Whether (or how often) each channel of a pixel gets a number of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> AddElementwise([-5, 5], seed=1)(image=np.full((1, 6), 100, np.uint8))
    array([[105,  95,  95, 105, 105, 105]], dtype=uint8)
    """

    function, argument, given_as, neutral = "add_elementwise", "amounts", "value", 0

    def __init__(
        self,
        value: Any = (-20, 20),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(amount_parameter(value, "value"), per_channel, seed, name)


class AdditiveGaussianNoise(_Elementwise):
    """Add normally distributed noise.

    Parameters
    ----------
    loc : number, (low, high), list or parameter
        Its mean, 255 being white; drawn for each picture.
    scale : number, (low, high), list or parameter
        Its standard deviation, 255 being white; drawn for each picture.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets noise of its own.
    seed, name
        See `Augmenter`.

    Notes
    -----
    The noise takes 65,536 values, the middle quantiles: it ends at 4.3 standard deviations, beyond
    which one value in 65,536 would lie.

    Examples
    --------
    >>> noisy = AdditiveGaussianNoise(scale=10, seed=1)(image=np.full((64, 64), 100, np.uint8))
    >>> float(noisy.mean().round()), float(noisy.std().round())
    (100.0, 10.0)
    """

    function, argument, given_as, neutral = "add_elementwise", "amounts", "value", 0

    def __init__(
        self,
        loc: Any = 0,
        scale: Any = (0, 15),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        noise = Normal(continuous(loc, "loc"), continuous(scale, "scale", 0))
        super().__init__(noise, per_channel, seed, name)


class AdditiveLaplaceNoise(_Elementwise):
    """Add noise with a Laplace distribution: a sharper peak and longer tails than the normal's.

    Parameters
    ----------
    loc : number, (low, high), list or parameter
        Its mean, 255 being white; drawn for each picture.
    scale : number, (low, high), list or parameter
        Its mean absolute deviation, 255 being white; drawn for each picture.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets noise of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> noisy = AdditiveLaplaceNoise(scale=10, seed=1)(image=np.full((64, 64), 100, np.uint8))
    >>> float(np.median(noisy)), float(np.abs(noisy - 100.0).mean().round())
    (100.0, 10.0)
    """

    function, argument, given_as, neutral = "add_elementwise", "amounts", "value", 0

    def __init__(
        self,
        loc: Any = 0,
        scale: Any = (0, 15),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        noise = Laplace(continuous(loc, "loc"), continuous(scale, "scale", 0))
        super().__init__(noise, per_channel, seed, name)


class AdditivePoissonNoise(_Elementwise):
    """Add noise with a Poisson distribution: whole numbers from 0, never darker.

    Parameters
    ----------
    lam : number, (low, high), list or parameter
        Its mean and variance, 255 being white; drawn for each picture.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets noise of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> noisy = AdditivePoissonNoise(9, seed=1)(image=np.full((64, 64), 100, np.uint8))
    >>> float(noisy.mean().round()), float(noisy.std().round())
    (109.0, 3.0)
    """

    function, argument, given_as, neutral = "add_elementwise", "amounts", "value", 0

    def __init__(
        self,
        lam: Any = (0.0, 15.0),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(Poisson(continuous(lam, "lam", 0)), per_channel, seed, name)


class MultiplyElementwise(_Elementwise):
    """Multiply each pixel by a number of its own.

    Parameters
    ----------
    mul : number, (low, high), list or parameter
        Drawn for each pixel; a parameter may be Binomial, Normal, Laplace or Poisson.
    per_channel : bool, float or parameter
        Whether (or how often) each channel of a pixel gets a number of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> MultiplyElementwise([0.5, 2.0], seed=1)(image=np.full((1, 6), 100, np.uint8))
    array([[200,  50,  50, 200, 200, 200]], dtype=uint8)
    """

    function, argument, given_as, neutral = "multiply_elementwise", "factors", "mul", 1

    def __init__(
        self,
        mul: Any = (0.8, 1.2),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(continuous(mul, "mul"), per_channel, seed, name)

"""Noise that is added to each pixel, or multiplies it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape, full_scale
from acetate.augmenters.arithmetic import amount_parameter
from acetate.augmenters.base import Augmenter
from acetate.augmenters.noise import (
    LEVELS,
    Distribution,
    bits,
    distribution,
    field_shape,
    quantiles,
    spread,
    tabulated,
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
    noise = bits(key, field_shape(image, bool(per_channel)))
    if image.dtype.kind == "f":
        field = tabulated(lambda n: quantiles(n, amounts).astype(image.dtype) / 255, noise)
        return np.clip(image + spread(field, image), 0, 1)
    return _add_integers(image, noise, partial(_whole, amounts=amounts, dtype=image.dtype))


def _whole(noise: Array, amounts: Distribution, dtype: Any) -> Array:
    """Return the whole numbers that noise stands for in a dtype; beyond white counts as white."""
    white = full_scale(dtype)
    return np.clip(np.rint(quantiles(noise, amounts) * np.float32(white / 255)), -white, white)


def _add_integers(image: Array, noise: Array, whole: Callable[[Array], Array]) -> Array:
    """Add whole numbers, stopping at black and white.

    OpenCV adds signed bytes fastest, and stops at their ends: so black becomes -128 for the time
    being, and what does not fit a byte is added in parts. The like for 16 bits.
    """
    middle = image.dtype.type((full_scale(image.dtype) + 1) / 2)
    signed = np.dtype(f"i{image.dtype.itemsize}")
    most = int(middle) - 1
    out = np.bitwise_xor(image, middle).view(signed)
    flat = out.reshape(image.shape[0], -1)
    for i in range(max(1, -(-int(np.abs(whole(_ENDS)).max()) // most))):
        field = tabulated(
            partial(_part, whole=whole, first=i * most, most=most, dtype=signed), noise
        )
        cv2.add(flat, spread(field, image).reshape(flat.shape), flat)
    flat ^= signed.type(-most - 1)
    return out.view(image.dtype)


def _part(
    noise: Array, whole: Callable[[Array], Array], first: int, most: int, dtype: Any
) -> Array:
    """Return what of each whole number lies between `first` and `most` more, either way."""
    numbers = whole(noise)
    part = np.clip(numbers, -first - most, first + most) - np.clip(numbers, -first, first)
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
    noise = bits(key, field_shape(image, bool(per_channel)))
    field = spread(tabulated(partial(quantiles, drawn=factors), noise), image)
    if image.dtype.kind == "f":
        return np.clip(image * field.astype(image.dtype, copy=False), 0, 1)
    flat = (image.shape[0], -1)
    depth = cv2.CV_8U if image.dtype == np.uint8 else cv2.CV_16U
    return cv2.multiply(image.reshape(flat), field.reshape(flat), dtype=depth).reshape(image.shape)


class _Elementwise(Augmenter):
    """What these share: a distribution for each pixel, and whether channels differ."""

    function: str
    argument: str
    neutral: float

    def __init__(
        self,
        parameter: StochasticParameter,
        per_channel: Any,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        distribution(parameter, stream(0), self.argument)  # refuses what recipes cannot hold
        self.parameter = parameter
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the distribution's own parameters, and the key of the noise."""
        drawn = distribution(self.parameter, rng, self.argument)
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
    array([[105, 105, 105, 105,  95,  95]], dtype=uint8)
    """

    function, argument, neutral = "add_elementwise", "amounts", 0

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

    function, argument, neutral = "add_elementwise", "amounts", 0

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

    function, argument, neutral = "add_elementwise", "amounts", 0

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

    function, argument, neutral = "add_elementwise", "amounts", 0

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
    array([[200, 200, 200, 200,  50,  50]], dtype=uint8)
    """

    function, argument, neutral = "multiply_elementwise", "factors", 1

    def __init__(
        self,
        mul: Any = (0.8, 1.2),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(continuous(mul, "mul"), per_channel, seed, name)

"""Noise from a key: raw bits, and the quantiles that give them any distribution."""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from statistics import NormalDist
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.parameters import (
    Binomial,
    Choice,
    Deterministic,
    DiscreteUniform,
    Laplace,
    Normal,
    Poisson,
    StochasticParameter,
    Uniform,
)
from acetate.seeds import bits_of

LEVELS = 65536
Distribution = tuple[Any, ...]

_BAND = 2**18  # values of a picture

_FIELDS: dict[type[StochasticParameter], tuple[str, ...]] = {
    Uniform: ("a", "b"),
    DiscreteUniform: ("a", "b"),
    Binomial: ("p",),
    Normal: ("loc", "scale"),
    Laplace: ("loc", "scale"),
    Poisson: ("lam",),
}


def bands(key: int, image: Array, per_channel: int) -> Iterator[tuple[slice, Array]]:
    """Yield a picture's rows in bands, and the uint16 noise of a key for each band.

    Every number is equally likely. It is the raw output of a bit generator, which NumPy keeps the
    same in all versions; how high the bands are does not change it. They are there because
    memory that is small enough to be used again is much cheaper than fresh memory.

    Parameters
    ----------
    key : int
        Which noise.
    image : numpy.ndarray
        ``(H, W, C)``.
    per_channel : 0 or 1
        0: noise ``(h, W)``, one number for all channels; 1: ``(h, W * C)``, one for each.

    Examples
    --------
    >>> list(bands(7, np.zeros((2, 3, 1)), 0))
    [(slice(0, 2, None), array([[40280, 39674, 50660],
           [21921, 57825, 35754]], dtype=uint16))]
    """
    height, width, channels = image.shape
    source = bits_of(key)
    columns = width * channels if per_channel else width
    rows = max(4, _BAND // (width * channels) // 4 * 4)  # by fours: no raw number is cut apart
    for first in range(0, height, rows):
        band = slice(first, min(first + rows, height))
        count = (band.stop - first) * columns
        raw: Array = source.random_raw(-(-count // 4))
        yield band, raw.view(np.uint16)[:count].reshape(-1, columns)


def spread(field: Array, shape: Shape) -> Array:
    """Return a field, ``(H, W)`` or ``(H, W * C)``, as a number for each value of ``(H, W, C)``.

    Examples
    --------
    >>> spread(np.array([[1, 2]], np.uint8), (1, 2, 2))
    array([[[1, 1],
            [2, 2]]], dtype=uint8)
    """
    channels = shape[2]
    if field.shape != shape[:2] or channels == 1:
        return field.reshape(shape)
    if channels == 3 and field.dtype.itemsize == 1:
        return cv2.cvtColor(field.view(np.uint8), cv2.COLOR_GRAY2RGB).view(field.dtype)
    if channels <= 4:
        return cv2.merge([field] * channels)
    return np.repeat(field[:, :, np.newaxis], channels, axis=2)


def sampler(function: Callable[[Array], Array], count: int) -> Callable[[Array], Array]:
    """Return a function of single uint16 numbers; through a table if it is for many numbers.

    Examples
    --------
    >>> roots = sampler(np.sqrt, count=10**6)
    >>> roots(np.array([[4, 9]], np.uint16))
    array([[2., 3.]], dtype=float32)
    """
    if count < LEVELS:
        return function
    return partial(look_up, table=function(np.arange(LEVELS, dtype=np.uint16)))


def look_up(noise: Array, table: Array) -> Array:
    """Return the entries of a table of 65,536 that uint16 noise names."""
    return cv2.LUT(noise, table).reshape(noise.shape)


def distribution(
    parameter: StochasticParameter, rng: np.random.Generator, name: str
) -> Distribution:
    """Return a parameter's distribution in plain words, its own parameters drawn.

    Parameters
    ----------
    parameter : StochasticParameter
        A constant, a range, a list of numbers, Binomial, Normal, Laplace or Poisson.
    rng : numpy.random.Generator
        Where a mean or a scale that is itself a parameter is drawn.
    name : str
        What the error calls the argument.

    Returns
    -------
    tuple
        The class's name and numbers; for a choice its values, ascending, and their weights.

    Raises
    ------
    TypeError
        If the parameter is another one.

    Examples
    --------
    >>> distribution(Normal(0, (4, 4)), np.random.default_rng(0), "value")
    ('Normal', 0.0, 4.0)
    """
    kind = type(parameter)
    if isinstance(parameter, Deterministic):
        return ("Deterministic", float(parameter.value))
    if isinstance(parameter, Choice) and all(
        type(option) is Deterministic for option in parameter.a
    ):
        values = [float(value) for value in parameter.known_values()]
        weights = parameter.p or (1.0,) * len(values)
        pairs = sorted(zip(values, weights, strict=True))
        return ("Choice", tuple(v for v, _ in pairs), tuple(w for _, w in pairs))
    if kind not in _FIELDS:
        raise TypeError(
            f"{name} is drawn for every pixel: it must be a number, a range, a list of numbers, "
            f"Binomial, Normal, Laplace or Poisson, got {parameter!r}"
        )
    numbers = (float(getattr(parameter, field).draw_sample(rng)) for field in _FIELDS[kind])
    return (kind.__name__, *numbers)


def quantiles(noise: Array, drawn: Distribution) -> Array:
    """Return the numbers of a distribution that uint16 noise stands for, float32.

    Noise n stands for the quantile at (n + 1/2) / 65536, so every probability is exact to
    1/65536, and a normal distribution ends at 4.3 standard deviations.

    Examples
    --------
    >>> quantiles(np.array([0, 32767, 65535], np.uint16), ("DiscreteUniform", 1.0, 6.0))
    array([1., 3., 6.], dtype=float32)
    """
    name, *numbers = drawn
    return _QUANTILES[name](noise, *numbers)


def _constant(noise: Array, value: float) -> Array:
    return np.full(noise.shape, value, np.float32)


def _share(noise: Array) -> Array:
    """Return (n + 1/2) / 65536, exact in float32."""
    return (noise + np.float32(0.5)) * np.float32(1 / LEVELS)


def _uniform(noise: Array, a: float, b: float) -> Array:
    return np.float32(a) + np.float32(b - a) * _share(noise)


def _discrete(noise: Array, a: float, b: float) -> Array:
    low, high = min(a, b), max(a, b)
    return np.float32(low) + np.floor(np.float32(high - low + 1) * _share(noise))


def _binomial(noise: Array, p: float) -> Array:
    return (noise >= round((1 - p) * LEVELS)).astype(np.float32)


def _normal(noise: Array, loc: float, scale: float) -> Array:
    numbers = look_up(noise, _standard_normal())
    numbers *= np.float32(scale)
    numbers += np.float32(loc)
    return numbers


@lru_cache(maxsize=1)
def _standard_normal() -> Array:
    """Return the quantiles of the normal distribution; their negatives are mirrored exactly."""
    quantile = NormalDist().inv_cdf
    lower = np.array([quantile((n + 0.5) / LEVELS) for n in range(LEVELS // 2)], np.float32)
    return np.concatenate([lower, -lower[::-1]])


def _laplace(noise: Array, loc: float, scale: float) -> Array:
    centred = _share(noise) - np.float32(0.5)
    beyond = -np.log1p(-2 * np.abs(centred))
    return np.float32(loc) + np.float32(scale) * np.copysign(beyond, centred)


def _poisson(noise: Array, lam: float) -> Array:
    counts = np.arange(1, math.ceil(lam + 10 * math.sqrt(lam)) + 10)
    logs = np.concatenate([[0.0], np.cumsum(np.log(lam / counts))]) - lam if lam else [0.0]
    return np.searchsorted(np.cumsum(np.exp(logs)), _share(noise)).astype(np.float32)


def _choice(noise: Array, values: tuple[float, ...], weights: tuple[float, ...]) -> Array:
    edges = np.cumsum(weights)
    picked = np.searchsorted(edges[:-1] / edges[-1], _share(noise), side="right")
    return np.array(values, np.float32)[picked]


_QUANTILES: dict[str, Callable[..., Array]] = {
    "Deterministic": _constant,
    "Uniform": _uniform,
    "DiscreteUniform": _discrete,
    "Binomial": _binomial,
    "Normal": _normal,
    "Laplace": _laplace,
    "Poisson": _poisson,
    "Choice": _choice,
}

"""Ranges, and the one parser of numbers, ranges and lists that every augmenter asks."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.parameters.base import Deterministic, Plain, Size, StochasticParameter
from acetate.parameters.choice import Choice, filled

ParameterLike = float | tuple[float, float] | list[Any] | StochasticParameter


@dataclass(frozen=True, init=False, repr=False)
class Uniform(StochasticParameter):
    """Any number from `a` up to `b`, all equally likely.

    Parameters
    ----------
    a, b : number, (low, high), list or StochasticParameter
        The ends, in either order. Ends that are drawn are drawn once per call.

    Examples
    --------
    >>> 2.0 <= Uniform(2, 5).draw_sample(np.random.default_rng(0)) < 5.0
    True
    """

    a: StochasticParameter
    b: StochasticParameter

    def __init__(self, a: ParameterLike, b: ParameterLike) -> None:
        self._hold(a=continuous(a, "Uniform.a"), b=continuous(b, "Uniform.b"))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        low = self.a.draw_sample(rng)
        high = self.b.draw_sample(rng)
        number: float = low + (high - low) * rng.random()
        return number

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        low = self.a.draw_sample(rng)
        high = self.b.draw_sample(rng)
        return low + (high - low) * np.asarray(rng.random(size, dtype=np.float32))

    def known_values(self) -> tuple[Plain, ...]:
        """Return the ends, where they are constants."""
        return self.a.known_values() + self.b.known_values()


@dataclass(frozen=True, init=False, repr=False)
class DiscreteUniform(StochasticParameter):
    """Any whole number from `a` to `b`, both included, all equally likely.

    Parameters
    ----------
    a, b : int, (low, high), list or StochasticParameter
        The ends, in either order. Ends that are drawn are drawn once per call.

    Examples
    --------
    >>> DiscreteUniform(1, 6).draw_samples(1000, np.random.default_rng(0)).max()
    np.int64(6)
    """

    a: StochasticParameter
    b: StochasticParameter

    def __init__(self, a: ParameterLike, b: ParameterLike) -> None:
        self._hold(a=discrete(a, "DiscreteUniform.a"), b=discrete(b, "DiscreteUniform.b"))

    def draw_sample(self, rng: np.random.Generator) -> int:
        """Draw one whole number."""
        low, high = self._ends(rng)
        return int(rng.integers(low, high + 1))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of whole numbers, int64."""
        low, high = self._ends(rng)
        return np.asarray(rng.integers(low, high + 1, size))

    def known_values(self) -> tuple[Plain, ...]:
        """Return the ends, where they are constants."""
        return self.a.known_values() + self.b.known_values()

    def _ends(self, rng: np.random.Generator) -> tuple[int, int]:
        one, other = int(self.a.draw_sample(rng)), int(self.b.draw_sample(rng))
        return (one, other) if one <= other else (other, one)


@dataclass(frozen=True, init=False, repr=False)
class Binomial(StochasticParameter):
    """1 with probability `p`, otherwise 0.

    Parameters
    ----------
    p : number, (low, high), list or StochasticParameter
        In [0, 1]. One that is drawn is drawn once per call.

    Examples
    --------
    >>> Binomial(1.0).draw_sample(np.random.default_rng(0))
    1
    """

    p: StochasticParameter

    def __init__(self, p: ParameterLike) -> None:
        self._hold(p=continuous(p, "Binomial.p", 0, 1))

    def draw_sample(self, rng: np.random.Generator) -> int:
        """Draw 0 or 1."""
        p = self.p.draw_sample(rng)
        if p <= 0 or p >= 1:  # certainty needs no chance
            return 1 if p >= 1 else 0
        return 1 if rng.random() < p else 0

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of zeros and ones, int64."""
        p = self.p.draw_sample(rng)
        return np.asarray(rng.random(size) < p, dtype=np.int64)


def continuous(
    value: ParameterLike,
    name: str,
    low: float = -math.inf,
    high: float = math.inf,
    choices: bool = True,
) -> StochasticParameter:
    """Return the parameter that an argument of numbers means.

    Parameters
    ----------
    value : number, (a, b), list or StochasticParameter
        A number stands for itself, a tuple for a range (`Uniform`), a list for a `Choice`.
    name : str
        What errors call the argument.
    low, high : float
        The least and the largest number allowed, both included. Parameters are held to them as
        far as their values are known (`StochasticParameter.known_values`).
    choices : bool
        Whether a list is allowed.

    Raises
    ------
    TypeError
        If the value is anything else.
    ValueError
        If a number is not finite or outside [low, high], or a list is empty.

    Examples
    --------
    >>> continuous((0.5, 2), "scale", low=0)
    Uniform(a=0.5, b=2)
    >>> continuous(-1, "scale", low=0)
    Traceback (most recent call last):
    ValueError: scale must be at least 0, got -1
    """
    return _parse(value, name, _Bounds(name, low, high), Uniform, choices)


def discrete(
    value: ParameterLike, name: str, low: float = -math.inf, high: float = math.inf
) -> StochasticParameter:
    """Return the parameter that an argument of whole numbers means.

    Parameters
    ----------
    value : int, (a, b), list or StochasticParameter
        As in `continuous`; a tuple is a `DiscreteUniform`, both ends included. Floats are allowed
        if they are whole. A parameter is taken as it is: it may draw numbers that are not whole.
    name, low, high
        As in `continuous`.

    Raises
    ------
    TypeError, ValueError
        As in `continuous`; and if a number is not whole.

    Examples
    --------
    >>> discrete((3, 1), "iterations")
    DiscreteUniform(a=1, b=3)
    """
    return _parse(value, name, _Bounds(name, low, high, whole=True), DiscreteUniform, True)


def probability(value: ParameterLike | bool, name: str) -> StochasticParameter:
    """Return the parameter that gives 1 as often as the argument says, otherwise 0.

    Parameters
    ----------
    value : bool, number, (a, b), list or StochasticParameter
        The probability, in [0, 1]: a range or a list is drawn from first. A parameter is taken
        as it is: what it draws is the 0 or 1.
    name : str
        What errors call the argument.

    Raises
    ------
    TypeError, ValueError
        As in `continuous`.

    Examples
    --------
    >>> probability(0.5, "per_channel")
    Binomial(p=0.5)
    """
    if isinstance(value, bool | np.bool):
        return Binomial(float(value))
    if isinstance(value, StochasticParameter):
        return value
    return Binomial(continuous(value, name, 0, 1))


@dataclass(frozen=True)
class _Bounds:
    """What a number may be; calling it returns the number, or raises."""

    name: str
    low: float
    high: float
    whole: bool = False

    def __call__(self, value: Any) -> float:
        number = value.item() if isinstance(value, np.generic) else value
        if not math.isfinite(number):
            raise ValueError(f"{self.name} must be finite, got {number}")
        if self.whole and number != int(number):
            raise ValueError(f"{self.name} must be a whole number, got {number}")
        return self.inside(int(number) if self.whole else number)

    def inside(self, number: float) -> float:
        if not self.low <= number <= self.high:
            raise ValueError(f"{self.name} must {self._said()}, got {number}")
        return number

    def _said(self) -> str:
        if math.isinf(self.high):
            return f"be at least {self.low}"
        if math.isinf(self.low):
            return f"be at most {self.high}"
        return f"lie in [{self.low}, {self.high}]"


def _parse(
    value: Any,
    name: str,
    bounds: _Bounds,
    span: Callable[[float, float], StochasticParameter],
    choices: bool,
) -> StochasticParameter:
    if isinstance(value, StochasticParameter):
        return _check_known(value, bounds)
    if _is_number(value):
        return Deterministic(bounds(value))
    if isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value)):
        return span(*sorted(map(bounds, value)))
    if choices and isinstance(value, list):
        return Choice([_parse_entry(entry, name, bounds) for entry in filled(value, name)])
    raise TypeError(
        f"{name} must be a number, a range (a, b),{' a list of numbers' if choices else ''} "
        f"or a StochasticParameter, got {value!r}"
    )


def _parse_entry(value: Any, name: str, bounds: _Bounds) -> Any:
    if isinstance(value, StochasticParameter):
        return _check_known(value, bounds)
    if _is_number(value):
        return bounds(value)
    raise TypeError(f"a list for {name} must hold numbers or StochasticParameters, got {value!r}")


def _check_known(parameter: StochasticParameter, bounds: _Bounds) -> StochasticParameter:
    for value in parameter.known_values():
        if not _is_number(value):
            raise TypeError(f"{bounds.name} must be a number, {parameter!r} can give {value!r}")
        bounds.inside(float(value))
    return parameter


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)

"""Parameters made from parameters: sums, products, bounds, signs, whole numbers."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.parameters.base import Size, StochasticParameter, plain, single_precision
from acetate.parameters.ranges import ParameterLike, continuous


@dataclass(frozen=True, init=False, repr=False)
class _Arithmetic(StochasticParameter):
    """Two parameters joined by an operator that the subclass names."""

    other_param: StochasticParameter
    val: StochasticParameter
    elementwise: bool

    def __init__(
        self, other_param: ParameterLike, val: ParameterLike, elementwise: bool = False
    ) -> None:
        self._hold(
            other_param=continuous(other_param, f"{type(self).__name__}.other_param"),
            val=continuous(val, f"{type(self).__name__}.val"),
        )
        self._hold(elementwise=bool(elementwise))

    def draw_sample(self, rng: np.random.Generator) -> Any:
        """Draw from both and combine."""
        number = self.other_param.draw_sample(rng)
        return plain(self._combine(number, self.val.draw_sample(rng)))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array from the first and combine it with the second."""
        numbers = self.other_param.draw_samples(size, rng)
        if self.elementwise:
            return single_precision(self._combine(numbers, self.val.draw_samples(size, rng)))
        return single_precision(self._combine(numbers, self.val.draw_sample(rng)))

    @abstractmethod
    def _combine(self, x: Any, y: Any) -> Any:
        """Apply the operator to two numbers, or to an array and a number or an array."""


class Add(_Arithmetic):
    """The sum of two parameters: ``other_param + val``.

    Parameters
    ----------
    other_param : number, (low, high), list or StochasticParameter
        Drawn for every element.
    val : as `other_param`
        Drawn once per call.
    elementwise : bool
        Whether `val` too is drawn for every element.

    Examples
    --------
    >>> Add(1, 5).draw_sample(np.random.default_rng(0))
    6
    """

    def _combine(self, x: Any, y: Any) -> Any:
        return x + y


class Subtract(_Arithmetic):
    """The difference of two parameters: ``other_param - val``.

    Parameters
    ----------
    other_param, val, elementwise
        As in `Add`.

    Examples
    --------
    >>> Subtract(7, 5).draw_sample(np.random.default_rng(0))
    2
    """

    def _combine(self, x: Any, y: Any) -> Any:
        return x - y


class Multiply(_Arithmetic):
    """The product of two parameters: ``other_param * val``.

    Parameters
    ----------
    other_param, val, elementwise
        As in `Add`.

    Examples
    --------
    >>> Multiply(7, 0.5).draw_sample(np.random.default_rng(0))
    3.5
    """

    def _combine(self, x: Any, y: Any) -> Any:
        return x * y


class Divide(_Arithmetic):
    """The quotient of two parameters: ``other_param / val``, always floats.

    Parameters
    ----------
    other_param, val, elementwise
        As in `Add`.

    Raises
    ------
    ZeroDivisionError
        When a divisor of 0 is drawn.

    Examples
    --------
    >>> Divide(1, 4).draw_sample(np.random.default_rng(0))
    0.25
    """

    def _combine(self, x: Any, y: Any) -> Any:
        if np.any(y == 0):
            raise ZeroDivisionError(f"{self!r} drew a divisor of 0; keep 0 out of val")
        return x / y


class Power(_Arithmetic):
    """One parameter to the power of another: ``other_param ** val``, always floats.

    Parameters
    ----------
    other_param, val, elementwise
        As in `Add`.

    Raises
    ------
    ValueError
        When a negative number is drawn with a broken exponent, or 0 with a negative one.

    Examples
    --------
    >>> Power(2, -1).draw_sample(np.random.default_rng(0))
    0.5
    """

    def _combine(self, x: Any, y: Any) -> Any:
        if np.any((x < 0) & (y != np.floor(y))) or np.any((x == 0) & (y < 0)):
            raise ValueError(
                f"{self!r} drew a power that is no real number; "
                "keep other_param above 0, for example with Absolute or Clip"
            )
        return np.asarray(x, dtype=np.float64) ** y


@dataclass(frozen=True, init=False, repr=False)
class Clip(StochasticParameter):
    """A parameter whose values are moved into [minval, maxval].

    Parameters
    ----------
    other_param : number, (low, high), list or StochasticParameter
        What is clipped.
    minval, maxval : float, optional
        The bounds; at least one is needed.

    Raises
    ------
    ValueError
        If there is no bound, or the lower one is above the upper one.

    Examples
    --------
    >>> Clip(7, maxval=5).draw_sample(np.random.default_rng(0))
    5
    """

    other_param: StochasticParameter
    minval: float | None
    maxval: float | None

    def __init__(
        self,
        other_param: ParameterLike,
        minval: float | None = None,
        maxval: float | None = None,
    ) -> None:
        if minval is None and maxval is None:
            raise ValueError("Clip needs minval or maxval, got neither")
        if minval is not None and maxval is not None and not minval <= maxval:
            raise ValueError(f"Clip needs minval <= maxval, got [{minval}, {maxval}]")
        self._hold(other_param=continuous(other_param, "Clip.other_param"))
        self._hold(minval=minval, maxval=maxval)

    def draw_sample(self, rng: np.random.Generator) -> Any:
        """Draw one number and clip it."""
        number = self.other_param.draw_sample(rng)
        if self.minval is not None and number < self.minval:
            return self.minval
        return self.maxval if self.maxval is not None and number > self.maxval else number

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array and clip it."""
        numbers = self.other_param.draw_samples(size, rng)
        return single_precision(np.clip(numbers, self.minval, self.maxval))


@dataclass(frozen=True, init=False, repr=False)
class Discretize(StochasticParameter):
    """A parameter whose values are made whole.

    Parameters
    ----------
    other_param : number, (low, high), list or StochasticParameter
        What is made whole.
    round : bool
        True takes the nearest whole number (the even one of two), False cuts the digits off.

    Examples
    --------
    >>> Discretize(1.7).draw_sample(np.random.default_rng(0))
    2
    """

    other_param: StochasticParameter
    round: bool

    def __init__(self, other_param: ParameterLike, round: bool = True) -> None:
        self._hold(other_param=continuous(other_param, "Discretize.other_param"), round=bool(round))

    def draw_sample(self, rng: np.random.Generator) -> int:
        """Draw one whole number."""
        number = self.other_param.draw_sample(rng)
        return int(round(number) if self.round else number)

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of whole numbers, int64."""
        numbers = self.other_param.draw_samples(size, rng)
        return (np.rint(numbers) if self.round else numbers).astype(np.int64)


@dataclass(frozen=True, init=False, repr=False)
class Absolute(StochasticParameter):
    """A parameter without its sign.

    Parameters
    ----------
    other_param : number, (low, high), list or StochasticParameter
        Whose sign is dropped.

    Examples
    --------
    >>> Absolute(-3).draw_sample(np.random.default_rng(0))
    3
    """

    other_param: StochasticParameter

    def __init__(self, other_param: ParameterLike) -> None:
        self._hold(other_param=continuous(other_param, "Absolute.other_param"))

    def draw_sample(self, rng: np.random.Generator) -> Any:
        """Draw one number and drop its sign."""
        return abs(self.other_param.draw_sample(rng))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array and drop the signs."""
        return np.abs(self.other_param.draw_samples(size, rng))


@dataclass(frozen=True, init=False, repr=False)
class RandomSign(StochasticParameter):
    """A parameter whose sign is kept with a probability and turned otherwise.

    Parameters
    ----------
    other_param : number, (low, high), list or StochasticParameter
        Whose sign is turned.
    p_positive : float
        How often the sign is kept.

    Raises
    ------
    ValueError
        If `p_positive` is outside [0, 1].

    Examples
    --------
    >>> RandomSign(3, p_positive=0.0).draw_sample(np.random.default_rng(0))
    -3
    """

    other_param: StochasticParameter
    p_positive: float

    def __init__(self, other_param: ParameterLike, p_positive: float = 0.5) -> None:
        if not 0 <= p_positive <= 1:
            raise ValueError(f"p_positive must lie in [0, 1], got {p_positive}")
        self._hold(
            other_param=continuous(other_param, "RandomSign.other_param"), p_positive=p_positive
        )

    def draw_sample(self, rng: np.random.Generator) -> Any:
        """Draw one number and its sign."""
        number = self.other_param.draw_sample(rng)
        return number if rng.random() < self.p_positive else -number

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array, and a sign for every element."""
        numbers = self.other_param.draw_samples(size, rng)
        return np.where(rng.random(size) < self.p_positive, numbers, -numbers)

"""What a stochastic parameter is, and the one that always gives the same value."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from acetate.arrays import Array

Plain = bool | int | float | str
Size = int | tuple[int, ...]


class StochasticParameter(ABC):
    """A number, or a name, that is drawn anew whenever an augmenter asks for it.

    Parameters are immutable; two of one class with equal fields are equal. ``+``, ``-``, ``*``,
    ``/`` and ``**`` with a number or another parameter give a parameter.

    Examples
    --------
    >>> from acetate.parameters import Uniform
    >>> 2 * Uniform(0, 1) + 10
    Add(other_param=Multiply(other_param=Uniform(a=0, b=1), val=2, elementwise=False), val=10,
        elementwise=False)
    """

    # NumPy's scalars then leave operators to the parameter on their right.
    __array_ufunc__ = None

    @abstractmethod
    def draw_sample(self, rng: np.random.Generator) -> Any:
        """Draw one value: a plain bool, int, float or str."""

    @abstractmethod
    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of values: float32 if continuous, int64 if discrete.

        Parameters
        ----------
        size : int or tuple of int
            The shape of the array.
        rng : numpy.random.Generator
            Where the chance comes from.
        """

    def known_values(self) -> tuple[Plain, ...]:
        """Return the constants that bound or make up what is drawn, as far as they are known.

        The values of a `Choice`, the ends of a range; nothing for other distributions.
        """
        return ()

    def __add__(self, other: Any) -> "StochasticParameter":
        return _combine("Add", self, other)

    def __radd__(self, other: Any) -> "StochasticParameter":
        return _combine("Add", self, other)

    def __sub__(self, other: Any) -> "StochasticParameter":
        return _combine("Subtract", self, other)

    def __rsub__(self, other: Any) -> "StochasticParameter":
        return _combine("Subtract", other, self, elementwise=True)

    def __mul__(self, other: Any) -> "StochasticParameter":
        return _combine("Multiply", self, other)

    def __rmul__(self, other: Any) -> "StochasticParameter":
        return _combine("Multiply", self, other)

    def __truediv__(self, other: Any) -> "StochasticParameter":
        return _combine("Divide", self, other)

    def __rtruediv__(self, other: Any) -> "StochasticParameter":
        return _combine("Divide", other, self, elementwise=True)

    def __pow__(self, other: Any) -> "StochasticParameter":
        return _combine("Power", self, other)

    def __rpow__(self, other: Any) -> "StochasticParameter":
        return _combine("Power", other, self, elementwise=True)

    def __repr__(self) -> str:
        said = (f"{f.name}={_brief(getattr(self, f.name))}" for f in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(said)})"

    def _hold(self, **values: Any) -> None:
        """Set the fields of a frozen dataclass, from its ``__init__`` only."""
        self.__dict__.update(values)


def _combine(name: str, left: Any, right: Any, **options: Any) -> StochasticParameter:
    # Arithmetic stands on this file; it can only be asked for once both are loaded.
    from acetate.parameters import arithmetic

    combined: StochasticParameter = getattr(arithmetic, name)(left, right, **options)
    return combined


def _brief(value: Any) -> str:
    """Write a constant as its value, and so in tuples: ``Uniform(a=0, b=1)``."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_brief, value))}]"
    return repr(value.value if isinstance(value, Deterministic) else value)


@dataclass(frozen=True, init=False, repr=False)
class Deterministic(StochasticParameter):
    """A constant: every draw gives `value`.

    Parameters
    ----------
    value : bool, int, float or str
        NumPy's scalars become plain ones.

    Raises
    ------
    TypeError
        If it is anything else.

    Examples
    --------
    >>> Deterministic(3).draw_sample(np.random.default_rng(0))
    3
    """

    value: Plain

    def __init__(self, value: Plain) -> None:
        self._hold(value=plain(value))

    def draw_sample(self, rng: np.random.Generator) -> Plain:  # noqa: ARG002
        """Return the value."""
        return self.value

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:  # noqa: ARG002
        """Return an array filled with the value."""
        return np.full(size, as_array([self.value])[0])

    def known_values(self) -> tuple[Plain, ...]:
        """Return the value."""
        return (self.value,)


def plain(value: Any) -> Plain:
    """Return a number, a truth value or a string as Python's own, so that JSON can hold it.

    Raises
    ------
    TypeError
        If it is none of them.

    Examples
    --------
    >>> plain(np.float32(0.5))
    0.5
    """
    value = value.item() if isinstance(value, np.generic) else value
    if not isinstance(value, bool | int | float | str):
        raise TypeError(f"a value must be a number, a bool or a str, got {value!r}")
    return value


def as_array(values: list[Plain]) -> Array:
    """Return values as the array that `draw_samples` would give: float32, int64, bool or strings.

    Examples
    --------
    >>> as_array([1, 0.5]).dtype.name, as_array([1, 2]).dtype.name, as_array(["a", 1]).dtype.name
    ('float32', 'int64', 'object')
    """
    if len({isinstance(value, str) for value in values}) > 1:
        return np.array(values, dtype=object)
    return single_precision(np.array(values))


def single_precision(array: Array) -> Array:
    """Return an array of floats as float32, any other as it is.

    Examples
    --------
    >>> single_precision(np.array([1.0])).dtype.name
    'float32'
    """
    return array.astype(np.float32) if array.dtype.kind == "f" else array

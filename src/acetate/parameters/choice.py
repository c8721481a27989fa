"""A choice from given values, and the parser of arguments that pick from a closed list."""

import math
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.names import nearest
from acetate.parameters.base import (
    Deterministic,
    Plain,
    Size,
    StochasticParameter,
    as_array,
    plain,
)

ALL = "all"


@dataclass(frozen=True, init=False, repr=False)
class Choice(StochasticParameter):
    """One of the given values.

    Parameters
    ----------
    a : iterable of number, bool, str or StochasticParameter
        What there is to choose from. A parameter that is picked is drawn from: once for every
        time it is picked.
    replace : bool
        If False, `draw_samples` picks every entry at most once.
    p : sequence of float, optional
        The probability of every entry; they sum to 1. Without it all are equally likely.

    Raises
    ------
    ValueError
        If there is nothing to choose from, or `p` is no distribution over the entries.

    Examples
    --------
    >>> Choice(["edge", "wrap"], p=[0.0, 1.0]).draw_sample(np.random.default_rng(0))
    'wrap'
    """

    a: tuple[StochasticParameter, ...]
    replace: bool
    p: tuple[float, ...] | None

    def __init__(
        self, a: Iterable[Any], replace: bool = True, p: Sequence[float] | None = None
    ) -> None:
        if isinstance(a, str):
            raise TypeError(f"Choice needs a list of values, got the string {a!r}")
        options = tuple(map(_parameter, a))
        if not options:
            raise ValueError("Choice needs at least one value to choose from, got none")
        weights = None if p is None else _check_weights(p, len(options))
        self._hold(a=options, replace=bool(replace), p=weights)

    def draw_sample(self, rng: np.random.Generator) -> Any:
        """Pick one entry."""
        chance = rng.random()
        index = int(chance * len(self.a)) if self.p is None else bisect(self._summed, chance)
        return self.a[index].draw_sample(rng)

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Pick an array of entries; of dtype object if strings and numbers are mixed.

        Raises
        ------
        ValueError
            If more are asked for than there are, and `replace` is False.
        """
        picked = self._pick(size, rng)
        if all(isinstance(option, Deterministic) for option in self.a):
            return as_array(list(self.known_values()))[picked]
        samples = np.empty(picked.shape, dtype=object)
        for index, option in enumerate(self.a):
            here = picked == index
            samples[here] = option.draw_samples(int(np.count_nonzero(here)), rng)
        return as_array(samples.ravel().tolist()).reshape(samples.shape)

    def known_values(self) -> tuple[Plain, ...]:
        """Return the known values of all entries."""
        return tuple(value for option in self.a for value in option.known_values())

    def _pick(self, size: Size, rng: np.random.Generator) -> Array:
        if not self.replace:
            weights = None if self.p is None else np.diff(self._summed, prepend=0.0)
            return np.asarray(rng.choice(len(self.a), size, replace=False, p=weights))
        chances = np.asarray(rng.random(size))
        if self.p is not None:
            return np.searchsorted(self._summed, chances, side="right")
        return (chances * len(self.a)).astype(np.intp)

    @cached_property
    def _summed(self) -> list[float]:
        summed = np.cumsum(self.p or ())
        return (summed / summed[-1]).tolist()


def _parameter(value: Any) -> StochasticParameter:
    return value if isinstance(value, StochasticParameter) else Deterministic(value)


def _check_weights(p: Sequence[float], count: int) -> tuple[float, ...]:
    weights = tuple(map(float, p))
    if len(weights) != count:
        raise ValueError(f"Choice got {count} values but {len(weights)} probabilities p")
    if not (min(weights) >= 0 and math.isclose(sum(weights), 1, abs_tol=1e-6)):
        raise ValueError(f"the probabilities p of a Choice must sum to 1, got {list(weights)}")
    return weights


def choice_of(value: Any, name: str, allowed: Sequence[str | int]) -> StochasticParameter:
    """Return the parameter that picks from a closed list of names (or small numbers).

    Parameters
    ----------
    value : str, int, list of them, or StochasticParameter
        One of `allowed`; some of them; `ALL`: any of them.
    name : str
        What errors call the argument.
    allowed : sequence of str or int
        What there is.

    Raises
    ------
    TypeError
        If the value is neither a str, an int, a list nor a parameter.
    ValueError
        If something is not allowed; the error names the nearest that is.

    Examples
    --------
    >>> choice_of(["edge", "wrap"], "mode", ("constant", "edge", "wrap"))
    Choice(a=['edge', 'wrap'], replace=True, p=None)
    """

    def check(entry: Any) -> Plain:
        return _check_allowed(entry, name, allowed)

    if isinstance(value, StochasticParameter):
        for known in value.known_values():
            check(known)
        return value
    if isinstance(value, str) and value == ALL:
        return Choice(allowed)
    if isinstance(value, list):
        return Choice(map(check, filled(value, name)))
    return Deterministic(check(value))


def _check_allowed(value: Any, name: str, allowed: Sequence[str | int]) -> Plain:
    entry = plain(value) if isinstance(value, np.generic) else value
    if not isinstance(entry, str | int) or isinstance(entry, bool):
        raise TypeError(
            f"{name} must be one of {_listed(allowed)}, a list of them, "
            f"{ALL!r} or a StochasticParameter, got {value!r}"
        )
    if entry not in allowed:
        near = nearest(entry, [str(a) for a in allowed])
        raise ValueError(
            f"{name} must be one of {_listed(allowed)} or {ALL!r}, got {entry!r}; "
            f"the nearest is {near!r}"
        )
    return entry


def _listed(allowed: Sequence[str | int]) -> str:
    return ", ".join(map(repr, allowed))


def filled(values: list[Any], name: str) -> list[Any]:
    """Return a list that an argument gives, or raise if it is empty."""
    if not values:
        raise ValueError(f"{name} is an empty list; give at least one value")
    return values

"""Arithmetic on values, the same at every pixel: add, multiply, invert, solarize."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter, draw_channels
from acetate.augmenters.steps import Curve, Lookup, Step, curve
from acetate.parameters import StochasticParameter, continuous, discrete, probability
from acetate.seeds import Seed


@curve
def add(values: Array, amount: Any) -> Array:
    """Add an amount, 255 being white."""
    return values + amount / 255


@curve
def multiply(values: Array, factor: Any) -> Array:
    """Multiply by a factor."""
    return values * factor


@curve
def invert(
    values: Array,
    on: Any,
    low: float = 0,
    high: float = 255,
    threshold: float | None = None,
    above: int = 1,
) -> Array:
    """Take each value's distance to `low` from `high`, 255 being white.

    Parameters
    ----------
    values : numpy.ndarray
        In [0, 1].
    on : 0 or 1, or one for each channel
        Whether to.
    threshold : float, optional
        Leave the values below it.
    above : 0 or 1
        0: leave those from it on instead.
    """
    turned = (high - abs(values * 255 - low)) / 255
    chosen = np.asarray(on) > 0
    if threshold is not None:
        # Integers are compared as integers: 100 / 255 * 255 must not fall short of 100.
        chosen = chosen & ((values * 255 >= threshold - 1e-6) == bool(above))
    return np.where(chosen, turned, values)


def amount_parameter(
    value: Any, name: str, low: float = -math.inf, high: float = math.inf
) -> StochasticParameter:
    """Parse an amount: a range of two whole numbers gives whole numbers, others any number.

    Examples
    --------
    >>> amount_parameter((-20, 20), "value"), amount_parameter((0.0, 2.5), "value")
    (DiscreteUniform(a=-20, b=20), Uniform(a=0.0, b=2.5))
    """
    whole = isinstance(value, tuple) and all(isinstance(v, int | np.integer) for v in value)
    return (discrete if whole else continuous)(value, name, low, high)


class Add(Augmenter):
    """Add a number to all values.

    Parameters
    ----------
    value : number, (low, high), list or parameter
        On the scale of 0 to 255 for pictures of any dtype; 20 is 20 / 255 of white. A range of two
        whole numbers gives whole numbers, both ends included.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets a number of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Add(20)(image=np.array([[0, 100, 250]], np.uint8))
    array([[ 20, 120, 255]], dtype=uint8)
    """

    def __init__(
        self,
        value: Any = (-20, 20),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.value = amount_parameter(value, "value")
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the number or numbers."""
        amount = draw_channels(self.value, self.per_channel, shape, rng)
        some = any(amount) if isinstance(amount, tuple) else amount
        return [Lookup((Curve("add", {"amount": amount}),))] if some else []


class Multiply(Augmenter):
    """Multiply all values by a number: darker below 1, lighter above.

    Parameters
    ----------
    mul : number, (low, high), list or parameter
        The number.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets a number of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Multiply(1.5)(image=np.array([[0, 100, 250]], np.uint8))
    array([[  0, 150, 255]], dtype=uint8)
    """

    def __init__(
        self,
        mul: Any = (0.8, 1.2),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.mul = continuous(mul, "mul")
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the number or numbers."""
        factor = draw_channels(self.mul, self.per_channel, shape, rng)
        return [] if factor == 1 else [Lookup((Curve("multiply", {"factor": factor}),))]


class Invert(Augmenter):
    """Turn dark into light and light into dark: 5 into 250.

    Parameters
    ----------
    p : float or parameter
        Probability for a picture, or for each channel.
    per_channel : bool, float or parameter
        Whether (or how often) it is drawn for each channel.
    min_value, max_value : number, optional
        The range, 0 and 255 if None; a value v becomes ``max_value - |v - min_value|``.
    threshold : number, (low, high), list or parameter, optional
        Invert only the values from here on, or below.
    invert_above_threshold : bool, float or parameter
        Whether (or how often) it is those from the threshold on.
    seed, name
        See `Augmenter`.

    Notes
    -----
    All values are on the scale of 0 to 255 for pictures of any dtype.

    Examples
    --------
    >>> Invert()(image=np.array([[0, 5, 255]], np.uint8))
    array([[255, 250,   0]], dtype=uint8)
    """

    def __init__(
        self,
        p: Any = 1,
        per_channel: Any = False,
        min_value: float | None = None,
        max_value: float | None = None,
        threshold: Any = None,
        invert_above_threshold: Any = 0.5,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.p = probability(p, "p")
        self.per_channel = probability(per_channel, "per_channel")
        self.min_value = 0.0 if min_value is None else float(min_value)
        self.max_value = 255.0 if max_value is None else float(max_value)
        if not 0 <= self.min_value < self.max_value <= 255:
            raise ValueError(
                f"0 <= min_value < max_value <= 255 is needed, got {min_value} and {max_value}"
            )
        self.threshold = None if threshold is None else continuous(threshold, "threshold")
        self.invert_above_threshold = probability(invert_above_threshold, "invert_above_threshold")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw whether, where, and on which side of the threshold."""
        on = draw_channels(self.p, self.per_channel, shape, rng)
        split = {}
        if self.threshold is not None:
            split["threshold"] = float(self.threshold.draw_sample(rng))
            split["above"] = int(self.invert_above_threshold.draw_sample(rng))
        some = any(on) if isinstance(on, tuple) else on
        return [_inverted(on, self.min_value, self.max_value, **split)] if some else []


@lru_cache(maxsize=64)
def _inverted(on: Any, low: float, high: float, **split: float) -> Lookup:
    """Return the step that inverts values; most often the same one again."""
    return Lookup((Curve("invert", {"on": on, "low": low, "high": high, **split}),))


class Solarize(Invert):
    """Invert the values from a threshold on, as an overexposed photograph does.

    Parameters
    ----------
    p, per_channel, min_value, max_value, threshold, invert_above_threshold
        As in `Invert`.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Solarize(threshold=128)(image=np.array([[0, 127, 128, 255]], np.uint8))
    array([[  0, 127, 127,   0]], dtype=uint8)
    """

    def __init__(
        self,
        p: Any = 1,
        per_channel: Any = False,
        min_value: float | None = None,
        max_value: float | None = None,
        threshold: Any = (64, 192),
        invert_above_threshold: Any = True,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            p, per_channel, min_value, max_value, threshold, invert_above_threshold, seed, name
        )

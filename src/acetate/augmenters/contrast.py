"""Contrast by a curve: gamma, linear, sigmoid, logarithm."""

from typing import Any

import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter, draw_channels
from acetate.augmenters.steps import Curve, Lookup, Step, curve
from acetate.parameters import Deterministic, continuous, probability
from acetate.seeds import Seed


@curve
def gamma(values: Array, exponent: Any) -> Array:
    """Raise to a power."""
    return values**exponent


@curve
def linear_contrast(values: Array, factor: Any) -> Array:
    """Multiply the distance to middle gray, 127 of 255."""
    middle = 127 / 255
    return middle + factor * (values - middle)


@curve
def sigmoid(values: Array, gain: Any, cutoff: Any) -> Array:
    """Take the logistic function of the distance to a cutoff, times a gain."""
    return 0.5 + 0.5 * np.tanh(gain / 2 * (values - cutoff))


@curve
def logarithm(values: Array, gain: Any) -> Array:
    """Take the logarithm to base 2 of 1 + v, times a gain."""
    return gain * np.log2(1 + values)


class GammaContrast(Augmenter):
    """Raise values to a power: v becomes 255 (v / 255)^gamma.

    Parameters
    ----------
    gamma : number, (low, high), list or parameter
        The exponent, at least 0: darker above 1, lighter below. 0.5 to 2, usually.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets one of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> GammaContrast(2.0)(image=np.array([[0, 100, 200, 255]], np.uint8))
    array([[  0,  39, 157, 255]], dtype=uint8)
    """

    def __init__(
        self,
        gamma: Any = (0.7, 1.7),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.gamma = continuous(gamma, "gamma", 0)
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the exponent or exponents."""
        exponent = draw_channels(self.gamma, self.per_channel, shape, rng)
        return [] if exponent == 1 else [Lookup((Curve("gamma", {"exponent": exponent}),))]


class LinearContrast(Augmenter):
    """Move values away from middle gray, or towards it: v becomes 127 + alpha (v - 127).

    Parameters
    ----------
    alpha : number, (low, high), list or parameter
        More contrast above 1, less below, a negative below 0.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets one of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> LinearContrast(1.5)(image=np.array([[0, 100, 127, 200]], np.uint8))
    array([[  0,  87, 127, 237]], dtype=uint8)
    """

    def __init__(
        self,
        alpha: Any = (0.6, 1.4),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.alpha = continuous(alpha, "alpha")
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the factor or factors."""
        factor = draw_channels(self.alpha, self.per_channel, shape, rng)
        return [] if factor == 1 else [Lookup((Curve("linear_contrast", {"factor": factor}),))]


class SigmoidContrast(Augmenter):
    """Pull values towards black and white: v becomes 255 / (1 + exp(gain (cutoff - v / 255))).

    Parameters
    ----------
    gain : number, (low, high), list or parameter
        How steeply dark turns into light: 5 to 20, usually.
    cutoff : number, (low, high), list or parameter
        Which value becomes middle gray, white being 1.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets both of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> SigmoidContrast(gain=10, cutoff=0.5)(image=np.array([[0, 100, 200, 255]], np.uint8))
    array([[  2,  65, 241, 253]], dtype=uint8)
    """

    def __init__(
        self,
        gain: Any = (5, 6),
        cutoff: Any = (0.3, 0.6),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.gain = continuous(gain, "gain")
        self.cutoff = continuous(cutoff, "cutoff")
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw gain and cutoff, or those of each channel."""
        each = Deterministic(self.per_channel.draw_sample(rng))
        gain = draw_channels(self.gain, each, shape, rng)
        cutoff = draw_channels(self.cutoff, each, shape, rng)
        return [Lookup((Curve("sigmoid", {"gain": gain, "cutoff": cutoff}),))]


class LogContrast(Augmenter):
    """Lighten the shadows most: v becomes 255 gain log2(1 + v / 255).

    Parameters
    ----------
    gain : number, (low, high), list or parameter
        1 keeps black and white where they are; above, light values are cut off.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets one of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> LogContrast(1.0)(image=np.array([[0, 100, 200, 255]], np.uint8))
    array([[  0, 122, 213, 255]], dtype=uint8)
    """

    def __init__(
        self,
        gain: Any = (0.4, 1.6),
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.gain = continuous(gain, "gain")
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw the gain or gains."""
        gain = draw_channels(self.gain, self.per_channel, shape, rng)
        return [Lookup((Curve("logarithm", {"gain": gain}),))]

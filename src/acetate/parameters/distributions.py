"""The distributions that numbers are drawn from: Normal, Laplace, Poisson, Beta, ..."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.parameters.base import Deterministic, Size, StochasticParameter
from acetate.parameters.ranges import ParameterLike, continuous


@dataclass(frozen=True, init=False, repr=False)
class Normal(StochasticParameter):
    """The normal distribution.

    Parameters
    ----------
    loc : number, (low, high), list or StochasticParameter
        Its mean. One that is drawn is drawn once per call.
    scale : as `loc`
        Its standard deviation, at least 0.

    Examples
    --------
    >>> samples = Normal(5, 2).draw_samples(10000, np.random.default_rng(0))
    >>> bool(abs(samples.mean() - 5) < 0.1), bool(abs(samples.std() - 2) < 0.1)
    (True, True)
    """

    loc: StochasticParameter
    scale: StochasticParameter

    def __init__(self, loc: ParameterLike, scale: ParameterLike) -> None:
        self._hold(loc=continuous(loc, "Normal.loc"), scale=continuous(scale, "Normal.scale", 0))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        loc = self.loc.draw_sample(rng)
        number: float = loc + self.scale.draw_sample(rng) * rng.standard_normal()
        return number

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        loc = self.loc.draw_sample(rng)
        scale = self.scale.draw_sample(rng)
        return loc + scale * np.asarray(rng.standard_normal(size, dtype=np.float32))


@dataclass(frozen=True, init=False, repr=False)
class TruncatedNormal(StochasticParameter):
    """The normal distribution, given that the number lies between `low` and `high`.

    Parameters
    ----------
    loc : number, (low, high), list or StochasticParameter
        The mean before truncation. One that is drawn is drawn once per call.
    scale : as `loc`
        The standard deviation before truncation, at least 0.
    low, high : as `loc`
        The ends, in either order; they may be infinite.

    Notes
    -----
    Drawn by rejection, so exactly, from whichever of three distributions lies closest: the normal,
    the uniform, or in a tail the exponential (Robert 1995, "Simulation of truncated normal
    variables", Statistics and Computing 5). Three in ten draws or more are accepted.

    Examples
    --------
    >>> 1.0 <= TruncatedNormal(0, 1, low=1, high=2).draw_sample(np.random.default_rng(0)) <= 2.0
    True
    """

    loc: StochasticParameter
    scale: StochasticParameter
    low: StochasticParameter
    high: StochasticParameter

    def __init__(
        self,
        loc: ParameterLike,
        scale: ParameterLike,
        low: ParameterLike = -math.inf,
        high: ParameterLike = math.inf,
    ) -> None:
        self._hold(
            loc=continuous(loc, "TruncatedNormal.loc"),
            scale=continuous(scale, "TruncatedNormal.scale", 0),
        )
        self._hold(low=_end(low, "TruncatedNormal.low"), high=_end(high, "TruncatedNormal.high"))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        loc, scale, low, high = self._drawn(rng)
        start, stop, sign = _standard(loc, scale, low, high)
        number, accepted = 0.0, scale == 0
        while not accepted:
            number, accepted = _propose(start, stop, None, rng)
        return float(min(max(loc + sign * scale * number, low), high))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        loc, scale, low, high = self._drawn(rng)
        start, stop, sign = _standard(loc, scale, low, high)
        samples = np.zeros(size)
        flat, done = samples.reshape(-1), samples.size if scale == 0 else 0
        while done < flat.size:
            numbers, accepted = _propose(start, stop, flat.size - done, rng)
            kept = numbers[accepted]
            flat[done : done + kept.size] = kept
            done += kept.size
        return np.clip(loc + sign * scale * samples, low, high).astype(np.float32)

    def _drawn(self, rng: np.random.Generator) -> tuple[float, float, float, float]:
        loc, scale = self.loc.draw_sample(rng), self.scale.draw_sample(rng)
        low, high = sorted((self.low.draw_sample(rng), self.high.draw_sample(rng)))
        # A width that vanishes beside the numbers puts everything at the nearest allowed point.
        visible = abs(scale) > 1e-300 + 1e-15 * abs(min(max(loc, low), high) - loc)
        return loc, abs(scale) if visible else 0.0, low, high


def _end(value: ParameterLike, name: str) -> StochasticParameter:
    infinite = isinstance(value, float) and math.isinf(value)
    return Deterministic(value) if infinite else continuous(value, name)  # type: ignore[arg-type]


def _standard(loc: float, scale: float, low: float, high: float) -> tuple[float, float, float]:
    """Return the ends in units of scale, mirrored so that most of the mass lies at the start."""
    if scale == 0:
        return 0.0, 0.0, 1.0
    start, stop = (low - loc) / scale, (high - loc) / scale
    return (start, stop, 1.0) if start + stop >= 0 else (-stop, -start, -1.0)


def _propose(start: float, stop: float, size: int | None, rng: np.random.Generator) -> Any:
    """Propose numbers in [start, stop], ``start + stop >= 0``, and say which to accept.

    The limits between the three proposals keep the rate of acceptance above 0.3 everywhere.
    """
    if start >= 0.5:
        share = rng.random(size) * -math.expm1(-start * (stop - start))
        beyond = -np.log1p(-share) / start
        return start + beyond, rng.random(size) < np.exp(-beyond * beyond / 2)
    if stop - start > 2.5:
        numbers = rng.standard_normal(size)
        return numbers, (numbers >= start) & (numbers <= stop)
    numbers = start + (stop - start) * rng.random(size)
    likeliest = max(start, 0.0)
    return numbers, rng.random(size) < np.exp((likeliest**2 - numbers * numbers) / 2)


@dataclass(frozen=True, init=False, repr=False)
class Laplace(StochasticParameter):
    """The Laplace (double exponential) distribution.

    Parameters
    ----------
    loc : number, (low, high), list or StochasticParameter
        Its centre. One that is drawn is drawn once per call.
    scale : as `loc`
        Its mean absolute deviation, at least 0; the standard deviation is sqrt(2) times that.

    Examples
    --------
    >>> Laplace(3, 0).draw_sample(np.random.default_rng(0))
    3.0
    """

    loc: StochasticParameter
    scale: StochasticParameter

    def __init__(self, loc: ParameterLike, scale: ParameterLike) -> None:
        self._hold(loc=continuous(loc, "Laplace.loc"), scale=continuous(scale, "Laplace.scale", 0))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        loc = self.loc.draw_sample(rng)
        return rng.laplace(loc, self.scale.draw_sample(rng))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        loc = self.loc.draw_sample(rng)
        return _float32(rng.laplace(loc, self.scale.draw_sample(rng), size))


@dataclass(frozen=True, init=False, repr=False)
class Poisson(StochasticParameter):
    """The Poisson distribution: how often a rare event happened.

    Parameters
    ----------
    lam : number, (low, high), list or StochasticParameter
        How often it happens on average, at least 0. One that is drawn is drawn once per call.

    Examples
    --------
    >>> Poisson(0).draw_sample(np.random.default_rng(0))
    0
    """

    lam: StochasticParameter

    def __init__(self, lam: ParameterLike) -> None:
        self._hold(lam=continuous(lam, "Poisson.lam", 0))

    def draw_sample(self, rng: np.random.Generator) -> int:
        """Draw one whole number."""
        return int(rng.poisson(self.lam.draw_sample(rng)))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of whole numbers, int64."""
        return np.asarray(rng.poisson(self.lam.draw_sample(rng), size))


@dataclass(frozen=True, init=False, repr=False)
class Beta(StochasticParameter):
    """The beta distribution on [0, 1].

    Parameters
    ----------
    alpha, beta : number, (low, high), list or StochasticParameter
        Its exponents, at least 0. One that is drawn is drawn once per call.
    epsilon : float
        Exponents below this are taken as this, since the distribution needs them above 0.

    Raises
    ------
    ValueError
        If `epsilon` is not above 0.

    Examples
    --------
    >>> 0.0 <= Beta(0.5, 0.5).draw_sample(np.random.default_rng(0)) <= 1.0
    True
    """

    alpha: StochasticParameter
    beta: StochasticParameter
    epsilon: float

    def __init__(self, alpha: ParameterLike, beta: ParameterLike, epsilon: float = 1e-4) -> None:
        if not epsilon > 0:
            raise ValueError(f"epsilon must be above 0, got {epsilon}")
        self._hold(alpha=continuous(alpha, "Beta.alpha", 0), beta=continuous(beta, "Beta.beta", 0))
        self._hold(epsilon=float(epsilon))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        return rng.beta(*self._drawn(rng))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        return _float32(rng.beta(*self._drawn(rng), size))

    def _drawn(self, rng: np.random.Generator) -> tuple[float, float]:
        alpha, beta = self.alpha.draw_sample(rng), self.beta.draw_sample(rng)
        return max(alpha, self.epsilon), max(beta, self.epsilon)


@dataclass(frozen=True, init=False, repr=False)
class ChiSquare(StochasticParameter):
    """The chi-square distribution: the sum of `df` squared standard normal numbers.

    Parameters
    ----------
    df : number, (low, high), list or StochasticParameter
        Degrees of freedom, above 0. One that is drawn is drawn once per call.

    Examples
    --------
    >>> ChiSquare(3).draw_sample(np.random.default_rng(0)) > 0
    True
    """

    df: StochasticParameter

    def __init__(self, df: ParameterLike) -> None:
        self._hold(df=_positive(df, "ChiSquare.df"))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        return rng.chisquare(self.df.draw_sample(rng))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        return _float32(rng.chisquare(self.df.draw_sample(rng), size))


@dataclass(frozen=True, init=False, repr=False)
class Weibull(StochasticParameter):
    """The Weibull distribution of shape `a` and scale 1; the exponential one for ``a = 1``.

    Parameters
    ----------
    a : number, (low, high), list or StochasticParameter
        Its shape, above 0. One that is drawn is drawn once per call.

    Examples
    --------
    >>> Weibull(1.5).draw_sample(np.random.default_rng(0)) > 0
    True
    """

    a: StochasticParameter

    def __init__(self, a: ParameterLike) -> None:
        self._hold(a=_positive(a, "Weibull.a"))

    def draw_sample(self, rng: np.random.Generator) -> float:
        """Draw one number."""
        return rng.weibull(self.a.draw_sample(rng))

    def draw_samples(self, size: Size, rng: np.random.Generator) -> Array:
        """Draw an array of numbers, float32."""
        return _float32(rng.weibull(self.a.draw_sample(rng), size))


def _positive(value: ParameterLike, name: str) -> StochasticParameter:
    parameter = continuous(value, name, 0)
    if parameter == Deterministic(0):
        raise ValueError(f"{name} must be above 0, got 0")
    return parameter


def _float32(samples: Any) -> Array:
    return np.asarray(samples, dtype=np.float32)

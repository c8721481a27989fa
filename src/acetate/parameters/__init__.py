"""Stochastic parameters: numbers, ranges, choices, distributions; and one parser for all.

Examples
--------
>>> import numpy as np
>>> rotate = continuous((-45, 45), "rotate")
>>> -45 <= rotate.draw_sample(np.random.default_rng(0)) < 45
True
"""

from acetate.parameters.arithmetic import (
    Absolute,
    Add,
    Clip,
    Discretize,
    Divide,
    Multiply,
    Power,
    RandomSign,
    Subtract,
)
from acetate.parameters.base import Deterministic, StochasticParameter
from acetate.parameters.choice import ALL, Choice, choice_of
from acetate.parameters.distributions import (
    Beta,
    ChiSquare,
    Laplace,
    Normal,
    Poisson,
    TruncatedNormal,
    Weibull,
)
from acetate.parameters.plain import from_plain
from acetate.parameters.ranges import (
    Binomial,
    DiscreteUniform,
    ParameterLike,
    Uniform,
    continuous,
    discrete,
    probability,
)

__all__ = [
    "StochasticParameter",
    "Deterministic",
    "Choice",
    "Uniform",
    "DiscreteUniform",
    "Binomial",
    "Normal",
    "TruncatedNormal",
    "Laplace",
    "Poisson",
    "Beta",
    "ChiSquare",
    "Weibull",
    "Add",
    "Subtract",
    "Multiply",
    "Divide",
    "Power",
    "Clip",
    "Discretize",
    "Absolute",
    "RandomSign",
    "continuous",
    "discrete",
    "probability",
    "choice_of",
    "from_plain",
    "ParameterLike",
    "ALL",
]

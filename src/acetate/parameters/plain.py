"""Arguments from a TOML file: numbers, ranges, choices and distributions in plain words."""

import inspect
from typing import Any

from acetate.names import nearest
from acetate.parameters import arithmetic, choice, distributions, ranges
from acetate.parameters.base import Deterministic, StochasticParameter

DISTRIBUTIONS: dict[str, type[StochasticParameter]] = {
    kind.__name__: kind
    for kind in (
        Deterministic,
        choice.Choice,
        ranges.Uniform,
        ranges.DiscreteUniform,
        ranges.Binomial,
        distributions.Normal,
        distributions.TruncatedNormal,
        distributions.Laplace,
        distributions.Poisson,
        distributions.Beta,
        distributions.ChiSquare,
        distributions.Weibull,
        arithmetic.Add,
        arithmetic.Subtract,
        arithmetic.Multiply,
        arithmetic.Divide,
        arithmetic.Power,
        arithmetic.Clip,
        arithmetic.Discretize,
        arithmetic.Absolute,
        arithmetic.RandomSign,
    )
}


def from_plain(value: Any) -> Any:
    """Return the argument that a value read from TOML (or JSON) stands for.

    Parameters
    ----------
    value : bool, int, float, str, list or dict
        ``[a, b]``, two numbers, is a range: the tuple ``(a, b)``. Any other list stays a list,
        and so does ``{choice = [...]}``: augmenters choose from lists.
        ``{distribution = "Normal", loc = 0, scale = 1}`` is a parameter; the names are those of
        the classes of `acetate.parameters`, the other keys their arguments. Other tables are
        read value by value; everything else stays as it is.

    Raises
    ------
    TypeError
        If the value is of another type.
    ValueError
        If the distribution is unknown or takes other arguments, or ``choice`` is no list or does
        not stand alone.

    Examples
    --------
    >>> from_plain([0, 1]), from_plain({"choice": [0, 1]}), from_plain([0, 1, 3])
    ((0, 1), [0, 1], [0, 1, 3])
    >>> from_plain({"distribution": "Normal", "loc": [0, 5], "scale": 1})
    Normal(loc=Uniform(a=0, b=5), scale=1)
    """
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return _from_list(value)
    if not isinstance(value, dict):
        raise TypeError(f"expected a number, a string, a list or a table, got {value!r}")
    if "distribution" in value:
        return _from_distribution(**value)
    if "choice" in value:
        return _from_choice(value)
    return {key: from_plain(entry) for key, entry in value.items()}


def _from_list(values: list[Any]) -> Any:
    entries = [from_plain(value) for value in values]
    is_range = len(entries) == 2 and all(type(entry) in (int, float) for entry in entries)
    return tuple(entries) if is_range else entries


def _from_choice(table: dict[str, Any]) -> list[Any]:
    options = table["choice"]
    if len(table) > 1 or not isinstance(options, list):
        raise ValueError(
            f"a choice is written {{choice = [...]}}, got {table}; for probabilities write "
            '{distribution = "Choice", a = [...], p = [...]}'
        )
    return [from_plain(option) for option in options]


def _from_distribution(distribution: Any, **arguments: Any) -> StochasticParameter:
    if distribution not in DISTRIBUTIONS:
        near = nearest(distribution, DISTRIBUTIONS)
        raise ValueError(f"there is no distribution {distribution!r}; the nearest is {near!r}")
    kind = DISTRIBUTIONS[distribution]
    given = {key: from_plain(argument) for key, argument in arguments.items()}
    signature = inspect.signature(kind)
    try:
        signature.bind(**given)
    except TypeError as error:
        takes = ", ".join(signature.parameters)
        raise ValueError(f"{distribution} takes {takes}: {error}") from error
    return kind(**given)

"""Parameters of a method, described once: default, range, unit and help, and the check of them."""

from dataclasses import Field, field, fields
from numbers import Integral, Real
from typing import Any, cast, get_args

from acetate.names import nearest

# What counts as such, and what it is called.
_KINDS: dict[type, tuple[type, str]] = {
    bool: (bool, "True or False"),
    int: (Integral, "a whole number"),
    float: (Real, "a number"),
}


def option(
    default: Any,
    text: str,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    choices: tuple[str, ...] = (),
) -> Any:
    """Return the dataclass field of a parameter, with what a form or a command line needs.

    Parameters
    ----------
    default
        A bool, an int, a float or one of the choices; None for a number that the method chooses
        itself. A tuple, also an empty one, for any count of numbers: whole ones if it holds such.
    text : str
        One line of help.
    low, high : float or None
        The range, ends included; of each number of a tuple.
    unit : str
        Such as "px"; empty for none.
    choices : tuple of str
        The names there are, for a parameter that is a name.

    Examples
    --------
    >>> option(8, "Side of a block.", low=1, unit="px").metadata["unit"]
    'px'
    """
    about = {"help": text, "low": low, "high": high, "unit": unit, "choices": choices}
    return field(default=default, metadata=about)


def check_options(method: Any) -> None:
    """Raise unless every parameter of the dataclass has its default's kind and lies in range.

    Every field has to be an `option`.

    Raises
    ------
    TypeError
        If a value has another kind: bool, whole number, number, tuple of numbers.
    ValueError
        If it, or a number of the tuple, is out of range or NaN, or none of the choices.

    Examples
    --------
    >>> from acetate.heat import CosineShrinkage
    >>> CosineShrinkage(stride=9)
    Traceback (most recent call last):
    ValueError: stride must lie in [1, 8], got 9
    """
    for each in fields(method):
        _check(each, getattr(method, each.name), **each.metadata)


def kind_of(parameter: Field[Any]) -> type:
    """Return bool, int, float, str or tuple: what the values of an `option` are, but for None.

    Examples
    --------
    >>> from acetate.heat import CosineShrinkage
    >>> {each.name: kind_of(each).__name__ for each in fields(CosineShrinkage)}
    {'threshold': 'float', 'wiener': 'bool', 'stride': 'int'}
    """
    if parameter.default is not None:
        return type(parameter.default)
    return int if int in get_args(parameter.type) else float


def _check(parameter: Field[Any], value: Any, low: Any, high: Any, choices: Any, **_: Any) -> None:
    name, kind, default = parameter.name, kind_of(parameter), cast(Any, parameter.default)
    if choices:
        _check_choice(name, value, choices)
    elif kind is tuple:
        _check_tuple(name, value, default, low, high)
    elif value is not None or default is not None:
        _check_number(name, value, kind, low, high)


def _check_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(
            f"{name} is one of {', '.join(choices)}, got {value!r}; "
            f"the nearest is {nearest(value, choices)!r}"
        )


def _check_tuple(name: str, value: Any, default: tuple[Any, ...], low: Any, high: Any) -> None:
    if not isinstance(value, tuple):
        raise TypeError(f"{name} must be a tuple of numbers, got {value!r}")
    for each in value:
        _check_number(f"each of {name}", each, type(default[0]) if default else float, low, high)


def _check_number(name: str, value: Any, wanted: type, low: Any, high: Any) -> None:
    kind, words = _KINDS[wanted]
    if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
        raise TypeError(f"{name} must be {words}, got {value!r}")
    least = float("-inf") if low is None else float(low)
    most = float("inf") if high is None else float(high)
    number: Any = value
    if not least <= number <= most:
        raise ValueError(f"{name} must lie in [{least:g}, {most:g}], got {value!r}")

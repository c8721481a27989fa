"""What is tried of each method: its defaults, and the small search that it declares."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import product
from typing import Any

from acetate.names import nearest
from acetate.segment.methods import METHODS, Method

Parameters = dict[str, Any]


def gives_mask(name: str) -> bool:
    """Tell whether a method says what is background: those that number regions do not.

    A method that does not has ``GIVES_MASK: ClassVar[bool] = False``.

    Examples
    --------
    >>> gives_mask("heat-flow")
    True
    """
    return bool(getattr(METHODS[name], "GIVES_MASK", True))


def needs_prompt(name: str) -> bool:
    """Tell whether a method can do nothing without a prompt.

    Such a method has ``NEEDS_PROMPT: ClassVar[bool] = True``.

    Examples
    --------
    >>> needs_prompt("heat-flow")
    False
    """
    return bool(getattr(METHODS[name], "NEEDS_PROMPT", False))


def methods_to_compare(
    names: Iterable[str] | None = None, scribbles: bool = False
) -> tuple[str, ...]:
    """Return the names of the methods that can be ranked, or check those that were given.

    Parameters
    ----------
    names : iterable of str or None
        Some of the register; None takes all that give a mask and lack no prompt.
    scribbles : bool
        Whether there are any.

    Raises
    ------
    ValueError
        If there is no such method, it gives no mask or lacks its prompt; if there are none.

    Examples
    --------
    >>> methods_to_compare(["heat-flow", "jacobi-theta"])
    ('heat-flow', 'jacobi-theta')
    """
    if names is None:
        return tuple(name for name in METHODS if not _hindrance(name, scribbles))
    chosen = tuple(dict.fromkeys(names))
    for name in chosen:
        if name not in METHODS:
            raise ValueError(
                f"there is no method {name!r}; the nearest is {nearest(name, METHODS)!r}"
            )
        if hindrance := _hindrance(name, scribbles):
            raise ValueError(f"{name} {hindrance}")
    if not chosen:
        raise ValueError("there are no methods to compare: name at least one")
    return chosen


def _hindrance(name: str, scribbles: bool) -> str:
    """Return why a method cannot be ranked; empty if it can."""
    if not gives_mask(name):
        return "numbers regions and gives no mask: it cannot be ranked"
    if needs_prompt(name) and not (scribbles and "scribbles" in METHODS[name].PROMPTS):
        return "needs a prompt: pass scribbles, if it takes them, or leave it out"
    return ""


def candidates(name: str, dark: bool = False, search: bool = True) -> list[Parameters]:
    """Return the parameters to try of a method, the defaults first.

    Parameters
    ----------
    name : str
        One of the register. Its class may declare ``SEARCH: ClassVar[Mapping[str, tuple]]``: for
        some of its fields the values to try, all of them with all others; without it there are
        the defaults alone.
    dark : bool
        Whether what is wanted is dark: then a field ``bright`` is False in all.
    search : bool
        Whether to return more than the defaults.

    Returns
    -------
    list of dict
        Only what differs from the defaults.

    Examples
    --------
    >>> candidates("jacobi-theta", search=False)
    [{}]
    >>> candidates("heat-flow", dark=True, search=False)
    [{'bright': False}]
    """
    kind = METHODS[name]
    declared: Mapping[str, Sequence[Any]] = getattr(kind, "SEARCH", {}) if search else {}
    every = product(*([(field, value) for value in declared[field]] for field in declared))
    polarity = {"bright": False} if dark and _has_bright(kind) else {}
    tried: dict[str, Parameters] = {}
    for chosen in ((), *every):
        parameters = _changed(kind(**{**dict(chosen), **polarity}))
        tried.setdefault(as_key(parameters), parameters)
    return list(tried.values())


def as_key(parameters: Mapping[str, Any]) -> str:
    """Return parameters as text that is the same for equal ones.

    Examples
    --------
    >>> as_key({"b": (1, 2), "a": 0.5})
    '{"a": 0.5, "b": [1, 2]}'
    """
    return json.dumps(parameters, sort_keys=True)


def whole_key(name: str, parameters: str) -> str:
    """Return all parameters of a method as text, its defaults of today among them.

    Parameters
    ----------
    name : str
        One of the register.
    parameters : str
        What differs from the defaults, as `as_key` gives it.

    Raises
    ------
    KeyError, ValueError, TypeError
        If there is no such method, or it has no such parameters.

    Examples
    --------
    >>> whole_key("heat-cut", "{}") == whole_key("heat-cut", '{"tau": 0.5}')
    False
    """
    given = json.loads(parameters).items()
    values = {field: tuple(value) if isinstance(value, list) else value for field, value in given}
    method: Any = METHODS[name](**values)
    return as_key({field.name: getattr(method, field.name) for field in fields(method)})


def _has_bright(kind: type[Method]) -> bool:
    return any(field.name == "bright" for field in fields(kind))  # type: ignore[arg-type]


def _changed(method: Any) -> Parameters:
    values = ((field, getattr(method, field.name)) for field in fields(method))
    return {field.name: value for field, value in values if value != field.default}

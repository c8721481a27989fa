"""Pipelines from plain data: what a TOML file says, checked name by name."""

import inspect
from collections.abc import Mapping
from typing import Any

from acetate import augmenters
from acetate.augmenters.base import Augmenter
from acetate.augmenters.meta import Sequential
from acetate.augmenters.steps import Resampling
from acetate.names import nearest
from acetate.parameters import from_plain

_CHILDREN = ("children", "then_list", "else_list")
_SHEETS = ("heatmaps", "segmentation_maps")


def from_config(config: Mapping[str, Any]) -> Augmenter:
    """Return the pipeline that a table describes.

    Parameters
    ----------
    config : mapping
        ``augmenters``, a list of tables, each with the ``name`` of an augmenter and its
        arguments: numbers and strings, ``[a, b]`` as a range, ``{choice = [...]}``,
        ``{distribution = "Normal", ...}``; children are such lists again. Beside it
        ``random_order`` and ``seed``, as of `Sequential`.

    Raises
    ------
    ValueError
        If a name or an argument is unknown or has a value that does not fit; the text says where.

    Examples
    --------
    >>> pipeline = from_config({"seed": 1, "augmenters": [{"name": "Rotate", "rotate": [-9, 9]}]})
    >>> [type(child).__name__ for child in pipeline.children]
    ['Rotate']
    """
    unknown = set(config) - {"augmenters", "random_order", "seed"}
    if unknown:
        raise ValueError(
            f"a pipeline has the keys augmenters, random_order and seed, got {sorted(unknown)[0]!r}"
        )
    if not config.get("augmenters"):
        raise ValueError("a pipeline needs at least one table [[augmenters]] with a name")
    random_order = config.get("random_order", False)
    if not isinstance(random_order, bool):
        raise ValueError(f"random_order must be true or false, got {random_order!r}")
    return Sequential(
        _listed(config["augmenters"], "augmenters"),
        random_order=random_order,
        seed=config.get("seed"),
    )


def augmenter_names() -> list[str]:
    """Return the names that a pipeline may use.

    Examples
    --------
    >>> "Fliplr" in augmenter_names(), "Lambda" in augmenter_names()
    (True, False)
    """
    found = ((name, getattr(augmenters, name)) for name in augmenters.__all__)
    return [
        name
        for name, kind in found
        if inspect.isclass(kind)
        and issubclass(kind, Augmenter)
        and not inspect.isabstract(kind)
        and name != "Lambda"  # it takes functions
    ]


def _listed(tables: Any, where: str) -> list[Augmenter]:
    if isinstance(tables, Mapping):
        tables = [tables]
    if not isinstance(tables, list):
        raise ValueError(f"{where} must be a list of tables, got {tables!r}")
    return [_made(table, f"{where}[{i}]") for i, table in enumerate(tables)]


def _made(table: Any, where: str) -> Augmenter:
    """Make one augmenter of a table."""
    if not isinstance(table, Mapping) or "name" not in table:
        raise ValueError(f"{where} must be a table with the name of an augmenter, got {table!r}")
    name = table["name"]
    _check_known(name, augmenter_names(), where, "augmenter")
    kind = getattr(augmenters, name)
    where = f"{where} ({name})"
    arguments = {key: value for key, value in table.items() if key != "name"}
    takes = list(parameters_of(kind))
    for key in arguments:
        _check_known(key, takes, where, "argument")
    try:
        return kind(**{key: _value(key, value, where) for key, value in arguments.items()})
    except (TypeError, ValueError) as error:
        text = str(error)
        raise ValueError(text if text.startswith("augmenters[") else f"{where}: {text}") from error


def _value(key: str, value: Any, where: str) -> Any:
    if key in _CHILDREN:
        return _listed(value, f"{where}.{key}")
    if key in _SHEETS:
        if not isinstance(value, Mapping):
            raise ValueError(f"{key} must be a table with order, mode and cval, got {value!r}")
        for part in value:
            _check_known(part, ["order", "mode", "cval"], f"{where}.{key}", "argument")
        return Resampling(**value)
    return from_plain(value)


def _check_known(name: Any, known: list[str], where: str, what: str) -> None:
    if name not in known:
        raise ValueError(
            f"{where}: there is no {what} {name!r}; the nearest is {nearest(name, known)!r}"
        )


def parameters_of(kind: type[Augmenter]) -> dict[str, inspect.Parameter]:
    """Return the arguments a class takes; `**options` stands for those of the class above.

    Examples
    --------
    >>> list(parameters_of(augmenters.Rot90))
    ['k', 'keep_size', 'heatmaps', 'segmentation_maps']
    """
    found: dict[str, inspect.Parameter] = {}
    hidden = {"self", "seed", "name"}
    for level in kind.__mro__:
        hidden |= set(vars(level).get("fixes", ()))
        if "__init__" not in vars(level):
            continue
        given = inspect.signature(vars(level)["__init__"]).parameters.values()
        for p in given:
            if p.kind is not p.VAR_KEYWORD:
                found.setdefault(p.name, p)
        if all(p.kind is not p.VAR_KEYWORD for p in given):
            break
    return {name: p for name, p in found.items() if name not in hidden}

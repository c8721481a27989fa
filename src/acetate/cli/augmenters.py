"""The command `acetate augmenters`: what a recipe may hold."""

import inspect
from typing import Any

import click


@click.command()
@click.argument("name", required=False)
def augmenters(name: str | None) -> None:
    """List the augmenters, or explain one.

    Without NAME, all that a recipe may use; with it, its arguments and their defaults.
    """
    from acetate.augmenters.config import augmenter_names

    if name is None:
        names = augmenter_names()
        width = max(map(len, names))
        for each in names:
            click.echo(f"{each:{width}}  {_summary(each)}")
    else:
        click.echo(_explained(name))


def _summary(name: str) -> str:
    kind = _class(name)
    if kind.__name__ != name:
        return f"The same as {kind.__name__}."
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def _explained(name: str) -> str:
    """Return the documentation of a class, and the defaults of its arguments."""
    kind = _class(name)
    lines = [f"{key} = {value}" for key, value in _defaults(kind).items()]
    text = [name, "=" * len(name), inspect.getdoc(kind) or "", "", "Defaults", "--------", *lines]
    return "\n".join(text)


def _class(name: str) -> type[Any]:
    """Return a class by its name; the base classes and Resampling, to which texts refer, too."""
    from acetate import augmenters as room
    from acetate.names import nearest

    known = [key for key, value in vars(room).items() if inspect.isclass(value)]
    if name not in known:
        raise click.UsageError(
            f"there is no augmenter {name!r}; the nearest is {nearest(name, known)!r}"
        )
    kind: type[Any] = getattr(room, name)
    return kind


def _defaults(kind: type[Any]) -> dict[str, str]:
    """Return the arguments with their defaults."""
    from acetate.augmenters.config import parameters_of

    return {
        name: "(needed)" if p.default is p.empty else repr(p.default)
        for name, p in parameters_of(kind).items()
    }

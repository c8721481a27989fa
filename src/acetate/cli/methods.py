"""The command `acetate methods`: the segmentation methods, and what each takes."""

import inspect
from typing import Any

import click


@click.command()
@click.argument("name", required=False)
def methods(name: str | None) -> None:
    """List the segmentation methods, or explain one.

    Without NAME, all that `acetate segment` and `acetate compare` know; with it, what it does, and
    its options on the command line.
    """
    from acetate.cli.lazy_group import and_nearest
    from acetate.cli.method_options import summary
    from acetate.segment.methods import METHODS

    formatter = click.HelpFormatter(width=100)
    if name is None:
        formatter.write_dl([(each, summary(kind)) for each, kind in METHODS.items()])
    elif name in METHODS:
        _explain(name, METHODS[name], formatter)
    else:
        raise click.UsageError(f"there is no method {and_nearest(name, METHODS)}")
    click.echo(formatter.getvalue(), nl=False)


def _explain(name: str, kind: type[Any], formatter: click.HelpFormatter) -> None:
    """Write the documentation of a class, the prompts it takes, and its options."""
    from acetate.cli.method_options import option_records

    formatter.write(f"{name}\n{'=' * len(name)}\n{inspect.getdoc(kind)}\n\n")
    with formatter.section("On the command line"):
        prompts = ", ".join(f"--{each}" for each in kind.PROMPTS) or "none"
        formatter.write_dl([("prompts", prompts), *option_records(kind)])

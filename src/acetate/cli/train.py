"""The command group `acetate train`: models that learn from labelled pictures."""

import click

from acetate.cli.train_pixels import pixels


@click.group(invoke_without_command=True)
@click.pass_context
def train(ctx: click.Context) -> None:
    """Learn from pictures whose pixels are labelled, all of them or a few.

    \b
    acetate train pixels cells --scribbles strokes --out cells.model
    acetate predict cells.model cells --out found
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


train.add_command(pixels)

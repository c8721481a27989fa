"""The command `acetate tour`: build the guided tour."""

from pathlib import Path

import click

from acetate.cli.console import bar


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("acetate-tour"),
    show_default=True,
    help="The folder for the page and its pictures.",
)
def tour(out: Path) -> None:
    """Show every job on sample pictures, on one page.

    Prints the path of the page; open it in a browser.
    """
    from acetate.run import Workplace
    from acetate.tour import run

    with bar() as progress:
        page = run(out, progress, Workplace("processes", 2))
    click.echo(page.resolve())

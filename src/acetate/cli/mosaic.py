"""The command group `acetate mosaic`: index pictures, make a mosaic of them, lay a collage."""

from collections.abc import Mapping
from typing import Any

import click

from acetate.cli.app import Entry, and_nearest

_COMMANDS: Mapping[str, Entry] = {
    "index": Entry(
        "acetate.cli.mosaic_index:index",
        "Index folders of pictures into a tile library.",
    ),
    "make": Entry(
        "acetate.cli.mosaic_make:make",
        "Make a picture out of the tiles of a library.",
    ),
    "collage": Entry(
        "acetate.cli.mosaic_collage:collage",
        "Lay pictures side by side.",
    ),
}


class MosaicGroup(click.Group):
    """The commands about mosaics, imported when they are called.

    Examples
    --------
    >>> MosaicGroup("mosaic").list_commands(None)
    ['index', 'make', 'collage']
    """

    def list_commands(self, ctx: click.Context | None) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None if there is none of that name."""
        return _COMMANDS[cmd_name].load() if cmd_name in _COMMANDS else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; the bare command shows the help."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that the first argument names."""
        if args[0] not in _COMMANDS:
            raise click.UsageError(f"there is no command {and_nearest(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in _COMMANDS.items()])


@click.group(cls=MosaicGroup)
def mosaic() -> None:
    """Make one picture out of many.

    \b
    acetate mosaic index photos --library tiles.h5
    acetate mosaic make cat.jpg --library tiles.h5 --grid 100x100 --out mosaic.jpg --zoom viewer
    """  # noqa: D301  (click's sign for lines that are not to be joined)

"""Groups whose commands are imported when they are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click


@dataclass(frozen=True)
class Entry:
    """A command that is not loaded yet.

    Parameters
    ----------
    target : str
        ``module:name`` of the click command.
    help : str
        Its line in the list of commands.

    Examples
    --------
    >>> Entry("acetate.cli.tour:tour", "Show every job.").load().name
    'tour'
    """

    target: str
    help: str

    def load(self) -> click.Command:
        """Import the command."""
        module, name = self.target.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


class LazyGroup(click.Group):
    """A group of commands that are imported when they are called.

    Parameters
    ----------
    name : str
        What the user types.
    entries : mapping of str to Entry
        The commands.
    **how
        As for `click.Group`.

    Examples
    --------
    >>> group = LazyGroup("fruit", {"pear": Entry("acetate.cli.tour:tour", "Take a pear.")})
    >>> group.list_commands(None)
    ['pear']
    """

    def __init__(self, name: str, entries: Mapping[str, Entry], **how: Any) -> None:
        super().__init__(name, **how)
        self.entries = dict(entries)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; the bare command shows the help."""
        return super().parse_args(ctx, args or ["--help"])

    def list_commands(self, ctx: click.Context | None) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None if there is none of that name."""
        return self.entries[cmd_name].load() if cmd_name in self.entries else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names."""
        if args[0] not in self.entries:
            raise click.UsageError(f"there is no command {and_nearest(args[0], self.entries)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.entries.items()])


def and_nearest(name: str, known: Iterable[str]) -> str:
    """Return a name that is unknown, and the nearest that is known.

    Examples
    --------
    >>> and_nearest("heatflow", ["heat-flow", "jacobi-theta"])
    "'heatflow'; the nearest is 'heat-flow'"
    """
    from acetate.names import nearest  # difflib is only needed here

    return f"{name!r}; the nearest is {nearest(name, known)!r}"

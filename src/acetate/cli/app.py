"""The command group: commands that load when they are called, and errors in one line."""

import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

import click

from acetate import __version__
from acetate.files import printable

WRONG_USAGE, INTERRUPTED = 2, 130


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


class App(click.Group):
    """A group of commands that are imported when they are called.

    Parameters
    ----------
    name : str
        What the user types.
    entries : mapping of str to Entry
        The commands.

    Notes
    -----
    A command returns its exit code, or nothing for 0. Whatever it raises becomes one line on
    stderr and an exit code; the traceback is shown on demand.

    Examples
    --------
    >>> App("acetate", {}).list_commands(None)
    []
    """

    def __init__(self, name: str, entries: Mapping[str, Entry]) -> None:
        super().__init__(
            name,
            help="Clear sheets over your pictures: one toolkit for the maps that lie on images.",
            params=[
                click.Option(
                    ["--debug"],
                    is_flag=True,
                    expose_value=False,
                    envvar="ACETATE_DEBUG",
                    callback=self._set_debug,
                    is_eager=True,
                    help="Show tracebacks (also: ACETATE_DEBUG=1).",
                )
            ],
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        click.version_option(__version__, prog_name=name)(self)
        self.entries = dict(entries)
        self.debug = False

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

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run, say in one line what went wrong, and exit."""
        self.debug = False
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except click.Abort:
            self._complain("interrupted")
            code = INTERRUPTED
        except click.ClickException as error:
            self._complain(f"error: {_usage(error)}")
            code = error.exit_code
        except Exception as error:
            self._complain(f"error: {said(error)}")
            code = 1
        sys.exit(code)

    def _complain(self, text: str) -> None:
        if self.debug:
            traceback.print_exc()
        click.echo(f"{self.name}: {printable(text)}", err=True)

    def _set_debug(self, _ctx: click.Context, _option: click.Parameter, value: bool) -> None:
        self.debug = value


def _usage(error: click.ClickException) -> str:
    """Return what was wrong with the command line."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        parameters = error.ctx.command.get_params(error.ctx)
        options = (p for p in parameters if isinstance(p, click.Option))
        known = [name for option in options for name in (*option.opts, *option.secondary_opts)]
        return f"there is no option {and_nearest(error.option_name, known)}"
    return error.format_message()


def and_nearest(name: str, known: Iterable[str]) -> str:
    """Return a name that is unknown, and the nearest that is known.

    Examples
    --------
    >>> and_nearest("heatflow", ["heat-flow", "jacobi-theta"])
    "'heatflow'; the nearest is 'heat-flow'"
    """
    from acetate.names import nearest  # difflib is only needed here

    return f"{name!r}; the nearest is {nearest(name, known)!r}"


def said(error: Exception) -> str:
    """Return what an exception says, with its type where the text alone may not tell enough.

    Examples
    --------
    >>> said(FileNotFoundError(2, "No such file or directory", "cat.png"))
    'cat.png: No such file or directory'
    """
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, OSError | ValueError | TypeError | ImportError) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}; ACETATE_DEBUG=1 shows where"


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn what is wrong with a command's words and files into exit code 2.

    Examples
    --------
    >>> with wrong_usage():
    ...     raise ValueError("pass less")
    Traceback (most recent call last):
    click.exceptions.UsageError: pass less
    """
    try:
        yield
    except (OSError, ValueError, TypeError) as error:
        raise click.UsageError(said(error)) from error

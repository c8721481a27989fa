"""The outermost command: errors in one line, and exit codes."""

import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from acetate import __version__
from acetate.cli.lazy_group import Entry, LazyGroup, and_nearest
from acetate.files import printable

WRONG_USAGE, INTERRUPTED = 2, 130


class App(LazyGroup):
    """The outermost group: it says in one line what went wrong, and exits.

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
            entries,
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
        self.debug = False

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
def wrong_usage(*kinds: type[Exception]) -> Iterator[None]:
    """Turn what is wrong with a command's words and files into exit code 2.

    Parameters
    ----------
    *kinds : type
        The exceptions that say so; without them OSError, ValueError and TypeError.

    Examples
    --------
    >>> with wrong_usage():
    ...     raise ValueError("pass less")
    Traceback (most recent call last):
    click.exceptions.UsageError: pass less
    """
    caught = kinds or (OSError, ValueError, TypeError)
    try:
        yield
    except caught as error:
        raise click.UsageError(said(error)) from error

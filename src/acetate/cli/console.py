"""What a command shows while it works: a bar on a terminal, and the table of failures."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from acetate.files import printable

Progress = Callable[[int, int | None, str], None]
Row = tuple[str, str]  # what failed, and why


@contextmanager
def bar() -> Iterator[Progress]:
    """Show a progress bar if stderr is a terminal; yield the function that moves it on.

    Yields
    ------
    callable
        Takes how many are done, how many there are (None if unknown), and what is worked on.

    Examples
    --------
    >>> with bar() as progress:
    ...     progress(1, 2, "cat.png")
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total, _text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    # File names are shown as they are: no [markup] in them.
    text = TextColumn("{task.description}", markup=False)
    with Bar(*columns, text, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, total, what: shown.update(
            task, completed=done, total=total, description=printable(what)
        )


def show_failures(rows: Sequence[Row]) -> None:
    """Write the table of failures to stderr; equal rows become one with their number.

    Parameters
    ----------
    rows : sequence of (str, str)
        What failed, and why.

    Examples
    --------
    >>> show_failures([])
    """
    counted = [
        (printable(what), printable(_without(what, why)), "" if n == 1 else f"{n} times")
        for (what, why), n in Counter(rows).items()
    ]
    if counted and sys.stderr.isatty():
        _draw_table(counted)
    else:
        for what, why, times in counted:
            click.echo(f"failed: {what}: {why}{times and f' ({times})'}", err=True)


def _without(name: str, why: str) -> str:
    """Return a reason without the name or path that it begins with, where that is said already."""
    path, colon, rest = why.partition(": ")
    same = path == printable(name) or path.endswith(f"/{printable(name)}")
    return rest if colon and same else why


def _draw_table(rows: Sequence[tuple[str, str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("failed", "why", "", title="Failures", title_justify="left")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(stderr=True).print(table)

"""Work on many items: recorded as it is finished, with a bar, and a row for each failure."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import click

from acetate import run
from acetate.cli.console import Row, bar
from acetate.cli.journal import Journal


class Piece(Protocol):
    """A piece of work: one item, or several of one origin."""

    @property
    def name(self) -> str:
        """What a person would call it."""

    @property
    def count(self) -> int:
        """How many items it is."""


AnyPiece = TypeVar("AnyPiece", bound=Piece)


def work_through(
    maker: Callable[[AnyPiece], Sequence[Any]],
    pieces: Sequence[AnyPiece],
    journal: Journal[Any],
    where: run.Workplace,
    noun: str,
) -> list[Row]:
    """Make what is missing, record what is finished, and return the failures.

    Parameters
    ----------
    maker : callable
        From a piece to its outcomes: a `run.Success` with an entry of the journal, or a
        `run.Failure`, for each item. What it raises is the failure of the whole piece.
    pieces : sequence
        What is to be done.
    journal : Journal
        Open.
    where : Workplace
        Where they are made.
    noun : str
        What the items are called when Ctrl-C ends the work.
    """
    total = sum(piece.count for piece in pieces)
    rows: list[Row] = []
    done = 0
    try:
        with bar() as progress:
            for outcome in where.map(maker, pieces):
                rows += _recorded(outcome, journal)
                done += outcome.item.count
                progress(done, total, outcome.item.name)
    except KeyboardInterrupt:
        click.echo(f"{done} of {total} {noun} are done; the same command continues", err=True)
        raise
    return rows


def why(failure: run.Failure[Any]) -> str:
    """Return what a failure says, with its type where that may tell more than the text.

    Examples
    --------
    >>> why(run.Failure(0, "a.png", "KeyError", "'x'"))
    "KeyError: 'x'"
    """
    known = failure.error in ("OSError", "ValueError", "TypeError") and failure.message
    return failure.message if known else f"{failure.error}: {failure.message}"


def _recorded(outcome: Any, journal: Journal[Any]) -> list[Row]:
    """Record what was made of a piece, and return its failures."""
    name = outcome.item.name
    if isinstance(outcome, run.Failure):
        return [(name, why(outcome))]
    for one in outcome.value:
        if isinstance(one, run.Success):
            journal.add(one.value)
    return [(name, why(one)) for one in outcome.value if isinstance(one, run.Failure)]

"""The record of an output folder: by which command, and what of it is finished."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Generic, Protocol, TypeVar

from acetate.files import atomic, sweep
from acetate.run import journal


class Entry(journal.Entry, Protocol):
    """What a line of the record tells: something that is finished, and its files."""

    @property
    def files(self) -> Mapping[str, str]:
        """The files by kind, as paths inside the output folder."""


AnyEntry = TypeVar("AnyEntry", bound=Entry)


@dataclass(frozen=True)
class Book(Generic[AnyEntry]):
    """Where a command keeps its records in an output folder, and how they are read.

    Parameters
    ----------
    command : str
        The name of the file that says by which command the folder was filled.
    finished : str
        The name of the file with a line for everything that is finished.
    from_line : callable
        From a line to what it tells; raises ValueError if it is none.
    to_line : callable
        And back.

    Examples
    --------
    >>> Book("augment.json", "recipes.jsonl", lambda line: line, str).unfinished
    'recipes.jsonl.part'
    """

    command: str
    finished: str
    from_line: Callable[[bytes], AnyEntry]
    to_line: Callable[[AnyEntry], str]

    @property
    def unfinished(self) -> str:
        """The name of the file that is appended to while the work goes on."""
        return f"{self.finished}.part"


def recorded_entries(out: Path, book: Book[AnyEntry]) -> Iterator[AnyEntry]:
    """Read the entries that are recorded in an output folder, finished run or not."""
    for name in (book.finished, book.unfinished):
        if (out / name).exists():
            yield from journal.read_lines(out / name, book.from_line, name == book.unfinished)


class Journal(journal.Journal[AnyEntry]):
    """What is finished in an output folder.

    While the work goes on lines are appended to the unfinished file; `finish` sorts them into the
    finished one.

    Parameters
    ----------
    out : Path
        The output folder.
    book : Book
        Where in it the records are.

    Raises
    ------
    OSError, ValueError
        If a record that is there cannot be read.
    """

    def __init__(self, out: Path, book: Book[AnyEntry]) -> None:
        whole = (
            entry
            for entry in recorded_entries(out, book)
            if all((out / file).is_file() for file in entry.files.values())
        )
        super().__init__(out / book.unfinished, book.to_line, whole)
        self.out = out
        self.book = book

    def finish(self) -> None:
        """Write the finished file, in the order of the entries' keys."""
        journal.write_lines(self.out / self.book.finished, self.to_line, self.in_order())
        self.path.unlink(missing_ok=True)
        # Once more: the workers of a killed run may have outlived it for a moment.
        sweep_all(self.out)

    def in_order(self) -> list[AnyEntry]:
        """Return what is finished, in the order of the keys."""
        return [self.entries[key] for key in sorted(self.entries)]


def check_command(out: Path, book: Book[Any], command: Mapping[str, Any]) -> None:
    """Raise unless an output folder is new, or was filled by the very same command.

    Parameters
    ----------
    out : Path
        The output folder; it need not exist.
    book : Book
        Where in it the records are.
    command : mapping
        What decides over the results: paths, seed, pipeline, ...

    Raises
    ------
    ValueError
        If the folder holds something else; the text says what differs.
    """
    before = recorded_command(out, book)
    if before is None:
        if out.exists() and _holds_files(out):
            raise ValueError(f"{out} holds files of another origin; {_REMEDY}")
        return
    for key in {**command, **before}:
        old, new = before.get(key), command.get(key)
        if old != new:
            raise ValueError(f"{out} was filled with {key} {old!r}, not {new!r}; {_REMEDY}")


def _holds_files(folder: Path) -> bool:
    sweep(folder)  # a run that was killed at its very start has left no more than that
    return any(folder.iterdir())


_REMEDY = "choose another folder, or pass --overwrite"


def recorded_command(out: Path, book: Book[Any]) -> dict[str, Any] | None:
    """Return what is written down of the command that filled a folder; None without a record.

    Raises
    ------
    ValueError
        If the record is damaged.
    """
    path = out / book.command
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is damaged ({error}); {_REMEDY}") from error
    if not isinstance(record, dict):
        raise ValueError(f"{path} is damaged: it holds {record!r}; {_REMEDY}")
    return record


def prepare(out: Path, book: Book[Any], command: Mapping[str, Any]) -> None:
    """Make the output folder, and record the command."""
    out.mkdir(parents=True, exist_ok=True)
    sweep_all(out)
    with atomic(out / book.command, "w") as file:
        file.write(json.dumps(command, indent=2) + "\n")


def sweep_all(out: Path) -> None:
    """Remove the half-written files that killed runs left in a folder and those inside it."""
    for folder, _, _ in os.walk(out):
        sweep(folder)


def clear(out: Path, book: Book[Any]) -> None:
    """Remove the files that are recorded in a folder, and the records; nothing else.

    Raises
    ------
    OSError, ValueError
        If the record cannot be read, or a file not be removed.
    """
    for entry in recorded_entries(out, book):
        for file in entry.files.values():
            _remove_inside(out, book, file)
    for name in (book.finished, book.unfinished, book.command):
        (out / name).unlink(missing_ok=True)


def _remove_inside(out: Path, book: Book[Any], file: str) -> None:
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{out / book.finished} names a file outside of its folder: {file!r}")
    (out / file).unlink(missing_ok=True)

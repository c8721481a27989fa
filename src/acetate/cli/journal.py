"""The record of an output folder: by which command, and what of it is finished."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Generic, Protocol, Self, TypeVar

from acetate.files import atomic, sweep


class Entry(Protocol):
    """What a line of the record tells: something that is finished, and its files."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells entries apart, and their order."""

    @property
    def files(self) -> Mapping[str, str]:
        """The files by kind, as paths inside the output folder."""

    def to_line(self) -> str:
        """Return the line."""


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

    Examples
    --------
    >>> Book("augment.json", "recipes.jsonl", lambda line: line).unfinished
    'recipes.jsonl.part'
    """

    command: str
    finished: str
    from_line: Callable[[bytes], AnyEntry]

    @property
    def unfinished(self) -> str:
        """The name of the file that is appended to while the work goes on."""
        return f"{self.finished}.part"


def read_entries(path: Path, book: Book[AnyEntry], cut_off: bool = False) -> Iterator[AnyEntry]:
    """Read the lines of a file.

    Parameters
    ----------
    path : Path
        Holds one line for each entry.
    book : Book
        Reads them.
    cut_off : bool
        Whether the last line may be unfinished; then it is left out.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If a line is wrong; the text names the file and the line.
    """
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if cut_off and not line.endswith(b"\n"):
                return
            try:
                yield book.from_line(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def recorded_entries(out: Path, book: Book[AnyEntry]) -> Iterator[AnyEntry]:
    """Read the entries that are recorded in an output folder, finished run or not."""
    for name in (book.finished, book.unfinished):
        if (out / name).exists():
            yield from read_entries(out / name, book, cut_off=name == book.unfinished)


class Journal(Generic[AnyEntry]):
    """What is finished in an output folder.

    While the work goes on lines are appended to the unfinished file; `finish` sorts them into the
    finished one. So a killed run has lost nothing but what was under way.

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

    _file: IO[str]

    def __init__(self, out: Path, book: Book[AnyEntry]) -> None:
        self.out = out
        self.book = book
        self.entries: dict[tuple[Any, ...], AnyEntry] = {}
        for entry in recorded_entries(out, book):
            if all((out / file).is_file() for file in entry.files.values()):
                self.entries[entry.key] = entry

    def __enter__(self) -> Self:
        """Begin to append."""
        # Anew, without the half line that a killed run may have left.
        self._write(self.book.unfinished)
        path = self.out / self.book.unfinished
        self._file = open(path, "a", encoding="utf-8", newline="")
        return self

    def __exit__(self, *_: object) -> None:
        """End appending."""
        self._file.close()

    def add(self, entry: AnyEntry) -> None:
        """Record an entry whose files are written; inside a ``with`` block."""
        self.entries[entry.key] = entry
        self._file.write(entry.to_line() + "\n")
        self._file.flush()

    def finish(self) -> None:
        """Write the finished file, in the order of the entries' keys."""
        self._write(self.book.finished)
        (self.out / self.book.unfinished).unlink(missing_ok=True)
        # Once more: the workers of a killed run may have outlived it for a moment.
        sweep_all(self.out)

    def in_order(self) -> list[AnyEntry]:
        """Return what is finished, in the order of the keys."""
        return [self.entries[key] for key in sorted(self.entries)]

    def _write(self, name: str) -> None:
        with atomic(self.out / name, "w") as file:
            file.writelines(entry.to_line() + "\n" for entry in self.in_order())


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

"""The done-list: a line for all that is finished, so that the same command goes on from there."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Generic, Protocol, Self, TypeVar

from acetate.files import atomic


class Entry(Protocol):
    """Something that is finished."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells entries apart."""


AnyEntry = TypeVar("AnyEntry", bound=Entry)
Read = TypeVar("Read")


class Journal(Generic[AnyEntry]):
    """What is finished, in memory and in a file that is added to while the work goes on.

    Every line is handed to the system at once: a killed run has lost nothing but what was under
    way.

    Parameters
    ----------
    path : Path
        The file; its folder must exist when the journal is entered.
    to_line : callable
        From an entry to its line, without an end.
    entries : iterable
        What is finished already; of those with one key the last.

    Examples
    --------
    >>> import tempfile
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Done:
    ...     name: str
    ...     key = property(lambda self: (self.name,))
    >>> line_of = lambda done: done.name
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "done.txt")
    ...     with Journal(file, line_of, [Done("a")]) as journal:
    ...         journal.add(Done("b"))
    ...     list(read_lines(file, bytes.decode))
    ['a', 'b']
    """

    _file: IO[str]

    def __init__(
        self, path: Path, to_line: Callable[[AnyEntry], str], entries: Iterable[AnyEntry] = ()
    ) -> None:
        self.path = path
        self.to_line = to_line
        self.entries: dict[tuple[Any, ...], AnyEntry] = {entry.key: entry for entry in entries}

    def __enter__(self) -> Self:
        """Begin to add."""
        # Anew, without the half line that a killed run may have left.
        write_lines(self.path, self.to_line, self.entries.values())
        self._file = open(self.path, "a", encoding="utf-8", newline="")
        return self

    def __exit__(self, *_: object) -> None:
        """End adding."""
        self._file.close()

    def add(self, entry: AnyEntry) -> None:
        """Write down what is finished; inside a ``with`` block."""
        self.entries[entry.key] = entry
        self._file.write(self.to_line(entry) + "\n")
        self._file.flush()


def write_lines(
    path: Path, to_line: Callable[[AnyEntry], str], entries: Iterable[AnyEntry]
) -> None:
    """Write a file of entries, whole or not at all.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with atomic(path, "w") as file:
        file.writelines(to_line(entry) + "\n" for entry in entries)


def read_lines(
    path: Path, from_line: Callable[[bytes], Read], cut_off: bool = False
) -> Iterator[Read]:
    """Read a file of entries.

    Parameters
    ----------
    path : Path
        Holds one line for each entry.
    from_line : callable
        From a line, without its end, to what it tells; raises ValueError if it is none.
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
                yield from_line(line.removesuffix(b"\n"))
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error

"""One treatment for many pictures: find them, treat what is not finished, record, report."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import click
import cv2

from acetate import __version__, run
from acetate.cli import journal as journals
from acetate.cli.app import wrong_usage
from acetate.cli.console import show_failures
from acetate.cli.journal import Book, Journal
from acetate.cli.lines import Finished, pictures_book
from acetate.cli.pictures import PictureFile, check_out_folder, find_pictures
from acetate.cli.work import work_through
from acetate.files import printable
from acetate.images import SUFFIXES


@dataclass(frozen=True)
class Request:
    """What all these commands are told.

    Parameters
    ----------
    pictures : sequence of Path
        Files and folders.
    out : Path
        The folder to write into.
    where : Workplace
        Where they are treated.
    overwrite : bool
        Whether to begin anew in a folder that was filled.
    """

    pictures: Sequence[Path]
    out: Path
    where: run.Workplace
    overwrite: bool


@dataclass
class Output:
    """The files of one picture in the output folder.

    Parameters
    ----------
    out : Path
        The folder.
    stem : str
        Of the picture.
    files : dict
        What was written, by kind, as paths inside the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     output = Output(Path(folder), "dogs/rex")
    ...     _ = output.path("mask", "masks", ".png")
    ...     output.files
    {'mask': 'masks/dogs/rex.png'}
    """

    out: Path
    stem: str
    files: dict[str, str] = field(default_factory=dict)

    def path(self, kind: str, folder: str, ending: str) -> Path:
        """Return the path of a file to write, note it, and make its folder."""
        path = self.out / folder / f"{self.stem}{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files[kind] = path.relative_to(self.out).as_posix()
        return path


class Treatment(Protocol):
    """What is done to every picture; it may be sent to other processes."""

    def record(self) -> Mapping[str, Any]:
        """Return what decides over the results, in plain values."""

    def reads(self, source: PictureFile) -> Sequence[Path]:
        """Return the files that are read for a picture, which may be missing or unreadable."""

    def __call__(self, source: PictureFile, output: Output) -> None:
        """Read a picture, and write what is made of it."""


@dataclass(frozen=True)
class Maker:
    """What treats a picture, in any process.

    Parameters
    ----------
    treatment : Treatment
        What is done.
    out : Path
        The output folder.
    alone : bool
        Whether this is the only process at work; otherwise each keeps to one thread.
    """

    treatment: Treatment
    out: Path
    alone: bool

    def __call__(
        self, source: PictureFile
    ) -> list[run.Success[PictureFile, Finished] | run.Failure[PictureFile]]:
        """Treat a picture."""
        if not self.alone:
            cv2.setNumThreads(1)
        return list(run.map(partial(self.make), [source]))

    def make(self, source: PictureFile) -> Finished:
        """Treat a picture, and return its line in the record."""
        output, read = Output(self.out, source.stem), _stamps(self.treatment, source)
        self.treatment(source, output)
        return Finished(source.name, output.files, read)


def _stamps(treatment: Treatment, source: PictureFile) -> tuple[tuple[int, int], ...]:
    """Return size and time of change of what is read for a picture."""
    stats = [path.stat() for path in treatment.reads(source) if path.is_file()]
    return tuple((stat.st_size, stat.st_mtime_ns) for stat in stats)


def carry_out(
    command: str, request: Request, treatment: Treatment, inputs: Sequence[Path] = ()
) -> int:
    """Treat the pictures that are not finished, and return the exit code.

    Parameters
    ----------
    command : str
        The command's name, for its record.
    request : Request
        Which pictures, and where to write.
    treatment : Treatment
        What is done to each.
    inputs : sequence of Path
        What else is read; if a folder lies among the pictures, it is left out there.

    Raises
    ------
    click.UsageError
        If there are no pictures, or the output folder is another command's.
    OSError, ValueError
        If the records cannot be read or written.
    """
    book = pictures_book(command)
    with wrong_usage():
        check_out_folder(request.out, *request.pictures, *inputs)
        sources, rows = find_pictures(request.pictures, [request.out, *inputs])
    if not sources and not rows:
        given = ", ".join(printable(path) for path in request.pictures)
        raise click.UsageError(f"{given} holds no pictures ({', '.join(SUFFIXES)})")
    _open(request, book, treatment)
    with Journal(request.out, book) as journal:
        missing = [each for each in sources if not _is_done(each, treatment, journal)]
        kept = len(sources) - len(missing)
        for source in missing:
            journal.entries.pop((source.name,), None)
        maker = Maker(treatment, request.out, request.where.is_here)
        rows += work_through(maker, missing, journal, request.where, "pictures")
    journal.finish()
    show_failures(rows)
    done = sum((source.name,) in journal.entries for source in missing)
    before = f" ({kept} more were there)" if kept else ""
    click.echo(f"{done} of {len(missing)} pictures in {printable(request.out)}{before}")
    return 1 if rows else 0


def _is_done(source: PictureFile, treatment: Treatment, journal: Journal[Finished]) -> bool:
    """Tell whether a picture is finished, and what it was made of has not changed since."""
    before = journal.entries.get((source.name,))
    return before is not None and before.read == _stamps(treatment, source)


def _open(request: Request, book: Book[Finished], treatment: Treatment) -> None:
    """Make the output folder ready, or raise if it is another command's."""
    pictures = sorted(os.path.realpath(path) for path in request.pictures)
    command = {"acetate": __version__, "pictures": pictures, **treatment.record()}
    if request.overwrite:
        journals.clear(request.out, book)
    else:
        with wrong_usage():
            journals.check_command(request.out, book, command)
    journals.prepare(request.out, book, command)

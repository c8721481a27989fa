"""The guide: runs the examples one after the other, and writes the page about them."""

import runpy
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from acetate.files import PathLike, atomic
from acetate.run import Failure, Workplace
from acetate.tour.chapters import CHAPTERS, Chapter
from acetate.tour.exploded import exploded
from acetate.tour.page import Told, page
from acetate.tour.scripts import script

Progress = Callable[[int, int | None, str], None]

_PICTURES = "pictures"
_HERE = Workplace()


def run(out: PathLike, progress: Progress | None = None, where: Workplace = _HERE) -> Path:
    """Run every example, and write one HTML page about them.

    Parameters
    ----------
    out : path
        The folder for the page, ``index.html``, and beside it the folder ``pictures``. Made where
        it does not exist; files of those names are replaced.
    progress : callable, optional
        Called after each chapter with how many are done, how many there are, and its title.
    where : Workplace
        Where the examples run; several processes compile their loops at the same time.

    Returns
    -------
    path
        The page, which opens from disk, without a network.

    Raises
    ------
    FileNotFoundError
        If the examples are not installed.
    OSError
        If the folder cannot be written.
    RuntimeError
        If an example fails.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run(folder).name
    'index.html'
    """
    begin = time.perf_counter()
    folder = Path(out, _PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    drawing = _sheets(folder)
    told = list[Told]()
    for outcome in where.map(partial(_told, folder=folder), CHAPTERS):
        chapter = outcome.item
        if isinstance(outcome, Failure):
            raise RuntimeError(f"{chapter.script}.py: {outcome.error}: {outcome.message}")
        told.append(outcome.value)
        if progress is not None:
            progress(len(told), len(CHAPTERS), chapter.title)
    path = Path(out, "index.html")
    with atomic(path, "w") as file:
        file.write(page(told, drawing, time.perf_counter() - begin))
    return path


def _told(chapter: Chapter, folder: Path) -> Told:
    path = script(chapter.script)
    begin = time.perf_counter()
    picture: Path = runpy.run_path(str(path))["main"](folder)
    seconds = time.perf_counter() - begin
    return Told(chapter, path.read_text(encoding="utf-8"), picture, seconds)


def _sheets(folder: Path) -> str:
    """Draw the picture that the example with all the sheets is about, taken apart."""
    picture = runpy.run_path(str(script("sheets_together")))["motorcycle"](1.0)
    return exploded(picture.image, **dict(picture.sheets()), folder=folder)

"""The guide: runs the examples one after the other, and writes the page about them."""

import runpy
import time
from collections.abc import Callable
from pathlib import Path

from acetate.files import PathLike, atomic
from acetate.tour.chapters import CHAPTERS, Chapter
from acetate.tour.exploded import exploded
from acetate.tour.page import Told, page
from acetate.tour.scripts import script

Progress = Callable[[int, int | None, str], None]

_PICTURES = "pictures"


def run(out: PathLike, progress: Progress | None = None) -> Path:
    """Run every example, and write one HTML page about them.

    Parameters
    ----------
    out : path
        The folder for the page, ``index.html``, and beside it the folder ``pictures``. Made where
        it does not exist; files of those names are replaced.
    progress : callable, optional
        Called after each chapter with how many are done, how many there are, and its title.

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
    told = []
    for done, chapter in enumerate(CHAPTERS, 1):
        told.append(_told(chapter, folder))
        if progress is not None:
            progress(done, len(CHAPTERS), chapter.title)
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

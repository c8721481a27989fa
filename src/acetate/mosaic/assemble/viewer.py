"""A folder with the pyramid of a mosaic and a page that shows it, from disk, in any browser."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from acetate.files import PathLike, printable
from acetate.geometry import Frame
from acetate.mosaic.assemble.pyramid import SIDE, Pyramid, levels_of
from acetate.mosaic.match import Matches

_PAGE = {"index.html": "viewer.html", "viewer.js": "viewer.js"}
_OURS = {*_PAGE, "cells.js", "mosaic.dzi", "mosaic_files"}


def check_viewer_folder(folder: PathLike) -> None:
    """Raise if a folder holds anything but a viewer that would be replaced.

    Raises
    ------
    FileNotFoundError
        If the folder around it does not exist.
    ValueError
        If it holds other files, or is a file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     check_viewer_folder(f"{folder}/viewer")
    """
    path = Path(folder).absolute()
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "the folder to write into does not exist", str(path.parent))
    if path.exists() and (not path.is_dir() or {each.name for each in path.iterdir()} - _OURS):
        raise ValueError(
            f"{printable(path)} holds other files than a viewer; choose another folder"
        )


@contextmanager
def new_viewer(
    folder: PathLike, shape: Frame, matches: Matches, paths: tuple[str, ...]
) -> Iterator[Pyramid]:
    """Make a viewer, which takes its name when it is whole.

    Parameters
    ----------
    folder : path
        The folder; a viewer that is there is replaced.
    shape : (int, int)
        Height and width of the mosaic in pixels.
    matches : Matches
        Which tile each cell has.
    paths : tuple of str
        The picture of each tile; the page shows its last name.

    Yields
    ------
    Pyramid
        To be given the rows of the mosaic.

    Raises
    ------
    OSError, ValueError
        As `check_viewer_folder`; or if a file cannot be written.
    """
    check_viewer_folder(folder)
    final = Path(folder).absolute()
    work = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        made = work / "new"
        made.mkdir()
        pyramid = Pyramid(made, shape)
        yield pyramid
        pyramid.finish()
        _write_page(made, shape, matches, paths)
        if final.exists():
            final.rename(work / "old")
        made.rename(final)
    finally:
        shutil.rmtree(work)


def _write_page(folder: Path, shape: Frame, matches: Matches, paths: tuple[str, ...]) -> None:
    used, cells = np.unique(matches.tiles, return_inverse=True)
    names = [printable(os.path.basename(paths[tile])) for tile in used]
    rows, columns = matches.grid
    facts = {
        "width": shape[1],
        "height": shape[0],
        "side": SIDE,
        "levels": len(levels_of(shape)),
        "rows": rows,
        "columns": columns,
        "names": names,
        "cells": cells.ravel().tolist(),
    }
    (folder / "cells.js").write_text(f"const MOSAIC = {json.dumps(facts)};\n", encoding="utf-8")
    for name, source in _PAGE.items():
        shutil.copyfile(Path(__file__).with_name(source), folder / name)

"""Cases from folders: pictures, and truth and scribbles of the same names."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal

from acetate.files import PathLike, walk
from acetate.images import SUFFIXES
from acetate.segment.compare.cases import Case

Failure = tuple[str, str]


def find_cases(
    pictures: PathLike,
    truth: PathLike | None = None,
    scribbles: PathLike | None = None,
    *,
    leave: Iterable[PathLike] = (),
    page: int | None = None,
    profile: Literal["to_srgb", "ignore"] = "to_srgb",
) -> tuple[list[Case], list[Failure]]:
    """Find pictures and what belongs to them, which has the same name but for the suffix.

    Parameters
    ----------
    pictures : path
        A folder, searched with the folders inside it, or one picture.
    truth : path or None
        A folder of masks or labels, one for each picture; or one file, for one picture.
    scribbles : path or None
        A folder of scribbles, for some of the pictures or all; or one file, for one picture.
    leave : iterable of path
        Folders whose pictures are left out, such as the one that `compare` writes into.
    page : int or None
        Which page of the pictures; None refuses those of several.
    profile : {"to_srgb", "ignore"}
        What becomes of colour profiles, as in `acetate.images.read`.

    Returns
    -------
    list of Case
        By name.
    list of (str, str)
        What was passed over, and why.

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If one is a folder and the other a file, or there are no pictures.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for file in ("cells.tif", "dust.png"):
    ...         Path(folder, file).touch()
    ...     [case.name for case in find_cases(folder)[0]]
    ['cells.tif', 'dust.png']
    """
    if not os.path.isdir(pictures):
        return [replace(_single(Path(pictures), truth, scribbles), page=page, profile=profile)], []
    folder = Path(pictures)
    others = [Path(other) for other in (truth, scribbles) if other is not None]
    for other in others:
        if not other.is_dir():
            raise ValueError(f"{folder} is a folder, so {other} should be one too")
    away = [*others, *map(Path, leave)]
    found = walk(folder, SUFFIXES)
    inside = [file for file in found.files if not _is_below(file, away, folder)]
    if not inside:
        raise ValueError(f"{folder} holds no pictures ({', '.join(SUFFIXES)})")
    failures = [(str(problem.path), problem.reason) for problem in found.problems]
    truths = None if truth is None else _by_stem(Path(truth))
    marks = {} if scribbles is None else _by_stem(Path(scribbles))
    cases = []
    for file in inside:
        name = file.relative_to(folder).as_posix()
        try:
            true = None if truths is None else _only(truths, name, "truth")
            mark = _only(marks, name, "scribbles") if _stem(name) in marks else None
            cases.append(Case(name, file, true, mark, page, profile))
        except ValueError as error:
            failures.append((name, str(error)))
    return sorted(cases, key=lambda case: case.name), failures


def _single(picture: Path, truth: PathLike | None, scribbles: PathLike | None) -> Case:
    for path in (picture, truth, scribbles):
        if path is not None and not os.path.exists(path):
            raise FileNotFoundError(2, "no such file or folder", str(path))
        if path is not None and os.path.isdir(path):
            raise ValueError(f"{picture} is one picture, so {path} should be one file too")
    true, mark = (None if path is None else Path(path) for path in (truth, scribbles))
    return Case(picture.name, picture, true, mark)


def _is_below(file: Path, folders: Sequence[Path], root: Path) -> bool:
    """Tell whether a file belongs to one of the folders inside the pictures' folder."""
    inner = [f for f in folders if f.resolve() != root.resolve()]
    return any(file.resolve().is_relative_to(folder.resolve()) for folder in inner)


def _stem(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def _by_stem(folder: Path) -> Mapping[str, Sequence[Path]]:
    files = defaultdict(list)
    for file in walk(folder, SUFFIXES).files:
        files[_stem(file.relative_to(folder).as_posix())].append(file)
    return files


def _only(files: Mapping[str, Sequence[Path]], name: str, kind: str) -> Path:
    mine = files.get(_stem(name), ())
    if len(mine) != 1:
        what = f"several files: {', '.join(file.name for file in mine)}" if mine else "no file"
        raise ValueError(f"its {kind} should be one file called {_stem(name)}.*, there is {what}")
    return mine[0]

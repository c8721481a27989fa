"""Cases from folders: pictures, and truth and scribbles of the same names."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from acetate.files import PathLike, walk
from acetate.images import SUFFIXES
from acetate.segment.compare.cases import Case
from acetate.stems import Stems, by_stem, only_one, outside, stem_of

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
    away = [path for path in (*others, *map(Path, leave)) if path.resolve() != folder.resolve()]
    found = walk(folder, SUFFIXES)
    inside = outside(found.files, away)
    if not inside:
        raise ValueError(f"{folder} holds no pictures ({', '.join(SUFFIXES)})")
    failures = [(str(problem.path), problem.reason) for problem in found.problems]
    truths = None if truth is None else _stems_in(Path(truth))
    marks = {} if scribbles is None else _stems_in(Path(scribbles))
    cases = []
    for file in inside:
        name = file.relative_to(folder).as_posix()
        stem = stem_of(name)
        try:
            true = None if truths is None else only_one(truths.get(stem, ()), stem, "truth")
            mark = only_one(marks[stem], stem, "scribbles") if stem in marks else None
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


def _stems_in(folder: Path) -> Stems:
    return by_stem(walk(folder, SUFFIXES).files, folder)

"""Formats with a file for each picture: the files of a folder, and the set that they make."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath

import numpy as np

from acetate.files import PathLike, printable, walk
from acetate.sheets.formats.known import Known, Size
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import LandmarkSet

# A picture's name, its landmarks, its (height, width) and its mm per pixel.
OnePicture = tuple[str, Sequence[Keypoint], Size | None, float | None]


def files_in(path: Path, suffix: str) -> tuple[Path, ...]:
    """Return a file itself, or the files of a folder and of those in it that end in `suffix`.

    Raises
    ------
    FileNotFoundError
        If there is no such file or folder.
    ValueError
        If the folder has no such files.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Path(folder, "a.json").touch()
    ...     [file.name for file in files_in(Path(folder), ".json")]
    ['a.json']
    """
    if not path.is_dir():
        return (path,)
    files = walk(path, suffix).files
    if not files:
        raise ValueError(f"{printable(path)} has no files *{suffix}")
    return files


def stem_in(path: Path, file: Path, suffix: str) -> str:
    """Return what a file is called inside a folder without its suffix, or a lone file.

    Examples
    --------
    >>> stem_in(Path("marks"), Path("marks/cats/tom.mrk.json"), ".mrk.json")
    'cats/tom'
    >>> stem_in(Path("marks/tom.json"), Path("marks/tom.json"), ".json")
    'tom'
    """
    inside = file.name if file == path else file.relative_to(path).as_posix()
    return inside.removesuffix(suffix)


def joined(pictures: Iterable[OnePicture], known: Known) -> LandmarkSet:
    """Return the set of pictures that were read one by one.

    Raises
    ------
    ValueError
        If two files are about one picture.

    Examples
    --------
    >>> joined([("a.png", [Keypoint(1, 2, "nose")], None, None)], Known()).names
    ('nose',)
    """
    points: dict[str, Sequence[Keypoint]] = {}
    shapes, spacings = [], []
    for picture, several, shape, spacing in pictures:
        if picture in points:
            raise ValueError(f"two files are about the picture {picture!r}")
        points[picture] = several
        shapes.append(shape)
        spacings.append(np.nan if spacing is None else spacing)
    return LandmarkSet.from_keypoints(points, known.names, shapes=shapes, spacing=spacings)


def file_for(path: PathLike, marks: LandmarkSet, i: int, suffix: str) -> Path:
    """Return the file to write a picture's landmarks into; its folders are made.

    A path that ends in `suffix` is the file of the only picture; any other is a folder.

    Raises
    ------
    ValueError
        If the path is a file and there are several pictures, or two have the same name but for
        the suffix, or a name leads out of the folder.

    Examples
    --------
    >>> marks = LandmarkSet(["nose"], ["a.png"], [[[1, 2]]])
    >>> file_for("a.json", marks, 0, ".json").name
    'a.json'
    """
    target, picture = Path(path), PurePosixPath(marks.pictures[i])
    if target.name.endswith(suffix) and not target.is_dir():
        if len(marks) > 1:
            raise ValueError(
                f"{printable(path)} is one file, and there are {len(marks)} pictures: this format "
                "has a file for each, so pass a folder"
            )
        return target
    stem = str(picture.with_suffix(""))
    if stem in _twice(marks.pictures):
        raise ValueError(f"two pictures are called {stem!r} but for their suffix; rename one")
    if picture.is_absolute() or ".." in picture.parts:
        raise ValueError(f"the picture {marks.pictures[i]!r} leads out of {printable(path)}")
    file = target / f"{stem}{suffix}"
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


@lru_cache(maxsize=4)  # it is asked for each picture of a set
def _twice(pictures: tuple[str, ...]) -> frozenset[str]:
    """Return what several pictures are called, but for their suffix."""
    counts = Counter(str(PurePosixPath(name).with_suffix("")) for name in pictures)
    return frozenset(stem for stem, count in counts.items() if count > 1)

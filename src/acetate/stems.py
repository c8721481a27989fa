"""Files that belong together: of one name but for the suffix, each kind in a folder of its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

Stems = Mapping[str, Sequence[Path]]


def stem_of(name: str) -> str:
    """Return a name without its suffix, but with its folders.

    Examples
    --------
    >>> stem_of("dogs/rex.v2.png")
    'dogs/rex.v2'
    """
    return str(PurePosixPath(name).with_suffix(""))


def by_stem(files: Iterable[Path], folder: Path) -> Stems:
    """Return files by their path inside a folder, without suffix.

    Examples
    --------
    >>> by_stem([Path("in/a.png"), Path("in/a.tif")], Path("in"))["a"][1].name
    'a.tif'
    """
    found: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        found[stem_of(file.relative_to(folder).as_posix())].append(file)
    return found


def only_one(files: Sequence[Path], stem: str, kind: str, place: str = "") -> Path:
    """Return the file that belongs to a picture, where there is one and no other.

    Parameters
    ----------
    files : sequence of Path
        Those of its stem.
    stem : str
        Of the picture.
    kind : str
        What the file is to the picture, such as "mask".
    place : str
        Where it was looked for, such as " in masks".

    Raises
    ------
    ValueError
        If there is none, or several.

    Examples
    --------
    >>> only_one([Path("a.png"), Path("a.tif")], "a", "mask")
    Traceback (most recent call last):
    ValueError: its mask should be one file called a.*, there is several files: a.png, a.tif
    """
    if len(files) != 1:
        what = f"several files: {last_names(files)}" if files else "no file"
        raise ValueError(f"its {kind} should be one file called {stem}.*{place}, there is {what}")
    return files[0]


def last_names(files: Iterable[Path]) -> str:
    """Return the names of files, without their folders.

    Examples
    --------
    >>> last_names([Path("b/a.png"), Path("c.png")])
    'a.png, c.png'
    """
    return ", ".join(file.name for file in files)


def outside(files: Sequence[Path], folders: Iterable[Path]) -> Sequence[Path]:
    """Return the files that lie in none of some folders.

    Examples
    --------
    >>> outside([Path("in/a.png"), Path("in/out/b.png")], [Path("in/out")])
    [PosixPath('in/a.png')]
    """
    away = [folder.resolve() for folder in folders]
    if not away:
        return files
    return [f for f in files if not any(f.resolve().is_relative_to(other) for other in away)]

"""The pictures that a command is given: files, and whole folders, each under a name of its own."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acetate import images
from acetate.arrays import Array
from acetate.cli.console import Row
from acetate.files import Walk, walk
from acetate.stems import last_names, outside, stem_of


@dataclass(frozen=True)
class PictureFile:
    """A picture that is to be worked on.

    Parameters
    ----------
    name : str
        The picture's path inside its folder, with slashes.
    picture : Path
        The file.

    Examples
    --------
    >>> PictureFile("dogs/rex.v2.png", Path("in/dogs/rex.v2.png")).stem
    'dogs/rex.v2'
    """

    name: str
    picture: Path

    @property
    def stem(self) -> str:
        """The name without its suffix: what is made of the picture shares it."""
        return stem_of(self.name)

    @property
    def count(self) -> int:
        """One picture."""
        return 1


def find_pictures(
    paths: Sequence[Path], leave: Iterable[Path] = ()
) -> tuple[list[PictureFile], list[Row]]:
    """Find pictures in folders and the folders inside them, beside those that are named.

    Parameters
    ----------
    paths : sequence of Path
        Folders, whose pictures are named by their path inside, and files, by their last name.
    leave : iterable of Path
        Folders whose pictures are left out.

    Returns
    -------
    list of PictureFile
        In order of their names.
    list of (str, str)
        What was passed over, and why: two of one name but for the suffix, broken links, ...

    Raises
    ------
    FileNotFoundError
        If one of the paths does not exist.
    """
    found = walk(paths, images.SUFFIXES)
    rows = rows_of(found)
    folders = [path for path in paths if path.is_dir()]
    sources = [PictureFile(_name(file, folders), file) for file in outside(found.files, leave)]
    by_stem: dict[str, list[PictureFile]] = defaultdict(list)
    for source in sources:
        by_stem[source.stem].append(source)
    alone = []
    for source in sorted(sources, key=lambda source: source.name):
        try:
            check_alone([other.picture for other in by_stem[source.stem]])
            alone.append(source)
        except ValueError as error:
            rows.append((os.fspath(source.picture), str(error)))
    return alone, rows


def _name(file: Path, folders: Sequence[Path]) -> str:
    folder = next((folder for folder in folders if file.is_relative_to(folder)), file.parent)
    return file.relative_to(folder).as_posix()


def check_alone(files: Sequence[Path]) -> None:
    """Raise where several pictures would have the same names for what is made of them.

    Examples
    --------
    >>> check_alone([Path("a.png"), Path("a.jpg")])
    Traceback (most recent call last):
    ValueError: a.png, a.jpg differ in their suffix alone; rename
    >>> check_alone([Path("b/a.png"), Path("c/a.png")])
    Traceback (most recent call last):
    ValueError: b/a.png, c/a.png have one name; rename, or give the folder that holds them
    """
    if len({file.name for file in files}) < len(files):
        paths = ", ".join(map(os.fspath, files))
        raise ValueError(f"{paths} have one name; rename, or give the folder that holds them")
    if len(files) > 1:
        raise ValueError(f"{last_names(files)} differ in their suffix alone; rename")


def check_out_folder(out: Path, *inputs: Path | None) -> None:
    """Raise if a folder to write into holds one to read from.

    Examples
    --------
    >>> check_out_folder(Path("data"), Path("data/pictures"))
    Traceback (most recent call last):
    ValueError: --out data holds data/pictures; choose another folder
    """
    for path in inputs:
        if path is not None and path.resolve().is_relative_to(out.resolve()):
            raise ValueError(f"--out {out} holds {path}; choose another folder")


def rows_of(found: Walk) -> list[Row]:
    """Return what a walk passed over, as failures."""
    return [(os.fspath(problem.path), problem.reason) for problem in found.problems]


def for_eyes(image: Array) -> Array:
    """Return gray or RGB; of channels that stand for no colours, the first."""
    return image if image.ndim == 2 or image.shape[2] == 3 else image[:, :, 0]


def stretched(image: Array) -> Array:
    """Return numbers of more than 8 bits so that the middle 99.8 % of them go from black to white.

    Few such pictures use their whole range: 12 bits stored in 16 would look black. Bytes are as
    they should look, and stay.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``.

    Returns
    -------
    numpy.ndarray
        uint8 of that shape; of a picture of one value black. Bytes are the picture itself.

    Examples
    --------
    >>> stretched(np.array([[0, 2048, 4095]], np.uint16))
    array([[  0, 127, 255]], dtype=uint8)
    """
    if image.dtype == np.uint8:
        return image
    low, high = np.percentile(image, (0.1, 99.9)).astype(np.float64)
    if low == high:
        return (image > high) * np.uint8(255)
    return ((np.clip(image, low, high) - low) / (high - low) * 255).astype(np.uint8)

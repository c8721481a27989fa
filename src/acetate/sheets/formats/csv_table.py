"""Landmarks in CSV tables: a row for each point, ``image,name,x,y``."""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from acetate.files import PathLike, atomic, printable
from acetate.sheets.formats.csv_rows import csv_rows, place_of
from acetate.sheets.formats.origin import origin_offset
from acetate.sheets.keypoint import Keypoint

HEADER = ("image", "name", "x", "y")


def read_csv(
    path: PathLike, names: Sequence[str] | None = None, origin: str = "corner"
) -> dict[str, tuple[Keypoint, ...]]:
    """Read landmarks from a table with the header ``image,name,x,y``.

    Parameters
    ----------
    path : path
        CSV, UTF-8. A row whose x and y are blank (or "nan") is a missing point.
    names : sequence of str, optional
        The landmarks that there may be, in the order that they are to have; those of the file,
        in the order of their first rows, by default.
    origin : {"corner", "centre"}
        Whether (0, 0) is the outer corner of the first pixel or its centre.

    Returns
    -------
    dict
        From each image's name to its points, all names in the same order everywhere: a name that
        an image has no row for is missing there. The table does not know the images' sizes:
        ``KeypointsOnImage(points, image.shape)``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no such table, or has unknown or repeated names: with the file and the line.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(f"{folder}/points.csv", {"cat.png": [Keypoint(10.5, 20, "nose")]})
    ...     read_csv(f"{folder}/points.csv")
    {'cat.png': (Keypoint(x=10.5, y=20.0, name='nose', visible=True),)}
    """
    offset, images = origin_offset(origin), dict[str, dict[str, Keypoint]]()
    found = dict.fromkeys(names or ())
    for row in _rows(path):
        if names is not None and row.name not in names:
            raise row.error(f"the name must be one of {list(names)}, got {row.name!r}")
        points = images.setdefault(row.image, {})
        if row.name in points:
            raise row.error(f"{row.image!r} has a second row for {row.name!r}")
        found.setdefault(row.name)
        x, y = row.place()
        points[row.name] = Keypoint(x + offset, y + offset, row.name)
    return {
        image: tuple(points.get(name) or Keypoint(math.nan, math.nan, name) for name in found)
        for image, points in images.items()
    }


def write_csv(
    path: PathLike, points: Mapping[str, Iterable[Keypoint]], origin: str = "corner"
) -> None:
    """Write landmarks as a table with the header ``image,name,x,y``; whether visible is not kept.

    Parameters
    ----------
    path : path
        The file; written whole or not at all.
    points : mapping
        From each image's name to its points, or its `KeypointsOnImage`. Missing ones are blank.
    origin : {"corner", "centre"}
        As for `read_csv`.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    ValueError
        If an image has no points, or a point no name, or two have the same.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(f"{folder}/points.csv", {"cat.png": [Keypoint(10.5, 20, "nose")]})
    ...     print(Path(folder, "points.csv").read_text())
    image,name,x,y
    cat.png,nose,10.5,20.0
    """
    offset = origin_offset(origin)
    rows = [row for image, several in points.items() for row in _lines(image, several, offset)]
    with atomic(path, "w") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        table.writerows(rows)


class _Row(NamedTuple):
    file: str
    line: int
    image: str
    name: str
    x: str
    y: str

    def place(self) -> tuple[float, float]:
        try:
            return place_of(self.x, self.y)
        except ValueError as error:
            raise self.error(str(error)) from error

    def error(self, text: str) -> ValueError:
        return ValueError(f"{self.file}, line {self.line}: {text}")


def _rows(path: PathLike) -> Iterator[_Row]:
    """Yield the rows below the header, each with four filled fields or a blank x and y."""
    name, rows = printable(path), csv_rows(path)
    _, header = next(rows, (1, []))
    if tuple(header) != HEADER:
        raise ValueError(
            f"{name}, line 1: the header must be {','.join(HEADER)}, got {','.join(header)}"
        )
    for line, fields in rows:
        yield _row(name, line, fields)


def _row(file: str, line: int, fields: list[str]) -> _Row:
    if len(fields) != len(HEADER) or not fields[0] or not fields[1]:
        raise ValueError(
            f"{file}, line {line}: a row is an image, a name, x and y, got {','.join(fields)!r}"
        )
    return _Row(file, line, *fields)


def _lines(image: str, points: Iterable[Keypoint], offset: float) -> list[tuple[object, ...]]:
    several = tuple(points)
    names = [point.name for point in several]
    if not several or not all(names) or len(set(names)) != len(names):
        raise ValueError(
            f"a table needs points with names, each once, in every image; {image!r} has {names}"
        )
    return [
        (image, p.name, *(("", "") if p.missing else (float(p.x - offset), float(p.y - offset))))
        for p in several
    ]

"""Landmarks in CSV tables as plain points: a row for each, ``image,name,x,y``."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from acetate.files import PathLike
from acetate.sheets.formats.known import Known
from acetate.sheets.formats.origin import origin_offset
from acetate.sheets.formats.table import read_long, write_long
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import HIDDEN, LandmarkSet


def read_csv(
    path: PathLike, names: Sequence[str] | None = None, origin: str = "corner"
) -> dict[str, tuple[Keypoint, ...]]:
    """Read landmarks from a table with the columns image, name, x and y.

    Parameters
    ----------
    path : path
        CSV, UTF-8, as `read_landmarks` reads it. A row whose x and y are blank (or "nan") is a
        missing point.
    names : sequence of str, optional
        The landmarks that there may be, in the order that they are to have; those of the file,
        in the order of their first rows, by default.
    origin : {"corner", "centre"}
        Whether (0, 0) is the outer corner of the first pixel or its centre.

    Returns
    -------
    dict
        From each image's name to its points, all names in the same order everywhere: a name that
        an image has no row for is missing there. For sizes and spacings use `read_landmarks`.

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
    known = Known(origin_offset(origin), None if names is None else tuple(names))
    marks = read_long(Path(path), known)
    return {picture: _points(marks, i) for i, picture in enumerate(marks.pictures)}


def write_csv(
    path: PathLike, points: Mapping[str, Iterable[Keypoint]], origin: str = "corner"
) -> None:
    """Write landmarks as a table with the header ``image,name,x,y``.

    Parameters
    ----------
    path : path
        The file; written whole or not at all.
    points : mapping
        From each image's name to its points, or its `KeypointsOnImage`. Missing ones are blank,
        also those that only other images have. Where some are hidden there is a column more,
        visibility.
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
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(f"{folder}/points.csv", {"cat.png": [Keypoint(10.5, 20, "nose")]})
    ...     print(Path(folder, "points.csv").read_text())
    image,name,x,y
    cat.png,nose,10.5,20.0
    """
    several = {image: tuple(its) for image, its in points.items()}
    for image, its in several.items():
        if not its:
            raise ValueError(f"a table has a row for each point; {image!r} has none")
    write_long(path, LandmarkSet.from_keypoints(several), origin_offset(origin))


def _points(marks: LandmarkSet, i: int) -> tuple[Keypoint, ...]:
    rows = zip(marks.points[i].tolist(), marks.names, marks.visibility[i] != HIDDEN, strict=True)
    return tuple(Keypoint(x, y, name, bool(seen)) for (x, y), name, seen in rows)

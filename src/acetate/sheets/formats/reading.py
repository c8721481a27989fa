"""Landmark files of any format: read into a set, and written from one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from acetate.files import PathLike, printable
from acetate.names import nearest
from acetate.sheets.formats.known import Known, Size, Spacing, known_from
from acetate.sheets.formats.origin import origin_offset
from acetate.sheets.formats.pictures import values_for
from acetate.sheets.formats.register import FORMATS, Format
from acetate.sheets.formats.sniff import sniff_format
from acetate.sheets.landmark_set import LandmarkSet


def read_landmarks(
    path: PathLike,
    format: str | None = None,
    *,
    origin: str | None = None,
    names: Sequence[str] | None = None,
    pictures: PathLike | None = None,
    shapes: Mapping[str, Size] | None = None,
    spacing: Spacing | None = None,
    mirror: Iterable[tuple[str, str]] = (),
) -> LandmarkSet:
    r"""Read the landmarks of many pictures.

    Parameters
    ----------
    path : path
        A file, or for formats with a file for each picture a folder of them.
    format : str, optional
        A name of `FORMATS`; by default what the file looks like.
    origin : {"corner", "centre"}, optional
        Whether (0, 0) is the outer corner of the first pixel or its centre; by default as the
        format's own tools have it.
    names : sequence of str, optional
        The landmarks that there may be, in the order that they are to have; for TPS, which has
        none, their names.
    pictures : path, optional
        The folder of the pictures: for the sizes that TPS and some Label Studio exports need, and
        for names that lack their suffix.
    shapes : mapping of str to (int, int), optional
        The pictures' (height, width) by name.
    spacing : float, mapping of str to float, or path, optional
        The mm per pixel: of all, by picture, or the CSV table to read it from (see
        `read_spacings`); it goes before what the file says.
    mirror : iterable of (str, str)
        Pairs of names that change places in a mirror image.

    Returns
    -------
    LandmarkSet
        In acetate's pixels: the centre of the first one is (0.5, 0.5).

    Raises
    ------
    FileNotFoundError
        If there is no such file or folder.
    ValueError
        If the format is unknown, or the file is not as it should be: with its name and the place.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "ruler.csv")
    ...     _ = file.write_text("image,P1_x,P1_y,P2_x,P2_y\na.png,10,20,110,20\n")
    ...     read_landmarks(file, spacing=0.1).points.tolist()
    [[[10.0, 20.0], [110.0, 20.0]]]
    """
    chosen = _format(sniff_format(path) if format is None else format)
    offset = origin_offset(chosen.origin if origin is None else origin)
    with _about(path):
        known = known_from(offset, names, pictures, shapes, spacing)
        marks = _completed(chosen.read(Path(path), known), known)
        return marks.with_mirror(mirror) if mirror else marks


def write_landmarks(
    path: PathLike, marks: LandmarkSet, format: str | None = None, *, origin: str | None = None
) -> None:
    """Write the landmarks of many pictures.

    Parameters
    ----------
    path : path
        The file; written whole or not at all. For formats with a file for each picture a folder,
        or the file of the only picture.
    marks : LandmarkSet
        What the format cannot say is not written: see `FORMATS`.
    format : str, optional
        A name of `FORMATS`; by default by the suffix: .csv, .xml, .tps, .mrk.json, and COCO for
        .json.
    origin : {"corner", "centre"}, optional
        As for `read_landmarks`.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    ValueError
        If the format is unknown, or needs a size or a spacing that the set does not have.

    Examples
    --------
    >>> import tempfile
    >>> marks = LandmarkSet(["nose"], ["a.png"], [[[10, 20]]], shapes=[(32, 32)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_landmarks(f"{folder}/marks.tps", marks)
    ...     print(Path(folder, "marks.tps").read_text().splitlines()[:3])
    ['LM=1', '10.0 12.0', 'IMAGE=a.png']
    """
    chosen = _format(format_of_suffix(path) if format is None else format)
    offset = origin_offset(chosen.origin if origin is None else origin)
    chosen.write(Path(path), marks, offset)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ValueError(
            f"format is one of {', '.join(FORMATS)}, got {name!r}; the nearest is "
            f"{nearest(name, FORMATS)!r}"
        )
    return FORMATS[name]


def format_of_suffix(path: PathLike) -> str:
    """Return the format that a file to write has by its suffix.

    Raises
    ------
    ValueError
        If the suffix is that of none.

    Examples
    --------
    >>> format_of_suffix("marks.tps")
    'tps'
    """
    name = Path(path).name.lower()
    if name.endswith(FORMATS["slicer"].suffix):
        return "slicer"
    for format in ("csv", "coco", "cvat", "tps"):
        if name.endswith(FORMATS[format].suffix):
            return format
    raise ValueError(
        f"{printable(path)} does not say its format: end it in .csv, .json, .xml, .tps or "
        f".mrk.json, or name one of {', '.join(FORMATS)}"
    )


def _completed(marks: LandmarkSet, known: Known) -> LandmarkSet:
    """Return the set with the sizes and spacings that are known from outside the file."""
    given = values_for(known.shapes, marks.pictures, "the shapes")
    shapes = [
        shape or given.get(picture) or _size(known, picture)
        for picture, shape in zip(marks.pictures, marks.shapes, strict=True)
    ]
    completed = replace(marks, shapes=tuple(shapes))
    if isinstance(known.spacings, Mapping):
        return completed.with_spacing(values_for(known.spacings, marks.pictures, known.table))
    return completed.with_spacing(known.spacings)


def _size(known: Known, picture: str) -> Size | None:
    """Return the size of a picture; None also where it cannot be read, which others have to say."""
    try:
        return known.shape(picture)
    except (OSError, ValueError):
        return None


@contextmanager
def _about(path: PathLike) -> Iterator[None]:
    """Name the file in errors that do not."""
    try:
        yield
    except ValueError as error:
        name = printable(path)
        if str(error).startswith(name) or name in str(error):
            raise
        raise ValueError(f"{name}: {error}") from error

"""What is known from outside a file of landmarks: the pictures' sizes and spacings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from acetate import images
from acetate.files import PathLike, printable
from acetate.sheets.formats.csv_rows import csv_rows
from acetate.sheets.formats.pictures import PictureFolder, PictureNames

Size = tuple[int, int]
Spacing = float | Mapping[str, float] | PathLike

PASS_PICTURES = "pass the folder of pictures (--pictures, pictures=) when reading the landmarks"
_PICTURE_COLUMNS = ("picture", "image", "file", "filename", "cephalogram_id", "ceph_id", "id")
_SPACING_COLUMNS = ("mm_per_px", "spacing", "pixel_size", "pixel_spacing")


@dataclass(frozen=True)
class Known:
    """What a reader may ask for where its file does not say it.

    Parameters
    ----------
    offset : float
        What to add to the file's pixels for centres at + 0.5.
    names : tuple of str or None
        The landmarks there may be, in order.
    folder : PictureFolder or None
        The pictures.
    shapes : mapping of str to (int, int)
        The (height, width) of pictures.
    spacings : float or mapping of str to float
        The mm per pixel, of all or by picture.
    table : str
        What errors call the spacings.

    Examples
    --------
    >>> known = Known(0.5, spacings={"tom": 0.1})
    >>> known.spacing("cats/tom.png"), known.spacing("felix.png")
    (0.1, None)
    """

    offset: float = 0.0
    names: tuple[str, ...] | None = None
    folder: PictureFolder | None = None
    shapes: Mapping[str, Size] = field(default_factory=dict)
    spacings: float | Mapping[str, float] = field(default_factory=dict)
    table: str = "the spacings"

    def shape(self, picture: str) -> Size | None:
        """Return the (height, width) of a picture, from its file where need be."""
        row = self._sized.find(picture)
        if row is not None:
            return self.shapes[row]
        file = None if self.folder is None else self.folder.find(picture)
        if file is None:
            return None
        height, width = images.info(file).shape[:2]
        return height, width

    def spacing(self, picture: str) -> float | None:
        """Return the mm per pixel of a picture."""
        if not isinstance(self.spacings, Mapping):
            return self.spacings
        row = self._spaced.find(picture)
        return None if row is None else self.spacings[row]

    def picture(self, stem: str) -> str:
        """Return the name of the picture that a file without its suffix stands for."""
        file = None if self.folder is None else self.folder.find(stem)
        return stem if file is None or self.folder is None else self.folder.name(file)

    @cached_property
    def _sized(self) -> PictureNames:
        return PictureNames(self.shapes, where="the shapes")

    @cached_property
    def _spaced(self) -> PictureNames:
        names = self.spacings if isinstance(self.spacings, Mapping) else ()
        return PictureNames(names, where=self.table)


def known_from(
    offset: float,
    names: Sequence[str] | None,
    pictures: PathLike | None,
    shapes: Mapping[str, Size] | None,
    spacing: Spacing | None,
) -> Known:
    """Return what is known, tables read and folders walked.

    Examples
    --------
    >>> known_from(0.5, None, None, None, 0.1).spacing("tom.png")
    0.1
    """
    table = Known.table
    if spacing is None or isinstance(spacing, float | int | Mapping):
        spacings: float | Mapping[str, float] = {} if spacing is None else spacing
    else:
        spacings, table = read_spacings(spacing), printable(spacing)
    return Known(
        offset,
        None if names is None else tuple(names),
        None if pictures is None else PictureFolder(pictures),
        shapes or {},
        spacings,
        table,
    )


def read_spacings(path: PathLike) -> dict[str, float]:
    r"""Read a table of the pictures' mm per pixel.

    Parameters
    ----------
    path : path
        CSV with a header: a column called picture, image, file, filename, cephalogram_id, ceph_id
        or id, and one called mm_per_px, spacing, pixel_size or pixel_spacing. Rows whose spacing
        is blank are left out.

    Returns
    -------
    dict
        From picture to mm per pixel.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is missing, a picture is there twice or a spacing is not above 0.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder, "spacing.csv")
    ...     _ = table.write_text("picture,mm_per_px\ntom.png,0.1\n")
    ...     read_spacings(table)
    {'tom.png': 0.1}
    """
    file, rows = printable(path), csv_rows(path)
    _, header = next(rows, (1, []))
    lower = [name.lower() for name in header]
    columns = []
    for what, known in (("picture", _PICTURE_COLUMNS), ("spacing", _SPACING_COLUMNS)):
        place = next((lower.index(name) for name in known if name in lower), None)
        if place is None:
            raise ValueError(
                f"{file}, line 1: a table of spacings has a column for the {what}, one of "
                f"{', '.join(known)}; got {','.join(header)}"
            )
        columns.append(place)
    table: dict[str, float] = {}
    for line, fields in rows:
        if len(fields) <= max(columns):
            raise ValueError(f"{file}, line {line}: {len(header)} fields expected, got {fields}")
        picture, text = fields[columns[0]], fields[columns[1]]
        if picture in table:
            raise ValueError(f"{file}, line {line}: {picture!r} is there twice")
        if text:
            table[picture] = spacing_of(text, f"{file}, line {line}")
    return table


def spacing_of(text: str, where: str) -> float:
    """Return mm per pixel from a text.

    Raises
    ------
    ValueError
        If it is no number above 0: with the place.

    Examples
    --------
    >>> spacing_of("0.1", "line 2")
    0.1
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ValueError(f"{where}: mm per pixel must be a number above 0, got {text!r}")
    return value

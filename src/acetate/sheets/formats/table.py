"""Landmark sets in plain CSV tables: a row for each point, or a row for each picture."""

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from acetate.files import PathLike, atomic, printable
from acetate.sheets.formats.csv_rows import csv_rows, place_of
from acetate.sheets.formats.known import Known, Size, spacing_of
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import HIDDEN, MISSING, VISIBLE, LandmarkSet

PICTURE_COLUMNS = ("image", "picture", "file", "filename", "image_path", "image_name")
NAME_COLUMNS = ("name", "landmark", "keypoint", "point", "label", "bodypart")
_Fact = TypeVar("_Fact")
_SIZE, _SPACING, _SEEN = ("height", "width"), "mm_per_px", "visibility"
_PLACE = re.compile(r"(?P<name>.+?)[_. ](?P<axis>[xyXYvV])")
_NUMBERED = re.compile(r"(?P<axis>[xyXY])_?(?P<name>\d+)")
_VISIBILITY = {"": None, "0": MISSING, "1": HIDDEN, "2": VISIBLE}


def is_long(header: list[str]) -> bool:
    """Whether a header is that of a table with a row for each point.

    Examples
    --------
    >>> is_long(["image", "name", "x", "y"]), is_long(["image", "nose_x", "nose_y"])
    (True, False)
    """
    lower = [column.lower() for column in header]
    return {"x", "y"} <= set(lower) and _first(lower, NAME_COLUMNS) is not None


def is_wide(header: list[str]) -> bool:
    """Whether a header is that of a table with a row for each picture.

    Examples
    --------
    >>> is_wide(["image", "name", "x", "y"]), is_wide(["image", "nose_x", "nose_y"])
    (False, True)
    """
    return any(True for _ in _axes(header))


def wide_names(header: list[str]) -> dict[str, dict[str, int]]:
    """Return the columns of every landmark's x and y (and v) in a row for each picture.

    Examples
    --------
    >>> wide_names(["image", "nose_x", "nose_y"])
    {'nose': {'x': 1, 'y': 2}}
    """
    columns: dict[str, dict[str, int]] = {}
    for name, axis, k in _axes(header):
        columns.setdefault(name, {})[axis] = k
    return {name: axes for name, axes in columns.items() if {"x", "y"} <= set(axes)}


def checked_wide_names(header: list[str]) -> dict[str, dict[str, int]]:
    """Do as `wide_names` does, but raise for columns that would be lost.

    Raises
    ------
    ValueError
        If there are no landmarks, a landmark has no x or y, or two columns are the same one.

    Examples
    --------
    >>> checked_wide_names(["image", "tail_x", "tailY"])
    Traceback (most recent call last):
    ValueError: the column 'tail_x' needs 'tail_y' beside it; got image,tail_x,tailY
    """
    names, columns = wide_names(header), dict[tuple[str, str], str]()
    for name, axis, k in _axes(header):
        column = columns.setdefault((name, axis), header[k])
        if column != header[k]:
            raise ValueError(f"{column!r} and {header[k]!r} are both the {axis} of {name!r}")
    for (name, axis), column in columns.items():
        lacking = [other for other in "xy" if (name, other) not in columns]
        if lacking:
            needed = " and ".join(repr(_beside(column, axis, other)) for other in lacking)
            raise ValueError(
                f"the column {column!r} needs {needed} beside it; got {','.join(header)}"
            )
    if not names:
        raise ValueError("no columns NAME_x and NAME_y")
    return names


def _beside(column: str, axis: str, other: str) -> str:
    """Return what the column of a landmark's other axis is called."""
    return column[:-1] + other if column[-1].lower() == axis else other + column[1:]


def _axes(header: list[str]) -> Iterator[tuple[str, str, int]]:
    """Yield the landmark, the axis and the place of columns that are about a landmark."""
    for k, column in enumerate(header):
        match = _PLACE.fullmatch(column) or _NUMBERED.fullmatch(column)
        if match:
            yield match["name"], match["axis"].lower(), k


def read_long(path: Path, known: Known) -> LandmarkSet:
    """Read a table with a row for each point: image, name, x, y, and more columns if need be.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such table: with the line.
    """
    return _Table(path, known).points()


def read_wide(path: Path, known: Known) -> LandmarkSet:
    """Read a table with a row for each picture: image, NAME_x, NAME_y, ...

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such table: with the line.
    """
    return _Table(path, known).pictures()


def write_long(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write a row for each point; columns for what else there is to say."""
    facts = _facts(marks)
    header = ["image", "name", "x", "y", *facts]
    seen = bool((marks.visibility == HIDDEN).any())
    rows = []
    for i, picture in enumerate(marks.pictures):
        said = [say(i) for say in facts.values()]
        for k, name in enumerate(marks.names):
            row = [picture, name, *_place(marks, i, k, offset), *said]
            rows.append([*row, int(marks.visibility[i, k])] if seen else row)
    _write(path, [*header, _SEEN] if seen else header, rows)


def write_wide(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write a row for each picture; columns for what else there is to say."""
    facts = _facts(marks)
    seen = bool((marks.visibility == HIDDEN).any())
    axes = ("_x", "_y", "_v") if seen else ("_x", "_y")
    header = ["image", *facts, *(f"{name}{axis}" for name in marks.names for axis in axes)]
    again = wide_names(header)
    if list(again) != list(marks.names):
        raise ValueError(f"names {list(marks.names)} would be read back as {list(again)}")
    rows = []
    for i, picture in enumerate(marks.pictures):
        row: list[Any] = [picture, *(say(i) for say in facts.values())]
        for k in range(len(marks.names)):
            row += _place(marks, i, k, offset)
            row += [int(marks.visibility[i, k])] if seen else []
        rows.append(row)
    _write(path, header, rows)


@dataclass
class _Table:
    """A table that is being read."""

    path: Path
    known: Known
    shapes: dict[str, Size] = field(default_factory=dict)
    spacings: dict[str, float] = field(default_factory=dict)
    places: dict[str, dict[str, Keypoint]] = field(default_factory=dict)

    def points(self) -> LandmarkSet:
        rows, columns = self._open()
        fixed = [self._column(columns, known) for known in (PICTURE_COLUMNS, NAME_COLUMNS)]
        xy = [self._column(columns, (axis,)) for axis in ("x", "y")]
        for where, fields in rows:
            picture, name = (fields[k] for k in fixed)
            if not picture or not name:
                raise ValueError(f"{where}: a row has a picture and a name, got {fields}")
            if self.known.names and name not in self.known.names:
                raise ValueError(
                    f"{where}: the name must be one of {list(self.known.names)}, got {name!r}"
                )
            found = self.places.setdefault(picture, {})
            if name in found:
                raise ValueError(f"{where}: {picture!r} has a second row for {name!r}")
            seen = fields[columns[_SEEN]] if _SEEN in columns else ""
            found[name] = self._point(where, name, [fields[k] for k in xy], seen)
            self._facts(where, picture, fields, columns)
        return self._joined(None)

    def pictures(self) -> LandmarkSet:
        rows, columns = self._open()
        header = list(columns)
        try:
            names = checked_wide_names(header)
        except ValueError as error:
            raise ValueError(f"{printable(self.path)}, line 1: {error}") from error
        first = _first([c.lower() for c in header], PICTURE_COLUMNS)
        place = 0 if first is None else first
        for where, fields in rows:
            picture = fields[place]
            if not picture or picture in self.places:
                what = "is there twice" if picture else "is blank"
                raise ValueError(f"{where}: the picture {picture!r} {what}")
            self.places[picture] = {
                name: self._point(
                    f"{where}, {name!r}",
                    name,
                    [fields[axes["x"]], fields[axes["y"]]],
                    fields[axes["v"]] if "v" in axes else "",
                )
                for name, axes in names.items()
            }
            self._facts(where, picture, fields, columns)
        return self._joined(tuple(names))

    def _open(self) -> tuple[Iterator[tuple[str, list[str]]], dict[str, int]]:
        rows, file = csv_rows(self.path), printable(self.path)
        _, header = next(rows, (1, []))
        columns = {name: k for k, name in enumerate(header)}
        if len(columns) < len(header):
            twice = next(name for name in header if header.count(name) > 1)
            raise ValueError(f"{file}, line 1: two columns are called {twice!r}")

        def checked() -> Iterator[tuple[str, list[str]]]:
            for line, fields in rows:
                if len(fields) != len(header):
                    raise ValueError(
                        f"{file}, line {line}: {len(header)} fields expected, got {len(fields)}"
                    )
                yield f"{file}, line {line}", fields

        return checked(), columns

    def _column(self, columns: Mapping[str, int], known: tuple[str, ...]) -> int:
        place = _first([name.lower() for name in columns], known)
        if place is None:
            raise ValueError(
                f"{printable(self.path)}, line 1: a column must be called {' or '.join(known)}, "
                f"got {','.join(columns)}"
            )
        return place

    def _point(self, where: str, name: str, xy: list[str], seen: str) -> Keypoint:
        try:
            x, y = place_of(*xy)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from error
        if seen not in _VISIBILITY:
            raise ValueError(f"{where}: visibility must be 0, 1, 2 or blank, got {seen!r}")
        if _VISIBILITY[seen] == MISSING:
            x = y = math.nan
        offset = self.known.offset
        return Keypoint(x + offset, y + offset, name, _VISIBILITY[seen] != HIDDEN)

    def _facts(self, where: str, picture: str, fields: list[str], columns: Any) -> None:
        """Note what a row says about its picture."""
        if _SPACING in columns and fields[columns[_SPACING]]:
            spacing = spacing_of(fields[columns[_SPACING]], where)
            _note(self.spacings, picture, spacing, f"{where}: {_SPACING}")
        if set(_SIZE) <= set(columns):
            size = [fields[columns[axis]] for axis in _SIZE]
            if any(size):
                if not all(text.isdecimal() and int(text) > 0 for text in size):
                    raise ValueError(f"{where}: height and width are whole numbers, got {size}")
                shape = int(size[0]), int(size[1])
                _note(self.shapes, picture, shape, f"{where}: (height, width)")

    def _joined(self, names: tuple[str, ...] | None) -> LandmarkSet:
        return LandmarkSet.from_keypoints(
            {picture: points.values() for picture, points in self.places.items()},
            self.known.names or names,
            shapes=[self.shapes.get(picture) for picture in self.places],
            spacing=[self.spacings.get(picture, np.nan) for picture in self.places],
        )


def _note(facts: dict[str, _Fact], picture: str, fact: _Fact, what: str) -> None:
    """Note a fact of a picture, which all its rows have to agree on."""
    if facts.setdefault(picture, fact) != fact:
        raise ValueError(f"{what} of {picture!r} is {fact}, a row before says {facts[picture]}")


def _first(lower: list[str], known: tuple[str, ...]) -> int | None:
    return next((lower.index(name) for name in known if name in lower), None)


def _facts(marks: LandmarkSet) -> dict[str, Callable[[int], Any]]:
    """Return the columns of what is known of the pictures, and what stands in them."""
    facts: dict[str, Callable[[int], Any]] = {}
    if any(shape is not None for shape in marks.shapes):
        for axis, name in enumerate(_SIZE):
            facts[name] = lambda i, axis=axis: (marks.shapes[i] or ("", ""))[axis]  # type: ignore[misc]
    if np.isfinite(marks.spacing).any():
        facts[_SPACING] = lambda i: _blank(float(marks.spacing[i]))
    return facts


def _place(marks: LandmarkSet, i: int, k: int, offset: float) -> list[Any]:
    x, y = (marks.points[i, k] - offset).tolist()
    return [_blank(x), _blank(y)]


def _blank(value: float) -> float | str:
    return "" if math.isnan(value) else value


def _write(path: PathLike, header: list[str], rows: list[list[Any]]) -> None:
    with atomic(path, "w") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)

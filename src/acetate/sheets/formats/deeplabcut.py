"""Landmarks in DeepLabCut's CSV: three header rows, or four with individuals."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import PathLike, atomic, printable
from acetate.sheets.formats.csv_rows import csv_rows, place_of
from acetate.sheets.formats.known import Known
from acetate.sheets.landmark_set import LandmarkSet

_HEADERS = ("scorer", "individuals", "bodyparts", "coords")
_ALONE = "single"  # the individual of body parts that are there once


def read_deeplabcut(path: Path, known: Known) -> LandmarkSet:
    """Read a ``CollectedData_*.csv``, or predictions with a likelihood.

    Notes
    -----
    With a row of individuals, landmarks are called ``INDIVIDUAL/BODYPART``; those of the
    individual "single" by their body part alone. A picture spread over three columns (new
    versions do that) is joined with slashes. Likelihoods are passed over.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such table: with the line.
    """
    file, rows = printable(path), csv_rows(path)
    headers = _headers(file, rows)
    first, columns = _columns(file, headers)
    names = known.names or tuple(columns)
    unknown = [name for name in columns if name not in names]
    if unknown:
        raise ValueError(f"{file}: the landmark {unknown[0]!r} is none of {list(names)}")
    width = len(headers["coords"])
    pictures: dict[str, list[tuple[float, float]]] = {}
    for line, fields in rows:
        if len(fields) != width:
            raise ValueError(f"{file}, line {line}: {width} fields expected, got {len(fields)}")
        picture = "/".join(part for part in fields[:first] if part).replace("\\", "/")
        if not picture or picture in pictures:
            what = "is there twice" if picture else "is blank"
            raise ValueError(f"{file}, line {line}: the picture {picture!r} {what}")
        pictures[picture] = [
            _place(f"{file}, line {line}, {name!r}", fields, columns.get(name)) for name in names
        ]
    points = np.array(list(pictures.values()), np.float64).reshape(len(pictures), len(names), 2)
    return LandmarkSet(names, tuple(pictures), points + known.offset)


def write_deeplabcut(
    path: PathLike, marks: LandmarkSet, offset: float, scorer: str = "acetate"
) -> None:
    """Write three header rows, or four where names have a slash: ``INDIVIDUAL/BODYPART``.

    Raises
    ------
    ValueError
        If a name cannot be divided so that it is read back.
    """
    parts = [_parts(name) for name in marks.names]
    several = any(individual != _ALONE for individual, _ in parts)
    rows: list[list[Any]] = [["scorer", *[scorer] * (2 * len(parts))]]
    if several:
        rows.append(["individuals", *(who for who, _ in parts for _ in "xy")])
    rows.append(["bodyparts", *(part for _, part in parts for _ in "xy")])
    rows.append(["coords", *["x", "y"] * len(parts)])
    for picture, points in zip(marks.pictures, marks.points - offset, strict=True):
        rows.append(
            [picture, *("" if np.isnan(value) else value for value in points.ravel().tolist())]
        )
    with atomic(path, "w") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _headers(file: str, rows: Iterator[tuple[int, list[str]]]) -> dict[str, list[str]]:
    """Return the header rows by their first words."""
    headers: dict[str, list[str]] = {}
    for line, fields in rows:
        if fields[0] not in _HEADERS or fields[0] in headers:
            raise ValueError(
                f"{file}, line {line}: the header rows are scorer, (individuals,) bodyparts and "
                f"coords, got {fields[0]!r}"
            )
        headers[fields[0]] = fields
        if fields[0] == "coords":
            break
    if not {"bodyparts", "coords"} <= set(headers):
        raise ValueError(f"{file}: the header rows bodyparts and coords are missing")
    widths = {len(fields) for fields in headers.values()}
    if len(widths) > 1:
        raise ValueError(f"{file}: the header rows have {sorted(widths)} fields")
    return headers


def _columns(file: str, headers: dict[str, list[str]]) -> tuple[int, dict[str, dict[str, int]]]:
    """Return the first column of numbers, and the columns of x and y by landmark."""
    coords, parts = headers["coords"], headers["bodyparts"]
    individuals = headers.get("individuals", [_ALONE] * len(coords))
    first = next((k for k, word in enumerate(coords) if k and word), len(coords))
    columns: dict[str, dict[str, int]] = {}
    for k in range(first, len(coords)):
        name = parts[k] if individuals[k] == _ALONE else f"{individuals[k]}/{parts[k]}"
        axes = columns.setdefault(name, {})
        if coords[k] not in ("x", "y", "likelihood") or coords[k] in axes or not parts[k]:
            raise ValueError(
                f"{file}: column {k + 1} is {coords[k]!r} of {name!r}; each body part has x, y "
                "and perhaps likelihood, once"
            )
        axes[coords[k]] = k
    for name, axes in columns.items():
        if not {"x", "y"} <= set(axes):
            raise ValueError(f"{file}: {name!r} has no x or no y")
    return first, columns


def _place(where: str, fields: list[str], axes: dict[str, int] | None) -> tuple[float, float]:
    if axes is None:
        return np.nan, np.nan
    try:
        return place_of(fields[axes["x"]], fields[axes["y"]])
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _parts(name: str) -> tuple[str, str]:
    """Return an individual and a body part."""
    individual, slash, part = name.partition("/")
    if not slash:
        return _ALONE, name
    if not individual or not part or individual == _ALONE:
        raise ValueError(f"DeepLabCut has individuals and body parts, got the name {name!r}")
    return individual, part

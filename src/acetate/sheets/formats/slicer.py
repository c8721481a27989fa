"""Landmarks in 3D Slicer's markups, ``.mrk.json``: millimetres in the picture's plane."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import PathLike, atomic
from acetate.sheets.formats.document import JsonDocument
from acetate.sheets.formats.known import Known
from acetate.sheets.formats.per_picture import OnePicture, file_for, files_in, joined, stem_in
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import HIDDEN, LandmarkSet

SUFFIX = ".mrk.json"
_SCHEMA = (
    "https://raw.githubusercontent.com/Slicer/Slicer/main/Modules/Loadable/Markups/Resources/"
    "Schema/markups-schema-v1.0.3.json#"
)
# What a picture's columns and rows are multiplied with: it is loaded with +x to the patient's left
# and +y to the back, which RAS counts the other way.
_SIGNS = {"LPS": 1.0, "RAS": -1.0, "0": -1.0, "1": 1.0}
_FLAT = 1e-3  # mm that the points of one plane may differ in z


def read_slicer(path: Path, known: Known) -> LandmarkSet:
    """Read a file, or all files ``*.mrk.json`` of a folder and of the folders in it.

    Notes
    -----
    A file does not name its picture, which is the one of the same name but for the suffix. Its
    millimetres become pixels by the spacing with which Slicer showed the picture: it has to be
    given. A point whose ``positionStatus`` is not "defined" is missing.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, it is no such file, or the spacing is not known.
    """
    files = files_in(path, SUFFIX)
    return joined((_read(file, stem_in(path, file, SUFFIX), known) for file in files), known)


def write_slicer(path: PathLike, marks: LandmarkSet, offset: float, system: str = "LPS") -> None:
    """Write a file for each picture into a folder, or the file of the only picture.

    Raises
    ------
    ValueError
        If a spacing is not known, or the path is a file and there are several pictures.
    """
    if system not in ("LPS", "RAS"):
        raise ValueError(f"the coordinate system is LPS or RAS, got {system!r}")
    unknown = [p for p, mm in zip(marks.pictures, marks.spacing, strict=True) if np.isnan(mm)]
    if unknown:
        raise ValueError(
            f"3D Slicer has millimetres: the spacing of {unknown[0]!r} is needed (mm per pixel), "
            "as 3D Slicer shows it; without one in the picture it takes 1"
        )
    for i in range(len(marks)):
        scale = _SIGNS[system] * float(marks.spacing[i])
        content = {
            "@schema": _SCHEMA,
            "markups": [
                {
                    "type": "Fiducial",
                    "coordinateSystem": system,
                    "coordinateUnits": "mm",
                    "controlPoints": [
                        _control_point(marks, i, k, offset, scale) for k in range(len(marks.names))
                    ],
                }
            ],
        }
        with atomic(file_for(path, marks, i, SUFFIX), "w") as file:
            json.dump(content, file)


def _read(path: Path, stem: str, known: Known) -> OnePicture:
    document, top = JsonDocument(path), "the top level"
    if not isinstance(document.content, dict):
        raise document.error(top, "an object", document.content)
    picture = known.picture(stem)
    spacing = known.spacing(picture)
    if spacing is None:
        raise ValueError(
            f"{document.file} has millimetres: pass the spacing of {picture!r} (mm per pixel), as "
            "3D Slicer shows it; without one in the picture it takes 1"
        )
    points: dict[str, Keypoint] = {}
    heights: list[float] = []
    for where, markup in document.objects("markups", document.content.get("markups")):
        scale = _scale(document, where, markup) * spacing
        several = document.get(where, markup, "controlPoints", list, [])
        for place, record in document.objects(f"controlPoints of {where}", several):
            name = document.get(place, record, "label", str)
            if not name or name in points:
                raise document.error(f"'label' of {place}", "a name of its own", name)
            points[name] = _point(document, place, record, name, scale, known.offset, heights)
    if heights and max(heights) - min(heights) > _FLAT:
        raise document.error("the z of all points", "one: a picture is a plane", heights)
    return picture, list(points.values()), known.shape(picture), spacing


def _scale(document: JsonDocument, where: str, markup: dict[str, Any]) -> float:
    """Return the sign that the coordinates of a list of points are counted with."""
    units = document.get(where, markup, "coordinateUnits", str, "mm")
    if units != "mm":
        raise document.error(f"'coordinateUnits' of {where}", "'mm'", units)
    system = str(markup.get("coordinateSystem", "LPS"))
    if system not in _SIGNS:
        raise document.error(f"'coordinateSystem' of {where}", "'LPS' or 'RAS'", system)
    return _SIGNS[system]


def _point(
    document: JsonDocument,
    where: str,
    record: dict[str, Any],
    name: str,
    scale: float,
    offset: float,
    heights: list[float],
) -> Keypoint:
    defined = document.get(where, record, "positionStatus", str, "defined") == "defined"
    position = record.get("position")
    if not defined or position is None:
        return Keypoint(np.nan, np.nan, name)
    if not isinstance(position, list) or len(position) != 3:
        raise document.error(f"'position' of {where}", "three numbers", position)
    x, y, z = (document.number(f"'position' of {where}", each) for each in position)
    heights.append(z)
    seen = document.get(where, record, "visibility", bool, True)
    return Keypoint(x / scale + offset, y / scale + offset, name, seen)


def _control_point(
    marks: LandmarkSet, i: int, k: int, offset: float, scale: float
) -> dict[str, Any]:
    point: dict[str, Any] = {"id": str(k + 1), "label": marks.names[k]}
    if marks.missing[i, k]:
        return {**point, "positionStatus": "undefined"}
    x, y = ((marks.points[i, k] - offset) * scale).tolist()
    seen = bool(marks.visibility[i, k] != HIDDEN)
    return {**point, "position": [x, y, 0.0], "positionStatus": "defined", "visibility": seen}

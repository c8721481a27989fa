"""Landmarks in labelme's JSON: a file for each picture, a point shape for each landmark."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import PathLike, atomic
from acetate.sheets.formats.document import JsonDocument
from acetate.sheets.formats.known import Known
from acetate.sheets.formats.objects import numbered
from acetate.sheets.formats.per_picture import OnePicture, file_for, files_in, joined
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import HIDDEN, LandmarkSet

_HIDDEN = ("hidden", "occluded")


def read_labelme(path: Path, known: Known) -> LandmarkSet:
    """Read a file, or all files ``*.json`` of a folder and of the folders in it.

    Notes
    -----
    Only shapes of the type "point" are landmarks. One whose flag "hidden" or "occluded" is set is
    hidden. Shapes of a second ``group_id`` in a file are called ``nose#2``, and so on.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such file: with the place.
    """
    return joined((_read(file, known) for file in files_in(path, ".json")), known)


def write_labelme(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write a file for each picture into a folder, or the file of the only picture.

    Raises
    ------
    ValueError
        If the path is a file and there are several pictures.
    """
    for i, picture in enumerate(marks.pictures):
        height, width = marks.shapes[i] or (None, None)
        content: dict[str, Any] = {
            "version": "5.5.0",
            "flags": {},
            "shapes": list(_shapes(marks, i, offset)),
            "imagePath": picture,
            "imageData": None,
            "imageHeight": height,
            "imageWidth": width,
        }
        with atomic(file_for(path, marks, i, ".json"), "w") as file:
            json.dump(content, file)


def _read(path: Path, known: Known) -> OnePicture:
    document = JsonDocument(path)
    if not isinstance(document.content, dict):
        raise document.error("the top level", "an object", document.content)
    top = "the top level"
    picture = document.get(top, document.content, "imagePath", str)
    picture = known.picture(path.stem) if not picture else picture.replace("\\", "/")
    size = document.size(
        top, document.content.get("imageHeight"), document.content.get("imageWidth")
    )
    points: dict[str, Keypoint] = {}
    groups: list[Any] = []
    shapes = document.get(top, document.content, "shapes", list)
    for where, shape in document.objects("shapes", shapes):
        if document.get(where, shape, "shape_type", str, "polygon") != "point":
            continue
        group = shape.get("group_id")
        groups += [] if group in groups else [group]
        number = groups.index(group) + 1
        label = document.get(where, shape, "label", str)
        name = numbered(label, number)
        if name in points:
            raise ValueError(f"{document.file}: {where} is a second {label!r}; give it a group_id")
        places = document.get(where, shape, "points", list)
        if len(places) != 1:
            raise document.error(f"'points' of {where}", "a list of one point", places)
        x, y = document.place(f"'points' of {where}", places[0])
        flags = document.get(where, shape, "flags", dict, {})
        hidden = any(flags.get(flag) for flag in _HIDDEN)
        points[name] = Keypoint(x + known.offset, y + known.offset, name, not hidden)
    return picture, list(points.values()), size, None


def _shapes(marks: LandmarkSet, i: int, offset: float) -> Iterator[dict[str, Any]]:
    for k in np.flatnonzero(~marks.missing[i]).tolist():
        yield {
            "label": marks.names[k],
            "points": [(marks.points[i, k] - offset).tolist()],
            "group_id": None,
            "description": "",
            "shape_type": "point",
            "flags": {_HIDDEN[0]: True} if marks.visibility[i, k] == HIDDEN else {},
            "mask": None,
        }

"""Landmarks in Label Studio's JSON: percent of the picture's width and height."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import numpy as np

from acetate.files import PathLike, atomic
from acetate.sheets.formats.annotators import mean_of_annotators
from acetate.sheets.formats.document import JsonDocument
from acetate.sheets.formats.known import PASS_PICTURES, Known, Size
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import LandmarkSet

_LABELS = "keypointlabels"
_UPLOADED = re.compile(r"[0-9a-f]{8}-(?P<name>.+)")  # what an upload puts before a file's name
_FOLDER = "/data/local-files/?d="


def read_label_studio(path: Path, known: Known) -> LandmarkSet:
    """Read the tasks of an export as JSON or JSON-MIN.

    Notes
    -----
    Where a task has several annotations that were not cancelled, a point is their mean.
    Predictions are passed over. Percents are of ``original_width`` and ``original_height``, or of
    the size that is known otherwise.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such file: with the place.
    """
    document = JsonDocument(path)
    drawn: list[dict[str, list[Keypoint]]] = []
    shapes: dict[str, Size | None] = {}
    for where, task in document.objects("the list of tasks", document.content):
        reader = _Task(document, where, task, known)
        picture = reader.picture()
        if picture in shapes:
            raise ValueError(f"{document.file}: {where} has the picture {picture!r} of one before")
        shapes[picture] = None
        for k, (place, results) in enumerate(reader.annotations()):
            drawn += [{}] if k == len(drawn) else []
            drawn[k][picture] = reader.points(place, results, picture)
        shapes[picture] = reader.size or reader.said() or known.shape(picture)
    sets = {
        str(k): LandmarkSet.from_keypoints({p: one.get(p, ()) for p in shapes}, known.names)
        for k, one in enumerate(drawn or [{}])
    }
    return replace(mean_of_annotators(sets).landmarks, shapes=tuple(shapes.values()))


def write_label_studio(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write tasks with one annotation each, their pictures as local files.

    Raises
    ------
    ValueError
        If the size of a picture is not known: percents need it.
    """
    tasks = [
        {
            "id": i + 1,
            "data": _data(picture, marks.shapes[i]),
            "annotations": [{"id": i + 1, "result": list(_results(marks, i, offset))}],
        }
        for i, picture in enumerate(marks.pictures)
    ]
    with atomic(path, "w") as file:
        json.dump(tasks, file)


class _Task:
    """A task of an export: one picture and its annotations."""

    def __init__(self, document: JsonDocument, where: str, task: Any, known: Known) -> None:
        self.document, self.where, self.task, self.known = document, where, task, known
        self.size: Size | None = None

    def picture(self) -> str:
        """Return the name of the picture out of the address that the task has for it."""
        data = self.task.get("data", self.task)
        if not isinstance(data, dict):
            raise self.document.error(f"'data' of {self.where}", "an object", data)
        texts = {key: value for key, value in data.items() if isinstance(value, str) and value}
        for key in ("image", "img", "picture", "file"):
            if key in texts:
                return _name_in(texts[key])
        addresses = [value for value in texts.values() if PurePosixPath(value).suffix]
        if len(addresses) != 1:
            raise self.document.error(f"'data' of {self.where}", "one with an 'image'", data)
        return _name_in(addresses[0])

    def said(self) -> Size | None:
        """Return the (height, width) that the task's data says, as ours do."""
        data = self.task.get("data", {})
        return self.document.size(f"'data' of {self.where}", data.get("height"), data.get("width"))

    def annotations(self) -> Iterator[tuple[str, Any]]:
        """Yield every annotation that counts, as a place and a list of results."""
        if "data" not in self.task:  # JSON-MIN: the results stand beside the picture
            marked = (v for v in self.task.values() if isinstance(v, list) and _is_marked(v))
            yield self.where, [result for several in marked for result in several]
            return
        key = "completions" if "completions" in self.task else "annotations"
        several = self.document.get(self.where, self.task, key, list, [])
        for where, annotation in self.document.objects(f"{key} of {self.where}", several):
            if not annotation.get("was_cancelled"):
                yield where, self.document.get(where, annotation, "result", list, [])

    def points(self, where: str, results: Any, picture: str) -> list[Keypoint]:
        """Return the landmarks among the results of an annotation."""
        points: dict[str, Keypoint] = {}
        for place, result in self.document.objects(f"results of {where}", results):
            value = result.get("value", result)
            if not isinstance(value, dict) or _LABELS not in value:
                continue  # boxes, choices and other regions
            name, xy = self._label(place, value), self._percents(place, value)
            if name in points:
                raise ValueError(
                    f"{self.document.file}: {place} is a second {name!r} of {picture!r}"
                )
            height, width = self._size(place, {**value, **result}, picture)
            x, y = xy[0] * width / 100, xy[1] * height / 100
            points[name] = Keypoint(x + self.known.offset, y + self.known.offset, name)
        return list(points.values())

    def _label(self, where: str, value: dict[str, Any]) -> str:
        labels = value[_LABELS]
        if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
            raise self.document.error(f"{_LABELS!r} of {where}", "a list of one name", labels)
        return labels[0]

    def _percents(self, where: str, value: dict[str, Any]) -> tuple[float, float]:
        x, y = (self.document.get(where, value, axis, float) for axis in ("x", "y"))
        return x, y

    def _size(self, where: str, result: dict[str, Any], picture: str) -> Size:
        if result.get("image_rotation"):
            raise self.document.error(
                f"'image_rotation' of {where}",
                "0: turn the picture itself",
                result["image_rotation"],
            )
        height, width = result.get("original_height"), result.get("original_width")
        size = self.document.size(where, height, width) or self.said() or self.known.shape(picture)
        if size is None:
            raise ValueError(
                f"{self.document.file}: {where} has percents of {picture!r}, whose size is needed: "
                f"{PASS_PICTURES}"
            )
        self.size = size
        return size


def _data(picture: str, shape: Size | None) -> dict[str, Any]:
    size = {} if shape is None else {"height": shape[0], "width": shape[1]}
    return {"image": _FOLDER + quote(picture), **size}


def _is_marked(results: list[Any]) -> bool:
    return any(isinstance(result, dict) and _LABELS in result for result in results)


def _name_in(address: str) -> str:
    """Return the file name in an address: of local storage, of an upload, or on the web."""
    parts = urlsplit(address)
    local = parse_qs(parts.query).get("d")
    if local:
        return local[0]
    if not parts.scheme and not parts.path.startswith("/data/upload/"):
        return address
    name = PurePosixPath(unquote(parts.path)).name
    upload = _UPLOADED.fullmatch(name) if "/data/upload/" in parts.path else None
    return upload["name"] if upload else name


def _results(marks: LandmarkSet, i: int, offset: float) -> Iterator[dict[str, Any]]:
    """Yield what Label Studio keeps of every point that is there."""
    shape = marks.shapes[i]
    if shape is None:
        raise ValueError(
            f"Label Studio has percents: the size of {marks.pictures[i]!r} is needed: "
            f"{PASS_PICTURES}"
        )
    for k in np.flatnonzero(~marks.missing[i]).tolist():
        x, y = (marks.points[i, k] - offset).tolist()
        yield {
            "id": f"{i + 1}-{k + 1}",
            "type": _LABELS,
            "from_name": "kp",
            "to_name": "image",
            "original_width": shape[1],
            "original_height": shape[0],
            "image_rotation": 0,
            "value": {
                "x": 100 * x / shape[1],
                "y": 100 * y / shape[0],
                "width": 0.5,
                _LABELS: [marks.names[k]],
            },
        }

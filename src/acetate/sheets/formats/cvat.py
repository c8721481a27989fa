"""Landmarks in CVAT's XML for images: points by label, or skeletons of points."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from acetate.files import PathLike, atomic, printable
from acetate.sheets.formats.known import PASS_PICTURES, Known, Size
from acetate.sheets.formats.objects import numbered, without_number
from acetate.sheets.formats.xml_tree import Element, read_xml
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import HIDDEN, MISSING, LandmarkSet

_POINT = re.compile(r"\s*(?P<x>[^,;]+),(?P<y>[^,;]+)\s*")


def read_cvat(path: Path, known: Known) -> LandmarkSet:
    """Read an export as "CVAT for images 1.1".

    Notes
    -----
    Elements of skeletons go by their labels; those of an image's second skeleton are called
    ``nose#2``, and so on. Loose points go by their label, or where one shape has several of them
    by label and number: ``wheel 1``, ``wheel 2``. What is occluded is hidden, what is outside is
    missing. Other shapes are passed over.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such file: with the line.
    """
    file, root = printable(path), read_xml(path)
    if root.tag != "annotations":
        raise ValueError(f"{file}, line {root.line}: <annotations> expected, got <{root.tag}>")
    for track in root.all("track"):
        raise ValueError(
            f"{file}, line {track.line}: tracks of a video are not read; export the task again as "
            "'CVAT for images 1.1'"
        )
    points: dict[str, list[Keypoint]] = {}
    shapes: list[Size | None] = []
    for image in root.all("image"):
        reader = _Image(file, image, known)
        if reader.name in points:
            raise ValueError(f"{file}, line {image.line}: {reader.name!r} is there twice")
        points[reader.name] = list(reader.points().values())
        shapes.append(reader.size())
    declared = list(_declared(root))
    found = dict.fromkeys(str(p.name) for several in points.values() for p in several)
    names = known.names or tuple(dict.fromkeys([*declared, *found]))
    return LandmarkSet.from_keypoints(points, names, shapes=shapes)


def write_cvat(
    path: PathLike, marks: LandmarkSet, offset: float, skeleton: str = "landmarks"
) -> None:
    """Write a skeleton for each picture (and object), all of its points in it.

    Raises
    ------
    ValueError
        If the size of a picture is not known: CVAT needs it.
    """
    objects = _objects(marks.names)
    elements = list(dict.fromkeys(name for members in objects for name, _ in members))
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<annotations>", "<version>1.1</version>"]
    lines += ["<meta><task><labels>", *_labels(skeleton, elements), "</labels></task></meta>"]
    for i, picture in enumerate(marks.pictures):
        shape = marks.shapes[i]
        if shape is None:
            raise ValueError(f"CVAT needs the size of {picture!r}: {PASS_PICTURES}")
        height, width = shape
        lines.append(
            f'<image id="{i}" name={_attribute(picture)} width="{width}" height="{height}">'
        )
        for members in objects:
            lines.append(f'<skeleton label={_attribute(skeleton)} z_order="0">')
            lines += [_point(marks, i, k, name, offset) for name, k in members]
            lines.append("</skeleton>")
        lines.append("</image>")
    with atomic(path, "w") as file:
        file.write("\n".join([*lines, "</annotations>", ""]))


class _Image:
    """An image of an export."""

    def __init__(self, file: str, image: Element, known: Known) -> None:
        self.file, self.image, self.known = file, image, known
        self.name = image.get("name")
        if not self.name:
            raise self.error(image, "an <image> has a name")

    def error(self, element: Element, text: str) -> ValueError:
        return ValueError(f"{self.file}, line {element.line}: {text}")

    def size(self) -> Size | None:
        height, width = self.image.get("height"), self.image.get("width")
        if not height and not width:
            return None
        if not (height.isdecimal() and width.isdecimal() and int(height) and int(width)):
            raise self.error(
                self.image, f"height and width are whole numbers, got {height!r}, {width!r}"
            )
        return int(height), int(width)

    def points(self) -> dict[str, Keypoint]:
        points: dict[str, Keypoint] = {}
        for number, skeleton in enumerate(self.image.all("skeleton"), 1):
            for element in skeleton.all("points"):
                label = self.label(element)
                name, places = numbered(label, number), self.places(element, 1)
                self.add(points, element, name, places[0])
        for element in self.image.all("points"):
            label, places = self.label(element), self.places(element, None)
            for k, place in enumerate(places, 1):
                name = label if len(places) == 1 else f"{label} {k}"
                self.add(points, element, name, place)
        return points

    def add(
        self, points: dict[str, Keypoint], element: Element, name: str, xy: tuple[float, float]
    ) -> None:
        if name in points:
            raise self.error(element, f"{self.name!r} has a second {name!r}")
        seen, there = not self.flag(element, "occluded"), not self.flag(element, "outside")
        x, y = (xy[0] + self.known.offset, xy[1] + self.known.offset)
        points[name] = Keypoint(*((x, y) if there else (np.nan, np.nan)), name, seen)

    def label(self, element: Element) -> str:
        if not element.get("label"):
            raise self.error(element, "<points> have a label")
        return element.get("label")

    def flag(self, element: Element, name: str) -> bool:
        if element.get(name, "0") not in ("0", "1"):
            raise self.error(element, f"{name!r} is 0 or 1, got {element.get(name)!r}")
        return element.get(name) == "1"

    def places(self, element: Element, count: int | None) -> list[tuple[float, float]]:
        text, places = element.get("points"), []
        for part in text.split(";"):
            match = _POINT.fullmatch(part)
            try:
                place = (float(match["x"]), float(match["y"])) if match else (np.nan, np.nan)
            except ValueError:
                place = np.nan, np.nan
            if not np.isfinite(place).all():
                raise self.error(element, f"'points' are x,y;x,y;..., got {text[:60]!r}")
            places.append(place)
        if count is not None and len(places) != count:
            raise self.error(element, f"an element of a skeleton is 1 point, got {len(places)}")
        return places


def _declared(root: Element) -> Iterator[str]:
    """Yield the labels that are said to be elements of a skeleton."""
    for top in ("task", "project", "job"):
        for label in root.under("meta", top, "labels", "label"):
            if any(parent.text.strip() for parent in label.all("parent")):
                yield from (name.text.strip() for name in label.all("name"))


def _objects(names: tuple[str, ...]) -> list[list[tuple[str, int]]]:
    """Return the points of each object: their names without numbers, and their places."""
    objects: dict[int, list[tuple[str, int]]] = {}
    for k, name in enumerate(names):
        plain, number = without_number(name)
        objects.setdefault(number, []).append((plain, k))
    if sorted(objects) != list(range(1, len(objects) + 1)):
        raise ValueError(f"objects are numbered name, name#2, name#3, ...; got {list(names)}")
    return [objects[number] for number in sorted(objects)]


def _labels(skeleton: str, elements: list[str]) -> Iterator[str]:
    yield f"<label><name>{_escape(skeleton)}</name><type>skeleton</type></label>"
    for name in elements:
        yield (
            f"<label><name>{_escape(name)}</name><type>points</type>"
            f"<parent>{_escape(skeleton)}</parent></label>"
        )


def _point(marks: LandmarkSet, i: int, k: int, name: str, offset: float) -> str:
    missing = bool(marks.visibility[i, k] == MISSING)
    x, y = (0.0, 0.0) if missing else (marks.points[i, k] - offset).tolist()
    occluded = int(marks.visibility[i, k] == HIDDEN)
    return (
        f'<points label={_attribute(name)} occluded="{occluded}" outside="{int(missing)}" '
        f'points="{x!r},{y!r}"></points>'
    )


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))


def _escape(text: str) -> Any:
    from xml.sax.saxutils import escape

    return escape(_xml(text))


def _xml(text: str) -> str:
    """Return a text that XML can hold."""
    if any(ord(letter) < 32 for letter in text):
        raise ValueError(f"XML cannot hold the control characters of {text!r}; rename it")
    return text

"""Landmarks in COCO keypoints JSON."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import PathLike, atomic
from acetate.sheets.formats.document import LENGTHS, JsonDocument
from acetate.sheets.formats.known import PASS_PICTURES, Known
from acetate.sheets.formats.objects import numbered, without_number
from acetate.sheets.formats.origin import origin_offset
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.keypoints import KeypointsOnImage
from acetate.sheets.landmark_set import LandmarkSet


def read_coco(
    path: PathLike, origin: str = "centre", mirror: Mapping[str, str] | None = None
) -> dict[str, KeypointsOnImage]:
    """Read landmarks from a file in the format of COCO's ``person_keypoints_*.json``.

    Parameters
    ----------
    path : path
        JSON with ``images``, ``annotations`` and ``categories``.
    origin : {"centre", "corner"}
        Whether (0, 0) is the centre of the first pixel or its outer corner. COCO's own keypoints
        are indices of pixels, so "centre"; tools that write fractions often mean "corner".
    mirror : mapping of str to str, optional
        Which of the file's names are left and right partners: see `KeypointsOnImage`.

    Returns
    -------
    dict
        From the ``file_name`` of every image to its landmarks. Visibility 0 is missing (NaN), 1
        hidden, 2 visible. The landmarks of an image's second annotated object are called
        ``nose#2`` and so on. Annotations of categories without keypoints are passed over.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no such file: with its name, the record, and what was expected there.

    Examples
    --------
    >>> import tempfile
    >>> cat = KeypointsOnImage([Keypoint(10.5, 20.5, "nose")], shape=(32, 32))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_coco(f"{folder}/points.json", {"cat.png": cat})
    ...     read_coco(f"{folder}/points.json")["cat.png"][0]
    Keypoint(x=10.5, y=20.5, name='nose', visible=True)
    """
    offset, document = origin_offset(origin), _Document(path)
    images, categories = document.images(), document.categories()
    document.check_known(mirror or {}, categories)
    points: dict[Any, list[Keypoint]] = {identity: [] for identity in images}
    objects = dict.fromkeys(images, 0)
    for where, record in document.records("annotations"):
        image = document.reference(where, record, "image_id", images)
        names = categories[document.reference(where, record, "category_id", categories)]
        if names:
            objects[image] += 1
            numbers = document.numbers(where, record, len(names))
            named = [numbered(name, objects[image]) for name in names]
            points[image] += document.points(where, numbers, named, offset)
    return {
        name: KeypointsOnImage(points[i], shape, _numbered_table(mirror, points[i], objects[i]))
        for i, (name, shape) in images.items()
    }


def write_coco(
    path: PathLike,
    sheets: Mapping[str, KeypointsOnImage],
    origin: str = "centre",
    category: str = "object",
) -> None:
    """Write landmarks in the format of COCO's ``person_keypoints_*.json``.

    Parameters
    ----------
    path : path
        The file; written whole or not at all.
    sheets : mapping
        From the file name of every image to its landmarks, all with names; ``nose#2`` belongs to
        the image's second object.
    origin : {"centre", "corner"}
        As for `read_coco`.
    category : str
        The name of the one category, which has all the landmarks' names.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    ValueError
        If a landmark has no name, or two of an image have the same.

    Examples
    --------
    See `read_coco`.
    """
    offset, places = origin_offset(origin), dict[str, int]()
    objects = [(i, one) for i, s in enumerate(sheets.items(), 1) for one in _objects(*s).values()]
    for _, points in objects:
        for name in points:
            places.setdefault(name, len(places))
    document = {
        "images": [
            {"id": i, "file_name": name, "width": sheet.width, "height": sheet.height}
            for i, (name, sheet) in enumerate(sheets.items(), 1)
        ],
        "annotations": [
            {"id": k, "image_id": image, "category_id": 1, **_annotation(points, places, offset)}
            for k, (image, points) in enumerate(objects, 1)
        ],
        "categories": [{"id": 1, "name": category, "keypoints": list(places), "skeleton": []}],
    }
    with atomic(path, "w") as file:
        json.dump(document, file)


def read_coco_set(path: Path, known: Known) -> LandmarkSet:
    """Read a file as `read_coco` does, its images joined by the names of their landmarks."""
    sheets = read_coco(path, "corner")
    moved = {name: sheet.shift(known.offset, known.offset) for name, sheet in sheets.items()}
    shapes = [(sheet.height, sheet.width) for sheet in sheets.values()]
    return LandmarkSet.from_keypoints(moved, known.names, shapes=shapes)


def write_coco_set(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write a set as `write_coco` writes its sheets."""
    for picture, shape in zip(marks.pictures, marks.shapes, strict=True):
        if shape is None:
            raise ValueError(f"COCO needs the size of {picture!r}: {PASS_PICTURES}")
    sheets = {p: marks.keypoints(i).shift(-offset, -offset) for i, p in enumerate(marks.pictures)}
    write_coco(path, sheets, "corner")


class _Document(JsonDocument):
    """A file that has been read, and the checks of what is in it."""

    def __init__(self, path: PathLike) -> None:
        super().__init__(path)
        if not isinstance(self.content, dict):
            raise self.error("the top level", "an object", self.content)

    def records(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the records of a list, each with the words that say where it is."""
        if not isinstance(self.content.get(kind), list):
            raise self.error(repr(kind), "a list", self.content.get(kind))
        for where, record in self.objects(kind, self.content[kind]):
            yield f"{where} (id {record.get('id')!r})", record

    def unique(self, where: str, what: str, value: Any, before: Any) -> None:
        if value in before:
            raise ValueError(f"{self.file}: {where} has the {what} {value!r} of one before it")

    def reference(self, where: str, record: dict[str, Any], key: str, known: Any) -> Any:
        value = self.get(where, record, key, int | str)
        if value not in known:
            raise ValueError(f"{self.file}: {where} has the unknown {key} {value!r}")
        return value

    def images(self) -> dict[Any, tuple[str, tuple[int, int]]]:
        """Return the file name and the (height, width) of every image by its id."""
        images: dict[Any, tuple[str, tuple[int, int]]] = {}
        names = set[str]()
        for where, record in self.records("images"):
            identity = self.get(where, record, "id", int | str)
            self.unique(where, "id", identity, images)
            name = self.get(where, record, "file_name", str)
            self.unique(where, "file_name", name, names)
            names.add(name)
            height, width = record.get("height"), record.get("width")
            size = self.size(where, height, width)
            if size is None:
                raise self.error(f"(height, width) of {where}", LENGTHS, (height, width))
            images[identity] = name, size
        return images

    def categories(self) -> dict[Any, tuple[str, ...]]:
        """Return the names of every category's keypoints by its id; none where it has none."""
        categories: dict[Any, tuple[str, ...]] = {}
        for where, record in self.records("categories"):
            identity = self.get(where, record, "id", int | str)
            self.unique(where, "id", identity, categories)
            names = record.get("keypoints", [])
            if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
                raise self.error(f"'keypoints' of {where}", "a list of names", names)
            for k, name in enumerate(names):
                self.unique(f"'keypoints' of {where}", "name", name, names[:k])
                if without_number(name) != (name, 1):
                    expected = "names that do not end with '#' and a number (that counts objects)"
                    raise self.error(f"'keypoints' of {where}", expected, name)
            categories[identity] = tuple(names)
        return categories

    def check_known(
        self, mirror: Mapping[str, str], categories: dict[Any, tuple[str, ...]]
    ) -> None:
        """Raise if a mirror table has a name that no category has."""
        known = {name for names in categories.values() for name in names}
        for name in (*mirror, *mirror.values()):
            if name not in known:
                raise ValueError(
                    f"{self.file}: no keypoint is called {name!r}, as the mirror table says; "
                    f"there are {sorted(known)}"
                )

    def numbers(self, where: str, record: dict[str, Any], count: int) -> list[float]:
        """Return an annotation's x, y and visibility, one after the other."""
        numbers: list[float] = self.get(where, record, "keypoints", list)
        if len(numbers) != 3 * count or not all(isinstance(n, int | float) for n in numbers):
            expected = f"{3 * count} numbers, x, y and visibility of {count} keypoints"
            raise self.error(f"'keypoints' of {where}", f"{expected}, not {len(numbers)}", numbers)
        return numbers

    def points(
        self, where: str, numbers: list[float], names: list[str], offset: float
    ) -> list[Keypoint]:
        """Return an annotation's landmarks."""
        points = []
        for k, name in enumerate(names):
            x, y, visibility = numbers[3 * k : 3 * k + 3]
            if visibility not in (0, 1, 2):
                raise self.error(f"the visibility of {name!r} in {where}", "0, 1 or 2", visibility)
            xy = math.nan, math.nan
            if visibility:
                place = f"the place of {name!r} in {where}"
                xy = self.number(place, x) + offset, self.number(place, y) + offset
            points.append(Keypoint(*xy, name, visible=visibility != 1))
        return points


def _numbered_table(
    mirror: Mapping[str, str] | None, points: list[Keypoint], objects: int
) -> dict[str, str] | None:
    """Return a mirror table for each of an image's objects, as far as it has the names."""
    if mirror is None:
        return None
    present = {point.name for point in points}
    pairs = (
        (numbered(name, number), numbered(partner, number))
        for number in range(1, objects + 1)
        for name, partner in mirror.items()
    )
    return {name: partner for name, partner in pairs if {name, partner} <= present}


def _objects(image: str, sheet: KeypointsOnImage) -> dict[int, dict[str, Keypoint]]:
    """Return the landmarks of each object on an image by their names without numbers."""
    objects: dict[int, dict[str, Keypoint]] = {}
    for point in sheet:
        name, number = without_number(point.name or "")
        points = objects.setdefault(number, {})
        if not name or name in points:
            raise ValueError(
                f"COCO needs landmarks with names, each once, in every image; {image!r} has "
                f"{list(sheet.names)}"
            )
        points[name] = point
    return dict(sorted(objects.items()))


def _annotation(
    points: dict[str, Keypoint], places: dict[str, int], offset: float
) -> dict[str, Any]:
    """Return what an annotation says about an object."""
    numbers = [0.0, 0.0, 0] * len(places)
    known = [(name, point) for name, point in points.items() if not point.missing]
    for name, point in known:
        place = 3 * places[name]
        x, y = float(point.x - offset), float(point.y - offset)
        numbers[place : place + 3] = x, y, 2 if point.visible else 1
    xy = np.array([(point.x, point.y) for _, point in known] or [(0.0, 0.0)])
    (x, y), (width, height) = xy.min(axis=0).tolist(), np.ptp(xy, axis=0).tolist()
    return {
        "keypoints": numbers,
        "num_keypoints": len(known),
        "bbox": [x, y, width, height],
        "area": width * height,
        "iscrowd": 0,
    }

"""Landmarks in TPS files: x to the right and y upwards, in order and without names."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.files import PathLike, atomic, printable
from acetate.sheets.formats.known import PASS_PICTURES, Known, Size, spacing_of
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import LandmarkSet

_KEY = re.compile(r"\s*(?P<key>[A-Za-z]\w*)\s*=(?P<value>.*)")
_OURS = "acetate "  # before what a COMMENT says in JSON about names and sizes
_MISSING = "-1 -1"


def read_tps(path: Path, known: Known) -> LandmarkSet:
    """Read a file of tpsDig, tpsUtil, geomorph and others.

    Notes
    -----
    The first landmark is called "1" and so on, unless names are given. A point with two negative
    coordinates, or with NA, is missing. ``SCALE`` is taken as mm per pixel. Curves and outlines
    are passed over. Since y is counted from the lower edge, the picture's height has to be known.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, it is no such file, or a height is not known: with the line.
    """
    file = printable(path)
    specimens = list(_specimens(path, file))
    if not specimens:
        raise ValueError(f"{file} has no specimens: no line LM=")
    points: dict[str, list[Keypoint]] = {}
    shapes: list[Size] = []
    for one in specimens:
        picture = one.picture(known)
        if picture in points:
            raise ValueError(f"{one.where}: {picture!r} is there twice")
        shapes.append(one.shape(picture, known))
        points[picture] = one.points(shapes[-1][0], known)
    spacing = [one.spacing() for one in specimens]
    return LandmarkSet.from_keypoints(points, known.names, shapes=shapes, spacing=spacing)


def write_tps(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write a block for each picture; names and the size go into its comment.

    Raises
    ------
    ValueError
        If the size of a picture is not known, or a point lies where TPS means that it is missing.
    """
    blocks = []
    for i, picture in enumerate(marks.pictures):
        shape = marks.shapes[i]
        if shape is None:
            raise ValueError(
                f"TPS counts y upwards: the height of {picture!r} is needed: {PASS_PICTURES}"
            )
        xy = _turned(marks.points[i], shape[0], offset)
        ours = json.dumps({"names": marks.names, "shape": shape})
        blocks += [f"LM={len(marks.names)}", *(_line(picture, point) for point in xy)]
        blocks += [f"IMAGE={_one_line(picture)}", f"ID={i}", f"COMMENT={_OURS}{ours}"]
        if np.isfinite(marks.spacing[i]):
            blocks.append(f"SCALE={float(marks.spacing[i])!r}")
    with atomic(path, "w") as out:
        out.write("\n".join([*blocks, ""]))


@dataclass
class _Specimen:
    """A block of a file."""

    file: str
    line: int
    count: int
    rows: list[tuple[int, str]] = field(default_factory=list)
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return f"{self.file}, line {self.line}"

    def ours(self, key: str, fits: Callable[[Any], bool], expected: str) -> Any:
        """Return what we wrote into the comment; None where we did not."""
        line, comment = self.keys.get("COMMENT", (self.line, ""))
        if not comment.startswith(_OURS):
            return None
        try:
            said = json.loads(comment.removeprefix(_OURS))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{self.file}, line {line}: the comment is no JSON") from error
        value = said.get(key) if isinstance(said, dict) else None
        if value is None or fits(value):
            return value
        raise ValueError(
            f"{self.file}, line {line}: {key!r} of the comment is {expected}, got {value!r}"
        )

    def picture(self, known: Known) -> str:
        for key in ("IMAGE", "ID"):
            text = self.keys.get(key, (0, ""))[1]
            if text:
                return known.picture(text) if key == "ID" else text.replace("\\", "/")
        raise ValueError(f"{self.where}: the specimen has neither IMAGE= nor ID=")

    def shape(self, picture: str, known: Known) -> Size:
        said = self.ours("shape", _is_size, "[height, width]")
        shape = known.shape(picture) or said
        if shape is None:
            raise ValueError(
                f"{self.where}: TPS counts y upwards, so the height of {picture!r} is needed: "
                f"{PASS_PICTURES}"
            )
        height, width = shape
        return int(height), int(width)

    def spacing(self) -> float:
        if "SCALE" not in self.keys:
            return np.nan
        line, text = self.keys["SCALE"]
        return spacing_of(text, f"{self.file}, line {line}")

    def points(self, height: int, known: Known) -> list[Keypoint]:
        if len(self.rows) != self.count:
            raise ValueError(f"{self.where}: {self.count} points expected, got {len(self.rows)}")
        said = self.ours("names", _are_names, "a list of names")
        called = said or known.names or [str(k) for k in range(1, self.count + 1)]
        if len(called) != self.count:
            raise ValueError(f"{self.where}: {self.count} points for the names {list(called)}")
        xy = np.array([self._place(line, text) for line, text in self.rows]).reshape(-1, 2)
        turned = _turned(xy, height, known.offset, back=True)
        return [Keypoint(x, y, n) for n, (x, y) in zip(called, turned.tolist(), strict=True)]

    def _place(self, line: int, text: str) -> tuple[float, float]:
        parts = text.split()
        if len(parts) == 2 and all(part.upper() in ("NA", "NAN") for part in parts):
            return np.nan, np.nan
        try:
            x, y = (float(part.replace(",", ".")) for part in parts)
        except ValueError:
            x = y = np.inf
        if not np.isfinite([x, y]).all():
            raise ValueError(f"{self.file}, line {line}: a point is two numbers, got {text!r}")
        return (np.nan, np.nan) if x < 0 and y < 0 else (x, y)


def _is_size(value: Any) -> bool:
    return _is_list_of(int, value) and len(value) == 2 and min(value) >= 1


def _are_names(value: Any) -> bool:
    return _is_list_of(str, value) and all(value)


def _is_list_of(kind: type, value: Any) -> bool:
    return isinstance(value, list) and all(type(one) is kind for one in value)


def _specimens(path: Path, file: str) -> Iterator[_Specimen]:
    """Yield the blocks of a file."""
    one: _Specimen | None = None
    inside = False  # whether rows of numbers are landmarks, not those of a curve
    for line, text in _lines(path, file):
        match = _KEY.fullmatch(text)
        key = match["key"].upper() if match else ""
        value = match["value"].strip() if match else ""
        if key == "LM3":
            raise ValueError(f"{file}, line {line}: LM3= has points in space; LM= is read")
        if key == "LM":
            if not value.isdecimal():
                raise ValueError(f"{file}, line {line}: LM= has a whole number, got {value!r}")
            if one is not None:
                yield one
            one, inside = _Specimen(file, line, int(value)), True
        elif one is None:
            raise ValueError(f"{file}, line {line}: LM= expected, got {text[:60]!r}")
        elif match:
            one.keys.setdefault(key, (line, value))
            inside = False
        elif inside:
            one.rows.append((line, text))
    if one is not None:
        yield one


def _lines(path: Path, file: str) -> Iterator[tuple[int, str]]:
    with open(path, encoding="utf-8-sig") as lines:
        try:
            for line, text in enumerate(lines, 1):
                if text.strip():
                    yield line, text.strip()
        except UnicodeDecodeError as error:
            raise ValueError(f"{file} is not a text file in UTF-8: {error}") from error


def _turned(
    xy: NDArray[np.float64], height: int, offset: float, back: bool = False
) -> NDArray[np.float64]:
    """Return places with y counted the other way, by the origin of the file."""
    x, y = xy[..., 0], xy[..., 1]
    turned = (x + offset, height - (y + offset)) if back else (x - offset, height - y - offset)
    return np.stack(turned, axis=-1)


def _line(picture: str, xy: NDArray[np.float64]) -> str:
    if np.isnan(xy).any():
        return _MISSING
    if (xy < 0).all():
        raise ValueError(
            f"TPS means missing by negative coordinates: {picture!r} has a point left of and below "
            "the picture; make it missing, or write another format"
        )
    return " ".join(repr(float(value)) for value in xy)


def _one_line(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise ValueError(f"TPS has names of one line without blanks around them, got {text!r}")
    return text

"""What is wrong or suspicious in a data set of landmarks: pictures, outliers, swapped names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import PathLike
from acetate.landmarks.check_pictures import Looked, Progress, look_at
from acetate.landmarks.mirror_names import mirror_pairs
from acetate.landmarks.presets import PRESETS
from acetate.landmarks.shapes import ShapeModel, fit_shapes, reversed_pairs
from acetate.run import Workplace
from acetate.sheets import LandmarkSet
from acetate.sheets.formats.pictures import PictureFolder

OUTLIER = 6.0
SQUARE = PRESETS["small"].input_size
COLUMNS = ("kind", "picture", "landmark", "text")
_HERE = Workplace()
_FITS = 3.0  # sigmas within which a point may be another landmark
_TOGETHER = 1e-3  # px within which two landmarks are one place

# What may be found, and whether training cannot do with it.
KINDS: Mapping[str, bool] = {
    "no pictures": True,
    "landmark never there": True,
    "picture missing": True,
    "picture ambiguous": True,
    "picture unreadable": True,
    "picture named twice": True,
    "picture too small": True,
    "another size": True,
    "point outside": True,
    "picture without points": False,
    "same picture": False,
    "points in one place": False,
    "sides swapped": False,
    "names swapped": False,
    "outlier": False,
}


@dataclass(frozen=True)
class Finding:
    """Something that is suspicious.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    picture : str
        As the annotation spells it; a file's path in the folder where no annotation has it; empty
        where it is about all.
    landmarks : tuple of str
        Which; none where it is about the picture.
    text : str
        What was found.

    Examples
    --------
    >>> Finding("point outside", "a.png", ("nose",), "lies at (-3, 5)").serious
    True
    """

    kind: str
    picture: str
    landmarks: tuple[str, ...]
    text: str

    @property
    def serious(self) -> bool:
        """Whether it has to be mended before training."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Report:
    """What a check found.

    Parameters
    ----------
    findings : tuple of Finding
        By kind, then by picture.
    pictures, points, missing : int
        How many pictures are annotated, how many points they have, and how many are missing.

    Examples
    --------
    >>> check_landmarks(LandmarkSet(["nose"], ["a.png"], [[[1, 2]]])).findings
    ()
    """

    findings: tuple[Finding, ...]
    pictures: int
    points: int
    missing: int

    @property
    def serious(self) -> bool:
        """Whether anything has to be mended before training."""
        return any(finding.serious for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each kind that there are any of."""
        return dict(Counter(finding.kind for finding in self.findings))

    def rows(self) -> list[dict[str, str]]:
        """Return the findings as rows of a table, with the columns of `COLUMNS`."""
        return [
            dict(zip(COLUMNS, (f.kind, f.picture, ", ".join(f.landmarks), f.text), strict=True))
            for f in self.findings
        ]


def check_landmarks(
    marks: LandmarkSet,
    pictures: PathLike | None = None,
    *,
    outlier: float = OUTLIER,
    square: int = SQUARE,
    where: Workplace = _HERE,
    progress: Progress | None = None,
) -> Report:
    """Look for what is wrong or suspicious in a data set of landmarks.

    Parameters
    ----------
    marks : LandmarkSet
        Its mirror pairs are judged; without any, those that its names suggest (see
        `mirror_pairs`).
    pictures : path, optional
        The folder of the pictures; without it only the points are judged.
    outlier : float
        How many sigmas of the robust shape model a landmark may stray; see `fit_shapes`.
    square : int
        Side of the network's square, for which a picture may be too narrow; see `Letterbox`.
    where : Workplace
        Where the pictures are read.
    progress : callable, optional
        Told after every picture: how many are done, of how many, and its name.

    Returns
    -------
    Report
        Findings of the kinds in `KINDS`.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If `outlier` is no number above 0.

    Notes
    -----
    A pair is swapped where its left and right lie the other way round than in at least 70 % of the
    pictures. Two names are swapped where both points are outliers and each fits as the other.

    Examples
    --------
    >>> marks = LandmarkSet(["nose"], ["a", "b"], [[[-3, 5]], [[4, 5]]], shapes=[(8, 8), (8, 8)])
    >>> [(one.kind, one.text) for one in check_landmarks(marks).findings]
    [('point outside', 'lies at (-3, 5) outside of 8 x 8')]
    """
    if not 0 < outlier < np.inf:
        raise ValueError(f"outlier must be above 0 sigmas, got {outlier}")
    found = list(look_at(marks, pictures, square, where, progress))
    shapes = {one.picture: one.shape for one in found}
    findings = [
        Finding(kind, one.picture, (), text) for one in found for kind, text in one.troubles
    ]
    findings += _doubles(found)
    if pictures is not None:
        findings += _not_annotated(pictures, found)
    outside = list(_outside(marks, shapes))
    findings += [*_of_all(marks, outside), *outside, *_of_points(marks)]
    findings += _of_shapes(marks, outlier)
    order = list(KINDS)
    findings.sort(key=lambda one: (order.index(one.kind), one.picture))
    missing = int(np.count_nonzero(marks.missing))
    return Report(tuple(findings), len(marks), marks.missing.size - missing, missing)


def _of_all(marks: LandmarkSet, outside: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what leaves nothing to learn from: what is missing or outside everywhere."""
    wrong = {(finding.picture, finding.landmarks[0]) for finding in outside}
    there = [
        [
            not missing and (picture, name) not in wrong
            for missing, name in zip(row, marks.names, strict=True)
        ]
        for picture, row in zip(marks.pictures, marks.missing.tolist(), strict=True)
    ]
    if not any(map(any, there)):  # also where there are no pictures, or no landmarks
        yield Finding("no pictures", "", (), "no picture has a landmark inside to learn from")
        return
    for name, column in zip(marks.names, zip(*there, strict=True), strict=True):
        if not any(column):
            yield Finding("landmark never there", "", (name,), "is inside of no picture")


def _doubles(found: Iterable[Looked]) -> Iterator[Finding]:
    """Yield files that two names stand for, and files of the same content."""
    by_file: dict[Path, list[str]] = defaultdict(list)
    by_content: dict[str, list[Looked]] = defaultdict(list)
    for one in found:
        if one.file is not None:
            by_file[one.file].append(one.picture)
            if len(by_file[one.file]) == 1 and one.content:
                by_content[one.content].append(one)
    for file, (first, *later) in by_file.items():
        for name in later:
            yield Finding("picture named twice", name, (), f"is {file.name}, as {first!r} is")
    for first_of, *others in by_content.values():
        for one in others:
            text = f"has the very pixels of {first_of.picture!r}"
            yield Finding("same picture", one.picture, (), text)


def _not_annotated(pictures: PathLike, found: Iterable[Looked]) -> Iterator[Finding]:
    """Yield the pictures of the folder that no annotation names."""
    folder, named = PictureFolder(pictures), {one.file for one in found}
    for file in folder.files:
        if file not in named:
            text = "is in the folder, and no annotation names it"
            yield Finding("picture without points", folder.name(file), (), text)


def _of_points(marks: LandmarkSet) -> Iterator[Finding]:
    for i, picture in enumerate(marks.pictures):
        points, there = marks.points[i], np.flatnonzero(~marks.missing[i]).tolist()
        if not there:
            yield Finding("picture without points", picture, (), "all its points are missing")
        for a, k in enumerate(there):
            for other in there[:a]:
                if np.abs(points[k] - points[other]).max() <= _TOGETHER:
                    names = marks.names[other], marks.names[k]
                    text = f"lie in one place, {_at(points[k])}"
                    yield Finding("points in one place", picture, names, text)


def _outside(marks: LandmarkSet, shapes: Mapping[str, tuple[int, int] | None]) -> Iterator[Finding]:
    for picture, points in zip(marks.pictures, marks.points, strict=True):
        shape = shapes[picture]
        if shape is None:
            continue
        height, width = shape
        away = (points < 0) | (points > (width, height))
        for k in np.flatnonzero(away.any(axis=1)).tolist():
            text = f"lies at {_at(points[k])} outside of {height} x {width}"
            yield Finding("point outside", picture, (marks.names[k],), text)


def _of_shapes(marks: LandmarkSet, outlier: float) -> Iterator[Finding]:
    """Yield swapped sides, swapped names and outliers."""
    pairs = _pairs(marks)
    wrong = reversed_pairs(marks.points, pairs)
    points = marks.points.copy()
    for i, p in np.argwhere(wrong).tolist():
        names = marks.names[pairs[p][0]], marks.names[pairs[p][1]]
        points[i, list(pairs[p])] = points[i, list(pairs[p][::-1])]
        text = "lie the other way round than in most pictures"
        yield Finding("sides swapped", marks.pictures[i], names, text)
    model = fit_shapes(points)  # as they lie when the swaps are mended
    if model is not None:
        yield from _outliers(marks, points, model, outlier)


def _outliers(
    marks: LandmarkSet, points: Any, model: ShapeModel, outlier: float
) -> Iterator[Finding]:
    far = np.nan_to_num(model.scores) > outlier
    told = np.zeros(far.shape, bool)
    for i in np.flatnonzero(far.any(axis=1)).tolist():
        places = np.flatnonzero(far[i]).tolist()
        for a, k in enumerate(places):
            for other in places[:a]:
                fits = model.score_as(i, k, other), model.score_as(i, other, k)
                if max(fits) < _FITS and not told[i, k] and not told[i, other]:
                    told[i, [k, other]] = True
                    names = marks.names[other], marks.names[k]
                    text = "fit when their names are exchanged"
                    yield Finding("names swapped", marks.pictures[i], names, text)
        for k in places:
            if not told[i, k]:
                text = (
                    f"lies at {_at(points[i, k])}, {model.scores[i, k]:.1f} sigmas from "
                    "where the other landmarks have it"
                )
                yield Finding("outlier", marks.pictures[i], (marks.names[k],), text)


def _pairs(marks: LandmarkSet) -> list[tuple[int, int]]:
    """Return the places of mirror pairs, each once."""
    table = marks.mirror or dict(mirror_pairs(marks.names))
    place = {name: k for k, name in enumerate(marks.names)}
    both = {tuple(sorted((place[a], place[b]))) for a, b in table.items() if a != b}
    return sorted((a, b) for a, b in both)


def _at(xy: Any) -> str:
    return f"({xy[0]:.4g}, {xy[1]:.4g})"

"""The contact sheet of a check: pictures with their landmarks, the suspicious ones in red."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from acetate import images
from acetate.colors import RGB
from acetate.draw import contact_sheet
from acetate.files import PathLike
from acetate.landmarks.check import Finding, Report
from acetate.landmarks.pictures import as_bytes
from acetate.sheets import LandmarkSet, Picture
from acetate.sheets.formats.pictures import PictureFolder
from acetate.sheets.landmark_set import HIDDEN
from acetate.sheets.paint import as_rgb, paint_squares

_FINE, _BEHIND, _SUSPICIOUS = (60, 230, 60), (70, 160, 255), (255, 50, 50)


def draw_check(
    report: Report,
    marks: LandmarkSet,
    pictures: PathLike,
    count: int = 24,
    columns: int = 6,
    cell: int = 240,
) -> RGB:
    """Draw pictures with their landmarks, those with findings first.

    Parameters
    ----------
    report : Report
        As `check_landmarks` gives.
    marks : LandmarkSet
        The set that was checked.
    pictures : path
        The folder of the pictures.
    count, columns : int
        How many pictures at most, and in a row.
    cell : int
        The longer side of each in pixels.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 3)`` uint8 RGB. Landmarks are green, hidden ones blue, those of a finding red; a
        caption has the picture's first finding. Where fewer than `count` pictures have findings,
        others follow, evenly picked. Pictures that cannot be read are left out.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If no picture can be shown.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.landmarks.check import check_landmarks
    >>> marks = LandmarkSet(["nose"], ["a.png"], [[[10, 20]]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     images.write(f"{folder}/a.png", np.zeros((40, 60), np.uint8))
    ...     draw_check(check_landmarks(marks, folder), marks, folder).shape
    (192, 256, 3)
    """
    by_picture: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_picture[finding.picture].append(finding)
    hidden = {f.picture for f in report.findings if f.kind in _NOT_SHOWN}
    able = [i for i, picture in enumerate(marks.pictures) if picture not in hidden]
    shown = _picked(able, [marks.pictures[i] in by_picture for i in able], count)
    if not shown:
        raise ValueError(f"none of {len(marks)} pictures can be shown")
    folder = PictureFolder(pictures)
    cells = [_cell(marks, i, folder, by_picture, cell) for i in shown]
    captions = [_caption(marks.pictures[i], by_picture) for i in shown]
    return contact_sheet(cells, columns, cell, captions)


_NOT_SHOWN = ("picture missing", "picture ambiguous", "picture unreadable")


def _picked(able: Sequence[int], has_finding: Sequence[bool], count: int) -> list[int]:
    """Return pictures with findings, and others evenly picked, as many as are to be shown."""
    found = [i for i, has in zip(able, has_finding, strict=True) if has]
    others = [i for i, has in zip(able, has_finding, strict=True) if not has]
    room = min(max(count - len(found), 0), len(others))
    return [*found[:count], *(others[k * len(others) // room] for k in range(room))]


def _cell(
    marks: LandmarkSet,
    i: int,
    folder: PictureFolder,
    by_picture: Mapping[str, list[Finding]],
    cell: int,
) -> Picture:
    """Return a picture in the size that is shown, with its landmarks painted in."""
    file = folder.find(marks.pictures[i])
    if file is None:
        raise FileNotFoundError(2, "No such file", marks.pictures[i])
    image = as_rgb(as_bytes(images.read(file, alpha="over_white", profile="ignore")))
    height, width = image.shape[:2]
    scale = cell / max(height, width)
    small = Picture(image).resize((max(1, round(height * scale)), max(1, round(width * scale))))
    canvas = np.array(small.image)
    points = marks.points[i] * (canvas.shape[1] / width, canvas.shape[0] / height)
    wrong = {n for f in by_picture.get(marks.pictures[i], ()) for n in f.landmarks}
    red = np.array([name in wrong for name in marks.names], bool)
    blue = (marks.visibility[i] == HIDDEN) & ~red
    size = max(3, cell // 60)
    for chosen, color in ((~red & ~blue, _FINE), (blue, _BEHIND), (red, _SUSPICIOUS)):
        paint_squares(canvas, points[chosen], size + 2, 0)
        paint_squares(canvas, points[chosen], size, color)
    return Picture(canvas)


def _caption(picture: str, by_picture: Mapping[str, list[Finding]]) -> str:
    name = picture.rpartition("/")[2]
    findings = by_picture.get(picture, ())
    return f"{name}: {findings[0].kind}" if findings else name

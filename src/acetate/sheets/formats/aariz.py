"""Landmarks of the Aariz data set: a file for each X-ray and annotator, and a table of spacings."""

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from acetate.files import PathLike, atomic, printable
from acetate.sheets.formats.annotators import Annotated, mean_of_annotators
from acetate.sheets.formats.document import JsonDocument
from acetate.sheets.formats.known import Known, known_from, read_spacings
from acetate.sheets.formats.origin import origin_offset
from acetate.sheets.formats.per_picture import OnePicture, file_for, files_in, joined
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.landmark_set import LandmarkSet

TABLE = "cephalogram_machine_mappings.csv"
_UP = 5  # folders above the annotations in which the table may lie


def read_aariz(
    path: PathLike,
    *,
    origin: str = "centre",
    names: tuple[str, ...] | None = None,
    pictures: PathLike | None = None,
    spacing: Any = None,
) -> Annotated:
    """Read what every annotator marked, their mean and their spread.

    Parameters
    ----------
    path : path
        The folder "Cephalometric Landmarks" with a folder for each annotator, the folder of one
        annotator, or a file.
    origin, names, pictures, spacing
        As for `read_landmarks`. Without `spacing`, the data set's table
        ``cephalogram_machine_mappings.csv`` is looked for in the folders above.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or it is no such file: with the place.

    References
    ----------
    Khalid and others, "'Aariz: a benchmark dataset for automatic cephalometric landmark detection
    and CVM stage classification", arXiv:2302.07797, 2023. Their own loader rounds the mean up to
    whole pixels, which this does not.

    Examples
    --------
    >>> import tempfile
    >>> mark = '{"ceph_id": "x1", "landmarks": [{"symbol": "S", "value": {"x": 10, "y": %d}}]}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for who, y in (("Junior", 20), ("Senior", 22)):
    ...         Path(folder, who).mkdir()
    ...         _ = Path(folder, who, "x1.json").write_text(mark % y)
    ...     both = read_aariz(folder, spacing=0.1)
    >>> both.landmarks.points.tolist(), both.spread.round(3).tolist(), both.annotators
    ([[[10.5, 21.5]]], [[1.414]], ('Junior', 'Senior'))
    """
    root = Path(path)
    table = _table_above(root) if spacing is None else spacing
    return _annotated(root, known_from(origin_offset(origin), names, pictures, None, table))


def read_aariz_mean(path: Path, known: Known) -> LandmarkSet:
    """Read the mean of all annotators."""
    table = None if known.spacings else _table_above(path)
    if table is not None:
        known = replace(known, spacings=read_spacings(table), table=printable(table))
    return _annotated(path, known).landmarks


def write_aariz(path: PathLike, marks: LandmarkSet, offset: float) -> None:
    """Write a file for each picture into a folder, or the file of the only picture."""
    for i, picture in enumerate(marks.pictures):
        content = {
            "ceph_id": picture.rpartition("/")[2].rpartition(".")[0] or picture,
            "landmarks": [
                _record(marks, i, k, offset) for k in np.flatnonzero(~marks.missing[i]).tolist()
            ],
            "dataset_name": "acetate",
        }
        with atomic(file_for(path, marks, i, ".json"), "w") as file:
            json.dump(content, file)


def _record(marks: LandmarkSet, i: int, k: int, offset: float) -> dict[str, Any]:
    x, y = (marks.points[i, k] - offset).tolist()
    name = marks.names[k]
    return {"landmark_id": str(k + 1), "title": name, "symbol": name, "value": {"x": x, "y": y}}


def _table_above(path: Path) -> Path | None:
    """Return the data set's table of spacings if it lies in one of the folders above."""
    folders = [path.resolve(), *path.resolve().parents][: _UP + 1]
    return next((folder / TABLE for folder in folders if (folder / TABLE).is_file()), None)


def _annotated(path: Path, known: Known) -> Annotated:
    by_annotator: dict[str, list[Path]] = defaultdict(list)
    for file in files_in(path, ".json"):
        by_annotator[file.parent.name].append(file)
    sets = {
        who: joined((_read(file, known) for file in files), known)
        for who, files in by_annotator.items()
    }
    return mean_of_annotators(sets, known.names)


def _read(path: Path, known: Known) -> OnePicture:
    document, top = JsonDocument(path), "the top level"
    if not isinstance(document.content, dict):
        raise document.error(top, "an object", document.content)
    picture = known.picture(document.get(top, document.content, "ceph_id", str, path.stem))
    points: dict[str, Keypoint] = {}
    records = document.get(top, document.content, "landmarks", list)
    for where, record in document.objects("landmarks", records):
        name = document.get(where, record, "symbol", str)
        if not name or name in points:
            raise document.error(f"'symbol' of {where}", "a name of its own", name)
        value = document.get(where, record, "value", dict)
        x, y = (document.get(f"'value' of {where}", value, axis, float) for axis in ("x", "y"))
        points[name] = Keypoint(x + known.offset, y + known.offset, name)
    return picture, list(points.values()), known.shape(picture), known.spacing(picture)

"""The formats of landmarks by name: what each keeps, and who reads and writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from acetate.sheets.formats.aariz import read_aariz_mean, write_aariz
from acetate.sheets.formats.coco import read_coco_set, write_coco_set
from acetate.sheets.formats.cvat import read_cvat, write_cvat
from acetate.sheets.formats.deeplabcut import read_deeplabcut, write_deeplabcut
from acetate.sheets.formats.known import Known
from acetate.sheets.formats.label_studio import read_label_studio, write_label_studio
from acetate.sheets.formats.labelme import read_labelme, write_labelme
from acetate.sheets.formats.slicer import read_slicer, write_slicer
from acetate.sheets.formats.table import read_long, read_wide, write_long, write_wide
from acetate.sheets.formats.tps import read_tps, write_tps
from acetate.sheets.landmark_set import LandmarkSet


@dataclass(frozen=True)
class Format:
    """A format of landmark files.

    Parameters
    ----------
    title : str
        What people call it.
    read : callable
        From a path and what is known otherwise to a set.
    write : callable
        Takes a path, a set, and what to take away from its pixels.
    origin : {"corner", "centre"}
        Where its own tools put (0, 0) in the first pixel.
    suffix : str
        How its files end.
    keeps : frozenset of str
        Of "hidden", "spacing", "shape", "names" (of landmarks that are missing everywhere) and
        "pictures" (names with their suffix), what the file can say.
    needs : str
        Of "shape" and "spacing", what has to be known to write it; empty for nothing.
    per_picture : bool
        Whether it has a file for each picture.

    Examples
    --------
    >>> FORMATS["tps"].origin, FORMATS["tps"].needs
    ('corner', 'shape')
    """

    title: str
    read: Callable[[Path, Known], LandmarkSet]
    write: Callable[[Path, LandmarkSet, float], None]
    origin: str
    suffix: str
    keeps: frozenset[str]
    needs: str = ""
    per_picture: bool = False


def _keeps(words: str) -> frozenset[str]:
    return frozenset(words.split())


FORMATS: dict[str, Format] = {
    "csv": Format(
        "CSV, a row for each point",
        read_long,
        write_long,
        "corner",
        ".csv",
        _keeps("hidden spacing shape names pictures"),
    ),
    "csv-wide": Format(
        "CSV, a row for each picture",
        read_wide,
        write_wide,
        "corner",
        ".csv",
        _keeps("hidden spacing shape names pictures"),
    ),
    "coco": Format(
        "COCO keypoints",
        read_coco_set,
        write_coco_set,
        "centre",
        ".json",
        _keeps("hidden shape names pictures"),
        needs="shape",
    ),
    "label-studio": Format(
        "Label Studio",
        read_label_studio,
        write_label_studio,
        "corner",
        ".json",
        _keeps("shape pictures"),
        needs="shape",
    ),
    "labelme": Format(
        "labelme",
        read_labelme,
        write_labelme,
        "corner",
        ".json",
        _keeps("hidden shape pictures"),
        per_picture=True,
    ),
    "cvat": Format(
        "CVAT for images",
        read_cvat,
        write_cvat,
        "corner",
        ".xml",
        _keeps("hidden shape names pictures"),
        needs="shape",
    ),
    "deeplabcut": Format(
        "DeepLabCut",
        read_deeplabcut,
        write_deeplabcut,
        "centre",
        ".csv",
        _keeps("names pictures"),
    ),
    "tps": Format(
        "TPS",
        read_tps,
        write_tps,
        "corner",
        ".tps",
        _keeps("spacing shape names pictures"),
        needs="shape",
    ),
    "slicer": Format(
        "3D Slicer markups",
        read_slicer,
        write_slicer,
        "centre",
        ".mrk.json",
        _keeps("hidden names"),
        needs="spacing",
        per_picture=True,
    ),
    "aariz": Format(
        "Aariz",
        read_aariz_mean,
        write_aariz,
        "centre",
        ".json",
        _keeps(""),
        per_picture=True,
    ),
}

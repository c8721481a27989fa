"""What `acetate augment` reads: the pictures of a folder, and the sheets that belong to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from acetate import images
from acetate.arrays import Array, Shape, channels_last, convert
from acetate.cli.augment_landmarks import Landmarks
from acetate.cli.console import Row
from acetate.cli.pictures import PictureFile, check_alone, rows_of
from acetate.files import walk
from acetate.geometry import Frame
from acetate.images import ImageFacts
from acetate.sheets import HeatmapsOnImage, SegmentationMapsOnImage
from acetate.stems import Stems, by_stem, only_one, outside


@dataclass(frozen=True)
class Source(PictureFile):
    """A picture and the files of its sheets.

    Parameters
    ----------
    name, picture
        As in `PictureFile`.
    heatmaps, mask : Path, optional
        The files of its sheets.
    frame : (int, int), optional
        The size that the picture should have, (height, width), for its landmarks to fit.
    """

    heatmaps: Path | None = None
    mask: Path | None = None
    frame: Frame | None = None


@dataclass(frozen=True)
class Loaded:
    """A picture and its sheets, read."""

    image: Array
    heatmaps: HeatmapsOnImage | None
    heatmaps_dtype: np.dtype[Any]
    mask: SegmentationMapsOnImage | None


def find(
    pictures: Path,
    heatmaps: Path | None,
    masks: Path | None,
    landmarks: Landmarks | None,
    leave: Iterable[Path] = (),
) -> tuple[list[Source], list[Row]]:
    """Find the pictures of a folder and their sheets, which have the same name but for the suffix.

    Parameters
    ----------
    pictures, heatmaps, masks : Path
        Folders; the last two may be None.
    landmarks : Landmarks, optional
        Of all the pictures.
    leave : iterable of Path
        Folders whose pictures are left out, should they lie inside the first one.

    Returns
    -------
    list of Source
        In order of their names.
    list of (str, str)
        What was passed over, and why.
    """
    found = walk(pictures, images.SUFFIXES)
    rows = rows_of(found)
    away = [folder for folder in (*leave, heatmaps, masks) if folder is not None]
    inside = outside(found.files, away)
    stems = by_stem(inside, pictures)
    sheets: dict[str, Stems] = {}
    for kind, folder in (("heatmaps", heatmaps), ("mask", masks)):
        if folder is not None:
            sheet_files = walk(folder, images.SUFFIXES)
            rows += rows_of(sheet_files)
            sheets[kind] = by_stem(sheet_files.files, folder)
    sources = []
    for file in inside:
        name = file.relative_to(pictures).as_posix()
        try:
            source = _with_sheets(Source(name, file), stems, sheets)
            sources.append(source if landmarks is None else _with_frame(source, landmarks))
        except ValueError as error:
            rows.append((name, str(error)))
    return sorted(sources, key=lambda source: source.name), rows


def load(source: Source) -> Loaded:
    """Read a picture and its sheets.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read, or a sheet does not fit the picture.
    """
    image, facts = images.read_with_facts(source.picture)
    if source.frame not in (None, facts.shape):
        raise ValueError(
            f"its landmarks lie on a picture of {_by(source.frame)}, it is {_by(facts.shape)}"
        )
    heat = None if source.heatmaps is None else read_heat(source.heatmaps)
    labels = None if source.mask is None else images.read_labels(source.mask)
    for path, array in ((source.heatmaps, heat), (source.mask, labels)):
        if array is not None:
            _check_turned(facts, array.shape, path)
    return Loaded(
        image,
        None if heat is None else HeatmapsOnImage(convert(heat, np.float32), image.shape),
        np.dtype(np.float32) if heat is None else heat.dtype,
        None if labels is None else SegmentationMapsOnImage(labels, image.shape),
    )


def read_heat(path: Path) -> Array:
    """Read heatmaps as they are stored; the pages of a file become channels.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` or ``(H, W, C)`` uint8, uint16 or floats in [0, 1].

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, or its colours stand for something else than heat.
    """
    facts = images.info(path)
    if facts.mode in ("palette", "cmyk"):
        raise ValueError(
            f"{path}: heatmaps are gray, or have a channel each, not {facts.mode} colours"
        )
    pages = [images.read(path, page=page, profile="ignore") for page in range(facts.pages)]
    if len(pages) == 1:
        return pages[0]
    shapes = sorted({(page.shape[:2], page.dtype.name) for page in pages})
    if len(shapes) > 1:
        raise ValueError(f"{path}: its pages differ in size or dtype: {shapes}")
    return np.concatenate([channels_last(page) for page in pages], axis=2)


def _with_sheets(source: Source, pictures: Stems, sheets: Mapping[str, Stems]) -> Source:
    """Return the source with the files of its sheets, of which there must be one each."""
    check_alone(pictures[source.stem])
    stem = source.stem
    files = {kind: only_one(stems.get(stem, ()), stem, kind) for kind, stems in sheets.items()}
    return replace(source, heatmaps=files.get("heatmaps"), mask=files.get("mask"))


def _with_frame(source: Source, landmarks: Landmarks) -> Source:
    if source.name not in landmarks.rows:
        raise ValueError(f"it has no landmarks in {landmarks.file}")
    return replace(source, frame=landmarks.frame(source.name))


def _check_turned(facts: ImageFacts, shape: Shape, path: Path | None) -> None:
    """Raise where the picture was turned upright, and its sheet lies as the stored pixels do."""
    upright, stored = facts.shape, facts.stored_shape
    if upright != stored and (shape[0] - shape[1]) * (stored[0] - stored[1]) > 0:
        raise ValueError(
            f"{path} is {_by(shape)}, as the picture is stored, which EXIF turns to "
            f"{_by(upright)}; turn the sheet too"
        )


def _by(shape: Sequence[int] | None) -> str:
    return " x ".join(map(str, (shape or ())[:2]))

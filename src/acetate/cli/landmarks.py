"""The landmarks of `acetate augment`: read for all pictures, moved, and written for all samples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from acetate.augmenters import Recipe
from acetate.cli.lines import Sample
from acetate.geometry import Frame
from acetate.names import nearest
from acetate.sheets import Keypoint, KeypointsOnImage
from acetate.sheets.formats import read_coco, read_csv, write_coco, write_csv

SUFFIXES = (".json", ".csv")


@dataclass(frozen=True)
class Landmarks:
    """The landmarks of a folder of pictures.

    Parameters
    ----------
    file : Path
        Where they came from.
    points : mapping
        From a picture's name to its points: with COCO a sheet, with CSV the points alone.
    mirror : mapping of str to str
        Which names change places in a mirror image.
    """

    file: Path
    points: Mapping[str, KeypointsOnImage | Sequence[Keypoint]]
    mirror: Mapping[str, str]

    def frame(self, name: str) -> Frame | None:
        """Return the size of the picture that the landmarks are said to lie on, if it is said."""
        points = self.points[name]
        if isinstance(points, KeypointsOnImage):
            return points.shape[0], points.shape[1]
        return None

    def on(self, name: str, frame: Frame) -> KeypointsOnImage:
        """Return the landmarks of a picture."""
        points = self.points[name]
        if isinstance(points, KeypointsOnImage):
            return points
        return KeypointsOnImage(points, frame, self.mirror)

    def moved(self, sample: Sample) -> KeypointsOnImage:
        """Return the landmarks of a sample, as its recipe moves them."""
        recipe = Recipe.from_json(sample.recipe)
        return recipe.keypoints(self.on(sample.picture, recipe.shape))

    def write(self, path: Path, sheets: Mapping[str, KeypointsOnImage]) -> None:
        """Write the landmarks of all samples in the format that they came in."""
        write = write_coco if self.file.suffix.lower() == ".json" else write_csv
        write(path, sheets)


def read(file: Path, swap: Iterable[tuple[str, str]]) -> Landmarks:
    """Read landmarks.

    Parameters
    ----------
    file : Path
        COCO keypoints (.json), or a table with the columns image, name, x, y (.csv).
    swap : iterable of (str, str)
        Pairs of names that change places in a mirror image.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, or has no landmark of a name in `swap`.
    """
    if file.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{file}: landmarks come in a file *.json (COCO keypoints) or *.csv")
    mirror = {a: b for pair in swap for a, b in (pair, pair[::-1])}
    if file.suffix.lower() == ".csv":
        table = read_csv(file)
        _check_known(mirror, (point.name for points in table.values() for point in points))
        return Landmarks(file, table, mirror)
    sheets = read_coco(file)
    _check_known(mirror, (name for sheet in sheets.values() for name in sheet.names))
    return Landmarks(file, read_coco(file, mirror=mirror) if mirror else sheets, mirror)


def _check_known(mirror: Iterable[str], names: Iterable[str | None]) -> None:
    known = {name for name in names if name is not None}
    for name in mirror:
        if name not in known:
            hint = f"the nearest is {nearest(name, known)!r}" if known else "there are none"
            raise ValueError(f"--swap: no landmark is called {name!r}; {hint}")

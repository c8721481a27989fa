"""The landmarks of `acetate augment`: read for all pictures, moved, and written for all samples."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from acetate.augmenters import Recipe
from acetate.cli.lines import Sample
from acetate.geometry import Frame
from acetate.names import nearest
from acetate.sheets import KeypointsOnImage, LandmarkSet
from acetate.sheets.formats import FORMATS, read_landmarks, sniff_format, write_landmarks
from acetate.sheets.formats.objects import numbered, without_number
from acetate.sheets.formats.pictures import PictureFolder, pair_pictures


@dataclass(frozen=True)
class Landmarks:
    """The landmarks of a folder of pictures.

    Parameters
    ----------
    file : Path
        Where they came from.
    format : str
        Of the file.
    marks : LandmarkSet
        All of them.
    rows : mapping of str to int
        From a picture's path in the folder to its place in the set.
    """

    file: Path
    format: str
    marks: LandmarkSet
    rows: Mapping[str, int]

    def frame(self, name: str) -> Frame | None:
        """Return the size of the picture that the landmarks are said to lie on, if it is said."""
        return self.marks.shapes[self.rows[name]]

    def on(self, name: str, frame: Frame) -> KeypointsOnImage:
        """Return the landmarks of a picture."""
        return self.marks.keypoints(self.rows[name], self.frame(name) or frame)

    def moved(self, sample: Sample) -> KeypointsOnImage:
        """Return the landmarks of a sample, as its recipe moves them."""
        recipe = Recipe.from_json(sample.recipe)
        return recipe.keypoints(self.on(sample.picture, recipe.shape))

    def write(self, out: Path, sheets: Mapping[str, KeypointsOnImage]) -> None:
        """Write the landmarks of all samples into a folder, in the format that they came in.

        Their spacing is not written: it is that of the pictures as they were.
        """
        shapes = [(sheet.height, sheet.width) for sheet in sheets.values()]
        marks = LandmarkSet.from_keypoints(sheets, self.marks.names, shapes=shapes)
        format = FORMATS[self.format]
        path = out / ("landmarks" if format.per_picture else f"landmarks{format.suffix}")
        if format.per_picture:
            path.mkdir(exist_ok=True)
        write_landmarks(path, marks, self.format)


def read(file: Path, swap: Iterable[tuple[str, str]], pictures: Path) -> Landmarks:
    """Read landmarks.

    Parameters
    ----------
    file : Path
        A file of any format, or a folder of such.
    swap : iterable of (str, str)
        Pairs of names that change places in a mirror image.
    pictures : Path
        The folder of the pictures.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, its format has to know the spacing, which samples do not keep,
        it has no landmark of a name in `swap`, or several pictures may be meant.
    """
    format = sniff_format(file)
    if "spacing" in FORMATS[format].needs:
        raise ValueError(
            f"{file}: {FORMATS[format].title} has millimetres, which samples of other sizes do not "
            "keep; `acetate landmarks convert` makes pixels of them"
        )
    marks = read_landmarks(file, format, pictures=pictures)
    marks = marks.with_mirror(_pairs(swap, marks.names))
    folder = PictureFolder(pictures)
    places = {picture: i for i, picture in enumerate(marks.pictures)}
    names = pair_pictures(map(folder.name, folder.files), places, (str(pictures), str(file)))
    return Landmarks(file, format, marks, {name: places[its] for name, its in names.items()})


def _pairs(swap: Iterable[tuple[str, str]], names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the pairs, for each of several objects that has both."""
    known = set(names)
    objects = sorted({without_number(name)[1] for name in names})
    for pair in swap:
        for name in pair:
            if name not in known:
                hint = f"the nearest is {nearest(name, known)!r}" if known else "there are none"
                raise ValueError(f"--swap: no landmark is called {name!r}; {hint}")
        for number in objects:
            first, second = (numbered(name, number) for name in pair)
            if {first, second} <= known:
                yield first, second

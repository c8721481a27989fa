"""`acetate landmarks predict`, carried out: points, overlay and facts of every picture."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
import numpy as np

from acetate import images
from acetate.cli.app import wrong_usage
from acetate.cli.facts import plain, write_facts
from acetate.cli.journal import recorded_entries
from acetate.cli.lines import pictures_book
from acetate.cli.per_picture import Output, Request, carry_out
from acetate.cli.pictures import PictureFile, find_pictures
from acetate.cli.reading import Reading
from acetate.files import atomic, printable
from acetate.landmarks.found import LandmarkPrediction
from acetate.landmarks.overlay import draw_landmarks
from acetate.landmarks.prediction import LandmarkEnsemble
from acetate.landmarks.ruler import ruler_spacing
from acetate.landmarks.run_folder import MODEL, fold_folders
from acetate.landmarks.views import Views
from acetate.names import nearest
from acetate.sheets.formats import FORMATS, write_landmarks
from acetate.sheets.formats.known import Known, known_from
from acetate.sheets.landmark_set import LandmarkSet

COMMAND = "predict"
_NAMED = 3  # as many pictures are named in an error
_HEADER = ("picture", "landmark", "x_px", "y_px", "confidence", "sd_px", "x_mm", "y_mm")
Row = dict[str, Any]


@dataclass(frozen=True)
class How:
    """What `acetate landmarks predict` is told but for pictures and models.

    Parameters
    ----------
    reading : Reading
        How pictures are read.
    alone : bool
        Whether this is the only process at work; otherwise each keeps to one thread.
    flip, zooms
        The views; see `Views`.
    ruler : (str, str, float) or None
        Two landmarks, and how many mm they are apart.
    spacing : float, Path or None
        mm per pixel, or the table of them.
    format : str
        Of the landmarks of all pictures.
    heatmaps : bool
        Whether they are written.
    device : str
        Where the network works.
    """

    reading: Reading
    alone: bool
    flip: bool
    zooms: tuple[float, ...]
    ruler: tuple[str, str, float] | None
    spacing: float | Path | None
    format: str
    heatmaps: bool
    device: str

    @property
    def views(self) -> Views:
        """How often each picture is looked at."""
        return Views(self.flip, self.zooms)


@dataclass(frozen=True)
class Finding:
    """Finding the landmarks of a picture.

    Parameters
    ----------
    models : tuple of Path
        Their files.
    how : How
        What else was said.
    known : Known
        mm per pixel of the pictures, as they were given.
    """

    models: tuple[Path, ...]
    how: How
    known: Known

    def record(self) -> Mapping[str, Any]:
        """Return what decides over the points; what is in the files shows by their stamps."""
        how = self.how
        return {
            "models": [plain(path.resolve()) for path in self.models],
            "flip": how.flip,
            "zooms": list(how.zooms),
            "ruler": None if how.ruler is None else list(how.ruler),
            "spacing": plain(how.spacing),
            "heatmaps": how.heatmaps,
            "format": how.format,
            "reading": how.reading.record(),
        }

    def reads(self, source: PictureFile) -> Sequence[Path]:
        """Return the picture, the models and the table."""
        table = [self.how.spacing] if isinstance(self.how.spacing, Path) else []
        return [source.picture, *self.models, *table]

    def __call__(self, source: PictureFile, output: Output) -> None:
        """Find the landmarks, and write them."""
        image, read = self.how.reading.read(source.picture)
        ensemble = _loaded(self.models, self.how)
        found = ensemble.predict(image, self.how.views, heatmaps=True)
        images.write(output.path("overlay", "overlays", ".png"), draw_landmarks(image, found))
        if self.how.heatmaps and found.maps is not None:
            _write_maps(output.path("heatmaps", "heatmaps", ".tif"), found)
        spacing, uncertainty = self._spacing(source.name, found)
        facts = {
            "picture": source.name,
            "models": [path.name for path in self.models],
            "shape": found.shape,
            "mm_per_px": spacing,
            "mm_per_px_uncertainty": uncertainty,
            "landmarks": _points(found),
            "read": self.how.reading.facts(read),
        }
        write_facts(output.path("facts", "facts", ".json"), facts)

    def _spacing(self, name: str, found: LandmarkPrediction) -> tuple[float | None, float | None]:
        """Return mm per pixel of a picture and its uncertainty, as far as they are known."""
        if self.how.ruler is not None:
            return _measured(found, *self.how.ruler)
        return self.known.spacing(name), None


def predict_landmarks(models: Sequence[Path], how: How, request: Request) -> int:
    """Find the landmarks of pictures, write them all in one file, and return the exit code.

    Raises
    ------
    click.UsageError
        If a file is no model, the models do not fit together, or as `carry_out`.
    """
    with wrong_usage():
        files = tuple(file for path in models for file in model_files(path))
        ensemble = _loaded(files, how)
        _check(how, ensemble)
        known = known_from(0.5, None, None, None, how.spacing)
        if how.ruler is None and "spacing" in FORMATS[how.format].needs:
            _check_spacings(how, known, find_pictures(request.pictures, [request.out, *models])[0])
    code = carry_out(COMMAND, request, Finding(files, how, known), models)
    with wrong_usage():
        _write_all(request.out, ensemble.names, how.format)
    return code


def model_files(path: Path) -> list[Path]:
    """Return the models of a path: a file itself, of the folder of a training what it holds.

    Raises
    ------
    FileNotFoundError
        If the folder holds none.

    Examples
    --------
    >>> model_files(Path("run/model.safetensors"))
    [PosixPath('run/model.safetensors')]
    """
    if not path.is_dir():
        return [path]
    folders = [path] if (path / MODEL).is_file() else fold_folders(path)
    found = [each / MODEL for each in folders if (each / MODEL).is_file()]
    if not found:
        raise FileNotFoundError(
            f"{printable(path)} holds no {MODEL}; `acetate landmarks train` writes it"
        )
    return found


def _loaded(models: Sequence[Path], how: How) -> LandmarkEnsemble:
    """Return the models, loaded once in each process, and anew when a file has changed."""
    if not how.alone:
        import torch

        torch.set_num_threads(1)
    stamps = tuple((path.resolve(), path.stat().st_mtime_ns) for path in models)
    return _ensemble(stamps, how.device)


@lru_cache(maxsize=1)
def _ensemble(stamps: tuple[tuple[Path, int], ...], device: str) -> LandmarkEnsemble:
    return LandmarkEnsemble.load([path for path, _ in stamps], device)


def _check(how: How, ensemble: LandmarkEnsemble) -> None:
    """Raise for what can be known to be wrong before any picture."""
    _ = how.views
    if how.flip and not all(model.card.mirror for model in ensemble.models):
        raise ValueError(
            "--flip: the model does not know which landmarks change names in a mirror image; "
            "train it with --swap, or leave --flip out"
        )
    for name in how.ruler[:2] if how.ruler else ():
        if name not in ensemble.names:
            raise ValueError(
                f"--ruler: the model finds no {name!r}; the nearest is "
                f"{nearest(name, ensemble.names)!r}"
            )
    if how.ruler and how.ruler[0] == how.ruler[1]:
        raise ValueError(f"--ruler: {how.ruler[0]!r} is there twice; pass two landmarks")
    if how.ruler and how.spacing is not None:
        raise ValueError("pass either --ruler or --spacing")


def _check_spacings(how: How, known: Known, pictures: Sequence[PictureFile]) -> None:
    """Raise if a format has millimetres, and there is a picture without mm per pixel."""
    unknown = [each.name for each in pictures if known.spacing(each.name) is None]
    if unknown:
        named = ", ".join(map(repr, unknown[:_NAMED])) + (", ..." if len(unknown) > _NAMED else "")
        raise ValueError(
            f"--format {how.format} has millimetres, and mm per pixel are not known of "
            f"{len(unknown)} of {len(pictures)} pictures ({named}): pass --ruler, --spacing or a "
            "table that has them all"
        )


def _measured(
    found: LandmarkPrediction, first: str, second: str, length: float
) -> tuple[float | None, float | None]:
    """Return what two landmarks say of mm per pixel; None where they do not tell."""
    one, other = found.names.index(first), found.names.index(second)
    if np.array_equal(found.points[one], found.points[other]):
        return None, None
    ruler = ruler_spacing(
        found.points[[one]],
        found.points[[other]],
        length,
        first_covariance=found.covariance[[one]],
        second_covariance=found.covariance[[other]],
    )
    values = (float(ruler.spacing[0]), float(ruler.uncertainty[0]))
    spacing, uncertainty = (value if np.isfinite(value) else None for value in values)
    return spacing, uncertainty


def _points(found: LandmarkPrediction) -> list[Row]:
    rows = zip(found.names, found.points, found.confidence, found.covariance, strict=True)
    return [
        {
            "name": name,
            "x": _known(point[0]),
            "y": _known(point[1]),
            "confidence": _known(sure),
            "covariance": [[_known(value) for value in row] for row in spread],
        }
        for name, point, sure, spread in rows
    ]


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _write_maps(path: Path, found: LandmarkPrediction) -> None:
    import tifffile  # takes long to import

    with atomic(path) as file:
        tifffile.imwrite(
            file, found.maps, photometric="minisblack", compression="zlib", metadata=None
        )


def _write_all(out: Path, names: Sequence[str], format: str) -> None:
    """Write the landmarks of all finished pictures in one file, and the table of all points."""
    facts = [
        json.loads((out / entry.files["facts"]).read_bytes())
        for entry in recorded_entries(out, pictures_book(COMMAND))
    ]
    with atomic(out / "points.csv", "w") as file:
        table = csv.DictWriter(file, _HEADER, lineterminator="\n")
        table.writeheader()
        table.writerows(row for fact in facts for row in _table_rows(fact))
    marks = _as_set(facts, names)
    if "spacing" in FORMATS[format].needs:
        marks = _with_mm(marks, format)
    path = out / f"landmarks{FORMATS[format].suffix}"
    if FORMATS[format].per_picture:
        path = out / "landmarks"
        path.mkdir(exist_ok=True)
    if len(marks) or not FORMATS[format].per_picture:
        write_landmarks(path, marks, format)


def _with_mm(marks: LandmarkSet, format: str) -> LandmarkSet:
    """Return the landmarks of the pictures whose mm per pixel are known; say which are not."""
    known = np.isfinite(marks.spacing)
    for picture, there in zip(marks.pictures, known, strict=True):
        if not there:
            told = f"{printable(picture)} has no mm per pixel: it is in points.csv, not in {format}"
            click.echo(told, err=True)
    return marks.take(np.flatnonzero(known))


def _as_set(facts: Sequence[Row], names: Sequence[str]) -> LandmarkSet:
    points = [
        [[_number(one["x"]), _number(one["y"])] for one in fact["landmarks"]] for fact in facts
    ]
    return LandmarkSet(
        tuple(names),
        tuple(fact["picture"] for fact in facts),
        np.array(points, np.float64).reshape(len(facts), len(names), 2),
        spacing=np.array([_number(fact["mm_per_px"]) for fact in facts]),
        shapes=tuple(tuple(fact["shape"]) for fact in facts),
    )


def _table_rows(fact: Row) -> Iterator[Row]:
    spacing = fact["mm_per_px"]
    for one in fact["landmarks"]:
        x, y, spread = one["x"], one["y"], one["covariance"]
        known = x is not None
        (xx, _), (_, yy) = spread
        yield {
            "picture": fact["picture"],
            "landmark": one["name"],
            "x_px": f"{x:.3f}" if known else "",
            "y_px": f"{y:.3f}" if known else "",
            "confidence": "" if one["confidence"] is None else f"{one['confidence']:.4f}",
            "sd_px": "" if xx is None or yy is None else f"{np.sqrt(xx + yy):.3f}",
            "x_mm": f"{x * spacing:.4f}" if known and spacing is not None else "",
            "y_mm": f"{y * spacing:.4f}" if known and spacing is not None else "",
        }


def _number(value: float | None) -> float:
    return np.nan if value is None else value

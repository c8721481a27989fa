"""The command `acetate landmarks convert`: landmarks in another format."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.landmarks_reading import MarksReading, reading_landmarks
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import FORMATS

_MARKS = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("marks", type=_MARKS)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--to", type=click.Choice(list(FORMATS)), help="The format; by default by the suffix of OUT."
)
@click.option(
    "--to-origin",
    type=click.Choice(["corner", "centre"]),
    help="Where (0, 0) lies in the first pixel of OUT; by default as the format's tools have it.",
)
@click.option(
    "--pictures", type=_FOLDER, help="The pictures: some formats need their sizes or names."
)
@reading_landmarks
def convert(
    marks: Path,
    out: Path,
    to: str | None,
    to_origin: str | None,
    pictures: Path | None,
    reading: MarksReading,
) -> int:
    """Write landmarks in another format.

    MARKS is a file of landmarks, or a folder of such; OUT a file, or for the formats with a file
    for each picture (labelme, slicer, aariz) a folder. What OUT cannot say is said on stderr.

    \b
    acetate landmarks convert project.json marks.csv
    acetate landmarks convert wings.tps marks.json --to coco --pictures wings
    acetate landmarks convert marks.csv mm.csv --ruler P1 P2 10
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.app import wrong_usage
    from acetate.sheets.formats import write_landmarks

    given = reading.read(marks, pictures)
    with wrong_usage():
        _check_apart(marks, out)
        write_landmarks(out, given, to, origin=to_origin)
    format = to or _by_suffix(out)
    lost = _lost(given, format)
    if lost:
        click.echo(f"{FORMATS[format].title} does not keep {', '.join(lost)}", err=True)
    click.echo(
        f"{out}: {len(given.names)} landmarks in {len(given)} pictures, "
        f"{int(given.missing.sum())} missing"
    )
    return 0


def _by_suffix(out: Path) -> str:
    from acetate.sheets.formats.reading import format_of_suffix

    return format_of_suffix(out)


def _check_apart(marks: Path, out: Path) -> None:
    if out.exists() and marks.resolve() == out.resolve():
        raise ValueError(f"{out} is what is read; choose another name")


def _lost(marks: LandmarkSet, format: str) -> list[str]:
    """Return what a set has and a format cannot say."""
    import numpy as np

    from acetate.sheets.landmark_set import HIDDEN

    has: dict[str, Any] = {
        "hidden": (marks.visibility == HIDDEN).any(),
        "spacing": np.isfinite(marks.spacing).any(),
        "shape": any(shape is not None for shape in marks.shapes),
        "names": len(marks) and marks.missing.all(axis=0).any(),
        "pictures": any("." in picture for picture in marks.pictures),
    }
    words = {
        "hidden": "which landmarks are hidden",
        "spacing": "the spacing",
        "shape": "the sizes of pictures",
        "names": "the names of landmarks that are missing everywhere",
        "pictures": "the suffixes of pictures",
    }
    return [word for key, word in words.items() if has[key] and key not in FORMATS[format].keeps]

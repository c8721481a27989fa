"""The command `acetate landmarks evaluate`: landmarks that were found beside the truth."""

from pathlib import Path

import click

from acetate.cli.landmarks_reading import Above, MarksReading, reading_landmarks
from acetate.sheets.formats import FORMATS

_MARKS = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUT = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("found", type=_MARKS)
@click.argument("truth", type=_MARKS)
@click.option("--pictures", type=_FOLDER, help="The pictures, to draw the worst cases on.")
@click.option("--out", type=_OUT, help="A folder for tables and figures.")
@click.option(
    "--found-format",
    type=click.Choice(list(FORMATS)),
    help="Of FOUND; by default what the file looks like.",
)
@click.option(
    "--found-origin",
    type=click.Choice(["corner", "centre"]),
    help="Of FOUND; by default as the format's tools have it.",
)
@click.option(
    "--unit",
    type=click.Choice(["auto", "px", "mm"]),
    default="auto",
    show_default=True,
    help="Of the errors; auto takes mm where every picture's spacing is known.",
)
@click.option(
    "--threshold",
    "thresholds",
    type=Above(0),
    multiple=True,
    default=(2.0, 2.5, 3.0, 4.0),
    show_default=True,
    help="Of the success detection rate; may be repeated.",
)
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=12,
    show_default=True,
    help="Points on the sheet of the worst cases.",
)
@reading_landmarks
def evaluate(
    found: Path,
    truth: Path,
    pictures: Path | None,
    out: Path | None,
    found_format: str | None,
    found_origin: str | None,
    unit: str,
    thresholds: tuple[float, ...],
    worst: int,
    reading: MarksReading,
) -> int:
    """Compare landmarks that were found with the truth.

    FOUND and TRUTH are files of landmarks, or folders of such, of any format; FOUND may be what
    `acetate landmarks predict` wrote. --format, --origin, --spacing and --ruler are about TRUTH.
    Pictures and landmarks are matched by their names, one to one. Points that lack a truth or were
    not found are left out of means and rates, and counted.

    \b
    OUT/errors.json      everything in one file
    OUT/errors.csv       a row for each landmark, and one for all
    OUT/points.csv       a row for each point with its error
    OUT/cumulative.png   the share of points within each error
    OUT/worst.png        the worst cases, with --pictures

    SDR is the success detection rate: the share of points within 2, 2.5, ... mm or px.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.app import wrong_usage
    from acetate.cli.landmarks_evaluating import errors_of, say, write
    from acetate.landmarks.evaluation import match_sets

    true = reading.read(truth, pictures)
    marks = MarksReading(found_format, found_origin).read(found, pictures)
    with wrong_usage():
        matched = match_sets(marks, true)
        errors = errors_of(matched, unit, thresholds)
    say(matched, errors)
    if out is not None:
        write(out, matched, errors)
        from acetate.cli.landmarks_figures import draw  # matplotlib is loaded with it

        draw(out, matched, errors, pictures, worst)
    return 0

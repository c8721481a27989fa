"""The command `acetate landmarks check`: what is wrong or suspicious in annotated landmarks."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from acetate.cli.console import bar
from acetate.cli.landmarks_reading import Above, MarksReading, reading_landmarks
from acetate.cli.workplace import workplace

if TYPE_CHECKING:
    from acetate.run import Workplace

_MARKS = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUT = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("marks", type=_MARKS)
@click.argument("pictures", type=_FOLDER, required=False)
@click.option("--out", type=_OUT, help="A folder for the table and the contact sheet.")
@click.option(
    "--outlier",
    type=Above(0),
    default=6.0,
    show_default=True,
    help="How many sigmas a landmark may stray from the others' shape.",
)
@click.option(
    "--input-size",
    type=click.IntRange(32, 8192),
    default=128,
    show_default=True,
    help="Of the training: side of the square that pictures have to fit into.",
)
@click.option(
    "--shown",
    type=click.IntRange(1),
    default=24,
    show_default=True,
    help="Pictures on the contact sheet.",
)
@reading_landmarks
@workplace()
def check(
    marks: Path,
    pictures: Path | None,
    out: Path | None,
    outlier: float,
    input_size: int,
    shown: int,
    reading: MarksReading,
    where: "Workplace",
) -> int:
    """Look for what is wrong or suspicious in annotated landmarks.

    MARKS is a file of landmarks, or a folder of such; PICTURES the folder of the pictures, without
    which only the points are looked at.

    \b
    to be mended   no pictures, landmarks that are never there; pictures
                   missing, ambiguous, unreadable, named twice, too small, of
                   another size; points outside
    suspicious     pictures without points, the same picture twice, points in
                   one place, sides or names swapped, outliers

    \b
    OUT/check.csv, check.json  the table
    OUT/contact.png            pictures with their landmarks, findings first

    Left and right are those of --swap, or without any of names such as eye_left and eye_right.
    Exit code 1 means that something has to be mended before training, 2 wrong usage.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.landmarks.check import check_landmarks

    given = reading.read(marks, pictures)
    with bar() as progress:
        report = check_landmarks(
            given, pictures, outlier=outlier, square=input_size, where=where, progress=progress
        )
    _say(report)
    if out is not None:
        _write(out, report, given, pictures, shown)
    return 1 if report.serious else 0


def _say(report: Any) -> None:
    """Write the table, and how much was looked at, to stdout."""
    from acetate.cli.columns import columns
    from acetate.files import printable
    from acetate.landmarks.check import COLUMNS

    if report.findings:
        rows = [[printable(text) for text in row.values()] for row in report.rows()]
        click.echo(columns(COLUMNS, rows))
    counts = ", ".join(f"{kind}: {count}" for kind, count in report.counts().items())
    click.echo(
        f"{report.pictures} pictures, {report.points} points, {report.missing} missing; "
        f"{counts or 'nothing suspicious'}"
    )


def _write(out: Path, report: Any, marks: Any, pictures: Path | None, shown: int) -> None:
    """Write the table as CSV and JSON, and the contact sheet."""
    from acetate import images
    from acetate.cli.facts import write_facts
    from acetate.files import atomic
    from acetate.landmarks.check import COLUMNS
    from acetate.landmarks.check_sheet import draw_check

    out.mkdir(parents=True, exist_ok=True)
    with atomic(out / "check.csv", "w") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(report.rows())
    facts = {"pictures": report.pictures, "points": report.points, "missing": report.missing}
    write_facts(out / "check.json", {**facts, "findings": report.rows()})
    if pictures is not None:
        try:
            sheet = draw_check(report, marks, pictures, shown)
        except ValueError as error:
            click.echo(f"no contact sheet: {error}", err=True)
        else:
            images.write(out / "contact.png", sheet)

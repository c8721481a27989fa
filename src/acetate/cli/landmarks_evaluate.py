"""The command `acetate landmarks evaluate`: landmarks that were found beside the truth."""

import csv
from pathlib import Path
from typing import Any

import click

from acetate.cli.landmarks_reading import Reading, reading_landmarks
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
    type=click.FloatRange(0, min_open=True),
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
    reading: Reading,
) -> int:
    """Compare landmarks that were found with the truth.

    FOUND and TRUTH are files of landmarks, or folders of such, of any format; --format, --origin,
    --spacing and --ruler are about TRUTH. Pictures and landmarks are matched by their names. Points
    that lack a truth or were not found are left out of means and rates, and counted.

    \b
    OUT/errors.json      everything in one file
    OUT/errors.csv       a row for each landmark, and one for all
    OUT/points.csv       a row for each point with its error
    OUT/cumulative.png   the share of points within each error
    OUT/worst.png        the worst cases, with --pictures

    SDR is the success detection rate: the share of points within 2, 2.5, ... mm or px.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.app import wrong_usage
    from acetate.landmarks.evaluation import match_sets

    true = reading.read(truth, pictures)
    marks = Reading(found_format, found_origin).read(found, pictures)
    with wrong_usage():
        matched = match_sets(marks, true)
        errors = _errors(matched, unit, thresholds)
    _say(matched, errors)
    if out is not None:
        _write(out, matched, errors)
        _draw(out, matched, errors, pictures, worst)
    return 0


def _errors(matched: Any, unit: str, thresholds: tuple[float, ...]) -> Any:
    import numpy as np

    from acetate.measure import landmark_errors

    spacing = np.where(
        np.isnan(matched.truth.spacing), matched.found.spacing, matched.truth.spacing
    )
    # What no picture of was found needs no spacing: it has no errors.
    compared = ~(matched.found.missing | matched.truth.missing).all(axis=1)
    known = bool(np.isfinite(spacing[compared]).all()) and bool(compared.any())
    if unit == "mm" and not known:
        unknown = int(np.isnan(spacing[compared]).sum())
        raise ValueError(
            f"--unit mm: the spacing of {unknown} of {int(compared.sum())} pictures is not known; "
            "pass --spacing or --ruler"
        )
    in_mm = known and unit != "px"
    scale = np.where(compared, np.nan_to_num(spacing, nan=1.0), 1.0) if in_mm else None
    return landmark_errors(
        matched.found.points, matched.truth.points, scale, matched.truth.names, sorted(thresholds)
    )


def _say(matched: Any, errors: Any) -> None:
    """Write the table to stdout, and what was not compared to stderr."""
    from acetate.cli.columns import columns

    for text, several in (
        ("pictures that nothing was found in", matched.pictures_not_found),
        ("pictures without a truth, left out", matched.pictures_without_truth),
        ("landmarks that only one of both has, left out", matched.landmarks_left_out),
    ):
        if several:
            more = f" and {len(several) - 3} more" if len(several) > 3 else ""
            click.echo(f"{len(several)} {text}: {', '.join(several[:3])}{more}", err=True)
    unit = errors.unit
    header = ["landmark", "points", "not found", f"mean ({unit})", "sd", "median", "95 %"]
    header += [f"SDR {threshold:g} {unit}" for threshold in errors.sdr]
    click.echo(columns(header, map(_row, (*errors.landmarks, errors.overall))))


def _row(one: Any) -> list[Any]:
    rates = [None if rate != rate else f"{100 * rate:.1f} %" for rate in one.sdr.values()]
    return [one.landmark, one.count, one.not_found, one.mean, one.sd, one.median, one.p95, *rates]


def _write(out: Path, matched: Any, errors: Any) -> None:
    """Write the tables."""
    from acetate.cli.facts import write_facts
    from acetate.files import atomic

    out.mkdir(parents=True, exist_ok=True)
    facts = {
        **errors.to_dict(),
        "pictures": matched.truth.pictures,
        "names": errors.names,
        "pictures_not_found": matched.pictures_not_found,
        "pictures_without_truth": matched.pictures_without_truth,
        "landmarks_left_out": matched.landmarks_left_out,
    }
    write_facts(out / "errors.json", facts)
    rows = errors.rows()
    with atomic(out / "errors.csv", "w") as file:
        table = csv.DictWriter(file, ["unit", *rows[0]], lineterminator="\n")
        table.writeheader()
        table.writerows({"unit": errors.unit, **row} for row in rows)
    with atomic(out / "points.csv", "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["image", "name", "x", "y", "true_x", "true_y", f"error_{errors.unit}"])
        writer.writerows(_points(matched, errors))


def _points(matched: Any, errors: Any) -> Any:
    for i, picture in enumerate(matched.truth.pictures):
        for k, name in enumerate(matched.truth.names):
            numbers = (*matched.found.points[i, k], *matched.truth.points[i, k])
            values = [float(value) for value in (*numbers, errors.radial[i, k])]
            yield [picture, name, *("" if value != value else value for value in values)]


def _draw(out: Path, matched: Any, errors: Any, pictures: Path | None, worst: int) -> None:
    """Draw the cumulative curve, and the worst cases on their pictures."""
    from acetate.draw.figures import draw_cumulative_errors, draw_worst_landmarks

    if not errors.overall.count:
        click.echo("no figures: no point was found that has a truth", err=True)
        return
    _save(draw_cumulative_errors(errors, thresholds=tuple(errors.sdr)), out / "cumulative.png")
    if pictures is not None and worst:
        reader = _Reader(pictures, matched.truth.pictures)
        figure = draw_worst_landmarks(
            errors,
            matched.found.points,
            matched.truth.points,
            matched.truth.pictures,
            reader.read,
            worst,
        )
        _save(figure, out / "worst.png")


class _Reader:
    """The pictures of a folder by their numbers; a gray one says what could not be read."""

    def __init__(self, folder: Path, pictures: tuple[str, ...]) -> None:
        from acetate.cli.app import wrong_usage
        from acetate.sheets.formats import match_pictures

        with wrong_usage():
            self.files = list(match_pictures(pictures, folder).values())
        self.pictures = pictures

    def read(self, i: int) -> Any:
        import numpy as np

        from acetate.landmarks.pictures import read_picture

        try:
            file = self.files[i]
            if file is None:
                raise ValueError("there is no such picture")
            return read_picture(file)
        except (OSError, ValueError) as error:
            click.echo(f"failed: {self.pictures[i]}: {error}", err=True)
            return np.full((64, 64), 128, np.uint8)


def _save(figure: Any, path: Path) -> None:
    from acetate.files import atomic

    with atomic(path) as file:
        figure.savefig(file, format="png", dpi=120)

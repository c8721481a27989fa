"""`acetate landmarks evaluate`, carried out: the numbers, and the tables of them."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from acetate.cli.columns import columns
from acetate.cli.facts import write_facts
from acetate.files import atomic
from acetate.landmarks.evaluation import Matched
from acetate.measure import LandmarkErrors, landmark_errors


def errors_of(matched: Matched, unit: str, thresholds: Sequence[float]) -> LandmarkErrors:
    """Return the errors, in mm where it is asked for or every spacing is known.

    Raises
    ------
    ValueError
        If mm are asked for, and a spacing is not known.
    """
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


def say(matched: Matched, errors: LandmarkErrors) -> None:
    """Write the table to stdout, and what was not compared to stderr."""
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


def write(out: Path, matched: Matched, errors: LandmarkErrors) -> None:
    """Write the tables."""
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


def _points(matched: Matched, errors: LandmarkErrors) -> Iterator[list[Any]]:
    for i, picture in enumerate(matched.truth.pictures):
        for k, name in enumerate(matched.truth.names):
            numbers = (*matched.found.points[i, k], *matched.truth.points[i, k])
            values = [float(value) for value in (*numbers, errors.radial[i, k])]
            yield [picture, name, *("" if value != value else value for value in values)]

"""The table of a comparison as text, CSV and JSON."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acetate.files import atomic
from acetate.segment.compare.comparison import Comparison
from acetate.segment.compare.ranking import Row

CSV, JSON = "results.csv", "results.json"


def header(comparison: Comparison) -> tuple[str, ...]:
    """Return the names of the columns."""
    if comparison.scored:
        return ("rank", "method", "IoU", "Dice", "boundary F1", "seconds", "failed", "parameters")
    return ("rank", "method", "agreement", "inside", "seconds", "own figure", "its mean")


def lines(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return the table's rows as short texts.

    Examples
    --------
    >>> brief(0.91234), brief(None), brief(3)
    ('0.912', '', '3')
    """
    if comparison.scored:
        return [
            (
                *map(brief, (rank, row.method, *_scores(row))),
                *map(brief, (seconds(row.seconds), row.failed or "", words(row.parameters))),
            )
            for rank, row in enumerate(comparison.rows, start=1)
        ]
    return [
        (
            *map(brief, (rank, row.method, row.agreement, row.volume_fraction)),
            *map(brief, (seconds(row.seconds), row.quality_name, row.quality)),
        )
        for rank, row in enumerate(comparison.unscored, start=1)
    ]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of text with their columns below each other.

    Examples
    --------
    >>> print(aligned([("a", "bc"), ("abc", "d")]))
    a    bc
    abc  d
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = (zip(row, widths, strict=True) for row in rows)
    return "\n".join("  ".join(f"{text:{width}}" for text, width in row).rstrip() for row in padded)


def brief(value: Any) -> str:
    """Return a value as a table shows it."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def seconds(value: float) -> str:
    """Return a time to a tenth of a millisecond.

    Examples
    --------
    >>> seconds(0.012345), seconds(12.345)
    ('0.0123', '12.3450')
    """
    return f"{value:.4f}"


def words(parameters: dict[str, Any]) -> str:
    """Return parameters as a person writes them.

    Examples
    --------
    >>> words({"tau": 4.0, "fidelity": "local"}), words({})
    ('tau=4.0 fidelity=local', 'the defaults')
    """
    return " ".join(f"{name}={value}" for name, value in parameters.items()) or "the defaults"


def write_tables(out: Path, comparison: Comparison) -> None:
    """Write results.csv and results.json into a folder.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    rows = [record(comparison, k) for k in range(len(comparison.methods))]
    with atomic(out / CSV, "w") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "parameters": json.dumps(row["parameters"])})
    with atomic(out / JSON, "w") as file:
        file.write(json.dumps(_summary(comparison) | {"rows": rows}, indent=2) + "\n")


def record(comparison: Comparison, rank: int) -> dict[str, Any]:
    """Return a row with all its numbers, by name."""
    if not comparison.scored:
        one = comparison.unscored[rank]
        return {
            "rank": rank + 1,
            "method": one.method,
            "agreement": one.agreement,
            "volume_fraction": one.volume_fraction,
            "seconds": one.seconds,
            "quality_name": one.quality_name,
            "quality": one.quality,
            "parameters": {"bright": False} if comparison.dark else {},
        }
    row = comparison.rows[rank]
    return {
        "rank": rank + 1,
        "method": row.method,
        **dict(zip(("iou", "dice", "boundary_f1"), _scores(row), strict=True)),
        "seconds": row.seconds,
        "spread": row.spread,
        "failed": row.failed,
        "error": row.error,
        "fitted_iou": row.fitted_iou,
        "parameters": row.parameters,
    }


def _scores(row: Row) -> tuple[float | None, ...]:
    """Return the scores of a row; None of a method that failed on every picture."""
    return (None,) * 3 if row.useless else (row.iou, row.dice, row.boundary_f1)


def _summary(comparison: Comparison) -> dict[str, Any]:
    return {
        "pictures": [case.name for case in comparison.cases],
        "read": [case.how for case in comparison.cases],
        "truth": comparison.scored,
        "left_out": comparison.scored and len(comparison.cases) > 1,
        "foreground": "dark" if comparison.dark else "bright",
        "tolerance": comparison.tolerance,
        "trials": comparison.trials,
        "reproduced_iou": comparison.reproduced_iou,
        "agreement": {
            "methods": list(comparison.agreeing),
            "iou": comparison.agreement.round(6).tolist(),
        },
        "failures": [list(row) for row in comparison.failures],
    }

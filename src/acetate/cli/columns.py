"""Tables on the terminal: columns below each other, numbers to the right."""

import math
from collections.abc import Iterable, Sequence
from typing import Any


def columns(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as text; what is NaN or None is a dash.

    Examples
    --------
    >>> print(columns(["name", "error"], [["nose", 1.5], ["tail", float("nan")]]))
    name  error
    nose  1.500
    tail      -
    """
    table = [list(map(_text, row)) for row in rows]
    numeric = [
        bool(table) and all(_is_number(text) for text in column)
        for column in zip(*table, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(header, *table, strict=True)]
    lines = [
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric or [False] * len(row), strict=True)
        )
        for row in [list(header), *table]
    ]
    return "\n".join(line.rstrip() for line in lines)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _is_number(text: str) -> bool:
    return text == "-" or text.replace(".", "", 1).replace("%", "").strip().isdecimal()

"""The rows of a CSV file, each with its line, and what is wrong with them."""

import csv
import math
from collections.abc import Iterator

from acetate.files import PathLike, printable

_DELIMITERS = ",;\t"


def csv_rows(path: PathLike) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the line and the stripped fields of every row that is not blank.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark. Fields are divided by whichever of comma,
        semicolon and tab the first line has most of.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no text in UTF-8, or a quote is left open: with the file and the line.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.csv")
    ...     _ = file.write_text("image;x\n\na.png; 1")
    ...     list(csv_rows(file))
    [(1, ['image', 'x']), (3, ['a.png', '1'])]
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = None
        try:
            first = file.readline()
            file.seek(0)
            delimiter = max(_DELIMITERS, key=first.count)
            table = csv.reader(file, strict=True, delimiter=delimiter)
            for fields in table:
                if fields:
                    yield table.line_num, [field.strip() for field in fields]
        except UnicodeDecodeError as error:
            raise ValueError(f"{printable(path)} is not a text file in UTF-8: {error}") from error
        except csv.Error as error:
            line = 1 if table is None else table.line_num
            raise ValueError(f"{printable(path)}, line {line}: {error}") from error


def place_of(x: str, y: str) -> tuple[float, float]:
    """Return a place from two fields; NaN where both are blank or say so.

    Raises
    ------
    ValueError
        If one is no finite number, or only one is missing.

    Examples
    --------
    >>> place_of("1.5", "2"), place_of("", "NaN")
    ((1.5, 2.0), (nan, nan))
    """
    numbers = [math.nan if not text else _number(text) for text in (x, y)]
    if any(math.isinf(n) for n in numbers) or math.isnan(numbers[0]) != math.isnan(numbers[1]):
        raise ValueError(f"x and y must both be numbers, or both be blank, got {x!r} and {y!r}")
    return numbers[0], numbers[1]


def _number(text: str) -> float:
    """Return a number, infinity for what is none."""
    try:
        return float(text)
    except ValueError:
        return math.inf

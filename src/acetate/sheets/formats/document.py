"""JSON files that are checked while they are read: every error says where in which file."""

import json
import math
from collections.abc import Iterator
from typing import Any

from acetate.files import PathLike, printable

LENGTHS = "whole numbers from 1"
_KINDS: dict[Any, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    int | str: "a number or a text",
}


class JsonDocument:
    """A JSON file that has been read, and the checks of what is in it.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no JSON.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.json")
    ...     _ = file.write_text('{"x": "no"}')
    ...     document = JsonDocument(file)
    >>> document.get("the top level", document.content, "y", float, None) is None
    True
    """

    def __init__(self, path: PathLike) -> None:
        self.file = printable(path)
        with open(path, encoding="utf-8-sig") as file:
            try:
                self.content: Any = json.load(file)
            except ValueError as error:  # both of bad JSON and of bad UTF-8
                raise ValueError(f"{self.file} is no JSON: {error}") from error
            except RecursionError as error:
                raise ValueError(f"{self.file} is nested too deeply for a JSON file") from error

    def error(self, where: str, expected: str, got: Any) -> ValueError:
        """Return the error that says what stands where something else was expected."""
        shown = repr(got)
        shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
        return ValueError(f"{self.file}: {where} must be {expected}, got {shown}")

    def objects(self, where: str, several: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the objects of a list, each with the words that say where it is."""
        if not isinstance(several, list):
            raise self.error(where, "a list", several)
        for k, record in enumerate(several):
            if not isinstance(record, dict):
                raise self.error(f"{where}[{k}]", "an object", record)
            yield f"{where}[{k}]", record

    def get(self, where: str, record: dict[str, Any], key: str, kind: Any, *default: Any) -> Any:
        """Return a field of an object if it has the kind: a type, or float for a finite number.

        A field that is not there, or null, is the default where one is given.
        """
        value = record.get(key)
        if value is None and default:
            return default[0]
        if kind is float:
            return self.number(f"{key!r} of {where}", value)
        if not isinstance(value, kind):
            raise self.error(f"{key!r} of {where}", _KINDS.get(kind, "another kind"), value)
        return value

    def number(self, where: str, value: Any) -> float:
        """Return a finite number."""
        if not _is_finite(value):
            raise self.error(where, "a number", value)
        return float(value)

    def place(self, where: str, value: Any) -> tuple[float, float]:
        """Return a place from a list of two numbers."""
        if not isinstance(value, list) or len(value) != 2:
            raise self.error(where, "two numbers, x and y", value)
        return self.number(where, value[0]), self.number(where, value[1])

    def size(self, where: str, height: Any, width: Any) -> tuple[int, int] | None:
        """Return (height, width), or None where both are null."""
        if height is None and width is None:
            return None
        if not (_is_length(height) and _is_length(width)):
            raise self.error(f"(height, width) of {where}", LENGTHS, (height, width))
        return int(height), int(width)


def _is_length(value: Any) -> bool:
    return _is_finite(value) and value >= 1 and value == int(value)


def _is_finite(value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False

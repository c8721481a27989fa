"""How the commands about landmarks read annotations: their common options."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from acetate.cli.app import wrong_usage
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import FORMATS, read_landmarks, sniff_format

_PREDICTED = "predict.json"  # what marks the folder of a prediction
Command = TypeVar("Command", bound=Callable[..., Any])


class Above(click.FloatRange):
    """A finite number above another, which click's own ranges do not ask for.

    Examples
    --------
    >>> Above(0).convert("nan", None, None)
    Traceback (most recent call last):
    click.exceptions.BadParameter: nan is not in the range x>0.
    """

    def __init__(self, least: float) -> None:
        super().__init__(least, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number


class Spacing(click.ParamType[Any]):
    """mm per pixel: a number for all pictures, or a table of them.

    Examples
    --------
    >>> Spacing().convert("0.1", None, None), Spacing().convert("mm.csv", None, None)
    (0.1, PosixPath('mm.csv'))
    """

    name = "spacing"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | Path:
        """Return the number, or the path of the table."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            return Path(value)
        if not 0 < number < float("inf"):
            self.fail(f"{value!r} is no spacing: mm per pixel are above 0", param, ctx)
        return number


@dataclass(frozen=True)
class MarksReading:
    """How a file of landmarks is to be read.

    Parameters
    ----------
    format, origin : str or None
        As for `read_landmarks`.
    names : tuple of str
        The landmarks to keep; all without any.
    spacing : float, Path or None
        mm per pixel.
    ruler : (str, str, float) or None
        Two landmarks, and how many mm they are apart.
    swap : tuple of (str, str)
        Mirror pairs.
    """

    format: str | None = None
    origin: str | None = None
    names: tuple[str, ...] = ()
    spacing: Any = None
    ruler: tuple[str, str, float] | None = None
    swap: tuple[tuple[str, str], ...] = ()

    def read(self, path: Path, pictures: Path | None) -> LandmarkSet:
        """Read a file; what is wrong with it becomes exit code 2."""
        from acetate.landmarks.ruler import with_ruler

        with wrong_usage():
            marks = self._named(_landmarks_in(path), pictures)
            if self.ruler is not None:
                marks = with_ruler(marks, *self.ruler)
            if self.names:
                marks = marks.select(names=self.names)
            return marks.with_mirror(self.swap) if self.swap else marks

    def _named(self, path: Path, pictures: Path | None) -> LandmarkSet:
        """Read a file, its landmarks named by --name where it has numbers only."""
        format = self.format or sniff_format(path)
        how: dict[str, Any] = {
            "origin": self.origin,
            "pictures": pictures,
            "spacing": self.spacing,
        }
        marks = read_landmarks(path, format, **how)
        numbers = tuple(map(str, range(1, len(marks.names) + 1)))
        known = set(self.names) <= set(marks.names)
        if format != "tps" or known or marks.names != numbers:
            return marks
        return read_landmarks(path, format, names=self.names, **how)


def _landmarks_in(path: Path) -> Path:
    """Return the landmarks among what `acetate landmarks predict` wrote; another path itself."""
    if not (path / _PREDICTED).is_file():
        return path
    found = [*sorted(path.glob("landmarks.*")), *filter(Path.is_dir, [path / "landmarks"])]
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise ValueError(f"{path} holds landmarks in several formats ({names}); pass one of them")
    return found[0] if found else path


def _two_marks(
    _ctx: click.Context, _option: click.Parameter, ruler: tuple[str, str, float] | None
) -> tuple[str, str, float] | None:
    if ruler is not None:
        from acetate.landmarks.ruler import check_two

        with wrong_usage():
            check_two(*ruler[:2])
    return ruler


_OPTIONS = (
    click.option(
        "--format",
        type=click.Choice(list(FORMATS)),
        help="Of the landmarks; by default what the file looks like.",
    ),
    click.option(
        "--origin",
        type=click.Choice(["corner", "centre"]),
        help="Where (0, 0) lies in the first pixel; by default as the format's tools have it.",
    ),
    click.option(
        "--name", "names", multiple=True, metavar="NAME", help="Only this; may be repeated."
    ),
    click.option(
        "--spacing",
        type=Spacing(),
        metavar="MM|TABLE",
        help="mm per pixel, or a CSV table of picture and mm_per_px.",
    ),
    click.option(
        "--ruler",
        type=(str, str, Above(0)),
        callback=_two_marks,
        metavar="FIRST SECOND MM",
        help="Two landmarks that are so far apart: they give mm per pixel.",
    ),
    click.option(
        "--swap",
        type=(str, str),
        multiple=True,
        metavar="LEFT RIGHT",
        help="Landmarks that change places in a mirror; may be repeated.",
    ),
)


def reading_landmarks(command: Command) -> Command:
    """Add the options of how landmarks are read; the command is passed a `MarksReading`."""

    @wraps(command)
    def called(
        *,
        format: str | None,
        origin: str | None,
        names: tuple[str, ...],
        spacing: Any,
        ruler: Any,
        swap: Any,
        **others: Any,
    ) -> Any:
        reading = MarksReading(format, origin, names, spacing, ruler, swap)
        return command(reading=reading, **others)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called  # type: ignore[return-value]

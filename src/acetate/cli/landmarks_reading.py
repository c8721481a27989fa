"""How the commands about landmarks read annotations: their common options."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from acetate.cli.app import wrong_usage
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import FORMATS, read_landmarks

Command = TypeVar("Command", bound=Callable[..., Any])


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
class Reading:
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
            # TPS has no names: there --name gives them, elsewhere it selects.
            names = self.names if self._format(path) == "tps" and self.names else None
            marks = read_landmarks(
                path,
                self.format,
                origin=self.origin,
                names=names,
                pictures=pictures,
                spacing=self.spacing,
            )
            if self.ruler is not None:
                marks = with_ruler(marks, *self.ruler)
            if self.names:
                marks = marks.select(names=self.names)
            return marks.with_mirror(self.swap) if self.swap else marks

    def _format(self, path: Path) -> str:
        from acetate.sheets.formats import sniff_format

        return self.format or sniff_format(path)


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
        type=(str, str, click.FloatRange(0, min_open=True)),
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
    """Add the options of how landmarks are read; the command is passed a `Reading` as `reading`."""

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
        reading = Reading(format, origin, names, spacing, ruler, swap)
        return command(reading=reading, **others)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called  # type: ignore[return-value]

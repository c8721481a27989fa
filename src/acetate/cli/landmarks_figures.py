"""The figures of `acetate landmarks evaluate`: cumulative errors, and the worst cases."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from acetate.arrays import Array
from acetate.cli.app import wrong_usage
from acetate.draw.figures import draw_cumulative_errors, draw_worst_landmarks
from acetate.files import atomic
from acetate.landmarks.evaluation import Matched
from acetate.landmarks.pictures import read_picture
from acetate.measure import LandmarkErrors
from acetate.sheets.formats import match_pictures


def draw(
    out: Path, matched: Matched, errors: LandmarkErrors, pictures: Path | None, worst: int
) -> None:
    """Draw the cumulative curve, and the worst cases on their pictures."""
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
        with wrong_usage():
            self.files = list(match_pictures(pictures, folder).values())
        self.pictures = pictures

    def read(self, i: int) -> Array:
        try:
            file = self.files[i]
            if file is None:
                raise ValueError("there is no such picture")
            return read_picture(file)
        except (OSError, ValueError) as error:
            click.echo(f"failed: {self.pictures[i]}: {error}", err=True)
            return np.full((64, 64), 128, np.uint8)


def _save(figure: Any, path: Path) -> None:
    with atomic(path) as file:
        figure.savefig(file, format="png", dpi=120)

"""What a training learns from, and where its model goes: labelled pictures, and a name for it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click

from acetate.arrays import Array
from acetate.cli.app import said
from acetate.cli.console import Row
from acetate.cli.models import kind_of
from acetate.cli.pictures import PictureFile, find_pictures
from acetate.cli.reading import Reading
from acetate.cli.train_card import card_path
from acetate.cli.train_labels import LabelPictures


@dataclass(frozen=True)
class Labels:
    """What was labelled, and how.

    Parameters
    ----------
    pictures : LabelPictures
        Where the labels are.
    strokes : bool
        Whether 0 is not labelled, rather than the background.
    """

    pictures: LabelPictures
    strokes: bool

    @classmethod
    def given(cls, labels: Path | None, scribbles: Path | None) -> Self:
        """Return the labels of a command line.

        Raises
        ------
        click.UsageError
            If both were given, or neither.
        """
        if (labels is None) == (scribbles is None):
            raise click.UsageError("pass either --labels (dense masks) or --scribbles (strokes)")
        return cls(LabelPictures(labels or scribbles or Path()), labels is None)


@dataclass(frozen=True, eq=False)
class Example:
    """A picture and its labels, read."""

    source: PictureFile
    image: Array
    labels: Array


def check_out(out: Path, kind: str) -> None:
    """Raise if a file is there that is no model of a kind: a picture, say, in the wrong place.

    Parameters
    ----------
    out : Path
        Where a model is to be written; one of its kind that is there is replaced.
    kind : str
        As `kind_of` gives it.

    Raises
    ------
    ValueError
        If so, or if the place of its card is taken by a folder.
    """
    if out.exists():
        try:
            there = kind_of(out)
        except ValueError as error:
            raise ValueError(f"--out would replace a file: {error}; choose another name") from error
        if there != kind:
            raise ValueError(
                f"--out {out} would replace a {there} by a {kind}; choose another name"
            )
    if card_path(out).is_dir():
        raise ValueError(f"{card_path(out)} is a folder; the model's card needs that name")


def labelled_examples(
    paths: Sequence[Path], labels: Labels, reading: Reading
) -> tuple[list[Example], int, list[Row]]:
    """Return pictures that have labels, how many have none, and what could not be used.

    Raises
    ------
    ValueError
        If there is no picture with labels.
    """
    sources, rows = find_pictures(paths, [labels.pictures.path])
    examples = list[Example]()
    without = 0
    for source in sources:
        if not labels.pictures.files_of(source):
            without += 1
            continue
        try:
            examples.append(_read(source, labels.pictures, reading))
        except (OSError, ValueError) as error:
            rows.append((source.name, said(error)))
    if not examples:
        raise ValueError(_nothing(paths, labels.pictures.path, rows, without))
    return examples, without, rows


def _read(source: PictureFile, pictures: LabelPictures, reading: Reading) -> Example:
    image, _ = reading.read(source.picture)
    labels = pictures.on(source, image.shape)
    assert labels is not None
    return Example(source, image, labels)


def _nothing(paths: Sequence[Path], labels: Path, rows: Sequence[Row], without: int) -> str:
    if rows:
        return f"no picture can be used; {rows[0][0]}: {rows[0][1]}"
    given = ", ".join(os.fspath(path) for path in paths)
    if not without:
        return f"there is no picture in {given}"
    return f"no picture of {given} has a file of the same name in {labels}"

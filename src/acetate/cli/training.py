"""`acetate train pixels`, carried out: find pictures and labels, fit, save, and write the card."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click

from acetate.arrays import Array
from acetate.cli.app import said, wrong_usage
from acetate.cli.console import Row, bar, show_failures
from acetate.cli.models import check_model
from acetate.cli.pictures import PictureFile, find_pictures
from acetate.cli.reading import Reading
from acetate.cli.train_card import card_path, write_card
from acetate.cli.train_labels import LabelPictures, as_classes
from acetate.files import printable
from acetate.segment.features import FeatureBank
from acetate.segment.features.kinds import KINDS
from acetate.segment.pixels import PixelClassifier, save_classifier


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


def train_pixels(
    pictures: Sequence[Path],
    labels: Labels,
    out: Path,
    scales: tuple[float, ...] | None,
    reading: Reading,
    options: Mapping[str, Any],
) -> int:
    """Train a classifier, write it and its card, and return the exit code.

    Parameters
    ----------
    pictures : sequence of Path
        Files and folders.
    labels : Labels
        Of the pictures.
    out : Path
        The file of the model.
    scales : tuple of float or None
        Of all features.
    reading : Reading
        How pictures are read.
    options : mapping
        normalise, seed, and other parameters of `PixelClassifier` by name.

    Raises
    ------
    click.UsageError
        If nothing can be learned from what was given.
    OSError
        If the model cannot be written.
    """
    with wrong_usage():
        if options["smoothness"] is not None and options["clean"] == "none":
            raise ValueError("--smoothness goes with --clean: pass heat-flow or random-field there")
        check_out(out)
        examples, without, rows = labelled_examples(pictures, labels, reading)
        model = classifier_of(labels.strokes, scales, **options)
        masks = [example.labels for example in examples]
        with bar() as progress:
            model.fit(
                [example.image for example in examples],
                masks if labels.strokes else as_classes(masks),
                progress,
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    save_classifier(model, out)
    data = [(each.source.picture, each.image, each.labels) for each in examples]
    write_card(out, model, data, reading.record(), rows)
    show_failures(rows)
    _report(model, out, len(examples), without)
    return 1 if rows else 0


def classifier_of(
    strokes: bool, scales: tuple[float, ...] | None, normalise: bool, seed: int, **options: Any
) -> PixelClassifier:
    """Return the classifier of a command line, not fitted.

    Examples
    --------
    >>> classifier_of(True, (1.0, 2.0), False, 0, blur=0.0).features.scales
    (1.0, 2.0)
    """
    bank = (
        FeatureBank(normalise=normalise)
        if scales is None
        else FeatureBank(KINDS, scales, normalise=normalise)
    )
    return PixelClassifier(bank, strokes=strokes, random_state=seed, **options)


def check_out(out: Path) -> None:
    """Raise if a file is there that is no model: a picture, say, in the wrong place.

    Raises
    ------
    ValueError
        If so, or if the place of its card is taken by a folder.
    """
    if out.exists():
        try:
            check_model(out)
        except ValueError as error:
            raise ValueError(f"--out would replace a file: {error}; choose another name") from error
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
        raise ValueError(_nothing(paths, labels.pictures.path, rows))
    return examples, without, rows


def _read(source: PictureFile, pictures: LabelPictures, reading: Reading) -> Example:
    image, _ = reading.read(source.picture)
    labels = pictures.on(source, image.shape)
    assert labels is not None
    return Example(source, image, labels)


def _nothing(paths: Sequence[Path], labels: Path, rows: Sequence[Row]) -> str:
    if rows:
        return f"no picture can be used; {rows[0][0]}: {rows[0][1]}"
    given = ", ".join(os.fspath(path) for path in paths)
    return f"no picture of {given} has a file of the same name in {labels}"


def _report(model: PixelClassifier, out: Path, count: int, without: int) -> None:
    """Write to stdout what was learned from, how well, and where the model is."""
    rest = f", {without} more have no labels" if without else ""
    pictures = f"{count} picture{'s' if count > 1 else ''}"
    classes = ", ".join(map(str, model.classes_.tolist()))
    click.echo(f"learned from {pictures}{rest}; classes {classes}")
    found = model.calibration_
    if found.dice is not None:
        click.echo(
            f"Dice {found.dice:.3f} on pixels left out, "
            f"at threshold {found.threshold:.3f} and blur {found.blur:g}{_cleaned(model)}"
        )
    click.echo(f"{printable(out)}, {printable(card_path(out))}")


def _cleaned(model: PixelClassifier) -> str:
    if model.clean == "none":
        return ""
    return f", cleaned up by {model.clean} at smoothness {model.calibration_.smoothness:g}"

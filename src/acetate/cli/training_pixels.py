"""`acetate train pixels`, carried out: fit pictures and labels, save, and write the card."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.console import bar, show_failures
from acetate.cli.reading import Reading
from acetate.cli.train_card import card_path, write_card
from acetate.cli.train_examples import Labels, check_out, labelled_examples
from acetate.cli.train_labels import as_classes
from acetate.files import printable
from acetate.segment.features import FeatureBank
from acetate.segment.features.kinds import KINDS
from acetate.segment.pixels import PixelClassifier, save_classifier


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
        check_out(out, PixelClassifier.__name__)
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

"""`acetate train unet`, carried out: find pictures and masks, fit, save, and write the card."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from acetate.cli.app import INTERRUPTED, wrong_usage
from acetate.cli.console import Row, bar, show_failures
from acetate.cli.facts import write_facts
from acetate.cli.reading import Reading
from acetate.cli.train_card import about_picture, card_path
from acetate.cli.train_examples import Example, Labels, check_out, labelled_examples
from acetate.cli.train_labels import LabelPictures, as_classes
from acetate.files import printable
from acetate.segment.unet.card import described
from acetate.segment.unet.model_file import save_unet
from acetate.segment.unet.options import UNetTraining
from acetate.segment.unet.segmenter import UNetSegmenter, parameter_count


def train_unet(
    pictures: Sequence[Path],
    labels: Path,
    out: Path,
    reading: Reading,
    validation: float,
    run: tuple[Path | None, bool],
    how: Mapping[str, Any],
    network: Mapping[str, Any],
) -> int:
    """Train a U-Net, write it and its card, and return the exit code.

    Parameters
    ----------
    pictures : sequence of Path
        Files and folders.
    labels : Path
        A mask, or a folder of masks.
    out : Path
        The file of the model.
    reading : Reading
        How pictures are read.
    validation : float
        Part that is held out; 0 for none.
    run : (Path or None, bool)
        The folder of the training, and whether it goes on from there.
    how, network : mapping
        Options of `UNetTraining` and of `UNetSegmenter`.

    Raises
    ------
    click.UsageError
        If nothing can be learned from what was given.
    OSError
        If the model cannot be written.
    """
    folder, resume = run
    with wrong_usage():
        if resume and folder is None:
            raise ValueError("--resume needs the folder of the training: pass --run too")
        check_out(out, UNetSegmenter.__name__)
        source = Labels(LabelPictures(labels), strokes=False)
        examples, without, rows = labelled_examples(pictures, source, reading)
        model = UNetSegmenter(**network, options=UNetTraining(**how))
        masks = [example.labels for example in examples]
        with bar() as progress:
            model.fit(
                [example.image for example in examples],
                masks if model.objects else as_classes(masks),
                validation or None,
                folder=folder,
                resume=resume,
                progress=progress,
                say=click.echo,
            )
        if not model.history_.rows:
            raise ValueError("it was interrupted before the first epoch ended; nothing was learned")
    out.parent.mkdir(parents=True, exist_ok=True)
    save_unet(model, out)
    write_facts(card_path(out), card_of(out, model, examples, reading, validation, rows))
    show_failures(rows)
    _report(model, out, len(examples), without)
    if model.history_.stopped == "interrupted":
        return INTERRUPTED
    return 1 if rows else 0


def card_of(
    out: Path,
    model: UNetSegmenter,
    examples: Sequence[Example],
    reading: Reading,
    validation: float,
    left_out: Sequence[Row],
) -> dict[str, Any]:
    """Return the card of a fitted model: data, parameters, scores, history, version."""
    best = dict(model.history_.best)
    return {
        "model": out.name,
        **described(model, model.history_),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "learned_numbers": parameter_count(model.network_),
        "data": [about_picture(each.source.picture, each.image, each.labels) for each in examples],
        "reading": reading.record(),
        "left_out": [{"picture": name, "why": why} for name, why in left_out],
        "scores": {
            "how": f"a part of {validation:g} that was held out; the best epoch's, so it errs on "
            "the bright side",
            "dice": best.get("val_dice"),
            "epoch": model.history_.best_epoch,
        },
    }


def _report(model: UNetSegmenter, out: Path, count: int, without: int) -> None:
    """Write to stdout what was learned from, how well, and where the model is."""
    rest = f", {without} more have no labels" if without else ""
    history = model.history_
    click.echo(
        f"learned from {count} picture{'s' if count > 1 else ''}{rest}; "
        f"{len(history.rows)} epochs, ended by {history.stopped}"
    )
    if "val_dice" in history.best:
        dice = history.best["val_dice"]
        click.echo(f"Dice {dice:.3f} on pixels left out, of epoch {history.best_epoch}")
    click.echo(f"{printable(out)}, {printable(card_path(out))}")

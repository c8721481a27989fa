"""The command `acetate train unet`: its options."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from acetate.cli.method_options import options_of
from acetate.cli.reading import Reading, reading
from acetate.segment.unet.options import UNetTraining

_ANY = click.Path(exists=True, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_PREFIX = "option_"


@click.command(params=list(options_of(UNetTraining)))
@click.argument("pictures", type=_ANY, nargs=-1, required=True)
@click.option("--labels", type=_ANY, required=True, help="Masks: 0 background, others the classes.")
@click.option("--out", type=_FILE, required=True, help="The file of the model.")
@click.option(
    "--validation",
    type=click.FloatRange(0, 0.9),
    default=0.2,
    show_default=True,
    help="Part of the pictures that is held out and says which epoch is best; 0 for none.",
)
@click.option("--objects", is_flag=True, help="Masks number single objects: part those that touch.")
@click.option("--base", type=click.IntRange(1), default=16, show_default=True, help="Channels.")
@click.option("--depth", type=click.IntRange(0, 8), default=2, show_default=True, help="Halvings.")
@click.option(
    "--norm",
    type=click.Choice(["none", "batch", "group"]),
    default="batch",
    show_default=True,
    help="What evens out values in the network.",
)
@click.option(
    "--loss",
    default="cross-entropy+dice",
    show_default=True,
    help="mse, cross-entropy, focal, dice, or several with + between.",
)
@click.option(
    "--patch", type=click.IntRange(1), default=128, show_default=True, help="Side of a patch, px."
)
@click.option(
    "--patches", type=click.IntRange(1), default=64, show_default=True, help="In an epoch."
)
@click.option("--run", type=_FOLDER, help="Folder for history, checkpoints and best weights.")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint in --run.")
@reading
def unet(
    pictures: tuple[Path, ...],
    labels: Path,
    out: Path,
    page: int | None,
    profile: str,
    run: Path | None,
    resume: bool,
    validation: float,
    **options: Any,
) -> int:
    """Train a U-Net on masks.

    PICTURES are files and folders; folders inside them are entered. --labels is one mask for all
    pictures, or a folder with one of the same name for each; pictures without one are left out.

    \b
    OUT               the model, for acetate predict; loading it runs no code
    OUT.json          its card: data, parameters, scores, history, version
    RUN/history.csv   a row an epoch, with --run; and last.ckpt, to go on from

    Of five pictures and more whole ones are held out, of fewer an end of each, behind a guard.
    Ctrl-C ends the training; the best weights so far are written. Exit code 1 means that a picture
    could not be used, 2 wrong usage; then nothing is written.

    \b
    acetate train unet cells --labels masks --out cells.model
    acetate train unet cells --labels masks --epochs 100 --patience 20 --run run --out cells.model
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.training_unet import train_unet  # torch is loaded here

    names = [each.name for each in fields(UNetTraining)]
    given = {name: options.pop(f"{_PREFIX}{name}") for name in names}
    how = {name: value for name, value in given.items() if value is not None}
    reads = Reading(page, profile)
    return train_unet(pictures, labels, out, reads, validation, (run, resume), how, options)

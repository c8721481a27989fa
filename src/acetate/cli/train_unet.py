"""The command `acetate train unet`: its options."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from acetate.cli.method_options import options_of
from acetate.cli.reading import Reading, reading
from acetate.segment.unet.options import LOSS, UNetOptions, UNetTraining

_ANY = click.Path(exists=True, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_PREFIX = "option_"


@click.command(params=[*options_of(UNetOptions), *options_of(UNetTraining)])
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
@click.option(
    "--loss",
    default=LOSS,
    show_default=True,
    help="mse, cross-entropy, focal, dice, or several with + between.",
)
@click.option("--run", type=_FOLDER, help="Folder for history, checkpoints and best model.")
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
    loss: str,
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
    Ctrl-C ends the training; the best weights so far are written, and the exit code is 130. It is 1
    if a picture could not be used, 2 for wrong usage; then nothing is written.

    \b
    acetate train unet cells --labels masks --out cells.model
    acetate train unet cells --labels masks --epochs 100 --patience 20 --run run --out cells.model
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.training_unet import train_unet  # torch is loaded here

    how = _given(UNetTraining, options)
    network = {**_given(UNetOptions, options), "loss": loss}
    reads = Reading(page, profile)
    return train_unet(pictures, labels, out, reads, validation, (run, resume), how, network)


def _given(kind: type[Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a class that the command line has values for."""
    values = {each.name: options[f"{_PREFIX}{each.name}"] for each in fields(kind)}
    return {name: value for name, value in values.items() if value is not None}

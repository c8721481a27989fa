"""The command `acetate landmarks train`: its options."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.landmarks_reading import MarksReading, reading_landmarks
from acetate.cli.preset_options import PresetCommand

_MARKS = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUT = click.Path(file_okay=False, path_type=Path)


@click.command(cls=PresetCommand)
@click.argument("marks", type=_MARKS)
@click.argument("pictures", type=_FOLDER)
@click.option("--out", type=_OUT, required=True, help="The folder of the model.")
@click.option(
    "--validation",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.15,
    show_default=True,
    help="Part of the pictures to judge by; 0 learns from all.",
)
@click.option(
    "--validation-marks",
    type=_MARKS,
    help="Landmarks of other pictures of the same folder to judge by, in the same format.",
)
@click.option(
    "--folds", type=click.IntRange(2), help="Cross-validate: so many models, an ensemble."
)
@click.option(
    "--group-folders",
    is_flag=True,
    help="Keep the pictures of one folder (a patient, an animal) on one side.",
)
@click.option(
    "--weights",
    default="none",
    show_default=True,
    metavar="none|hub|FILE",
    help="What the network begins with; FILE may be an earlier model.",
)
@click.option("--no-augmentation", is_flag=True, help="Show pictures as they are.")
@click.option("--resume", is_flag=True, help="Go on with what was interrupted.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Begin anew; the folder's older model stays until there is a new one.",
)
@reading_landmarks
def train(marks: Path, pictures: Path, reading: MarksReading, **given: Any) -> int:
    """Learn to find landmarks from annotated pictures.

    MARKS is a file of landmarks, or a folder of such; PICTURES the folder of the pictures. Points
    may be missing. About a hundred pictures are a good beginning.

    \b
    OUT/model.safetensors  the model, for acetate landmarks predict: weights and
                           a card with names, numbers and scores; no code in it
    OUT/history.csv, .json every epoch; history.png where matplotlib is installed
    OUT/found.csv          what the model says of the pictures it was judged by
    OUT/errors.json        how far that is off, by landmark
    OUT/last.ckpt, data.json   what --resume goes on from
    OUT/fold-1, ...        with --folds, the models; give OUT to predict

    Pictures are mirrored while it learns where --swap says which landmarks then change names.
    Errors are in mm where the spacing of all pictures is known. Ctrl-C stops after a step; what
    was learned in whole epochs is kept, and --resume goes on. Exit code 2 is wrong usage.

    \b
    acetate landmarks train marks.csv pictures --swap eye_left eye_right --out run
    acetate landmarks train marks.json xrays --preset cephalometric --weights hub --out run
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.landmarks_training import Job, carry_out

    given["judged_by"] = (
        None if (other := given.pop("validation_marks")) is None else reading.read(other, pictures)
    )
    return carry_out(Job(marks=reading.read(marks, pictures), pictures=pictures, **given))

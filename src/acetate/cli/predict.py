"""The command `acetate predict`: its options."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.per_picture_options import per_picture
from acetate.cli.reading import Reading, reading

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ANY = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("model", type=_FILE)
@per_picture
@click.option("--probabilities", is_flag=True, help="Write the probability of every class too.")
@click.option("--truth", type=_ANY, help="Masks to compare with, where there are some.")
@reading
def predict(
    model: Path,
    probabilities: bool,
    truth: Path | None,
    page: int | None,
    profile: str,
    **given: Any,
) -> int:
    """Label the pixels of pictures with a model of `acetate train`.

    PICTURES are files and folders; folders inside them are entered. --truth is one mask for all
    pictures, or a folder with masks of the same names; pictures without one are not scored. For a
    model that numbers objects, masks number them too.

    \b
    OUT/masks          labels, 0 is background: PNG
    OUT/overlays       the labels over the picture, to look at
    OUT/objects        the connected parts and what they measure, .csv
    OUT/facts          pixels of each class and scores, .json
    OUT/probabilities  with --probabilities: float TIFF, a page for each class but background
    OUT/scores.csv     with --truth: IoU and Dice of every picture, and their means; precision,
                       recall and F1 of objects too, if the model numbers them
    OUT/predict.json, OUT/predict.jsonl   this command, and what is finished

    The same command again continues what was interrupted, and does anew what has changed: all of
    it once the model was trained again. Exit code 1 means that something failed (see the table),
    2 wrong usage.

    \b
    acetate predict cells.model cells --out found
    acetate predict cells.model cells --truth masks --out found
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.per_picture import Request  # NumPy and scikit-learn are loaded here
    from acetate.cli.predicting import predict_pictures

    how = Reading(page, profile)
    return predict_pictures(model, probabilities, truth, how, Request(**given))

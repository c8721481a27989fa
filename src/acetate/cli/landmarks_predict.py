"""The command `acetate landmarks predict`: its options."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.landmarks_reading import Spacing
from acetate.cli.method_options import Numbers
from acetate.cli.per_picture_options import per_picture
from acetate.cli.reading import Reading, reading
from acetate.learn.options import DEVICES
from acetate.sheets.formats import FORMATS

_ANY = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("model", type=_ANY)
@per_picture
@click.option(
    "--with",
    "others",
    type=_ANY,
    multiple=True,
    metavar="MODEL",
    help="Ask this one too, and join what they say; may be repeated.",
)
@click.option("--flip", is_flag=True, help="Look at the mirror image too.")
@click.option(
    "--zooms",
    type=Numbers(),
    default="1",
    show_default=True,
    metavar="Z1,Z2,...",
    help="Sizes to look at each picture in; 1 fills the network's square.",
)
@click.option(
    "--ruler",
    type=(str, str, click.FloatRange(0, min_open=True)),
    metavar="FIRST SECOND MM",
    help="Two of the landmarks that are so far apart: they give mm per pixel.",
)
@click.option(
    "--spacing",
    type=Spacing(),
    metavar="MM|TABLE",
    help="mm per pixel, or a CSV table of picture and mm_per_px.",
)
@click.option(
    "--format",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    help="Of OUT/landmarks.",
)
@click.option("--heatmaps", is_flag=True, help="Write them as TIFF, a page for each landmark.")
@click.option(
    "--device",
    type=click.Choice(DEVICES),
    default="auto",
    show_default=True,
    help="Where the network works; auto takes a GPU if there is one.",
)
@reading
def predict(
    model: Path, others: tuple[Path, ...], page: int | None, profile: str, **given: Any
) -> int:
    """Find landmarks in pictures with a model of `acetate landmarks train`.

    MODEL is its file, or the folder of a training: one of a cross-validation holds several models,
    which are asked together. PICTURES are files and folders; folders inside them are entered.

    \b
    OUT/landmarks.csv   the points of all pictures, in the format asked for
    OUT/points.csv      a row for each point: px, confidence, standard deviation
                        and, where mm per pixel are known, mm
    OUT/overlays        heat, points and where 95 % of them would lie
    OUT/facts           the same for each picture: .json
    OUT/heatmaps        with --heatmaps: float TIFF
    OUT/predict.json, OUT/predict.jsonl   this command, and what is finished

    The same command again continues what was interrupted, and does anew what has changed. A
    picture that cannot be read is a row in the table of failures; the others go on. Exit code 1
    means that there was such, 2 wrong usage.

    \b
    acetate landmarks predict run new --out found
    acetate landmarks predict run xrays --ruler P1 P2 10 --flip --out found
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.landmarks_predicting import How, predict_landmarks
    from acetate.cli.per_picture import Request

    request = Request(
        **{name: given.pop(name) for name in ("pictures", "out", "where", "overwrite")}
    )
    how = How(reading=Reading(page, profile), alone=request.where.is_here, **given)
    return predict_landmarks((model, *others), how, request)

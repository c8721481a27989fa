"""The command `acetate segment`: its options."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.method_options import Chosen, MethodCommand, Numbers
from acetate.cli.per_picture_options import per_picture
from acetate.cli.reading import Reading, reading

_ANY = click.Path(exists=True, path_type=Path)


@click.command(cls=MethodCommand, register="acetate.segment.methods:METHODS", default="heat-flow")
@per_picture
@click.option("--method", metavar="NAME", default="heat-flow", show_default=True, help="See below.")
@click.option(
    "--box", type=Numbers(count=4), metavar="X1,Y1,X2,Y2", help="Around the object, in pixels."
)
@click.option(
    "--scribbles", type=_ANY, help="Label picture: 0 no mark, 1 background, 2 and up wanted."
)
@click.option("--mask", type=_ANY, help="Where to begin: a label picture, 0 is outside.")
@click.option("--gray", is_flag=True, help="Take the lightness of colour pictures.")
@reading
def segment(
    method: Chosen,
    box: Any,
    scribbles: Any,
    mask: Any,
    gray: bool,
    page: int | None,
    profile: str,
    **given: Any,
) -> int:
    """Divide pictures into labelled regions, without training.

    PICTURES are files and folders; folders inside them are entered. --box, --scribbles and --mask
    go with the methods that take them. Scribbles and masks are one file for all pictures, or a
    folder with a file of the same name for each.

    \b
    OUT/masks      labels, 0 is background: PNG, TIFF beyond 65535
    OUT/overlays   the labels over the picture, to look at
    OUT/energies   of methods that lower an energy: .csv, and .png to look at
    OUT/facts      what the method found and with which options, .json
    OUT/segment.json, OUT/segment.jsonl   this command, and what is finished

    The same command again continues what was interrupted, and does anew what has changed: kept
    are pictures that are as they were, prompts too, and whose files are there. Exit code 1 means
    that something failed (see the table), 2 wrong usage.

    \b
    acetate segment cells --out found
    acetate segment flower.jpg --method jacobi-theta --gray --out found
    acetate segment flower.jpg --method heat-cut --box 160,80,457,372 --out found
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.per_picture import Request  # NumPy and OpenCV are loaded here
    from acetate.cli.prompts import Prompts
    from acetate.cli.segmenting import segment_pictures

    prompts, how = Prompts(box, scribbles, mask), Reading(page, profile)
    return segment_pictures(method, prompts, gray, how, Request(**given))

"""The command `acetate denoise`: its options."""

from typing import Any

import click

from acetate.cli.method_options import Chosen, MethodCommand
from acetate.cli.per_picture_options import per_picture
from acetate.cli.reading import Reading, reading


@click.command(cls=MethodCommand, register="acetate.heat:DENOISERS", default="cosine")
@per_picture
@click.option("--method", metavar="NAME", default="cosine", show_default=True, help="See below.")
@click.option(
    "--sigma",
    type=click.FloatRange(0),
    help="Standard deviation of the noise, in the picture's own units; estimated if absent.",
)
@reading
def denoise(
    method: Chosen, sigma: float | None, page: int | None, profile: str, **given: Any
) -> int:
    """Take the noise out of pictures.

    PICTURES are files and folders; folders inside them are entered. Pictures keep their format and
    their bits (BMP and GIF become PNG), opacity is left as it is. --sigma counts in steps of the
    picture, of 255 for 8 bits, of 65535 for 16, of 1 for floats.

    \b
    OUT/images   the pictures, under their names
    OUT/facts    the noise that was taken out, and with which options, .json
    OUT/denoise.json, OUT/denoise.jsonl   this command, and what is finished

    The same command again continues what was interrupted. Exit code 1 means that something failed
    (see the table), 2 wrong usage.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.denoising import Denoising  # NumPy and OpenCV are loaded here
    from acetate.cli.per_picture import Request, carry_out

    treatment = Denoising(method, sigma, Reading(page, profile))
    return carry_out("denoise", Request(**given), treatment)

"""The command `acetate corrupt`: its options."""

from typing import Any

import click

from acetate.cli.method_options import Chosen, MethodCommand
from acetate.cli.per_picture_options import per_picture
from acetate.cli.reading import Reading, reading


@click.command(cls=MethodCommand, register="acetate.cli.corrupting:CORRUPTIONS", default="heat")
@per_picture
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the noise.")
@reading
def corrupt(method: Chosen, seed: int, page: int | None, profile: str, **given: Any) -> int:
    """Let pictures fall apart by heat and noise, level by level.

    PICTURES are files and folders; folders inside them are entered. Heat blurs, noise hides what is
    left; every level is drawn from the one before. Pictures keep their format and their bits (BMP
    and GIF become PNG); what is transparent lies on white, what leaves the range is cut off.

    \b
    OUT/images   STEM_000 (the picture itself), STEM_001, ...: every level
    OUT/strips   all levels of a picture side by side, .png
    OUT/facts    the levels' times in squared pixels, .json
    OUT/corrupt.json, OUT/corrupt.jsonl   this command, and what is finished

    The noise depends on the seed and the picture's path alone. The same command again continues
    what was interrupted. Exit code 1 means that something failed (see the table), 2 wrong usage.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.corrupting import Corrupting  # NumPy and OpenCV are loaded here
    from acetate.cli.per_picture import Request, carry_out

    treatment = Corrupting(method, seed, Reading(page, profile))
    return carry_out("corrupt", Request(**given), treatment)

"""The command `acetate augment`: its options."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.workplace import workplace

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MARKS = click.Path(exists=True, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


def _pairs(_ctx: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> Any:
    """Split each text at its colon."""
    pairs = [tuple(text.split(":")) for text in texts]
    for text, pair in zip(texts, pairs, strict=True):
        if len(pair) != 2 or not all(pair) or pair[0] == pair[1]:
            raise click.BadParameter(f"{text!r} is no pair of names such as left_eye:right_eye")
    return pairs


@click.command()
@click.argument("pictures", type=_FOLDER)
@click.option("--recipe", type=_FILE, help="The pipeline, in TOML; see below.")
@click.option("--replay", type=_FILE, help="Make the samples of a recipes.jsonl instead.")
@click.option("--out", type=_NEW_FOLDER, required=True, help="The folder to write into.")
@click.option("-n", "--samples", type=click.IntRange(1), help="Samples per picture.  [default: 4]")
@click.option("--heatmaps", type=_FOLDER, help="Heatmaps of the same names; any resolution.")
@click.option("--masks", type=_FOLDER, help="Label maps of the same names; any resolution.")
@click.option("--landmarks", type=_MARKS, help="Landmarks of the pictures, in any format.")
@click.option(
    "--swap",
    multiple=True,
    metavar="LEFT:RIGHT",
    callback=_pairs,
    help="Landmarks that change places in a mirror image.",
)
@click.option(
    "--format",
    type=click.Choice(["png", "jpg", "tif", "webp"]),
    default="png",
    show_default=True,
    help="Of the augmented pictures.",
)
@click.option("--seed", type=click.IntRange(0), help="For the same samples again; drawn if absent.")
@workplace()
@click.option("--contact-sheet/--no-contact-sheet", default=True, help="Draw contact.png.")
@click.option("--overwrite", is_flag=True, help="Begin anew in a folder that is not empty.")
def augment(**options: Any) -> int:
    """Make augmented samples of a folder of pictures and of the sheets on them.

    Each picture in PICTURES (and the folders inside it) gives several samples. Heatmaps (gray
    pictures, or float TIFF in [0, 1]) and masks (pictures of labels) lie in folders of their own,
    under the picture's path but for the suffix. Landmarks are a file, or a folder of such, as
    `acetate landmarks` reads them. A picture that lacks one of its sheets is a failure.

    \b
    OUT/images, OUT/heatmaps, OUT/masks   STEM_000.png, STEM_001.png, ...
    OUT/landmarks.csv, .json, ...         in pixels of the samples, in the format
                                          that they came in
    OUT/recipes.jsonl                     what was done to each, for --replay
    OUT/contact.png                       some of them to look at
    OUT/augment.json                      this command

    The recipe is a TOML file; `acetate augmenters` lists the names.

    \b
    random_order = true
    [[augmenters]]
    name = "Affine"
    rotate = [-25, 25]
    [[augmenters]]
    name = "Fliplr"
    p = 0.5

    Sample k of a picture depends on the seed, the picture's path and k alone. The same command
    again continues what was interrupted: samples that are recorded and whose files are there are
    kept. Exit code 1 means that something failed (see the table), 2 wrong usage.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.batch import Request, carry_out  # NumPy and OpenCV are loaded here

    return carry_out(Request(**options))

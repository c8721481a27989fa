"""The command `acetate mosaic make`: a target, made of the tiles of a library."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.console import bar
from acetate.cli.mosaic_options import MatchKind, Size

_PICTURE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FEATURES = ("mean", "lab1x1", "lab2x2", "lab3x3", "lab4x4")


@click.command()
@click.argument("target", type=_PICTURE)
@click.option("--library", type=_FILE, required=True, help="Made by acetate mosaic index.")
@click.option("--grid", type=Size(), metavar="ROWSxCOLUMNS", required=True, help="Of tiles.")
@click.option("--out", type=_FILE, required=True, help="The mosaic: .jpg, .png or .tif.")
@click.option(
    "--match",
    "kind",
    type=MatchKind(),
    metavar="[unique|nearest|capped:R]",
    default="unique",
    show_default=True,
    help="Each tile at most once, as often as it fits, at most R times.",
)
@click.option(
    "--features",
    type=click.Choice(_FEATURES),
    default="lab3x3",
    show_default=True,
    help="What cells and tiles are compared by.",
)
@click.option(
    "--min-distance",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Within so many rows and columns no tile is used twice.",
)
@click.option(
    "--tint",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How far the tiles' colours move to those of the target.",
)
@click.option(
    "--quality", type=click.IntRange(1, 100), default=90, show_default=True, help="Of JPEG."
)
@click.option("--zoom", type=_FOLDER, help="A folder for a page to zoom in (and a DZI pyramid).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of ties.")
def make(target: Path, library: Path, out: Path, **options: Any) -> int:
    """Make a picture out of the tiles of a library.

    TARGET is a picture; it is cropped around its centre to the proportions of the mosaic. "unique"
    and "capped" are exact: no other match of their kind costs less, and the report says so by a
    gap of 0.

    \b
    OUT              the mosaic
    OUT.matches.tsv  row, column, tile, path, cost of every cell
    OUT.matches.json the same
    OUT.report.json  how like the target it is, next to nearest and to random tiles
    ZOOM/index.html  a page to zoom in, and ZOOM/mosaic.dzi for other viewers

    \b
    acetate mosaic make cat.jpg --library tiles.h5 --grid 100x100 --out mosaic.jpg
    acetate mosaic make cat.jpg --library tiles.h5 --grid 80x120 --match capped:3 --out mosaic.png
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.mosaic_making import Order, make_mosaic

    order = Order(target, library, out, **options)
    with wrong_usage(ValueError, FileNotFoundError), bar() as progress:
        rows = make_mosaic(order, progress)
    for row in rows:
        click.echo(row)
    return 0

"""The command `acetate mosaic index`: pictures into a tile library."""

import os
from pathlib import Path
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.console import bar, show_failures
from acetate.cli.mosaic_options import Size
from acetate.cli.workplace import workplace
from acetate.files import printable

_ANY = click.Path(exists=True, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("pictures", type=_ANY, nargs=-1, required=True)
@click.option("--library", type=_FILE, required=True, help="The library, an HDF5 file.")
@click.option(
    "--tile",
    type=Size(),
    metavar="HEIGHTxWIDTH",
    help="Of the tiles, in pixels; 50x50 in a new library.",
)
@click.option(
    "--near",
    type=click.IntRange(-1, 16),
    default=4,
    show_default=True,
    help="In how many of 64 bits near duplicates may differ; -1 keeps them.",
)
@click.option(
    "--crop",
    type=click.Choice(["centre", "smart"]),
    help="What becomes a tile: what is around the centre, the default, or what stands out.",
)
@click.option(
    "--min-lightness",
    type=click.FloatRange(0, 100),
    default=0.0,
    show_default=True,
    help="The least mean of a tile, in CIELAB; darker ones are rejected.",
)
@click.option(
    "--min-contrast",
    type=click.FloatRange(0, 50),
    default=0.0,
    show_default=True,
    help="The least standard deviation of its lightness; flatter ones are rejected.",
)
@workplace(threads=True)
def index(pictures: tuple[Path, ...], library: Path, **options: Any) -> int:
    """Index folders of pictures into a tile library.

    PICTURES are files and folders; folders inside them are entered. Each picture is cropped to a
    tile. Of equal pictures, and of those that look much the same, the first is kept. What is too
    dark or too flat is listed, and no failure.

    The same command again reads only what is new or has changed, and marks what is gone; so it
    also continues what was interrupted. Exit code 1 means that a picture failed (see the table),
    2 wrong usage.

    \b
    acetate mosaic index photos --library tiles.h5
    acetate mosaic index photos more_photos --library tiles.h5 -j 4
    acetate mosaic index photos --library faces.h5 --crop smart --min-lightness 10
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    with wrong_usage(ValueError, FileNotFoundError):
        found = _indexed(pictures, library, **options)
    click.echo(
        f"{library}: {found.tiles} tiles of {found.files} pictures ({found.new} new, "
        f"{found.duplicates} duplicates, {found.near_duplicates} near duplicates, "
        f"{len(found.rejected)} rejected, {found.removed} removed)"
    )
    for path, why in found.rejected:
        click.echo(f"rejected: {printable(path)} {why}")
    show_failures([(os.fspath(path), why) for path, why in found.failures])
    return 1 if found.failures else 0


def _indexed(pictures: tuple[Path, ...], library: Path, tile: Any, **options: Any) -> Any:
    from acetate.mosaic.library import index as index_pictures

    try:
        with bar() as progress:
            return index_pictures(pictures, library, tile, progress=progress, **options)
    except KeyboardInterrupt:
        click.echo("what was indexed is kept; the same command continues", err=True)
        raise

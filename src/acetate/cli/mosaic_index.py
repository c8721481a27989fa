"""The command `acetate mosaic index`: pictures into a tile library."""

import os
from pathlib import Path
from typing import Any

import click

from acetate.cli.console import bar, show_failures
from acetate.cli.mosaic_options import Size, usage_of_library

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
    "-j",
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Pictures read at the same time.",
)
@click.option(
    "--processes", is_flag=True, help="Read in processes: slower to start, survives crashes."
)
def index(pictures: tuple[Path, ...], library: Path, **options: Any) -> int:
    """Index folders of pictures into a tile library.

    PICTURES are files and folders; folders inside them are entered. Each picture is cropped around
    its centre to a tile. Of equal pictures, and of those that look much the same, the first is
    kept.

    The same command again reads only what is new or has changed, and marks what is gone; so it
    also continues what was interrupted. Exit code 1 means that a picture failed (see the table),
    2 wrong usage.

    \b
    acetate mosaic index photos --library tiles.h5
    acetate mosaic index photos more_photos --library tiles.h5 -j 4
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    with usage_of_library():
        found = _indexed(pictures, library, **options)
    click.echo(
        f"{library}: {found.tiles} tiles of {found.files} pictures ({found.new} new, "
        f"{found.duplicates} duplicates, {found.near_duplicates} near duplicates, "
        f"{found.removed} removed)"
    )
    show_failures([(os.fspath(path), why) for path, why in found.failures])
    return 1 if found.failures else 0


def _indexed(
    pictures: tuple[Path, ...], library: Path, *, tile: Any, near: int, jobs: int, processes: bool
) -> Any:
    from acetate.mosaic.library import index as index_pictures

    kind: Any = "processes" if processes else "threads"
    try:
        with bar() as progress:
            return index_pictures(
                pictures,
                library,
                tile,
                near=near,
                workers=jobs,
                kind=kind,
                progress=progress,
            )
    except KeyboardInterrupt:
        click.echo("what was indexed is kept; the same command continues", err=True)
        raise

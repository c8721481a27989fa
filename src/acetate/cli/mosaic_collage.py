"""The command `acetate mosaic collage`: pictures side by side."""

import os
from pathlib import Path
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.console import Row, bar, show_failures
from acetate.cli.mosaic_options import Size

_ANY = click.Path(exists=True, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("pictures", type=_ANY, nargs=-1, required=True)
@click.option("--out", type=_FILE, required=True, help="The collage, a picture file.")
@click.option("--columns", type=click.IntRange(1), help="In a row; as many as rows without it.")
@click.option(
    "--tile",
    type=Size(),
    metavar="HEIGHTxWIDTH",
    default="200x200",
    show_default=True,
    help="Of each picture.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="Only the first so many pictures.",
)
def collage(pictures: tuple[Path, ...], out: Path, **options: Any) -> int:
    """Lay pictures side by side, in rows.

    PICTURES are files and folders; folders inside them are entered. Exit code 1 means that a
    picture failed (see the table), 2 wrong usage.

    \b
    acetate mosaic collage photos --out collage.jpg
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    with wrong_usage(ValueError, FileNotFoundError):
        rows = _laid(pictures, out, **options)
    show_failures(rows)
    return 1 if rows else 0


def _laid(
    pictures: tuple[Path, ...], out: Path, *, columns: int | None, tile: Any, limit: int
) -> list[Row]:
    """Write the collage, and return the rows of what failed."""
    from functools import partial

    from acetate import images, run
    from acetate.cli.mosaic_outputs import check_outputs
    from acetate.cli.pictures import rows_of
    from acetate.cli.work import why
    from acetate.files import walk
    from acetate.mosaic.assemble import collage as lay
    from acetate.mosaic.library.tiles import read_tile

    found = walk(pictures, images.SUFFIXES)
    check_outputs([out], found.files)
    rows, tiles = rows_of(found), []
    with bar() as progress:
        read = partial(read_tile, shape=tile)
        for outcome in run.map(read, found.files[:limit], progress=progress):
            if isinstance(outcome, run.Success):
                tiles.append(outcome.value.pixels)
            else:
                rows.append((os.fspath(outcome.item), why(outcome)))
    images.write(out, lay(tiles, columns, tile))
    return rows

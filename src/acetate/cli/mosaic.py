"""The command group `acetate mosaic`: index pictures, make a mosaic of them, lay a collage."""

import click

from acetate.cli.lazy_group import Entry, LazyGroup

_ENTRIES = {
    "index": Entry(
        "acetate.cli.mosaic_index:index",
        "Index folders of pictures into a tile library.",
    ),
    "make": Entry(
        "acetate.cli.mosaic_make:make",
        "Make a picture out of the tiles of a library.",
    ),
    "collage": Entry(
        "acetate.cli.mosaic_collage:collage",
        "Lay pictures side by side, in rows.",
    ),
}


@click.group(cls=LazyGroup, entries=_ENTRIES)
def mosaic() -> None:
    """Make one picture out of many.

    \b
    acetate mosaic index photos --library tiles.h5
    acetate mosaic make cat.jpg --library tiles.h5 --grid 100x100 --out mosaic.jpg --zoom viewer
    """  # noqa: D301  (click's sign for lines that are not to be joined)

"""The command group `acetate train`: models that learn from labelled pictures."""

import click

from acetate.cli.lazy_group import Entry, LazyGroup

_ENTRIES = {
    "pixels": Entry(
        "acetate.cli.train_pixels:pixels",
        "Train a classifier of pixels on masks or on a few strokes.",
    ),
    "unet": Entry(
        "acetate.cli.train_unet:unet",
        "Train a U-Net on masks.",
    ),
}


@click.group(cls=LazyGroup, entries=_ENTRIES)
def train() -> None:
    """Learn from pictures whose pixels are labelled, all of them or a few.

    \b
    acetate train pixels cells --scribbles strokes --out cells.model
    acetate train unet cells --labels masks --out cells.model
    acetate predict cells.model cells --out found
    """  # noqa: D301  (click's sign for lines that are not to be joined)

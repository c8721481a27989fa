"""The command `acetate train pixels`: its options."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.method_options import Numbers
from acetate.cli.reading import Reading, reading

_ANY = click.Path(exists=True, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("pictures", type=_ANY, nargs=-1, required=True)
@click.option("--labels", type=_ANY, help="Dense masks: 0 background, other numbers the classes.")
@click.option(
    "--scribbles", type=_ANY, help="Strokes: 0 no mark, 1 background, 2 and up the classes."
)
@click.option("--out", type=_FILE, required=True, help="The file of the model.")
@click.option(
    "--scales",
    type=Numbers(),
    metavar="S1,S2,...",
    help="Of all features, in pixels; not given, each kind has its own from 0.5 to 16.",
)
@click.option(
    "--normalise", is_flag=True, help="Even out brightness and contrast of every picture first."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    help="Of the probability, for two classes; not given, cross-validation in space chooses it.",
)
@click.option(
    "--blur",
    type=click.FloatRange(0),
    metavar="SIGMA",
    help="Of probabilities, in pixels; not given, cross-validation chooses from 0, 1, 2, 3 for "
    "two classes, and it is 0 for more.",
)
@click.option(
    "--autocontext",
    type=click.IntRange(0, 10),
    default=0,
    show_default=True,
    help="Rounds more, each of which sees what the one before says of the surroundings; slower.",
)
@click.option(
    "--clean",
    type=click.Choice(["none", "heat-flow", "random-field"]),
    default="none",
    show_default=True,
    help="Take specks and ragged borders out of the labels.",
)
@click.option(
    "--smoothness",
    type=click.FloatRange(0),
    help="What border costs in --clean; not given, cross-validation chooses from 0, 0.5, 1, 2, 4 "
    "for two classes, and it is 1 for more.",
)
@click.option(
    "--folds",
    type=click.IntRange(2),
    help="Of the cross-validation.  [default: 4 of masks, 8 with --autocontext, 10 of strokes]",
)
@click.option(
    "--max-pixels",
    type=click.IntRange(2),
    default=20_000,
    show_default=True,
    help="Most labelled pixels to learn from.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all draws.")
@reading
def pixels(
    pictures: tuple[Path, ...],
    labels: Path | None,
    scribbles: Path | None,
    out: Path,
    scales: tuple[float, ...] | None,
    page: int | None,
    profile: str,
    **options: Any,
) -> int:
    """Train a classifier of pixels on masks or on a few strokes.

    PICTURES are files and folders; folders inside them are entered. Pass --labels or --scribbles:
    one label picture for all pictures, or a folder with one of the same name for each. Pictures
    without labels are left out.

    \b
    OUT        the model, for acetate predict; loading it runs no code
    OUT.json   its card: data, parameters, scores, version

    The score is of pixels that were left out, a band of the pictures at a time. A classifier that
    is there already is replaced, another file is not. Exit code 1 means that a picture could not
    be used (see the table), 2 wrong usage; then nothing is written.

    \b
    acetate train pixels cells --scribbles strokes --out cells.model
    acetate train pixels slices --labels masks --normalise --out slices.model
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.cli.train_examples import Labels  # scikit-learn is loaded here
    from acetate.cli.training_pixels import train_pixels

    how = Reading(page, profile)
    return train_pixels(pictures, Labels.given(labels, scribbles), out, scales, how, options)

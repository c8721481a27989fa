"""The command `acetate compare`: which method suits the pictures."""

from pathlib import Path
from typing import Any

import click

from acetate.cli.console import bar, show_failures
from acetate.cli.reading import Reading, as_options, in_options, reading
from acetate.cli.workplace import workplace

_ANY = click.Path(exists=True, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("pictures", type=_ANY)
@click.option("--truth", type=_ANY, help="Masks or labels of the same names; 0 is outside.")
@click.option("--scribbles", type=_ANY, help="Labels: 0 no mark, 1 background, 2 and up wanted.")
@click.option(
    "--out",
    type=_NEW_FOLDER,
    default=Path("acetate-compare"),
    show_default=True,
    help="The folder for the page, tables and masks.",
)
@click.option(
    "--method", "methods", multiple=True, metavar="NAME", help="Only this; may be repeated."
)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many pictures.")
@click.option(
    "--foreground",
    type=click.Choice(["auto", "bright", "dark"]),
    default="auto",
    show_default=True,
    help="What is wanted is brighter or darker than the rest; auto asks the truth.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    default=2.0,
    show_default=True,
    help="Of the boundary F1, in pixels.",
)
@click.option("--search/--no-search", default=True, help="Try more than the defaults.")
@click.option(
    "--shown",
    type=click.IntRange(0),
    default=4,
    show_default=True,
    help="Pictures whose overlays are on the page.",
)
@workplace()
@reading
@click.option("--overwrite", is_flag=True, help="Begin anew in a folder that is not empty.")
def compare(pictures: Path, scribbles: Path | None, shown: int, out: Path, **options: Any) -> int:
    """Try every segmentation method on pictures, and rank them.

    PICTURES is a folder or a picture. With --truth every method is tried with the parameters that
    it declares for a small search. Of several pictures each is scored with the parameters that did
    best on the others. Without truth methods run with their defaults, and the table says how far
    they agree: not which is right.

    \b
    OUT/index.html         the table, the winner's lines, overlays
    OUT/results.csv, .json the table
    OUT/winner.py          Python that gives the winner's score again
    OUT/masks/METHOD/      masks by every method, with its best parameters
    OUT/journal.jsonl      what was tried

    The same command again continues what was interrupted; what was tried on the same files is not
    tried again. A method that fails on a picture scores 0 there; one that fails on all is last and
    has no score. Exit code 1 means that a picture could not be used or a method failed (see the
    table), 2 wrong usage.
    """  # noqa: D301  (click's sign for lines that are not to be joined)
    from acetate.segment.compare import write_results

    with bar() as progress:
        found, rows = _compared(pictures, scribbles, out, progress, **options)
    marks = None if scribbles is None else str(scribbles)
    page = write_results(out, found, str(pictures), marks, shown)
    _report(found, page)
    rows += found.errors
    show_failures(rows)
    return 1 if rows else 0


def _compared(
    pictures: Path,
    scribbles: Path | None,
    out: Path,
    progress: Any,
    *,
    truth: Path | None,
    limit: int | None,
    page: int | None,
    profile: str,
    **options: Any,
) -> tuple[Any, list[tuple[str, str]]]:
    """Return the comparison, and the rows of what failed."""
    from acetate.cli.app import wrong_usage
    from acetate.cli.pictures import check_out_folder
    from acetate.heat.checks import check_number
    from acetate.segment.compare import compare as compare_methods
    from acetate.segment.compare import find_cases
    from acetate.segment.compare.search import methods_to_compare

    how = Reading(page, profile).in_python
    with wrong_usage():
        check_number(options["tolerance"], "tolerance")
        check_out_folder(out, pictures, truth, scribbles)
        cases, rows = find_cases(pictures, truth, scribbles, leave=[out], page=page, profile=how)
        options["methods"] = methods_to_compare(options["methods"] or None, scribbles is not None)
        if not cases:
            raise ValueError(f"no picture can be used; {rows[0][0]}: {rows[0][1]}")
    try:
        with as_options():
            found = compare_methods(cases[:limit], out, progress=progress, **options)
    except KeyboardInterrupt:
        click.echo("what was tried is kept; the same command continues", err=True)
        raise
    return found, [*rows, *((name, in_options(why)) for name, why in found.failures)]


def _report(found: Any, page: Path) -> None:
    """Write the table and where the page is to stdout."""
    from acetate.segment.compare.tables import aligned, header, lines

    click.echo(aligned([header(found), *lines(found)]))
    if not found.scored:
        click.echo("without truth: agreement tells what methods see alike, not what is right")
    click.echo(str(page.resolve()))

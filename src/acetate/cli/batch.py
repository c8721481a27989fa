"""`acetate augment`, carried out: check, find, make, record, report."""

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from acetate import __version__, run
from acetate.cli import journal as journals
from acetate.cli.app import wrong_usage
from acetate.cli.augment_landmarks import Landmarks, read
from acetate.cli.console import Row, show_failures
from acetate.cli.contact import write_contact_sheet
from acetate.cli.inputs import Source, find
from acetate.cli.journal import Journal
from acetate.cli.lines import SAMPLES, Sample
from acetate.cli.pictures import check_out_folder
from acetate.cli.plan import Drawing, Replaying, read_pipeline, read_replay
from acetate.cli.samples import Maker, Task, tasks_for
from acetate.cli.work import why, work_through
from acetate.files import printable
from acetate.images import SUFFIXES

_SAMPLES = 4  # of each picture, when the number is not given


@dataclass(frozen=True)
class Request:
    """The options of the command; see `acetate augment --help`."""

    pictures: Path
    recipe: Path | None
    replay: Path | None
    out: Path
    samples: int | None
    heatmaps: Path | None
    masks: Path | None
    landmarks: Path | None
    swap: Sequence[tuple[str, str]]
    format: str
    seed: int | None
    where: run.Workplace
    contact_sheet: bool
    overwrite: bool

    def check(self) -> None:
        """Raise where the options contradict each other."""
        if self.replay is not None and (self.samples is not None or self.seed is not None):
            raise ValueError("--replay says how many samples there are, and of which seed")
        if self.swap and self.landmarks is None:
            raise ValueError("--swap is about landmarks; pass --landmarks too")
        check_out_folder(self.out, self.pictures, self.heatmaps, self.masks)

    def record(self) -> dict[str, Any]:
        """Return what decides over the samples, beside the recipe and the seed."""
        paths = {"pictures": self.pictures, "heatmaps": self.heatmaps, "masks": self.masks}
        paths["landmarks"] = self.landmarks
        return {
            "acetate": __version__,
            **{kind: path and os.path.realpath(path) for kind, path in paths.items()},
            "swap": sorted(map(list, self.swap)),
            "format": self.format,
        }


def carry_out(request: Request) -> int:
    """Make the samples that are missing, and return the exit code.

    Raises
    ------
    click.UsageError
        If the options, the recipe or the folders are wrong.
    OSError, ValueError
        If the records cannot be read or written.
    """
    with wrong_usage():
        request.check()
        plan = _plan(request)
        landmarks = _landmarks(request)
    folders = request.pictures, request.heatmaps, request.masks
    sources, rows = find(*folders, landmarks, leave=[request.out])
    if not sources and not rows:
        raise click.UsageError(f"{request.pictures} holds no pictures ({', '.join(SUFFIXES)})")
    rows += _without_picture(plan, sources, rows)
    _open(request, plan)
    with Journal(request.out, SAMPLES) as journal:
        kept = len(journal.entries)
        rows += _make(request, plan, sources, journal)
    journal.finish()
    rows += _finish(request, journal, landmarks)
    show_failures(rows)
    _report(request, plan, len(journal.entries) - kept, kept)
    return 1 if rows else 0


def _landmarks(request: Request) -> Landmarks | None:
    if request.landmarks is None:
        return None
    return read(request.landmarks, request.swap, request.pictures)


def _plan(request: Request) -> Drawing | Replaying:
    if request.replay is not None and request.recipe is None:
        return read_replay(request.replay)
    if request.recipe is None or request.replay is not None:
        raise ValueError("pass either --recipe or --replay")
    pipeline, config = read_pipeline(request.recipe)
    given = (request.seed, config.pop("seed", None), _seed_before(request))
    drawn = secrets.randbits(32)
    seed = next((seed for seed in given if seed is not None), drawn)
    return Drawing(pipeline, config, seed, request.samples or _SAMPLES)


def _seed_before(request: Request) -> int | None:
    """Return the seed that an interrupted run has drawn."""
    before = None if request.overwrite else journals.recorded_command(request.out, SAMPLES)
    seed = (before or {}).get("seed")
    return seed if isinstance(seed, int) else None


def _without_picture(
    plan: Drawing | Replaying, sources: Sequence[Source], rows: Sequence[Row]
) -> list[Row]:
    """Return rows for the recipes whose pictures are not there."""
    known = {source.name for source in sources} | {name for name, _ in rows}
    lost = [] if isinstance(plan, Drawing) else [n for n in plan.recipes if n not in known]
    return [(name, "there are recipes for it, but no picture") for name in lost]


def _open(request: Request, plan: Drawing | Replaying) -> None:
    """Make the output folder ready, or raise if it is another command's."""
    command = request.record() | plan.record()
    if request.overwrite:
        journals.clear(request.out, SAMPLES)
    else:
        with wrong_usage():
            journals.check_command(request.out, SAMPLES, command)
    journals.prepare(request.out, SAMPLES, command)


def _make(
    request: Request,
    plan: Drawing | Replaying,
    sources: Sequence[Source],
    journal: Journal[Sample],
) -> list[Row]:
    """Make the samples that are not finished, and return the failures."""
    tasks = [task for source in sources for task in _missing(plan, source, journal)]
    maker = Maker(request.out, f".{request.format}", plan.pipeline, request.where.is_here)
    return work_through(maker, tasks, journal, request.where, "samples")


def _missing(plan: Drawing | Replaying, source: Source, journal: Journal[Sample]) -> Iterator[Task]:
    orders = plan.orders(source.name)
    return tasks_for(source, [o for o in orders if (source.name, o.index) not in journal.entries])


def _finish(request: Request, journal: Journal[Sample], landmarks: Landmarks | None) -> list[Row]:
    """Write what is about all the samples, and return the failures."""
    samples, rows, moved = journal.in_order(), list[Row](), {}
    if landmarks is not None:
        mine = [sample for sample in samples if sample.picture in landmarks.rows]
        for outcome in run.map(landmarks.moved, mine):
            if isinstance(outcome, run.Failure):
                rows.append((outcome.item.picture, f"its landmarks: {why(outcome)}"))
            else:
                moved[outcome.item.files["image"].removeprefix("images/")] = outcome.value
        landmarks.write(request.out, moved)
    if request.contact_sheet and samples:
        write_contact_sheet(request.out, samples, moved)
    return rows


def _report(request: Request, plan: Drawing | Replaying, made: int, kept: int) -> None:
    seed = f", seed {plan.seed}" if isinstance(plan, Drawing) else ""
    before = f" ({kept} more were there)" if kept else ""
    click.echo(f"{made} samples in {printable(request.out)}{before}{seed}")

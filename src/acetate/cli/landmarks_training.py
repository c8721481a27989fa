"""`acetate landmarks train`, carried out: train, say how it goes, write what came of it."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

import click

from acetate.cli.app import wrong_usage
from acetate.cli.columns import columns
from acetate.cli.console import bar
from acetate.cli.facts import write_facts
from acetate.files import printable
from acetate.landmarks.augmentation import Augmentation
from acetate.landmarks.cross_validation import cross_validate
from acetate.landmarks.presets import Preset
from acetate.landmarks.run_folder import MODEL, fold_folders, is_begun
from acetate.landmarks.training import Training, train_landmarks
from acetate.learn.history import History
from acetate.measure.distances import LandmarkErrors
from acetate.sheets.formats import write_landmarks
from acetate.sheets.landmark_set import LandmarkSet

_COLUMNS = ("landmark", "count", "mean", "sd", "median", "p95")


@dataclass(frozen=True, eq=False)
class Job:
    """What `acetate landmarks train` is told.

    Parameters
    ----------
    marks : LandmarkSet
        What to learn from.
    pictures : Path
        Their folder.
    out : Path
        Where to write.
    preset : Preset
        All numbers.
    augmentation : Augmentation
        How pictures vary.
    validation : float
        Part to judge by.
    judged_by : LandmarkSet or None
        Other pictures to judge by instead.
    folds : int or None
        Of a cross-validation.
    group_folders : bool
        Whether pictures of a folder stay together.
    weights : str
        What the network begins with.
    no_augmentation, resume, overwrite : bool
        As on the command line.
    """

    marks: LandmarkSet
    pictures: Path
    out: Path
    preset: Preset
    augmentation: Augmentation
    validation: float
    judged_by: LandmarkSet | None
    folds: int | None
    group_folders: bool
    weights: str
    no_augmentation: bool
    resume: bool
    overwrite: bool

    @property
    def training(self) -> Training:
        """How to train."""
        varied = None if self.no_augmentation else self.augmentation
        return Training(self.preset, varied, self.weights)

    @property
    def groups(self) -> list[str] | None:
        """The folder of each picture, if pictures of one stay together."""
        if not self.group_folders:
            return None
        return [str(PurePosixPath(name.replace("\\", "/")).parent) for name in self.marks.pictures]


def carry_out(job: Job) -> int:
    """Train, and return the exit code.

    Raises
    ------
    click.UsageError
        If nothing can be learned from what was given, or the folder holds another training.
    click.Abort
        If it was interrupted; what was learned is written.
    """
    with wrong_usage():
        _check(job)
    with bar() as progress:
        options: dict[str, Any] = {
            "groups": job.groups,
            "folder": job.out,
            "resume": job.resume,
            "progress": progress,
            "say": click.echo,
        }
        if job.folds is None:
            return _one(job, options)
        return _several(job, job.folds, options)


def _one(job: Job, options: dict[str, Any]) -> int:
    validation = job.validation if job.judged_by is None else job.judged_by
    with wrong_usage():
        trained = train_landmarks(job.marks, job.pictures, job.training, validation, **options)
    if trained.found is not None and trained.errors is not None:
        _report(trained.found, trained.errors, job.out)
    else:
        _forget_report(job.out)
    _draw(trained.history, job.out)
    click.echo(printable(job.out / MODEL))
    if trained.history.stopped == "interrupted":
        raise _interrupted()
    return 0


def _several(job: Job, folds: int, options: dict[str, Any]) -> int:
    try:
        with wrong_usage():
            done = cross_validate(job.marks, job.pictures, job.training, folds, **options)
    except KeyboardInterrupt:
        raise _interrupted() from None
    _report(done.found, done.errors, job.out)
    click.echo(f"{folds} models in {printable(job.out)}: give predict the folder")
    return 0


def _check(job: Job) -> None:
    if job.judged_by is not None and job.folds is not None:
        raise ValueError("pass either --validation-marks or --folds")
    if job.preset.patience and not job.folds and not job.validation and job.judged_by is None:
        raise ValueError(
            f"with --validation 0 nothing tells when to stop: pass --patience 0, which is "
            f"{job.preset.patience}"
        )
    if job.resume and job.overwrite:
        raise ValueError("pass either --resume or --overwrite")
    begun = any(is_begun(path) for path in (job.out, *fold_folders(job.out)))
    if begun and not (job.resume or job.overwrite):
        raise ValueError(
            f"{printable(job.out)} holds a training; pass --resume to go on, --overwrite to begin "
            "anew, or another folder"
        )


def _interrupted() -> click.Abort:
    click.echo("the same command with --resume goes on", err=True)
    return click.Abort()


def _forget_report(out: Path) -> None:
    """Take away what an older training said of pictures: this one was judged by none."""
    for name in ("found.csv", "errors.json"):
        (out / name).unlink(missing_ok=True)


def _report(found: LandmarkSet, errors: LandmarkErrors, out: Path) -> None:
    """Write what was found of the pictures it was judged by, and the table of errors."""
    write_landmarks(out / "found.csv", found)
    write_facts(out / "errors.json", {**errors.to_dict(), "pictures": found.pictures})
    rows = [[row[name] for name in _COLUMNS] for row in errors.rows()]
    click.echo(f"errors in {errors.unit} on {len(found)} pictures that it did not see:")
    click.echo(columns(_COLUMNS, rows))


def _draw(history: History, out: Path) -> None:
    """Draw the course of the training where matplotlib is there."""
    if not history.rows:
        return
    if find_spec("matplotlib") is None:
        click.echo("no history.png: pip install 'acetate[figures]'", err=True)
        return
    from acetate import images
    from acetate.draw.figures.history import plot_history

    images.write(out / "history.png", plot_history(history.rows, history.best_epoch))

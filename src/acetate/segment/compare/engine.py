"""The engine of the comparison: every method on every picture, ranked; masks of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from statistics import fmean, median
from time import perf_counter
from typing import Any, Literal

from acetate import run
from acetate.arrays import Array
from acetate.files import PathLike
from acetate.heat.checks import check_number
from acetate.images import read
from acetate.measure import iou
from acetate.names import nearest
from acetate.run.journal import Journal
from acetate.segment.compare.cases import Case, digest, is_dark, load
from acetate.segment.compare.comparison import Comparison, Unscored
from acetate.segment.compare.journal import open_journal
from acetate.segment.compare.masks import Made, Maker, Order, agreement, quality_name
from acetate.segment.compare.ranking import Row, ranked
from acetate.segment.compare.search import Parameters, as_key, candidates, methods_to_compare
from acetate.segment.compare.trials import Runner, Task, Trial
from acetate.stems import stem_of

Progress = Callable[[int, int | None, str], None]
Foreground = Literal["auto", "bright", "dark"]
_HERE = run.Workplace()
_FOREGROUNDS = ("auto", "bright", "dark")
Failures = list[tuple[str, str]]


def compare(
    cases: Iterable[Case],
    out: PathLike,
    methods: Iterable[str] | None = None,
    *,
    foreground: Foreground = "auto",
    tolerance: float = 2.0,
    search: bool = True,
    where: run.Workplace = _HERE,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Try methods on pictures: rank them where there is truth, else say how far they agree.

    Parameters
    ----------
    cases : iterable of Case
        Pictures, all with truth or all without.
    out : path
        The folder for journal and masks. If it holds the journal of an interrupted comparison,
        what that has tried is not tried again.
    methods : iterable of str or None
        Names of the register; None takes all that give a mask and lack no prompt.
    foreground : {"auto", "bright", "dark"}
        Whether what is wanted is brighter or darker than the rest; "auto" asks the truth, and
        takes it to be bright where there is none.
    tolerance : float
        Of the boundary F1, in pixels.
    search : bool
        Whether to try the parameters that methods declare, not only their defaults. Without truth
        there are the defaults alone.
    where : Workplace
        Where methods are tried, see `acetate.run`; on a cluster of several machines all paths
        must be absolute.
    overwrite : bool
        Whether to begin anew in a folder that is not empty.
    progress : callable or None
        Called with how many trials and masks are done, how many there are, and the picture.

    Returns
    -------
    Comparison
        The table, the masks and what failed.

    Raises
    ------
    OSError
        If the folder cannot be written.
    ValueError
        If there are no pictures that can be used, two have one name, some have truth and some
        not, a method is unknown, every method fails, or the folder holds something else.
    KeyboardInterrupt
        After Ctrl-C; what was tried is kept.

    Notes
    -----
    With several pictures each is scored with the parameters that did best, by IoU, on the others
    (leave one out), so that methods with more to search gain nothing by luck.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from acetate.images import write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/a.png", np.eye(32, dtype=np.uint8) * 255)
    ...     case = Case("a.png", Path(folder, "a.png"), truth=Path(folder, "a.png"))
    ...     found = compare([case], f"{folder}/out", ["heat-flow"], search=False)
    >>> found.rows[0].method, found.trials
    ('heat-flow', 1)
    """
    start = perf_counter()
    _check_settings(tolerance, foreground)
    every = _check_cases(cases)
    names = methods_to_compare(methods, any(case.scribbles is not None for case in every))
    with open_journal(Path(out), overwrite) as journal:
        usable, failures = _usable(every)
        dark = is_dark(usable) if foreground == "auto" else foreground == "dark"
        scored = usable[0].truth is not None
        contents = {case.name: digest(case) for case in usable}
        grids = {name: candidates(name, dark, search and scored) for name in names}
        contest = _Contest(
            usable, contents, grids, float(tolerance), Path(out), where, journal, failures, progress
        )
        found = contest.with_truth() if scored else contest.without_truth()
    return replace(found, dark=dark, seconds=perf_counter() - start)


@dataclass(frozen=True)
class _Contest:
    """A comparison under way."""

    cases: Sequence[Case]
    contents: dict[str, str]
    grids: dict[str, list[Parameters]]
    tolerance: float
    out: Path
    where: run.Workplace
    journal: Journal[Any]
    failures: Failures
    progress: Progress | None

    def with_truth(self) -> Comparison:
        tasks = [t for case in self.cases for name in self.grids for t in self.missing(case, name)]
        masks = len(self.cases) * len(self.grids)
        self.carry_out(Runner(self.tolerance, self.where.is_here), tasks, 0, len(tasks) + masks)
        tables = {
            name: [[self.trial(case, name, p) for case in self.cases] for p in grid]
            for name, grid in self.grids.items()
        }
        rows = ranked(tables, self.grids)
        if rows[0].useless:
            raise ValueError(f"every method failed; the first said {rows[0].error}")
        made = self.masks({row.method: row.parameters for row in rows}, len(tasks))
        names, matrix = self.agreeing(made)
        found = self.comparison(rows, [], names, matrix, made)
        reproduced = _reproduced(self.out, self.cases, made[rows[0].method])
        trials = sum(map(len, self.grids.values())) * len(self.cases)
        return replace(found, reproduced_iou=reproduced, trials=trials)

    def without_truth(self) -> Comparison:
        made = self.masks({name: grid[0] for name, grid in self.grids.items()}, 0)
        names, matrix = self.agreeing(made)
        if not names:
            wrong = [one.error for masks in made.values() for one in masks.values() if one.error]
            raise ValueError(f"every method failed; the first said {(wrong or ['nothing'])[0]}")
        others = max(len(names) - 1, 1)
        shares = [(row.sum() - 1) / others if len(names) > 1 else 1.0 for row in matrix]
        order = sorted(range(len(names)), key=lambda k: -shares[k])
        rows = [_unscored(names[k], float(shares[k]), made[names[k]].values()) for k in order]
        agreeing = tuple(row.method for row in rows)
        return self.comparison([], rows, agreeing, matrix[order][:, order], made)

    def comparison(
        self,
        rows: list[Row],
        unscored: list[Unscored],
        agreeing: tuple[str, ...],
        matrix: Array,
        made: dict[str, dict[str, Made]],
    ) -> Comparison:
        found = rows, unscored, matrix, agreeing, made, self.failures
        return Comparison(self.cases, *found, tolerance=self.tolerance)

    def missing(self, case: Case, name: str) -> Iterable[Task]:
        content = self.contents[case.name]
        keys = [(p, (content, name, as_key(p), self.tolerance)) for p in self.grids[name]]
        grid = tuple(p for p, key in keys if self.journal.entries.get(key) is None)
        return [Task(case, content, name, grid)] if grid else []

    def trial(self, case: Case, name: str, parameters: Parameters) -> Trial:
        """Return a trial; one whose worker died, or whose files went away, counts as failed."""
        key = self.contents[case.name], name, as_key(parameters), self.tolerance
        found: Trial | None = self.journal.entries.get(key)
        return found or Trial(*key, 0.0, 0.0, 0.0, 0.0, "it was not carried out")

    def masks(self, chosen: dict[str, Parameters], done: int) -> dict[str, dict[str, Made]]:
        """Make the masks that are not there yet, and return all."""
        orders = [
            Order(case, self.contents[case.name], name, parameters)
            for case in self.cases
            for name, parameters in chosen.items()
        ]
        todo = [o for o in orders if not o.is_done(self.out, self.journal.entries.get((o.file,)))]
        self.carry_out(Maker(self.out, self.where.is_here), todo, done, done + len(todo))
        made: dict[str, dict[str, Made]] = {name: {} for name in chosen}
        for order in orders:
            one: Any = self.journal.entries.get((order.file,))
            if order.is_done(self.out, one):
                made[order.method][order.case.name] = one
        return made

    def carry_out(self, function: Any, items: Sequence[Any], done: int, total: int) -> None:
        """Work through tasks or orders, and write down what comes of each."""
        for number, outcome in enumerate(self.where.map(function, items), start=done + 1):
            item = outcome.item
            if isinstance(outcome, run.Failure):
                why = f"{item.method}: {outcome.error}: {outcome.message}"
                self.failures.append((item.case.name, why))
            else:
                value = outcome.value
                for record in value if isinstance(value, list) else [value]:
                    self.journal.add(record)
            if self.progress is not None:
                self.progress(number, total, f"{item.case.name}: {item.method}")

    def agreeing(self, made: dict[str, dict[str, Made]]) -> tuple[tuple[str, ...], Array]:
        """Return the methods that made all masks, and how far those agree."""
        whole: dict[str, list[str]] = {}
        for name, masks in made.items():
            if len(masks) == len(self.cases) and not any(one.error for one in masks.values()):
                whole[name] = [masks[case.name].file for case in self.cases]
        return tuple(whole), agreement(self.out, whole)


def _check_settings(tolerance: float, foreground: str) -> None:
    check_number(tolerance, "tolerance")
    if foreground not in _FOREGROUNDS:
        raise ValueError(
            f"foreground is one of {', '.join(_FOREGROUNDS)}, got {foreground!r}; the nearest is "
            f"{nearest(str(foreground), _FOREGROUNDS)!r}"
        )


def _unscored(name: str, share: float, made: Iterable[Made]) -> Unscored:
    masks = list(made)
    own = [one.quality for one in masks if one.quality is not None]
    return Unscored(
        name,
        share,
        fmean(one.volume_fraction for one in masks),
        median(one.seconds for one in masks),
        quality_name(name),
        fmean(own) if own else None,
    )


def _check_cases(cases: Iterable[Case]) -> list[Case]:
    every = list(cases)
    if not every:
        raise ValueError("there are no pictures to compare methods on: pass at least 1 case")
    for name in (PurePosixPath(case.name) for case in every):
        if name.is_absolute() or ".." in name.parts:  # masks take the name, inside the folder
            raise ValueError(f"the name of a case must lie inside a folder, got {str(name)!r}")
    stems = [stem_of(case.name) for case in every]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if twice is not None:
        raise ValueError(f"two cases have the name {twice!r} (but for the suffix); rename one")
    with_truth = [case for case in every if case.truth is not None]
    if with_truth and len(with_truth) < len(every):
        lacking = next(case.name for case in every if case.truth is None)
        raise ValueError(
            f"{len(with_truth)} of {len(every)} cases have truth, {lacking} has none; leave it "
            "out, or leave out all truth"
        )
    return every


def _usable(cases: Sequence[Case]) -> tuple[list[Case], Failures]:
    """Return the cases that can be read, and why others cannot."""
    outcomes = list(run.map(load, cases))
    wrong = [one for one in outcomes if isinstance(one, run.Failure)]
    failures = [(one.item.name, one.message) for one in wrong]
    usable = [one.item for one in outcomes if isinstance(one, run.Success)]
    if not usable:
        raise ValueError(f"no picture can be used; {failures[0][0]}: {failures[0][1]}")
    return usable, failures


def _reproduced(out: Path, cases: Sequence[Case], masks: dict[str, Made]) -> float:
    """Return the mean IoU of masks that were written; 0 where the method failed."""
    scores = []
    for case in cases:
        truth: Any = load(case).truth
        made = masks.get(case.name)
        there = made is not None and not made.error
        scores.append(iou(read(out / made.file) > 0, truth) if made and there else 0.0)
    return fmean(scores)

"""The ranking: parameters chosen on the other pictures, scores on the picture left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from acetate.segment.compare.search import Parameters
from acetate.segment.compare.trials import Trial

# For each of a method's parameters, a trial for each picture.
Table = Sequence[Sequence[Trial]]


@dataclass(frozen=True)
class Row:
    """A method's line in the ranked table.

    Parameters
    ----------
    method : str
        Its name.
    iou, dice, boundary_f1 : float
        Means over the pictures, each scored with the parameters that did best (by IoU) on the
        others; with one picture, with those that did best on it.
    seconds : float
        The median over the pictures.
    parameters : dict
        Those that did best on all pictures together; only what differs from the defaults.
    fitted_iou : float
        The mean IoU of these parameters on the same pictures: what the reproduction gives. It is
        no less than `iou`, and too hopeful for new pictures.
    spread : float
        From the lowest to the highest IoU of a picture.
    failed : int
        On how many pictures the method failed; they count as 0.
    error : str
        The first reason of that.
    pictures : int
        How many there are. A method that failed on all of them has no score, and comes last.

    Examples
    --------
    >>> Row("heat-flow", 0.9, 0.95, 0.8, 0.01, {"tau": 4.0}, 0.91, 0.1).parameters
    {'tau': 4.0}
    """

    method: str
    iou: float
    dice: float
    boundary_f1: float
    seconds: float
    parameters: Parameters
    fitted_iou: float
    spread: float = 0.0
    failed: int = 0
    error: str = ""
    pictures: int = 1

    @property
    def useless(self) -> bool:
        """Whether the method failed on every picture."""
        return self.failed >= self.pictures


def ranked(tables: Mapping[str, Table], grids: Mapping[str, Sequence[Parameters]]) -> list[Row]:
    """Return a row for each method, the best first.

    Parameters
    ----------
    tables : mapping
        The trials by method.
    grids : mapping
        By method the parameters to which they belong.

    Examples
    --------
    >>> def tried(method, *scores):
    ...     return [Trial("", method, "", 2.0, iou, iou, iou, 0.1) for iou in scores]
    >>> tables = {"a": [tried("a", 0.5, 0.6)], "b": [tried("b", 0.9, 0.3), tried("b", 0.2, 0.8)]}
    >>> [(row.method, row.iou) for row in ranked(tables, {"a": [{}], "b": [{}, {"x": 1}]})]
    [('a', 0.55), ('b', 0.25)]
    """
    rows = [_row(method, table, grids[method]) for method, table in tables.items()]
    return sorted(rows, key=lambda row: (row.useless, -row.iou, row.seconds))


def left_out(table: Table) -> list[Trial]:
    """Return for each picture the trial of the parameters that are best on the others.

    Examples
    --------
    >>> def tried(*scores):
    ...     return [Trial("", "a", "", 2.0, iou, 0, 0, 0) for iou in scores]
    >>> [trial.iou for trial in left_out([tried(0.9, 0.3, 0.4), tried(0.1, 0.8, 0.9)])]
    [0.1, 0.3, 0.4]
    """
    pictures = len(table[0])
    if pictures == 1:
        return [table[_best(table, [0])][0]]
    every = range(pictures)
    return [table[_best(table, [j for j in every if j != i])][i] for i in every]


def _row(method: str, table: Table, grid: Sequence[Parameters]) -> Row:
    held = left_out(table)
    best = _best(table, range(len(held)))
    failed = [trial.error for trial in held if trial.error]
    scores = [trial.iou for trial in held]
    return Row(
        method,
        fmean(scores),
        fmean(trial.dice for trial in held),
        fmean(trial.boundary_f1 for trial in held),
        median(trial.seconds for trial in held),
        grid[best],
        fmean(trial.iou for trial in table[best]),
        max(scores) - min(scores),
        len(failed),
        failed[0] if failed else "",
        len(held),
    )


def _best(table: Table, pictures: Sequence[int]) -> int:
    """Return which parameters have the highest mean IoU on some pictures; of equals the first."""
    means = [fmean(trials[i].iou for i in pictures) for trials in table]
    return max(range(len(means)), key=lambda k: (means[k], -k))

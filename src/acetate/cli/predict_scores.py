"""How well predicted labels fit the truth: of one picture, and the table of a folder."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from acetate.arrays import Array
from acetate.cli.journal import recorded_entries
from acetate.cli.lines import pictures_book
from acetate.files import atomic
from acetate.measure import dice, iou, match_objects

_TABLE = "scores.csv"
_OVERLAP = 0.5  # the IoU that an object and a true one must exceed to be a pair
_RATES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class ObjectRates:
    """How well single objects were found; a pair has an IoU above one half.

    Parameters
    ----------
    precision, recall, f1 : float
        Pairs over objects found, pairs over true objects, and the harmonic mean of the two; all
        are 1 where there is nothing to find and nothing was.
    """

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Scores:
    """How well the labels of a picture fit the truth.

    Parameters
    ----------
    iou, dice : float
        Means over the classes in the picture, the background left out.
    classes : dict
        IoU and Dice of each.
    objects : ObjectRates or None
        If the model numbers objects.
    """

    iou: float
    dice: float
    classes: dict[int, tuple[float, float]]
    objects: ObjectRates | None = None


def compared(labels: Array, truth: Array, classes: Array, objects: Array | None = None) -> Scores:
    """Compare labels with the truth.

    Parameters
    ----------
    labels, truth : numpy.ndarray
        ``(H, W)`` integers. Of one class beside the background, all of the truth that is not 0
        is that class: masks of 255 and numbered objects do.
    classes : numpy.ndarray
        What the model tells apart. Classes that are neither in the labels nor in the truth do
        not count.
    objects : numpy.ndarray or None
        ``(H, W)``: numbered objects, where the model parts them; then those of the truth are too.

    Examples
    --------
    >>> compared(np.array([[0, 1]]), np.array([[255, 255]]), np.array([0, 1])).classes
    {1: (0.5, 0.6666666666666666)}
    """
    rates = None if objects is None else object_rates(objects, truth)
    wanted = [value for value in classes.tolist() if value]
    if len(wanted) == 1:
        truth = np.where(truth != 0, wanted[0], 0)
    pairs = {value: (labels == value, truth == value) for value in wanted}
    each = {v: (iou(*p), dice(*p)) for v, p in pairs.items() if p[0].any() or p[1].any()}
    means = np.mean(list(each.values()), axis=0).tolist() if each else [1.0, 1.0]
    return Scores(means[0], means[1], each, rates)


def object_rates(objects: Array, truth: Array) -> ObjectRates:
    """Compare numbered objects with the true ones.

    Parameters
    ----------
    objects, truth : numpy.ndarray
        ``(H, W)`` integers, 0 is the background.

    Examples
    --------
    >>> object_rates(np.array([[1, 1, 0, 2]]), np.array([[7, 7, 0, 0]]))
    ObjectRates(precision=0.5, recall=1.0, f1=0.6666666666666666)
    """
    found = match_objects(objects, truth, [_OVERLAP])
    hits, wrong, lost = (
        counts[0] for counts in (found.true_positives, found.false_positives, found.false_negatives)
    )
    if hits + wrong + lost == 0:
        return ObjectRates(1.0, 1.0, 1.0)
    return ObjectRates(
        hits / max(1, hits + wrong),
        hits / max(1, hits + lost),
        2 * hits / (2 * hits + wrong + lost),
    )


def write_scores(out: Path) -> None:
    """Write the table of all pictures of a folder that were scored, their mean last.

    Parameters
    ----------
    out : Path
        A folder of `acetate predict`. If no picture was scored an earlier table is removed.

    Raises
    ------
    OSError, ValueError
        If the records or facts cannot be read, or the table not be written.
    """
    rows = []
    for entry in recorded_entries(out, pictures_book("predict")):
        scores = json.loads((out / entry.files["facts"]).read_bytes())["scores"]
        if scores is not None:
            found = scores.get("objects")  # not there in facts of acetate before it matched objects
            rates = [found[name] for name in _RATES] if found else []
            rows.append((entry.picture, scores["iou"], scores["dice"], *rates))
    if not rows:
        (out / _TABLE).unlink(missing_ok=True)
        return
    means = np.mean([row[1:] for row in rows], axis=0).tolist()
    with atomic(out / _TABLE, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = ("picture", "iou", "dice", *(f"object_{name}" for name in _RATES))
        writer.writerow(names[: len(means) + 1])
        writer.writerows([*sorted(rows), ("mean", *means)])

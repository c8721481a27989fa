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
from acetate.measure import dice, iou

_TABLE = "scores.csv"


@dataclass(frozen=True)
class Scores:
    """How well the labels of a picture fit the truth.

    Parameters
    ----------
    iou, dice : float
        Means over the classes in the picture, the background left out.
    classes : dict
        IoU and Dice of each.
    """

    iou: float
    dice: float
    classes: dict[int, tuple[float, float]]


def compared(labels: Array, truth: Array, classes: Array) -> Scores:
    """Compare labels with the truth.

    Parameters
    ----------
    labels, truth : numpy.ndarray
        ``(H, W)`` integers. Of one class beside the background, all of the truth that is not 0
        is that class: masks of 255 and numbered objects do.
    classes : numpy.ndarray
        What the model tells apart. Classes that are neither in the labels nor in the truth do
        not count.

    Examples
    --------
    >>> compared(np.array([[0, 1]]), np.array([[255, 255]]), np.array([0, 1]))
    Scores(iou=0.5, dice=0.6666666666666666, classes={1: (0.5, 0.6666666666666666)})
    """
    wanted = [value for value in classes.tolist() if value]
    if len(wanted) == 1:
        truth = np.where(truth != 0, wanted[0], 0)
    pairs = {value: (labels == value, truth == value) for value in wanted}
    each = {v: (iou(*p), dice(*p)) for v, p in pairs.items() if p[0].any() or p[1].any()}
    means = np.mean(list(each.values()), axis=0).tolist() if each else [1.0, 1.0]
    return Scores(means[0], means[1], each)


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
            rows.append((entry.picture, scores["iou"], scores["dice"]))
    if not rows:
        (out / _TABLE).unlink(missing_ok=True)
        return
    means = np.mean([row[1:] for row in rows], axis=0).tolist()
    with atomic(out / _TABLE, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("picture", "iou", "dice"))
        writer.writerows([*sorted(rows), ("mean", *means)])

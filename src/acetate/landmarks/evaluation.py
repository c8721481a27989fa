"""What was found beside the truth: two sets of landmarks matched by their names."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from acetate.names import nearest
from acetate.sheets import LandmarkSet


@dataclass(frozen=True)
class Matched:
    """Two sets with the same pictures and landmarks in the same order.

    Parameters
    ----------
    found : LandmarkSet
        What was found, in the truth's order; missing where there was nothing.
    truth : LandmarkSet
        The landmarks that both have.
    pictures_not_found : tuple of str
        Of the truth, those that nothing was found in.
    pictures_without_truth : tuple of str
        Those that something was found in and the truth does not have: left out.
    landmarks_left_out : tuple of str
        Names that only one of both has.

    Examples
    --------
    >>> truth = LandmarkSet(["nose"], ["rays/a.png"], [[[1, 2]]])
    >>> found = LandmarkSet(["tail", "nose"], ["a.png"], [[[9, 9], [1, 3]]])
    >>> match_sets(found, truth).found.points.tolist()
    [[[1.0, 3.0]]]
    """

    found: LandmarkSet
    truth: LandmarkSet
    pictures_not_found: tuple[str, ...]
    pictures_without_truth: tuple[str, ...]
    landmarks_left_out: tuple[str, ...]


def match_sets(found: LandmarkSet, truth: LandmarkSet) -> Matched:
    """Match what was found with the truth, by the names of pictures and landmarks.

    Parameters
    ----------
    found, truth : LandmarkSet
        A picture is the one of the same name; else the only one of the same last name; else the
        only one of the same last name but for the suffix.

    Raises
    ------
    ValueError
        If they have no landmark or no picture in common.

    Examples
    --------
    See `Matched`.
    """
    names = [name for name in truth.names if name in found.names]
    if not names:
        hint = nearest(truth.names[0], found.names) if truth.names and found.names else "none"
        raise ValueError(
            f"no landmark has the same name in both: there are {list(truth.names)[:8]} in the "
            f"truth; the nearest that was found is {hint!r}"
        )
    places = _places(found.pictures)
    rows = [_place(picture, places) for picture in truth.pictures]
    there = [row for row in rows if row is not None]
    if not there:
        raise ValueError(
            f"no picture has the same name in both: there are {list(truth.pictures)[:3]} in the "
            f"truth, and {list(found.pictures)[:3]} were found"
        )
    chosen = found.select(names=names)
    points = np.full((len(truth), len(names), 2), np.nan)
    spacing = np.full(len(truth), np.nan)
    for i, row in enumerate(rows):
        if row is not None:
            points[i], spacing[i] = chosen.points[row], chosen.spacing[row]
    some = truth.select(names=names)
    extra = set(found.names) ^ set(truth.names)
    return Matched(
        some.with_points(points).with_spacing(spacing),
        some,
        tuple(p for p, row in zip(truth.pictures, rows, strict=True) if row is None),
        tuple(p for k, p in enumerate(found.pictures) if k not in there),
        tuple(name for name in (*truth.names, *found.names) if name in extra),
    )


def _places(pictures: tuple[str, ...]) -> list[dict[str, list[int]]]:
    """Return where pictures stand by name, by last name, and by that without suffix."""
    tables: list[dict[str, list[int]]] = [defaultdict(list) for _ in range(3)]
    for k, picture in enumerate(pictures):
        for table, name in zip(tables, _spelled(picture), strict=True):
            table[name].append(k)
    return tables


def _place(picture: str, tables: list[dict[str, list[int]]]) -> int | None:
    for table, name in zip(tables, _spelled(picture), strict=True):
        several = table.get(name, ())
        if len(several) == 1:
            return several[0]
    return None


def _spelled(picture: str) -> tuple[str, str, str]:
    path = PurePosixPath(picture)
    return picture, path.name, path.stem

"""What was found beside the truth: two sets of landmarks matched by their names."""

from dataclasses import dataclass

import numpy as np

from acetate.names import nearest
from acetate.sheets import LandmarkSet
from acetate.sheets.formats.pictures import pair_pictures


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
        Pictures are matched one to one, as `acetate.sheets.formats.pictures.pair_pictures` does.

    Raises
    ------
    ValueError
        If they have no landmark or no picture in common, or several pictures of one may be a
        picture of the other.

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
    pairs = pair_pictures(truth.pictures, found.pictures, ("the truth", "what was found"))
    if not pairs:
        raise ValueError(
            f"no picture has the same name in both: there are {list(truth.pictures)[:3]} in the "
            f"truth, and {list(found.pictures)[:3]} were found"
        )
    chosen = found.select(names=names, pictures=list(pairs.values()))
    rows = [i for i, picture in enumerate(truth.pictures) if picture in pairs]
    points = np.full((len(truth), len(names), 2), np.nan)
    spacing = np.full(len(truth), np.nan)
    points[rows], spacing[rows] = chosen.points, chosen.spacing
    used = set(pairs.values())
    some = truth.select(names=names)
    extra = set(found.names) ^ set(truth.names)
    return Matched(
        some.with_points(points).with_spacing(spacing),
        some,
        tuple(picture for picture in truth.pictures if picture not in pairs),
        tuple(picture for picture in found.pictures if picture not in used),
        tuple(name for name in (*truth.names, *found.names) if name in extra),
    )

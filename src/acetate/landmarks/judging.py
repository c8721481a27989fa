"""How well a model does on annotated pictures: what it says of them, and how far that is off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acetate.files import PathLike
from acetate.landmarks.found import LandmarkPrediction, landmark_set
from acetate.landmarks.pictures import find_files, read_picture
from acetate.landmarks.prediction import LandmarkModel
from acetate.learn.history import History
from acetate.measure.distances import LandmarkErrors, landmark_errors
from acetate.sheets.landmark_set import LandmarkSet

_ENOUGH = 20  # points that a scale is told by


@dataclass(frozen=True, eq=False)
class Trained:
    """A model, and how it came to be.

    Parameters
    ----------
    model : LandmarkModel
        With the best weights.
    history : History
        Of the training; empty for one that was there already.
    found : LandmarkSet or None
        What the model says of the pictures that it was judged by; None without such.
    errors : LandmarkErrors or None
        How far that is off.
    """

    model: LandmarkModel
    history: History
    found: LandmarkSet | None
    errors: LandmarkErrors | None


def judged_model(model: LandmarkModel, truth: LandmarkSet, pictures: PathLike) -> Trained:
    """Return a model with what it says of annotated pictures, and how far that is off.

    Parameters
    ----------
    model : LandmarkModel
        Of the same landmarks.
    truth : LandmarkSet
        The pictures, and where the landmarks are.
    pictures : path
        Their folder.
    """
    found = landmark_set(predicted(model, truth.pictures, pictures), truth.names)
    return Trained(model, History((), 0), found, errors_of(found, truth))


def predicted(
    model: LandmarkModel, names: Sequence[str], pictures: PathLike
) -> dict[str, LandmarkPrediction]:
    """Return what a model says of the pictures of a folder, by their names."""
    channels = model.detector.in_channels
    files = find_files(names, pictures)
    return {
        name: model.predict(read_picture(file, channels))
        for name, file in zip(names, files, strict=True)
    }


def covariance_scale(found: Mapping[str, LandmarkPrediction], truth: LandmarkSet) -> float:
    """Return what makes half of the errors lie within the half of a normal distribution.

    Parameters
    ----------
    found : mapping
        By picture, with the covariances of the decoder.
    truth : LandmarkSet
        The same pictures.

    Returns
    -------
    float
        The median of the squared errors by covariance, over that of a normal distribution in the
        plane, 2 ln 2. Large errors of a network that took one thing for another do not move it.
        1 where fewer than 20 points tell.

    Examples
    --------
    >>> covariance_scale({}, LandmarkSet(["nose"], [], []))
    1.0
    """
    if not found:
        return 1.0
    away = np.stack([each.points for each in found.values()]) - truth.points
    spread = np.stack([each.covariance for each in found.values()])
    known = np.asarray(np.isfinite(away).all(axis=-1) & np.isfinite(spread).all(axis=(-1, -2)))
    known &= np.linalg.det(np.where(known[..., None, None], spread, np.eye(2))) > 0
    if np.count_nonzero(known) < _ENOUGH:
        return 1.0
    solved = np.linalg.solve(spread[known], away[known][..., np.newaxis])[..., 0]
    return float(np.median((solved * away[known]).sum(axis=-1)) / (2 * np.log(2)))


def errors_of(found: LandmarkSet, truth: LandmarkSet) -> LandmarkErrors:
    """Return how far landmarks are from the truth, in mm where its spacing is known."""
    spacing = truth.spacing if np.isfinite(truth.spacing).all() else None
    return landmark_errors(found.points, truth.points, spacing, names=truth.names)


def joined(sets: Sequence[LandmarkSet]) -> LandmarkSet:
    """Return several sets of the same landmarks as one.

    Examples
    --------
    >>> one, other = (LandmarkSet(["p"], [name], [[[1, 2]]]) for name in "ab")
    >>> joined([one, other]).pictures
    ('a', 'b')
    """
    return LandmarkSet(
        sets[0].names,
        tuple(picture for each in sets for picture in each.pictures),
        np.concatenate([each.points for each in sets]),
        np.concatenate([each.visibility for each in sets]),
        np.concatenate([each.spacing for each in sets]),
        tuple(shape for each in sets for shape in each.shapes),
        sets[0].mirror,
    )

"""The same landmarks marked by several annotators: their mean, and how far they are apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.sheets.landmark_set import HIDDEN, MISSING, LandmarkSet


@dataclass(frozen=True)
class Annotated:
    """Landmarks with what each annotator marked.

    Parameters
    ----------
    landmarks : LandmarkSet
        The mean over those annotators who marked a point; hidden where any of them says so.
    annotators : tuple of str
        The A names.
    points : numpy.ndarray
        ``(A, N, K, 2)``: what each marked, NaN where nothing.
    spread : numpy.ndarray
        ``(N, K)`` in pixels: the root of the mean squared distance from the mean, with A - 1 in
        the place of A; NaN where fewer than two marked the point.

    Examples
    --------
    >>> first = LandmarkSet(["nose"], ["a.png"], [[[10, 20]]])
    >>> second = LandmarkSet(["nose"], ["a.png"], [[[12, 20]]])
    >>> both = mean_of_annotators({"ann": first, "ben": second})
    >>> both.landmarks.points.tolist(), both.spread.round(3).tolist()
    ([[[11.0, 20.0]]], [[1.414]])
    """

    landmarks: LandmarkSet
    annotators: tuple[str, ...]
    points: NDArray[np.float64]
    spread: NDArray[np.float64]


def mean_of_annotators(
    sets: Mapping[str, LandmarkSet], names: Sequence[str] | None = None
) -> Annotated:
    """Join what several annotators marked, by the names of pictures and landmarks.

    Parameters
    ----------
    sets : mapping of str to LandmarkSet
        By annotator; they need not have the same pictures and landmarks.
    names : sequence of str, optional
        The landmarks and their order; by default all, in order of appearance.

    Returns
    -------
    Annotated
        Shapes and spacings are those of the first annotator who knows them.

    Raises
    ------
    ValueError
        If there are no annotators.
    """
    if not sets:
        raise ValueError("there are no annotators to take the mean of: pass at least 1 set")
    several = list(sets.values())
    called = tuple(names or dict.fromkeys(name for one in several for name in one.names))
    pictures = tuple(dict.fromkeys(picture for one in several for picture in one.pictures))
    points = np.full((len(several), len(pictures), len(called), 2), np.nan)
    seen = np.zeros(points.shape[:3], np.int8)
    for a, one in enumerate(several):
        rows = [pictures.index(picture) for picture in one.pictures]
        columns = [called.index(name) for name in one.names]
        points[a][np.ix_(rows, columns)] = one.points
        seen[a][np.ix_(rows, columns)] = one.visibility
    mean, spread = _mean_and_spread(points)
    lowest = np.where(seen == MISSING, np.int8(2), seen).min(axis=0)
    visibility = np.where(np.isnan(mean[..., 0]), MISSING, np.maximum(lowest, HIDDEN))
    facts = [_facts(picture, several) for picture in pictures]
    landmarks = LandmarkSet(
        called,
        pictures,
        mean,
        visibility,
        np.array([spacing for _, spacing in facts], np.float64),
        tuple(shape for shape, _ in facts),
    )
    return Annotated(landmarks, tuple(sets), points, spread)


def _mean_and_spread(
    points: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean ``(N, K, 2)`` over annotators, and their spread ``(N, K)``."""
    there = np.isfinite(points).all(axis=-1, keepdims=True)
    count = there.sum(axis=0)
    mean = np.where(there, points, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = (np.where(there, points - mean, 0.0) ** 2).sum(axis=(0, -1))
    spread = np.sqrt(squares / np.maximum(count[..., 0] - 1, 1))
    return np.where(count > 0, mean, np.nan), np.where(count[..., 0] > 1, spread, np.nan)


def _facts(picture: str, sets: Sequence[LandmarkSet]) -> tuple[tuple[int, int] | None, float]:
    """Return the (height, width) and mm per pixel that anyone knows of a picture."""
    places = [(one, one.pictures.index(picture)) for one in sets if picture in one.pictures]
    shapes = (one.shapes[i] for one, i in places)
    spacings = (float(one.spacing[i]) for one, i in places if np.isfinite(one.spacing[i]))
    return next((shape for shape in shapes if shape is not None), None), next(spacings, np.nan)

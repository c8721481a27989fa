"""The same landmarks marked by several annotators: their mean, and how far they are apart."""

from collections.abc import Iterable, Mapping, Sequence
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
    row_of = {picture: i for i, picture in enumerate(pictures)}
    column_of = {name: k for k, name in enumerate(called)}
    points = np.full((len(several), len(pictures), len(called), 2), np.nan)
    seen = np.zeros(points.shape[:3], np.int8)
    for a, one in enumerate(several):
        rows = [row_of[picture] for picture in one.pictures]
        columns = [column_of[name] for name in one.names]
        points[a][np.ix_(rows, columns)] = one.points
        seen[a][np.ix_(rows, columns)] = one.visibility
    mean, spread = _mean_and_spread(points)
    lowest = np.where(seen == MISSING, np.int8(2), seen).min(axis=0)
    visibility = np.where(np.isnan(mean[..., 0]), MISSING, np.maximum(lowest, HIDDEN))
    shapes, spacing = _facts(several)
    landmarks = LandmarkSet(
        called,
        pictures,
        mean,
        visibility,
        np.array([spacing.get(picture, np.nan) for picture in pictures], np.float64),
        tuple(shapes.get(picture) for picture in pictures),
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


def _facts(
    sets: Iterable[LandmarkSet],
) -> tuple[dict[str, tuple[int, int]], dict[str, float]]:
    """Return the (height, width) and mm per pixel of pictures that the first one knows."""
    shapes: dict[str, tuple[int, int]] = {}
    spacings: dict[str, float] = {}
    for one in sets:
        for picture, shape, spacing in zip(one.pictures, one.shapes, one.spacing, strict=True):
            if shape is not None:
                shapes.setdefault(picture, shape)
            if np.isfinite(spacing):
                spacings.setdefault(picture, float(spacing))
    return shapes, spacings

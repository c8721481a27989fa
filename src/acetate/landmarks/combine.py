"""Several opinions on where landmarks are, made one: by views of a picture, or by models."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def combined(
    points: Floats, covariance: Floats, confidence: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the mean of several opinions, each landmark's weighted by its confidence.

    Parameters
    ----------
    points : numpy.ndarray
        ``(M, K, 2)`` in pixels of the picture; NaN where one found nothing.
    covariance : numpy.ndarray
        ``(M, K, 2, 2)``; NaN where not known.
    confidence : numpy.ndarray
        ``(M, K)`` from 0 to 1; NaN counts as equal ones.

    Returns
    -------
    points : numpy.ndarray
        ``(K, 2)``; NaN where none found anything.
    covariance : numpy.ndarray
        ``(K, 2, 2)``: the mean of theirs (of those that are known), and how far their points
        are apart.
    confidence : numpy.ndarray
        ``(K,)``: the mean.

    Examples
    --------
    >>> points = np.array([[[10.0, 4.0]], [[12.0, 4.0]]])
    >>> same = np.tile(np.eye(2), (2, 1, 1, 1))
    >>> where, spread, _ = combined(points, same, np.ones((2, 1)))
    >>> where.tolist(), spread.tolist()
    ([[11.0, 4.0]], [[[2.0, 0.0], [0.0, 1.0]]])
    """
    found = np.asarray(np.isfinite(points).all(axis=-1))
    weights = np.where(found, np.nan_to_num(confidence, nan=1.0) + 1e-6, 0.0)
    total = weights.sum(axis=0)
    shares = weights / np.where(total > 0, total, 1.0)
    filled = np.where(found[..., np.newaxis], points, 0.0)
    mean = np.where(total > 0, (shares[..., np.newaxis] * filled).sum(axis=0).T, np.nan).T
    away = np.where(found[..., np.newaxis], points - mean, 0.0)
    apart = np.einsum("mk,mki,mkj->kij", shares, away, away)
    return mean, _mean_known(covariance) + apart, _mean_of(confidence, found)


def mapped_covariance(covariance: Floats, matrix: Floats) -> Floats:
    """Return covariances ``(..., 2, 2)`` of points that go through a linear map ``(2, 2)``.

    Examples
    --------
    >>> mapped_covariance(np.eye(2), np.diag([2.0, 3.0])).tolist()
    [[4.0, 0.0], [0.0, 9.0]]
    """
    return np.asarray(matrix @ covariance @ matrix.T)


def _mean_known(covariance: Floats) -> Floats:
    """Return the mean over the first axis of those that are known; NaN where none is."""
    known = np.asarray(np.isfinite(covariance).all(axis=(-1, -2)))
    count = known.sum(axis=0)[:, np.newaxis, np.newaxis]
    summed = np.where(known[..., np.newaxis, np.newaxis], covariance, 0.0).sum(axis=0)
    return np.where(count > 0, summed / np.maximum(count, 1), np.nan)


def _mean_of(confidence: Floats, found: NDArray[np.bool_]) -> Floats:
    """Return the mean confidence; one that found nothing has none."""
    return np.asarray(np.where(found, confidence, 0.0).mean(axis=0))

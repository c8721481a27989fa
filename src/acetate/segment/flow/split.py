"""Phases by value alone, the best for their number: where the flow starts when nobody says."""

import numpy as np

from acetate.segment.flow.values import Floats

_BINS = 256
# Of this many points, so many are tried as a centre.
_TRIED = 64
_ROUNDS = 10


def split(points: Floats, phases: int, weights: Floats | None = None) -> Floats:
    """Return the values of at most so many phases, dark ones first.

    Parameters
    ----------
    points : numpy.ndarray
        ``(n, C)``.
    phases : int
        How many are wanted; there are fewer if the points have fewer values.
    weights : numpy.ndarray or None
        ``(n,)``: how much each point counts, above 0.

    Returns
    -------
    numpy.ndarray
        ``(found, C)``: the centres with the least sum of squared distances to their points. For
        one channel, exactly so (of 256 bins): for two phases this is Otsu's threshold. For more,
        k-means from a start that depends on nothing but the points.

    Examples
    --------
    >>> split(np.array([[0.0], [0.1], [0.9], [1.0]]), 2)
    array([[0.05],
           [0.95]])
    """
    heavy = np.ones(len(points)) if weights is None else weights
    if points.shape[1] == 1:
        centres = _line(points[:, 0], heavy, phases)
    else:
        centres = _cloud(points, heavy, phases)
    return centres[np.argsort(centres.sum(axis=1), kind="stable")]


def _line(points: Floats, weights: Floats, phases: int) -> Floats:
    low, high = points.min(), points.max()
    if low == high:
        return np.array([[low]])
    bins = np.minimum((points - low) * (_BINS / (high - low)), _BINS - 1).astype(np.intp)
    mass: Floats = np.bincount(bins, weights, _BINS).astype(np.float64)
    taken = mass > 0
    means = np.bincount(bins, weights * points, _BINS)[taken] / mass[taken]
    return best_cut(means, mass[taken], phases)[:, np.newaxis]


def best_cut(values: Floats, weights: Floats, parts: int) -> Floats:
    """Return the means of the parts of a line that have the least variance within, exactly.

    For two parts this is Otsu's threshold (1979), found without the table of `best_lasts`.

    Parameters
    ----------
    values : numpy.ndarray
        ``(n,)``, ascending.
    weights : numpy.ndarray
        ``(n,)``, above 0.
    parts : int
        How many; no more than there are values.

    Examples
    --------
    >>> best_cut(np.array([0.0, 1.0, 5.0, 6.0, 9.0]), np.ones(5), 3)
    array([0.5, 5.5, 9. ])
    """
    if len(values) <= parts:
        return values
    if parts == 2:
        return _halves(values, weights)
    begins = [0, *(last + 1 for last in best_lasts(values, weights, parts))]
    return np.add.reduceat(weights * values, begins) / np.add.reduceat(weights, begins)


def best_lasts(values: Floats, weights: Floats, parts: int) -> list[int]:
    """Return the last value of every part but the highest, for the least variance within parts.

    Parameters
    ----------
    values : numpy.ndarray
        ``(n,)``, ascending.
    weights : numpy.ndarray
        ``(n,)``, above 0.
    parts : int
        How many; no more than there are values. Memory grows with the square of n.

    Notes
    -----
    The best division of the values up to one is its last part, and the best division of what is
    before (Bellman 1973; Liao, Chen and Chung 2001).

    Examples
    --------
    >>> best_lasts(np.array([0.0, 1.0, 5.0, 6.0, 9.0]), np.ones(5), 3)
    [1, 3]
    """
    gains = _gains(values, weights)
    after = np.vstack([gains[1:], np.full(len(values), -np.inf)])
    best, choices = gains[0], []
    for _ in range(parts - 1):
        totals = best[:, np.newaxis] + after
        choices.append(np.argmax(totals, axis=0))
        best = np.take_along_axis(totals, choices[-1][np.newaxis], axis=0)[0]
    lasts, end = [], len(best) - 1
    for choice in reversed(choices):
        end = int(choice[end])
        lasts.append(end)
    return lasts[::-1]


def _halves(values: Floats, weights: Floats) -> Floats:
    """Return the means of the two parts, by their largest variance between (Otsu 1979)."""
    mass, first = np.cumsum(weights), np.cumsum(weights * values)
    low, high = first / mass, (first[-1] - first[:-1]) / (mass[-1] - mass[:-1])
    between = mass[:-1] * (mass[-1] - mass[:-1]) * (high - low[:-1]) ** 2
    cut = int(np.argmax(between))
    return np.array([low[cut], high[cut]])


def _gains(values: Floats, weights: Floats) -> Floats:
    """Return what a part of values i to j adds to the variance between parts; nothing if i > j."""
    below = np.cumsum(weights)
    mass = below - np.append(0.0, below[:-1])[:, np.newaxis]
    # Sums of distances from the mean: those of values would lose digits.
    apart = np.cumsum(weights * (values - np.average(values, weights=weights)))
    sums = apart - np.append(0.0, apart[:-1])[:, np.newaxis]
    return np.where(mass > 0, sums**2 / np.where(mass > 0, mass, 1.0), -np.inf)


def _cloud(points: Floats, weights: Floats, phases: int) -> Floats:
    centres = _spread(points, weights, phases)
    for _ in range(_ROUNDS):
        nearest = distances(points, centres).argmin(axis=1)
        mass = np.bincount(nearest, weights, len(centres))[:, np.newaxis]
        sums = [np.bincount(nearest, weights * p, len(centres)) for p in points.T]
        moved = np.where(mass > 0, np.stack(sums, 1) / np.where(mass > 0, mass, 1), centres)
        if np.array_equal(moved, centres):
            break
        centres = moved
    return centres


def _spread(points: Floats, weights: Floats, phases: int) -> Floats:
    """Choose points one by one, each the one of some that brings all others nearest."""
    tried = points[:: -(-len(points) // _TRIED)]
    apart = distances(points, tried) * weights[:, np.newaxis]
    chosen = [int(np.argmin(apart.sum(axis=0)))]
    nearest = apart[:, chosen[0]]
    while len(chosen) < phases and nearest.sum() > 0:
        left = np.minimum(apart, nearest[:, np.newaxis])
        best = int(np.argmin(left.sum(axis=0)))
        if best in chosen:
            break
        chosen.append(best)
        nearest = left[:, best]
    return tried[chosen]


def distances(points: Floats, centres: Floats) -> Floats:
    """Return squared distances, ``(points, centres)``.

    Examples
    --------
    >>> distances(np.array([[0.0, 3.0]]), np.array([[4.0, 0.0], [0.0, 0.0]]))
    array([[25.,  9.]])
    """
    products = points @ centres.T
    squares = np.einsum("pc,pc->p", points, points)[:, np.newaxis]
    return np.maximum(squares + np.einsum("kc,kc->k", centres, centres) - 2 * products, 0)

"""Where to cut a feature: at most so many places, with about as much weight between them."""

import numpy as np

from acetate.arrays import Array


def bin_edges(values: Array, weights: Array, bins: int) -> Array:
    """Return the rising places at which a feature may be cut; a value above one is beyond it.

    Parameters
    ----------
    values : numpy.ndarray
        ``(n,)`` float32.
    weights : numpy.ndarray
        ``(n,)``, above 0.
    bins : int
        One more than there may be edges.

    Returns
    -------
    numpy.ndarray
        float32, fewer than ``bins``; between neighbouring values, none if all are equal.

    Examples
    --------
    >>> bin_edges(np.array([1, 1, 3, 4], np.float32), np.ones(4), 8)
    array([2. , 3.5], dtype=float32)
    >>> bin_edges(np.array([1, 1, 3, 4], np.float32), np.ones(4), 2)
    array([2.], dtype=float32)
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    distinct, mass = ordered[ends], np.cumsum(weights[order])[ends]
    if len(distinct) > bins:
        goals = mass[-1] * np.arange(1, bins) / bins
        # Weights that add up in another order may differ in the last digits.
        last = np.unique(np.searchsorted(mass, goals * (1 - 1e-12)))
        last = last[last < len(distinct) - 1]
    else:
        last = np.arange(len(distinct) - 1)
    below, above = distinct[last], distinct[last + 1]
    middle = below + (above - below) / np.float32(2)
    return np.where(middle < above, middle, below).astype(np.float32)

"""Labels of any size as ranks from 1 without gaps, so that tables by label are short."""

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

Whole = NDArray[np.int64]


def ranks(labels: Array) -> tuple[Whole, Whole]:
    """Return the labels that there are, but for 0, and for each pixel the rank of its label.

    Parameters
    ----------
    labels : numpy.ndarray
        Integers from 0, any shape.

    Returns
    -------
    numpy.ndarray
        ``(N,)`` int64, rising.
    numpy.ndarray
        The shape of the labels, int64: 0 where the label is 0, else from 1 to N.

    Examples
    --------
    >>> ranks(np.array([0, 9, 4, 9]))
    (array([4, 9]), array([0, 2, 1, 2]))
    """
    values = labels.astype(np.int64)
    if values.max(initial=0) > max(labels.size, 2**16):
        # A table by label would be mostly holes.
        every, found = np.unique(values, return_inverse=True)
        background = int(every[0] == 0)
        return every[background:], found.reshape(labels.shape) + (1 - background)
    there = np.bincount(values.ravel()) > 0
    there[0] = False
    table: Whole = np.cumsum(there, dtype=np.int64)
    return np.flatnonzero(there), table[values]

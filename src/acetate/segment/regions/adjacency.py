"""The region adjacency graph: which regions touch, and along how many pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.segment.regions.outlines import check_labels


@dataclass(frozen=True)
class Adjacency:
    """The pairs of regions that touch.

    Parameters
    ----------
    pairs : numpy.ndarray
        ``(n, 2)`` int64: two labels, the lower first, each pair once, in ascending order.
    lengths : numpy.ndarray
        ``(n,)`` int64: along how many sides of pixels they touch.

    Examples
    --------
    >>> region_adjacency(np.array([[0, 0, 2], [1, 1, 2]])).lengths.tolist()
    [2, 1, 1]
    """

    pairs: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pairs)


def region_adjacency(labels: Array) -> Adjacency:
    """Return which regions touch by a side of a pixel.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers.

    Returns
    -------
    Adjacency
        The graph of the regions.

    Raises
    ------
    TypeError, ValueError
        If the labels are no picture of integers.

    Examples
    --------
    >>> region_adjacency(np.array([[0, 0, 2], [1, 1, 2]])).pairs.tolist()
    [[0, 1], [0, 2], [1, 2]]
    """
    check_labels(labels)
    whole = labels.astype(np.int64)
    least = int(whole.min())
    count = int(whole.max()) - least + 1
    codes, lengths = np.unique(
        np.concatenate(
            [
                _codes(whole[:, :-1] - least, whole[:, 1:] - least, count),
                _codes(whole[:-1] - least, whole[1:] - least, count),
            ]
        ),
        return_counts=True,
    )
    pairs = np.stack([codes // count, codes % count], axis=1) + least
    return Adjacency(pairs, lengths.astype(np.int64))


def _codes(one: Array, other: Array, count: int) -> NDArray[np.int64]:
    """Return a number for every pair of neighbours that differ."""
    apart = one != other
    a, b = one[apart], other[apart]
    return np.minimum(a, b) * count + np.maximum(a, b)

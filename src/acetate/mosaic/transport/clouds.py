"""Points and tiles made ready: equal ones counted, rotated to common axes, near ones together."""

from dataclasses import dataclass

import numpy as np

from acetate.arrays import Array

_MOST_BY_TREE = 32  # dimensions; above, matrix products are about as quick, or quicker


@dataclass(frozen=True)
class Clouds:
    """Kinds of points and of tiles, each in the order of a tree over them.

    Parameters
    ----------
    points, tiles : numpy.ndarray
        ``(kinds, d)`` float64 that hold whole numbers.
    supply, copies : numpy.ndarray
        How many are of each kind.
    points_of, tiles_of : numpy.ndarray
        ``(m,)`` and ``(n,)``: indices of what was given, those of the first kind first.
    axes : numpy.ndarray
        ``(d, d)`` rotation to the principal axes of both.
    span : float
        No squared distance is above it.
    """

    points: Array
    supply: Array
    points_of: Array
    tiles: Array
    copies: Array
    tiles_of: Array
    axes: Array
    span: float

    @property
    def turned_points(self) -> Array:
        """The points, rotated."""
        return self.points @ self.axes

    @property
    def turned_tiles(self) -> Array:
        """The tiles, rotated."""
        return self.tiles @ self.axes

    @property
    def dense(self) -> bool:
        """Whether there are too many dimensions for a tree."""
        return self.points.shape[1] > _MOST_BY_TREE


def gather(points: Array, tiles: Array) -> Clouds:
    """Count equal points and tiles, and order them.

    Both are ``(m, d)`` and ``(n, d)`` float64 that hold whole numbers.
    """
    both = np.concatenate([points, tiles])
    axes = np.linalg.eigh(np.atleast_2d(np.cov(both.T)))[1]
    span = float(((both.max(axis=0) - both.min(axis=0)) ** 2).sum())
    return Clouds(*_kinds(points, axes), *_kinds(tiles, axes), axes, max(span, 1.0))


def _kinds(points: Array, axes: Array) -> tuple[Array, Array, Array]:
    """Return the different points in tree order, how many of each, and which they are."""
    from acetate.mosaic.transport.tree import tree_order

    order = np.lexsort(points.T)
    given = points[order]
    new = np.ones(len(given), bool)
    new[1:] = (given[1:] != given[:-1]).any(axis=1)
    kinds, starts = given[new], np.flatnonzero(new)
    counts = np.diff(starts, append=len(given))
    sorted_kinds = tree_order(kinds @ axes)
    members = [order[starts[k] : starts[k] + counts[k]] for k in sorted_kinds]
    return kinds[sorted_kinds], counts[sorted_kinds], np.concatenate(members)


def means(points: Array, counts: Array, group: int) -> tuple[Array, float]:
    """Return rounded means of so many neighbours each, and the mean square of what they lost."""
    each = np.repeat(points, counts, axis=0)
    starts = np.arange(0, len(each), group)
    sizes = np.diff(starts, append=len(each))
    centres = np.rint(np.add.reduceat(each, starts) / sizes[:, np.newaxis])
    lost = ((each - np.repeat(centres, sizes, axis=0)) ** 2).sum(axis=1).mean()
    return centres, float(lost)

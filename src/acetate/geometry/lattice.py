"""Lattices of nodes over a frame, and the cubic splines that they carry down to its pixels."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.geometry.maps import Frame
from acetate.geometry.scratch import scratch

MARGIN = 4  # nodes around the frame: one for the refinement, three that keep kinks away
SMALL = 2**16  # pixels of a frame that is small: it is cheaper to ask at each of them
SPARE = 2  # nodes on each side that the way from values to nodes uses up
_REACH = 2  # a pixel's value depends on so many nodes to each side of it


@lru_cache(maxsize=256)
def node_counts(shape: Frame, level: int) -> Frame:
    """Return how many nodes (rows, columns) cover a frame with four to spare on each side.

    Examples
    --------
    >>> node_counts((16, 17), level=2)
    (13, 13)
    """
    step = 2**level
    rows, columns = ((n - 2) // step + 2 + 2 * MARGIN if n > 1 else 1 + 2 * MARGIN for n in shape)
    return rows, columns


def node_points(shape: Frame, level: int, spare: int = 0) -> Array:
    """Return where the nodes over a frame lie, ``(rows, columns, 2)``; not to be written to.

    Parameters
    ----------
    spare : int
        How many more nodes to give on each side.

    Examples
    --------
    >>> node_points((16, 17), level=2)[0, 0]
    array([-15.5, -15.5], dtype=float32)
    """
    rows, columns = node_counts(shape, level)
    start = 0.5 - (MARGIN + spare) * 2**level
    return square_lattice((rows + 2 * spare, columns + 2 * spare), (start, start), 2**level)


def square_lattice(counts: Frame, first: tuple[float, float], step: int = 1) -> Array:
    """Return the points of a square lattice, float32 ``(rows, columns, 2)``; not to be written to.

    Parameters
    ----------
    counts : (int, int)
        Rows and columns.
    first : (float, float)
        The first point, (x, y).

    Examples
    --------
    >>> square_lattice((1, 2), (0.5, 0.5))
    array([[[0.5, 0.5],
            [1.5, 0.5]]], dtype=float32)
    """
    make = _square_lattice if counts[0] * counts[1] <= SMALL else _square_lattice.__wrapped__
    return make(counts, first, step)


@lru_cache(maxsize=16)
def _square_lattice(counts: Frame, first: tuple[float, float], step: int) -> Array:
    points = np.empty((*counts, 2), np.float32)
    points[..., 0] = first[0] + step * np.arange(counts[1], dtype=np.float32)
    points[..., 1] = (first[1] + step * np.arange(counts[0], dtype=np.float32))[:, np.newaxis]
    points.setflags(write=False)
    return points


def deciding_nodes(first: int, last: int, level: int) -> slice:
    """Return the nodes on which the pixels from `first` to before `last` of an axis depend.

    Examples
    --------
    >>> deciding_nodes(0, 4, level=2)
    slice(2, 8, None)
    """
    start = (first >> level) + MARGIN - _REACH
    return slice(start, start + ((last - first - 1) >> level) + 2 * _REACH + 2)


def stretches(marked: Array, count: int, level: int) -> list[slice]:
    """Return where pixels of an axis depend on nodes that are marked.

    Parameters
    ----------
    marked : numpy.ndarray
        bool, one for each node.
    count : int
        Pixels of the axis.

    Examples
    --------
    >>> stretches(np.arange(13) == 4, 16, level=2)
    [slice(0, 12, None)]
    """
    pieces = -(-count >> level)
    start = MARGIN - _REACH
    near = np.zeros(pieces + 2, bool)  # each 2**level pixels, and an end on either side
    for shift in range(2 * _REACH + 1):
        near[1:-1] |= marked[start + shift : start + shift + pieces]
    ends = [min(int(end) << level, count) for end in (near[1:] != near[:-1]).nonzero()[0]]
    return [slice(*pair) for pair in zip(ends[::2], ends[1::2], strict=True)]


def coefficients(values: Array, level: int) -> Array:
    """Return the nodes of a spline that takes given values at its nodes; `SPARE` are lost.

    Notes
    -----
    After `level` halvings a node's value is [a, 1 - 2a, a] of its neighbours' coefficients with
    a = (1 - 4**-level) / 6. The filter here undoes that but for sixth differences: a
    quasi-interpolant (de Boor and Fix 1973).
    """
    r, taps = SPARE, _undoing(level)
    return cv2.sepFilter2D(values, cv2.CV_32F, taps, taps)[r:-r, r:-r]


@lru_cache(maxsize=16)
def _undoing(level: int) -> Array:
    """Return 1 + m + m^2, the beginning of the inverse of the smoothing 1 - m."""
    a = (1 - 4.0**-level) / 6
    m = np.array([-a, 2 * a, -a])
    taps: Array = np.array([0, 0, 1, 0, 0]) + np.pad(m, 1) + np.convolve(m, m)
    return taps.astype(np.float32)


def refine(nodes: Array, level: int, shape: Frame, margin: int = 0, reuse: str = "") -> Array:
    """Halve the node distance `level` times and cut out the frame with a margin in pixels.

    Parameters
    ----------
    nodes : numpy.ndarray
        float32 ``(rows, columns)`` or ``(rows, columns, 2)`` as `node_counts` says.
    reuse : str
        Name of the scratch memory to write into; without one the result is the caller's own.

    Examples
    --------
    >>> refine(np.ones((13, 13, 2), np.float32), 2, (16, 16)).shape
    (16, 16, 2)
    """
    first, *others = _spans(level, shape, margin)
    nodes = nodes[first]
    for halving, span in enumerate(others):
        into = None
        if reuse:
            twice = (2 * nodes.shape[0], 2 * nodes.shape[1], *nodes.shape[2:])
            into = scratch(f"{reuse} {halving}", twice, np.float32)
        nodes = cv2.pyrUp(nodes, dst=into)[span]
    return nodes


@lru_cache(maxsize=256)
def _spans(level: int, shape: Frame, margin: int) -> tuple[Any, ...]:
    """Return the nodes to keep before the first halving and after each: no more are needed."""
    first = MARGIN * 2**level - margin
    wanted = [(first, first + n + 2 * margin) for n in shape]
    spans: list[tuple[slice, slice]] = []
    for _ in range(level):
        # A halving gives from nodes [a, b) the places [2a, 2b), right but for the outermost.
        needed = [(max(0, a // 2 - 1), (b - 1) // 2 + 2) for a, b in wanted]
        rows, columns = (
            slice(a - 2 * start, b - 2 * start)
            for (a, b), (start, _) in zip(wanted, needed, strict=True)
        )
        spans.insert(0, (rows, columns))
        wanted = needed
    rows, columns = (slice(a, b) for a, b in wanted)
    return ((rows, columns), *spans)

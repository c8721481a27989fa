"""Lattices of nodes over a frame, and the cubic splines that they carry down to its pixels."""

from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from acetate.arrays import Array
from acetate.geometry.maps import Frame
from acetate.geometry.scratch import scratch

_KEPT = 2**16  # nodes of lattices that are kept
MARGIN = 4  # nodes around the frame: three are needed, and the noise of a key is laid out for four


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


def node_points(shape: Frame, level: int) -> Array:
    """Return where the nodes over a frame lie, ``(rows, columns, 2)``; not to be written to.

    Pixel centres are whole numbers.

    Examples
    --------
    >>> node_points((16, 17), level=2)[0, 0]
    array([-16., -16.], dtype=float32)
    """
    counts = node_counts(shape, level)
    make = _node_points if counts[0] * counts[1] <= _KEPT else _node_points.__wrapped__
    return make(counts, 2**level)


@lru_cache(maxsize=16)
def _node_points(counts: Frame, step: int) -> Array:
    points = np.empty((*counts, 2), np.float32)
    y, x = (step * (np.arange(n, dtype=np.float32) - MARGIN) for n in counts)
    points[..., 0], points[..., 1] = x, y[:, np.newaxis]
    points.setflags(write=False)
    return points


class Spline(NamedTuple):
    """A cubic spline over a frame.

    Where it tells places, pixel centres are whole numbers, as in OpenCV.

    Parameters
    ----------
    nodes : numpy.ndarray
        float32 ``(rows, columns, 2)`` as `node_counts` says: its coefficients.
    weights : numpy.ndarray
        float32 ``(n, 4)`` for n pixels from one node to the next: what the four nodes around
        each count there.
    """

    nodes: Array
    weights: Array


def refine(
    spline: Spline, shape: Frame, margin: int = 0, start: tuple[int, int] = (0, 0), reuse: str = ""
) -> Array:
    """Return a spline at the pixel centres of its frame, or of a part of it, ``(H, W, 2)``.

    Parameters
    ----------
    shape : (int, int)
        Pixels wanted, (rows, columns).
    margin : int
        How many more on each side.
    start : (int, int)
        The first pixel, (row, column).
    reuse : str
        Name of the scratch memory to write into; without one the result is the caller's own.

    Examples
    --------
    >>> refine(Spline(np.ones((13, 13, 2), np.float32), between(2)), (16, 16)).shape
    (16, 16, 2)
    """
    size = (shape[0] + 2 * margin, shape[1] + 2 * margin, 2)
    out = scratch(reuse, size, np.float32) if reuse else np.empty(size, np.float32)
    first = MARGIN * len(spline.weights) - margin
    nodes = np.ascontiguousarray(spline.nodes, np.float32)
    _loops().enlarge(nodes, spline.weights, first + start[0], first + start[1], out)
    return out


@lru_cache(maxsize=64)
def between(level: int, halvings: int = 0) -> Array:
    """Return what the four nodes around it count for each pixel from one node to the next.

    Parameters
    ----------
    level : int
        log2 of the node distance, in pixels of the frame.
    halvings : int
        How often the frame is halved to the sheet whose pixels are asked for; at most `level`.
        Their centres lie in the middle between two of the frame's, and so do their values.

    Notes
    -----
    The spline is what halving the node distance `level` times with the mask [1, 4, 6, 4, 1] / 8
    makes of the nodes: the two-scale relation of the cubic B-spline (Lane and Riesenfeld 1980),
    which keeps linear functions exactly.

    Examples
    --------
    >>> between(1) * 8
    array([[1., 6., 1., 0.],
           [0., 4., 4., 0.]], dtype=float32)
    """
    step, made = 2**level, np.pad(hat(level), 2 * 2**level)
    places = np.arange(step)[:, np.newaxis] - step * np.arange(-1, 3)
    weights = made[made.size // 2 + places]
    if halvings:
        middle = 2 ** (halvings - 1)
        weights = (weights[middle - 1 :: 2 * middle] + weights[middle :: 2 * middle]) / 2
    weights = weights.astype(np.float32)
    weights.setflags(write=False)
    return weights


def hat(level: int) -> Array:
    """Return what `level` halvings make of a single node: odd, its middle on the node.

    Examples
    --------
    >>> hat(1) * 8
    array([1., 4., 6., 4., 1.])
    """
    made = np.ones(1)
    for _ in range(level):
        made = np.convolve(np.insert(made, np.arange(1, made.size), 0), [1, 4, 6, 4, 1]) / 8
    return made


@cache
def _loops() -> Any:
    """Return the compiled loops, which take a moment to load: when they are first asked for."""
    from acetate.geometry import spline_loops

    return spline_loops

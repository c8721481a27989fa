"""Perimeters of all objects of a label map at once, from the neighbours of their outline."""

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

# What an outline's pixel adds to the length, by how many of its neighbours on the outline touch
# it with a side (2 each) and with a corner (10 each): Benkrid and Crookes, Design and FPGA
# implementation of a perimeter estimator (2000).
_STRAIGHT, _SLANTED, _BENT = 1.0, np.sqrt(2.0), (1 + np.sqrt(2.0)) / 2
_WEIGHTS = np.zeros(50)
_WEIGHTS[[5, 7, 15, 17, 25, 27]] = _STRAIGHT
_WEIGHTS[[21, 33]] = _SLANTED
_WEIGHTS[[13, 23]] = _BENT
_SIDES = ((-1, 0), (0, -1), (0, 1), (1, 0))
_CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def perimeters(labels: Array, objects: int) -> NDArray[np.float64]:
    """Return the perimeter of each object in pixels.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers from 0, the background, to `objects`.
    objects : int
        How many there are.

    Returns
    -------
    numpy.ndarray
        ``(objects,)`` float64; the ends of the picture are outline.

    Examples
    --------
    >>> perimeters(np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1]]), 1)
    array([8.])
    """
    padded = np.pad(labels, 1)
    width = padded.shape[1]
    flat = padded.ravel()
    edge = np.flatnonzero(_touches_another(padded))
    owner = flat[edge]
    outline = np.zeros_like(flat)
    outline[edge] = owner
    code = np.ones(len(owner), np.intp)
    for steps, weight in ((_SIDES, 2), (_CORNERS, 10)):
        for dy, dx in steps:
            code += weight * (outline[edge + (dy * width + dx)] == owner)
    return np.bincount(owner, _WEIGHTS[code], objects + 1)[1:].astype(np.float64, copy=False)


def _touches_another(padded: Array) -> NDArray[np.bool_]:
    """Return the pixels of objects that have a side in common with something else."""
    touches = np.zeros(padded.shape, bool)
    down, across = padded[1:] != padded[:-1], padded[:, 1:] != padded[:, :-1]
    touches[1:] |= down
    touches[:-1] |= down
    touches[:, 1:] |= across
    touches[:, :-1] |= across
    return touches & (padded > 0)

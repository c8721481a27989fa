"""How far pixels are from strokes when edges are hills, and what that says about their phase."""

import numpy as np

from acetate.segment.cut.edge_heat import Relief
from acetate.segment.flow.values import Planes
from acetate.segment.prompts import Marks

# A pixel of way costs as much as an edge of a 200th of the usual square.
_WAY = 0.005
# Below this way, distances are as good as none; and no pixel is farther than the second
# logarithm from one stroke, seen from another.
_NEAR, _MOST = _WAY / 2, 6.0
# Sweeps until no distance shrinks by more: a handful, but for mazes.
_STILL, _SWEEPS = 1e-3, 100
_FAR = 1e9


def stroke_distances(relief: Relief, marks: Marks, phases: int) -> Planes:
    """Return how far every pixel is from the strokes of each phase, ``(phases, rows, columns)``.

    Parameters
    ----------
    relief : Relief
        Of the picture: steps cost its squares, and a little for their length.
    marks : numpy.ndarray
        ``(rows, columns)``: k + 1 on the strokes of phase k.
    phases : int
        How many there are.

    References
    ----------
    .. [1] P. J. Toivanen, "New geodesic distance transforms for gray-scale images", Pattern
       Recognition Letters 17, 437-450, 1996.
    .. [2] A. Criminisi, T. Sharp, A. Blake, "GeoS: geodesic image segmentation", European
       Conference on Computer Vision, 2008.

    Examples
    --------
    >>> relief = Relief(np.array([[[0, 0, 9, 9]]], np.float32))
    >>> stroke_distances(relief, np.array([[1, 0, 0, 2]], np.uint8), 2).round(3)
    array([[[0.   , 0.005, 3.01 , 3.015]],
    <BLANKLINE>
           [[3.015, 3.01 , 0.005, 0.   ]]], dtype=float32)
    """
    from acetate.segment.cut.edge_loops import shorten

    slanting = np.float32(np.sqrt(2) * _WAY)
    steps = (
        relief.right + np.float32(_WAY),
        relief.below + np.float32(_WAY),
        relief.between((0, 0), (1, 1)) + slanting,
        relief.between((0, 1), (1, 0)) + slanting,
    )
    found = np.full((phases, *marks.shape), _FAR, np.float32)
    for k, distance in enumerate(found):
        distance[marks == k + 1] = 0
        for _ in range(_SWEEPS):
            if shorten(distance, *steps) <= _STILL:
                break
    return found


def distance_costs(distances: Planes, weight: float) -> Planes:
    """Return what the distances cost: logarithms of their ratio to the least, 0 for the nearest.

    Parameters
    ----------
    distances : numpy.ndarray
        ``(phases, rows, columns)`` float32.
    weight : float
        What the logarithms are multiplied by.

    Examples
    --------
    >>> distance_costs(np.array([[[0.0]], [[1.0]]], np.float32), 2.0).round(2).ravel()
    array([ 0.  , 11.99], dtype=float32)
    """
    raised = np.log(distances + np.float32(_NEAR))
    apart = np.minimum(raised - raised.min(axis=0), np.float32(_MOST))
    return np.asarray(apart * np.float32(weight), np.float32)

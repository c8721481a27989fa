"""From probabilities to labels: the blur, the threshold, and the clean-up."""

import numpy as np

from acetate.arrays import Array
from acetate.heat import diffuse
from acetate.segment.features.pictures import Planes

# Names of clean-ups, and the solvers behind them.
CLEANERS = {"heat-flow": "heat", "random-field": "max-flow"}
# A threshold of 0 or 1 counts as this: odds have to be finite.
_SURE = 1e-6


def flowed(planes: Planes, blur: float) -> Planes:
    """Return planes after heat has evened them out by a standard deviation in pixels.

    Examples
    --------
    >>> flowed(np.ones((2, 4, 4), np.float32), 1.0).shape
    (2, 4, 4)
    """
    if blur == 0:
        return planes
    stacked = diffuse(np.moveaxis(planes, 0, -1).copy(), blur**2 / 2)
    return np.moveaxis(stacked, -1, 0)


def labels_of(planes: Planes, threshold: float, clean: str, smoothness: float) -> Array:
    """Return the number of every pixel's class.

    Parameters
    ----------
    planes : numpy.ndarray
        ``(K, H, W)`` probabilities.
    threshold : float
        Of two classes, the second is what is above it.
    clean : {"none", "heat-flow", "random-field"}
        How labels are cleaned up.
    smoothness : float
        What a pixel of border costs there; 0 leaves labels as they are.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` integers below K.

    Notes
    -----
    For the clean-up of two classes the odds are divided by those of the threshold: a pixel at the
    threshold then costs as much in either class.

    Examples
    --------
    >>> likely = np.array([[0.1, 0.1, 0.6, 0.1, 0.9, 0.8, 0.9]], np.float32)
    >>> planes = np.stack([1 - likely, likely])
    >>> labels_of(planes, 0.5, "none", 0.0).tolist()
    [[0, 0, 1, 0, 1, 1, 1]]
    >>> labels_of(planes, 0.5, "random-field", 1.0).tolist()
    [[0, 0, 0, 0, 1, 1, 1]]
    """
    if clean != "none" and smoothness > 0:
        from acetate.segment.random_field import clean_up  # its loops are loaded where used

        chances = _evened(planes[1], threshold) if len(planes) == 2 else np.moveaxis(planes, 0, -1)
        solved = clean_up(np.clip(chances, 0, 1), smoothness, CLEANERS[clean])
        return solved.labels
    if len(planes) == 2:
        return (planes[1] > threshold).astype(np.intp)
    return planes.argmax(axis=0)


def _evened(likely: Planes, threshold: float) -> Planes:
    """Return probabilities of which the threshold is a half."""
    t = np.float32(np.clip(threshold, _SURE, 1 - _SURE))
    yes, no = likely * (1 - t), (1 - likely) * t
    return np.asarray(yes / (yes + no), np.float32)

"""The mean field: every pixel's probabilities, given those of its neighbours, by filters."""

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.segment.random_field.potts import Labels, PottsField, least_of
from acetate.segment.random_field.solved import Solved

# Neighbours that see each other change move only so much of the way: no flicker.
_PART = 0.8
_MOST_STEPS = 100
# Stop when probabilities change by no more than this in the mean.
_STILL = 1e-4


def mean_field(field: PottsField, start: Labels | None = None) -> Solved:
    """Let every pixel's probabilities follow the mean of its neighbours' until they rest.

    Parameters
    ----------
    field : PottsField
        The energy.
    start : numpy.ndarray or None
        ``(H, W)`` labels to begin with; None takes the probabilities that the costs stand for.

    Returns
    -------
    Solved
        The most probable phase of every pixel: near the least energy, and less rugged.

    Raises
    ------
    TypeError, ValueError
        If the start is none of the field's.

    Notes
    -----
    Fixed point of ``q_k = softmax_k(sum of weights * q_k of neighbours - cost_k)`` (Peterson and
    Anderson 1987), all pixels at once, most of the way in each step.

    Examples
    --------
    >>> field = PottsField(np.array([[[0, 1.0, 0]], [[1, 0, 1]]]), 1.5, connectivity=4)
    >>> mean_field(field).labels
    array([[0, 0, 0]], dtype=uint8)
    """
    kernel, scores = _kernel(field), np.empty_like(field.relative)
    chances = _softmax(-field.relative) if start is None else _certain(field, field.check(start))
    rests, step = False, 0
    while not rests and step < _MOST_STEPS:
        step += 1
        for score, chance in zip(scores, chances, strict=True):
            cv2.filter2D(chance, -1, kernel, dst=score, borderType=cv2.BORDER_CONSTANT)
        scores -= field.relative
        change = _softmax(scores) - chances
        change *= np.float32(_PART)
        chances += change
        moved = cv2.norm(change.reshape(len(change), -1), cv2.NORM_L1)
        rests = moved <= _STILL * change.size
    labels = least_of(-chances)
    return Solved(labels, field.energy(labels), step, rests)


def _kernel(field: PottsField) -> NDArray[np.float32]:
    side, corner = field.weights / field.scale
    return np.array([[corner, side, corner], [side, 0, side], [corner, side, corner]], np.float32)


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities from scores, which are changed."""
    scores -= scores.max(axis=0)
    for score in scores:
        cv2.exp(score, dst=score)
    return scores / scores.sum(axis=0)


def _certain(field: PottsField, labels: Labels) -> NDArray[np.float32]:
    return np.stack([(labels == k).astype(np.float32) for k in range(field.phases)])

"""Threshold, blur and smoothness of the labels, chosen on pixels that the model did not see."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from acetate.arrays import Array

# Standard deviations, in pixels, of the blurs to choose from; a bolder one has to gain this much.
BLURS = (0.0, 1.0, 2.0, 3.0)
_GAIN = 0.002
# What a pixel of border may cost in a clean-up; a smoother one has to gain as much.
SMOOTHNESSES = (0.0, 0.5, 1.0, 2.0, 4.0)
# Evenly spaced in the logarithm of the odds, as probabilities crowd at both ends.
THRESHOLDS = 1 / (1 + np.exp(-np.linspace(-4, 6, 101)))
# Thresholds count for the share where models tell object from background at least so well.
_TELLING = 0.5


@dataclass(frozen=True)
class Calibration:
    """What was chosen, and what it scored.

    Parameters
    ----------
    threshold : float
        A pixel belongs to the object where its probability is above it.
    blur : float
        Standard deviation of the blur of probabilities, in pixels.
    dice : float or None
        Of the pixels left out, at the expected share of objects; None if there was no choice.
    share : float or None
        The part of the pictures that is expected to be object.
    smoothness : float
        What a pixel of border costs in the clean-up of labels; 0 without one.

    Examples
    --------
    >>> Calibration(0.5, 0.0, None, None).threshold
    0.5
    """

    threshold: float
    blur: float
    dice: float | None
    share: float | None
    smoothness: float = 0.0


def calibrate(
    scores: Callable[[float], tuple[Array, Array]],
    truth: Array,
    blurs: tuple[float, ...],
    share: float | None,
) -> Calibration:
    """Return the threshold and blur with the highest expected Dice.

    Parameters
    ----------
    scores : callable
        From a blur to probabilities of the labelled pixels by models that did not see them,
        ``(n,)``, and to those of all pixels of the pictures, ``(m,)``.
    truth : numpy.ndarray
        ``(n,)`` bool: which labelled pixels are object.
    blurs : tuple of float
        To choose from, rising.
    share : float or None
        The part of the pictures that is object, where all is labelled. None estimates it: of
        strokes, the part under objects says nothing.

    Notes
    -----
    With strokes, the share is the median of ``(rate - fpr) / (tpr - fpr)`` over thresholds (median
    sweep, Forman 2008); the expected Dice at a threshold is ``2 share tpr / (rate + share)``, with
    the rate of all pixels.

    References
    ----------
    G. Forman, "Quantifying counts and costs via classification", Data Mining and Knowledge
    Discovery 17 (2008).

    Examples
    --------
    >>> p = np.array([0.1, 0.2, 0.3, 0.4])
    >>> found = calibrate(lambda blur: (p, p), p > 0.15, (0.0,), 0.75)
    >>> found.dice, 0.1 <= found.threshold < 0.2
    (1.0, True)
    """
    best: Calibration | None = None
    for blur in blurs:
        seen, everywhere = scores(blur)
        found = _at(blur, seen, everywhere, truth, share)
        assert found.dice is not None
        if best is None or best.dice is None or found.dice > best.dice + _GAIN:
            best = found
    assert best is not None
    return best


def calibrate_smoothness(
    masks: Callable[[float], tuple[Array, Array]],
    truth: Array,
    share: float,
) -> tuple[float, float]:
    """Return the smoothness of a clean-up with the highest expected Dice, and that Dice.

    Parameters
    ----------
    masks : callable
        From a smoothness to labels of the labelled pixels by models that did not see them,
        ``(n,)`` booleans, and to those of all pixels of the pictures, ``(m,)``.
    truth : numpy.ndarray
        ``(n,)`` bool: which labelled pixels are object.
    share : float
        The part of the pictures that is object, as `Calibration` has it.

    Examples
    --------
    >>> truth = np.array([False, True])
    >>> calibrate_smoothness(lambda s: (truth if s else ~truth, truth), truth, 0.5)
    (0.5, 1.0)
    """
    best = (0.0, -1.0)
    for smoothness in SMOOTHNESSES:
        seen, everywhere = masks(smoothness)
        true = float(seen[truth].mean())
        rate = max(float(everywhere.mean()), share * true)
        dice = 2 * share * true / (rate + share)
        if dice > best[1] + (_GAIN if smoothness else 0.0):
            best = (smoothness, dice)
    return best


def _at(
    blur: float, seen: Array, everywhere: Array, truth: Array, share: float | None
) -> Calibration:
    true, false = _rates(seen[truth]), _rates(seen[~truth])
    if share is None:
        rate = _rates(everywhere)
        part = _share(true, false, rate)
        # What is found holds at least what is found of the class: Dice is at most 1.
        rate = np.maximum(rate, part * true)
    else:
        part = share
        rate = part * true + (1 - part) * false
    dice = 2 * part * true / (rate + part)
    # The middle of the best thresholds' plateau.
    good = np.flatnonzero(dice >= dice.max() - 1e-12)
    threshold = THRESHOLDS[good[len(good) // 2]]
    return Calibration(float(threshold), blur, float(dice.max()), float(part))


def _rates(scores: Array) -> Array:
    """Return the part of the scores above each threshold."""
    counts = np.searchsorted(np.sort(scores), THRESHOLDS.astype(scores.dtype), side="right")
    return np.asarray(1 - counts / len(scores))


def _share(true: Array, false: Array, rate: Array) -> float:
    differ = true - false
    telling = differ >= min(_TELLING, differ.max())
    parts = (rate - false)[telling] / np.maximum(differ[telling], 1e-3)
    return float(np.clip(np.median(parts), 1e-3, 1.0))

"""How a threshold bears with other pictures: brighter, noisier, or of other samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, full_scale
from acetate.names import nearest
from acetate.seeds import Seed, generator
from acetate.segment.gray import above, gray_values
from acetate.segment.threshold.rules import RULES, find_threshold

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Robustness:
    """Volume fractions of realisations of a picture.

    Parameters
    ----------
    shifts : tuple of float
        What was added to each realisation, as a part of white.
    thresholds : tuple of float
        That of each, in units of the picture; all the same if it was a number.
    fractions : tuple of float
        Which part of each is foreground.
    quartiles : (25 %, 50 %, 75 %)
        Of the fractions.

    Examples
    --------
    >>> Robustness((0.0,), (83.0,), (0.2,), (0.2, 0.2, 0.2)).quartile_range
    0.0
    """

    shifts: tuple[float, ...]
    thresholds: tuple[float, ...]
    fractions: tuple[float, ...]
    quartiles: tuple[float, float, float]

    @property
    def quartile_range(self) -> float:
        """The 75 % quartile minus the 25 % quartile."""
        return self.quartiles[2] - self.quartiles[0]

    @property
    def worst(self) -> float:
        """The largest fraction over the smallest; infinity if that is 0."""
        least, most = min(self.fractions), max(self.fractions)
        return most / least if least > 0 else inf


def robustness(
    image: Array,
    threshold: float | str,
    *,
    shift: float | Sequence[float] = 0.0,
    noise: float = 0.0,
    realisations: int = 8,
    bright: bool = True,
    seed: Seed = None,
) -> Robustness:
    """Return the volume fractions of a picture that is made brighter, darker or noisier.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``, whose mean over the channels counts; uint8, uint16, or
        float32/float64 in [0, 1].
    threshold : float or str
        In units of the picture; or the name of a rule, which finds one in each realisation.
    shift : float or sequence of float
        What is added, as a part of white: at most so much up or down, at random; or the shifts
        themselves, one for each realisation.
    noise : float
        Standard deviation of the Gaussian noise that is added, as a part of white.
    realisations : int
        How many, where `shift` does not tell.
    bright : bool
        The foreground is above the threshold; False: it is not above.
    seed : int, numpy.random.Generator or None
        Of shifts and noise.

    Returns
    -------
    Robustness
        Realisations are not clipped at black and white, nor rounded.

    Raises
    ------
    TypeError, ValueError
        If the image is none, there is no such rule, or a number makes no sense.

    Examples
    --------
    >>> image = np.array([[50, 60, 200]], np.uint8)
    >>> robustness(image, 55.0, shift=[-0.1, 0.0, 0.1]).fractions
    (0.3333333333333333, 0.6666666666666666, 1.0)
    >>> robustness(image, "otsu", shift=[-0.1, 0.0, 0.1]).fractions
    (0.3333333333333333, 0.3333333333333333, 0.3333333333333333)
    """
    _check(threshold, noise, realisations)
    values = gray_values(image).astype(np.float64)
    white, rng = full_scale(image.dtype), generator(seed)
    shifts = _shifts(shift, realisations, rng)
    found = [
        _fraction(values + white * (s + _noise(values, noise, rng)), threshold, bright)
        for s in shifts
    ]
    fractions = tuple(fraction for _, fraction in found)
    low, middle, high = (float(q) for q in np.quantile(fractions, (0.25, 0.5, 0.75)))
    return Robustness(shifts, tuple(t for t, _ in found), fractions, (low, middle, high))


@dataclass(frozen=True)
class CrossTable:
    """Volume fractions of samples at each other's thresholds.

    Parameters
    ----------
    thresholds : tuple of float
        The one that the rule finds in each sample, in units of the pictures.
    fractions : numpy.ndarray
        ``(n, n)``: in row i, how much of each sample is foreground at the threshold of sample i.

    Examples
    --------
    >>> CrossTable((5.0,), np.array([[0.5]])).worst_range.tolist()
    [0.0]
    """

    thresholds: tuple[float, ...]
    fractions: Floats

    @property
    def worst_range(self) -> Floats:
        """For each sample the difference between its largest and its smallest fraction."""
        return np.ptp(self.fractions, axis=0)


def cross_apply(images: Sequence[Array], rule: str = "otsu", bright: bool = True) -> CrossTable:
    """Find the threshold of every sample, and apply it to all of them.

    Parameters
    ----------
    images : sequence of numpy.ndarray
        Each as in `robustness`, all of one dtype.
    rule : str
        One of those of `Threshold`.
    bright : bool
        The foreground is above the threshold; False: it is not above.

    Returns
    -------
    CrossTable
        On its diagonal, each sample at its own threshold.

    Raises
    ------
    TypeError, ValueError
        If there are none, one is no image, their dtypes differ, or there is no such rule.

    Examples
    --------
    >>> dark, light = np.array([[1, 2, 9]], np.uint8), np.array([[4, 5, 9]], np.uint8)
    >>> cross_apply([dark, light]).fractions.round(2)
    array([[0.33, 1.  ],
           [0.33, 0.33]])
    """
    grays = [gray_values(image) for image in images]
    if len({gray.dtype for gray in grays}) != 1:
        names = ", ".join(sorted({str(gray.dtype) for gray in grays})) or "no image"
        raise ValueError(f"samples must be at least one image, all of one dtype, got {names}")
    _check(rule, 0.0, 1)
    thresholds = tuple(find_threshold(gray, rule).threshold for gray in grays)
    fractions = [[_part(gray, t, bright) for gray in grays] for t in thresholds]
    return CrossTable(thresholds, np.array(fractions))


def _check(threshold: Any, noise: float, realisations: int) -> None:
    if isinstance(threshold, str):
        if threshold not in RULES:
            raise ValueError(
                f"there is no rule {threshold!r}; the nearest is {nearest(threshold, RULES)!r}"
            )
    elif not -inf < threshold < inf:
        raise ValueError(f"a threshold must be finite, got {threshold!r}")
    if not 0 <= noise < inf:
        raise ValueError(f"noise must be at least 0 and finite, got {noise!r}")
    if realisations < 1:
        raise ValueError(f"there must be at least 1 realisation, got {realisations!r}")


def _shifts(
    shift: float | Sequence[float], realisations: int, rng: np.random.Generator
) -> tuple[float, ...]:
    if isinstance(shift, int | float):
        if not 0 <= shift < inf:
            raise ValueError(f"shift must be at least 0 and finite, got {shift!r}")
        return tuple(rng.uniform(-shift, shift, realisations).tolist())
    shifts = tuple(float(s) for s in shift)
    if not shifts or not np.isfinite(shifts).all():
        raise ValueError(f"shifts must be at least one number, all finite, got {shifts}")
    return shifts


def _noise(values: Floats, noise: float, rng: np.random.Generator) -> Floats | float:
    return noise * rng.standard_normal(values.shape) if noise else 0.0


def _fraction(values: Floats, threshold: float | str, bright: bool) -> tuple[float, float]:
    if isinstance(threshold, str):
        threshold = find_threshold(values, threshold).threshold
    return float(threshold), _part(values, threshold, bright)


def _part(gray: Array, threshold: float, bright: bool) -> float:
    part = float(above(gray, threshold).mean())
    return part if bright else 1 - part

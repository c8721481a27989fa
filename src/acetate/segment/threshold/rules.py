"""Rules that find one threshold in a histogram, by name: what is above it is the bright side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from acetate.arrays import Array
from acetate.segment.threshold.histogram import Floats, Histogram, histogram

# A histogram that has not come down to two modes by then hardly changes any more.
_MOST_SMOOTHING = 10_000


@dataclass(frozen=True)
class Cut:
    """A threshold, and in how many iterations it was found (0: not by iterating).

    Examples
    --------
    >>> Cut(83.0).iterations
    0
    """

    threshold: float
    iterations: int = 0


def find_threshold(gray: Array, rule: str, bins: int = 256) -> Cut:
    """Return the threshold of a picture by one of the `RULES`.

    Parameters
    ----------
    gray : numpy.ndarray
        ``(H, W)``; uint8, uint16, float32 or float64, finite.
    rule : str
        A name in `RULES`.
    bins : int
        At most so many for rules that look at the shape of the histogram (`SHAPE_RULES`); the
        others use each value of integers, and 65536 bins of floats.

    Returns
    -------
    Cut
        In units of the picture. A picture of a single value has that as threshold, by any rule.

    Raises
    ------
    ValueError
        If the histogram has no two modes and the rule needs them.

    Examples
    --------
    >>> find_threshold(np.array([[10, 12, 90]], np.uint8), "isodata")
    Cut(threshold=50.5, iterations=2)
    """
    found = histogram(gray)
    if len(found.counts) == 1:
        return Cut(float(found.values[0]))
    return RULES[rule](found.coarser(bins) if rule in SHAPE_RULES else found)


def otsu(found: Histogram) -> Cut:
    """Return the threshold with the most variance between both sides (Otsu 1979).

    Examples
    --------
    >>> otsu(Histogram.of_values([5, 0, 5], [1, 2, 3])).threshold
    1.0
    """
    dark = found.below[:-1]
    bright = found.pixels - dark
    apart = found.sums[:-1] / dark - (found.sums[-1] - found.sums[:-1]) / bright
    return Cut(float(found.ends[np.argmax(dark * bright * apart**2)]))


def isodata(found: Histogram) -> Cut:
    """Return the mean of the means of both sides, from the middle of the range until it stays.

    Ridler and Calvard 1978. The threshold is that mean itself. scikit-image returns the lowest
    value that is within a bin below the mean of its means: another one where there are several.

    Examples
    --------
    >>> isodata(Histogram.of_values([5, 0, 5], [1, 2, 4])).threshold
    2.5
    """
    threshold, iterations = float(found.values[0] + found.values[-1]) / 2, 0
    while True:
        # The means rise with the threshold, so it moves in one direction, and has to stop.
        following = sum(found.means(threshold)) / 2
        iterations += 1
        if following == threshold:
            return Cut(threshold, iterations)
        threshold = following


def intermodes(found: Histogram) -> Cut:
    """Return the point half-way between the two modes (Prewitt and Mendelsohn 1966).

    Examples
    --------
    >>> intermodes(Histogram.of_values([1, 5, 1, 1, 3], range(5))).threshold
    2.5
    """
    _, first, last, iterations = _two_modes(found)
    return Cut(float(found.values[[first, last]].mean()), iterations)


def minimum(found: Histogram) -> Cut:
    """Return the lowest point between the two modes (Prewitt and Mendelsohn 1966).

    Examples
    --------
    >>> minimum(Histogram.of_values([1, 5, 1, 2, 3], range(5))).threshold
    2.0
    """
    counts, first, last, iterations = _two_modes(found)
    return Cut(float(found.ends[first + np.argmin(counts[first : last + 1])]), iterations)


def mean(found: Histogram) -> Cut:
    """Return the mean of all values (Glasbey 1993).

    Examples
    --------
    >>> mean(Histogram.of_values([3, 1], [10, 14])).threshold
    11.0
    """
    return Cut(found.mean)


def triangle(found: Histogram) -> Cut:
    """Return the value farthest below the line from the peak to the far end (Zack et al. 1977).

    As scikit-image measures it; OpenCV's threshold may differ by one.

    Examples
    --------
    >>> triangle(Histogram.of_values([9, 1, 1, 1, 1], range(5))).threshold
    1.0
    """
    counts, peak = found.counts, int(np.argmax(found.counts))
    tail_is_right = peak < len(counts) - 1 - peak
    if tail_is_right:
        counts = counts[::-1]
        peak = len(counts) - 1 - peak
    steps = np.arange(peak)
    farthest = int(np.argmax(counts[peak] * steps - peak * counts[:peak]))
    return Cut(float(found.ends[-1 - farthest if tail_is_right else farthest]))


def li(found: Histogram) -> Cut:
    """Return a threshold of least cross entropy (Li and Lee 1993), by Li and Tam's steps (1998).

    Values count from the least one, as in scikit-image; from the mean until the sides stay.

    Examples
    --------
    >>> li(Histogram.of_values([4, 1, 0, 4], range(4))).threshold.__round__(3)
    1.034
    """
    shifted = Histogram.of_values(found.counts, found.values - found.values[0])
    threshold, iterations, seen = shifted.mean, 0, set[float]()
    while threshold not in seen:
        seen.add(threshold)
        iterations += 1
        dark, bright = shifted.means(threshold)
        if dark == 0:
            threshold = 0.0
            break
        threshold = (bright - dark) / (np.log(bright) - np.log(dark))
    return Cut(float(threshold + found.values[0]), iterations)


def yen(found: Histogram) -> Cut:
    """Return the threshold of the most correlation (Yen, Chang and Chang 1995).

    Examples
    --------
    >>> yen(Histogram.of_values([4, 1, 1, 4], range(4))).threshold
    1.0
    """
    parts = found.counts / found.pixels
    below, squares = np.cumsum(parts)[:-1], np.cumsum(parts**2)[:-1]
    others = np.cumsum(parts[::-1] ** 2)[::-1][1:]
    return Cut(float(found.ends[np.argmax((below * (1 - below)) ** 2 / (squares * others))]))


def kapur(found: Histogram) -> Cut:
    """Return the threshold with the most entropy of both sides (Kapur, Sahoo and Wong 1985).

    Examples
    --------
    >>> kapur(Histogram.of_values([4, 4, 1, 1], range(4))).threshold
    1.0
    """
    parts = found.counts / found.pixels
    terms = np.cumsum(parts * np.log(np.where(parts > 0, parts, 1.0)))
    below = np.cumsum(parts)[:-1]
    dark, bright = terms[:-1] / below, (terms[-1] - terms[:-1]) / (1 - below)
    return Cut(float(found.ends[np.argmax(np.log(below * (1 - below)) - dark - bright)]))


RULES: dict[str, Callable[[Histogram], Cut]] = {
    "otsu": otsu,
    "isodata": isodata,
    "intermodes": intermodes,
    "minimum": minimum,
    "mean": mean,
    "triangle": triangle,
    "li": li,
    "yen": yen,
    "kapur": kapur,
}
SHAPE_RULES = ("intermodes", "minimum", "triangle", "yen", "kapur")


def _two_modes(found: Histogram) -> tuple[Floats, int, int, int]:
    """Smooth by means of three until two modes are left; beyond the ends there is nothing."""
    counts = found.counts
    for iterations in range(_MOST_SMOOTHING):
        modes = _modes(counts)
        if len(modes) == 2:
            return counts, modes[0], modes[1], iterations
        if len(modes) < 2:
            break
        counts = np.convolve(counts, np.full(3, 1 / 3), mode="same")
    raise ValueError(
        f"the histogram has no two modes: smoothing leaves {len(modes)}; choose another rule, "
        "such as otsu"
    )


def _modes(counts: Floats) -> list[int]:
    """Return where counts are higher than on both sides; of a flat top, its middle."""
    changes = np.flatnonzero(np.diff(counts, prepend=0.0, append=0.0))
    rises = np.diff(counts, prepend=0.0, append=0.0)[changes] > 0
    tops = np.flatnonzero(rises[:-1] & ~rises[1:])
    return [int(n) for n in (changes[tops] + changes[tops + 1] - 1) // 2]

"""SizedThreshold: the threshold whose objects have the sizes that are wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment.components import check_connectivity, parts_of
from acetate.segment.gray import Labels, above, gray_values, pixels_of
from acetate.segment.prompts import refuse_prompt
from acetate.segment.segmentation import Segmentation
from acetate.segment.threshold.histogram import histogram


@dataclass(frozen=True)
class SizedFacts:
    """What a search by size tried and found.

    Parameters
    ----------
    thresholds : tuple of float
        The chosen one, in units of the picture.
    pixels : tuple of int
        How many the background has, and the foreground.
    fractions : tuple of float
        Which part of the picture each is.
    objects, in_range : int
        How many objects there are, and how many of them have sizes in the range.
    fraction_in_range : float
        The latter over the former; 0 if there are none.
    tried : tuple of (threshold, objects, in range)
        Every threshold that was looked at, ascending.

    Examples
    --------
    >>> SizedFacts((9.0,), (3, 1), (0.75, 0.25), 2, 1, 0.5, ((9.0, 2, 1),)).in_range
    1
    """

    thresholds: tuple[float, ...]
    pixels: tuple[int, ...]
    fractions: tuple[float, ...]
    objects: int
    in_range: int
    fraction_in_range: float
    tried: tuple[tuple[float, int, int], ...]


@dataclass(frozen=True)
class SizedThreshold:
    """Divide a picture at the threshold whose objects have the sizes that are wanted.

    Parameters
    ----------
    min_size, max_size : int
        The sizes, in pixels, ends included.
    blur : float
        Blur before, with a Gaussian of that standard deviation in pixels: against noise.
    candidates : int
        At most so many thresholds are tried, evenly spread over the values that the picture has.
    connectivity : {4, 8}
        Whether pixels of one object meet at sides alone, or at corners too.
    bright : bool
        Objects are above the threshold; False: they are not above.

    Raises
    ------
    TypeError, ValueError
        If a parameter has another kind or is out of range, or `min_size` is above `max_size`.

    Notes
    -----
    Of the objects at a threshold a part p has sizes in the range, and compared with the threshold
    that has most such objects there is a part r of them. The threshold with the largest
    ``2 p r / (p + r)`` wins, of several in a row the one in the middle: neither one good object
    alone nor a few among many specks does. If no threshold gives an object in the range, the
    picture is all background.

    Examples
    --------
    >>> picture = np.full((20, 20), 10, np.uint8)
    >>> picture[::3, ::3] = 60
    >>> picture[5:10, 5:10] = 120
    >>> found = SizedThreshold(min_size=20, max_size=30).segment(picture)
    >>> int(found.mask.sum()), found.facts.fraction_in_range
    (25, 1.0)
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "min_size": (30, 100),
        "max_size": (1000, 10_000),
        "blur": (0.0, 1.5),
    }
    QUALITY: ClassVar[str] = "fraction_in_range"

    min_size: int = option(100, "Least size of an object.", 1, 2**31 - 1, "px^2")
    max_size: int = option(10_000, "Largest size of an object.", 1, 2**31 - 1, "px^2")
    blur: float = option(0.0, "Blur before, against noise.", 0.0, 1000.0, "px")
    candidates: int = option(64, "At most so many thresholds are tried.", 2, 65_536)
    connectivity: int = option(8, "Neighbours that belong to one object: 4 or 8.", 4, 8)
    bright: bool = option(True, "Objects are above the threshold, not below.")

    def __post_init__(self) -> None:
        check_options(self)
        check_connectivity(self.connectivity)
        if self.min_size > self.max_size:
            raise ValueError(
                f"min_size must not be above max_size, got {self.min_size} and {self.max_size}"
            )

    def segment(self, image: Array, prompt: None = None) -> Segmentation[SizedFacts]:
        """Return 1 in the foreground and 0 in the background.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``, whose mean over the channels counts; uint8, uint16, or
            float32/float64 in [0, 1].
        prompt : None
            It takes none.

        Returns
        -------
        Segmentation
            The foreground has objects of other sizes, too: the facts tell how many.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or there is a prompt.
        """
        refuse_prompt(prompt, "sized-threshold")
        gray = gray_values(image, self.blur)
        candidates = _spread(gray, self.candidates)
        tried = tuple((t, *self._count(self._side(gray, t))) for t in candidates)
        threshold, objects, good = tried[_best(tried)]
        labels = self._side(gray, threshold)
        if good == 0:
            labels, objects = np.zeros_like(labels), 0
        pixels = pixels_of(labels, 2)
        fractions = tuple(n / labels.size for n in pixels)
        part = good / max(objects, 1)
        facts = SizedFacts((threshold,), pixels, fractions, objects, good, part, tried)
        return Segmentation(labels, facts)

    def _side(self, gray: Array, threshold: float) -> Labels:
        found = above(gray, threshold)
        return (found if self.bright else ~found).view(np.uint8)

    def _count(self, labels: Labels) -> tuple[int, int]:
        """Count the objects, and those of them that have a wanted size."""
        sizes = parts_of(labels.view(np.bool_), self.connectivity)[1][1:]
        return len(sizes), int(
            np.count_nonzero((sizes >= self.min_size) & (sizes <= self.max_size))
        )


def _spread(gray: Array, most: int) -> list[float]:
    """Return values of the picture to be thresholds: all but the highest, or some of them."""
    found = histogram(gray)
    values = found.ends[found.counts > 0]
    inner = values[:-1] if len(values) > 1 else values
    index = np.linspace(0, len(inner) - 1, min(most, len(inner))).round().astype(int)
    return [float(v) for v in inner[index]]


def _best(tried: tuple[tuple[float, int, int], ...]) -> int:
    """Return the place of the best threshold, in the middle of the first of the best runs."""
    objects, good = np.array([row[1] for row in tried]), np.array([row[2] for row in tried])
    parts, reached = good / np.maximum(objects, 1), good / max(good.max(), 1)
    scores = 2 * parts * reached / np.maximum(parts + reached, 1e-9)
    first = int(np.argmax(scores))
    others = np.flatnonzero(scores[first:] < scores[first])
    run = int(others[0]) if others.size else len(scores) - first
    return first + (run - 1) // 2

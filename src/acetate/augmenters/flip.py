"""Flips: exact mirror images."""

from typing import Any

import numpy as np

from acetate.augmenters.base import Geometric
from acetate.geometry import Frame, Map, Projective
from acetate.parameters import probability
from acetate.seeds import Seed


class Fliplr(Geometric):
    """Mirror left and right.

    Landmarks with a `mirror` table change names with it.

    Parameters
    ----------
    p : float or parameter
        Probability.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Fliplr(1.0)(image=np.array([[1, 2, 3]], np.uint8))
    array([[3, 2, 1]], dtype=uint8)
    """

    axis = 1

    def __init__(self, p: Any = 1, seed: Seed = None, name: str | None = None) -> None:
        super().__init__(seed=seed, name=name)
        self.p = probability(p, "p")

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw whether to mirror."""
        return (Projective.mirror(frame, self.axis), frame) if self.p.draw_sample(rng) else None


class Flipud(Fliplr):
    """Mirror top and bottom.

    Parameters
    ----------
    p : float or parameter
        Probability.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> Flipud(1.0)(image=np.array([[1], [2]], np.uint8))
    array([[2],
           [1]], dtype=uint8)
    """

    axis = 0


HorizontalFlip = Fliplr
VerticalFlip = Flipud

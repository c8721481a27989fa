"""Bands of pictures that are held out in turn: models that did not see them, and what they say."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.segment.features.pictures import Planes
from acetate.segment.pixels.labels import Labelled, band_of_lines, bands


class HeldOut:
    """Folds of labelled pixels that lie apart, and a model for each that saw all others.

    Parameters
    ----------
    pixels : Labelled
        Which are labelled.
    shapes : list of tuple of int
        Of the pictures.
    count : int
        How many folds.

    Examples
    --------
    >>> four = np.arange(4)
    >>> pixels = Labelled(0 * four, 0 * four, four, four % 2)
    >>> held = HeldOut(pixels, [(1, 4)], 2)
    >>> held.folds.tolist()
    [0, 0, 1, 1]
    """

    def __init__(self, pixels: Labelled, shapes: list[tuple[int, ...]], count: int) -> None:
        self.pixels = pixels
        self.shapes = shapes
        self.folds = bands(pixels, shapes, count)

    def models(self, fit: Callable[[Array], Any]) -> dict[int, Any]:
        """Return by fold the model that is fitted on all others, where those have every class.

        Parameters
        ----------
        fit : callable
            From which of the labelled pixels to take, booleans, to a model.
        """
        classes = len(np.unique(self.pixels.label))
        return {
            int(fold): fit(self.folds != fold)
            for fold in np.unique(self.folds)
            if len(np.unique(self.pixels.label[self.folds != fold])) == classes
        }

    def stitched(self, number: int, maps: Sequence[Planes], known: Sequence[int]) -> Planes:
        """Return what each part of a picture is called by the model that did not see it.

        Parameters
        ----------
        number : int
            Of the picture.
        maps : sequence of numpy.ndarray
            ``(K, H, W)`` each, by the models of `known` folds.
        known : sequence of int
            Folds, rising; parts of others are taken from the nearest before, or the first.
        """
        shape = self.shapes[number]
        lines = band_of_lines(self.pixels, self.folds, number, shape)
        order = np.maximum(np.searchsorted(known, lines, side="right") - 1, 0)
        tall = shape[0] >= shape[1]
        out = np.empty_like(maps[0])
        for place, found in enumerate(maps):
            mine = order == place
            part = np.s_[:, mine] if tall else np.s_[:, :, mine]
            out[part] = found[part]
        return out

    def missing(self, models: dict[int, Any]) -> list[int]:
        """Return folds without a model."""
        return [int(fold) for fold in np.unique(self.folds) if fold not in models]

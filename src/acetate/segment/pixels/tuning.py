"""Tuning: threshold, blur and smoothness that suit what held-out models say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.segment.features.pictures import Planes
from acetate.segment.pixels.calibration import (
    BLURS,
    Calibration,
    calibrate,
    calibrate_smoothness,
)
from acetate.segment.pixels.decision import flowed, labels_of
from acetate.segment.pixels.held_out import HeldOut

Maps = Callable[[int, list[Any]], list[Planes]]


@dataclass(frozen=True)
class Wanted:
    """What the user has set, and what is to be chosen.

    Parameters
    ----------
    threshold, blur, smoothness : float or None
        None where it is to be chosen.
    clean : {"none", "heat-flow", "random-field"}
        How labels are cleaned up.

    Examples
    --------
    >>> Wanted(0.5, 0.0, "none", None).is_whole
    True
    """

    threshold: float | None
    blur: float | None
    clean: str
    smoothness: float | None

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing to choose."""
        known = self.clean == "none" or self.smoothness is not None
        return known and self.threshold is not None and self.blur is not None

    def default(self) -> Calibration:
        """Return what is taken where nothing can be chosen."""
        threshold = 0.5 if self.threshold is None else self.threshold
        return Calibration(threshold, self.blur or 0.0, None, None, self._smoothness(1.0))

    def _smoothness(self, chosen: float) -> float:
        if self.clean == "none":
            return 0.0
        return chosen if self.smoothness is None else float(self.smoothness)

    def completed(self, found: Calibration, smoothness: float, dice: float | None) -> Calibration:
        """Return a calibration with what was set instead of what was chosen."""
        if self.threshold is not None:
            threshold, dice = self.threshold, None
        else:
            threshold = found.threshold
        return Calibration(threshold, found.blur, dice, found.share, self._smoothness(smoothness))


def tuned(
    held: HeldOut,
    fit: Callable[[Array], Any],
    maps: Maps,
    wanted: Wanted,
    share: float | None,
) -> Calibration:
    """Return what is set, and for two classes the best of what is not.

    Parameters
    ----------
    held : HeldOut
        The labelled pixels.
    fit : callable
        From which of them to take to a model.
    maps : callable
        From the number of a picture and models to probabilities ``(K, H, W)`` by each.
    wanted : Wanted
        What is set.
    share : float or None
        The part of the pictures that is object; None if it is not known.
    """
    classes = np.unique(held.pixels.label)
    if wanted.is_whole or len(classes) != 2:
        return wanted.default()
    models = held.models(fit)
    truth = held.pixels.label == classes[1]
    seen = np.isin(held.folds, list(models))
    if not truth[seen].any() or truth[seen].all():
        return wanted.default()
    said = [maps(number, list(models.values())) for number in range(len(held.shapes))]
    return _Tuning(held, list(models), said, truth, seen).best(wanted, share)


@dataclass(frozen=True, eq=False)
class _Tuning:
    """What held-out models say of the pictures, and what is true where it is known."""

    held: HeldOut
    known: list[int]
    said: list[list[Planes]]
    truth: Array
    seen: Array

    def best(self, wanted: Wanted, share: float | None) -> Calibration:
        """Return the best threshold and blur, and after that the best smoothness."""
        blurs = BLURS if wanted.blur is None else (float(wanted.blur),)
        found = calibrate(self._scores, self.truth[self.seen], blurs, share)
        smoothness, dice = 0.0, found.dice
        if wanted.clean != "none" and wanted.smoothness is None and found.share is not None:
            threshold = found.threshold if wanted.threshold is None else wanted.threshold
            stitched = [
                flowed(self.held.stitched(number, maps, self.known), found.blur)
                for number, maps in enumerate(self.said)
            ]
            smoothness, dice = calibrate_smoothness(
                lambda s: self._masks(stitched, threshold, wanted.clean, s),
                self.truth[self.seen],
                found.share,
            )
        return wanted.completed(found, smoothness, dice)

    def _scores(self, blur: float) -> tuple[Array, Array]:
        """Return what is said of labelled pixels by models that did not see them, and of all."""
        order = np.searchsorted(self.known, self.held.folds[self.seen])
        maps = [flowed(np.stack([each[-1] for each in maps]), blur) for maps in self.said]
        pixels = self.held.pixels.take(self.seen)
        seen = np.empty(len(order), np.float32)
        for number, each in enumerate(maps):
            at = pixels.picture == number
            seen[at] = each[order[at], pixels.row[at], pixels.column[at]]
        return seen, np.concatenate([each.ravel() for each in maps])

    def _masks(
        self, stitched: list[Planes], threshold: float, clean: str, smoothness: float
    ) -> tuple[Array, Array]:
        masks = [labels_of(planes, threshold, clean, smoothness) == 1 for planes in stitched]
        pixels = self.held.pixels.take(self.seen)
        seen = np.empty(len(pixels.label), bool)
        for number, mask in enumerate(masks):
            at = pixels.picture == number
            seen[at] = mask[pixels.row[at], pixels.column[at]]
        return seen, np.concatenate([mask.ravel() for mask in masks])

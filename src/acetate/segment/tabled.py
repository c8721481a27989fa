"""Phases whose costs are looked up: a table for all colours that a picture has."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.segment.border import WHOLE, Heat
from acetate.segment.values import Floats, Labels, Plane, Values, counts


@dataclass(frozen=True)
class Tabled:
    """Fitted phases.

    Parameters
    ----------
    codes : numpy.ndarray
        The colour of every pixel by number, ``(rows, columns)``; uint8 or int32.
    tables : numpy.ndarray
        What each colour costs in each phase, ``(phases, colours)``; infinite for a phase without
        pixels.
    energy : float
        The sum of the costs over all pixels, each in its own phase.
    state : any
        What the next fit starts from.
    """

    codes: Array
    tables: Floats
    energy: float
    state: Any = None

    def assign(self, heat: Heat) -> Labels:
        """Give every pixel to the phase with the least cost minus gain from heat."""
        finite = np.isfinite(self.tables[:, 0])
        if len(self.tables) > 2 or self.codes.dtype != np.uint8 or not finite.all():
            return heat.cheapest(self.cost)
        # Phase 1 is the cheaper one where its heat is above a threshold, which is a table as well.
        least = cv2.LUT(self.codes, self._thresholds(heat.weight))
        return cv2.bitwise_and(cv2.compare(heat.planes[1], least, cv2.CMP_GE), 1)

    def cost(self, phase: int, rows: slice) -> Plane:
        """What the pixels of these rows cost in a phase."""
        table = self.tables[phase].astype(np.float32)
        if self.codes.dtype == np.uint8:
            return cv2.LUT(self.codes[rows], table)
        return np.take(table, self.codes[rows])

    def _thresholds(self, weight: float) -> NDArray[np.uint8]:
        """Return the least heat of phase 1, from 0 to `WHOLE`, that makes each colour its own."""
        extra = self.tables[1] - self.tables[0]
        if weight == 0:
            return np.where(extra < 0, 0, WHOLE + 1).astype(np.uint8)
        least = np.floor(WHOLE / 2 * (1 + extra / (2 * weight))) + 1
        return np.clip(least, 0, WHOLE + 1).astype(np.uint8)


@dataclass(frozen=True)
class ConstantGray:
    """A phase has one value: `acetate.segment.affine.Constant` for gray uint8, several times faster.

    Examples
    --------
    >>> values = Values(np.array([[[0], [51], [255]]], np.uint8), "none")
    >>> round(ConstantGray(values, 2).fit(np.array([[0, 0, 1]], np.uint8)).energy, 6)
    0.02
    """

    values: Values
    phases: int

    def fit(self, labels: Labels, before: Tabled | None = None) -> Tabled:  # noqa: ARG002
        """Fit the values to labels."""
        codes, table = self.values.channels[0], np.asarray(self.values.table, np.float64)
        found = counts(labels, self.phases, codes)
        pixels = found.sum(axis=1)
        centres = found @ table / np.maximum(pixels, 1)
        costs = (table - centres[:, np.newaxis]) ** 2
        energy = float(np.sum(found * costs))
        costs[pixels == 0] = np.inf
        return Tabled(codes, costs, energy)

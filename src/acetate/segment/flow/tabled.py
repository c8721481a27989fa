"""Phases whose costs are looked up: a table for all colours that a picture has."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.segment.flow.border import WHOLE, Heat, PairHeat
from acetate.segment.flow.values import Floats, Labels, Planes, Values, counts


@dataclass(frozen=True)
class TabulatedModel:
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

    @property
    def dead(self) -> int:
        """How many phases have no pixels."""
        return int(np.isinf(self.tables[:, 0]).sum())

    def assign(self, heat: Heat) -> Labels:
        """Give every pixel to the phase with the least cost minus what heat saves it."""
        if isinstance(heat, PairHeat) and self.codes.dtype == np.uint8 and not self.dead:
            # Phase 1 is the cheaper one where its heat is above a threshold, a table as well.
            least = cv2.LUT(self.codes, self._thresholds(heat.weight))
            above = cv2.compare(heat.warmth, least, cv2.CMP_GE)
            return np.bitwise_and(above, 1, dtype=np.uint8)
        return heat.cheapest(self.costs)

    def costs(self, rows: slice) -> Planes:
        """Return what some rows of pixels cost in all phases."""
        codes, tables = self.codes[rows], self.tables.astype(np.float32)
        if codes.dtype != np.uint8:
            return np.take(tables, codes, axis=1)
        return np.stack([np.asarray(cv2.LUT(codes, table), np.float32) for table in tables])

    def _thresholds(self, weight: float) -> Labels:
        """Return the least heat of phase 1, from 0 to `WHOLE`, that makes each colour its own."""
        extra = self.tables[1] - self.tables[0]
        if weight == 0:
            return np.where(extra < 0, 0, WHOLE + 1).astype(np.uint8)
        least = np.floor(WHOLE / 2 * (1 + extra / (2 * weight))) + 1
        return np.clip(least, 0, WHOLE + 1).astype(np.uint8)


@dataclass(frozen=True)
class ConstantGray:
    """A phase has one value: as `acetate.segment.flow.affine.Constant`, quicker for gray uint8.

    Examples
    --------
    >>> values = Values(np.array([[[0], [51], [255]]], np.uint8), "none")
    >>> round(ConstantGray(values, 2).fit(np.array([[0, 0, 1]], np.uint8)).energy, 6)
    0.02
    """

    values: Values
    phases: int

    def fit(self, labels: Labels, before: TabulatedModel | None = None) -> TabulatedModel:  # noqa: ARG002
        """Fit the values to labels."""
        codes, table = self.values.channels[0], np.asarray(self.values.table, np.float64)
        found = counts(labels, self.phases, codes)
        pixels = found.sum(axis=1)
        centres = found @ table / np.maximum(pixels, 1)
        costs = (table - centres[:, np.newaxis]) ** 2
        energy = float(np.sum(found * costs))
        costs[pixels == 0] = np.inf
        return TabulatedModel(codes, costs, energy)

"""Phases whose squared distance from the picture is affine in it: F_k = |f|^2 - 2 f P_k + Q_k."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.segment.flow.border import Heat
from acetate.segment.flow.values import Floats, Labels, Planes, Values


@dataclass(frozen=True)
class Affine:
    """Fitted phases: P and Q on a grid of square blocks, one block for the whole picture or more.

    Parameters
    ----------
    values : Values
        The picture.
    slopes : numpy.ndarray
        P, ``(phases, C, *grid)``.
    offsets : numpy.ndarray
        Q, ``(phases, *grid)``; infinite for a phase without pixels.
    block : int
        Side of the blocks in pixels.
    energy : float
        The sum of F over all pixels, each with its own phase.
    state : any
        What the next fit starts from.
    """

    values: Values
    slopes: Floats
    offsets: Floats
    block: int
    energy: float
    state: Any = None

    @property
    def dead(self) -> int:
        """How many phases have no pixels."""
        return int(np.isinf(self.offsets).any(axis=tuple(range(1, self.offsets.ndim))).sum())

    def assign(self, heat: Heat) -> Labels:
        """Give every pixel to the phase with the least F minus what heat saves it."""
        return heat.cheapest(self.costs)

    def costs(self, rows: slice) -> Planes:
        """F without |f|^2 for all phases and some rows of pixels."""
        planes = self.values.planes[:, rows]
        if self.offsets[0].size == 1:
            products = self._wide_slopes[..., 0, 0] @ planes.reshape(len(planes), -1)
            return self._wide_offsets - products.reshape(-1, *planes.shape[1:])
        at = self._grid_rows[rows]
        costs = self._wide_offsets[:, at]
        for c, plane in enumerate(planes):
            costs = costs - self._wide_slopes[:, c, at] * plane
        return costs

    @cached_property
    def _wide_slopes(self) -> Planes:
        return self._widened(2 * self.slopes)

    @cached_property
    def _wide_offsets(self) -> Planes:
        return self._widened(self.offsets)

    def _widened(self, grid: Floats) -> Planes:
        """Lay grids ``(..., *grid)`` out as rows, and repeat blocks over their columns."""
        spatial, columns = len(self.values.space), self.values.space[-1]
        rows = grid.reshape(*grid.shape[:-spatial], -1, grid.shape[-1]).astype(np.float32)
        if grid.shape[-1] == 1:
            return rows
        return np.repeat(rows, self.block, axis=-1)[..., :columns]

    @cached_property
    def _grid_rows(self) -> NDArray[np.intp]:
        """Return the row of the grid for each row of pixels."""
        lengths, grid = self.values.space[:-1], self.offsets.shape[1:-1]
        steps = [np.arange(n) // self.block for n in lengths]
        return np.ravel_multi_index(tuple(np.meshgrid(*steps, indexing="ij")), grid).ravel()


@dataclass(frozen=True)
class Constant:
    """A phase has one value.

    Examples
    --------
    >>> values = Values(np.array([[[0.0], [0.25], [1.0]]]), "none")
    >>> Constant(values, 2).fit(np.array([[0, 0, 1]], np.uint8)).energy
    0.03125
    """

    values: Values
    phases: int

    def fit(self, labels: Labels, before: Affine | None = None) -> Affine:  # noqa: ARG002
        """Fit the values to labels."""
        pixels, sums = self.values.sums(labels, self.phases)
        centres = sums / np.maximum(pixels, 1)[:, np.newaxis]
        squares = np.sum(centres**2, axis=1)
        energy = max(self.values.power - float(pixels @ squares), 0.0)
        ones = (1,) * len(self.values.space)
        return Affine(
            self.values,
            centres.reshape(*centres.shape, *ones),
            np.where(pixels > 0, squares, np.inf).reshape(-1, *ones),
            max(self.values.space),
            energy,
        )

"""Phases under uneven light: a value near every point, or a smooth background over all phases."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from acetate.arrays import Array
from acetate.heat import heat_semigroup
from acetate.heat.semigroup import decay_rates, from_cosines, to_cosines
from acetate.segment.flow.affine import Affine
from acetate.segment.flow.values import Floats, Labels, Values

# Blocks for each scale: what varies over a scale is flat enough in a quarter of it.
_BLOCKS = 4
# What a phase is where there is none of it: the part of a block's pixels by which its value is
# drawn to what it is elsewhere.
_PULL = 0.001
# How often phase values and background are fitted to each other before pixels move.
_ROUNDS = 3


@dataclass(frozen=True)
class Grid:
    """Square blocks over a picture, and smooth functions on them.

    Parameters
    ----------
    values : Values
        The picture.
    phases : int
        How many there are.
    scale : float
        What is smooth changes over about so many pixels.

    Examples
    --------
    >>> Grid(Values(np.zeros((9, 9, 1)), "none"), 2, scale=16.0).shape
    (3, 3)
    """

    values: Values
    phases: int
    scale: float

    @property
    def block(self) -> int:
        """Side of the blocks."""
        return max(1, int(self.scale / _BLOCKS))

    @property
    def shape(self) -> tuple[int, ...]:
        """How many blocks there are along each axis."""
        return tuple(-(-n // self.block) for n in self.values.space)

    @property
    def full(self) -> int:
        """How many pixels a whole block has."""
        return self.block ** len(self.shape)

    def sums(self, labels: Labels) -> tuple[Floats, Floats]:
        """Count the pixels of every phase in every block, and sum their values."""
        masks = [(labels == k).astype(np.float32) for k in range(1, self.phases)]
        pixels = [self._summed(mask) for mask in masks]
        sums = [[self._summed(plane * mask) for plane in self.values.planes] for mask in masks]
        all_pixels, all_sums = self._whole
        # What is in no other phase is in the first.
        first = all_pixels - sum(pixels), all_sums - sum(np.array(each) for each in sums)
        return np.stack([first[0], *pixels]), np.stack([first[1], *sums])

    @cached_property
    def _whole(self) -> tuple[Floats, Floats]:
        ones = np.ones(self.values.channels[0].shape, np.float32)
        return self._summed(ones), np.stack([self._summed(p) for p in self.values.planes])

    def smooth(self, grids: Floats) -> Floats:
        """Let grids ``(..., *grid)`` flow over the scale: symmetric, and rows sum to one."""
        spatial = len(self.shape)
        last = np.moveaxis(grids.reshape(-1, *self.shape), 0, -1)
        spacing = tuple(s / self.scale for s in self._steps)
        flowed = heat_semigroup(
            np.ascontiguousarray(last), 0.5, spacing=spacing, dimensions=spatial
        )
        return np.moveaxis(flowed, -1, 0).reshape(grids.shape)

    @cached_property
    def stiffness(self) -> Floats:
        """What each cosine of a background costs beside its own square; infinite for the mean."""
        rates = decay_rates(self.shape, tuple(s / self.scale for s in self._steps))
        total = sum(np.meshgrid(*rates, indexing="ij"))
        bent = np.asarray(total, dtype=np.float64) ** 2
        bent.flat[0] = np.inf
        return bent

    @property
    def _steps(self) -> tuple[float, ...]:
        along = (self.values.spacing,) if len(self.shape) == 3 else ()
        return tuple(self.block * s for s in (*along, 1.0, 1.0))

    def _summed(self, plane: Array) -> Floats:
        total = plane.reshape(self.values.space)
        for axis in reversed(range(total.ndim)):
            total = np.add.reduceat(total, range(0, total.shape[axis], self.block), axis=axis)
        return total.astype(np.float64)


@dataclass(frozen=True)
class Local:
    """A phase has a value near every point: ``F_k(y) = int G(x - y) |f(y) - c_k(x)|^2 dx``.

    The energy of Li, Kao, Gore and Ding (2008), with a pull to the phase's value elsewhere where
    there is next to none of it.

    Examples
    --------
    >>> ramp = np.linspace(0, 0.5, 64)
    >>> values = Values((ramp + np.tile([0, 0, 0.25, 0.25], 16)).reshape(1, 64, 1), "none")
    >>> labels = np.tile(np.array([0, 0, 1, 1], np.uint8), 16)[np.newaxis]
    >>> Local(Grid(values, 2, 4.0)).fit(labels).energy < 0.2
    True
    """

    grid: Grid

    @property
    def phases(self) -> int:
        """How many there are."""
        return self.grid.phases

    def fit(self, labels: Labels, before: Affine | None = None) -> Affine:  # noqa: ARG002
        """Fit the values to labels."""
        pixels, sums = self.grid.sums(labels)
        pull = _PULL * self.grid.full
        both = self.grid.smooth(np.concatenate([pixels[:, np.newaxis], sums], axis=1))
        near, total = both[:, :1], both[:, 1:]
        weights = near / (near + pull)
        alive = _over_grid(pixels) > 0
        heaviness = np.where(alive, _over_grid(weights, 2)[:, 0], 1)
        elsewhere = _over_grid(total / (near + pull), 2) / heaviness[:, np.newaxis]
        elsewhere = _on_grid(elsewhere, pixels.ndim - 1)
        centres = (total + pull * elsewhere) / (near + pull)
        squares = np.sum(centres**2, axis=1, keepdims=True)
        both = self.grid.smooth(np.concatenate([squares, centres], axis=1))
        drawn = pull * np.sum((centres - elsewhere) ** 2)
        return _affine(self.grid, (pixels, sums), (both[:, 1:], both[:, 0]), float(drawn))


@dataclass(frozen=True)
class Background:
    """A phase has one value, and a smooth background with a mean of 0 lies over all of them.

    The background is bent as little as a thin plate: its price grows with the fourth power of the
    frequency, and is 1 where the wavelength is 2 pi scales.

    Examples
    --------
    >>> ramp = np.linspace(0, 0.5, 64)
    >>> values = Values((ramp + np.tile([0, 0, 0.25, 0.25], 16)).reshape(1, 64, 1), "none")
    >>> labels = np.tile(np.array([0, 0, 1, 1], np.uint8), 16)[np.newaxis]
    >>> fit = Background(Grid(values, 2, 8.0))
    >>> first = fit.fit(labels)
    >>> fit.fit(labels, first).energy < first.energy < 0.1
    True
    """

    grid: Grid

    @property
    def phases(self) -> int:
        """How many there are."""
        return self.grid.phases

    def fit(self, labels: Labels, before: Affine | None = None) -> Affine:
        """Fit the values to labels, and improve the background."""
        pixels, sums = self.grid.sums(labels)
        field = np.zeros(sums.shape[1:]) if before is None else before.state
        centres = _centres(pixels, sums, field)
        for _ in range(_ROUNDS):
            # With a whole block's pixels everywhere it would be the best background at once; where
            # a block is cut by the border, it comes nearer.
            missing = np.sum(sums - pixels[:, np.newaxis] * (field + centres), axis=0)
            field = self._bent(field + missing / self.grid.full)
            centres = _centres(pixels, sums, field)
        slopes = field + centres
        price = self.grid.full * np.sum(self._spectrum(field) ** 2 * self._prices)
        fitted = slopes, np.sum(slopes**2, axis=1)
        return replace(_affine(self.grid, (pixels, sums), fitted, float(price)), state=field)

    @property
    def _prices(self) -> Floats:
        """The price of each cosine; that of the mean, which is never there, as 0."""
        return np.where(np.isinf(self.grid.stiffness), 0, self.grid.stiffness)

    def _bent(self, field: Floats) -> Floats:
        last = self._spectrum(field) / (1 + self.grid.stiffness)
        spatial = len(self.grid.shape)
        return np.moveaxis(from_cosines(np.moveaxis(last, 0, -1), spatial), -1, 0)

    def _spectrum(self, field: Floats) -> Floats:
        spatial = len(self.grid.shape)
        return np.moveaxis(to_cosines(np.moveaxis(field, 0, -1), spatial), -1, 0)


def _centres(pixels: Floats, sums: Floats, field: Floats) -> Floats:
    """Return the mean of each phase over a background, ``(phases, C, 1, ...)``."""
    rest = _over_grid(sums - pixels[:, np.newaxis] * field, 2)
    many = np.maximum(_over_grid(pixels), 1)[:, np.newaxis]
    return _on_grid(rest / many, pixels.ndim - 1)


def _affine(
    grid: Grid, found: tuple[Floats, Floats], fitted: tuple[Floats, Floats], price: float
) -> Affine:
    """Return the model of slopes and offsets, given the pixels and sums in all blocks."""
    (pixels, sums), (slopes, offsets) = found, fitted
    energy = grid.values.power - 2 * np.sum(sums * slopes) + np.sum(pixels * offsets) + price
    dead = _on_grid(_over_grid(pixels) == 0, pixels.ndim - 1)
    offsets = np.where(dead, np.inf, offsets)
    return Affine(grid.values, slopes, offsets, grid.block, max(float(energy), 0.0))


def _over_grid(array: Floats, leading: int = 1) -> Floats:
    """Sum over all but the leading axes."""
    return np.sum(array, axis=tuple(range(leading, array.ndim)))


def _on_grid(array: Array, spatial: int) -> Array:
    """Add axes for the grid."""
    return array.reshape(*array.shape, *(1,) * spatial)

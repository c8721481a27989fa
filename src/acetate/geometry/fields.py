"""Displacement fields: maps that add to each point a vector read off a grid of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2
from typing import NamedTuple

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.geometry.lattice import Spline, between, hat, node_counts, node_points, refine
from acetate.geometry.maps import Frame, Map, Pair
from acetate.geometry.once import Once
from acetate.seeds import bits_of

_FINEST = 0.8  # a field of Gaussian width s is band-limited: nodes s / 1.25 apart show all of it


class Grid(NamedTuple):
    """Displacements on a regular grid.

    Parameters
    ----------
    samples : numpy.ndarray
        float32 ``(rows, columns, 2)``, at least 2 × 2: (dx, dy) in pixels.
    first, per : (float, float)
        Where sample (0, 0) lies, and how many samples there are to a pixel: (x, y).
    gain : (float, float)
        What dx and dy are multiplied by.
    """

    samples: Array
    first: Pair
    per: Pair
    gain: Pair = (1.0, 1.0)


class Field(Map):
    """A map that adds a displacement, bilinear between the samples of a grid.

    Outside the grid, the displacement of the nearest place inside holds.
    """

    shape: Frame

    @property
    def grid(self) -> Grid:
        """The displacements."""
        raise NotImplementedError(f"{type(self).__name__} must give its displacements")

    @property
    def spline(self) -> Spline | None:
        """Where the frame's pixels come from, as a spline, if that is what it is."""
        return None

    def __call__(self, points: Array) -> Array:
        """Return the source points of output points, both ``(..., 2)``."""
        from acetate.geometry.follow_loops import displacements  # loaded where used

        flat = np.array(points, np.float32).reshape(-1, 2)
        moves = np.empty_like(flat)
        displacements(*self.grid, flat, moves)
        return np.asarray(points + moves.reshape(points.shape))


@dataclass(frozen=True, eq=False)
class Displacement(Field):
    """A smooth field given at nodes ``2**level`` pixels apart and refined like a cubic spline.

    Parameters
    ----------
    nodes : array_like
        float32 ``(rows, columns, 2)``: displacements (dx, dy) in pixels. Node (0, 0) lies
        four nodes left of and above the centre of the first pixel.
    level : int
        How often the node distance is halved until it is one pixel.
    shape : (int, int)
        The frame, (height, width).

    Raises
    ------
    ValueError
        If the nodes do not cover the frame with four to spare on each side.

    Notes
    -----
    Halving applies the mask [1, 4, 6, 4, 1] / 8, the two-scale relation of the cubic B-spline
    (Lane and Riesenfeld 1980), which keeps linear functions exactly.

    Examples
    --------
    >>> nodes = np.full((13, 13, 2), 1.5, np.float32)
    >>> Displacement(nodes, level=2, shape=(16, 16))(np.array([[3.0, 4.0]]))
    array([[4.5, 5.5]])
    """

    nodes: Array
    level: int
    shape: Frame

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", _plain(self.nodes))
        needed = (*node_counts(self.shape, self.level), 2)
        if self.nodes.shape != needed:
            raise ValueError(
                f"a frame of {self.shape} with nodes {2**self.level} px apart needs nodes of "
                f"shape {needed}, got {self.nodes.shape}"
            )

    @property
    def dense(self) -> Array:
        """The displacement (dx, dy) at the frame's pixel centres, float32 ``(H, W, 2)``."""
        margin = 2**self.level
        return self.grid.samples[margin:-margin, margin:-margin]

    @Once
    def spline(self) -> Spline:
        """Return where the frame's pixels come from."""
        return Spline(node_points(self.shape, self.level) + self.nodes, between(self.level))

    @Once
    def grid(self) -> Grid:
        """Return the displacements at the pixel centres, and one node around them."""
        return self.refined(self.level)

    def refined(self, times: int) -> Grid:
        """Return the displacements on the lattice of nodes, halved so often, and one node more."""
        step, margin = 2 ** (self.level - times), 2**times
        rows, columns = (-(-(n - 1) // step) + 1 for n in self.shape)
        nodes = self.nodes if step == 1 else cv2.sepFilter2D(self.nodes, -1, *_for_chords(times))
        samples = refine(Spline(nodes, between(times)), (rows, columns), margin)
        start = 0.5 - margin * step
        return Grid(samples, (start, start), (1 / step, 1 / step))

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> Map:
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        if tuple(source) != tuple(output):
            return super().scaled(source, output)
        return OnSheet(self, (source[0], source[1]))


@dataclass(frozen=True)
class OnSheet(Field):
    """A smooth field as a sheet of another resolution sees it.

    It is read off the frame's pixels; off every second one where the sheet's span four or more.

    Parameters
    ----------
    field : Displacement
        In px of the frame.
    ratio : (float, float)
        How many pixels of the sheet a pixel of the frame is, (x, y).
    """

    field: Displacement
    ratio: Pair

    @Once
    def shape(self) -> Frame:
        """Return the sheet's size."""
        height, width = self.field.shape
        return round(height * self.ratio[1]), round(width * self.ratio[0])

    @property
    def spline(self) -> Spline | None:
        """Where the sheet's pixels come from, if it is the frame halved, quartered, ..."""
        (x, y), halvings = self.ratio, -int(log2(self.ratio[0]))
        if x != y or x != 2.0**-halvings or not 0 < halvings <= self.field.level:
            return None
        nodes, _ = self.field.spline
        nodes = nodes * np.float32(x) + np.float32(x / 2 - 0.5)
        return Spline(nodes, between(self.field.level, halvings))

    @Once
    def grid(self) -> Grid:
        """Return the displacements in px of the sheet."""
        field, (x, y) = self.field, self.ratio
        coarse = max(x, y) <= 1 / 4 and field.level >= 2
        samples, first, per, _ = field.refined(field.level - 1) if coarse else field.grid
        return Grid(samples, (first[0] * x, first[1] * y), (per[0] / x, per[1] / y), self.ratio)


@dataclass(frozen=True, eq=False)
class Patches(Field):
    """A field given at the corners of a regular grid of patches, bilinear inside each.

    Parameters
    ----------
    nodes : array_like
        float32 ``(rows, columns, 2)``, at least 2 × 2: displacements (dx, dy) in pixels, the
        first and last node of an axis on the frame's borders.
    shape : (int, int)
        The frame, (height, width).

    Examples
    --------
    >>> nodes = np.zeros((2, 2, 2), np.float32); nodes[:, 1, 0] = 8
    >>> Patches(nodes, shape=(16, 16))(np.array([8.0, 3.0]))
    array([12.,  3.])
    """

    nodes: Array
    shape: Frame

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", _plain(self.nodes))
        if self.nodes.ndim != 3 or self.nodes.shape[2] != 2 or min(self.nodes.shape[:2]) < 2:
            raise ValueError(f"patches need nodes (rows, columns, 2), got {self.nodes.shape}")

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> Map:
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        height, width = self.shape[0] * output[1], self.shape[1] * output[0]
        shape = (round(height), round(width))
        off = max(abs(height - shape[0]), abs(width - shape[1]))
        if tuple(source) != tuple(output) or off > 1e-6:
            return super().scaled(source, output)
        return Patches(self.nodes * np.asarray(source, np.float32), shape)

    @Once
    def grid(self) -> Grid:
        """Return the displacements at the corners."""
        (rows, columns), (height, width) = self.nodes.shape[:2], self.shape
        return Grid(self.nodes, (0.0, 0.0), ((columns - 1) / width, (rows - 1) / height))


@dataclass(frozen=True)
class Elastic(Field):
    """White noise smoothed by a Gaussian: the elastic deformation of Simard et al. (2003).

    Parameters
    ----------
    shape : (int, int)
        The frame, (height, width).
    alpha : float
        Factor on the smoothed uniform(-1, 1) noise, in pixels: a displacement's standard
        deviation is ``alpha / (sigma * sqrt(12 * pi))``.
    sigma : float
        Width of the Gaussian in pixels.
    key : int
        Which noise.

    Notes
    -----
    The noise is drawn on a grid of about ``sigma / 1.25`` and refined (see `Displacement`):
    the blur on the coarse grid is chosen so that both together have the variance of the
    Gaussian. It is made of the generator's raw bits, so that a key means the same field in any
    version of NumPy.

    Examples
    --------
    >>> field = Elastic((64, 64), alpha=50, sigma=5, key=1)
    >>> bool(abs(field.dense.std() - 50 / 5 / np.sqrt(12 * np.pi)) < 0.3)
    True
    """

    shape: Frame
    alpha: float
    sigma: float
    key: int

    def __post_init__(self) -> None:
        if not 0 < self.sigma < np.inf:
            raise ValueError(f"sigma must be above 0 px, got {self.sigma}")

    @Once
    def field(self) -> Displacement:
        """Make the field itself."""
        from acetate.geometry.spline_loops import smooth  # loaded where used

        level, taps, gain = smoothing(self.sigma)
        rows, columns = node_counts(self.shape, level)
        spare = len(taps) - 1  # so that the blur does not see the grid's border
        noise = _noise(self.key, (rows + spare, columns + spare, 2))
        nodes = np.empty((rows, columns, 2), np.float32)
        smooth(noise, taps[spare // 2 :], self.alpha * gain / 2**15, nodes)
        return Displacement(nodes, level, self.shape)

    @property
    def dense(self) -> Array:
        """The displacement (dx, dy) at the frame's pixel centres, float32 ``(H, W, 2)``."""
        return self.field.dense

    @property
    def spline(self) -> Spline:
        """Where the frame's pixels come from."""
        return self.field.spline

    @property
    def grid(self) -> Grid:
        """The displacements at the pixel centres, and a margin."""
        return self.field.grid

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> Map:
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        if tuple(source) != tuple(output):
            return super().scaled(source, output)
        return self.field.scaled(source, output)


@lru_cache(maxsize=256)
def smoothing(sigma: float) -> tuple[int, Array, float]:
    """Return how to make Gaussian noise: refinement level, taps of the coarse blur, and gain.

    Examples
    --------
    >>> smoothing(5.0)[0]
    2
    """
    level = int(np.clip(np.floor(np.log2(sigma * _FINEST)), 0, 6))
    step = 2**level
    # Each halving adds the variance of its mask: 1 in the finer grid's units.
    left = (sigma / step) ** 2 - (1 - 4.0**-level) / 3
    radius = max(1, int(np.ceil(3.5 * np.sqrt(left))))
    taps = np.exp(-0.5 * np.arange(-radius, radius + 1) ** 2 / left)
    taps /= taps.sum()
    spaced = np.zeros((taps.size - 1) * step + 1)
    spaced[::step] = taps
    whole = np.convolve(spaced, hat(level))
    energy = float((whole**2).sum()) / step  # of one axis, mean over the phases of the grid
    return level, taps.astype(np.float32), 1 / (2 * sigma * np.sqrt(np.pi)) / energy


def _plain(nodes: Array) -> Array:
    """Return nodes as the compiled loops are made for: float32, of one piece, not read-only."""
    nodes = np.asarray(nodes, np.float32)
    return nodes if nodes.flags.carray else nodes.copy()


@lru_cache(maxsize=16)
def _for_chords(times: int) -> tuple[Array, Array]:
    """Return the taps for nodes that are halved so often, once less than all, and read linearly.

    Where a spline f is halved once more, its coefficients h pixels apart come up by h^2 f" / 8;
    the middles of their chords lie there already. Half of it, taken beforehand, leaves 1/16 of
    h^2 f" either way.
    """
    e = 4.0**-times / 16
    taps = np.array([e, 1 - 2 * e, e], np.float32)
    return taps, taps


def _noise(key: int, shape: tuple[int, int, int]) -> Array:
    """Return noise that is uniform over int16, of a key's raw bits."""
    size = shape[0] * shape[1] * shape[2]
    raw = bits_of(key).random_raw(-(-size // 4))
    return raw.view(np.int16)[:size].reshape(shape)

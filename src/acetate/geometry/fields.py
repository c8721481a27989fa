"""Displacement fields: maps that add to each point a vector looked up on a grid of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import frexp

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.geometry.lattice import MARGIN, node_counts, refine
from acetate.geometry.maps import Frame, Map
from acetate.geometry.once import Once
from acetate.seeds import bits_of

_SIDE = 32_000  # OpenCV looks up at most 32,766 rows and columns, margins among them
_FINEST = 0.8  # a field of Gaussian width s is band-limited: nodes s / 1.25 apart show all of it


class Field(Map):
    """A map that adds a displacement, bilinear between the frame's pixel centres.

    Outside its frame, the displacement of the nearest place inside holds.
    """

    shape: Frame

    @property
    def planes(self) -> tuple[Array, Array]:
        """The displacements dx and dy at the pixel centres, each float32 ``(H + 2 m, W + 2 m)``.

        Apart, because OpenCV reads one channel exactly, and two only to 1/32 px.
        """
        raise NotImplementedError(f"{type(self).__name__} must give its displacements")

    @property
    def dense(self) -> Array:
        """The displacement (dx, dy) at the frame's pixel centres, float32 ``(H, W, 2)``."""
        return cv2.merge(self.planes)

    @property
    def margin(self) -> int:
        """How many samples `planes` reach beyond the frame on each side (m)."""
        return 0

    @property
    def density(self) -> int:
        """How many samples of `planes` there are to a pixel's side."""
        return 1

    def __call__(self, points: Array) -> Array:
        """Return the source points of output points, both ``(..., 2)``."""
        if max(self.shape) > _SIDE:
            raise ValueError(
                f"points can be moved in fields of at most {_SIDE} px on a side, got "
                f"{self.shape}; tile the image"
            )
        where = np.asarray(points, np.float32)
        if self.density != 1:
            where = where * np.float32(self.density)
        where = where + np.float32(self.margin - 0.5)
        lattice = where if where.ndim == 3 else where.reshape(1, -1, 2)
        moved = _look_up(self.planes, lattice).reshape(where.shape)
        return np.add(points, moved, out=moved if points.dtype == np.float32 else None)


def _look_up(planes: tuple[Array, ...], where: Array) -> Array:
    """Sample a field at index coordinates ``(n, m, 2)``."""
    if not where.size:
        return where
    if max(where.shape[:2]) > _SIDE:
        axis = int(np.argmax(where.shape[:2]))
        parts = np.array_split(where, where.shape[axis] // _SIDE + 1, axis)
        return np.concatenate([_look_up(planes, part) for part in parts], axis)
    return cv2.merge(
        [
            cv2.remap(  # type: ignore[call-overload]
                plane, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            for plane in planes
        ]
    )


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
        object.__setattr__(self, "nodes", np.asarray(self.nodes, np.float32))
        needed = (*node_counts(self.shape, self.level), 2)
        if self.nodes.shape != needed:
            raise ValueError(
                f"a frame of {self.shape} with nodes {2**self.level} px apart needs nodes of "
                f"shape {needed}, got {self.nodes.shape}"
            )
        object.__setattr__(self, "smooth_over", float(2**self.level))

    @property
    def margin(self) -> int:
        """How many pixels `planes` reach beyond the frame on each side."""
        return (MARGIN - 1) * 2**self.level

    @Once
    def dense(self) -> Array:
        """Return the displacement (dx, dy) at the frame's pixel centres, float32 ``(H, W, 2)``."""
        return refine(self.nodes, self.level, self.shape)

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> Map:
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        halvings = _halvings(source, output)
        whole = not any(n % 2**halvings for n in self.shape)
        if whole and 0 < halvings <= self.level and self.level >= OnSheet.LEAST_LEVEL:
            return OnSheet(self, halvings)
        return super().scaled(source, output)

    @Once
    def planes(self) -> tuple[Array, Array]:
        """Return the displacements dx and dy at the pixel centres."""
        dx, dy = (
            refine(nodes, self.level, self.shape, self.margin) for nodes in _apart(self.nodes)
        )
        return dx, dy


@dataclass(frozen=True)
class OnSheet(Field):
    """A smooth field as a sheet sees it that is half, a quarter, ... as large as the frame.

    Parameters
    ----------
    field : Displacement
        In px of the frame.
    halvings : int
        How often the frame's sides are halved, without remainder: from 1 to the field's level,
        which is 2 or more.

    Notes
    -----
    At the sheet's pixel centres the field is known exactly. Between them it is read from the
    frame halved once, which is near enough there: off by less than 0.05 px of the sheet.
    """

    field: Displacement
    halvings: int
    smooth_over = 1.0  # it is asked at every pixel: that is where it is known
    LEAST_LEVEL = 2  # of a field that is as good as linear over two pixels

    @Once
    def shape(self) -> Frame:
        """Return the sheet's size."""
        return self.field.shape[0] >> self.halvings, self.field.shape[1] >> self.halvings

    @property
    def density(self) -> int:
        """How many samples of `planes` there are to a pixel's side."""
        return 1 << (self.halvings - 1)

    @property
    def margin(self) -> int:
        """How many samples `planes` reach beyond the frame on each side."""
        return 1

    @Once
    def dense(self) -> Array:
        """Return the displacement (dx, dy) at the sheet's pixel centres, float32 ``(h, w, 2)``."""
        return self._at_centres(self.halvings, _between(self.halvings), 0)

    @Once
    def planes(self) -> tuple[Array, Array]:
        """Return the displacements dx and dy at the pixel centres of the halved frame."""
        dx, dy = _apart(self._at_centres(1, _between_by_chords(), self.margin))
        return dx, dy

    def _at_centres(self, halvings: int, taps: Array, margin: int) -> Array:
        """Return the displacement at the pixel centres of a halved frame, with a margin."""
        r = len(taps) // 2
        shape = (self.field.shape[0] >> halvings, self.field.shape[1] >> halvings)
        nodes = refine(self.field.nodes, self.field.level - halvings, shape, margin + r)
        return cv2.sepFilter2D(nodes, cv2.CV_32F, taps / 2**self.halvings, taps)[r:-r, r:-r]


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
        object.__setattr__(self, "nodes", np.asarray(self.nodes, np.float32))
        if self.nodes.ndim != 3 or self.nodes.shape[2] != 2 or min(self.nodes.shape[:2]) < 2:
            raise ValueError(f"patches need nodes (rows, columns, 2), got {self.nodes.shape}")
        object.__setattr__(self, "smooth_over", 1.0)  # it has kinks

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> Map:
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        height, width = self.shape[0] * output[1], self.shape[1] * output[0]
        shape = (round(height), round(width))
        off = max(abs(height - shape[0]), abs(width - shape[1]))
        if tuple(source) != tuple(output) or off > 1e-6:
            return super().scaled(source, output)
        return Patches(self.nodes * np.asarray(source, np.float32), shape)

    @Once
    def planes(self) -> tuple[Array, Array]:
        """Return the displacements dx and dy at the pixel centres."""
        (rows, columns), (height, width) = self.nodes.shape[:2], self.shape
        sx, sy = (columns - 1) / width, (rows - 1) / height
        to_node = np.array([[sx, 0, sx / 2], [0, sy, sy / 2]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        dx, dy = (
            cv2.warpAffine(
                plane, to_node, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
            )
            for plane in _apart(self.nodes)
        )
        return dx, dy


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
        level, *_ = smoothing(self.sigma)
        object.__setattr__(self, "smooth_over", float(2**level))

    @Once
    def field(self) -> Displacement:
        """Make the field itself."""
        level, taps, gain = smoothing(self.sigma)
        rows, columns = node_counts(self.shape, level)
        spare = len(taps) - 1  # so that the blur does not see the grid's border
        noise = _noise(self.key, (rows + spare, columns + spare, 2))
        amplitude = np.float32(self.alpha * gain / 2**15)
        smooth = cv2.sepFilter2D(noise, cv2.CV_32F, taps * amplitude, taps)
        r = spare // 2
        return Displacement(smooth[r : r + rows, r : r + columns], level, self.shape)

    @property
    def margin(self) -> int:
        """How many pixels `planes` reach beyond the frame on each side."""
        return self.field.margin

    @property
    def dense(self) -> Array:
        """The displacement (dx, dy) at the frame's pixel centres, float32 ``(H, W, 2)``."""
        return self.field.dense

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> Map:
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        made = self.field.scaled(source, output)
        return made if isinstance(made, OnSheet) else super().scaled(source, output)

    @property
    def planes(self) -> tuple[Array, Array]:
        """The displacements dx and dy at the pixel centres."""
        return self.field.planes


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
    whole = taps
    for _ in range(level):
        whole = np.convolve(np.insert(whole, np.arange(1, whole.size), 0), [1, 4, 6, 4, 1]) / 8
    energy = float((whole**2).sum()) / step  # of one axis, mean over the phases of the grid
    return level, taps.astype(np.float32), 1 / (2 * sigma * np.sqrt(np.pi)) / energy


def _apart(pairs: Array) -> Array:
    """Return the planes of an array of pairs, ``(2, rows, columns)``, each of one piece."""
    return pairs.transpose(2, 0, 1).copy()  # half the time of cv2.split


def _halvings(source: Sequence[float], output: Sequence[float]) -> int:
    """Return how often all sides are halved by ratios (x, y), 0 if they are not."""
    mantissa, exponent = frexp(source[0])
    return 1 - exponent if mantissa == 0.5 and len({*source, *output}) == 1 else 0


@lru_cache(maxsize=16)
def _between(level: int) -> Array:
    """Return the taps that read a field between its nodes, at the centres of a coarser sheet.

    A sheet whose pixels are ``2**level`` px wide has its centres half a pixel short of the middle
    between nodes that far apart: there the hat functions of single pixels, gathered into one
    of the node's, are what `Displacement.planes` interpolates.
    """
    hat, step = np.ones(1), 2**level
    for _ in range(level):
        hat = np.convolve(np.insert(hat, np.arange(1, hat.size), 0), [1, 4, 6, 4, 1]) / 8
    hat = np.pad(hat, step)
    at = np.arange(-2, 3) * step - (step - 1) / 2  # from the place read to the nodes
    taps = np.interp(at, np.arange(hat.size) - hat.size // 2, hat)
    return taps.astype(np.float32)


@lru_cache(maxsize=1)
def _between_by_chords() -> Array:
    """Return the taps of `_between(1)` for a field that is then read linearly.

    A chord lies off its arc by up to 1/8 of the second difference: half is made up for.
    """
    return np.convolve(_between(1), np.array([-1, 18, -1], np.float32) / 16)


def _noise(key: int, shape: tuple[int, int, int]) -> Array:
    """Return noise that is uniform over int16, of a key's raw bits."""
    size = shape[0] * shape[1] * shape[2]
    raw = bits_of(key).random_raw(-(-size // 4))
    return raw.view(np.int16)[:size].reshape(shape)

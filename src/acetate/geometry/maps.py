"""Coordinate maps: where each point of the output lies in the source, as plain data.

Points are ``(x, y)`` in pixels with the image's corner at the origin, so the centre of pixel
``(row i, column j)`` is ``(j + 0.5, i + 0.5)``. A map answers "which source point is seen here?";
to move a landmark, ask the inverse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from math import inf

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.geometry.once import Once

Frame = tuple[int, int]
Pair = tuple[float, float]
_TURNED = 1e-9  # what a matrix may be off and still move whole pixels: 3e-5 px in all
_SHIFTED = 1e-6


class Map:
    """A map from output points to source points."""

    # No ABC: asking whether a map is a field stands in every call, and is slow of those.
    def __call__(self, points: Array) -> Array:
        """Return the source points of output points, both ``(..., 2)``."""
        raise NotImplementedError(f"{type(self).__name__} must say where points come from")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            np.array_equal(getattr(self, part.name), getattr(other, part.name))
            for part in fields(self)  # type: ignore[arg-type]
        )

    def __hash__(self) -> int:
        return hash(type(self))

    def inverse(self) -> "Map":
        """Return the map from source points to output points."""
        return Inverse(self)

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> "Map":
        """Return the same map for a sheet of another resolution.

        Parameters
        ----------
        source, output : (float, float)
            How many sheet pixels one pixel is, as (x, y): in the frame the map reads from, and
            in the frame it fills.

        Examples
        --------
        >>> shift = Projective.translation(8, 0)
        >>> shift.scaled((0.25, 0.25), (0.25, 0.25))(np.zeros(2))
        array([2., 0.])
        """
        (sx, sy), (ox, oy) = source, output
        return compose([Projective.scaling(sx, sy), self, Projective.scaling(1 / ox, 1 / oy)])


@dataclass(frozen=True)
class Slicing:
    """Whole-pixel reading of a source: which axis first, and start and direction along each.

    Output pixel ``k`` of an axis is source pixel ``start + k * direction``.
    """

    transposed: bool
    starts: tuple[int, int]
    directions: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Projective(Map):
    """A projective map, most often an affine one: a 3 × 3 matrix on homogeneous points.

    Parameters
    ----------
    matrix : array_like
        ``(3, 3)``, scaled so that its last entry is 1.

    Raises
    ------
    ValueError
        If the matrix is singular or not finite.

    Examples
    --------
    >>> Projective.rotation(90, centre=(2, 2))(np.array([4.0, 2.0])).round(6)
    array([2., 4.])
    """

    matrix: Array
    affine: bool = field(init=False, repr=False)  # whether parallels stay parallel

    def __post_init__(self) -> None:
        matrix = np.array(self.matrix, dtype=np.float64)
        if matrix.shape != (3, 3):
            matrix = matrix.reshape(3, 3)
        rows = matrix.tolist()
        g, h, i = rows[2]
        if not 1e-12 < abs(_determinant(rows)) < inf or i == 0:
            raise ValueError(
                f"a coordinate map needs an invertible 3 x 3 matrix with a last entry other than "
                f"0, got {rows}"
            )
        if i != 1.0:
            matrix /= i
        matrix.setflags(write=False)
        object.__setattr__(self, "matrix", matrix)
        object.__setattr__(self, "affine", g == 0 and h == 0)

    @classmethod
    @lru_cache(maxsize=1)
    def identity(cls) -> "Projective":
        """Return the map that moves nothing."""
        return cls(np.eye(3))

    @classmethod
    @lru_cache(maxsize=256)
    def upright(cls, scale_x: float, scale_y: float, x: float, y: float) -> "Projective":
        """Return the map that multiplies coordinates by two scales and then adds (x, y)."""
        return cls(np.array([[scale_x, 0, x], [0, scale_y, y], [0, 0, 1]]))

    @classmethod
    def translation(cls, x: float, y: float) -> "Projective":
        """Return the map that reads (x, y) pixels further right and down."""
        return cls.upright(1, 1, x, y)

    @classmethod
    def scaling(cls, x: float, y: float) -> "Projective":
        """Return the map that multiplies coordinates by x and y."""
        return cls.upright(x, y, 0, 0)

    @classmethod
    def rotation(cls, degrees: float, centre: tuple[float, float] = (0, 0)) -> "Projective":
        """Return the map that turns points clockwise on the screen around a centre (x, y)."""
        angle = np.deg2rad(degrees)
        c, s = np.cos(angle), np.sin(angle)
        return cls(np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])).around(centre)

    @classmethod
    @lru_cache(maxsize=256)
    def mirror(cls, shape: Frame, axis: int) -> "Projective":
        """Return the map that reads a frame from right to left (axis 1) or upwards (axis 0)."""
        height, width = shape
        if axis == 1:
            return cls(np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]]))
        return cls(np.array([[1, 0, 0], [0, -1, height], [0, 0, 1]]))

    def around(self, centre: tuple[float, float]) -> "Projective":
        """Return the same map with `centre` (x, y) as its origin."""
        there, back = self.translation(*centre), self.translation(-centre[0], -centre[1])
        return Projective(there.matrix @ self.matrix @ back.matrix)

    @Once
    def mirrors(self) -> bool:
        """Whether the map turns left into right hands (at the origin)."""
        return _determinant(self.matrix.tolist()) < 0

    @Once
    def slicing(self) -> Slicing | None:
        """Return the slicing that the map amounts to, or None if it moves parts of pixels."""
        if not self.affine:
            return None
        (a, b, tx), (c, d, ty), _ = self.matrix.tolist()
        transposed = abs(a) < 0.5
        (along_x, along_y), across = ((b, c), (a, d)) if transposed else ((a, d), (b, c))
        # Turns by 90 degrees and flips on sheets of odd sizes come with rounding errors.
        off = (abs(along_x) - 1, abs(along_y) - 1, *across)
        if max(off) > _TURNED or min(off) < -_TURNED:
            return None
        step_x, step_y = round(along_x), round(along_y)
        # Pixel centres lie at + 0.5: a mirrored axis starts one pixel earlier than its border.
        x, y = tx + (step_x - 1) / 2, ty + (step_y - 1) / 2
        if abs(x - round(x)) > _SHIFTED or abs(y - round(y)) > _SHIFTED:
            return None
        return Slicing(transposed, (round(y), round(x)), (step_y, step_x))

    def __call__(self, points: Array) -> Array:
        """Return the source points of output points, both ``(..., 2)``."""
        if points.dtype.kind != "f":
            points = points.astype(np.float64)
        if not points.size:
            return points.copy()
        flat = points.reshape(-1, 1, 2)
        if self.affine:
            return cv2.transform(flat, self.matrix[:2]).reshape(points.shape)
        moved = cv2.perspectiveTransform(flat, self.matrix)
        known = np.isfinite(flat)
        if not known.all():
            moved[~known.all(axis=2)] = np.nan  # where OpenCV writes 0
        return moved.reshape(points.shape)

    def scaled(self, source: Sequence[float], output: Sequence[float]) -> "Projective":
        """Return the same map for a sheet of another resolution: see `Map.scaled`."""
        (sx, sy), (ox, oy) = source, output
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        rows = [
            [a * sx / ox, b * sx / oy, c * sx],
            [d * sy / ox, e * sy / oy, f * sy],
            [g / ox, h / oy, i],
        ]
        return Projective(np.array(rows))

    def window(self, source: Frame, shape: Frame) -> tuple[slice, slice] | None:
        """Return the whole-pixel part of a source that is spread upright over a shape, if any.

        Examples
        --------
        >>> Projective.scaling(2, 2).window((8, 8), (4, 4))
        (slice(0, 8, None), slice(0, 8, None))
        >>> Projective.scaling(2, 2).window((8, 8), (3, 4))
        (slice(0, 6, None), slice(0, 8, None))
        >>> Projective.translation(0.5, 0).window((8, 8), (4, 4)) is None
        True
        """
        (a, b, x), (c, d, y), (g, h, _) = self.matrix.tolist()
        if b or c or g or h or a <= 0 or d <= 0:
            return None
        sides = []
        for start, scale, size, count in ((y, d, source[0], shape[0]), (x, a, source[1], shape[1])):
            first, last = round(start), round(start + scale * count)
            off = max(abs(first - start), abs(last - start - scale * count))
            if off > 1e-6 or first < 0 or last > size:
                return None
            sides.append(slice(first, last))
        return sides[0], sides[1]

    def has_horizon(self, shape: Frame) -> bool:
        """Whether some point of a frame comes from infinity.

        Examples
        --------
        >>> tilt = Projective([[1, 0, 0], [0, 1, 0], [-0.1, 0, 1]])
        >>> tilt.has_horizon((8, 9)), tilt.has_horizon((8, 10))
        (False, True)
        """
        if self.affine:
            return False
        g, h, i = self.matrix[2].tolist()
        depths = (i, i + g * shape[1], i + h * shape[0], i + g * shape[1] + h * shape[0])
        return min(depths) <= 0 <= max(depths)

    def inverse(self) -> "Projective":
        """Return the inverse, in closed form."""
        (a, b, c), (d, e, f), (g, h, i) = self.matrix.tolist()
        # By hand, as NumPy takes ten times as long for so small a matrix.
        adjugate = [
            [e * i - f * h, c * h - b * i, b * f - c * e],
            [f * g - d * i, a * i - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ]
        determinant = a * adjugate[0][0] + b * adjugate[1][0] + c * adjugate[2][0]
        return Projective(np.array(adjugate) / determinant)


def _determinant(rows: list[list[float]]) -> float:
    """Return the determinant by hand: NumPy takes ten times as long for so small a matrix."""
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


@dataclass(frozen=True)
class Composition(Map):
    """Maps one after the other: the last one meets the output point first.

    Parameters
    ----------
    maps : tuple of Map
        In the order in which the picture is moved.

    Examples
    --------
    >>> flip, shift = Projective.mirror((4, 10), axis=1), Projective.translation(1, 0)
    >>> Composition((flip, shift))(np.array([2.0, 0.0]))
    array([7., 0.])
    """

    maps: tuple[Map, ...]

    def __call__(self, points: Array) -> Array:
        """Return the source points of output points, both ``(..., 2)``."""
        for step in reversed(self.maps):
            points = step(points)
        return points

    def inverse(self) -> Map:
        """Return the inverses in reverse order."""
        return compose(step.inverse() for step in reversed(self.maps))


@dataclass(frozen=True)
class Inverse(Map):
    """The inverse of a map that has no closed form: Newton's method from a fixed-point start.

    Parameters
    ----------
    map : Map
        Close enough to the identity that a start beside the answer exists (displacement fields).

    Notes
    -----
    Where a field folds over itself a point has several pre-images; one of them is found. Points
    are exact to about 0.001 px; starts that do not converge begin anew from the best of a
    lattice of starts around them.
    """

    map: Map
    tolerance: float = 1e-3

    def __call__(self, points: Array) -> Array:
        """Return the points whose images under the inverted map are `points`, ``(..., 2)``."""
        target = np.asarray(points, np.float64).reshape(-1, 2)
        known = np.isfinite(target).all(axis=1)
        if not known.all():
            found = np.full_like(target, np.nan)
            if known.any():
                found[known] = self(target[known])
            return found.reshape(np.shape(points))
        found, residual = self._newton(2 * target - self.map(target), target)
        lost = residual > self.tolerance
        if lost.any():
            found[lost] = self._restart(target[lost], found[lost], residual[lost])
        return found.reshape(np.shape(points))

    def inverse(self) -> Map:
        """Return the map that this one inverts."""
        return self.map

    def _newton(self, start: Array, target: Array, rounds: int = 12) -> tuple[Array, Array]:
        """Return the best points found from each start, and how far their images are off (px)."""
        here, best = start, start.copy()
        least = np.full(len(start), np.inf)
        for _ in range(rounds):
            miss, jacobian = self._miss(here, target)
            error = np.hypot(miss[:, 0], miss[:, 1])
            better = (error < least) & (least > self.tolerance)  # the same alone or among others
            best[better], least[better] = here[better], error[better]
            if (least <= self.tolerance).all():
                break
            here = here - _solve(jacobian, miss)
        return best, least

    def _miss(self, here: Array, target: Array, h: float = 0.5) -> tuple[Array, Array]:
        """Return map(here) - target and the Jacobian by central differences, in one call."""
        steps = np.array([[0, 0], [h, 0], [-h, 0], [0, h], [0, -h]])
        at, right, left, down, up = self.map(here[np.newaxis] + steps[:, np.newaxis])
        return at - target, np.stack([right - left, down - up], axis=-1) / (2 * h)

    def _restart(self, target: Array, found: Array, residual: Array) -> Array:
        """Begin anew at the lattice points around each target whose images come nearest."""
        ticks = np.linspace(-1, 1, 33)
        lattice = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
        better = found.copy()
        for i, point in enumerate(target):
            least = residual[i]
            for reach in (8.0, 32.0):
                starts = point + reach * lattice
                away = np.linalg.norm(self.map(starts) - point, axis=1)
                again, left = self._newton(starts[np.argsort(away)[:8]], point[np.newaxis])
                if left.min() < least:
                    better[i], least = again[left.argmin()], left.min()
                if least <= self.tolerance:
                    break
        return better


def _solve(jacobian: Array, miss: Array) -> Array:
    """Return Newton's step per point; where the map nearly folds, a damped fixed-point step."""
    (a, b), (c, d) = jacobian[:, 0].T, jacobian[:, 1].T
    determinant = a * d - b * c
    safe = determinant > 0.1
    scale = 1 / np.where(safe, determinant, 1)
    x = np.where(safe, (d * miss[:, 0] - b * miss[:, 1]) * scale, 0.5 * miss[:, 0])
    y = np.where(safe, (a * miss[:, 1] - c * miss[:, 0]) * scale, 0.5 * miss[:, 1])
    return np.stack([x, y], axis=-1)


def compose(maps: Iterable[Map]) -> Map:
    """Join maps into one, multiplying matrices where projective maps are neighbours.

    Parameters
    ----------
    maps : iterable of Map
        In the order in which the picture is moved; none gives the identity.

    Examples
    --------
    >>> compose([Projective.scaling(2, 2), Projective.scaling(0.5, 0.5)]) == Projective.identity()
    True
    """
    flat: list[Map] = []
    for step in maps:
        for part in parts(step):
            last = flat[-1] if flat else None
            if isinstance(part, Projective) and isinstance(last, Projective):
                flat[-1] = Projective(last.matrix @ part.matrix)
            else:
                flat.append(part)
    if not flat:
        return Projective.identity()
    return flat[0] if len(flat) == 1 else Composition(tuple(flat))


def parts(map: Map) -> tuple[Map, ...]:
    """Return the maps that a composition joins, or the map itself."""
    return map.maps if isinstance(map, Composition) else (map,)

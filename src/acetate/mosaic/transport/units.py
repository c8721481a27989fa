"""Points and tiles as whole numbers: the checks, and the unit that floats are rounded to."""

from typing import Any

import numpy as np

from acetate.arrays import Array, check_finite

BITS = 16
# float64 holds all whole numbers up to here.
_EXACT = 2.0**53


def check_points(points: Any, name: str) -> Array:
    """Return a table of points if it is one, raise otherwise."""
    if not isinstance(points, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(points).__name__}")
    if points.ndim != 2:
        raise ValueError(f"{name} must have shape (count, dimensions), got {points.shape}")
    if points.size == 0:
        raise ValueError(f"{name} are empty: their shape is {points.shape}")
    if points.dtype.kind not in "uif":
        raise TypeError(f"{name} must hold integers or floats, got {points.dtype}")
    if points.dtype.kind == "f":
        check_finite(points, name)
    return points


def check_pair(points: Any, tiles: Any, capacity: Any) -> None:
    """Raise unless both are tables of points in one space, and there are enough tiles."""
    check_points(points, "points")
    check_points(tiles, "tiles")
    if points.shape[1] != tiles.shape[1]:
        raise ValueError(
            f"points and tiles must have as many dimensions, got {points.shape} and {tiles.shape}"
        )
    if isinstance(capacity, bool) or not isinstance(capacity, int | np.integer):
        raise TypeError(f"capacity must be a whole number, got {capacity!r}")
    if capacity < 1:
        raise ValueError(f"capacity must be at least 1, got {capacity}")
    missing = len(points) - len(tiles) * int(capacity)
    if missing > 0:
        enough = -(-len(points) // len(tiles))
        raise ValueError(
            f"{len(tiles)} tiles, each used at most {capacity} times, are {missing} uses short of "
            f"{len(points)} points; add tiles, or take a capacity of {enough}"
        )


def whole(points: Array, tiles: Array) -> tuple[Array, Array, float]:
    """Return both as whole numbers in float64, near zero, and the unit that they count."""
    rounded = points.dtype.kind == "f" or tiles.dtype.kind == "f"
    points, tiles = points.astype(float), tiles.astype(float)
    ends = np.array([f(np.concatenate([points, tiles]), axis=0) for f in (np.min, np.max)])
    widest, unit = widest_range(*points.shape), 1.0
    if rounded:
        unit = unit_of(ends, widest)
        points, tiles, ends = (np.rint(array / unit) for array in (points, tiles, ends))
    else:
        _check_integers(ends, widest, *points.shape)
    middle = np.floor(ends.mean(axis=0))
    return points - middle, tiles - middle, unit


def widest_range(count: int, dimensions: int) -> float:
    """Return the range of values for which all that an auction computes is exact."""
    return float(np.floor(np.sqrt(_EXACT / (8.0 * dimensions * (count + 2)))))


def unit_of(ends: Array, widest: float) -> float:
    """Return the power of two that floats between these ends are rounded to multiples of."""
    with np.errstate(over="ignore"):
        spread = float((ends[1] - ends[0]).max())
    if not np.isfinite(spread):
        raise ValueError(
            f"points and tiles range over more than floats hold, from {ends.min():g} to "
            f"{ends.max():g}; scale them down"
        )
    steps = 2.0 ** min(BITS, np.floor(np.log2(widest))) - 1
    if spread / steps < np.finfo(float).tiny:
        return 1.0 if spread == 0.0 else float(np.finfo(float).tiny)
    return float(2.0 ** np.ceil(np.log2(spread / steps)))


def _check_integers(ends: Array, widest: float, count: int, dimensions: int) -> None:
    spread, most = float((ends[1] - ends[0]).max()), float(np.abs(ends).max())
    if spread > widest or most > _EXACT / 2:
        raise ValueError(
            f"integers for {count} points in {dimensions} dimensions may range over {widest:.0f}, "
            f"and go to {_EXACT / 2:.0f}, got {spread:.0f} and {most:.0f}; divide them first, or "
            "pass floats, which are rounded"
        )

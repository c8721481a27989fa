"""Colour maps for values and palettes for labels, without a plotting library."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_range
from acetate.names import nearest

RGB = NDArray[np.uint8]

_OPENCV_MAPS = ("jet", "turbo", "viridis", "cividis", "plasma", "inferno", "magma", "hot", "bone")

COLOR_MAPS = (*_OPENCV_MAPS, "gray", "coolwarm")

_COLORS = 256


def colorize(values: Array, cmap: str | None = "jet") -> RGB:
    """Paint a map of numbers in colours.

    Parameters
    ----------
    values : numpy.ndarray
        ``(H, W)`` floats in [0, 1].
    cmap : str or None
        One of `COLOR_MAPS`. "coolwarm" is for values with a meaningful middle: blue below, light
        gray at 0.5, red above. None is "gray": black for 0, white for 1.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 3)`` uint8, RGB. Values are first rounded to 256 steps.

    Raises
    ------
    ValueError
        If the shape is another, a value is outside [0, 1], NaN or infinite, or the colour map is
        unknown.

    Examples
    --------
    >>> colorize(np.array([[0.0, 0.5, 1.0]]))
    array([[[  0,   0, 128],
            [130, 255, 126],
            [128,   0,   0]]], dtype=uint8)
    """
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"values must have shape (H, W) and not be empty, got {values.shape}")
    check_range(values, 0.0, 1.0, "colour map", "scale them first")
    steps = (values * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    return _look_up(_table("gray" if cmap is None else cmap), steps)


def _look_up(table: RGB, steps: Array) -> RGB:
    # Fifteen times as fast as table[steps].
    planes = [cv2.LUT(steps, channel) for channel in np.ascontiguousarray(table.T)]
    return np.asarray(cv2.merge(planes), dtype=np.uint8)


@cache
def _table(name: str) -> RGB:
    """Return the 256 colours of a map, ``(256, 3)``, RGB."""
    steps = np.arange(256, dtype=np.uint8)[:, np.newaxis]
    if name == "gray":
        return np.repeat(steps, 3, axis=1)
    if name == "coolwarm":
        return _coolwarm()
    if name not in _OPENCV_MAPS:
        raise ValueError(
            f"there is no colour map {name!r}; the nearest is {nearest(name, COLOR_MAPS)!r}, "
            f"and there are {', '.join(COLOR_MAPS)}"
        )
    bgr = cv2.applyColorMap(steps, getattr(cv2, f"COLORMAP_{name.upper()}"))
    return np.asarray(bgr[:, 0, ::-1], dtype=np.uint8)


def _coolwarm() -> RGB:
    """Blue to light gray to red, straight in CIELAB, both ends equally dark."""
    ends = np.array([[38.0, 27.0, -62.0], [88.0, 0.0, 0.0], [38.0, 62.0, 40.0]], np.float32)
    at = np.linspace(0, 2, 256)
    lab = np.stack([np.interp(at, [0, 1, 2], channel) for channel in ends.T], axis=-1)
    rgb = cv2.cvtColor(lab[np.newaxis].astype(np.float32), cv2.COLOR_LAB2RGB)[0]
    return np.clip(np.rint(rgb * 255), 0, 255).astype(np.uint8)


def palette(n: int) -> RGB:
    """Return colours for the labels 0 to ``n - 1``.

    Parameters
    ----------
    n : int
        How many, at least 1.

    Returns
    -------
    numpy.ndarray
        ``(n, 3)`` uint8, RGB. Label 0 is black; a label has the same colour whatever `n` is. The
        first 256 colours all differ: the first 32 by at least 31 in CIELAB (1976 distance), all
        256 by 12, labels next to each other by 49. From label 256 on the colours 1 to 255 repeat.

    Raises
    ------
    ValueError
        If `n` is below 1.

    Notes
    -----
    Every colour is the one of a 9 x 9 x 9 grid in RGB that is farthest, in CIELAB, from all
    colours before it (Gonzalez 1985, farthest-first traversal). Near-black (lightness 25 and
    less) is left to the background.

    Examples
    --------
    >>> palette(3)
    array([[  0,   0,   0],
           [  0, 255,   0],
           [  0,   0, 255]], dtype=uint8)
    """
    if n < 1:
        raise ValueError(f"a palette has at least 1 colour, got n = {n}")
    return _palette()[_wrapped(np.arange(n))]


def _wrapped(labels: Array) -> Array:
    """Return which of the palette's colours each label has."""
    if labels.max() < _COLORS:
        return labels
    return np.where(labels < _COLORS, labels, (labels - 1) % (_COLORS - 1) + 1)


@cache
def _palette() -> RGB:
    levels = np.append(np.arange(0, 255, 32), 255)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    rgb = grid.astype(np.uint8)
    lab = _lab(rgb)
    usable = lab[:, 0] > 25
    usable[0] = True
    return rgb[usable][_farthest_first(lab[usable], _COLORS)]


def _lab(rgb: RGB) -> Array:
    # Rounded, so that the order cannot hang on the last digit of a processor's power function.
    return cv2.cvtColor(rgb[np.newaxis] / np.float32(255), cv2.COLOR_RGB2LAB)[0].round(2)


def _farthest_first(points: Array, count: int) -> list[int]:
    """Order points, from the first: each the farthest from all before, and 50 from the last."""
    order = [0]
    to_last = to_any = np.linalg.norm(points, axis=1)
    while len(order) < count:
        order.append(int(np.argmax(np.where(to_last < 50, 0, to_any))))
        to_last = np.linalg.norm(points - points[order[-1]], axis=1)
        to_any = np.minimum(to_any, to_last)
    return order


def colorize_labels(labels: Array) -> RGB:
    """Paint a map of labels in the colours of `palette`.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers or booleans from 0.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 3)`` uint8, RGB.

    Raises
    ------
    TypeError
        If the labels are not integers or booleans.
    ValueError
        If the shape is another, or a label is negative.

    Examples
    --------
    >>> colorize_labels(np.array([[0, 1]]))
    array([[[  0,   0,   0],
            [  0, 255,   0]]], dtype=uint8)
    """
    if labels.dtype.kind not in "bui":
        raise TypeError(f"labels must be integers or booleans, got {labels.dtype}")
    if labels.ndim != 2 or labels.size == 0:
        raise ValueError(f"labels must have shape (H, W) and not be empty, got {labels.shape}")
    if labels.min() < 0:
        raise ValueError(f"labels must be 0 or above, got {labels.min()}")
    return _look_up(_palette(), _wrapped(labels).astype(np.uint8))

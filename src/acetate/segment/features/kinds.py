"""The kinds of features: their names, scales and reach, and how each is computed on its level."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np

from acetate.segment.features import context_loops as loops
from acetate.segment.features.loops import REACH, blur
from acetate.segment.features.pictures import Planes
from acetate.segment.features.pyramid import (
    Surroundings,
    gaussian_half,
    level_of,
    remaining_scale,
)

# What derives from one blurred plane, in the order of the slots of `loops.derive`.
DERIVED = {
    "gaussian": ("gaussian",),
    "dog": ("dog",),
    "laplacian": ("laplacian",),
    "gradient": ("gradient",),
    "hessian": ("hessian_largest", "hessian_smallest"),
}
_RING_PLACES, _LINE_PLACES, _DIRECTIONS = 16, 9, 8


@dataclass(frozen=True)
class Values:
    """The range of a channel in the pictures of the fit.

    Examples
    --------
    >>> Values(0.0, 1.0).centre
    0.5
    """

    low: float
    high: float

    @property
    def centre(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


Compute = Callable[[Surroundings, float, int, Values], list[Planes]]


@dataclass(frozen=True)
class Context:
    """Features of a pixel's surroundings, computed where their scale is two to four pixels.

    Parameters
    ----------
    names : tuple of str
        Of the planes, in order.
    reach : callable
        From the scale in pixels of its level to how far it sees there.
    compute : callable
        From surroundings, scale, level and range to planes on the level.

    Examples
    --------
    >>> CONTEXTS["ring"].names
    ('ring_mean', 'ring_deviation', 'ring_least', 'ring_most')
    """

    names: tuple[str, ...]
    reach: Callable[[float], int]
    compute: Compute


def radius_of(sigma: float) -> int:
    """Return how far a Gaussian reaches.

    Examples
    --------
    >>> radius_of(2.0)
    8
    """
    return int(4 * sigma + 0.5)


def blurred(plane: Planes, sigma: float) -> Planes:
    """Return a plane after a Gaussian, without the border that it does not see whole."""
    border = radius_of(sigma)
    return _blurred(
        plane, (border, plane.shape[0] - border, border, plane.shape[1] - border), sigma
    )


def trimmed(plane: Planes, border: int) -> Planes:
    """Return a plane without its border.

    Examples
    --------
    >>> trimmed(np.zeros((5, 7), np.float32), 2).shape
    (1, 3)
    """
    return plane[border : plane.shape[0] - border, border : plane.shape[1] - border]


def smoothed(around: Surroundings, scale: float, level: int, reach: int) -> Planes:
    """Return the Gaussian of a scale on its level, in the window and ``reach`` more."""
    sigma = remaining_scale(scale, level)
    return _blurred(around.level(level), around.extent(level, reach), sigma)


def _blurred(plane: Planes, extent: tuple[int, int, int, int], sigma: float) -> Planes:
    """Return a part of a plane, from top to bottom and left to right, after a Gaussian."""
    top, bottom, left, right = extent
    out = np.empty((bottom - top, right - left), np.float32)
    blur(plane, top, left, gaussian_half(sigma), out)
    return out


def _structure(around: Surroundings, scale: float, level: int, _: Values) -> list[Planes]:
    sigma = scale / 2**level
    g = smoothed(around, scale, level, radius_of(sigma) + 1)
    products = np.empty((3, g.shape[0] - 2, g.shape[1] - 2), np.float32)
    loops.gradient_products(g, products)
    means = np.stack([blurred(p, sigma) for p in products])
    out = np.empty((2, *means.shape[1:]), np.float32)
    loops.eigenvalues(means, np.float32(1 / 4**level), out)
    return list(out)


def _deviation(around: Surroundings, scale: float, level: int, values: Values) -> list[Planes]:
    second = around.squares(values.centre)
    mean = smoothed(around, scale, level, 0)
    out = np.empty(mean.shape, np.float32)
    loops.spreads(smoothed(second, scale, level, 0), mean, np.float32(values.centre), out)
    return [out]


def _median(around: Surroundings, scale: float, level: int, _: Values) -> list[Planes]:
    radius = 1 if scale / 2**level < 2 else 2
    window = np.ascontiguousarray(around.window(around.level(level), level, radius))
    found = np.asarray(cv2.medianBlur(window, 2 * radius + 1), np.float32)
    return [np.ascontiguousarray(trimmed(found, radius))]


def _ring(around: Surroundings, scale: float, level: int, _: Values) -> list[Planes]:
    radius = 2 * scale / 2**level
    angles = np.arange(_RING_PLACES) * (2 * np.pi / _RING_PLACES)
    places = np.stack([np.sin(angles), np.cos(angles)], axis=1)[:, np.newaxis]
    return _grouped(around, scale / 2, level, radius * places)


def _line(around: Surroundings, scale: float, level: int, _: Values) -> list[Planes]:
    angles = np.arange(_DIRECTIONS) * (np.pi / _DIRECTIONS)
    along = np.linspace(-1, 1, _LINE_PLACES) * (4 * scale / 2**level)
    places = np.stack([np.outer(np.sin(angles), along), np.outer(np.cos(angles), along)], axis=-1)
    return _grouped(around, scale, level, places)[1:]


def _grouped(around: Surroundings, sigma: float, level: int, places: Planes) -> list[Planes]:
    offsets = np.round(places).astype(np.int64)
    reach = int(np.abs(offsets).max())
    within = sigma / 2**level
    g = _blurred(around.level(level), around.extent(level, reach), within)
    out = np.empty((4, g.shape[0] - 2 * reach, g.shape[1] - 2 * reach), np.float32)
    loops.grouped_statistics(g, offsets, reach, out)
    return list(out)


CONTEXTS: dict[str, Context] = {
    "structure": Context(
        ("structure_largest", "structure_smallest"),
        lambda s: 2 * radius_of(s) + 1,
        _structure,
    ),
    "deviation": Context(("deviation",), radius_of, _deviation),
    "median": Context(("median",), lambda _: 2, _median),
    "ring": Context(
        ("ring_mean", "ring_deviation", "ring_least", "ring_most"),
        lambda s: ceil(2 * s) + radius_of(s / 2),
        _ring,
    ),
    "line": Context(
        ("line_deviation", "line_least", "line_most"),
        lambda s: ceil(4 * s) + radius_of(s),
        _line,
    ),
}
HISTOGRAM = "histogram"
KINDS = (*DERIVED, *CONTEXTS, HISTOGRAM)
# Below these scales a kind says nothing that others do not say.
LEAST = {"dog": 1.0, "deviation": 1.0, "median": 1.0, "ring": 1.0, "line": 1.0, HISTOGRAM: 4.0}


def reach_of(kind: str, scale: float, pyramid: bool) -> tuple[int, int]:
    """Return how far a feature sees, in pixels of its level, and the level.

    Examples
    --------
    >>> reach_of("gaussian", 2.0, True), reach_of("gaussian", 4.0, False)
    ((10, 0), (18, 0))
    """
    if kind in DERIVED and not pyramid:
        return radius_of(scale) + REACH, 0
    level = level_of(scale)
    within = scale / 2**level
    if kind in CONTEXTS:
        return CONTEXTS[kind].reach(within), level
    return radius_of(within) + REACH, level

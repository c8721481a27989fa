"""Quad trees: a picture into squares that are alike inside, each square into four or left whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, channels_last, check_image, full_scale
from acetate.colors import RGB
from acetate.segment.regions.outlines import mark_boundaries

Metric = Literal["std", "range"]
Levels = list[tuple[int, int]]


@dataclass(frozen=True)
class QuadLeaves:
    """The leaves of a quad tree.

    Parameters
    ----------
    squares : numpy.ndarray
        ``(n, 3)`` int32: the first row, the first column and the side of every leaf in pixels, in
        the order of the tree (upper left, upper right, lower left, lower right, each with all
        that is below it). Sides are powers of two; at the lower and right border of the picture a
        leaf may reach beyond it.
    shape : (int, int)
        The picture's height and width.
    threshold : float
        That was used, as a part of white.

    Examples
    --------
    >>> leaves = QuadLeaves(np.array([[0, 0, 1], [0, 1, 1]], np.int32), (1, 2), 0.0)
    >>> len(leaves), leaves.labels
    (2, array([[0, 1]], dtype=int32))
    """

    squares: NDArray[np.int32]
    shape: Shape
    threshold: float

    def __len__(self) -> int:
        return len(self.squares)

    @property
    def labels(self) -> NDArray[np.int32]:
        """The number of its leaf for every pixel, ``(H, W)`` int32 from 0; painted when asked."""
        from acetate.segment.regions.quad_loops import paint

        labels = np.empty(self.shape, np.int32)
        paint(self.squares, labels)
        return labels

    def draw(self, image: Array, color: tuple[int, int, int] = (255, 255, 0)) -> RGB:
        """Return the picture with the outlines of the leaves on it.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)``, ``(H, W, 1)`` or ``(H, W, 3)``, of the shape of the tree.
        color : (red, green, blue)
            From 0 to 255.

        Returns
        -------
        numpy.ndarray
            ``(H, W, 3)`` uint8.
        """
        return mark_boundaries(image, self.labels, color)


def quad_split(
    image: Array, threshold: float | None = None, metric: Metric = "std", minimum: int = 1
) -> QuadLeaves:
    """Divide a picture into squares that are alike inside.

    The root is the least square with a power of two as its side that covers the picture from its
    upper left corner. A square whose values differ by more than the threshold becomes four; those
    that lie outside the picture are none.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    threshold : float or None
        As a part of white, at least 0: a square is split if it has more in any channel. None takes
        a quarter of the whole picture's.
    metric : {"std", "range"}
        What is compared with it: the standard deviation, or the largest value minus the least.
    minimum : int
        No leaf has a smaller side, in pixels, at least 1.

    Returns
    -------
    QuadLeaves
        The squares; their label picture is painted when it is asked for.

    Raises
    ------
    TypeError, ValueError
        If the image is none, or the threshold is negative, or the metric is none of the two, or
        the minimum below 1.

    Notes
    -----
    The same squares as those of the split from the top (Horowitz and Pavlidis 1976), found from
    the bottom: every level of a pyramid comes from the one below it, so each pixel is read once.

    Examples
    --------
    >>> picture = np.zeros((4, 4), np.uint8)
    >>> picture[3, 3] = 255
    >>> quad_split(picture).squares.tolist()
    [[0, 0, 2], [0, 2, 2], [2, 0, 2], [2, 2, 1], [2, 3, 1], [3, 2, 1], [3, 3, 1]]
    """
    check_image(image)
    if metric not in ("range", "std"):
        raise ValueError(f"metric is 'std' or 'range', got {metric!r}")
    if minimum < 1:
        raise ValueError(f"minimum must be at least 1 pixel, got {minimum}")
    part = _quarter(image, metric) if threshold is None else float(threshold)
    if not part >= 0:
        raise ValueError(f"threshold must be at least 0, got {threshold}")
    return QuadLeaves(_squares(image, part, metric, minimum), image.shape[:2], part)


def _squares(image: Array, part: float, metric: Metric, minimum: int) -> NDArray[np.int32]:
    from acetate.segment.regions.quad_loops import walk

    levels = _levels(image.shape[:2])
    starts = np.cumsum([0, *(h * w for h, w in levels)])
    split = np.zeros(starts[-1], np.uint8)
    pyramid = _mark_ranges if metric == "range" else _mark_deviations
    marked = [split[a:b] for a, b in pairwise(starts)]
    for channel in np.moveaxis(channels_last(image), 2, 0):
        # Compiled loops want the machine's own byte order.
        plane = np.ascontiguousarray(channel, channel.dtype.newbyteorder("="))
        pyramid(plane, part * full_scale(image.dtype), levels, marked)
    # A square is left whole if its four would be too small.
    whole = (minimum - 1).bit_length() + 1
    split[: starts[min(whole, len(levels))]] = 0
    heights, widths = np.array(levels).T
    tree = (split, starts, widths, heights)
    leaves = np.empty((walk(*tree, np.empty((0, 3), np.int32)), 3), np.int32)
    walk(*tree, leaves)
    return leaves


def _levels(shape: Shape) -> Levels:
    """Return how many blocks there are down and across at each level; the root is the last."""
    levels = [(shape[0], shape[1])]
    while levels[-1] != (1, 1):
        height, width = levels[-1]
        levels.append((-(-height // 2), -(-width // 2)))
    return levels


def _mark_ranges(plane: Array, threshold: float, levels: Levels, marked: list[Array]) -> None:
    from acetate.segment.regions.quad_loops import halve_range, mark_range

    high = low = plane
    for shape, split in zip(levels[1:], marked[1:], strict=True):
        high_above, low_above = np.empty(shape, plane.dtype), np.empty(shape, plane.dtype)
        halve_range(high, low, high_above, low_above)
        high, low = high_above, low_above
        mark_range(high, low, threshold, split)


def _mark_deviations(plane: Array, threshold: float, levels: Levels, marked: list[Array]) -> None:
    from acetate.segment.regions.quad_loops import halve_moments, mark_moments

    extent, sides = np.array(plane.shape), _sides()
    mean, scatter = plane, np.broadcast_to(np.zeros(1), plane.shape)
    for shape, split, side in zip(levels[1:], marked[1:], sides, strict=False):
        mean_above, scatter_above = np.empty(shape), np.empty(shape)
        halve_moments(mean, scatter, side, extent, mean_above, scatter_above)
        mean, scatter = mean_above, scatter_above
        mark_moments(scatter, 2 * side, extent, threshold, split)


def _sides() -> Iterator[int]:
    side = 1
    while True:
        yield side
        side *= 2


def _quarter(image: Array, metric: Metric) -> float:
    """Return a quarter of what the channel with the most has, as a part of white."""
    planes = channels_last(image).reshape(-1, channels_last(image).shape[2])
    if metric == "std":
        most = float(planes.std(axis=0, dtype=np.float64).max())
    else:
        most = float((planes.max(axis=0) - planes.min(axis=0)).max())
    return most / (4 * full_scale(image.dtype))

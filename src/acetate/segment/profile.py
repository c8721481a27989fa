"""Profiles: values along a line, across an edge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_image
from acetate.segment.masks import Point

# Longer lines are a mistake in the units.
_LONGEST = 1_000_000


@dataclass(frozen=True)
class Profile:
    """Values of a picture along a line.

    Parameters
    ----------
    distances : numpy.ndarray
        ``(n,)`` float64, from the start of the line in pixels.
    points : numpy.ndarray
        ``(n, 2)`` float64, x and y of each sample.
    values : numpy.ndarray
        ``(n,)`` or ``(n, C)`` float64, in units of the picture.

    Examples
    --------
    >>> Profile(np.zeros(1), np.zeros((1, 2)), np.zeros(1)).values.shape
    (1,)
    """

    distances: NDArray[np.float64]
    points: NDArray[np.float64]
    values: NDArray[np.float64]


def line_profile(image: Array, start: Point, end: Point, width: float = 1.0) -> Profile:
    """Return the values of a picture along a line, about a pixel apart.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, or float32/float64 in [0, 1].
    start, end : (x, y)
        Where the line begins and ends; pixel centres lie at halves. Outside of the picture the
        values of its border go on.
    width : float
        Each value is the mean over so many pixels across the line, at least 1.

    Returns
    -------
    Profile
        Linear between pixels. Of labels, take ``line_profile(...).points`` and look them up.

    Raises
    ------
    TypeError, ValueError
        If the image is none, the points are not finite or the same, or `width` is below 1.

    Examples
    --------
    >>> image = np.array([[0, 10, 20, 30]], np.uint8)
    >>> line_profile(image, (0.5, 0.5), (3.5, 0.5)).values
    array([ 0., 10., 20., 30.])
    """
    picture = check_image(image)
    ends = np.array([start, end], np.float64)
    length = float(np.hypot(*(ends[1] - ends[0])))
    if not 0 < length < _LONGEST:
        raise ValueError(
            f"a line has two different points less than {_LONGEST} pixels apart, got "
            f"{start} and {end}"
        )
    if not 1 <= width < _LONGEST:
        raise ValueError(f"width must be at least 1 pixel and finite, got {width!r}")
    parts = np.linspace(0, 1, round(length) + 1 if length >= 1 else 2)
    points = ends[0] + parts[:, np.newaxis] * (ends[1] - ends[0])
    along = (ends[1] - ends[0]) / length
    offsets = np.arange(round(width)) - (round(width) - 1) / 2
    places = points[:, np.newaxis] + offsets[:, np.newaxis] * np.array([-along[1], along[0]])
    return Profile(parts * length, points, _sampled(picture, places).mean(axis=1))


def _sampled(picture: Array, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values at places, ``(n, m, 2)``, linear between pixel centres."""
    # OpenCV would round places to a 32nd of a pixel.
    height, width = picture.shape[:2]
    x = np.clip(places[..., 0] - 0.5, 0, width - 1)
    y = np.clip(places[..., 1] - 0.5, 0, height - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    # Of pictures with channels, each has the same weight.
    tail = (...,) + (np.newaxis,) * (picture.ndim - 2)
    u, v = (x - left)[tail], (y - top)[tail]
    above = (1 - u) * picture[top, left] + u * picture[top, right]
    below = (1 - u) * picture[bottom, left] + u * picture[bottom, right]
    return np.asarray((1 - v) * above + v * below)

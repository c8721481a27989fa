"""Letterboxing: a picture of any size in the network's square, and points there and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_image, full_scale
from acetate.geometry import Frame, Projective, warp
from acetate.geometry.once import Once

_LEAST = 2  # pixels on a side of a picture: on fewer a point has no place


@dataclass(frozen=True)
class Letterbox:
    """How a picture lies in a square: shrunk or enlarged as a whole, in the middle.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the picture.
    size : int
        Side of the square in pixels.
    zoom : float
        How much of the square the picture's longer side fills; over 1 its margins are cut off.

    Raises
    ------
    ValueError
        If the picture has fewer than two pixels on a side, or would have less than half of one
        in the square, or the size or the zoom is not positive.

    Notes
    -----
    The picture takes a whole number of pixels of the square, and so does each of the two equal
    bars beside it: pixels are averaged by area, without a second interpolation, and the square of
    a mirrored picture is the mirrored square. The map is affine, and exactly the one that the
    pixels take; the aspect is kept to a pixel of the square.

    Examples
    --------
    >>> box = Letterbox((100, 200), 64)
    >>> box.content
    (32, 64)
    >>> box.to_square(np.array([[0.0, 0.0], [200.0, 100.0]])).tolist()
    [[0.0, 16.0], [64.0, 48.0]]
    >>> box.to_picture(np.array([[32.0, 32.0]])).tolist()
    [[100.0, 50.0]]
    """

    shape: Frame
    size: int
    zoom: float = 1.0

    def __post_init__(self) -> None:
        if min(self.shape) < _LEAST:
            height, width = self.shape
            raise ValueError(
                f"a picture for landmarks has at least {_LEAST} pixels on a side, this one is "
                f"{height} x {width}"
            )
        if self.size < 1 or not 0 < self.zoom < np.inf:
            raise ValueError(
                f"size and zoom must be positive, got size {self.size} and zoom {self.zoom}"
            )
        if min(self.shape) * self._scale < 0.5:
            height, width = self.shape
            raise ValueError(
                f"a picture of {height} x {width} would be less than half a pixel high or wide in "
                f"a square of {self.size}; crop it first"
            )

    @property
    def _scale(self) -> float:
        return self.zoom * self.size / max(self.shape)

    @property
    def content(self) -> Frame:
        """Height and width that the picture takes in the square (more than it, if zoomed in)."""
        odd = self.size % 2
        height, width = (
            max(2 - odd, 2 * round((side * self._scale - odd) / 2) + odd) for side in self.shape
        )
        return height, width

    @property
    def order(self) -> str:
        """How pixels are read: "area" where the picture shrinks, "linear" where it grows."""
        # OpenCV's cubic (a = -0.75) moves what it enlarges a little by up to 0.03 px.
        return "area" if self._scale < 1 else "linear"

    @Once
    def map(self) -> Projective:
        """Return the map from points of the square to points of the picture, as `warp` takes it."""
        (height, width), (rows, columns) = self.shape, self.content
        left, top = (self.size - columns) // 2, (self.size - rows) // 2
        x, y = width / columns, height / rows
        return Projective.upright(x, y, -left * x, -top * y)

    def to_square(self, points: Array) -> NDArray[np.float64]:
        """Return where points of the picture lie in the square.

        Parameters
        ----------
        points : numpy.ndarray
            ``(..., 2)`` as (x, y) in pixels; NaN stays NaN.
        """
        return self.map.inverse()(np.asarray(points, np.float64))

    def to_picture(self, points: Array) -> NDArray[np.float64]:
        """Return where points of the square, ``(..., 2)``, lie in the picture."""
        return self.map(np.asarray(points, np.float64))

    def image(self, image: Array, fill: float | None = None) -> Array:
        """Return the picture in the square.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)`` of this letterbox's shape; see
            `acetate.arrays.check_image`.
        fill : float or None
            What the bars beside it hold, in the image's own units; None takes its mean.

        Returns
        -------
        numpy.ndarray
            ``(size, size)`` or ``(size, size, C)`` of the same dtype. Means over areas where the
            picture shrinks, linear interpolation where it grows.

        Raises
        ------
        ValueError
            If the image has another shape.

        Examples
        --------
        >>> Letterbox((4, 8), 4).image(np.full((4, 8), 9, np.uint8), fill=0)
        array([[0, 0, 0, 0],
               [9, 9, 9, 9],
               [9, 9, 9, 9],
               [0, 0, 0, 0]], dtype=uint8)
        """
        check_image(image)
        if image.shape[:2] != self.shape:
            raise ValueError(
                f"the letterbox is for pictures of {self.shape}, got one of {image.shape[:2]}"
            )
        rows, columns = self.content
        shown = Projective.scaling(self.shape[1] / columns, self.shape[0] / rows)
        inner = warp(image, shown, self.content, self.order, mode="edge")
        value = mean_of(image) if fill is None else fill
        return _placed(inner, self.size, value)


def mean_of(image: Array) -> float:
    """Return the mean of a picture in its own units, whole for integers.

    Examples
    --------
    >>> mean_of(np.array([[0, 3]], np.uint8))
    2.0
    """
    mean = float(image.mean(dtype=np.float64))
    return mean if image.dtype.kind == "f" else float(np.floor(mean + 0.5))


def standard(image: Array) -> tuple[float, float]:
    """Return mean and standard deviation of a picture as shares of white, all channels together.

    Parameters
    ----------
    image : numpy.ndarray
        See `acetate.arrays.check_image`.

    Returns
    -------
    (float, float)
        The second is at least 0.001: a constant picture is not divided by zero.

    Examples
    --------
    >>> standard(np.array([[0, 255]], np.uint8))
    (0.5, 0.5)
    """
    white = full_scale(image.dtype)
    mean, spread = image.mean(dtype=np.float64), image.std(dtype=np.float64)
    return float(mean / white), max(float(spread / white), 1e-3)


def _placed(inner: Array, size: int, fill: float) -> Array:
    """Return a square of one value with a picture in its middle, cut off where it is larger."""
    rows, columns = inner.shape[:2]
    top, left = (size - rows) // 2, (size - columns) // 2
    square = np.full((size, size, *inner.shape[2:]), fill, inner.dtype)
    here = slice(max(top, 0), top + rows), slice(max(left, 0), left + columns)
    there = slice(max(-top, 0), size - top), slice(max(-left, 0), size - left)
    square[here] = inner[there]
    return square

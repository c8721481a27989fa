"""One landmark on an image."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, shape_of
from acetate.sheets.image_shape import ImageOrShape, scale_between


@dataclass(frozen=True)
class Keypoint:
    """One landmark.

    Parameters
    ----------
    x, y : float
        Its place in pixels; the centre of pixel (row i, column j) is ``(j + 0.5, i + 0.5)``. NaN
        where it is missing.
    name : str, optional
        What it is, such as "left eye".
    visible : bool
        Whether it can be seen; one that is hidden behind something still has a place.

    Examples
    --------
    >>> Keypoint(10, 20).project((100, 100), (200, 200))
    Keypoint(x=20.0, y=40.0, name=None, visible=True)
    """

    x: float
    y: float
    name: str | None = None
    visible: bool = True

    @property
    def missing(self) -> bool:
        """Whether the place is not known."""
        return bool(np.isnan(self.x) or np.isnan(self.y))

    @property
    def xy(self) -> NDArray[np.float64]:
        """The place as an array (x, y)."""
        return np.array([self.x, self.y], np.float64)

    @property
    def x_int(self) -> int:
        """The nearest whole number to x."""
        return self._nearest(self.x)

    @property
    def y_int(self) -> int:
        """The nearest whole number to y."""
        return self._nearest(self.y)

    def project(self, from_shape: ImageOrShape, to_shape: ImageOrShape) -> "Keypoint":
        """Return the point on a resized image.

        Parameters
        ----------
        from_shape, to_shape : tuple of int or numpy.ndarray
            The image's shape before and after, or the images.
        """
        x, y = scale_between(from_shape, to_shape).tolist()
        return replace(self, x=self.x * x, y=self.y * y)

    def shift(self, x: float = 0, y: float = 0) -> "Keypoint":
        """Return the point moved to the right by x and down by y pixels."""
        return replace(self, x=self.x + x, y=self.y + y)

    def is_out_of_image(self, image: ImageOrShape) -> bool:
        """Whether the point lies outside an image; a missing one lies nowhere, so it does not."""
        return bool(outside(self.xy, shape_of(image)))

    def _nearest(self, value: float) -> int:
        if self.missing:
            raise ValueError(f"the keypoint {self.name!r} is missing: it has no whole-number place")
        return round(value)


def outside(xy: Array, shape: Shape) -> Any:
    """Whether points ``(..., 2)`` lie outside an image; NaN does not.

    Examples
    --------
    >>> outside(np.array([[7.9, 0], [8, 0], [np.nan, np.nan]]), (8, 8))
    array([False,  True, False])
    """
    return ((xy < 0) | (xy >= (shape[1], shape[0]))).any(axis=-1)

"""One bounding box on an image."""

from dataclasses import dataclass, replace
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, shape_of
from acetate.geometry import Projective, warp
from acetate.sheets.image_shape import ImageOrShape, scale_between
from acetate.sheets.keypoint import Keypoint

Label = str | int | None
_Default = TypeVar("_Default")


@dataclass(frozen=True)
class BoundingBox:
    """A box with sides along the image's.

    Parameters
    ----------
    x1, y1, x2, y2 : float
        Two opposite corners in pixels; swapped where needed so that ``x1 <= x2`` and
        ``y1 <= y2``. The box of pixel (row i, column j) alone is ``(j, i, j + 1, i + 1)``.
    label : str, int or None
        What is in it.

    Examples
    --------
    >>> box = BoundingBox(x1=10, y1=20, x2=30, y2=50, label="cat")
    >>> box.width, box.height, box.area
    (20, 30, 600)
    >>> box.iou(box.shift(x=10))
    0.3333333333333333
    """

    x1: float
    y1: float
    x2: float
    y2: float
    label: Label = None

    def __post_init__(self) -> None:
        if self.x1 > self.x2:
            self._set(x1=self.x2, x2=self.x1)
        if self.y1 > self.y2:
            self._set(y1=self.y2, y2=self.y1)

    def _set(self, **values: float) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def xyxy(self) -> tuple[float, float, float, float]:
        """The corners (x1, y1, x2, y2)."""
        return self.x1, self.y1, self.x2, self.y2

    @property
    def coords(self) -> NDArray[np.float64]:
        """The corners, ``(2, 2)``: top left and bottom right, (x, y)."""
        return np.array(self.xyxy, np.float64).reshape(2, 2)

    @property
    def width(self) -> float:
        """From the left to the right side."""
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        """From the upper to the lower side."""
        return self.y2 - self.y1

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height

    @property
    def center_x(self) -> float:
        """The middle between left and right."""
        return (self.x1 + self.x2) / 2

    @property
    def center_y(self) -> float:
        """The middle between top and bottom."""
        return (self.y1 + self.y2) / 2

    def contains(self, other: Keypoint | tuple[float, float]) -> bool:
        """Whether a point lies in the box or on its border."""
        x, y = (other.x, other.y) if isinstance(other, Keypoint) else other
        return self.x1 <= x <= self.x2 and self.y1 <= y <= self.y2

    def project(self, from_shape: ImageOrShape, to_shape: ImageOrShape) -> "BoundingBox":
        """Return the box on a resized image.

        Parameters
        ----------
        from_shape, to_shape : tuple of int or numpy.ndarray
            The image's shape before and after, or the images.
        """
        x, y = scale_between(from_shape, to_shape).tolist()
        return replace(self, x1=self.x1 * x, y1=self.y1 * y, x2=self.x2 * x, y2=self.y2 * y)

    def shift(self, x: float = 0, y: float = 0) -> "BoundingBox":
        """Return the box moved to the right by x and down by y pixels."""
        return replace(self, x1=self.x1 + x, y1=self.y1 + y, x2=self.x2 + x, y2=self.y2 + y)

    def extend(
        self,
        all_sides: float = 0,
        top: float = 0,
        right: float = 0,
        bottom: float = 0,
        left: float = 0,
    ) -> "BoundingBox":
        """Return the box with its sides moved outwards by so many pixels; below 0, inwards."""
        return replace(
            self,
            x1=self.x1 - all_sides - left,
            y1=self.y1 - all_sides - top,
            x2=self.x2 + all_sides + right,
            y2=self.y2 + all_sides + bottom,
        )

    @overload
    def intersection(self, other: "BoundingBox") -> "BoundingBox | None": ...
    @overload
    def intersection(self, other: "BoundingBox", default: _Default) -> "BoundingBox | _Default": ...
    def intersection(
        self, other: "BoundingBox", default: _Default | None = None
    ) -> "BoundingBox | _Default | None":
        """Return the box that two boxes share, or `default`; boxes that touch share one of area 0.

        Examples
        --------
        >>> BoundingBox(0, 0, 4, 4).intersection(BoundingBox(2, 1, 9, 9))
        BoundingBox(x1=2, y1=1, x2=4, y2=4, label=None)
        """
        x1, y1 = max(self.x1, other.x1), max(self.y1, other.y1)
        x2, y2 = min(self.x2, other.x2), min(self.y2, other.y2)
        return default if x1 > x2 or y1 > y2 else BoundingBox(x1, y1, x2, y2, self.label)

    def union(self, other: "BoundingBox") -> "BoundingBox":
        """Return the smallest box around two boxes, with the label of the first."""
        return replace(
            self,
            x1=min(self.x1, other.x1),
            y1=min(self.y1, other.y1),
            x2=max(self.x2, other.x2),
            y2=max(self.y2, other.y2),
        )

    def iou(self, other: "BoundingBox") -> float:
        """Return the area that two boxes share over the area that they cover; 0 if that is 0."""
        shared = self.intersection(other)
        common = 0.0 if shared is None else shared.area
        covered = self.area + other.area - common
        return common / covered if covered > 0 else 0.0

    def compute_out_of_image_area(self, image: ImageOrShape) -> float:
        """Return how much of the area lies outside an image."""
        inside = self.intersection(_whole(image))
        return self.area - (0.0 if inside is None else inside.area)

    def compute_out_of_image_fraction(self, image: ImageOrShape) -> float:
        """Return the share of the area outside an image; of a box without area, 0.0 or 1.0."""
        if self.area == 0:
            return 0.0 if self.is_fully_within_image(image) else 1.0
        return self.compute_out_of_image_area(image) / self.area

    def is_fully_within_image(self, image: ImageOrShape) -> bool:
        """Whether no part lies outside an image."""
        height, width = shape_of(image)[:2]
        return self.x1 >= 0 and self.x2 <= width and self.y1 >= 0 and self.y2 <= height

    def is_partly_within_image(self, image: ImageOrShape) -> bool:
        """Whether some part lies in an image; the border alone is none."""
        height, width = shape_of(image)[:2]
        return _overlaps(self.x1, self.x2, width) and _overlaps(self.y1, self.y2, height)

    def is_out_of_image(
        self, image: ImageOrShape, fully: bool = True, partly: bool = False
    ) -> bool:
        """Whether the box lies outside an image.

        Parameters
        ----------
        image : numpy.ndarray or tuple of int
            The image, or its shape.
        fully, partly : bool
            Whether to count boxes that lie wholly outside, and those that lie partly outside.
        """
        if self.is_fully_within_image(image):
            return False
        return partly if self.is_partly_within_image(image) else fully

    def clip_out_of_image(self, image: ImageOrShape) -> "BoundingBox":
        """Return the box cut to an image; one wholly outside becomes a box of area 0 on its border.

        Examples
        --------
        >>> BoundingBox(-4, 2, 5, 9).clip_out_of_image((8, 8))
        BoundingBox(x1=0, y1=2, x2=5, y2=8, label=None)
        """
        height, width = shape_of(image)[:2]
        (x1, x2), (y1, y2) = (
            [min(max(value, 0), limit) for value in pair]
            for pair, limit in (((self.x1, self.x2), width), ((self.y1, self.y2), height))
        )
        return replace(self, x1=x1, y1=y1, x2=x2, y2=y2)

    def extract_from_image(
        self,
        image: Array,
        pad: bool = True,
        pad_max: int | None = None,
        prevent_zero_size: bool = True,
    ) -> Array:
        """Return the pixels of an image under the box, its sides rounded to pixels.

        Parameters
        ----------
        image : numpy.ndarray
            ``(H, W)`` or ``(H, W, C)``.
        pad : bool
            Whether what lies outside the image comes as 0; else it is left away.
        pad_max : int, optional
            How many pixels outside the image may come at most, on each side.
        prevent_zero_size : bool
            Whether at least one row and column comes.

        Returns
        -------
        numpy.ndarray
            A new array of the image's dtype and rank.

        Examples
        --------
        >>> BoundingBox(1, 0, 3, 1).extract_from_image(np.array([[5, 6]], np.uint8))
        array([[6, 0]], dtype=uint8)
        """
        margin = (float("inf") if pad_max is None else pad_max) if pad else 0
        least = int(prevent_zero_size)
        left, right = _span(self.x1, self.x2, image.shape[1], margin, least)
        top, bottom = _span(self.y1, self.y2, image.shape[0], margin, least)
        if left == right or top == bottom:
            return np.zeros((bottom - top, right - left, *image.shape[2:]), image.dtype)
        return warp(image, Projective.translation(left, top), (bottom - top, right - left))

    def to_keypoints(self) -> list[Keypoint]:
        """Return the corners, clockwise from the top left."""
        corners = (self.x1, self.y1), (self.x2, self.y1), (self.x2, self.y2), (self.x1, self.y2)
        return [Keypoint(x, y) for x, y in corners]


def _whole(image: ImageOrShape) -> BoundingBox:
    height, width = shape_of(image)[:2]
    return BoundingBox(0, 0, width, height)


def _overlaps(low: float, high: float, size: int) -> bool:
    return low < size and (high > 0 or low >= 0)


def _span(low: float, high: float, size: int, margin: float, least: int) -> tuple[int, int]:
    """Return the first pixel and the one after the last, at most `margin` outside of `size`."""
    first = min(max(np.floor(low + 0.5), -margin), size + margin - least)
    after = min(max(np.floor(high + 0.5), first + least), size + margin)
    return int(first), int(after)

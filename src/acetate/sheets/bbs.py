"""Bounding boxes: the boxes on an image, with labels."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from acetate.arrays import Array, Shape, shape_of
from acetate.colors import RGB
from acetate.sheets.bounding_box import BoundingBox, Label
from acetate.sheets.image_shape import ImageOrShape, check_same_frame, scale_between
from acetate.sheets.keypoints import KeypointsOnImage
from acetate.sheets.paint import Color, as_rgb, blend, paint_frame, paint_label
from acetate.sheets.things_on_image import ThingsOnImage

_CORNERS = [0, 1, 2, 1, 2, 3, 0, 3]  # of (x1, y1, x2, y2): clockwise from the top left


class BoundingBoxesOnImage(ThingsOnImage[BoundingBox]):
    """The bounding boxes on one image.

    Parameters
    ----------
    bounding_boxes : iterable of BoundingBox
        In the order that they keep.
    shape : tuple of int or numpy.ndarray
        The image's shape, ``(H, W)`` or ``(H, W, C)``, or the image itself.

    Attributes
    ----------
    xyxy : numpy.ndarray
        The corners, ``(n, 4)`` float64: x1 <= x2, y1 <= y2.
    labels : tuple
        A str, int or None for each box.
    shape : tuple of int
        The image's shape.

    Raises
    ------
    ValueError
        If a corner is NaN or infinite.

    Notes
    -----
    Sheets are values: the methods return new ones.

    Examples
    --------
    >>> boxes = BoundingBoxesOnImage([BoundingBox(10, 20, 30, 40)], shape=(100, 100, 3))
    >>> boxes.on((200, 50)).to_xyxy_array().tolist()
    [[5.0, 40.0, 15.0, 80.0]]
    """

    __slots__ = ("labels", "xyxy")

    xyxy: NDArray[np.float64]
    labels: tuple[Label, ...]

    def __init__(self, bounding_boxes: Iterable[BoundingBox], shape: ImageOrShape) -> None:
        boxes = tuple(bounding_boxes)
        self.xyxy = _checked([box.xyxy for box in boxes], len(boxes))
        self.labels = tuple(box.label for box in boxes)
        self.shape = shape_of(shape)

    @property
    def _coordinates(self) -> Array:
        return self.xyxy

    def with_xyxy(self, xyxy: NDArray[np.float64], shape: Shape) -> Self:
        """Return a sheet with the same labels at other places.

        Parameters
        ----------
        xyxy : numpy.ndarray
            ``(n, 4)`` float64, x1 <= x2 and y1 <= y2; neither checked nor copied.
        shape : tuple of int
            The image's shape.

        Examples
        --------
        >>> boxes = BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4, "cat")], (8, 8))
        >>> boxes.with_xyxy(np.array([[0.0, 0.0, 1.0, 1.0]]), (8, 8))[0].label
        'cat'
        """
        sheet = object.__new__(type(self))
        sheet.xyxy = xyxy
        sheet.shape = shape
        sheet.labels = self.labels
        return sheet

    _with_coordinates = with_xyxy

    @classmethod
    def from_xyxy_array(
        cls, xyxy: ArrayLike, shape: ImageOrShape, labels: Sequence[Label] | None = None
    ) -> Self:
        """Return the boxes of an ``(n, 4)`` or ``(n, 2, 2)`` array of opposite corners.

        Raises
        ------
        ValueError
            If the array has another shape, there is not a label for each box, or as for the class.

        Examples
        --------
        >>> BoundingBoxesOnImage.from_xyxy_array([[3, 4, 1, 2]], (8, 8))[0]
        BoundingBox(x1=1.0, y1=2.0, x2=3.0, y2=4.0, label=None)
        """
        rows = _checked(xyxy, None)
        named = [None] * len(rows) if labels is None else list(labels)
        if len(named) != len(rows):
            raise ValueError(f"there must be a label for each box: {len(rows)}, got {len(named)}")
        boxes = zip(rows.tolist(), named, strict=True)
        return cls((BoundingBox(a, b, c, d, label) for (a, b, c, d), label in boxes), shape)

    @classmethod
    def from_point_soups(cls, xy: ArrayLike, shape: ImageOrShape) -> Self:
        """Return the smallest box around each row of points, ``(n, p, 2)`` or ``(n, 2 p)``.

        Raises
        ------
        ValueError
            If the array has another shape, or a point is NaN or infinite.

        Examples
        --------
        >>> BoundingBoxesOnImage.from_point_soups([[[5, 2], [1, 9], [3, 3]]], (10, 10)).xyxy
        array([[1., 2., 5., 9.]])
        """
        points = np.asarray(xy, np.float64)
        if points.size == 0:
            return cls([], shape)
        if points.ndim not in (2, 3) or points.shape[-1] % 2 or points.shape[2:] not in ((), (2,)):
            raise ValueError(
                f"point soups must have shape (n, p, 2) or (n, 2 p), got {points.shape}"
            )
        points = points.reshape(len(points), -1, 2)
        around = np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1)
        return cls.from_xyxy_array(around, shape)

    @property
    def bounding_boxes(self) -> tuple[BoundingBox, ...]:
        """The boxes, one by one."""
        rows = zip(self.xyxy.tolist(), self.labels, strict=True)
        return tuple(BoundingBox(a, b, c, d, label) for (a, b, c, d), label in rows)

    @property
    def items(self) -> tuple[BoundingBox, ...]:
        """The boxes, by the name that all lists of things on an image share."""
        return self.bounding_boxes

    def to_xyxy_array(self, dtype: DTypeLike = np.float32) -> Array:
        """Return the corners as a new ``(n, 4)`` array.

        Examples
        --------
        >>> BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4)], (8, 8)).to_xyxy_array()
        array([[1., 2., 3., 4.]], dtype=float32)
        """
        return self.xyxy.astype(dtype)

    def fill_from_xyxy_array(self, xyxy: ArrayLike) -> Self:
        """Return a sheet with the same labels and image at other places; `with_xyxy`, checked.

        Raises
        ------
        ValueError
            If there is another number of boxes, or a corner is NaN or infinite.

        Examples
        --------
        >>> boxes = BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4, "cat")], (8, 8))
        >>> boxes.fill_from_xyxy_array([[5, 6, 7, 8]])[0].label
        'cat'
        """
        return self.with_xyxy(_checked(xyxy, len(self)), self.shape)

    def to_keypoints_on_image(self) -> KeypointsOnImage:
        """Return the ``4 n`` corners: each box's clockwise from the top left.

        Examples
        --------
        >>> boxes = BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4)], (8, 8))
        >>> boxes.to_keypoints_on_image().to_xy_array().tolist()
        [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0]]
        """
        return KeypointsOnImage.from_xy_array(self.xyxy[:, _CORNERS].reshape(-1, 2), self.shape)

    def invert_to_keypoints_on_image(self, keypoints: KeypointsOnImage) -> Self:
        """Return the boxes around the corners of `to_keypoints_on_image` after those were moved.

        Parameters
        ----------
        keypoints : KeypointsOnImage
            ``4 n`` of them.

        Returns
        -------
        BoundingBoxesOnImage
            With this sheet's labels, on the keypoints' image.

        Raises
        ------
        ValueError
            If there are not four for each box, or one is missing.

        Examples
        --------
        >>> boxes = BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4, "cat")], (8, 8))
        >>> boxes.invert_to_keypoints_on_image(boxes.to_keypoints_on_image().shift(x=2))[0]
        BoundingBox(x1=3.0, y1=2.0, x2=5.0, y2=4.0, label='cat')
        """
        if len(keypoints) != 4 * len(self):
            raise ValueError(
                f"{len(self)} boxes need {4 * len(self)} corners, got {len(keypoints)}"
            )
        soups = keypoints.xy.reshape(len(self), 4, 2)
        around = np.concatenate([soups.min(axis=1), soups.max(axis=1)], axis=1)
        return self.with_xyxy(_checked(around, len(self)), keypoints.shape)

    def on(self, image: ImageOrShape) -> Self:
        """Return the boxes on the same image in another size.

        Parameters
        ----------
        image : numpy.ndarray or tuple of int
            The resized image, or its shape.

        Examples
        --------
        >>> BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4)], (8, 8)).on((16, 8)).xyxy
        array([[1., 4., 3., 8.]])
        """
        shape = shape_of(image)
        scale = np.tile(scale_between(self.shape, shape), 2)
        return self.with_xyxy(self.xyxy * scale, shape)

    def shift(self, x: float = 0, y: float = 0) -> Self:
        """Return the boxes moved to the right by x and down by y pixels.

        Examples
        --------
        >>> BoundingBoxesOnImage([BoundingBox(1, 2, 3, 4)], (8, 8)).shift(x=1).xyxy
        array([[2., 2., 4., 4.]])
        """
        return self.with_xyxy(np.add(self.xyxy, (x, y, x, y)), self.shape)

    def remove_out_of_image(self, fully: bool = True, partly: bool = False) -> Self:
        """Return the sheet without the boxes that lie outside the image.

        Parameters
        ----------
        fully, partly : bool
            Whether those go that lie wholly outside, and those that lie partly outside.

        Examples
        --------
        >>> boxes = [BoundingBox(1, 2, 3, 4), BoundingBox(7, 7, 9, 9), BoundingBox(8, 8, 9, 9)]
        >>> sheet = BoundingBoxesOnImage(boxes, (8, 8))
        >>> len(sheet.remove_out_of_image()), len(sheet.remove_out_of_image(partly=True))
        (2, 1)
        """
        return self._where(not box.is_out_of_image(self.shape, fully, partly) for box in self)

    def remove_out_of_image_fraction(self, fraction: float) -> Self:
        """Return the sheet without the boxes of which at least this share lies outside.

        Examples
        --------
        >>> boxes = BoundingBoxesOnImage([BoundingBox(4, 0, 12, 8)], (8, 8))
        >>> [len(boxes.remove_out_of_image_fraction(f)) for f in (0.5, 0.6)]
        [0, 1]
        """
        return self._where(box.compute_out_of_image_fraction(self.shape) < fraction for box in self)

    def clip_out_of_image(self) -> Self:
        """Return the boxes cut to the image; those wholly outside have no area then.

        Examples
        --------
        >>> BoundingBoxesOnImage([BoundingBox(-4, 2, 5, 9)], (8, 8)).clip_out_of_image().xyxy
        array([[0., 2., 5., 8.]])
        """
        reach = (self.width, self.height) * 2
        return self.with_xyxy(self.xyxy.clip(0, reach), self.shape)

    def draw_on_image(
        self, image: Array, color: Color = (0, 255, 0), alpha: float = 1.0, size: int = 1
    ) -> RGB:
        """Draw the boxes, with the labels of those that have one, on a copy of the image.

        Parameters
        ----------
        image : numpy.ndarray
            Gray or RGB, of the sheet's height and width.
        color : int or (int, int, int)
            Red, green and blue in [0, 255], or a gray.
        alpha : float
            Opacity, in [0, 1].
        size : int
            Thickness of the lines in pixels; they grow outwards.

        Returns
        -------
        numpy.ndarray
            ``(H, W, 3)`` uint8 RGB.

        Raises
        ------
        ValueError
            If the image has another height or width.

        Examples
        --------
        >>> boxes = BoundingBoxesOnImage([BoundingBox(0, 0, 3, 3)], (3, 3))
        >>> boxes.draw_on_image(np.zeros((3, 3), np.uint8), color=9)[:, :, 0].tolist()
        [[9, 9, 9], [9, 0, 9], [9, 9, 9]]
        """
        picture = as_rgb(image)
        check_same_frame(picture, self.shape, "bounding boxes")
        painted = picture.copy()
        for box in self:
            paint_frame(painted, box.xyxy, size, color)
        for box in self:
            if box.label is not None:
                paint_label(painted, str(box.label), round(box.x1), round(box.y1), color)
        return blend(picture, painted, alpha)

    def _where(self, keep: Iterable[bool]) -> Self:
        """Return the sheet with some of its boxes only."""
        places = [k for k, kept in enumerate(keep) if kept]
        sheet = self.with_xyxy(self.xyxy[places], self.shape)
        sheet.labels = tuple(self.labels[k] for k in places)
        return sheet


def _checked(xyxy: ArrayLike, count: int | None) -> NDArray[np.float64]:
    """Return corners as a new, sorted ``(n, 4)`` float64 array."""
    rows = np.array(xyxy, np.float64)
    if rows.size == 0 or rows.shape[1:] == (2, 2):
        rows = rows.reshape(-1, 4)
    if rows.ndim != 2 or rows.shape[1] != 4 or count not in (None, len(rows)):
        wanted = "n" if count is None else count
        raise ValueError(
            f"bounding boxes must have shape ({wanted}, 4), x1, y1, x2, y2, got {rows.shape}"
        )
    if not np.isfinite(rows).all():
        first = int(np.argwhere(~np.isfinite(rows))[0, 0])
        raise ValueError(f"bounding box {first} is {rows[first].tolist()}: corners are numbers")
    return np.sort(rows.reshape(-1, 2, 2), axis=1).reshape(-1, 4)

"""Keypoints: the landmarks on an image, with names, missing ones, and mirror partners."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from acetate.arrays import Array, Shape, shape_of
from acetate.colors import RGB
from acetate.geometry import resized_frame
from acetate.geometry.resize import Sizes
from acetate.heat import heat_kernel, locate_peak
from acetate.sheets.heatmaps import HeatmapsOnImage
from acetate.sheets.image_shape import ImageOrShape, check_same_frame, scale_between
from acetate.sheets.keypoint import Keypoint, outside
from acetate.sheets.mirror import checked_table, exchange
from acetate.sheets.paint import Color, as_rgb, blend, paint_squares
from acetate.sheets.things_on_image import ThingsOnImage


class KeypointsOnImage(ThingsOnImage[Keypoint]):
    """The landmarks on one image.

    Parameters
    ----------
    keypoints : iterable of Keypoint
        In the order that they keep.
    shape : tuple of int or numpy.ndarray
        The image's shape, ``(H, W)`` or ``(H, W, C)``, or the image itself.
    mirror : mapping of str to str, optional
        Which names change places in a mirror image, both ways:
        ``{"left eye": "right eye", "right eye": "left eye"}``. See `swapped`.

    Attributes
    ----------
    xy : numpy.ndarray
        The places, ``(n, 2)`` float64; NaN where a point is missing.
    names : tuple
        A str or None for each point.
    visible : tuple of bool
        Whether each can be seen.
    shape : tuple of int
        The image's shape.
    mirror : dict or None
        As given.

    Raises
    ------
    ValueError
        If a place is infinite, or the mirror table has names that no point or two points have, or
        pairs that go one way only.

    Notes
    -----
    Missing points stay: every method keeps them, in their place in the list. Sheets are values:
    the methods return new ones.

    Examples
    --------
    >>> points = KeypointsOnImage([Keypoint(10, 20), Keypoint(30, 40)], shape=(100, 100, 3))
    >>> points.on((200, 50)).to_xy_array().tolist()
    [[5.0, 40.0], [15.0, 80.0]]
    """

    __slots__ = ("mirror", "names", "visible", "xy")

    xy: NDArray[np.float64]
    names: tuple[str | None, ...]
    visible: tuple[bool, ...]
    mirror: dict[str, str] | None

    def __init__(
        self,
        keypoints: Iterable[Keypoint],
        shape: ImageOrShape,
        mirror: Mapping[str, str] | None = None,
    ) -> None:
        points = tuple(keypoints)
        self.xy = _checked([(point.x, point.y) for point in points], len(points))
        self.names = tuple(point.name for point in points)
        self.visible = tuple(point.visible for point in points)
        self.shape = shape_of(shape)
        self.mirror = None if mirror is None else checked_table(mirror, self.names)

    @property
    def _coordinates(self) -> Array:
        return self.xy

    def with_xy(self, xy: NDArray[np.float64], shape: Shape) -> Self:
        """Return a sheet with the same names, visibilities and mirror table at other places.

        Parameters
        ----------
        xy : numpy.ndarray
            ``(n, 2)`` float64; neither checked nor copied.
        shape : tuple of int
            The image's shape.

        Examples
        --------
        >>> points = KeypointsOnImage([Keypoint(1, 2, "nose")], (8, 8))
        >>> points.with_xy(np.array([[3.0, 4.0]]), (8, 8))[0]
        Keypoint(x=3.0, y=4.0, name='nose', visible=True)
        """
        sheet = object.__new__(type(self))
        sheet.xy = xy
        sheet.shape = shape
        sheet.names = self.names
        sheet.visible = self.visible
        sheet.mirror = self.mirror
        return sheet

    _with_coordinates = with_xy

    @classmethod
    def from_xy_array(
        cls,
        xy: ArrayLike,
        shape: ImageOrShape,
        names: Sequence[str | None] | None = None,
        mirror: Mapping[str, str] | None = None,
    ) -> Self:
        """Return the landmarks at the rows of an ``(n, 2)`` array.

        Raises
        ------
        ValueError
            If the array has another shape, there is not a name for each row, or as for the class.

        Examples
        --------
        >>> KeypointsOnImage.from_xy_array([[1, 2]], (8, 8), names=["nose"])[0].name
        'nose'
        """
        rows = _checked(xy, None)
        named = [None] * len(rows) if names is None else list(names)
        if len(named) != len(rows):
            raise ValueError(f"there must be a name for each point: {len(rows)}, got {len(named)}")
        points = zip(rows.tolist(), named, strict=True)
        return cls((Keypoint(x, y, name) for (x, y), name in points), shape, mirror)

    @classmethod
    def from_heatmaps(
        cls,
        heatmaps: HeatmapsOnImage,
        names: Sequence[str | None] | None = None,
        mirror: Mapping[str, str] | None = None,
    ) -> Self:
        """Return where heatmaps peak, one landmark per channel, to a fraction of a pixel.

        Parameters
        ----------
        heatmaps : HeatmapsOnImage
            One kernel per channel, as `to_heatmaps` makes them; at least 3 x 3 pixels.
        names, mirror
            As for `from_xy_array`.

        Returns
        -------
        KeypointsOnImage
            In pixels of the image; missing where a map has no peak.

        Examples
        --------
        >>> points = KeypointsOnImage.from_xy_array([[21.3, 40.9], [np.nan, np.nan]], (64, 64))
        >>> KeypointsOnImage.from_heatmaps(points.to_heatmaps(2, size=0.25)).xy.round(3)
        array([[21.3, 40.9],
               [ nan,  nan]])
        """
        peaks = locate_peak(heatmaps.arr_0to1).points
        to_image = scale_between(heatmaps.arr_0to1, heatmaps.shape)
        return cls.from_xy_array(peaks * to_image, heatmaps.shape, names, mirror)

    def to_heatmaps(self, sigma: float, size: Sizes | None = None) -> HeatmapsOnImage:
        """Return one heatmap per landmark: the heat kernel at its place, never rounded to pixels.

        Parameters
        ----------
        sigma : float
            The kernel's standard deviation in pixels of the heatmaps.
        size : int, float or pair of them, optional
            The heatmaps' (height, width), or a factor on the image's: as for
            `imresize_single_image`. The image's own by default.

        Returns
        -------
        HeatmapsOnImage
            ``arr_0to1`` is ``(h, w, n)``, 1 at the landmark; zero where it is missing.

        Raises
        ------
        ValueError
            If there are no landmarks, or sigma is not above 0.

        Examples
        --------
        >>> points = KeypointsOnImage([Keypoint(32, 32)], (64, 64, 3))
        >>> points.to_heatmaps(sigma=1.5, size=(16, 16)).arr_0to1.shape
        (16, 16, 1)
        """
        frame = resized_frame(self.shape, 1.0 if size is None else size)
        kernels = heat_kernel(frame, self.xy * scale_between(self.shape, frame), sigma)
        return HeatmapsOnImage(kernels, self.shape)

    @property
    def keypoints(self) -> tuple[Keypoint, ...]:
        """The landmarks, one by one."""
        rows = zip(self.xy.tolist(), self.names, self.visible, strict=True)
        return tuple(Keypoint(x, y, name, visible) for (x, y), name, visible in rows)

    @property
    def items(self) -> tuple[Keypoint, ...]:
        """The landmarks, by the name that all lists of things on an image share."""
        return self.keypoints

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which places are not known, ``(n,)``."""
        return np.asarray(np.isnan(self.xy).any(axis=1))

    def to_xy_array(self, dtype: DTypeLike = np.float32) -> Array:
        """Return the places as a new ``(n, 2)`` array.

        Examples
        --------
        >>> KeypointsOnImage([Keypoint(1, 2)], (8, 8)).to_xy_array()
        array([[1., 2.]], dtype=float32)
        """
        return self.xy.astype(dtype)

    def fill_from_xy_array(self, xy: ArrayLike) -> Self:
        """Return a sheet with the same names and image at other places; `with_xy`, checked.

        Raises
        ------
        ValueError
            If the array is not ``(n, 2)`` or a place is infinite.

        Examples
        --------
        >>> KeypointsOnImage([Keypoint(1, 2, "nose")], (8, 8)).fill_from_xy_array([[3, 4]])[0]
        Keypoint(x=3.0, y=4.0, name='nose', visible=True)
        """
        return self.with_xy(_checked(xy, len(self)), self.shape)

    def on(self, image: ImageOrShape) -> Self:
        """Return the landmarks on the same image in another size.

        Parameters
        ----------
        image : numpy.ndarray or tuple of int
            The resized image, or its shape.

        Examples
        --------
        >>> KeypointsOnImage([Keypoint(1, 2)], (8, 8)).on((16, 16)).xy
        array([[2., 4.]])
        """
        shape = shape_of(image)
        return self.with_xy(self.xy * scale_between(self.shape, shape), shape)

    def shift(self, x: float = 0, y: float = 0) -> Self:
        """Return the landmarks moved to the right by x and down by y pixels.

        Examples
        --------
        >>> KeypointsOnImage([Keypoint(1, 2)], (8, 8)).shift(x=3).xy
        array([[4., 2.]])
        """
        return self.with_xy(np.add(self.xy, (x, y)), self.shape)

    def swapped(self) -> Self:
        """Return the sheet with left and right names exchanged, as a mirror image needs it.

        A mirrored picture shows the left eye where the right eye was: the coordinates that moved
        with the pixel of the left eye belong to what is now a right eye. So each point takes the
        coordinates and the visibility of its partner in `mirror`; the names keep their order.
        A point whose partner has been removed takes the partner's name instead.

        Returns
        -------
        KeypointsOnImage
            Without a mirror table, the same points.

        Examples
        --------
        >>> eyes = {"left eye": "right eye", "right eye": "left eye"}
        >>> points = [Keypoint(6, 1, "left eye"), Keypoint(2, 1, "right eye")]
        >>> face = KeypointsOnImage(points, (4, 8), mirror=eyes)
        >>> mirrored = face.fill_from_xy_array([(8 - x, y) for x, y in face.xy])
        >>> mirrored.swapped().keypoints == face.keypoints
        True
        """
        order, names = exchange(self.names, self.mirror or {})
        sheet = self.with_xy(self.xy[order], self.shape)
        sheet.visible = tuple(self.visible[k] for k in order)
        sheet.names = names
        return sheet

    def remove_out_of_image(self) -> Self:
        """Return the sheet without the points that lie outside the image; missing ones stay.

        Examples
        --------
        >>> len(KeypointsOnImage([Keypoint(1, 2), Keypoint(9, 2)], (8, 8)).remove_out_of_image())
        1
        """
        keep = np.flatnonzero(~outside(self.xy, self.shape)).tolist()
        sheet = self.with_xy(self.xy[keep], self.shape)
        sheet.names = tuple(self.names[k] for k in keep)
        sheet.visible = tuple(self.visible[k] for k in keep)
        return sheet

    def clip_out_of_image(self) -> Self:
        """Return `remove_out_of_image`: a point cannot be cut, so it stays or goes.

        Examples
        --------
        >>> len(KeypointsOnImage([Keypoint(-1, 2)], (8, 8)).clip_out_of_image())
        0
        """
        return self.remove_out_of_image()

    def draw_on_image(
        self, image: Array, color: Color = (0, 255, 0), alpha: float = 1.0, size: int = 3
    ) -> RGB:
        """Draw the landmarks as squares on a copy of the image.

        Parameters
        ----------
        image : numpy.ndarray
            Gray or RGB, of the sheet's height and width.
        color : int or (int, int, int)
            Red, green and blue in [0, 255], or a gray.
        alpha : float
            Opacity, in [0, 1].
        size : int
            Side of a square in pixels.

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
        >>> points = KeypointsOnImage([Keypoint(1.5, 0.5)], (1, 3))
        >>> points.draw_on_image(np.zeros((1, 3), np.uint8), color=9, size=1)[:, :, 0]
        array([[0, 9, 0]], dtype=uint8)
        """
        picture = as_rgb(image)
        check_same_frame(picture, self.shape, "keypoints")
        painted = picture.copy()
        paint_squares(painted, self.xy, size, color)
        return blend(picture, painted, alpha)

    def draw(self, color: Color = (0, 255, 0), size: int = 3) -> RGB:
        """Draw the landmarks as squares on black, in the image's size.

        Examples
        --------
        >>> KeypointsOnImage([Keypoint(1, 1)], (2, 4, 3)).draw().shape
        (2, 4, 3)
        """
        return self.draw_on_image(np.zeros(self.shape[:2], np.uint8), color, size=size)


def _checked(xy: ArrayLike, count: int | None) -> NDArray[np.float64]:
    """Return places as a new ``(n, 2)`` float64 array; NaN may be, infinity not."""
    rows = np.array(xy, np.float64)
    if rows.size == 0:
        rows = rows.reshape(0, 2)
    if rows.ndim != 2 or rows.shape[1] != 2 or count not in (None, len(rows)):
        wanted = "n" if count is None else count
        raise ValueError(f"keypoints must have shape ({wanted}, 2), x and y, got {rows.shape}")
    if np.isinf(rows).any():
        first = int(np.argwhere(np.isinf(rows))[0, 0])
        raise ValueError(
            f"keypoint {first} lies at {rows[first].tolist()}: places are numbers, or NaN where "
            "a point is missing"
        )
    return rows

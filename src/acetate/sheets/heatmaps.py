"""Heatmaps: maps of bounded floats that lie on an image, at any resolution."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, channels_last, check_range, full_scale, shape_of
from acetate.colors import RGB, colorize
from acetate.geometry import avg_pool, imresize_single_image, max_pool, pad
from acetate.geometry.resize import Sizes
from acetate.sheets.image_shape import ImageOrShape, padded_shape
from acetate.sheets.maps_on_image import MapsOnImage
from acetate.sheets.paint import as_rgb, blend, check_choice

Range = tuple[float, float]


class HeatmapsOnImage(MapsOnImage):
    """One or several heatmaps on an image: depth, probabilities, landmarks as kernels.

    Parameters
    ----------
    arr : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)`` floats in [`min_value`, `max_value`]; ``H`` and ``W`` need not
        be the image's.
    shape : tuple of int or numpy.ndarray
        The image's shape, ``(H, W)`` or ``(H, W, C)``, or the image itself.
    min_value, max_value : float
        The range of the values.

    Attributes
    ----------
    arr_0to1 : numpy.ndarray
        The heatmaps, ``(H, W, C)`` float32, scaled to [0, 1].
    shape : tuple of int
        The image's shape.
    min_value, max_value : float
        The range that `get_arr` gives back.
    arr_was_2d : bool
        Whether `get_arr` gives ``(H, W)`` back.

    Raises
    ------
    TypeError
        If `arr` is no NumPy array.
    ValueError
        If it is empty, has another rank or dtype, NaN, infinity or values outside the range, or
        if the range is empty.

    Examples
    --------
    >>> depth = np.array([[0.0, 25.0], [50.0, 10.0]])
    >>> heatmaps = HeatmapsOnImage(depth, shape=(128, 128, 3), min_value=0.0, max_value=50.0)
    >>> heatmaps.arr_0to1[:, :, 0].tolist()
    [[0.0, 0.5], [1.0, 0.20000000298023224]]
    >>> heatmaps.get_arr().tolist()
    [[0.0, 25.0], [50.0, 10.0]]
    """

    __slots__ = ("arr_0to1", "max_value", "min_value")

    arr_0to1: NDArray[np.float32]
    min_value: float
    max_value: float

    def __init__(
        self,
        arr: Array,
        shape: ImageOrShape,
        min_value: float = 0.0,
        max_value: float = 1.0,
    ) -> None:
        _check(arr, min_value, max_value)
        wide = arr.astype(np.promote_types(arr.dtype, np.float32), copy=False)
        scaled = self.change_normalization(wide, (min_value, max_value), (0.0, 1.0))
        np.clip(scaled, 0, 1, out=scaled)
        self.arr_0to1 = channels_last(scaled.astype(np.float32, copy=False))
        self.arr_was_2d = arr.ndim == 2
        self.shape = shape_of(shape)
        self.min_value = float(min_value)
        self.max_value = float(max_value)

    @property
    def _maps(self) -> Array:
        return self.arr_0to1

    def with_array(self, arr_0to1: NDArray[np.float32], shape: Shape) -> Self:
        """Return a sheet of the same value range and rank that holds another array.

        Parameters
        ----------
        arr_0to1 : numpy.ndarray
            ``(H, W, C)`` float32 in [0, 1]; neither checked nor copied.
        shape : tuple of int
            The image's shape.

        Examples
        --------
        >>> heatmaps = HeatmapsOnImage(np.zeros((2, 2)), (4, 4), max_value=9.0)
        >>> heatmaps.with_array(np.ones((1, 1, 1), np.float32), (2, 2)).get_arr()
        array([[9.]], dtype=float32)
        """
        sheet = object.__new__(type(self))
        sheet.arr_0to1 = arr_0to1
        sheet.shape = shape
        sheet.arr_was_2d = self.arr_was_2d
        sheet.min_value = self.min_value
        sheet.max_value = self.max_value
        return sheet

    @classmethod
    def from_0to1(
        cls,
        arr_0to1: Array,
        shape: ImageOrShape,
        min_value: float = 0.0,
        max_value: float = 1.0,
    ) -> Self:
        """Return heatmaps from floats in [0, 1] that stand for another range.

        Examples
        --------
        >>> HeatmapsOnImage.from_0to1(np.full((1, 1), 0.5), (8, 8), max_value=50.0).get_arr()
        array([[25.]], dtype=float32)
        """
        _check_value_range(min_value, max_value)
        sheet = cls(arr_0to1, shape)
        sheet.min_value, sheet.max_value = float(min_value), float(max_value)
        return sheet

    @classmethod
    def from_uint8(
        cls,
        arr_uint8: Array,
        shape: ImageOrShape,
        min_value: float = 0.0,
        max_value: float = 1.0,
    ) -> Self:
        """Return heatmaps from uint8, 0 standing for `min_value` and 255 for `max_value`.

        Raises
        ------
        ValueError
            If the array has another dtype.

        Examples
        --------
        >>> HeatmapsOnImage.from_uint8(np.full((1, 1), 255, np.uint8), (8, 8)).get_arr()
        array([[1.]], dtype=float32)
        """
        if arr_uint8.dtype != np.uint8:
            raise ValueError(f"from_uint8 takes an array of uint8, got {arr_uint8.dtype}")
        scaled = arr_uint8.astype(np.float32) / np.float32(full_scale(np.uint8))
        return cls.from_0to1(scaled, shape, min_value, max_value)

    @staticmethod
    def change_normalization(arr: Array, source: Range, target: Range) -> Array:
        """Project values linearly from one range to another.

        Parameters
        ----------
        arr : numpy.ndarray
            Floats of any shape.
        source, target : (float, float)
            The range that the values have, and the one they get.

        Returns
        -------
        numpy.ndarray
            A new array of the same dtype.

        Raises
        ------
        ValueError
            If a range does not go from a smaller to a larger number, or `arr` is not of floats.

        Examples
        --------
        >>> HeatmapsOnImage.change_normalization(np.array([0.0, 0.5]), (0, 1), (-1, 1))
        array([-1.,  0.])
        """
        _check_floats(arr)
        _check_value_range(*source)
        _check_value_range(*target)
        if tuple(source) == tuple(target):
            return arr.copy()
        factor = (target[1] - target[0]) / (source[1] - source[0])
        kind = arr.dtype.type
        return (arr - kind(source[0])) * kind(factor) + kind(target[0])

    def get_arr(self) -> NDArray[np.float32]:
        """Return the heatmaps in the range and rank in which they were given, as a new array.

        Examples
        --------
        >>> HeatmapsOnImage(np.zeros((1, 2)), (4, 8), min_value=-1.0).get_arr()
        array([[0., 0.]], dtype=float32)
        """
        values = self.change_normalization(
            self.arr_0to1, (0.0, 1.0), (self.min_value, self.max_value)
        )
        return values[:, :, 0] if self.arr_was_2d else values

    def to_uint8(self) -> NDArray[np.uint8]:
        """Return the heatmaps as ``(H, W, C)`` uint8, `max_value` as 255, rounded.

        Examples
        --------
        >>> HeatmapsOnImage(np.array([[0.0, 0.5, 1.0]]), (1, 3)).to_uint8()[:, :, 0]
        array([[  0, 128, 255]], dtype=uint8)
        """
        return np.floor(self.arr_0to1 * np.float32(255) + np.float32(0.5)).astype(np.uint8)

    def draw(self, size: Sizes | None = None, cmap: str | None = "jet") -> list[RGB]:
        """Paint the heatmaps.

        Parameters
        ----------
        size : int, float or pair of them, optional
            The size of the pictures, (height, width), as for `imresize_single_image`; the
            heatmaps' own by default.
        cmap : str or None
            One of `acetate.colors.COLOR_MAPS`; None is gray.

        Returns
        -------
        list of numpy.ndarray
            One ``(H, W, 3)`` uint8 RGB picture per channel.

        Examples
        --------
        >>> HeatmapsOnImage(np.array([[0.0, 1.0]]), (1, 2)).draw(cmap=None)[0].tolist()
        [[[0, 0, 0], [255, 255, 255]]]
        """
        arr = self.arr_0to1 if size is None else imresize_single_image(self.arr_0to1, size)
        return [colorize(arr[:, :, channel], cmap) for channel in range(arr.shape[2])]

    def draw_on_image(
        self,
        image: Array,
        alpha: float = 0.75,
        cmap: str | None = "jet",
        resize: str = "heatmaps",
    ) -> list[RGB]:
        """Paint the heatmaps over an image.

        Parameters
        ----------
        image : numpy.ndarray
            Gray or RGB; see `acetate.arrays.check_image`.
        alpha : float
            Opacity of the heatmaps, in [0, 1].
        cmap : str or None
            As for `draw`.
        resize : {"heatmaps", "image"}
            Which of the two takes the other's size.

        Returns
        -------
        list of numpy.ndarray
            One ``(H, W, 3)`` uint8 RGB picture per channel.

        Examples
        --------
        >>> heatmaps = HeatmapsOnImage(np.zeros((4, 4, 2)), (8, 8))
        >>> [picture.shape for picture in heatmaps.draw_on_image(np.zeros((8, 8, 3), np.uint8))]
        [(8, 8, 3), (8, 8, 3)]
        """
        check_choice("resize", resize, ("heatmaps", "image"))
        picture = as_rgb(image)
        if resize == "image":
            picture = imresize_single_image(picture, self.arr_0to1.shape[:2])
        return [blend(picture, layer, alpha) for layer in self.draw(picture.shape[:2], cmap)]

    def invert(self) -> Self:
        """Return heatmaps with large values small and small ones large: max - (value - min).

        Examples
        --------
        >>> HeatmapsOnImage(np.array([[0.0, 10.0]]), (1, 2), max_value=50.0).invert().get_arr()
        array([[50., 40.]], dtype=float32)
        """
        return self.with_array(1 - self.arr_0to1, self.shape)

    def pad(
        self,
        top: int = 0,
        right: int = 0,
        bottom: int = 0,
        left: int = 0,
        mode: str = "constant",
        cval: float = 0.0,
    ) -> Self:
        """Return heatmaps with pixels added at their sides.

        Parameters
        ----------
        top, right, bottom, left : int
            Pixels of the heatmaps (not of the image) to add, from 0.
        mode : str
            As for `acetate.geometry.pad`.
        cval : float
            The constant, in [0, 1]: 0 stands for `min_value`, 1 for `max_value`.

        Returns
        -------
        HeatmapsOnImage
            Lies on the image padded by the same share: `shape` has grown, rounded to pixels.

        Examples
        --------
        >>> HeatmapsOnImage(np.ones((2, 2)), (4, 4, 3)).pad(right=1).shape
        (4, 6, 3)
        """
        check_range(np.asarray(cval), 0.0, 1.0, "cval", "it is scaled as arr_0to1 is")
        arr = pad(self.arr_0to1, top, right, bottom, left, mode, cval)
        return self.with_array(arr, padded_shape(self.shape, self.arr_0to1, arr))

    def avg_pool(self, block_size: int | tuple[int, int]) -> Self:
        """Return heatmaps of the means of blocks; see `acetate.geometry.pool`.

        Examples
        --------
        >>> HeatmapsOnImage(np.array([[0.0, 1.0]]), (1, 2)).avg_pool((1, 2)).get_arr()
        array([[0.5]], dtype=float32)
        """
        return self.with_array(avg_pool(self.arr_0to1, block_size), self.shape)

    def max_pool(self, block_size: int | tuple[int, int]) -> Self:
        """Return heatmaps of the largest values of blocks; see `acetate.geometry.pool`.

        Examples
        --------
        >>> HeatmapsOnImage(np.array([[0.0, 1.0]]), (1, 2)).max_pool((1, 2)).get_arr()
        array([[1.]], dtype=float32)
        """
        return self.with_array(max_pool(self.arr_0to1, block_size), self.shape)

    def resize(self, sizes: Sizes, interpolation: str | None = "cubic") -> Self:
        """Return heatmaps of another resolution on the same image.

        Parameters
        ----------
        sizes, interpolation
            As for `acetate.geometry.imresize_single_image`. "cubic" and "linear" skip pixels
            where a map shrinks by more than half: take "area" or None there.

        Examples
        --------
        >>> HeatmapsOnImage(np.zeros((32, 32)), (64, 64)).resize(0.5).get_arr().shape
        (16, 16)
        """
        return self.with_array(
            imresize_single_image(self.arr_0to1, sizes, interpolation), self.shape
        )

    scale = resize

    def __repr__(self) -> str:
        height, width, channels = self.arr_0to1.shape
        return (
            f"HeatmapsOnImage({channels} of {height} x {width} in [{self.min_value:g}, "
            f"{self.max_value:g}], shape={self.shape})"
        )


def _check(arr: Array, min_value: float, max_value: float) -> None:
    if not isinstance(arr, np.ndarray):
        raise TypeError(f"heatmaps must be a NumPy array, got {type(arr).__name__}")
    if arr.ndim not in (2, 3) or arr.size == 0:
        raise ValueError(
            f"heatmaps must have shape (H, W) or (H, W, C) and not be empty, got {arr.shape}"
        )
    _check_floats(arr)
    _check_value_range(min_value, max_value)
    # A bound such as 0.1 is not the same number in float32.
    slack = 4 * np.finfo(np.float32).eps * max(abs(min_value), abs(max_value))
    if not (min_value - slack <= arr.min() and arr.max() <= max_value + slack):
        remedy = "pass min_value and max_value, or clip first"
        check_range(arr, min_value, max_value, "heatmap", remedy)


def _check_floats(arr: Array) -> None:
    if arr.dtype.kind != "f":
        raise ValueError(
            f"heatmaps must be floats, got {arr.dtype}; "
            "convert them with astype(numpy.float32), or use HeatmapsOnImage.from_uint8"
        )


def _check_value_range(low: float, high: float) -> None:
    if not low < high or not np.isfinite([low, high]).all():
        raise ValueError(
            f"a value range goes from a smaller to a larger number, got [{low}, {high}]"
        )

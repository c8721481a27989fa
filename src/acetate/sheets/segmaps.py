"""Segmentation maps: maps of labels that lie on an image, at any resolution."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, Shape, channels_last, shape_of
from acetate.colors import RGB, colorize_labels
from acetate.geometry import imresize_single_image, pad
from acetate.geometry.resize import Sizes
from acetate.sheets.image_shape import ImageOrShape, padded_shape
from acetate.sheets.maps_on_image import MapsOnImage
from acetate.sheets.paint import Color, as_color, as_rgb, blend, check_choice

_LARGEST = np.iinfo(np.int32).max


class SegmentationMapsOnImage(MapsOnImage):
    """One or several maps of labels on an image: masks, classes, instances.

    Parameters
    ----------
    arr : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)`` booleans or integers from 0 (background) to 2,147,483,647;
        ``H`` and ``W`` need not be the image's.
    shape : tuple of int or numpy.ndarray
        The image's shape, ``(H, W)`` or ``(H, W, C)``, or the image itself.

    Attributes
    ----------
    arr : numpy.ndarray
        The labels, ``(H, W, C)`` int32.
    shape : tuple of int
        The image's shape.
    arr_input_dtype : numpy.dtype
        The dtype that `get_arr` gives back.
    arr_was_2d : bool
        Whether `get_arr` gives ``(H, W)`` back.

    Raises
    ------
    TypeError
        If `arr` is no NumPy array.
    ValueError
        If it is empty, has another rank or dtype, or labels outside the range.

    Examples
    --------
    >>> maps = SegmentationMapsOnImage(np.array([[0, 7]], np.uint8), shape=(4, 8, 3))
    >>> maps.arr.shape, maps.get_arr()
    ((1, 2, 1), array([[0, 7]], dtype=uint8))
    """

    __slots__ = ("arr", "arr_input_dtype")

    arr: NDArray[np.int32]
    arr_input_dtype: np.dtype[Any]

    def __init__(self, arr: Array, shape: ImageOrShape) -> None:
        _check(arr)
        self.arr = channels_last(arr.astype(np.int32))
        self.arr_was_2d = arr.ndim == 2
        self.arr_input_dtype = arr.dtype
        self.shape = shape_of(shape)

    @property
    def _maps(self) -> Array:
        return self.arr

    def with_array(self, arr: NDArray[np.int32], shape: Shape) -> Self:
        """Return a sheet that remembers the same dtype and rank, and holds another array.

        Parameters
        ----------
        arr : numpy.ndarray
            ``(H, W, C)`` int32 labels; neither checked nor copied.
        shape : tuple of int
            The image's shape.

        Examples
        --------
        >>> maps = SegmentationMapsOnImage(np.array([[True]]), (4, 4))
        >>> maps.with_array(np.zeros((1, 1, 1), np.int32), (2, 2)).get_arr()
        array([[False]])
        """
        sheet = object.__new__(type(self))
        sheet.arr = arr
        sheet.shape = shape
        sheet.arr_was_2d = self.arr_was_2d
        sheet.arr_input_dtype = self.arr_input_dtype
        return sheet

    def get_arr(self) -> Array:
        """Return the labels in the dtype and rank in which they were given, as a new array.

        Examples
        --------
        >>> SegmentationMapsOnImage(np.array([[True, False]]), (4, 8)).get_arr()
        array([[ True, False]])
        """
        labels = self.arr.astype(self.arr_input_dtype)
        return labels[:, :, 0] if self.arr_was_2d else labels

    def draw(self, size: Sizes | None = None, colors: Sequence[Color] | None = None) -> list[RGB]:
        """Paint the labels.

        Parameters
        ----------
        size : int, float or pair of them, optional
            The size of the pictures, (height, width), as for `imresize_single_image`; the maps'
            own by default.
        colors : sequence of colours, optional
            One for each label from 0 on, (red, green, blue) in [0, 255];
            `acetate.colors.palette` by default.

        Returns
        -------
        list of numpy.ndarray
            One ``(H, W, 3)`` uint8 RGB picture per channel.

        Raises
        ------
        ValueError
            If there are fewer colours than labels.

        Examples
        --------
        >>> maps = SegmentationMapsOnImage(np.array([[0, 1]]), (1, 2))
        >>> maps.draw(colors=[0, (9, 8, 7)])[0].tolist()
        [[[0, 0, 0], [9, 8, 7]]]
        """
        arr = self.arr if size is None else imresize_single_image(self.arr, size, "nearest")
        layers = [arr[:, :, channel] for channel in range(arr.shape[2])]
        if colors is None:
            return [colorize_labels(layer) for layer in layers]
        table = np.array([as_color(color) for color in colors], np.uint8).reshape(-1, 3)
        if self.arr.max() >= len(table):
            raise ValueError(
                f"there must be a colour for each label from 0 to {self.arr.max()}, "
                f"got {len(table)} colours"
            )
        return [table[layer] for layer in layers]

    def draw_on_image(
        self,
        image: Array,
        alpha: float = 0.75,
        resize: str = "segmentation_map",
        colors: Sequence[Color] | None = None,
        draw_background: bool = False,
        background_class_id: int = 0,
    ) -> list[RGB]:
        """Paint the labels over an image.

        Parameters
        ----------
        image : numpy.ndarray
            Gray or RGB; see `acetate.arrays.check_image`.
        alpha : float
            Opacity of the labels, in [0, 1].
        resize : {"segmentation_map", "image"}
            Which of the two takes the other's size.
        colors : sequence of colours, optional
            As for `draw`.
        draw_background : bool
            Whether the background is painted like any label; else the image is seen there.
        background_class_id : int
            The label of the background.

        Returns
        -------
        list of numpy.ndarray
            One ``(H, W, 3)`` uint8 RGB picture per channel.

        Examples
        --------
        >>> maps = SegmentationMapsOnImage(np.zeros((4, 4), bool), (8, 8))
        >>> maps.draw_on_image(np.full((8, 8, 3), 7, np.uint8))[0].max()
        np.uint8(7)
        """
        check_choice("resize", resize, ("segmentation_map", "image"))
        picture, maps = as_rgb(image), self
        if resize == "image":
            picture = imresize_single_image(picture, self.arr.shape[:2])
        elif picture.shape[:2] != self.arr.shape[:2]:
            maps = self.resize(picture.shape[:2])
        overlays = [blend(picture, layer, alpha) for layer in maps.draw(colors=colors)]
        if not draw_background:
            for channel, overlay in enumerate(overlays):
                background = maps.arr[:, :, channel] == background_class_id
                overlay[background] = picture[background]
        return overlays

    def pad(
        self,
        top: int = 0,
        right: int = 0,
        bottom: int = 0,
        left: int = 0,
        mode: str = "constant",
        cval: int = 0,
    ) -> Self:
        """Return maps with pixels added at their sides.

        Parameters
        ----------
        top, right, bottom, left : int
            Pixels of the maps (not of the image) to add, from 0.
        mode : {"constant", "edge", "maximum", "minimum", "reflect", "symmetric", "wrap"}
            As for `acetate.geometry.pad`, but for the modes that would invent labels.
        cval : int
            The label that "constant" fills in; one that the dtype of `get_arr` can hold.

        Returns
        -------
        SegmentationMapsOnImage
            Lies on the image padded by the same share: `shape` has grown, rounded to pixels.

        Examples
        --------
        >>> SegmentationMapsOnImage(np.ones((2, 2), bool), (4, 4, 3)).pad(right=1).shape
        (4, 6, 3)
        """
        check_choice("mode of labels", mode, _PAD_MODES)
        _check(np.asarray([[cval]]))
        if np.asarray(cval).astype(self.arr_input_dtype) != cval:
            raise ValueError(f"the label {cval} does not fit into maps of {self.arr_input_dtype}")
        arr = pad(self.arr, top, right, bottom, left, mode, cval)
        return self.with_array(arr, padded_shape(self.shape, self.arr, arr))

    def resize(self, sizes: Sizes, interpolation: str = "nearest") -> Self:
        """Return maps of another resolution on the same image.

        Parameters
        ----------
        sizes : int, float or pair of them
            As for `acetate.geometry.imresize_single_image`.
        interpolation : {"nearest"}
            Labels cannot be mixed.

        Raises
        ------
        ValueError
            If the interpolation is another.

        Examples
        --------
        >>> SegmentationMapsOnImage(np.zeros((32, 32), bool), (64, 64)).resize(0.5).arr.shape
        (16, 16, 1)
        """
        return self.with_array(imresize_single_image(self.arr, sizes, interpolation), self.shape)

    scale = resize

    def __repr__(self) -> str:
        height, width, channels = self.arr.shape
        return (
            f"SegmentationMapsOnImage({channels} of {height} x {width}, {self.arr_input_dtype}, "
            f"shape={self.shape})"
        )


_PAD_MODES = ("constant", "edge", "maximum", "minimum", "reflect", "symmetric", "wrap")


def _check(arr: Array) -> None:
    if not isinstance(arr, np.ndarray):
        raise TypeError(f"segmentation maps must be a NumPy array, got {type(arr).__name__}")
    if arr.ndim not in (2, 3) or arr.size == 0:
        raise ValueError(
            "segmentation maps must have shape (H, W) or (H, W, C) and not be empty, "
            f"got {arr.shape}"
        )
    if arr.dtype.kind not in "bui":
        raise ValueError(
            f"labels must be integers or booleans, got {arr.dtype}; convert them with "
            "astype(numpy.int32), or use HeatmapsOnImage for values"
        )
    least, most = arr.min(), arr.max()
    if arr.dtype.kind != "b" and not 0 <= least <= most <= _LARGEST:
        raise ValueError(
            f"labels must lie in [0, {_LARGEST}], got [{least}, {most}]; give ignored or very "
            "large ones a free number first"
        )

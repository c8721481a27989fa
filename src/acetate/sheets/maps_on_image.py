"""What maps on an image share, be they of heat or of labels: other images, padding, copies."""

from abc import ABC, abstractmethod
from typing import Any, Literal, Self, overload

from acetate.arrays import Array, Shape, shape_of
from acetate.geometry import compute_paddings_to_reach_aspect_ratio
from acetate.geometry.pad import Padding
from acetate.sheets.image_shape import ImageOrShape


class MapsOnImage(ABC):
    """Maps that lie on an image, at any resolution: an array ``(H, W, C)`` and an image's shape.

    Attributes
    ----------
    shape : tuple of int
        The image's shape.
    arr_was_2d : bool
        Whether `get_arr` gives ``(H, W)`` back.
    """

    __slots__ = ("arr_was_2d", "shape")

    arr_was_2d: bool
    shape: Shape

    @property
    @abstractmethod
    def _maps(self) -> Array:
        """The array ``(H, W, C)`` itself."""

    @abstractmethod
    def with_array(self, arr: Any, shape: Shape) -> Self:
        """Return a sheet of the same kind of values and rank that holds another array."""

    @abstractmethod
    def pad(
        self, top: int, right: int, bottom: int, left: int, mode: str = ..., cval: Any = ...
    ) -> Self:
        """Return maps with pixels added at their sides."""

    @overload
    def pad_to_aspect_ratio(
        self,
        aspect_ratio: float,
        mode: str = ...,
        cval: float = ...,
        return_pad_amounts: Literal[False] = ...,
    ) -> Self: ...
    @overload
    def pad_to_aspect_ratio(
        self,
        aspect_ratio: float,
        mode: str = ...,
        cval: float = ...,
        *,
        return_pad_amounts: Literal[True],
    ) -> tuple[Self, Padding]: ...
    def pad_to_aspect_ratio(
        self,
        aspect_ratio: float,
        mode: str = "constant",
        cval: float = 0,
        return_pad_amounts: bool = False,
    ) -> Self | tuple[Self, Padding]:
        """Return maps padded on two opposite sides until width / height matches a ratio.

        Parameters
        ----------
        aspect_ratio : float
            Width / height.
        mode, cval
            As for `pad`.
        return_pad_amounts : bool
            Whether to return ``(maps, (top, right, bottom, left))``.

        Examples
        --------
        >>> import numpy as np
        >>> from acetate.sheets import HeatmapsOnImage
        >>> heatmaps = HeatmapsOnImage(np.ones((4, 4)), (8, 8))
        >>> heatmaps.pad_to_aspect_ratio(2.0, return_pad_amounts=True)[1]
        (0, 2, 0, 2)
        """
        amounts = compute_paddings_to_reach_aspect_ratio(self._maps, aspect_ratio)
        padded = self.pad(*amounts, mode=mode, cval=cval)
        return (padded, amounts) if return_pad_amounts else padded

    def on(self, image: ImageOrShape) -> Self:
        """Return the maps, sharing their array, on the same image in another size.

        Parameters
        ----------
        image : numpy.ndarray or tuple of int
            The resized image, or its shape.

        Examples
        --------
        >>> import numpy as np
        >>> from acetate.sheets import HeatmapsOnImage
        >>> HeatmapsOnImage(np.zeros((2, 2)), (4, 4)).on((8, 8, 3))
        HeatmapsOnImage(1 of 2 x 2 in [0, 1], shape=(8, 8, 3))
        """
        return self.with_array(self._maps, shape_of(image))

    def copy(self) -> Self:
        """Return a sheet that shares this one's array.

        Examples
        --------
        >>> import numpy as np
        >>> from acetate.sheets import HeatmapsOnImage
        >>> heatmaps = HeatmapsOnImage(np.zeros((2, 2)), (2, 2))
        >>> heatmaps.copy().arr_0to1 is heatmaps.arr_0to1
        True
        """
        return self.with_array(self._maps, self.shape)

    def deepcopy(self) -> Self:
        """Return a sheet with an array of its own.

        Examples
        --------
        >>> import numpy as np
        >>> from acetate.sheets import HeatmapsOnImage
        >>> heatmaps = HeatmapsOnImage(np.zeros((2, 2)), (2, 2))
        >>> heatmaps.deepcopy().arr_0to1 is heatmaps.arr_0to1
        False
        """
        return self.with_array(self._maps.copy(), self.shape)

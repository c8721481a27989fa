"""What lists of things on an image share, be they points or boxes: items, the image, copies."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Generic, Self, TypeVar, overload

from acetate.arrays import Array, Shape

Item = TypeVar("Item")


class ThingsOnImage(ABC, Generic[Item]):
    """Things that lie on an image: their coordinates in one array, and an image's shape.

    Attributes
    ----------
    shape : tuple of int
        The image's shape.
    """

    __slots__ = ("shape",)

    shape: Shape

    @property
    @abstractmethod
    def items(self) -> tuple[Item, ...]:
        """The things, one by one."""

    @property
    @abstractmethod
    def _coordinates(self) -> Array:
        """The array of coordinates itself, a row for each thing."""

    @abstractmethod
    def _with_coordinates(self, coordinates: Any, shape: Shape, /) -> Self:
        """Return a sheet that differs in its coordinates and image only."""

    @property
    def height(self) -> int:
        """The image's height."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """The image's width."""
        return self.shape[1]

    @property
    def empty(self) -> bool:
        """Whether there is nothing."""
        return not len(self)

    def copy(self) -> Self:
        """Return a sheet that shares this one's array.

        Examples
        --------
        >>> from acetate.sheets import Keypoint, KeypointsOnImage
        >>> points = KeypointsOnImage([Keypoint(1, 1)], (2, 4))
        >>> points.copy().xy is points.xy
        True
        """
        return self._with_coordinates(self._coordinates, self.shape)

    def deepcopy(self) -> Self:
        """Return a sheet with an array of its own.

        Examples
        --------
        >>> from acetate.sheets import Keypoint, KeypointsOnImage
        >>> points = KeypointsOnImage([Keypoint(1, 1)], (2, 4))
        >>> points.deepcopy().xy is points.xy
        False
        """
        return self._with_coordinates(self._coordinates.copy(), self.shape)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self.items[index]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self._coordinates)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.items)}, shape={self.shape})"

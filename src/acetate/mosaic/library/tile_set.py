"""Tiles to make a mosaic of: what a library has of them, and the same in memory, without a file."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.library.crops import Crop, check_crop
from acetate.mosaic.library.features import LENGTHS, measured
from acetate.mosaic.library.tiles import fit_array
from acetate.names import nearest


class TileSet(Protocol):
    """What `match`, `assemble` and `judge` ask tiles for: a `Library`, or `Tiles`."""

    @property
    def tile(self) -> Frame:
        """Height and width of a tile."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The picture, or the name, of each tile."""

    def __len__(self) -> int:
        """Return how many tiles there are."""

    def pixels(self, tiles: Array | list[int]) -> NDArray[np.uint8]:
        """Return some tiles, ``(n, h, w, 3)``."""

    def features(self, name: str) -> NDArray[np.float32]:
        """Return what every tile is compared by, ``(n, d)``."""


class Tiles:
    """Tiles in memory, made of arrays: for some hundreds of pictures, and without HDF5.

    Parameters
    ----------
    images : iterable of numpy.ndarray
        ``(H, W)``, ``(H, W, 1)`` or ``(H, W, 3)`` each, uint8, uint16 or floats in [0, 1]. All
        become tiles, also equal ones.
    tile : (int, int)
        Height and width of the tiles.
    crop : {"centre", "smart"}
        Which part of an image becomes its tile, as `index` takes it.
    names : sequence of str, optional
        What the images are called; their numbers without it.

    Attributes
    ----------
    tile : (int, int)
        Height and width of a tile in pixels.
    paths : tuple of str
        The name of each tile.

    Raises
    ------
    ValueError
        If there are no images, one has other channels, or there are more or fewer names.

    Examples
    --------
    >>> from acetate.mosaic import match
    >>> from acetate.samples import cat, coffee
    >>> tiles = Tiles([cat(60), coffee(60)], tile=(8, 8))
    >>> match(cat(), tiles, (2, 3), "nearest").tiles.shape
    (2, 3)
    """

    def __init__(
        self,
        images: Iterable[Array],
        tile: Frame = (50, 50),
        crop: Crop = "centre",
        names: Sequence[str] | None = None,
    ) -> None:
        check_crop(crop)
        fitted = [fit_array(image, tile, crop) for image in images]
        if not fitted:
            raise ValueError("there are no images to make tiles of")
        self.tile = tile
        self.paths = tuple(map(str, range(len(fitted))) if names is None else names)
        if len(self.paths) != len(fitted):
            raise ValueError(f"got {len(self.paths)} names for {len(fitted)} images")
        self._pixels = np.stack(fitted)
        self._features = measured(self._pixels).features

    def __len__(self) -> int:
        """Return how many tiles there are."""
        return len(self._pixels)

    def pixels(self, tiles: Array | list[int]) -> NDArray[np.uint8]:
        """Return some tiles, ``(n, h, w, 3)``; see `Library.pixels`."""
        return self._pixels[np.asarray(tiles, np.int64)]

    def features(self, name: str) -> NDArray[np.float32]:
        """Return what every tile is compared by, ``(n, d)``; see `Library.features`."""
        check_feature(name)
        return self._features[name].copy()


def check_feature(name: str) -> None:
    """Raise if there is no such feature.

    Raises
    ------
    ValueError
        If it is none of "mean" and "lab1x1" to "lab4x4"; the error names the nearest.

    Examples
    --------
    >>> check_feature("lab2x2")
    """
    if name not in LENGTHS:
        raise ValueError(
            f"features are {', '.join(LENGTHS)}, got {name!r}; the nearest is "
            f"{nearest(name, LENGTHS)!r}"
        )

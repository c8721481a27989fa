"""Tiles in memory, made of arrays: a library without a file."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.library.crops import Crop, check_crop
from acetate.mosaic.library.features import check_feature, measured
from acetate.mosaic.library.tiles import check_tile, fit_array


class Tiles:
    """Tiles in memory, made of arrays: for some hundreds of pictures, and without HDF5.

    Parameters
    ----------
    images : iterable of numpy.ndarray
        ``(H, W)``, ``(H, W, 1)`` or ``(H, W, 3)`` each, uint8, uint16 or floats in [0, 1]. All
        become tiles, also equal ones.
    tile : (int, int)
        Height and width of the tiles, 4 to 1024 pixels.
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
        If there are no images, one has other channels, there are more or fewer names, or the size
        of the tiles is out of range.

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
        check_tile(tile)
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

"""A library of tiles, as it is read: pixels, features and paths of the tiles there are."""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.files import PathLike
from acetate.geometry import Frame
from acetate.mosaic.library.features import check_feature
from acetate.mosaic.library.rows import latest_rows, summary
from acetate.mosaic.library.store import Store


class Library:
    """The tiles that were indexed from pictures which are still there, as of now.

    Parameters
    ----------
    path : path
        The file that `index` wrote.

    Attributes
    ----------
    tile : (int, int)
        Height and width of a tile in pixels.
    crop : str
        Which part of a picture its tile shows: "centre" or "smart".
    paths : tuple of str
        The picture of each tile; of duplicates the first.
    failures : tuple of (Path, str)
        Files that could not be read, and why.
    duplicates, near_duplicates : int
        Files whose tile is that of another.
    rejected : tuple of (Path, str)
        Files that were too dark or too flat, and by how much.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ImportError
        Without h5py.
    ValueError
        If it is no library, or one of another version.

    Notes
    -----
    May be read while more is indexed into it: the library stays as it was when it was opened.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.mosaic import index
    >>> from acetate.samples import photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 3, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 24))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         len(library), library.pixels([2, 0]).shape, library.features("lab2x2").shape
    (3, (2, 16, 24, 3), (3, 12))
    """

    def __init__(self, path: PathLike) -> None:
        self._store = Store(Path(path))
        self.path = Path(path)
        self.tile: Frame = self._store.tile
        self.crop = self._store.crop
        facts = summary(latest_rows(self._store))
        self._tiles, self.paths, self.failures = facts.tiles, facts.owners, facts.failures
        self.duplicates, self.near_duplicates = facts.duplicates, facts.near_duplicates
        self.rejected = facts.rejected

    def __len__(self) -> int:
        """Return how many tiles there are."""
        return len(self._tiles)

    def __enter__(self) -> Self:
        """Return the library."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._store.file.close()

    def pixels(self, tiles: Array | list[int]) -> NDArray[np.uint8]:
        """Return some tiles.

        Parameters
        ----------
        tiles : sequence of int
            Which, from 0; the same one may be asked for several times.

        Returns
        -------
        numpy.ndarray
            ``(n, h, w, 3)`` uint8.
        """
        return self._store.pixels(self._tiles[np.asarray(tiles, np.int64)])

    def features(self, name: str) -> NDArray[np.float32]:
        """Return what every tile is compared by.

        Parameters
        ----------
        name : str
            "mean", or "lab1x1" to "lab4x4".

        Returns
        -------
        numpy.ndarray
            ``(n, d)`` float32: mean RGB colours from 0 to 255, or CIELAB colours of the parts of
            a grid.

        Raises
        ------
        ValueError
            If there is no such feature; the error names the nearest.
        """
        check_feature(name)
        return np.asarray(self._store.tiles(name)[self._tiles], np.float32)

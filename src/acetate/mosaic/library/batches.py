"""The rows that an index run has ready and not yet committed."""

import os
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.files import printable
from acetate.geometry import Frame
from acetate.mosaic.library.store import (
    DUPLICATE,
    KEPT,
    NEAR,
    Batch,
    file_columns,
    tile_columns,
)
from acetate.mosaic.library.tiles import HASH_BYTES

_LONGEST_REMARK = 500  # bytes


class Found(NamedTuple):
    """A picture file.

    Parameters
    ----------
    path : str
        Whole, without links in its folders.
    size, mtime : int
        Bytes, and nanoseconds since 1970.

    Examples
    --------
    >>> os.fspath(Found("/a.png", 1, 2))
    '/a.png'
    """

    path: str
    size: int
    mtime: int

    def __fspath__(self) -> str:
        """Return the path: what a row of failures calls the item."""
        return self.path


@dataclass(frozen=True)
class Gathered:
    """What a library keeps of a picture."""

    pixels: NDArray[np.uint8]
    hash: bytes
    look: int
    features: dict[str, NDArray[np.float32]]


@dataclass
class Collected:
    """Rows of files and tiles, to become a batch.

    Parameters
    ----------
    first : int
        The number of the first tile.

    Examples
    --------
    >>> rows = Collected(7)
    >>> rows.add_duplicate(Found("/a.png", 1, 2), bytes(16), 3)
    >>> rows.batch((8, 8)).files["tile"]
    array([3])
    """

    first: int
    files: list[tuple[int, int, int, int, bytes]] = field(default_factory=list)
    text: list[bytes] = field(default_factory=list)
    pixels: list[NDArray[np.uint8]] = field(default_factory=list)
    looks: list[int] = field(default_factory=list)
    features: list[dict[str, NDArray[np.float32]]] = field(default_factory=list)

    def add_kept(self, found: Found, got: Gathered) -> None:
        """Add a file whose tile is kept."""
        self._add(found, KEPT, got.hash, self.first + len(self.pixels))
        self.pixels.append(got.pixels)
        self.looks.append(got.look)
        self.features.append(got.features)

    def add_duplicate(self, found: Found, content: bytes, tile: int) -> None:
        """Add a file of the same content as another."""
        self._add(found, DUPLICATE, content, tile)

    def add_near(self, found: Found, content: bytes, tile: int) -> None:
        """Add a file that looks much the same as another."""
        self._add(found, NEAR, content, tile)

    def add_failed(self, found: Found, status: int, why: str) -> None:
        """Add a file that is no picture, or cannot be read."""
        self._add(found, status, bytes(HASH_BYTES), -1, why)

    def _add(self, found: Found, status: int, content: bytes, tile: int, why: str = "") -> None:
        self.files.append((status, tile, found.size, found.mtime, content))
        remark = printable(why).encode("ascii", "backslashreplace")[:_LONGEST_REMARK]
        self.text.append(os.fsencode(found.path) + b"\0" + remark)

    def batch(self, tile: Frame) -> Batch:
        """Return the rows as columns."""
        *numbers, content = zip(*self.files, strict=True)
        kinds = file_columns()
        files: dict[str, Array] = {
            name: np.array(values, kinds[name][0])
            for name, values in zip(("status", "tile", "size", "mtime"), numbers, strict=True)
        }
        files["hash"] = np.frombuffer(b"".join(content), np.uint8).reshape(-1, HASH_BYTES)
        tiles = {
            name: np.array(self._of_tiles(name), dtype).reshape(-1, *shape)
            for name, (dtype, shape) in tile_columns(tile).items()
        }
        return Batch(files, tiles, self.text)

    def _of_tiles(self, column: str) -> list[Any]:
        own: dict[str, list[Any]] = {"pixels": self.pixels, "look": self.looks}
        return own[column] if column in own else [each[column] for each in self.features]

"""The rows that an index run has ready and not yet committed."""

import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.files import Found, printable
from acetate.geometry import Frame
from acetate.mosaic.library.features import Measures
from acetate.mosaic.library.store import (
    DUPLICATE,
    KEPT,
    NEAR,
    REJECTED,
    Batch,
    file_columns,
    tile_columns,
)
from acetate.mosaic.library.tiles import HASH_BYTES, Tile

_LONGEST_REMARK = 500  # bytes
_NUMBERS = ("status", "tile", "size", "mtime", "lightness", "contrast")


@dataclass(frozen=True)
class Gathered:
    """A tile on its way into a library, and what was measured of it.

    Parameters
    ----------
    tile : Tile
        Its tile.
    measures : Measures
        What was measured of the tile, and of others together with it.
    place : int
        Which of those it is.
    """

    tile: Tile
    measures: Measures
    place: int

    @property
    def look(self) -> int:
        """Its look (`features.looks`)."""
        return int(self.measures.looks[self.place])

    @property
    def lightness(self) -> float:
        """Its mean lightness."""
        return float(self.measures.lightness[self.place])

    @property
    def contrast(self) -> float:
        """The standard deviation of its lightness."""
        return float(self.measures.contrast[self.place])


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
    >>> rows.add_failed(Found("/a.png", 1, 2), 3, "is cut off")
    >>> rows.batch((8, 8)).files["tile"]
    array([-1])
    """

    first: int
    files: list[tuple[Any, ...]] = field(default_factory=list)
    text: list[bytes] = field(default_factory=list)
    tiles: list[Gathered] = field(default_factory=list)

    def add_kept(self, found: Found, got: Gathered) -> None:
        """Add a file whose tile is kept."""
        self._add(found, KEPT, self.first + len(self.tiles), got)
        self.tiles.append(got)

    def add_duplicate(self, found: Found, got: Gathered, tile: int) -> None:
        """Add a file of the same content as another."""
        self._add(found, DUPLICATE, tile, got)

    def add_near(self, found: Found, got: Gathered, tile: int) -> None:
        """Add a file that looks much the same as another."""
        self._add(found, NEAR, tile, got)

    def add_rejected(self, found: Found, got: Gathered, why: str) -> None:
        """Add a file that is too dark or too flat."""
        self._add(found, REJECTED, -1, got, why)

    def add_failed(self, found: Found, status: int, why: str) -> None:
        """Add a file that is no picture, or cannot be read."""
        self._add(found, status, -1, None, why)

    def _add(
        self, found: Found, status: int, tile: int, got: Gathered | None, why: str = ""
    ) -> None:
        content = got.tile.hash if got else bytes(HASH_BYTES)
        seen = (got.lightness, got.contrast) if got else (0.0, 0.0)
        self.files.append((status, tile, found.size, found.mtime, *seen, content))
        remark = printable(why).encode("ascii", "backslashreplace")[:_LONGEST_REMARK]
        self.text.append(os.fsencode(found.path) + b"\0" + remark)

    def batch(self, tile: Frame) -> Batch:
        """Return the rows as columns."""
        *numbers, content = zip(*self.files, strict=True)
        kinds = file_columns()
        files: dict[str, Array] = {
            name: np.array(values, kinds[name][0])
            for name, values in zip(_NUMBERS, numbers, strict=True)
        }
        files["hash"] = np.frombuffer(b"".join(content), np.uint8).reshape(-1, HASH_BYTES)
        tiles = {
            name: np.array(self._of_tiles(name), dtype).reshape(-1, *shape)
            for name, (dtype, shape) in tile_columns(tile).items()
        }
        return Batch(files, tiles, self.text)

    def _of_tiles(self, column: str) -> list[Any]:
        if column == "pixels":
            return [each.tile.pixels for each in self.tiles]
        if column == "look":
            return [each.look for each in self.tiles]
        return [each.measures.features[column][each.place] for each in self.tiles]

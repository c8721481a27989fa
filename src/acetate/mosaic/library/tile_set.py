"""What tiles can be asked for, be they in a library or in memory."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.geometry import Frame


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

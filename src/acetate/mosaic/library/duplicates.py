"""Pictures that are there already: the same file, or much the same to look at."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

# How far tiles of pictures that look the same may be apart, in mean levels of 255.
_FARTHEST = 8.0


class Lookalikes:
    """The tiles there are, to be asked for one that is the same, or much the same.

    Parameters
    ----------
    hashes : dict of bytes to int
        From the content of a file to its tile.
    looks : numpy.ndarray
        ``(n,)`` uint64: the look of each tile (`features.looks`).
    known : numpy.ndarray
        The numbers of the tiles that others may be like.
    pixels : callable
        From the number of a tile to its pixels.
    near : int
        In how many of 64 bits looks may differ and be much the same; -1 for no such pairs.

    Notes
    -----
    Looks alone are a sieve: what passes is compared pixel by pixel, so two skies, whose looks are
    alike by chance, stay apart.

    Examples
    --------
    >>> tile = np.zeros((4, 4, 3), np.uint8)
    >>> there = Lookalikes({b"a": 0}, np.array([7], np.uint64), [0], lambda _: tile, 2)
    >>> there.same(b"a"), there.same(b"b"), there.alike(5, tile + np.uint8(1))
    (0, None, 0)
    """

    def __init__(
        self,
        hashes: dict[bytes, int],
        looks: NDArray[np.uint64],
        known: Array | list[int],
        pixels: Callable[[int], Array],
        near: int,
    ) -> None:
        self.hashes = hashes
        self.count = len(looks)
        self.looks = looks.copy()
        self.known = np.zeros(self.count, bool)
        self.known[known] = True
        self.pixels = pixels
        self.near = near

    def same(self, content: bytes) -> int | None:
        """Return the tile of a file with this content."""
        return self.hashes.get(content)

    def alike(self, look: int, pixels: Array) -> int | None:
        """Return the first tile that looks much the same."""
        if self.near < 0:
            return None
        bits = np.bitwise_count(self.looks[: self.count] ^ np.uint64(look))
        close = (bits <= self.near) & self.known[: self.count]
        for index in np.flatnonzero(close).tolist():
            apart = np.abs(self.pixels(index).astype(np.int16) - pixels).mean()
            if apart <= _FARTHEST:
                return int(index)
        return None

    def add(self, content: bytes, look: int) -> int:
        """Add a tile, and return its number."""
        if self.count == len(self.looks):
            self.looks = np.resize(self.looks, max(1024, 2 * self.count))
            self.known = np.resize(self.known, len(self.looks))
        self.looks[self.count], self.known[self.count] = look, True
        self.hashes[content] = self.count
        self.count += 1
        return self.count - 1

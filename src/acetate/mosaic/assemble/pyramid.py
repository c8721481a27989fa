"""A deep-zoom pyramid (DZI): the picture at every halving, cut in tiles, made row by row."""

from collections.abc import Iterator
from math import ceil, log2
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.assemble.writing import blocks

SIDE = 256  # of a tile


class Pyramid:
    """The levels of a picture, written as its rows come.

    Parameters
    ----------
    folder : Path
        Where ``mosaic.dzi`` and ``mosaic_files`` go; it must be there.
    shape : (int, int)
        Height and width of the picture.
    quality : int
        Of the JPEG tiles.

    Notes
    -----
    Of each level only the rows of one row of tiles are held.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pyramid = Pyramid(Path(folder), (300, 5))
    ...     pyramid.add(np.zeros((300, 5, 3), np.uint8))
    ...     pyramid.finish()
    ...     sorted(p.name for p in Path(folder, "mosaic_files/9").iterdir())
    ['0_0.jpg', '0_1.jpg']
    """

    def __init__(self, folder: Path, shape: Frame, quality: int = 85) -> None:
        self.folder = folder
        self.shape = shape
        self.quality = quality
        self.levels = levels_of(shape)
        # Rows of each level that wait for a whole row of tiles, and how many of these there are.
        self.waiting: list[list[Array]] = [[] for _ in self.levels]
        self.done = [0] * len(self.levels)
        for level in range(len(self.levels)):
            (folder / "mosaic_files" / str(level)).mkdir(parents=True, exist_ok=True)

    def add(self, rows: Array) -> None:
        """Add some rows, ``(any, width, 3)`` uint8."""
        self._add(len(self.levels) - 1, rows)

    def finish(self) -> None:
        """Write what is left, and the description."""
        for level in reversed(range(len(self.levels))):
            if self.waiting[level]:
                rest = np.concatenate(self.waiting[level])
                self.waiting[level] = []
                if len(rest):
                    self._write(level, rest)
        (self.folder / "mosaic.dzi").write_text(_DESCRIPTION.format(*self.shape[::-1]))

    def _add(self, level: int, rows: Array) -> None:
        waiting = [*self.waiting[level], rows]
        if sum(map(len, waiting)) < SIDE:
            self.waiting[level] = waiting
            return
        *whole, last = blocks(waiting, SIDE)
        if len(last) == SIDE:
            whole, last = [*whole, last], last[:0]
        self.waiting[level] = [last.copy()]
        for block in whole:
            self._write(level, block)

    def _write(self, level: int, block: Array) -> None:
        """Write a row of tiles, and hand it to the next level at half its size."""
        row, self.done[level] = self.done[level], self.done[level] + 1
        folder = self.folder / "mosaic_files" / str(level)
        for column, start in enumerate(range(0, block.shape[1], SIDE)):
            tile = np.ascontiguousarray(block[:, start : start + SIDE])
            Image.fromarray(tile).save(folder / f"{column}_{row}.jpg", quality=self.quality)
        if level:
            self._add(level - 1, halved(block))


def levels_of(shape: Frame) -> list[Frame]:
    """Return the sizes of all levels, from 1 x 1 to the picture itself.

    Examples
    --------
    >>> levels_of((3, 5))
    [(1, 1), (1, 2), (2, 3), (3, 5)]
    """
    return list(_sizes(shape))[::-1]


def _sizes(shape: Frame) -> Iterator[Frame]:
    height, width = shape
    for _ in range(ceil(log2(max(shape))) + 1):
        yield height, width
        height, width = -(-height // 2), -(-width // 2)


def halved(image: Array) -> Array:
    """Return an image at half its size: means of four pixels, at an odd edge of two.

    Examples
    --------
    >>> halved(np.arange(6, dtype=np.uint8).reshape(1, 2, 3)).tolist()
    [[[2, 3, 4]]]
    """
    height, width = image.shape[:2]
    even = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    half = (even.shape[1] // 2, even.shape[0] // 2)
    return np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA))


_DESCRIPTION = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpg" Overlap="0" '
    f'TileSize="{SIDE}"><Size Width="{{}}" Height="{{}}"/></Image>\n'
)

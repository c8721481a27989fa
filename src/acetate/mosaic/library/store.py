"""The file of a library: tables in HDF5 whose layout never changes while they are written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from acetate.arrays import Array
from acetate.files import printable
from acetate.geometry import Frame
from acetate.mosaic.library.crops import Crop
from acetate.mosaic.library.features import LENGTHS
from acetate.mosaic.library.tables import Column, Table, import_h5py, new_tables, open_tables
from acetate.mosaic.library.tiles import HASH_BYTES, check_tile

FORMAT, VERSION = "acetate tile library", 2
KEPT, DUPLICATE, NEAR, FAILED, UNREADABLE, REJECTED = range(6)
"""What became of a file: its tile is kept, it is the same or much the same as one that is, it is
no good picture, it could not be read this time, it is too dark or too flat. Those from FAILED on
have no tile."""

_BLOCK = 2**26  # bytes that are copied at a time
_SLACK = 1.25  # how much larger than before a library becomes at least when it grows


@dataclass(frozen=True)
class Room:
    """How many files, tiles and bytes of text there are, or can be.

    Examples
    --------
    >>> Room(3, 2, 50).holds(Room(3, 1, 40))
    True
    """

    files: int
    tiles: int
    text: int

    def holds(self, other: "Room") -> bool:
        """Whether nothing of the other is more."""
        return other.files <= self.files and other.tiles <= self.tiles and other.text <= self.text

    def plus(self, other: "Room") -> "Room":
        """Return the sum."""
        return Room(self.files + other.files, self.tiles + other.tiles, self.text + other.text)

    def most(self, other: "Room", factor: float = 1) -> "Room":
        """Return the larger of each number, the other's multiplied."""
        return Room(
            max(self.files, int(other.files * factor)),
            max(self.tiles, int(other.tiles * factor)),
            max(self.text, int(other.text * factor)),
        )


@dataclass(frozen=True)
class Batch:
    """Rows to append: the columns of files and of tiles, and the text of each file.

    Parameters
    ----------
    files, tiles : mapping of str to numpy.ndarray
        The columns but for "end" and "gone".
    text : list of bytes
        Path, a zero byte, and why it failed, of each file.
    """

    files: Mapping[str, Array]
    tiles: Mapping[str, Array]
    text: list[bytes]

    @property
    def room(self) -> Room:
        """How much it takes."""
        return Room(len(self.text), len(self.tiles["look"]), sum(map(len, self.text)))


def file_columns() -> dict[str, Column]:
    """Return the columns of the table of files: dtype, and the shape of an entry."""
    return {
        "status": (np.uint8, ()),
        "gone": (np.uint8, ()),
        "tile": (np.int64, ()),
        "size": (np.int64, ()),
        "mtime": (np.int64, ()),
        "hash": (np.uint8, (HASH_BYTES,)),
        "lightness": (np.float32, ()),
        "contrast": (np.float32, ()),
        "end": (np.int64, ()),
    }


def tile_columns(tile: Frame) -> dict[str, Column]:
    """Return the columns of the table of tiles: dtype, and the shape of an entry."""
    features = {name: (np.float32, (length,)) for name, length in LENGTHS.items()}
    return {"pixels": (np.uint8, (*tile, 3)), "look": (np.uint64, ()), **features}


class Store:
    """The tables of a library, opened to be read, or to be appended to by one process.

    Parameters
    ----------
    path : Path
        The file.
    writing : bool
        Whether to append.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ImportError
        Without h5py.
    ValueError
        If it is no library, or one of another version.

    Notes
    -----
    All tables lie whole in the file, with room to spare that takes no space on disks that know
    sparse files. So appending changes no structure of HDF5: rows are bytes where nothing was yet,
    and one number, written last, says how many of them count. A process killed anywhere leaves a
    file that opens. A library without room is copied to a larger one that takes its place whole.
    """

    def __init__(self, path: Path, writing: bool = False) -> None:
        self.path = path
        self.writing = writing
        self._open()

    def _open(self) -> None:
        import_h5py()
        if not self.path.is_file():
            why = "there is no tile library; acetate mosaic index makes one"
            raise FileNotFoundError(2, why, str(self.path))
        self.file, self.tables, facts = open_tables(self.path, self.writing)
        try:
            self.tile: Frame = _checked_tile(self.path, facts)
            self.crop: Crop = facts["crop"]
            self.used = self._used()
        except BaseException:
            self.file.close()
            raise

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.file.close()

    @property
    def room(self) -> Room:
        """How much there can be without growing."""
        return Room(*(len(self.tables[name]) for name in ("files/end", "tiles/look", "text")))

    def files(self, column: str) -> Array:
        """Return a column of the table of files."""
        return self.tables[f"files/{column}"].read(0, self.used.files)

    def tiles(self, column: str) -> Array:
        """Return a column of the table of tiles."""
        return self.tables[f"tiles/{column}"].read(0, self.used.tiles)

    def text(self) -> list[bytes]:
        """Return the text of each file: path, zero byte, why it failed."""
        whole = self.tables["text"].read(0, self.used.text).tobytes()
        ends = self.files("end").tolist()
        return [whole[a:b] for a, b in zip([0, *ends], ends, strict=False)]

    def pixels(self, indices: Array) -> Array:
        """Return tiles by their place in the table, ``(n, h, w, 3)``."""
        table = self.tables["tiles/pixels"]
        out = np.empty((len(indices), *table.shape[1:]), np.uint8)
        for k, index in enumerate(indices.tolist()):
            out[k] = table.read(index, index + 1)[0]
        return out

    def append(self, batch: Batch) -> None:
        """Write rows, then that they count.

        Raises
        ------
        OSError
            If the disk is full; what was committed before stays.
        """
        after = self.used.plus(batch.room)
        self.make_room(after)
        ends = self.used.text + np.cumsum([len(text) for text in batch.text])
        gone = np.zeros(len(ends), np.uint8)
        for name, values in {**batch.files, "end": ends, "gone": gone}.items():
            self.tables[f"files/{name}"].write(self.used.files, values)
        for name, values in batch.tiles.items():
            self.tables[f"tiles/{name}"].write(self.used.tiles, values)
        text = np.frombuffer(b"".join(batch.text), np.uint8)
        self.tables["text"].write(self.used.text, text)
        self._sync()
        self.tables["committed"].write(0, np.array([after.files]))
        self._sync()
        self.used = after

    def mark(self, rows: list[int], gone: bool) -> None:
        """Write for files that they are gone, or there again."""
        for row in rows:
            self.tables["files/gone"].write(row, np.array([gone], np.uint8))
        if rows:
            self._sync()

    def make_room(self, wanted: Room) -> None:
        """Grow so that this much can be held."""
        if not self.room.holds(wanted):
            larger = wanted.most(self.room, _SLACK)
            with new_tables(self.path, _columns(self.tile, larger), self._facts()) as new:
                self._copy_to(new)
            self.file.close()
            self._open()

    def _copy_to(self, new: Mapping[str, Table]) -> None:
        for name, table in self.tables.items():
            group = name.partition("/")[0]
            counts = {"files": self.used.files, "tiles": self.used.tiles, "text": self.used.text}
            _copy(table, new[name], counts.get(group, len(table)))

    def _facts(self) -> dict[str, Any]:
        return _facts(self.tile, self.crop)

    def _used(self) -> Room:
        files = int(self.tables["committed"].read(0, 1)[0])
        kept = np.count_nonzero(self.tables["files/status"].read(0, files) == KEPT)
        text = int(self.tables["files/end"].read(files - 1, files)[0]) if files else 0
        return Room(files, int(kept), text)

    def _sync(self) -> None:
        os.fsync(self.file.fileno())


def create(path: Path, tile: Frame, crop: Crop, room: Room) -> None:
    """Write a library without tiles.

    Parameters
    ----------
    path : Path
        The file; one of that name is replaced.
    tile : (int, int)
        Height and width of the tiles, 4 to 1024 pixels.
    crop : {"centre", "smart"}
        Which part of a picture becomes its tile.
    room : Room
        For how much there is to be room.

    Raises
    ------
    ImportError
        Without h5py.
    OSError
        If the file cannot be written.
    ValueError
        If the size of the tiles is out of range.
    """
    check_tile(tile)
    with new_tables(path, _columns(tile, room), _facts(tile, crop)) as new:
        new["committed"].write(0, np.array([0]))


def _facts(tile: Frame, crop: Crop) -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, "tile": np.array(tile), "crop": crop}


def _columns(tile: Frame, room: Room) -> dict[str, Column]:
    """Return all tables, by their names in the file."""
    files = {f"files/{n}": (t, (room.files, *shape)) for n, (t, shape) in file_columns().items()}
    own = tile_columns(tile).items()
    tiles = {f"tiles/{n}": (t, (room.tiles, *shape)) for n, (t, shape) in own}
    rest = {"text": (np.uint8, (room.text,)), "committed": (np.int64, (1,))}
    return {**files, **tiles, **rest}


def _copy(old: Table, new: Table, count: int) -> None:
    step = max(1, _BLOCK // old.row_bytes)
    for start in range(0, count, step):
        new.write(start, old.read(start, min(count, start + step)))


def _checked_tile(path: Path, facts: Mapping[str, Any]) -> Frame:
    """Return the height and width of the tiles of a library that can be read."""
    if facts.get("format") != FORMAT:
        raise ValueError(f"{printable(path)} is an HDF5 file, but no tile library")
    if facts["version"] != VERSION:
        raise ValueError(
            f"{printable(path)} is a tile library of version {facts['version']}, this acetate "
            f"reads version {VERSION}; index the pictures into a new one"
        )
    height, width = facts["tile"].tolist()
    return height, width

"""The rows of a library as they are now: for each path the last that was written."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.files import Found
from acetate.mosaic.library.gate import Gate
from acetate.mosaic.library.store import FAILED, KEPT, NEAR, REJECTED, UNREADABLE, Store

_COLUMNS = ("status", "gone", "tile", "size", "mtime", "lightness", "contrast")


@dataclass(frozen=True)
class Rows:
    """What a library has of files: a column for each thing, in the order the paths were first met.

    Parameters
    ----------
    places : dict of str to int
        From a path to its entry in the columns.
    number : numpy.ndarray
        ``(n,)``: its row in the table of files.
    columns : dict of str to numpy.ndarray
        ``(n,)`` each: "status" (KEPT, DUPLICATE, ..., see `store`), "gone" (whether it was
        removed), "tile" (-1 for none), "size", "mtime", "lightness", "contrast"; "tile_lightness"
        and "tile_contrast" of the tile that it shows, which may be that of another file.
    remarks : dict of int to str
        By entry, why those failed that did.

    Examples
    --------
    >>> Rows({}, np.array([], int), {}, {}).numbered(["/a.png"])
    array([-1])
    """

    places: dict[str, int]
    number: NDArray[np.int64]
    columns: dict[str, Array]
    remarks: dict[int, str]

    def numbered(self, paths: Iterable[str]) -> NDArray[np.int64]:
        """Return the entries of paths, -1 where there is none."""
        return np.fromiter(map(self.places.get, paths, repeat(-1)), np.int64)

    def unchanged(self, found: list[Found], gate: Gate) -> NDArray[np.bool_]:
        """Return which files need not be read: they are here as they are on the disk.

        Those that could not be read before may be readable now, and those of which the gate was
        of another opinion are judged again; so are those that show a tile which it does not let
        in, as near duplicates may: their own may be.
        """
        if not found or not self.places:
            return np.zeros(len(found), bool)
        paths, sizes, times = zip(*found, strict=True)
        entries = self.numbered(paths)
        same = self.columns["size"][entries] == np.array(sizes, np.int64)
        same &= self.columns["mtime"][entries] == np.array(times, np.int64)
        return np.asarray((entries >= 0) & same & self._settled(gate)[entries])

    def _settled(self, gate: Gate) -> NDArray[np.bool_]:
        status = self.columns["status"]
        let_in = gate.lets_in(self.columns["lightness"], self.columns["contrast"])
        let_in &= self._tile_let_in(gate)
        return np.where(status == REJECTED, ~let_in, (status == FAILED) | let_in) & (
            status != UNREADABLE
        )

    def _tile_let_in(self, gate: Gate) -> NDArray[np.bool_]:
        return gate.lets_in(self.columns["tile_lightness"], self.columns["tile_contrast"])

    def tiles_let_in(self, gate: Gate) -> NDArray[np.int64]:
        """Return the numbers of the tiles that are shown and that the gate lets in, ascending."""
        shown = (self.columns["tile"] >= 0) & self._tile_let_in(gate)
        return np.unique(self.columns["tile"][shown])

    def why_unreadable(self, path: str) -> str | None:
        """Return why a file could not be read; None if it is not known, or could be."""
        entry = self.places.get(path)
        unreadable = entry is not None and self.columns["status"][entry] == UNREADABLE
        return self.remarks[entry] if entry is not None and unreadable else None

    def without_tile(self, rejected: bool) -> tuple[tuple[Path, str], ...]:
        """Return what was rejected, or else what failed, and why."""
        paths, gone, status = list(self.places), self.columns["gone"], self.columns["status"]
        return tuple(
            (Path(paths[entry]), why)
            for entry, why in self.remarks.items()
            if not gone[entry] and (status[entry] == REJECTED) == rejected
        )


def latest_rows(store: Store) -> Rows:
    """Return the row of each path, in the order in which paths were first met."""
    paths, remarks = _texts(store)
    last = dict(zip(paths, range(len(paths)), strict=True))  # a path stays where it was met first
    number = np.fromiter(last.values(), np.int64, len(last))
    whole = {name: store.files(name) for name in _COLUMNS}
    columns = {name: column[number] for name, column in whole.items()}
    for name in ("lightness", "contrast"):
        columns[f"tile_{name}"] = _of_tiles(whole, name, number)
    failed = np.flatnonzero(columns["status"] >= FAILED).tolist()
    why = {entry: remarks[int(number[entry])] for entry in failed}
    return Rows(dict(zip(last, range(len(last)), strict=True)), number, columns, why)


def _of_tiles(whole: dict[str, Array], name: str, number: NDArray[np.int64]) -> Array:
    """Return a measure of the tile that each row shows, or of the row itself if it shows none."""
    tile = whole["tile"][number]
    measure: Array = whole[name][number]
    of_tiles = whole[name][whole["status"] == KEPT]  # tiles are numbered as they were kept
    measure[tile >= 0] = of_tiles[tile[tile >= 0]]
    return measure


def _texts(store: Store) -> tuple[list[str], dict[int, str]]:
    """Return the paths of all rows, and by row why those failed that did."""
    texts = store.text()
    if not texts:
        return [], {}
    parts = [text.partition(b"\0") for text in texts]
    paths = os.fsdecode(b"\0".join([path for path, _, _ in parts])).split("\0")
    return paths, {row: why.decode() for row, (_, _, why) in enumerate(parts) if why}


@dataclass(frozen=True)
class Summary:
    """How many tiles and duplicates there are, and what failed.

    Parameters
    ----------
    tiles : numpy.ndarray
        The numbers of the tiles that a file which is there shows, ascending.
    owners : tuple of str
        The first file of each.
    duplicates, near_duplicates : int
        Files that show a tile of another.
    rejected, failures : tuple of (Path, str)
        Files that were too dark or too flat, and those that could not be read, and why.

    Examples
    --------
    >>> Summary(np.array([0]), ("a.png",), 1, 0, (), ()).duplicates
    1
    """

    tiles: NDArray[np.int64]
    owners: tuple[str, ...]
    duplicates: int
    near_duplicates: int
    rejected: tuple[tuple[Path, str], ...]
    failures: tuple[tuple[Path, str], ...]


def summary(rows: Rows) -> Summary:
    """Count rows; the owner of a tile is the file whose tile it is.

    If that is not there, it is the first that has the same content, or else looks much the same.

    Examples
    --------
    >>> columns = {"status": np.array([0, 1]), "gone": np.zeros(2), "tile": np.array([0, 0])}
    >>> found = summary(Rows({"a": 0, "b": 1}, np.arange(2), columns, {}))
    >>> found.tiles, found.duplicates, found.owners
    (array([0]), 1, ('a',))
    """
    status = rows.columns["status"]
    there = rows.columns["gone"] == 0
    shown = np.flatnonzero(there & (status < FAILED))
    shown = shown[np.argsort(status[shown], kind="stable")]
    tiles, first = np.unique(rows.columns["tile"][shown], return_index=True)
    owner = np.zeros(len(status), bool)
    owner[shown[first]] = True
    near = int(np.count_nonzero(there & ~owner & (status == NEAR)))
    paths = list(rows.places)
    return Summary(
        tiles,
        tuple([paths[entry] for entry in shown[first].tolist()]),
        len(shown) - len(tiles) - near,
        near,
        rows.without_tile(rejected=True),
        rows.without_tile(rejected=False),
    )

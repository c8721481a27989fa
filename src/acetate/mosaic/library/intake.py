"""What becomes of each picture that is read: a tile, one that is there already, or a remark."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate import run
from acetate.files import Found
from acetate.mosaic.library.batches import Collected, Gathered
from acetate.mosaic.library.duplicates import Lookalikes
from acetate.mosaic.library.features import measured
from acetate.mosaic.library.gate import Gate
from acetate.mosaic.library.rows import Rows
from acetate.mosaic.library.store import FAILED, UNREADABLE, Room, Store
from acetate.mosaic.library.tiles import Tile, read_tile

_AT_ONCE = 256  # files whose rows are committed together
_TOGETHER = 2**18  # pixels of tiles that are measured together: what a cache holds
_REMARKS = 2**16  # bytes of room for why files failed

Map = Callable[[Callable[[Found], Any], list[Found]], Iterator[Any]]
"""What calls a function on all items and gives the outcomes in order, as `run.map` does."""


def room_for(found: list[Found]) -> Room:
    """Return how much room files take at most.

    Examples
    --------
    >>> room_for([Found("/a.png", 1, 2)]).tiles
    1
    """
    text = sum(len(os.fsencode(each.path)) + 1 for each in found) + _REMARKS
    return Room(len(found), len(found), text)


class Intake:
    """Pictures on their way into a library.

    Parameters
    ----------
    store : Store
        The library, opened for writing.
    near : int
        As `index` takes it.
    gate : Gate
        What is let in.
    before : Rows
        What is there.
    """

    def __init__(self, store: Store, near: int, gate: Gate, before: Rows) -> None:
        self.store = store
        self.gate = gate
        self.before = before
        self.rows = Collected(store.used.tiles)
        self.waiting: list[Any] = []
        self.most_waiting = max(1, _TOGETHER // (store.tile[0] * store.tile[1]))
        # Of tiles that nobody shows, and those that the gate does not let in, nothing is a twin.
        tiles = before.tiles_let_in(gate)
        hashes = {h.tobytes(): t for h, t in _with_tile(store, tiles)}
        self.there = Lookalikes(hashes, store.tiles("look"), tiles, self.pixels, near)

    def pixels(self, index: int) -> NDArray[np.uint8]:
        """Return a tile, committed or not yet."""
        first = self.store.used.tiles
        if index >= first:
            return self.rows.tiles[index - first].tile.pixels
        return np.asarray(self.store.pixels(np.array([index]))[0])

    def work(self, new: list[Found], mapped: Map) -> None:
        """Read files, and commit their rows batch by batch, also when it is interrupted."""
        self.store.make_room(self.store.used.plus(room_for(new)))
        read = partial(read_tile, shape=self.store.tile, crop=self.store.crop)
        try:
            for outcome in mapped(read, new):
                self.waiting.append(outcome)
                if len(self.waiting) == self.most_waiting:
                    self.take_waiting()
        finally:
            self.take_waiting()
            self.commit()

    def take_waiting(self) -> None:
        """Measure the tiles that wait, together, and decide what becomes of each file."""
        waiting, self.waiting = self.waiting, []
        gathered = _gathered([each.value for each in waiting if isinstance(each, run.Success)])
        for outcome in waiting:
            if isinstance(outcome, run.Success):
                self.take(outcome.item, next(gathered))
            else:
                self.take_failure(outcome)
            if len(self.rows.text) >= _AT_ONCE:
                self.commit()

    def take(self, found: Found, got: Gathered) -> None:
        """Decide whether a tile is let in, and whether it is there already."""
        why = self.gate.why_not(got.lightness, got.contrast)
        if why is not None:
            self.rows.add_rejected(found, got, why)
            return
        same = self.there.same(got.tile.hash)
        if same is not None:
            self.rows.add_duplicate(found, got, same)
            return
        alike = self.there.alike(got.look, got.tile.pixels)
        if alike is not None:
            self.rows.add_near(found, got, alike)
            self.there.hashes[got.tile.hash] = alike
            return
        self.rows.add_kept(found, got)
        self.there.add(got.tile.hash, got.look)

    def take_failure(self, failure: run.Failure[Found]) -> None:
        """Note why a file has no tile, unless the library has that already."""
        status = FAILED if failure.error == "ValueError" else UNREADABLE
        if status == FAILED or self.before.why_unreadable(failure.item.path) != failure.message:
            self.rows.add_failed(failure.item, status, failure.message)

    def commit(self) -> None:
        """Write the rows that are ready."""
        if self.rows.text:
            rows, self.rows = self.rows, Collected(self.store.used.tiles + len(self.rows.tiles))
            self.store.append(rows.batch(self.store.tile))


def _gathered(tiles: list[Tile]) -> Iterator[Gathered]:
    if tiles:
        measures = measured(np.stack([tile.pixels for tile in tiles]))
        for place, tile in enumerate(tiles):
            yield Gathered(tile, measures, place)


def _with_tile(store: Store, wanted: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.uint8], int]]:
    tiles = store.files("tile")
    rows = np.flatnonzero(np.isin(tiles, wanted))
    return zip(store.files("hash")[rows], tiles[rows].tolist(), strict=True)

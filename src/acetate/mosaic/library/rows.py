"""The rows of a library as they are now: for each path the last that was written."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from acetate.mosaic.library.store import FAILED, NEAR, UNREADABLE, Store


class Row(NamedTuple):
    """What a library has of a file.

    Parameters
    ----------
    number : int
        Its row in the table of files.
    path : str
        The file.
    status : int
        KEPT, DUPLICATE, NEAR, FAILED or UNREADABLE (see `store`).
    gone : bool
        Whether it was removed.
    tile : int
        Its tile; -1 for none.
    size, mtime : int
        Bytes, and nanoseconds since 1970.
    why : str
        Why it failed.

    Examples
    --------
    >>> Row(0, "/a.png", 0, False, 3, 99, 0, "").tile
    3
    """

    number: int
    path: str
    status: int
    gone: bool
    tile: int
    size: int
    mtime: int
    why: str


def latest_rows(store: Store) -> dict[str, Row]:
    """Return the row of each path, in the order in which paths were first met."""
    names = ("status", "tile", "size", "mtime", "gone")
    columns = [store.files(name).tolist() for name in names]
    rows: dict[str, Row] = {}
    table = zip(store.text(), *columns, strict=True)
    for number, (text, status, tile, size, mtime, gone) in enumerate(table):
        path, _, why = text.partition(b"\0")
        name = os.fsdecode(path)
        rows[name] = Row(number, name, status, bool(gone), tile, size, mtime, why.decode())
    return rows


@dataclass(frozen=True)
class Summary:
    """How many tiles and duplicates there are, and what failed.

    Examples
    --------
    >>> Summary(3, 1, 0, {}, ()).tiles
    3
    """

    tiles: int
    duplicates: int
    near_duplicates: int
    owners: dict[int, str]
    failures: tuple[tuple[Path, str], ...]


def summary(rows: Iterable[Row]) -> Summary:
    """Count rows; the owner of a tile is the first file that is there and shows it.

    Examples
    --------
    >>> rows = [Row(0, "a", 0, False, 0, 9, 9, ""), Row(1, "b", 1, False, 0, 9, 9, "")]
    >>> found = summary(rows)
    >>> found.tiles, found.duplicates, found.owners
    (1, 1, {0: 'a'})
    """
    owners: dict[int, str] = {}
    duplicates = near = 0
    failures = []
    for row in rows:
        if row.gone:
            continue
        if row.status in (FAILED, UNREADABLE):
            failures.append((Path(row.path), row.why))
        elif row.tile not in owners:
            owners[row.tile] = row.path
        elif row.status == NEAR:
            near += 1
        else:
            duplicates += 1
    return Summary(len(owners), duplicates, near, owners, tuple(failures))

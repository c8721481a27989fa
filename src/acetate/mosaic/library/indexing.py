"""Index folders of pictures into a library: what is new is read, what is gone is marked."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from acetate import images, run
from acetate.files import PathLike, Problem, printable, walk
from acetate.geometry import Frame
from acetate.mosaic.library.batches import Collected, Found, Gathered
from acetate.mosaic.library.duplicates import Lookalikes
from acetate.mosaic.library.features import features_of, look
from acetate.mosaic.library.lock import locked
from acetate.mosaic.library.rows import Row, latest_rows, summary
from acetate.mosaic.library.store import FAILED, UNREADABLE, Room, Store, create
from acetate.mosaic.library.tiles import read_tile
from acetate.run.workers import Progress

_AT_ONCE = 256  # files whose rows are committed together
_REMARKS = 2**16  # bytes of room for why files failed


@dataclass(frozen=True)
class Indexed:
    """What an index run found.

    Parameters
    ----------
    tiles : int
        Tiles in the library that have a picture.
    files : int
        Picture files that were found.
    new : int
        Files that were read: not known yet, or changed.
    duplicates, near_duplicates : int
        Files of the library whose tile is that of another file: of the same content, or much the
        same to look at.
    removed : int
        Files that were known, and are gone now.
    failures : tuple of (Path, str)
        Files without a tile, and why; what the walk passed over.

    Examples
    --------
    >>> Indexed(2, 3, 3, 1, 0, 0, ()).tiles
    2
    """

    tiles: int
    files: int
    new: int
    duplicates: int
    near_duplicates: int
    removed: int
    failures: tuple[tuple[Path, str], ...] = field(repr=False)


def index(
    paths: PathLike | Iterable[PathLike],
    library: PathLike,
    tile: Frame | None = None,
    *,
    near: int = 4,
    workers: int = 1,
    kind: Literal["threads", "processes"] = "threads",
    progress: Progress | None = None,
) -> Indexed:
    """Index pictures into a library, which is made if it is not there.

    Parameters
    ----------
    paths : path or paths
        Picture files, and folders of them, entered to any depth.
    library : path
        The file of the library, an HDF5 file.
    tile : (int, int), optional
        Height and width of the tiles; those of the library, or 50 x 50 in a new one.
    near : int
        In how many of 64 bits of their looks two pictures may differ and be near duplicates, 0 to
        16, if their tiles are within 8 levels of 255 in the mean too; -1 to keep near duplicates.
    workers : int
        How many pictures are read at the same time.
    kind : {"threads", "processes"}
        What the workers are; processes survive a picture that crashes a decoder.
    progress : callable, optional
        Called after each file that is read with how many are done, how many there are, its name.

    Returns
    -------
    Indexed
        What was found.

    Raises
    ------
    BlockingIOError
        If another process indexes into this library.
    FileNotFoundError
        If one of the paths, or the library's folder, does not exist.
    ImportError
        Without h5py.
    OSError
        If the library cannot be written; what was committed before stays.
    ValueError
        If there are no pictures, the library has tiles of another size or is of another version.

    Notes
    -----
    Only files that are new, or whose size or time of change differ, are read. Every 256 files are
    committed: after a kill the same call goes on from there, and ends with the same rows as one
    that was never interrupted. Of equal pictures the first is kept, in order of the paths.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.samples import photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 4, size=64)
    ...     index(folder, f"{folder}/tiles.h5", (16, 16))
    Indexed(tiles=4, files=4, new=4, duplicates=0, near_duplicates=0, removed=0)
    """
    if not -1 <= near <= 16:
        raise ValueError(f"near must lie in [-1, 16], got {near}")
    target = Path(library)
    if not target.parent.is_dir():
        raise FileNotFoundError(2, "the folder of the library does not exist", str(target.parent))
    roots = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    walked = walk(roots, images.SUFFIXES)
    with locked(target):
        found, problems = _with_facts(walked.files)
        _make_if_missing(target, tile, found)
        with Store(target, writing=True) as store:
            _check(store, tile)
            before = latest_rows(store)
            new = [each for each in found if _is_new(each, before)]
            _Job(store, near, before).work(new, workers, kind, progress)
            rows = latest_rows(store) if new else before
            hidden = (*walked.problems, *problems)
            removed = _mark(store, rows, roots, {each.path for each in found}, hidden)
            return _indexed(rows, len(found), len(new), removed, hidden)


def _with_facts(paths: Iterable[Path]) -> tuple[list[Found], list[Problem]]:
    """Return the files with their sizes and times, under one path each."""
    folders: dict[str, str] = {}
    found, problems = [], []
    for path in paths:
        folder, name = os.path.split(path)
        if folder not in folders:
            folders[folder] = os.path.join(os.path.realpath(folder), "")
        whole = folders[folder] + name
        try:
            facts = os.stat(whole)
            found.append(Found(whole, facts.st_size, facts.st_mtime_ns))
        except OSError as error:
            problems.append(Problem(path, f"is unusable: {error.strerror}"))
    return found, problems


def _make_if_missing(library: Path, tile: Frame | None, found: list[Found]) -> None:
    if not library.exists():
        if not found:
            raise ValueError("there is no picture to index: no file has a suffix of a picture")
        text = sum(len(os.fsencode(each.path)) + 1 for each in found) + _REMARKS
        create(library, tile or (50, 50), Room(len(found), len(found), text))


def _check(store: Store, tile: Frame | None) -> None:
    if tile is not None and tuple(tile) != store.tile:
        raise ValueError(
            f"{printable(store.path)} has tiles of {_by(store.tile)}, not {_by(tile)}; index into "
            "another library"
        )


def _by(shape: Frame) -> str:
    return " x ".join(map(str, shape))


def _is_new(found: Found, before: dict[str, Row]) -> bool:
    row = before.get(found.path)
    same = row is not None and (row.size, row.mtime) == (found.size, found.mtime)
    return row is None or not same or row.status == UNREADABLE


class _Job:
    """The files that are read, and the rows that come of them."""

    def __init__(self, store: Store, near: int, before: dict[str, Row]) -> None:
        self.store = store
        self.before = before
        self.rows = Collected(store.used.tiles)
        hashes = {h.tobytes(): t for h, t in _with_tile(store)}
        self.there = Lookalikes(hashes, store.tiles("look"), self.pixels, near)

    def pixels(self, index: int) -> NDArray[np.uint8]:
        """Return a tile, committed or not yet."""
        first = self.store.used.tiles
        if index >= first:
            return self.rows.pixels[index - first]
        return np.asarray(self.store.pixels(np.array([index]))[0])

    def work(self, new: list[Found], workers: int, kind: Any, progress: Progress | None) -> None:
        """Read files, and commit their rows batch by batch, also when it is interrupted."""
        text = sum(len(os.fsencode(each.path)) + 1 for each in new) + _REMARKS
        self.store.make_room(self.store.used.plus(Room(len(new), len(new), text)))
        gather = partial(gathered, shape=self.store.tile)
        try:
            for outcome in run.map(gather, new, workers=workers, kind=kind, progress=progress):
                self.take(outcome)
                if len(self.rows.text) == _AT_ONCE:
                    self.commit()
        finally:
            self.commit()

    def take(self, outcome: Any) -> None:
        """Decide what becomes of a file."""
        found: Found = outcome.item
        if isinstance(outcome, run.Failure):
            status = FAILED if outcome.error == "ValueError" else UNREADABLE
            if not self.is_old_news(found, outcome.message):
                self.rows.add_failed(found, status, outcome.message)
            return
        got: Gathered = outcome.value
        same = self.there.same(got.hash)
        if same is not None:
            self.rows.add_duplicate(found, got.hash, same)
            return
        alike = self.there.alike(got.look, got.pixels)
        if alike is not None:
            self.rows.add_near(found, got.hash, alike)
            self.there.hashes[got.hash] = alike
            return
        self.rows.add_kept(found, got)
        self.there.add(got.hash, got.look)

    def is_old_news(self, found: Found, message: str) -> bool:
        """Whether a file still cannot be read, as the library has it already."""
        row = self.before.get(found.path)
        return row is not None and row.status == UNREADABLE and row.why == message

    def commit(self) -> None:
        """Write the rows that are ready."""
        if self.rows.text:
            rows, self.rows = self.rows, Collected(self.store.used.tiles + len(self.rows.pixels))
            self.store.append(rows.batch(self.store.tile))


def gathered(found: Found, shape: Frame) -> Gathered:
    """Read what a library keeps of a picture."""
    tile = read_tile(Path(found.path), shape)
    return Gathered(tile.pixels, tile.hash, look(tile.pixels), features_of(tile.pixels))


def _with_tile(store: Store) -> Iterator[tuple[NDArray[np.uint8], int]]:
    tiles = store.files("tile")
    rows = np.flatnonzero(tiles >= 0)
    return zip(store.files("hash")[rows], tiles[rows].tolist(), strict=True)


def _mark(
    store: Store,
    rows: dict[str, Row],
    roots: Iterable[PathLike],
    found: set[str],
    hidden: tuple[Problem, ...],
) -> int:
    """Mark the files under the roots that are gone, and those that are back; count the former."""
    tops = [os.path.realpath(root) for root in roots]
    unseen = [os.path.realpath(problem.path) for problem in hidden]
    back = [row for path, row in rows.items() if row.gone and path in found]
    missing = (path for path, row in rows.items() if not row.gone and path not in found)
    gone = [
        rows[path]
        for path in missing
        if _is_under(path, tops) and not _is_under(path, unseen) and not os.path.lexists(path)
    ]
    for changed, now in ((back, False), (gone, True)):
        store.mark([row.number for row in changed], now)
        rows.update({row.path: row._replace(gone=now) for row in changed})
    return len(gone)


def _is_under(path: str, tops: list[str]) -> bool:
    return any(path == top or path.startswith(os.path.join(top, "")) for top in tops)


def _indexed(
    rows: dict[str, Row], files: int, new: int, removed: int, hidden: tuple[Problem, ...]
) -> Indexed:
    facts = summary(rows.values())
    passed = tuple((problem.path, problem.reason) for problem in hidden)
    return Indexed(
        facts.tiles,
        files,
        new,
        facts.duplicates,
        facts.near_duplicates,
        removed,
        (*passed, *facts.failures),
    )

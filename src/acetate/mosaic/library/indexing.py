"""Index folders of pictures into a library: what is new is read, what is gone is marked."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acetate import images, run
from acetate.files import Found, PathLike, Problem, printable, walk_found
from acetate.geometry import Frame
from acetate.mosaic.library.crops import Crop, check_crop
from acetate.mosaic.library.gate import Gate
from acetate.mosaic.library.intake import Intake, room_for
from acetate.mosaic.library.lock import locked
from acetate.mosaic.library.rows import Rows, latest_rows, summary
from acetate.mosaic.library.store import Store, create
from acetate.run.workers import Progress

_HERE = run.Workplace()


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
    rejected : tuple of (Path, str)
        Files of the library that are too dark or too flat, and by how much.
    failures : tuple of (Path, str)
        Files that could not be read, and why; what the walk passed over.

    Examples
    --------
    >>> Indexed(2, 3, 3, 1, 0, 0, (), ()).tiles
    2
    """

    tiles: int
    files: int
    new: int
    duplicates: int
    near_duplicates: int
    removed: int
    rejected: tuple[tuple[Path, str], ...] = field(repr=False)
    failures: tuple[tuple[Path, str], ...] = field(repr=False)


def index(
    paths: PathLike | Iterable[PathLike],
    library: PathLike,
    tile: Frame | None = None,
    *,
    crop: Crop | None = None,
    near: int = 4,
    min_lightness: float = 0.0,
    min_contrast: float = 0.0,
    where: run.Workplace = _HERE,
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
    crop : {"centre", "smart"}, optional
        Which part of a picture becomes its tile: that around the centre, or that with most of
        what stands out (Itti, Koch and Niebur 1998; see `library.saliency`). That of the library,
        or "centre" in a new one.
    near : int
        In how many of 64 bits of their looks two pictures may differ and be near duplicates, 0 to
        16, if their tiles are within 8 levels of 255 in the mean too; -1 to keep near duplicates.
    min_lightness, min_contrast : float
        The least mean, 0 to 100, and the least standard deviation, 0 to 50, of the CIELAB
        lightness of a tile; darker and flatter ones are rejected.
    where : Workplace
        Where pictures are read, see `acetate.run`; processes survive a picture that crashes a
        decoder, and on a cluster of several machines all must see the same files.
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
    ConnectionError
        If there is no scheduler at an address.
    FileNotFoundError
        If one of the paths, or the library's folder, does not exist.
    ImportError
        Without h5py.
    OSError
        If the library cannot be written; what was committed before stays.
    ValueError
        If there are no pictures, an option is out of range, or the library has tiles of another
        size, crops otherwise, or is of another version.

    Notes
    -----
    Only files that are new, or whose size or time of change differ, are read, and those that are
    rejected now and were not before, or the other way round. Every 256 files are
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
    check_crop(crop or "centre")
    gate = Gate(min_lightness, min_contrast)
    target = Path(library)
    if not target.parent.is_dir():
        raise FileNotFoundError(2, "the folder of the library does not exist", str(target.parent))
    roots = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    found, hidden = walk_found(roots, images.SUFFIXES)
    with locked(target), _opened(target, tile, crop, found) as store:
        _check(store, tile, crop)
        rows = latest_rows(store)
        new = list(compress(found, ~rows.unchanged(found, gate)))
        if new:
            intake = Intake(store, near, gate, rows)
            intake.work(new, partial(where.map, progress=progress))
            rows = latest_rows(store)
        removed = _mark(store, rows, roots, found, hidden)
        return _indexed(rows, len(found), len(new), removed, hidden)


@contextmanager
def _opened(
    library: Path, tile: Frame | None, crop: Crop | None, found: list[Found]
) -> Iterator[Store]:
    """Open a library, made if it is not there; one that stays empty because of an error goes."""
    missing = not library.exists()
    if missing:
        if not found:
            raise ValueError("there is no picture to index: no file has a suffix of a picture")
        create(library, tile or (50, 50), crop or "centre", room_for(found))
    with Store(library, writing=True) as store:
        try:
            yield store
        except Exception:
            if missing and store.used.files == 0:
                library.unlink()
            raise


def _check(store: Store, tile: Frame | None, crop: Crop | None) -> None:
    if tile is not None and tuple(tile) != store.tile:
        raise ValueError(
            f"{printable(store.path)} has tiles of {_by(store.tile)}, not {_by(tile)}; index into "
            "another library"
        )
    if crop is not None and crop != store.crop:
        raise ValueError(
            f"{printable(store.path)} has tiles cropped by {store.crop!r}, not {crop!r}; index "
            "into another library"
        )


def _by(shape: Frame) -> str:
    return " x ".join(map(str, shape))


def _mark(
    store: Store,
    rows: Rows,
    roots: Iterable[PathLike],
    found: list[Found],
    hidden: list[Problem],
) -> int:
    """Mark the files under the roots that are gone, and those that are back; count the former."""
    entries = rows.numbered(each.path for each in found)
    seen = np.zeros(len(rows.number), bool)
    seen[entries[entries >= 0]] = True
    marked = rows.columns["gone"] != 0
    back = np.flatnonzero(marked & seen)
    missing = np.flatnonzero(~marked & ~seen)
    gone = missing[_are_gone(compress(rows.places, ~marked & ~seen), roots, hidden)]
    for entries, now in ((back, False), (gone, True)):
        store.mark(rows.number[entries].tolist(), now)
        rows.columns["gone"][entries] = now
    return len(gone)


def _are_gone(
    paths: Iterable[str], roots: Iterable[PathLike], hidden: list[Problem]
) -> NDArray[np.bool_]:
    """Return which paths are under the roots, not where the walk could not look, and not there."""
    tops = [os.path.realpath(root) for root in roots]
    unseen = [os.path.realpath(problem.path) for problem in hidden]
    gone = (
        _is_under(path, tops) and not _is_under(path, unseen) and not os.path.lexists(path)
        for path in paths
    )
    return np.fromiter(gone, bool)


def _is_under(path: str, tops: list[str]) -> bool:
    return any(path == top or path.startswith(os.path.join(top, "")) for top in tops)


def _indexed(rows: Rows, files: int, new: int, removed: int, hidden: list[Problem]) -> Indexed:
    facts = summary(rows)
    passed = tuple((problem.path, problem.reason) for problem in hidden)
    return Indexed(
        len(facts.tiles),
        files,
        new,
        facts.duplicates,
        facts.near_duplicates,
        removed,
        facts.rejected,
        (*passed, *facts.failures),
    )

"""One indexer at a time: a lock on a file beside the library, freed when its process ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from acetate.files import printable


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a library.

    Parameters
    ----------
    path : Path
        The library; it need not be there, its folder must.

    Raises
    ------
    BlockingIOError
        If another process holds the lock.
    OSError
        If the folder cannot be written.

    Notes
    -----
    The operating system frees the lock of a killed process. The file ``.NAME.lock`` that may be
    left then means nothing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, locked(Path(folder, "tiles.h5")):
    ...     os.listdir(folder)
    ['.tiles.h5.lock']
    """
    beside = path.with_name(f".{path.name}.lock")
    handle = _taken(beside, path)
    try:
        yield
    finally:
        beside.unlink(missing_ok=True)
        os.close(handle)


def _taken(beside: Path, path: Path) -> int:
    """Return the handle of the locked file; again if it was removed in between."""
    while True:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
            if beside.exists() and os.path.samestat(os.fstat(handle), beside.stat()):
                return handle
        except BlockingIOError as error:
            os.close(handle)
            raise BlockingIOError(
                f"{printable(path)} is being indexed by another process; wait until it is done"
            ) from error
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(str(error)) from error
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""What a mosaic command writes is nothing that it reads: no target, library or photograph."""

import os
from collections.abc import Iterable
from pathlib import Path

from acetate.files import PathLike, printable


def check_outputs(written: Iterable[Path], read: Iterable[PathLike]) -> None:
    """Raise if a file that is to be written is one that is read, whatever it is called there.

    Parameters
    ----------
    written, read : iterable of path
        Files; they need not exist.

    Raises
    ------
    ValueError
        If so.

    Examples
    --------
    >>> check_outputs([Path("mosaic.jpg")], ["cat.jpg"])
    >>> check_outputs([Path(__file__)], [__file__])
    Traceback (most recent call last):
    ValueError: ...mosaic_outputs.py is a file that is read; write to another name
    """
    taken = {identity: path for path in written if (identity := _identity(path)) is not None}
    if not taken:
        return
    for path in read:
        if (identity := _identity(path)) in taken:
            raise ValueError(
                f"{printable(taken[identity])} is a file that is read; write to another name"
            )


def _identity(path: PathLike) -> tuple[int, int] | None:
    """Return what all names of a file have in common, links included; None if it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino

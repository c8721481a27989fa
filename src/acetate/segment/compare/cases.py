"""Cases: pictures to compare methods on, with what is true of them where that is known."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.images import read, read_labels


@dataclass(frozen=True)
class Case:
    """A picture, the true mask and the scribbles on it, as files.

    Parameters
    ----------
    name : str
        What it is called in tables; different for each case.
    picture : Path
        The picture.
    truth : Path or None
        Labels as large as the picture: what is not 0 is inside.
    scribbles : Path or None
        Labels as large as the picture, 0 where nothing is marked, 1 on the background, 2 and up
        on what is wanted; for methods that take them.

    Examples
    --------
    >>> Case("cells.png", Path("cells.png"), Path("truth/cells.png")).scribbles is None
    True
    """

    name: str
    picture: Path
    truth: Path | None = None
    scribbles: Path | None = None


@dataclass(frozen=True, eq=False)
class Loaded:
    """What is in the files of a case.

    Parameters
    ----------
    image : numpy.ndarray
        As `acetate.images.read` gives it, what is transparent on white; read-only.
    truth : numpy.ndarray or None
        ``(H, W)`` bool.
    scribbles : numpy.ndarray or None
        ``(H, W)`` int32.
    """

    image: Array
    truth: NDArray[np.bool_] | None
    scribbles: Array | None


@lru_cache(maxsize=2)
def load(case: Case) -> Loaded:
    """Read the files of a case; those of the last ones are kept, for the next method.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read, or the labels are not as large as the picture.
    """
    image = read(case.picture, alpha="over_white")
    image.flags.writeable = False
    truth, scribbles = (
        None if path is None else _fitting(path, image) for path in (case.truth, case.scribbles)
    )
    return Loaded(image, None if truth is None else truth != 0, scribbles)


def digest(case: Case) -> str:
    """Return what tells the content of a case from any other: a hash of its files.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    found = sha256()
    for path in (case.picture, case.truth, case.scribbles):
        found.update(b"-" if path is None else sha256(path.read_bytes()).digest())
    return found.hexdigest()[:32]


def is_dark(cases: list[Case]) -> bool:
    """Tell whether what is true is darker than the rest, in most of the pictures that have both.

    Examples
    --------
    >>> is_dark([])
    False
    """
    votes = 0
    for case in cases:
        loaded = load(case)
        if loaded.truth is not None and 0 < np.count_nonzero(loaded.truth) < loaded.truth.size:
            values = loaded.image.reshape(*loaded.truth.shape, -1).mean(2)
            votes += 1 if values[loaded.truth].mean() < values[~loaded.truth].mean() else -1
    return votes > 0


def _fitting(path: Path, image: Array) -> Array:
    labels = read_labels(path)
    if labels.shape != image.shape[:2]:
        raise ValueError(
            f"{path} must be as large as its picture, {image.shape[:2]}, it is {labels.shape}"
        )
    return labels

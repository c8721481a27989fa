"""Cases: pictures to compare methods on, with what is true of them where that is known."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

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
    page : int or None
        Which page of the picture; None refuses a picture of several.
    profile : {"to_srgb", "ignore"}
        What becomes of a colour profile in the picture, as in `acetate.images.read`.

    Examples
    --------
    >>> Case("cells.png", Path("cells.png"), Path("truth/cells.png")).scribbles is None
    True
    """

    name: str
    picture: Path
    truth: Path | None = None
    scribbles: Path | None = None
    page: int | None = None
    profile: Literal["to_srgb", "ignore"] = "to_srgb"

    @property
    def how(self) -> dict[str, Any]:
        """What `acetate.images.read` is told beside its defaults."""
        asked = {"page": self.page, "profile": self.profile}
        usual = {"page": None, "profile": "to_srgb"}
        return {name: value for name, value in asked.items() if value != usual[name]}


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
    content : str
        The digest of the files.
    """

    image: Array
    truth: NDArray[np.bool_] | None
    scribbles: Array | None
    content: str


def load(case: Case, content: str | None = None) -> Loaded:
    """Read the files of a case; those of the last ones are kept while they do not change.

    Parameters
    ----------
    case : Case
        The files.
    content : str or None
        The digest that they must have; None takes them as they are.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read, the labels are not as large as the picture, or the files have
        another digest.
    """
    found = digest(case)
    if content not in (None, found):
        raise ValueError(f"the files of {case.name} changed while methods were compared; run again")
    return _loaded(case, found)


@lru_cache(maxsize=2)
def _loaded(case: Case, content: str) -> Loaded:
    image = read(case.picture, alpha="over_white", page=case.page, profile=case.profile)
    image.flags.writeable = False
    truth, scribbles = (
        None if path is None else _fitting(path, image) for path in (case.truth, case.scribbles)
    )
    return Loaded(image, None if truth is None else truth != 0, scribbles, content)


def digest(case: Case) -> str:
    """Return what tells the content of a case from any other: a hash of its files, read as asked.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    found = sha256(repr(case.how).encode())
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

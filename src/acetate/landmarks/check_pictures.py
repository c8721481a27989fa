"""A check's look at pictures: whether training can read them, and what tells them apart."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from acetate import images
from acetate.files import PathLike
from acetate.geometry import Frame
from acetate.landmarks.letterbox import Letterbox
from acetate.landmarks.pictures import as_bytes
from acetate.run import Failure, Workplace
from acetate.sheets import LandmarkSet
from acetate.sheets.formats.pictures import PictureFolder

Progress = Callable[[int, int | None, str], None]
Trouble = tuple[str, str]  # a kind of finding, and what was found


@dataclass(frozen=True)
class Looked:
    """What came of looking at a picture.

    Parameters
    ----------
    picture : str
        As the annotation spells it.
    shape : (int, int) or None
        Of its file, else what the annotation says.
    file : Path or None
        Where it is.
    content : str
        The same for the same pixels; empty where it was not read.
    troubles : tuple of (str, str)
        Kinds of findings, and what was found.
    """

    picture: str
    shape: Frame | None
    file: Path | None = None
    content: str = ""
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class _Job:
    """A picture to look at: its file, or why there is none."""

    picture: str
    said: Frame | None
    square: int
    file: Path | None = None
    trouble: Trouble | None = None


def look_at(
    marks: LandmarkSet,
    pictures: PathLike | None,
    square: int,
    where: Workplace,
    progress: Progress | None = None,
) -> Iterator[Looked]:
    """Look at the pictures of a set, in their order.

    Parameters
    ----------
    marks : LandmarkSet
        Its pictures and what it says of their sizes.
    pictures : path or None
        Their folder; without it only the sizes are looked at.
    square : int
        Side of the network's square.
    where : Workplace
        Where they are read.
    progress : callable, optional
        Told after each.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.

    Examples
    --------
    >>> marks = LandmarkSet(["nose"], ["a.png"], [[[1, 0]]], shapes=[(1, 50)])
    >>> [one.troubles[0][0] for one in look_at(marks, None, 128, Workplace())]
    ['picture too small']
    """
    jobs = _jobs(marks, pictures, square)
    for done, outcome in enumerate(where.map(_looked_at, jobs), 1):
        job = outcome.item
        if isinstance(outcome, Failure):  # it took its worker with it
            yield _troubled(job, "picture unreadable", f"{outcome.error}: {outcome.message}")
        else:
            yield outcome.value
        if progress is not None:
            progress(done, len(jobs), job.picture)


def _jobs(marks: LandmarkSet, pictures: PathLike | None, square: int) -> Sequence[_Job]:
    folder = None if pictures is None else PictureFolder(pictures)
    rows = zip(marks.pictures, marks.shapes, strict=True)
    return [_Job(picture, said, square, *_found(picture, folder)) for picture, said in rows]


def _found(picture: str, folder: PictureFolder | None) -> tuple[Path | None, Trouble | None]:
    if folder is None:
        return None, None
    try:
        file = folder.find(picture)
    except ValueError as error:
        return None, ("picture ambiguous", str(error))
    if file is None:
        return None, ("picture missing", f"there is no such picture in {folder.folder}")
    return file, None


def _looked_at(job: _Job) -> Looked:
    """Look at a picture as training does, which takes the same ones."""
    if job.trouble is not None:
        return _troubled(job, *job.trouble)
    if job.file is None:
        return Looked(job.picture, job.said, troubles=_too_small(job.said, job.square))
    try:
        image = images.read(job.file, alpha="over_white")
        as_bytes(image)
    except (OSError, ValueError) as error:
        return _troubled(job, "picture unreadable", str(error))
    shape = (image.shape[0], image.shape[1])
    head = f"{image.shape} {image.dtype}".encode()
    content = sha256(head + np.ascontiguousarray(image).tobytes()).hexdigest()
    troubles = (*_too_small(shape, job.square), *_another_size(shape, job.said))
    return Looked(job.picture, shape, job.file, content, troubles)


def _troubled(job: _Job, kind: str, text: str) -> Looked:
    return Looked(job.picture, job.said, job.file, troubles=((kind, text),))


def _too_small(shape: Frame | None, square: int) -> tuple[Trouble, ...]:
    try:
        if shape is not None:
            Letterbox(shape, square)
    except ValueError as error:
        return (("picture too small", str(error)),)
    return ()


def _another_size(shape: Frame, said: Frame | None) -> tuple[Trouble, ...]:
    if said in (None, shape):
        return ()
    there, expected = (" x ".join(map(str, one or ())) for one in (shape, said))
    return (("another size", f"is {there}, the annotation says {expected}"),)

"""What can be learned from: pictures with a landmark inside, each once, none on both sides."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from acetate import images
from acetate.files import PathLike
from acetate.landmarks.pictures import find_files
from acetate.sheets.landmark_set import LandmarkSet

_NAMED = 3  # as many pictures are named in an error


def annotated(
    landmarks: LandmarkSet, pictures: PathLike, groups: Sequence[str] | None = None
) -> tuple[LandmarkSet, list[str] | None]:
    """Return the set of those pictures that have a landmark inside, and their groups.

    Parameters
    ----------
    landmarks : LandmarkSet
        Points that are missing, or lie outside their picture, do not count.
    pictures : path
        The folder of the pictures; their headers are read where the set has no sizes.
    groups : sequence of str, optional
        What each picture belongs to.

    Raises
    ------
    OSError
        If a picture is not there or cannot be read.
    ValueError
        If no picture has a landmark inside, one is there twice, or groups are of another number.

    Examples
    --------
    >>> import tempfile
    >>> marks = LandmarkSet(["p"], ["a.png", "b.png"], [[[np.nan, np.nan]], [[1, 2]]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in marks.pictures:
    ...         images.write(f"{folder}/{name}", np.zeros((4, 4), np.uint8))
    ...     known, groups = annotated(marks, folder, ["x", "y"])
    >>> known.pictures, groups
    (('b.png',), ['y'])
    """
    if groups is not None and len(groups) != len(landmarks):
        raise ValueError(f"{len(landmarks)} pictures need a group each, got {len(groups)}")
    measured = _with_shapes(landmarks, pictures)
    kept = np.flatnonzero(_inside(measured).any(axis=1))
    if not len(kept):
        raise ValueError(_nothing(landmarks))
    return landmarks.take(kept), None if groups is None else [groups[k] for k in kept.tolist()]


def check_learnable(landmarks: LandmarkSet, pictures: PathLike) -> None:
    """Raise unless every landmark lies inside one of the pictures at least.

    Raises
    ------
    OSError
        If a picture is not there or cannot be read.
    ValueError
        If there is no picture, or a landmark is nowhere.
    """
    if not len(landmarks) or not landmarks.names:
        raise ValueError(_nothing(landmarks))
    there = np.asarray(_inside(_with_shapes(landmarks, pictures)).any(axis=0))
    never = [name for name, known in zip(landmarks.names, there, strict=True) if not known]
    if never:
        raise ValueError(
            f"no training picture has {', '.join(map(repr, never))}; learn the others only "
            "(on the command line --name, in Python LandmarkSet.select), or choose another seed "
            "or validation"
        )


def check_apart(learned: LandmarkSet, judged: LandmarkSet, pictures: PathLike) -> None:
    """Raise if a picture is both learned from and judged by.

    Raises
    ------
    OSError
        If a picture is not there.
    ValueError
        If one is on both sides, also by another name of the same file.
    """
    files = set(find_files(learned.pictures, pictures))
    found = zip(judged.pictures, find_files(judged.pictures, pictures), strict=True)
    both = [name for name, file in found if file in files]
    if both:
        named = ", ".join(map(repr, both[:_NAMED])) + (", ..." if len(both) > _NAMED else "")
        raise ValueError(
            f"{len(both)} of {len(judged)} pictures to judge by are learned from too: {named}; a "
            "model is judged by pictures that it did not see: leave them out on one side"
        )


def _inside(landmarks: LandmarkSet) -> NDArray[np.bool_]:
    """Return which landmarks, ``(N, K)``, lie in their picture; its border belongs to it."""
    sides = np.array([shape or (np.inf, np.inf) for shape in landmarks.shapes], np.float64)
    limits = sides.reshape(-1, 1, 2)[:, :, ::-1]
    return np.asarray(((landmarks.points >= 0) & (landmarks.points <= limits)).all(axis=2))


def _with_shapes(landmarks: LandmarkSet, pictures: PathLike) -> LandmarkSet:
    """Return the set with the sizes of all pictures."""
    files = find_files(landmarks.pictures, pictures)
    shapes = tuple(
        images.info(file).shape if said is None else said
        for file, said in zip(files, landmarks.shapes, strict=True)
    )
    return replace(landmarks, shapes=shapes)


def _nothing(landmarks: LandmarkSet) -> str:
    if not len(landmarks) or not landmarks.names or landmarks.missing.all():
        return (
            "no picture has a landmark to learn from; check the names of the landmarks and that "
            "their places are not missing"
        )
    return (
        "no picture has a landmark inside, all points lie beside their pictures; check with "
        "`acetate landmarks check` that their places are pixels of these pictures"
    )

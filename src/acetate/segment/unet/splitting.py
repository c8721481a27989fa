"""Training and validation parts of labelled pictures that do not touch."""

from collections.abc import Iterable, Sequence

import numpy as np

from acetate.arrays import Array

Part = tuple[list[Array], list[Array]]

_CLASSES = 32  # beside the background
_MANY = 5  # from so many pictures on whole ones are held out


def spatial_split(
    pictures: Sequence[Array], masks: Sequence[Array], part: float, guard: int
) -> tuple[Part, Part]:
    """Hold out a part of labelled pictures: whole ones of many, the end of each of a few.

    Parameters
    ----------
    pictures, masks : sequence of numpy.ndarray
        ``(H, W, C)`` and ``(H, W)``.
    part : float
        Of the pixels that are held out, in (0, 1).
    guard : int
        Lines between both parts of a picture that belong to neither.

    Returns
    -------
    tuple of (pictures, masks)
        To learn from, and held out. Of five pictures or more the last ones are held out; of
        fewer the right end of each, or the lower one if it is higher than wide.

    Raises
    ------
    ValueError
        If the part is no fraction, or a picture too small for it and the guard.

    Examples
    --------
    >>> image, mask = np.zeros((4, 20, 1)), np.zeros((4, 20), int)
    >>> (learn, _), (held, _) = spatial_split([image], [mask], 0.25, guard=2)
    >>> learn[0].shape, held[0].shape
    ((4, 13, 1), (4, 5, 1))
    """
    if not 0 < part < 1:
        raise ValueError(f"the part that is held out must lie between 0 and 1, got {part}")
    if len(pictures) >= _MANY:
        kept = len(pictures) - max(1, round(part * len(pictures)))
        return (
            (list(pictures[:kept]), list(masks[:kept])),
            (list(pictures[kept:]), list(masks[kept:])),
        )
    learn: Part = ([], [])
    held: Part = ([], [])
    for number, (picture, mask) in enumerate(zip(pictures, masks, strict=True)):
        first, second = _cuts(mask.shape, part, guard, number)
        for out, cut in ((learn, first), (held, second)):
            out[0].append(picture[cut])
            out[1].append(mask[cut])
    return learn, held


def _cuts(
    shape: tuple[int, ...], part: float, guard: int, number: int
) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    axis = 0 if shape[0] > shape[1] else 1
    size = shape[axis]
    start = size - round(part * size)
    if start - guard < 1 or start == size:
        raise ValueError(
            f"picture {number} of {shape[0]} x {shape[1]} is too small to hold out "
            f"{part:g} of it behind a guard of {guard} lines; hold out less or none, or learn from "
            "larger or more pictures"
        )
    before = (slice(None),) * axis
    return (*before, slice(0, start - guard)), (*before, slice(start, size))


def check_split(masks: Iterable[Array], learn: Iterable[Array], held: Iterable[Array]) -> None:
    """Raise unless all classes are in the part to learn from, and one to find in the other.

    Parameters
    ----------
    masks, learn, held : iterable of numpy.ndarray
        All of them, the part to learn from, and the part that says which epoch is best.

    Raises
    ------
    ValueError
        If not.
    """
    lost = np.setdiff1d(_values(masks), _values(learn))
    if lost.size:
        raise ValueError(
            f"class {', '.join(map(str, lost))} lies in the held-out part only, so it cannot be "
            "learned; hold out another part or none (--validation 0), or learn from more pictures"
        )
    if not any(mask.any() for mask in held):
        raise ValueError(
            "the held-out part has only background, so it cannot say which epoch is best; hold "
            "out another part or none (--validation 0), or learn from more pictures"
        )


def check_apart(masks: Sequence[Array]) -> None:
    """Raise if all labelled pixels are of one class.

    Raises
    ------
    ValueError
        If so.
    """
    values = _values(masks)
    if len(values) < 2:
        raise ValueError(
            f"all labelled pixels are of one class, {values[0]}; a mask needs 0 for the "
            "background and another number for what is wanted"
        )


def check_few(masks: Sequence[Array]) -> None:
    """Raise if there are more values than a network has classes: numbered objects, by mistake.

    Raises
    ------
    ValueError
        If so.
    """
    count = np.count_nonzero(_values(masks))
    if count > _CLASSES:
        raise ValueError(
            f"the masks have {count} classes, expected {_CLASSES} at most; these look like "
            "numbered objects: pass objects=True (--objects)"
        )


def _values(masks: Iterable[Array]) -> Array:
    found: Array = np.unique(np.concatenate([np.unique(mask) for mask in masks]))
    return found

"""Folds: which pictures a model learns from, and which it is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.seeds import stream

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fold:
    """A division of pictures in two.

    Parameters
    ----------
    training, validation : numpy.ndarray
        Indices from 0, in order; together all of them, none twice.

    Examples
    --------
    >>> split(10, 0.2, seed=1).validation.size
    2
    """

    training: Indices
    validation: Indices


def split(
    count: int, share: float = 0.15, seed: int = 0, groups: Sequence[str] | None = None
) -> Fold:
    """Return a random division of pictures: most to learn from, some to judge by.

    Parameters
    ----------
    count : int
        How many pictures, at least 2.
    share : float
        Of those to judge by, between 0 and 1; at least one picture is on either side.
    seed : int
        The same division for the same seed.
    groups : sequence of str, optional
        What each picture belongs to, such as the patient or the animal: all pictures of a group
        are on one side, whose share is then as near as whole groups allow.

    Raises
    ------
    ValueError
        If there are fewer than two pictures or groups, or the share is not between 0 and 1.

    Examples
    --------
    >>> split(4, 0.25, seed=0, groups=["ann", "ann", "bob", "bob"]).validation.tolist() in (
    ...     [0, 1], [2, 3])
    True
    """
    if not 0 < share < 1:
        raise ValueError(f"the share to judge by lies between 0 and 1, got {share}")
    members = _members(count, groups, 2)
    order = stream(seed, 0).permutation(len(members))
    sizes = np.cumsum([len(members[k]) for k in order[:-1]])
    taken = 1 + int(np.abs(sizes - share * count).argmin())
    return _fold(count, np.concatenate([members[k] for k in order[:taken]]))


def folds(
    count: int, parts: int = 5, seed: int = 0, groups: Sequence[str] | None = None
) -> list[Fold]:
    """Return the folds of a cross-validation: each picture is judged by once.

    Parameters
    ----------
    count : int
        How many pictures.
    parts : int
        How many folds, from 2 to the number of pictures (or groups).
    seed, groups
        As for `split`.

    Raises
    ------
    ValueError
        If there are fewer pictures or groups than folds, or fewer than two folds.

    Examples
    --------
    >>> [fold.validation.size for fold in folds(10, 4)]
    [3, 3, 2, 2]
    """
    if parts < 2:
        raise ValueError(f"a cross-validation has at least 2 folds, got {parts}")
    members = _members(count, groups, parts)
    order = stream(seed, 1).permutation(len(members))
    # The largest groups first, each to the fold that has least: folds of nearly equal size.
    order = order[np.argsort([-len(members[k]) for k in order], kind="stable")]
    chosen: list[list[Indices]] = [[] for _ in range(parts)]
    sizes = np.zeros(parts, int)
    for k in order:
        least = int(sizes.argmin())
        chosen[least].append(members[k])
        sizes[least] += len(members[k])
    return [_fold(count, np.concatenate(part)) for part in chosen]


def _members(count: int, groups: Sequence[str] | None, least: int) -> list[Indices]:
    """Return the pictures of each group; without groups each picture is one."""
    if groups is not None and len(groups) != count:
        raise ValueError(f"there must be a group for each of {count} pictures, got {len(groups)}")
    names = np.arange(count) if groups is None else np.unique(list(groups), return_inverse=True)[1]
    members = [np.flatnonzero(names == k) for k in np.unique(names)]
    if len(members) < least:
        what = "pictures" if groups is None else "groups of pictures"
        raise ValueError(f"{least} parts need at least {least} {what}, got {len(members)}")
    return members


def _fold(count: int, validation: Indices) -> Fold:
    mine = np.zeros(count, bool)
    mine[validation] = True
    return Fold(np.flatnonzero(~mine), np.flatnonzero(mine))

"""The virtual skin: pixels of a middle class that lie only between two others."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.segment.components import disc_footprint, parts_of
from acetate.segment.gray import Mask


@dataclass(frozen=True)
class Skin:
    """Where a class may be there only because an edge passes through its values.

    Parameters
    ----------
    mask : numpy.ndarray
        ``(H, W)`` bool: its pixels that lie next to both other classes.
    pixels : int
        How many these are.
    of : int
        How many pixels the class has.
    parts : int
        How many connected parts of the class have such pixels.
    pixels_in_parts : int
        How many pixels those parts have.

    Examples
    --------
    >>> Skin(np.ones((1, 1), bool), 1, 4, 1, 1).fraction
    0.25
    """

    mask: Mask
    pixels: int
    of: int
    parts: int
    pixels_in_parts: int

    @property
    def fraction(self) -> float:
        """Which part of the class it is; 0 if the class has no pixels."""
        return self.pixels / max(self.of, 1)


def virtual_skin(
    labels: NDArray[np.integer[Any]], classes: tuple[int, int, int] = (0, 1, 2), reach: float = 1.5
) -> Skin:
    """Report the pixels of a class that touch both of two others.

    A blurred edge from dark to bright passes through all values in between, and several thresholds
    find a skin of a middle class there that is no material: its pixels are partial volumes, each
    part dark and part bright material, whose mean happens to be a value of the middle class.

    Parameters
    ----------
    labels : numpy.ndarray
        ``(H, W)`` integers, such as those of `Bands` or `MultiOtsu`.
    classes : (int, int, int)
        The labels of the dark, the middle and the bright class.
    reach : float
        How near both have to be, from 1, in pixels: 1 is the four neighbours, 1.5 the eight;
        more finds wider skins.

    Returns
    -------
    Skin
        The pixels, and how many of the class they are.

    Raises
    ------
    TypeError, ValueError
        If the labels are none, the classes are not three different ones, or `reach` is below 1.

    See Also
    --------
    GuardedBands : Classes without such a skin.

    Examples
    --------
    >>> virtual_skin(np.array([[0, 0, 1, 2, 2, 1, 1]])).mask
    array([[False, False,  True, False, False, False, False]])
    """
    _check(labels, classes, reach)
    dark, middle, bright = (labels == label for label in classes)
    footprint = disc_footprint(reach)
    near = [cv2.dilate(m.view(np.uint8), footprint).view(np.bool_) for m in (dark, bright)]
    skin = middle & near[0] & near[1]
    parts, sizes = parts_of(middle)
    touched = np.unique(parts[skin])
    return Skin(
        skin,
        int(skin.sum()),
        int(middle.sum()),
        len(touched),
        int(sizes[touched].sum()),
    )


def _check(labels: Any, classes: tuple[int, int, int], reach: float) -> None:
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iu":
        got = labels.dtype if isinstance(labels, np.ndarray) else type(labels).__name__
        raise TypeError(f"labels must be an array of integers, got {got}")
    if labels.ndim != 2 or labels.size == 0:
        raise ValueError(f"labels must have shape (H, W) and not be empty, got {labels.shape}")
    if len(classes) != 3 or len(set(classes)) != 3:
        raise ValueError(f"classes must be three different labels, got {classes!r}")
    if not 1 <= reach < np.inf:
        raise ValueError(f"reach must be at least 1 pixel and finite, got {reach!r}")

"""What users mark: boxes and scribbles, checked, as marks on a picture's pixels; or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Shape
from acetate.segment.masks import check_space
from acetate.sheets import BoundingBox

Marks = NDArray[np.uint8]

# A pixel's number is one byte in the flow.
_MOST_PHASES = 64


@dataclass(frozen=True)
class Box:
    """A box around the object, in pixels from the picture's top left corner.

    Parameters
    ----------
    x1, y1, x2, y2 : float
        The corners: pixel (row i, column j) is the square from (j, i) to (j + 1, i + 1).

    Examples
    --------
    >>> Box(1.0, 0.0, 3.0, 2.0).inside((3, 4)).astype(int)
    array([[0, 1, 1, 0],
           [0, 1, 1, 0],
           [0, 0, 0, 0]])
    """

    x1: float
    y1: float
    x2: float
    y2: float

    def moved(self, x: float, y: float, factor: float) -> "Box":
        """Return the box seen from another corner (x, y), and times a factor."""
        left, right = factor * (self.x1 - x), factor * (self.x2 - x)
        return Box(left, factor * (self.y1 - y), right, factor * (self.y2 - y))

    def inside(self, space: Shape) -> NDArray[np.bool_]:
        """Return the pixels of a picture whose centres lie in the box."""
        x, y = np.arange(space[1]) + 0.5, (np.arange(space[0]) + 0.5)[:, np.newaxis]
        return (self.x1 <= x) & (x < self.x2) & (self.y1 <= y) & (y < self.y2)

    def ellipse(self, space: Shape, part: float) -> NDArray[np.bool_]:
        """Return the pixels in the ellipse that fills so large a part of the box along an axis."""
        x, y = np.arange(space[1]) + 0.5, (np.arange(space[0]) + 0.5)[:, np.newaxis]
        across = (2 * x - self.x1 - self.x2) / (self.x2 - self.x1)
        down = (2 * y - self.y1 - self.y2) / (self.y2 - self.y1)
        return np.asarray(across**2 + down**2 < part**2)

    def surroundings(self, space: Shape, part: float, least: float) -> tuple[slice, slice]:
        """Return rows and columns of the box grown on all sides by a part of its own, cut off.

        Examples
        --------
        >>> Box(4.0, 4.0, 8.0, 6.0).surroundings((20, 9), part=0.5, least=2.0)
        (slice(2, 8, None), slice(2, 9, None))
        """
        across = max(least, part * (self.x2 - self.x1))
        down = max(least, part * (self.y2 - self.y1))
        return (
            slice(max(0, int(self.y1 - down)), min(space[0], int(np.ceil(self.y2 + down)))),
            slice(max(0, int(self.x1 - across)), min(space[1], int(np.ceil(self.x2 + across)))),
        )


def refuse_prompt(prompt: Any, method: str) -> None:
    """Raise if there is a prompt, for methods that take none.

    Raises
    ------
    ValueError
        If it is not None.

    Examples
    --------
    >>> refuse_prompt(np.zeros((2, 2)), "threshold")
    Traceback (most recent call last):
    ValueError: threshold takes no prompt, got ndarray; leave it out, or choose a method that ...
    """
    if prompt is not None:
        raise ValueError(
            f"{method} takes no prompt, got {type(prompt).__name__}; leave it out, or choose a "
            "method that begins with one, such as heat-flow"
        )


def read_prompt(prompt: Any, space: Shape) -> Box | Marks:
    """Return a box or scribbles, whichever the prompt is.

    Parameters
    ----------
    prompt : acetate.sheets.BoundingBox, sequence of four numbers, or numpy.ndarray
        As in `check_box` and `check_scribbles`.
    space : tuple of int
        Height and width of the picture.

    Raises
    ------
    TypeError, ValueError
        If it is neither, or no good one.

    Examples
    --------
    >>> read_prompt((1, 1, 3, 2), (4, 4))
    Box(x1=1.0, y1=1.0, x2=3.0, y2=2.0)
    >>> read_prompt(np.array([[1, 0, 2]]), (1, 3))
    array([[1, 0, 2]], dtype=uint8)
    """
    if prompt is None:
        raise ValueError(
            "heat-cut needs a prompt, got None: a box (x1, y1, x2, y2) around the object, or "
            "scribbles, integers of the picture's shape: 0 unmarked, 1 background, 2 object"
        )
    if isinstance(prompt, BoundingBox):
        return check_box(prompt.xyxy, space)
    if isinstance(prompt, np.ndarray) and prompt.ndim != 1:
        return check_scribbles(prompt, space)
    return check_box(prompt, space)


def check_box(box: Any, space: Shape) -> Box:
    """Return a box, cut off at the picture's borders.

    Parameters
    ----------
    box : sequence of four numbers
        ``(x1, y1, x2, y2)`` in pixels: left, top, right, bottom.
    space : tuple of int
        Height and width of the picture.

    Raises
    ------
    TypeError
        If it is no sequence of numbers.
    ValueError
        If there are not four finite ones, if left is not before right or top not above bottom,
        or if no pixel of the picture has its centre in the box.

    Examples
    --------
    >>> check_box((-5, 0, 3, 2.5), (4, 4))
    Box(x1=0.0, y1=0.0, x2=3.0, y2=2.5)
    """
    x1, y1, x2, y2 = _four(box)
    if not (x1 < x2 and y1 < y2):
        raise ValueError(f"a box is (x1, y1, x2, y2) with x1 < x2 and y1 < y2, got {box}")
    height, width = space
    cut = Box(max(x1, 0.0), max(y1, 0.0), min(x2, float(width)), min(y2, float(height)))
    if not cut.inside(space).any():
        raise ValueError(
            f"the box {(x1, y1, x2, y2)} holds no pixel of the picture, which is {width} wide "
            f"and {height} high; give (x1, y1, x2, y2) in pixels from its top left corner"
        )
    return cut


def _four(box: Any) -> tuple[float, ...]:
    if isinstance(box, str | bytes) or not isinstance(box, Sequence | np.ndarray):
        raise TypeError(f"a prompt is a box (x1, y1, x2, y2) or an array of scribbles, got {box!r}")
    if len(box) != 4:
        raise ValueError(f"a box has four numbers (x1, y1, x2, y2), got {len(box)}: {box}")
    try:
        corners = tuple(float(n) for n in box)
    except (TypeError, ValueError) as error:
        raise TypeError(f"a box has four numbers (x1, y1, x2, y2), got {box}") from error
    if not np.isfinite(corners).all():
        raise ValueError(f"a box has four finite numbers (x1, y1, x2, y2), got {box}")
    return corners


def check_scribbles(scribbles: Any, space: Shape) -> Marks:
    """Return scribbles as bytes: 0 where nothing is marked, 1 on the background, 2 and up inside.

    Parameters
    ----------
    scribbles : numpy.ndarray
        Integers of the picture's shape without channels.
    space : tuple of int
        Height and width of the picture.

    Raises
    ------
    TypeError
        If it is no array of integers.
    ValueError
        If its shape is another, a number lies outside 0 to 64, or a class from 1 to the largest
        number (at least 2) has no stroke.

    Examples
    --------
    >>> check_scribbles(np.array([[0, 0, 2]]), (1, 3))
    Traceback (most recent call last):
    ValueError: scribbles must mark every class from 1 (the background) to 2, but nothing is ...
    """
    check_space(scribbles, space, "scribbles")
    if scribbles.dtype.kind not in "ui":
        raise TypeError(
            f"scribbles must hold integers, got {scribbles.dtype}: 0 where nothing is marked, 1 "
            "on the background, 2 on the object"
        )
    least, most = int(scribbles.min()), int(scribbles.max())
    if least < 0 or most > _MOST_PHASES:
        raise ValueError(
            f"scribbles must hold numbers from 0 to {_MOST_PHASES}, got {least} to {most}"
        )
    marks = scribbles.astype(np.uint8)
    counts = np.bincount(marks.ravel(), minlength=3)
    missing = np.flatnonzero(counts[1:] == 0) + 1
    if missing.size:
        raise ValueError(
            f"scribbles must mark every class from 1 (the background) to {len(counts) - 1}, but "
            f"nothing is marked {missing[0]}; draw a stroke of it"
        )
    return marks

"""Augmenters that crop or pad a picture to a wanted size or aspect ratio."""

import math
from abc import abstractmethod
from typing import Any

import numpy as np

from acetate.augmenters.base import Geometric
from acetate.augmenters.frames import window
from acetate.geometry import Frame, Map
from acetate.parameters import Clip, Normal, StochasticParameter, Uniform, continuous

_X = {"left": 0.0, "center": 0.5, "right": 1.0}
_Y = {"top": 0.0, "center": 0.5, "bottom": 1.0}


class ToSize(Geometric):
    """What crops and pads to a wanted size share: where the rows and columns go or come from.

    Parameters
    ----------
    position : str, (x, y), or parameter
        How an amount is shared: "uniform" or "normal" at random, "center" evenly, a word like
        "left-top" or "right-center" all at that side, or fractions (or parameters) for x and y
        in [0, 1]: 0 is all left or top, 1 all right or bottom.
    pad_mode, pad_cval
        What new pixels show: see `mode` and `cval` in `Geometric`.
    **options
        See `Geometric`.
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval")  # whole pixels need no order

    def __init__(
        self,
        position: Any = "uniform",
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        **options: Any,
    ) -> None:
        super().__init__(1, pad_cval, pad_mode, **options)
        self.position = position_parameter(position)

    @abstractmethod
    def wanted(self, frame: Frame) -> Frame:
        """Return the size wanted of a frame."""

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw how the rows and columns are shared between the sides."""
        x, y = (p.draw_sample(rng) for p in self.position)
        height, width = self.wanted(frame)
        if (height, width) == frame:
            return None
        rows, columns = height - frame[0], width - frame[1]
        left, top = _share(columns, x), _share(rows, y)
        return window(frame, top, columns - left, rows - top, left)


def _share(amount: int, where: float) -> int:
    """Return the part of an amount that the first side gets: all of it at position 0."""
    part = math.floor(abs(amount) * (1 - where) + 0.5)
    return part if amount >= 0 else -part


def position_parameter(value: Any) -> tuple[StochasticParameter, StochasticParameter]:
    """Parse a position: a word, (x, y), or a parameter for both."""
    if value == "uniform":
        return Uniform(0.0, 1.0), Uniform(0.0, 1.0)
    if value == "normal":
        return Clip(Normal(0.5, 0.225), 0.0, 1.0), Clip(Normal(0.5, 0.225), 0.0, 1.0)
    if isinstance(value, str):
        x, _, y = ("center-center" if value == "center" else value).partition("-")
        if x not in _X or y not in _Y:
            raise ValueError(
                "position must be 'uniform', 'normal', 'center' or like 'left-top' or "
                f"'center-bottom', got {value!r}"
            )
        value = (_X[x], _Y[y])
    if isinstance(value, StochasticParameter):
        value = (value, value)
    if not isinstance(value, tuple) or len(value) != 2:
        raise ValueError(f"position must be a word or (x, y) in [0, 1], got {value!r}")
    return continuous(value[0], "position (x)", 0, 1), continuous(value[1], "position (y)", 0, 1)


class CropToFixedSize(ToSize):
    """Cut pictures that are larger down to a size.

    Parameters
    ----------
    width, height : int or None
        The most that is left; None keeps the side.
    position : str, (x, y) or parameter
        Where it is cut off: see `ToSize`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> CropToFixedSize(width=2, height=4)(image=np.zeros((3, 5), np.uint8)).shape
    (3, 2)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval")

    def __init__(
        self,
        width: int | None,
        height: int | None,
        position: Any = "uniform",
        **options: Any,
    ) -> None:
        super().__init__(position, "constant", 0, **options)
        self.width, self.height = _sizes(width, height)

    def wanted(self, frame: Frame) -> Frame:
        """Return the smaller of both, for each side."""
        return min(frame[0], self.height or frame[0]), min(frame[1], self.width or frame[1])


class PadToFixedSize(ToSize):
    """Pad pictures that are smaller up to a size.

    Parameters
    ----------
    width, height : int or None
        The least that comes out; None keeps the side.
    pad_mode, pad_cval
        What new pixels show: see `mode` and `cval` in `Geometric`.
    position : str, (x, y) or parameter
        Where they are added: see `ToSize`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> PadToFixedSize(width=2, height=4)(image=np.zeros((3, 5), np.uint8)).shape
    (4, 5)
    """

    def __init__(
        self,
        width: int | None,
        height: int | None,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        position: Any = "uniform",
        **options: Any,
    ) -> None:
        super().__init__(position, pad_mode, pad_cval, **options)
        self.width, self.height = _sizes(width, height)

    def wanted(self, frame: Frame) -> Frame:
        """Return the larger of both, for each side."""
        return max(frame[0], self.height or frame[0]), max(frame[1], self.width or frame[1])


class CropToMultiplesOf(ToSize):
    """Cut pictures down until their sides are multiples of something.

    Parameters
    ----------
    width_multiple, height_multiple : int or None
        Of what; None keeps the side. A side below its multiple stays as it is.
    position : str, (x, y) or parameter
        Where it is cut off: see `ToSize`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> CropToMultiplesOf(4, 2)(image=np.zeros((3, 7), np.uint8)).shape
    (2, 4)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval")

    def __init__(
        self,
        width_multiple: int | None,
        height_multiple: int | None,
        position: Any = "uniform",
        **options: Any,
    ) -> None:
        super().__init__(position, "constant", 0, **options)
        self.width_multiple, self.height_multiple = _sizes(width_multiple, height_multiple)

    def wanted(self, frame: Frame) -> Frame:
        """Return the next smaller multiples."""
        rows, columns = (
            n - n % (m or 1) or n
            for n, m in zip(frame, (self.height_multiple, self.width_multiple), strict=True)
        )
        return rows, columns


class PadToMultiplesOf(ToSize):
    """Pad pictures until their sides are multiples of something.

    Parameters
    ----------
    width_multiple, height_multiple : int or None
        Of what; None keeps the side.
    pad_mode, pad_cval
        What new pixels show: see `mode` and `cval` in `Geometric`.
    position : str, (x, y) or parameter
        Where they are added: see `ToSize`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> PadToMultiplesOf(4, 2)(image=np.zeros((3, 7), np.uint8)).shape
    (4, 8)
    """

    def __init__(
        self,
        width_multiple: int | None,
        height_multiple: int | None,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        position: Any = "uniform",
        **options: Any,
    ) -> None:
        super().__init__(position, pad_mode, pad_cval, **options)
        self.width_multiple, self.height_multiple = _sizes(width_multiple, height_multiple)

    def wanted(self, frame: Frame) -> Frame:
        """Return the next larger multiples."""
        rows, columns = (
            n + -n % (m or 1)
            for n, m in zip(frame, (self.height_multiple, self.width_multiple), strict=True)
        )
        return rows, columns


class CropToAspectRatio(ToSize):
    """Cut pictures down to a ratio of width to height.

    Parameters
    ----------
    aspect_ratio : float
        Width / height, above 0.
    position : str, (x, y) or parameter
        Where it is cut off: see `ToSize`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> CropToAspectRatio(2.0)(image=np.zeros((6, 8), np.uint8)).shape
    (4, 8)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval")

    def __init__(self, aspect_ratio: float, position: Any = "uniform", **options: Any) -> None:
        super().__init__(position, "constant", 0, **options)
        self.aspect_ratio = _ratio(aspect_ratio)

    def wanted(self, frame: Frame) -> Frame:
        """Return the size with one side cut."""
        height, width = frame
        rows = max(1, round(width / self.aspect_ratio))
        return (
            (rows, width)
            if rows < height
            else (height, min(width, max(1, round(height * self.aspect_ratio))))
        )


class PadToAspectRatio(ToSize):
    """Pad pictures to a ratio of width to height.

    Parameters
    ----------
    aspect_ratio : float
        Width / height, above 0.
    pad_mode, pad_cval
        What new pixels show: see `mode` and `cval` in `Geometric`.
    position : str, (x, y) or parameter
        Where they are added: see `ToSize`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> PadToAspectRatio(2.0)(image=np.zeros((6, 8), np.uint8)).shape
    (6, 12)
    """

    def __init__(
        self,
        aspect_ratio: float,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        position: Any = "uniform",
        **options: Any,
    ) -> None:
        super().__init__(position, pad_mode, pad_cval, **options)
        self.aspect_ratio = _ratio(aspect_ratio)

    def wanted(self, frame: Frame) -> Frame:
        """Return the size with one side extended."""
        height, width = frame
        rows = round(width / self.aspect_ratio)
        return (
            (rows, width)
            if rows > height
            else (height, max(width, round(height * self.aspect_ratio)))
        )


class CropToSquare(CropToAspectRatio):
    """Cut pictures down to squares.

    Parameters
    ----------
    position, heatmaps, segmentation_maps, seed, name
        See `CropToAspectRatio`.

    Examples
    --------
    >>> CropToSquare()(image=np.zeros((6, 8), np.uint8)).shape
    (6, 6)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval", "aspect_ratio")

    def __init__(self, position: Any = "uniform", **options: Any) -> None:
        super().__init__(1.0, position, **options)


class PadToSquare(PadToAspectRatio):
    """Pad pictures to squares.

    Parameters
    ----------
    pad_mode, pad_cval, position, heatmaps, segmentation_maps, seed, name
        See `PadToAspectRatio`.

    Examples
    --------
    >>> PadToSquare()(image=np.zeros((6, 8), np.uint8)).shape
    (8, 8)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "aspect_ratio")

    def __init__(
        self,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        position: Any = "uniform",
        **options: Any,
    ) -> None:
        super().__init__(1.0, pad_mode, pad_cval, position, **options)


def _sizes(width: int | None, height: int | None) -> tuple[int | None, int | None]:
    for name, size in (("width", width), ("height", height)):
        if size is not None and (not isinstance(size, int) or size < 1):
            raise ValueError(f"{name} must be a whole number from 1, or None, got {size!r}")
    return width, height


def _ratio(value: float) -> float:
    if not value > 0 or math.isinf(value):
        raise ValueError(f"aspect_ratio must be width / height, above 0, got {value}")
    return float(value)

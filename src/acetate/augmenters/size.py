"""Augmenters that change how large a picture is: resize, crop and pad."""

import math
from typing import Any

import numpy as np

from acetate.augmenters.base import Geometric
from acetate.geometry import ORDERS, Frame, Map, Projective
from acetate.parameters import (
    StochasticParameter,
    choice_of,
    continuous,
    discrete,
)

_SIDES = ("top", "right", "bottom", "left")


class Resize(Geometric):
    """Resize to a size in pixels, or by a factor.

    Parameters
    ----------
    size : "keep", int, float, (low, high), list, parameter or dict
        An int is the new height and width, a float a factor on both; a range of two ints draws
        an int. A dict has the keys ``height`` and ``width``, or ``shorter-side`` and
        ``longer-side``, each with such a value, "keep" or "keep-aspect-ratio".
    interpolation : str, list of str or parameter
        nearest, linear, cubic or area; `ALL` picks one.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> Resize({"height": 4, "width": "keep-aspect-ratio"})(image=np.zeros((8, 6), np.uint8)).shape
    (4, 3)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval")

    def __init__(self, size: Any, interpolation: Any = "cubic", **options: Any) -> None:
        super().__init__(order=1, mode="edge", cval=0, **options)
        self.order = choice_of(interpolation, "interpolation", ORDERS)
        self.same = not isinstance(size, dict)
        if self.same:
            size = {"height": size}
        self.by_side = bool(size) and set(size) <= {"shorter-side", "longer-side"}
        if not size or not (self.by_side or set(size) <= {"height", "width"}):
            raise ValueError(
                "size as a dict has the keys height and width, or shorter-side and longer-side, "
                f"got {sorted(size)}"
            )
        keys = ("shorter-side", "longer-side") if self.by_side else ("height", "width")
        self.sizes = [_size(size.get(key, "keep"), key) for key in keys[: 1 if self.same else 2]]
        if self.sizes.count("keep-aspect-ratio") == (1 if self.same else 2):
            raise ValueError("only one side can have the size 'keep-aspect-ratio'")

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw the new size."""
        swap = self.by_side and frame[1] < frame[0]
        old = (frame[1], frame[0]) if swap else frame
        drawn = [s if isinstance(s, str) else s.draw_sample(rng) for s in self.sizes]
        first, second = _sides(drawn * 2 if self.same else drawn, old)
        shape = (second, first) if swap else (first, second)
        if shape == frame:
            return None
        return Projective.scaling(frame[1] / shape[1], frame[0] / shape[0]), shape


def _size(value: Any, name: str) -> StochasticParameter | str:
    if isinstance(value, str):
        if value not in ("keep", "keep-aspect-ratio"):
            raise ValueError(
                f"{name} must be a number, 'keep' or 'keep-aspect-ratio', got {value!r}"
            )
        return value
    whole = isinstance(value, int) or (
        isinstance(value, tuple | list) and all(isinstance(v, int) for v in value)
    )
    return discrete(value, name, 1) if whole else continuous(value, name, 1e-6)


def _sides(drawn: list[Any], old: Frame) -> Frame:
    """Return two lengths: an int is one, a float a factor on the old one, words keep."""
    sides = [
        n if isinstance(d, str) else d if isinstance(d, int) else max(1, round(n * d))
        for d, n in zip(drawn, old, strict=True)
    ]
    if "keep-aspect-ratio" in drawn:
        kept = drawn.index("keep-aspect-ratio")
        sides[kept] = max(1, round(old[kept] * sides[1 - kept] / old[1 - kept]))
    return sides[0], sides[1]


class CropAndPad(Geometric):
    """Cut off or add rows and columns at the four sides.

    Parameters
    ----------
    px : int, (low, high), parameter, or (top, right, bottom, left) of such
        How many pixels: below 0 cuts off, above 0 adds.
    percent : the same, numbers
        The same as a fraction of height and width. Not together with `px`.
    pad_mode, pad_cval
        What new pixels show: see `mode` and `cval` in `Geometric`.
    keep_size : bool
        Whether the output is resized to the old height and width.
    sample_independently : bool
        Whether each side is drawn for itself.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Notes
    -----
    At least one pixel in each direction is left.

    Examples
    --------
    >>> CropAndPad(px=(0, 0, 0, 1), keep_size=False)(image=np.array([[1, 2]], np.uint8))
    array([[0, 1, 2]], dtype=uint8)
    """

    def __init__(
        self,
        px: Any = None,
        percent: Any = None,
        pad_mode: Any = "constant",
        pad_cval: Any = 0,
        keep_size: bool = True,
        sample_independently: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(1, pad_cval, pad_mode, **options)
        if px is not None and percent is not None:
            raise ValueError("give either px or percent, not both")
        if px is None and percent is None:
            percent = self.default_percent
        self.relative = px is None
        self.sides = self._sides(percent if self.relative else px)
        self.keep_size = keep_size
        self.sample_independently = sample_independently

    fixes: tuple[str, ...] = ("order", "mode", "cval")
    default_percent: tuple[float, float] = (-0.1, 0.1)
    lowest: float = -math.inf
    sign = 1

    def _sides(self, value: Any) -> list[StochasticParameter]:
        parse = continuous if self.relative else discrete
        name = "percent" if self.relative else "px"
        if isinstance(value, tuple) and len(value) == 4:
            sides = zip(value, _SIDES, strict=True)
            return [parse(v, f"{name} ({side})", self.lowest) for v, side in sides]
        return [parse(value, name, self.lowest)] * 4

    def draw_map(self, frame: Frame, rng: np.random.Generator) -> tuple[Map, Frame] | None:
        """Draw how much each side gains or loses."""
        height, width = frame
        if not self.sample_independently and all(side is self.sides[0] for side in self.sides):
            drawn = [self.sides[0].draw_sample(rng)] * 4
        else:
            drawn = [side.draw_sample(rng) for side in self.sides]
        if self.relative:
            drawn = [round(v * n) for v, n in zip(drawn, (height, width) * 2, strict=True)]
        drawn = [self.sign * v for v in drawn]
        top, bottom = at_least_one(drawn[0], drawn[2], height)
        left, right = at_least_one(drawn[3], drawn[1], width)
        cut = (height + top + bottom, width + left + right)
        shape = frame if self.keep_size else cut
        zoom = cut[1] / shape[1], cut[0] / shape[0]
        return Projective.upright(*zoom, -left, -top), shape


def at_least_one(before: int, after: int, size: int) -> tuple[int, int]:
    """Return what both sides gain, changed evenly if they would lose all there is.

    Examples
    --------
    >>> at_least_one(-3, -4, 5)
    (-1, -3)
    """
    missing = 1 - (size + before + after)
    if missing <= 0:
        return before, after
    give_back = min(-min(before, 0), (missing + 1) // 2)
    give_back = max(give_back, missing + min(after, 0))
    return before + give_back, after + missing - give_back


class Pad(CropAndPad):
    """Add rows and columns at the sides.

    Parameters
    ----------
    px, percent
        As in `CropAndPad`, from 0.
    pad_mode, pad_cval, keep_size, sample_independently
        See `CropAndPad`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> Pad(px=2, keep_size=False)(image=np.zeros((3, 4), np.uint8)).shape
    (7, 8)
    """

    default_percent = (0.0, 0.1)
    lowest = 0


class Crop(CropAndPad):
    """Cut off rows and columns at the sides.

    Parameters
    ----------
    px, percent
        As in `CropAndPad`, but from 0: how much is cut off.
    keep_size, sample_independently
        See `CropAndPad`.
    heatmaps, segmentation_maps, seed, name
        See `Geometric`.

    Examples
    --------
    >>> Crop(px=1, keep_size=False)(image=np.zeros((3, 4), np.uint8)).shape
    (1, 2)
    """

    fixes: tuple[str, ...] = ("order", "mode", "cval", "pad_mode", "pad_cval")
    default_percent = (0.0, 0.1)
    lowest = 0
    sign = -1

    def __init__(
        self,
        px: Any = None,
        percent: Any = None,
        keep_size: bool = True,
        sample_independently: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(px, percent, "edge", 0, keep_size, sample_independently, **options)

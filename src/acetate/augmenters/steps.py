"""Steps: the plain pieces of a recipe, each one thing that happens to a picture.

A `Warp` moves pixels; every sheet follows it. A `Lookup` changes values one by one; `Pixels`
calls a named function on the picture; both leave the sheets alone. Steps hold data only, so that
they can be written down, compared, and carried out by another engine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import cv2
import numpy as np
import stringzilla

from acetate.arrays import Array, full_scale
from acetate.augmenters.arguments import Arguments
from acetate.geometry import MODES, ORDERS, Frame, Hop, Map, warp_chain
from acetate.geometry.exact import as_slicing, read_slicing
from acetate.geometry.hops import scaled_between
from acetate.seeds import bits_of

Ratio = tuple[float, float]
Plain = int | float | bool | str | tuple[Any, ...] | None
CurveFunction = Callable[..., Array]
PixelFunction = Callable[..., Array]
_F = TypeVar("_F", bound=Callable[..., Array])

_NONE = Arguments()
_BAND = 2**16  # pixels at a time: memory so small is used again, which is cheaper
_COMPLEMENT = np.arange(255, -1, -1, dtype=np.uint8)[:, np.newaxis]  # the negative's table
CURVES: dict[str, CurveFunction] = {}
PIXEL_FUNCTIONS: dict[str, PixelFunction] = {}


def curve(function: _F) -> _F:
    """Register a function of values in [0, 1] under its own name, for `Curve`.

    It takes an array ``(n, 1)`` or ``(..., C)`` and arguments that broadcast against its last
    axis, and returns the new values; what leaves [0, 1] is clipped.
    """
    CURVES[function.__name__] = function
    return function


def pixel_function(function: _F) -> _F:
    """Register a function on pictures under its own name, for `Pixels`.

    It takes a picture ``(H, W, C)``, which it must not change, and the step's arguments (and
    its `key`, where the step has one) by name, and returns a picture of the same shape and dtype.
    """
    PIXEL_FUNCTIONS[function.__name__] = function
    return function


@dataclass(frozen=True)
class Resampling:
    """How one kind of sheet is read under a warp.

    Parameters
    ----------
    order : {"nearest", "linear", "cubic", "area"}
        How to read between pixels.
    mode : {"constant", "edge", "symmetric", "reflect", "wrap"}
        What lies outside.
    cval : float
        The constant: 0 to 255 for pictures of any dtype (255 is white), 0 to 1 for heatmaps, a
        label for label maps.

    Raises
    ------
    ValueError
        If the order or the mode is another word.

    Examples
    --------
    >>> Resampling("cubic", "edge")
    Resampling(order='cubic', mode='edge', cval=0)
    """

    order: str = "linear"
    mode: str = "constant"
    cval: float = 0

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {', '.join(ORDERS)}, got {self.order!r}")
        if self.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {self.mode!r}")


@dataclass(frozen=True)
class Warp:
    """Move pixels, and with them every sheet.

    Parameters
    ----------
    map : Map
        From points of the frame it fills to points of the frame it reads.
    source, shape : (int, int)
        The frame it reads and the frame it fills, (height, width).
    image, heatmaps, segmentation_maps : Resampling
        How each kind is read.
    """

    map: Map
    source: Frame
    shape: Frame
    image: Resampling = Resampling()
    heatmaps: Resampling = Resampling()
    segmentation_maps: Resampling = Resampling("nearest")

    def on_image(self, image: Array) -> Array:
        """Return the picture ``(H, W, C)`` moved; a view of it where only its sides are cut off."""
        slicing = as_slicing(self.map)
        if slicing is None or image.shape[:2] != self.source:
            return warp_image(image, (self,))
        fill = _in_units(self.image.cval, image.dtype)
        return read_slicing(image, slicing, self.shape, self.image.mode, fill)


@dataclass(frozen=True)
class Path:
    """Neighbouring warps, carried out with one resampling."""

    warps: tuple[Warp, ...]

    def on_image(self, image: Array) -> Array:
        """Return the picture ``(H, W, C)`` moved."""
        return warp_image(image, self.warps)


@dataclass(frozen=True)
class Curve:
    """A named function of single values and its arguments.

    Parameters
    ----------
    name : str
        One of `CURVES`.
    arguments : dict
        Numbers, or tuples with a number for each channel.
    """

    name: str
    arguments: Mapping[str, Plain] = _NONE

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", Arguments(self.arguments))

    def __call__(self, values: Array) -> Array:
        """Return the curve of values in [0, 1], clipped to [0, 1]."""
        arguments = {
            k: np.array(v) if isinstance(v, tuple) else v for k, v in self.arguments.items()
        }
        clipped = np.maximum(CURVES[self.name](values, **arguments), 0)
        return np.minimum(clipped, 1, out=clipped)


@dataclass(frozen=True)
class Lookup:
    """Change each value by curves: as one table for integers, directly for floats.

    Parameters
    ----------
    curves : tuple of Curve
        Applied in order; integers are rounded after each.
    """

    curves: tuple[Curve, ...]

    def on_image(self, image: Array) -> Array:
        """Return the picture ``(H, W, C)`` with its values changed."""
        if image.dtype.kind == "f":
            for curve in self.curves:
                image = curve(image).astype(image.dtype, copy=False)
            return image
        table = self.table(image.dtype)
        if table.shape[1] not in (1, image.shape[2]):
            raise ValueError(
                f"the recipe was drawn for {table.shape[1]} channels, got {image.shape[2]}"
            )
        if image.dtype != np.uint8 or table.shape[1] > 4:
            return table[image, np.broadcast_to(np.arange(table.shape[1]), image.shape[2:])]
        if table is _COMPLEMENT:
            return cv2.bitwise_not(image).reshape(image.shape)
        return _translated(image, table)

    def table(self, dtype: Any) -> Array:
        """Return the new value of each integer, ``(n, 1)`` or ``(n, C)``; not to be written to."""
        return _table(self.curves, np.dtype(dtype))


@lru_cache(maxsize=64)
def _table(curves: tuple[Curve, ...], dtype: np.dtype[Any]) -> Array:
    values, white = _all_values(dtype)
    table: Array | None = None
    for curve in curves:
        after = (curve(values) * white + 0.5).astype(dtype)  # nothing is negative: cut is rounded
        if table is None:
            table = after
        else:
            columns = np.arange(after.shape[1])
            table = after[table, columns] if after.shape[1] > 1 else after[table, 0]
    assert table is not None, "a lookup has at least one curve"
    table.setflags(write=False)
    negative = table.item(0) == 255 and np.array_equal(table, _COMPLEMENT)
    return _COMPLEMENT if negative else table


@lru_cache(maxsize=8)
def _all_values(dtype: Any) -> tuple[Array, float]:
    """Return every value of an integer dtype as a share of white, ``(n, 1)``, and white."""
    white = full_scale(dtype)
    return np.arange(white + 1)[:, np.newaxis] / white, white


def _translated(image: Array, table: Array) -> Array:
    """Look up bytes, in one table or one for each channel."""
    if table.shape[1] == 1:
        out = np.array(image, order="C")
        # StringZilla does it five times as fast as OpenCV.
        stringzilla.translate(out.data, table.data, inplace=True)
        return out
    out, columns = np.empty(image.shape, np.uint8), table.T.copy()
    height = max(1, _BAND // image.shape[1])
    for first in range(0, len(image), height):
        band = slice(first, first + height)
        planes = cv2.split(image[band])
        for plane, column in zip(planes, columns, strict=True):
            stringzilla.translate(plane.data, column.data, inplace=True)
        cv2.merge(planes, dst=out[band])
    return out


@dataclass(frozen=True)
class Pixels:
    """Call a named function on the picture.

    Parameters
    ----------
    function : str
        One of `PIXEL_FUNCTIONS`.
    arguments : dict
        Numbers, strings and tuples of them.
    key : int, optional
        Which noise, for functions that make some.
    """

    function: str
    arguments: Mapping[str, Plain] = _NONE
    key: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", Arguments(self.arguments))

    def on_image(self, image: Array) -> Array:
        """Return what the function makes of the picture ``(H, W, C)``."""
        key = {} if self.key is None else {"key": self.key}
        return PIXEL_FUNCTIONS[self.function](image, **self.arguments, **key)


@dataclass(frozen=True)
class OnChannels:
    """Carry out steps on some of the picture's channels.

    Parameters
    ----------
    channels : tuple of int
        Which.
    steps : tuple of Lookup, Pixels or OnChannels
        Nothing that moves pixels.
    """

    channels: tuple[int, ...]
    steps: tuple["Step", ...]

    def on_image(self, image: Array) -> Array:
        """Return the picture ``(H, W, C)`` with those channels changed."""
        missing = [c for c in self.channels if not 0 <= c < image.shape[2]]
        if missing:
            raise ValueError(f"no channel {missing[0]} in a picture of {image.shape[2]} channels")
        part = np.ascontiguousarray(image[:, :, self.channels])
        for step in self.steps:
            part = step.on_image(part)
        out = image.copy()
        out[:, :, self.channels] = part
        return out


@dataclass(frozen=True)
class Call:
    """Call the user's own functions; the one step that cannot be written down.

    Parameters
    ----------
    functions : dict
        By kind: image, heatmaps, segmentation_maps, keypoints, bounding_boxes. Each takes and
        returns one array or sheet and a generator.
    key : int
        Of that generator.
    """

    functions: Mapping[str, Callable[..., Any]]
    key: int

    def on_image(self, image: Array) -> Array:
        """Return what the user's function makes of the picture ``(H, W, C)``."""
        out = self.on("image", image)
        if not isinstance(out, np.ndarray) or out.shape != image.shape or out.dtype != image.dtype:
            got = f"{out.dtype} {out.shape}" if isinstance(out, np.ndarray) else type(out).__name__
            raise ValueError(
                f"a Lambda's function must return an array of the picture's dtype and shape "
                f"{image.dtype} {image.shape}, got {got}"
            )
        return out

    def on(self, kind: str, value: Any) -> Any:
        """Return what the function for a kind makes of a copy of it; itself where there is none."""
        if kind not in self.functions:
            return value
        copied = value.copy() if isinstance(value, np.ndarray) else value.deepcopy()
        return self.functions[kind](copied, np.random.Generator(bits_of(self.key)))


Step = Warp | Path | Lookup | Pixels | OnChannels | Call


def warp_image(image: Array, warps: Sequence[Warp]) -> Array:
    """Take a picture ``(H, W, C)`` along warps with one resampling."""
    hops = [
        Hop(w.map, w.source, w.shape, w.image.mode, _in_units(w.image.cval, image.dtype))
        for w in warps
    ]
    order = finest([w.image.order for w in warps])
    out = warp_chain(image, hops, order)
    return out.clip(0, 1) if order == "cubic" and image.dtype.kind == "f" else out


@lru_cache(maxsize=256)
def _in_units(cval: float, dtype: np.dtype[Any]) -> float:
    """Return a constant of 0 to 255 in the units of a dtype, whole where those are."""
    value = cval * full_scale(dtype) / 255
    return value if dtype.kind == "f" else float(np.floor(value + 0.5))


def finest(orders: Sequence[str]) -> str:
    """Return the most careful of several orders of interpolation.

    Examples
    --------
    >>> finest(["linear", "cubic"])
    'cubic'
    """
    return orders[0] if len(orders) == 1 else max(orders, key=ORDERS.index)


def warp_sheet(array: Array, ratio: Ratio, warps: Sequence[Warp], kind: str) -> Array:
    """Take a sheet's array ``(h, w, C)`` along warps with one resampling.

    Parameters
    ----------
    ratio : (float, float)
        How large the sheet is beside the picture, (height, width): its size follows the
        picture's in every step.
    kind : {"heatmaps", "segmentation_maps"}
        Whose resampling to use.
    """
    hops, orders = [], []
    source = sheet_frame(warps[0].source, ratio)
    for warp in warps:
        way: Resampling = getattr(warp, kind)
        shape = source if warp.shape == warp.source else sheet_frame(warp.shape, ratio)
        map = scaled_between(warp.map, (warp.source, warp.shape), (source, shape))
        hops.append(Hop(map, source, shape, way.mode, way.cval))
        orders.append(way.order)
        source = shape
    order = finest(orders)
    out = warp_chain(array, hops, order)
    return out.clip(0, 1) if order == "cubic" else out


def sheet_frame(frame: Frame, ratio: Ratio) -> Frame:
    """Return the size of a sheet on a picture's frame, at least one pixel.

    Examples
    --------
    >>> sheet_frame((101, 200), (0.25, 0.25))
    (25, 50)
    """
    return max(1, int(frame[0] * ratio[0] + 0.5)), max(1, int(frame[1] * ratio[1] + 0.5))

"""Move arrays and points along coordinate maps."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import cv2
import numpy as np

from acetate.arrays import Array, channels_last
from acetate.geometry.exact import as_slicing, read_slicing, storable
from acetate.geometry.hops import Hop, crossed_frames, leaves
from acetate.geometry.maps import Frame, Map, Projective, Slicing, compose
from acetate.geometry.scratch import scratch
from acetate.geometry.trace import RIM, Rows, trace

ORDERS = ("nearest", "linear", "cubic", "area")
_FLAGS = {"nearest": cv2.INTER_NEAREST, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}
_BORDERS = {
    "constant": cv2.BORDER_CONSTANT,
    "edge": cv2.BORDER_REPLICATE,
    "symmetric": cv2.BORDER_REFLECT,
    "reflect": cv2.BORDER_REFLECT_101,
    "wrap": cv2.BORDER_WRAP,
}
_FINEST_AREA = 16  # samples per pixel and axis
_LARGEST = 32_766  # OpenCV addresses the pixels of a warp with 16 bits
_RIMMED = 2**16  # pixels of a picture that gets a rim, at most
_STRIP = 2**17  # pixels that are worked on at a time: their coordinates stay in the cache
_HALF = Projective.translation(0.5, 0.5).matrix
_MINUS_HALF = Projective.translation(-0.5, -0.5).matrix
_DTYPES = (np.uint8, np.uint16, np.float32, np.float64)


class Reader(NamedTuple):
    """What fills rows of the output from layers, and what it asks of these."""

    read: Callable[[Array, Rows, Array], None]
    rim: float | None = None  # the constant that must lie around the layers: see `trace`


def warp(
    array: Array,
    map: Map,
    shape: Frame | None = None,
    order: str = "linear",
    mode: str = "constant",
    cval: float = 0,
) -> Array:
    """Return the array seen through a coordinate map.

    Parameters
    ----------
    array : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; uint8, uint16, int32 (nearest only) or floats.
    map : Map
        From output points to source points.
    shape : (int, int), optional
        Size of the output, (height, width); the array's own by default.
    order : {"nearest", "linear", "cubic", "area"}
        Area averages all source pixels under an output pixel: right where the map shrinks.
    mode, cval
        What lies outside the array: see `Hop`.

    Returns
    -------
    numpy.ndarray
        Same dtype and rank. Whole-pixel maps are exact, bit for bit.

    Raises
    ------
    ValueError
        Unknown order or mode, an array of another rank or dtype, or more than 32,766 pixels on a
        side.

    Examples
    --------
    >>> picture = np.arange(6, dtype=np.uint8).reshape(2, 3)
    >>> warp(picture, Projective.mirror((2, 3), axis=1))
    array([[2, 1, 0],
           [5, 4, 3]], dtype=uint8)
    """
    _check_array(array)
    source = (array.shape[0], array.shape[1])
    out = warp_chain(array, [Hop(map, source, shape or source, mode, cval)], order)
    return out.copy() if np.may_share_memory(out, array) else out


def warp_points(points: Array, map: Map) -> Array:
    """Return where points of the source go: the inverse of the map that pictures are read by.

    Parameters
    ----------
    points : numpy.ndarray
        ``(n, 2)`` as (x, y) in pixels; NaN stays NaN.

    Examples
    --------
    >>> warp_points(np.array([[1.0, 2.0]]), Projective.scaling(0.5, 0.5))
    array([[2., 4.]])
    """
    points = np.asarray(points, np.float64)
    return map.inverse()(points) if points.size else points.copy()


def warp_chain(array: Array, hops: Sequence[Hop], order: str = "linear") -> Array:
    """Take an array along several hops, resampling it once.

    What a hop in the middle moves out of its frame stays lost, as if each hop had been carried
    out: there the fill of the next hop stands.

    Parameters
    ----------
    array : numpy.ndarray
        As for `warp`; its size is the first hop's source.
    hops : sequence of Hop
        In order; each one's source is the shape of the one before.
    order : {"nearest", "linear", "cubic", "area"}
        How to read between pixels.

    Returns
    -------
    numpy.ndarray
        May share memory with `array` where slicing is all that happened.

    Examples
    --------
    >>> there = Hop(Projective.translation(1, 0), (1, 3), (1, 3))
    >>> back = Hop(Projective.translation(-1, 0), (1, 3), (1, 3), cval=9)
    >>> warp_chain(np.array([[1, 2, 3]], np.uint8), [there, back])
    array([[9, 2, 3]], dtype=uint8)
    """
    if order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(ORDERS)}, got {order!r}")
    _check_array(array)
    _check_frames(array, hops)
    layers = channels_last(array)
    slicings = _as_slicings(hops)
    if slicings is not None:
        for hop, slicing in zip(hops, slicings, strict=True):
            layers = read_slicing(layers, slicing, hop.shape, hop.mode, hop.cval)
    else:
        _check_sides(hops)
        _check_dtype(array, order)
        layers = _warp_area(layers, hops) if order == "area" else _read(layers, hops, order)
    return layers[:, :, 0] if array.ndim == 2 else layers


def coordinates(map: Map, shape: Frame) -> Array:
    """Return the source point of every pixel centre, float32 ``(H, W, 2)``.

    Examples
    --------
    >>> coordinates(Projective.scaling(2, 2), (1, 2))
    array([[[1., 1.],
            [3., 1.]]], dtype=float32)
    """
    return trace([Hop(map, shape, shape)]).strip((0, shape[0]))[0] + np.float32(0.5)


def _as_slicings(hops: Sequence[Hop]) -> list[Slicing] | None:
    """Return what the hops amount to if all of them move whole pixels."""
    slicings = []
    for hop in hops:
        slicing = as_slicing(hop.map)
        if slicing is None:
            return None
        slicings.append(slicing)
    return slicings


def _check_array(array: Array) -> None:
    if array.ndim not in (2, 3) or not array.size:
        raise ValueError(f"a warp takes (H, W) or (H, W, C), not empty, got shape {array.shape}")


def _check_frames(array: Array, hops: Sequence[Hop]) -> None:
    frame: Sequence[int] = array.shape[:2]
    for hop in hops:
        if hop.source != frame:
            raise ValueError(
                f"a hop reads a frame of {hop.source}, but what comes to it is {frame}; "
                "use Hop.scaled for a sheet of another size"
            )
        frame = hop.shape


def _check_dtype(array: Array, order: str) -> None:
    if array.dtype.type not in _DTYPES and (order, array.dtype.type) != ("nearest", np.int32):
        raise ValueError(
            f"a warp takes uint8, uint16, float32, float64, or int32 with order nearest; got "
            f"{array.dtype} with order {order}; convert it first"
        )


def _check_sides(hops: Sequence[Hop]) -> None:
    side = max(*hops[0].source, *hops[-1].shape)
    if side > _LARGEST:
        raise ValueError(
            f"a warp takes at most {_LARGEST} pixels on a side, got {side}; tile the image"
        )


def _read(layers: Array, hops: Sequence[Hop], order: str) -> Array:
    """Sample the layers along hops that are no slicings, once."""
    source, shape = hops[0].source, hops[-1].shape
    straight, farthest = _straight(hops), _farthest(hops[0], order)
    window = _window(straight, hops)
    if window:
        return _by_fours(layers[window], lambda part: _resize(part, shape, order))
    far = farthest < inf and leaves(hops, by=farthest)
    if straight is None or far or straight.has_horizon(shape):
        reader = _remap_reader(hops, order, farthest, layers.shape[2])
    else:
        reader = _projective_reader(straight, hops, order)
    if order == "cubic" and hops[0].mode == "reflect":
        # Over a single pixel, OpenCV would mirror for ever; two that are equal look the same.
        layers = layers.repeat(2, 0) if source[0] == 1 else layers
        layers = layers.repeat(2, 1) if source[1] == 1 else layers
    # Of float64, OpenCV rounds linear places to 1/32 px and gets cubic wrong.
    narrow = layers.dtype.type is np.float64 and order != "nearest"
    out = _by_fours(
        layers.astype(np.float32) if narrow else layers,
        lambda part: _strip_by_strip(part, shape, reader, order),
    )
    return out.astype(np.float64) if narrow else out


def _straight(hops: Sequence[Hop]) -> Projective | None:
    """Return the one matrix that tells all about the hops, if there is one."""
    for hop in hops:
        if not isinstance(hop.map, Projective):
            return None
    joined = compose(hop.map for hop in hops) if len(hops) > 1 else hops[0].map
    return joined if isinstance(joined, Projective) and not crossed_frames(hops) else None


def _window(straight: Projective | None, hops: Sequence[Hop]) -> tuple[slice, slice] | None:
    """Return the part of the source that the hops resize, if that is all they do."""
    return straight.window(hops[0].source, hops[-1].shape) if straight is not None else None


def _by_fours(layers: Array, sample: Callable[[Array], Array]) -> Array:
    """Apply a sampler to one, three or four channels at a time.

    More OpenCV does not take, and two it interpolates at places rounded to 1/32 px.
    """
    if not layers.dtype.isnative:
        layers = layers.astype(layers.dtype.newbyteorder("="))
    count = layers.shape[2]
    if count <= 4 and count != 2:
        return channels_last(sample(layers))
    starts = [*range(0, count, 4), count - 1] if count % 4 == 2 else [*range(0, count, 4)]
    parts = [
        channels_last(sample(np.ascontiguousarray(part)))
        for part in np.split(layers, starts[1:], axis=2)
    ]
    return np.concatenate(parts, axis=2)


def _strip_by_strip(layers: Array, shape: Frame, reader: Reader, order: str) -> Array:
    """Fill the output some rows at a time, so that what lies between stays in the cache."""
    widen = _is_widened(layers.shape[2], order)
    if widen:
        layers = _four(layers, reader.rim)
    height, width = shape
    step = max(64, _STRIP // width)
    out = np.empty((height, width, 3 if widen else layers.shape[2]), layers.dtype)
    for first in range(0, height, step):
        rows = (first, min(first + step, height))
        strip = out[rows[0] : rows[1]]
        if widen:
            part = scratch("part", (*strip.shape[:2], 4), layers.dtype)
            reader.read(layers, rows, part)
            cv2.cvtColor(part, cv2.COLOR_RGBA2RGB, dst=strip)
        else:
            reader.read(layers, rows, strip)
    return out


def _is_widened(channels: int, order: str) -> bool:
    """Whether to read four channels, which OpenCV interpolates in half the time of three."""
    return order == "linear" and channels == 3


def _four(layers: Array, rim: float | None) -> Array:
    """Return three channels as four, with a rim of a constant around them if there is one."""
    (height, width), dtype = layers.shape[:2], layers.dtype
    if rim is None:
        four = scratch("four", (height, width, 4), dtype)
        return cv2.cvtColor(layers, cv2.COLOR_RGB2RGBA, dst=four)
    before, after = RIM
    four = scratch("four", (height + before + after, width + before + after, 4), dtype)
    cv2.cvtColor(layers, cv2.COLOR_RGB2RGBA, dst=four[before:-after, before:-after])
    four[:before] = four[-after:] = storable(rim, dtype)
    four[:, :before] = four[:, -after:] = storable(rim, dtype)
    return four


def _fill(out: Array, outside: Array, cval: float) -> None:
    """Write a constant over the pixels ``(n, m, C)`` marked as outside."""
    value = _pixel(cval, out.dtype, out.shape[2])
    if value.ndim == 0:
        np.copyto(out.view(value.dtype)[..., 0], value, where=outside)
        return
    for channel in range(out.shape[2]):
        np.copyto(out[..., channel], value[channel], where=outside)


@lru_cache(maxsize=256)
def _pixel(cval: float, dtype: Any, channels: int) -> Array:
    """Return a pixel of a constant: as one number where it fits into one, which is faster."""
    value = np.full(channels, storable(cval, dtype), dtype)
    return value.view(f"u{value.nbytes}")[0, ...] if value.nbytes in (1, 2, 4, 8) else value


def _farthest(hop: Hop, order: str) -> float:
    """Return how far outside the frame (px) OpenCV is asked to fill; beyond, places are folded."""
    if hop.mode in ("constant", "edge"):
        return inf
    if order == "cubic":
        return 12.0  # further off than 16 px it repeats the wrong pixels
    # It goes from one mirror image to the next, which near a horizon takes for ever.
    return inf if hop.mode == "wrap" else 100.0 * min(hop.source)


def _remap_reader(hops: Sequence[Hop], order: str, farthest: float, channels: int) -> Reader:
    """Return what reads rows at traced coordinates."""
    # Of small pictures that are copied anyway: OpenCV is slow wherever one of its blocks of pixels
    # touches the border, and sooner done where none does.
    height, width = hops[0].source
    small = height * width <= _RIMMED and max(height, width) + sum(RIM) <= _LARGEST
    rimmed = small and hops[0].mode == "constant" and _is_widened(channels, order)
    way = trace(hops, farthest, rimmed)
    border, cval = _BORDERS[hops[0].mode], (hops[0].cval,) * 4

    def read(layers: Array, rows: Rows, out: Array) -> None:
        places, marks = way.strip(rows)
        cv2.remap(  # type: ignore[call-overload]
            layers, places, None, _FLAGS[order], dst=out, borderMode=border, borderValue=cval
        )
        for outside, fill in marks:
            _fill(out, outside, fill)

    return Reader(read, hops[0].cval if rimmed else None)


def _projective_reader(joined: Projective, hops: Sequence[Hop], order: str) -> Reader:
    """Return what reads rows through a matrix."""
    matrix = _MINUS_HALF @ joined.matrix @ _HALF
    width = hops[-1].shape[1]
    arguments: dict[str, Any] = {
        "flags": _FLAGS[order] | cv2.WARP_INVERSE_MAP,
        "borderMode": _BORDERS[hops[0].mode],
        "borderValue": (hops[0].cval,) * 4,
    }

    def read(layers: Array, rows: Rows, out: Array) -> None:
        first, last = rows
        moved = matrix if first == 0 else matrix @ Projective.translation(0, first).matrix
        size = (width, last - first)
        if joined.affine:
            cv2.warpAffine(layers, moved[:2], size, dst=out, **arguments)
        else:
            cv2.warpPerspective(layers, moved, size, dst=out, **arguments)

    return Reader(read)


def _resize(layers: Array, shape: Frame, order: str) -> Array:
    """Resize by OpenCV, which needs no coordinates for it."""
    size = (shape[1], shape[0])
    if order == "nearest":
        return cv2.resize(layers, size, interpolation=cv2.INTER_NEAREST_EXACT)
    if order != "area":
        return cv2.resize(layers, size, interpolation=_FLAGS[order])
    # OpenCV's area mode repeats pixels along axes that grow: those are interpolated instead.
    smaller = (min(size[0], layers.shape[1]), min(size[1], layers.shape[0]))
    layers = cv2.resize(layers, smaller, interpolation=cv2.INTER_AREA)
    return cv2.resize(layers, size, interpolation=cv2.INTER_LINEAR)


def _warp_area(layers: Array, hops: Sequence[Hop]) -> Array:
    """Average the source under each output pixel by sampling it finer first."""
    shape, window = hops[-1].shape, _window(_straight(hops), hops)
    if window:
        return _by_fours(layers[window], lambda part: _resize(part, shape, "area"))
    places = coordinates(compose(hop.map for hop in hops), shape)
    fine_y, fine_x = (int(np.clip(np.ceil(_spread(places, a)), 1, _FINEST_AREA)) for a in (0, 1))
    finer = (shape[0] * fine_y, shape[1] * fine_x)
    zoom = Hop(Projective.scaling(1 / fine_x, 1 / fine_y), shape, finer, mode="edge")
    return _by_fours(
        _read(layers, [*hops, zoom], "linear"), lambda part: _resize(part, shape, "area")
    )


def _spread(places: Array, axis: int) -> float:
    """Return the largest distance in the source between neighbours along an axis."""
    if places.shape[axis] < 2:
        return 1.0
    gaps = np.diff(places, axis=axis)
    return float(np.hypot(gaps[..., 0], gaps[..., 1]).max())

"""Contrast by histogram: equalization of whole pictures, and of tiles with limits (CLAHE)."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.limits import check_dtype
from acetate.augmenters.sides import draw_sides, sides
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import choice_of, continuous, probability
from acetate.seeds import Seed, draw_key, stream

Plane = Callable[[Array], Array]
Tiling = tuple[float, int, int]

_LIGHT = {"Lab": 0, "HLS": 1, "HSV": 2, "YCrCb": 0}  # which channel of a colour space is the light


@pixel_function
def equalize(image: Array) -> Array:
    """Stretch the values of each channel so that all are equally frequent, as far as they can be.

    Raises
    ------
    ValueError
        If the picture is neither uint8 nor uint16.

    Examples
    --------
    >>> equalize(np.uint8([[[10], [10], [11], [12]]]))[0, :, 0]
    array([  0,   0, 128, 255], dtype=uint8)
    """
    check_dtype(image, ["uint8", "uint16"], "AllChannelsHistogramEqualization")
    return _on_channels([_equalized], image)


@pixel_function
def equalize_light(image: Array, source: str, space: str) -> Array:
    """Equalize the channel of light in another colour space."""
    return _on_light(_equalized, image, source, space, "HistogramEqualization")


@pixel_function
def clahe(image: Array, tilings: tuple[Tiling, ...]) -> Array:
    """Equalize tile by tile, with limits.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, C)``, uint8 or uint16.
    tilings : tuple of (float, int, int)
        The limit, and the number of tiles from top to bottom and from left to right; for all
        channels, or for each.

    Raises
    ------
    ValueError
        If the picture has another dtype, or the tilings are for another number of channels.
    """
    check_dtype(image, ["uint8", "uint16"], "AllChannelsCLAHE")
    if len(tilings) not in (1, image.shape[2]):
        raise ValueError(f"the recipe was drawn for {len(tilings)} channels, got {image.shape[2]}")
    return _on_channels([_tiled(tiling) for tiling in tilings], image)


@pixel_function
def clahe_light(image: Array, tiling: Tiling, source: str, space: str) -> Array:
    """Equalize the channel of light in another colour space tile by tile, with a limit."""
    return _on_light(_tiled(tiling), image, source, space, "CLAHE")


def _equalized(plane: Array) -> Array:
    """Equalize one channel: its darkest value becomes black, its lightest white."""
    if plane.dtype == np.uint8:
        return cv2.equalizeHist(plane)
    counts = np.bincount(plane.ravel(), minlength=65536)
    below = np.cumsum(counts) - counts[plane.min()]
    share = below / max(int(below[-1]), 1)
    table = np.floor(np.clip(share, 0, 1) * 65535 + 0.5).astype(np.uint16)
    return cv2.LUT(plane, table) if below[-1] else plane


def _tiled(tiling: Tiling) -> Plane:
    limit, rows, columns = tiling
    return cv2.createCLAHE(limit, (columns, rows)).apply


def _on_channels(functions: Sequence[Plane], image: Array) -> Array:
    """Apply a function to each channel, or each channel's own."""
    count = image.shape[2]
    few = count <= 4
    planes = cv2.split(image) if few else map(np.ascontiguousarray, np.moveaxis(image, 2, 0))
    each = functions if len(functions) == count else [functions[0]] * count
    done = [function(plane) for function, plane in zip(each, planes, strict=True)]
    return (cv2.merge(done) if few else np.stack(done, axis=2)).reshape(image.shape)


def _on_light(function: Plane, image: Array, source: str, space: str, augmenter: str) -> Array:
    """Apply a function to the channel of light, and leave the colours.

    Parameters
    ----------
    image : numpy.ndarray
        Of 3 channels, or of 4, the last of which stays as it is: uint8. Of another number, whose
        channels are taken one by one: uint8 or uint16.
    source : {"RGB", "BGR"}
        What the picture's channels are.
    space : {"Lab", "HLS", "HSV", "YCrCb"}
        Where light and colours are apart.
    """
    if image.shape[2] not in (3, 4):
        check_dtype(image, ["uint8", "uint16"], augmenter)
        return _on_channels([function], image)
    check_dtype(image, ["uint8"], f"{augmenter} of colours")
    colors = image if image.shape[2] == 3 else np.ascontiguousarray(image[:, :, :3])
    apart = cv2.cvtColor(colors, getattr(cv2, f"COLOR_{source}2{space}"))
    light = function(cv2.extractChannel(apart, _LIGHT[space]))
    cv2.insertChannel(light, apart, _LIGHT[space])
    together = cv2.cvtColor(apart, getattr(cv2, f"COLOR_{space}2{source}"))
    return together if image.shape[2] == 3 else np.concatenate([together, image[:, :, 3:]], axis=2)


class _OnLight(Augmenter):
    """What works on the channel of light shares: two colour spaces."""

    def __init__(
        self, from_colorspace: Any, to_colorspace: Any, seed: Seed = None, name: str | None = None
    ) -> None:
        super().__init__(seed, name)
        self.from_colorspace = choice_of(from_colorspace, "from_colorspace", ("RGB", "BGR"))
        self.to_colorspace = choice_of(to_colorspace, "to_colorspace", tuple(_LIGHT))

    def spaces(self, rng: np.random.Generator) -> dict[str, Any]:
        """Draw the colour spaces."""
        source, space = self.from_colorspace.draw_sample(rng), self.to_colorspace.draw_sample(rng)
        return {"source": source, "space": space}


class HistogramEqualization(_OnLight):
    """Stretch the light so that dark, middle and light pixels are equally frequent.

    Parameters
    ----------
    from_colorspace : {"RGB", "BGR"}
        What the picture's channels are.
    to_colorspace : {"Lab", "HLS", "HSV", "YCrCb"}
        Where the light is changed: L of Lab, L of HLS, V of HSV, or Y of YCrCb, the fastest.
    seed, name
        See `Augmenter`.

    Notes
    -----
    A fourth channel stays as it is. Pictures with another number of channels are equalized
    channel by channel, and only those may be uint16 instead of uint8.

    Examples
    --------
    >>> HistogramEqualization()(image=np.array([[10, 10, 11, 12]], np.uint8))
    array([[  0,   0, 128, 255]], dtype=uint8)
    """

    def __init__(
        self,
        from_colorspace: Any = "RGB",
        to_colorspace: Any = "Lab",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(from_colorspace, to_colorspace, seed, name)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the colour spaces."""
        return [Pixels("equalize_light", self.spaces(rng))]


class AllChannelsHistogramEqualization(Augmenter):
    """Stretch each channel so that its values are equally frequent; uint8 and uint16.

    Parameters
    ----------
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> AllChannelsHistogramEqualization()(image=np.array([[10, 10, 11, 12]], np.uint8))
    array([[  0,   0, 128, 255]], dtype=uint8)
    """

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw nothing: no chance is involved."""
        return [Pixels("equalize")]


class CLAHE(_OnLight):
    """Equalize the light tile by tile with a limit: contrast limited adaptive equalization.

    Parameters
    ----------
    clip_limit : number, (low, high), list or parameter
        How many times its fair share a value may count: the contrast. 1 to 10, usually.
    tile_grid_size_px : int, (low, high), list or parameter; or a tuple of two of them
        How many tiles from top to bottom and from left to right, drawn together; of a tuple with
        a tuple, list or parameter in it, each on its own.
    tile_grid_size_px_min : int
        The fewest tiles.
    from_colorspace, to_colorspace
        As in `HistogramEqualization`, and so are other numbers of channels and dtypes.
    seed, name
        See `Augmenter`.

    Notes
    -----
    imgaug calls the number of tiles a size in pixels, but hands it to OpenCV as the number that
    it is; so do we, and keep the name.

    Examples
    --------
    >>> ramp = np.tile(np.arange(100, 116, dtype=np.uint8), (16, 1))
    >>> CLAHE(clip_limit=4, tile_grid_size_px=2)(image=ramp)[0, ::5]
    array([ 99, 128, 129, 135], dtype=uint8)
    """

    def __init__(
        self,
        clip_limit: Any = (0.1, 8),
        tile_grid_size_px: Any = (3, 12),
        tile_grid_size_px_min: int = 3,
        from_colorspace: Any = "RGB",
        to_colorspace: Any = "Lab",
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(from_colorspace, to_colorspace, seed, name)
        self.clip_limit = continuous(clip_limit, "clip_limit", 0)
        self.tile_grid_size_px = sides(tile_grid_size_px, "tile_grid_size_px")
        self.tile_grid_size_px_min = int(tile_grid_size_px_min)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the limit, the tiles and the colour spaces."""
        return [Pixels("clahe_light", {"tiling": _draw_tiling(self, rng), **self.spaces(rng)})]


class AllChannelsCLAHE(Augmenter):
    """Equalize each channel tile by tile with a limit; uint8 and uint16.

    Parameters
    ----------
    clip_limit, tile_grid_size_px, tile_grid_size_px_min
        As in `CLAHE`.
    per_channel : bool, float or parameter
        Whether (or how often) each channel gets a limit and tiles of its own.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> ramp = np.tile(np.arange(100, 116, dtype=np.uint8), (16, 1))
    >>> AllChannelsCLAHE(clip_limit=4, tile_grid_size_px=2)(image=ramp)[0, ::5]
    array([ 99, 128, 129, 135], dtype=uint8)
    """

    def __init__(
        self,
        clip_limit: Any = (0.1, 8),
        tile_grid_size_px: Any = (3, 12),
        tile_grid_size_px_min: int = 3,
        per_channel: Any = False,
        seed: Seed = None,
        name: str | None = None,
    ) -> None:
        super().__init__(seed, name)
        self.clip_limit = continuous(clip_limit, "clip_limit", 0)
        self.tile_grid_size_px = sides(tile_grid_size_px, "tile_grid_size_px")
        self.tile_grid_size_px_min = int(tile_grid_size_px_min)
        self.per_channel = probability(per_channel, "per_channel")

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:
        """Draw limit and tiles, or those of each channel."""
        count = 1
        if self.per_channel.draw_sample(rng):
            # As in draw_channels: what follows must not depend on the number of channels.
            rng, count = stream(draw_key(rng)), shape[2] if len(shape) == 3 else 1
        return [Pixels("clahe", {"tilings": tuple(_draw_tiling(self, rng) for _ in range(count))})]


def _draw_tiling(augmenter: CLAHE | AllChannelsCLAHE, rng: np.random.Generator) -> Tiling:
    limit = float(augmenter.clip_limit.draw_sample(rng))
    least = max(augmenter.tile_grid_size_px_min, 1)
    rows, columns = draw_sides(augmenter.tile_grid_size_px, rng)
    return limit, max(rows, least), max(columns, least)

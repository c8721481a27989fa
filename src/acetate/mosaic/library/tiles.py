"""A picture becomes a tile: decoded no larger than needed, turned upright, cropped to fit."""

import io
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from acetate import images
from acetate.arrays import Array, convert
from acetate.files import PathLike, printable
from acetate.geometry import Frame
from acetate.images.facts import exif_orientation, upright
from acetate.images.pillow import Jpeg
from acetate.images.profiles import to_srgb
from acetate.images.reading import MAX_PIXELS
from acetate.mosaic.library.crops import Crop, window

# A JPEG is decoded at the smallest scale that still has so many pixels for one of the tile, along
# each axis. Mean differences from the full decode are below 1.5 levels then, up to 1.7 with 1.8.
_GAP = 2.0
_REDUCING_GAP = 3.0  # other large pictures are halved first, down to three times the tile
_JPEG = b"\xff\xd8\xff"
_MODES = {"L": "gray", "RGB": "rgb", "CMYK": "cmyk"}
HASH_BYTES = 16
_LEAST_SIDE, _MOST_SIDE = 4, 1024  # pixels of a tile


@dataclass(frozen=True)
class Tile:
    """A picture, fitted, and the hash of its file.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(h, w, 3)`` uint8.
    hash : bytes
        BLAKE2 of the file's bytes.
    """

    pixels: NDArray[np.uint8]
    hash: bytes


def check_tile(tile: Frame) -> None:
    """Raise unless tiles can have a size.

    Raises
    ------
    ValueError
        If it is no (height, width) of 4 to 1024 pixels each.

    Examples
    --------
    >>> check_tile((50, 40))
    """
    if len(tile) != 2 or not all(_LEAST_SIDE <= side <= _MOST_SIDE for side in tile):
        raise ValueError(
            f"tiles are (height, width) of {_LEAST_SIDE} to {_MOST_SIDE} pixels each, "
            f"got {tuple(tile)}"
        )


def read_tile(path: PathLike, shape: Frame, crop: Crop = "centre") -> Tile:
    """Read a picture as a tile.

    Parameters
    ----------
    path : path
        An image file of a kind that `acetate.images` reads.
    shape : (int, int)
        Height and width of the tile.
    crop : {"centre", "smart"}
        Which part is taken: that around the centre, as `PIL.ImageOps.fit` does, or that with
        most of what stands out (see `crops.window`).

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no image, is damaged, too large, or has several pages; the text names the file.

    Notes
    -----
    JPEG files are decoded at an eighth, a quarter or a half where that is at least twice the
    tile; of several pictures in one JPEG file the first is taken.
    """
    with open(path, "rb") as file:
        data = file.read()
    read = _jpeg_tile if data.startswith(_JPEG) else _other_tile
    return Tile(read(path, data, shape, crop), blake2b(data, digest_size=HASH_BYTES).digest())


def fit(
    picture: Image.Image,
    shape: Frame,
    crop: Crop = "centre",
    size: tuple[float, float] | None = None,
) -> Array:
    """Crop a picture to the proportions of a shape, and resize it.

    Parameters
    ----------
    picture : PIL.Image.Image
        Of mode L, RGB or CMYK.
    shape : (int, int)
        Height and width wanted.
    crop : {"centre", "smart"}
        Which part is taken.
    size : (float, float), optional
        How much of the picture is there, (width, height): decoded smaller it may be filled up.

    Returns
    -------
    numpy.ndarray
        ``(h, w)`` or ``(h, w, C)`` uint8.

    Examples
    --------
    >>> fit(Image.new("RGB", (30, 10), "red"), (4, 6)).shape
    (4, 6, 3)
    """
    box = window(picture, size or picture.size, shape, crop)
    small = picture.resize(shape[::-1], Image.Resampling.BICUBIC, box, reducing_gap=_REDUCING_GAP)
    return np.asarray(small)


def fit_array(image: Array, shape: Frame, crop: Crop = "centre") -> NDArray[np.uint8]:
    """Return an image fitted to a shape, as `fit` does, in 8-bit RGB.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)``, ``(H, W, 1)`` or ``(H, W, 3)`` uint8, uint16 or floats in [0, 1].
    shape : (int, int)
        Height and width wanted.
    crop : {"centre", "smart"}
        Which part is taken.

    Raises
    ------
    ValueError
        If it has other channels.

    Examples
    --------
    >>> fit_array(np.zeros((30, 20)), (4, 6)).shape
    (4, 6, 3)
    """
    pixels = convert(image, np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] not in (1, 3):
        raise ValueError(f"a picture for a mosaic is gray or RGB, got shape {image.shape}")
    flat = pixels[:, :, 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels
    return as_rgb(fit(Image.fromarray(flat), shape, crop))


def as_rgb(pixels: Array) -> NDArray[np.uint8]:
    """Return gray or RGB pixels as RGB.

    Examples
    --------
    >>> as_rgb(np.zeros((2, 2), np.uint8)).shape
    (2, 2, 3)
    """
    return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, np.newaxis], 3, axis=2)


def _other_tile(path: PathLike, _data: bytes, shape: Frame, crop: Crop) -> NDArray[np.uint8]:
    return fit_array(images.read(path, alpha="over_white"), shape, crop)


def _jpeg_tile(path: PathLike, data: bytes, shape: Frame, crop: Crop) -> NDArray[np.uint8]:
    try:
        return _decode(data, shape, crop)
    except Exception as error:  # whatever a decoder stumbles over
        kind = "" if isinstance(error, OSError | ValueError) else f"{type(error).__name__}: "
        raise ValueError(f"{printable(path)}: cannot be decoded: {kind}{error}") from error


def _decode(data: bytes, shape: Frame, crop: Crop) -> NDArray[np.uint8]:
    picture: Any = Jpeg(io.BytesIO(data))
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError(f"{picture.height} x {picture.width} pixels are more than {MAX_PIXELS}")
    turn = exif_orientation(picture.info.get("exif"))
    height, width = shape[::-1] if turn >= 5 else shape
    drafted = picture.draft(None, (round(_GAP * width), round(_GAP * height)))
    fitted = fit(picture, (height, width), crop, drafted and drafted[1][2:])
    pixels = to_srgb(fitted, _MODES[picture.mode], picture.info.get("icc_profile"))
    return upright(as_rgb(pixels), turn)

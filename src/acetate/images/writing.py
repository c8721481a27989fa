"""Write image files, whole or not at all, and nothing into a format that would lose it."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image

from acetate.arrays import IMAGE_DTYPES, Array, channels_last, check_image
from acetate.files import PathLike, atomic, printable
from acetate.images.png import SIGNATURE, chunk

_PNG_COLOURS = {1: 0, 2: 4, 3: 2, 4: 6}  # channels: colour type
_MAX_LABEL = 2**31 - 1


@dataclass(frozen=True)
class _Format:
    """What a format can hold."""

    name: str
    dtypes: tuple[str, ...]
    channels: range
    side: int


_PNG = _Format("PNG", ("uint8", "uint16"), range(1, 5), 2**31 - 1)
_JPEG = _Format("JPEG", ("uint8",), range(1, 4, 2), 65535)
_TIFF = _Format("TIFF", IMAGE_DTYPES, range(1, 65536), 2**31 - 1)
_WEBP = _Format("WebP", ("uint8",), range(3, 5), 16383)
_FORMATS = {
    ".png": _PNG,
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".webp": _WEBP,
}


def write(path: PathLike, image: Array, *, quality: int = 95) -> None:
    """Write an image; the suffix decides the format, and the file appears whole or not at all.

    Parameters
    ----------
    path : path
        Ends in .png, .jpg, .jpeg, .tif, .tiff or .webp. PNG takes uint8 and uint16, JPEG uint8
        gray and RGB, WebP (lossless) uint8 RGB and RGBA, TIFF everything, floats too. WebP does
        not store an opacity that is full everywhere.
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``: gray, gray and opacity, RGB, RGBA; any C in TIFF.
    quality : int
        Of JPEG, 1 to 100, colours at full resolution; the other formats lose nothing.

    Raises
    ------
    OSError
        If the file cannot be written; the old file of that name is then as it was.
    ValueError
        If it is no image, the suffix is another, or the format cannot hold the image.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/a.jpg", np.zeros((2, 3), np.uint16))
    Traceback (most recent call last):
    ValueError: ...a.jpg: JPEG cannot hold 2 x 3 pixels of uint16 in 1 channel(s); .tif can
    """
    check_image(image)
    format = _format(path)
    if not 1 <= quality <= 100:
        raise ValueError(f"quality must lie in [1, 100], got {quality}")
    pixels = channels_last(image)
    channels = pixels.shape[2]
    if (
        image.dtype.name not in format.dtypes
        or channels not in format.channels
        or max(pixels.shape[:2]) > format.side
    ):
        height, width = pixels.shape[:2]
        raise ValueError(
            f"{printable(path)}: {format.name} cannot hold {height} x {width} pixels of "
            f"{image.dtype} in {channels} channel(s); .tif can"
        )
    with atomic(path) as file:
        _write(file, pixels, format, quality)


def write_labels(path: PathLike, labels: Array) -> None:
    """Write a label map in the fewest bits that hold it: 8, 16, or in TIFF also 32.

    Parameters
    ----------
    path : path
        Ends in .png, .tif or .tiff.
    labels : numpy.ndarray
        ``(H, W)`` of integers or booleans, 0 to 2147483647.

    Raises
    ------
    OSError
        If the file cannot be written; the old file of that name is then as it was.
    ValueError
        If it is no label map, or the format of the suffix cannot hold it; then another is named.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_labels(f"{folder}/a.png", np.array([[70000]]))
    Traceback (most recent call last):
    ValueError: ...a.png: PNG holds labels up to 65535, got 70000; .tif holds up to 2147483647
    """
    format = _format(path)
    if format not in (_PNG, _TIFF):
        raise ValueError(f"{printable(path)}: {format.name} does not keep labels; .png and .tif do")
    pixels = channels_last(_in_fewest_bits(labels))
    if pixels.dtype == np.uint32 and format is _PNG:
        raise ValueError(
            f"{printable(path)}: PNG holds labels up to 65535, got {labels.max()}; "
            f".tif holds up to {_MAX_LABEL}"
        )
    with atomic(path) as file:
        _write(file, pixels, format)


def _format(path: PathLike) -> _Format:
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMATS:
        raise ValueError(
            f"{printable(path)}: the suffix must be one of {', '.join(_FORMATS)}, got {suffix!r}"
        )
    return _FORMATS[suffix]


def _in_fewest_bits(labels: Array) -> Array:
    if labels.ndim != 2 or labels.size == 0 or labels.dtype.kind not in "bui":
        raise ValueError(
            f"labels must be integers of shape (H, W), got {labels.dtype} of shape {labels.shape}"
        )
    least, most = int(labels.min()), int(labels.max())
    if least < 0 or most > _MAX_LABEL:
        raise ValueError(f"labels must lie in [0, {_MAX_LABEL}], got [{least}, {most}]")
    fewest = next(t for t in (np.uint8, np.uint16, np.uint32) if most <= np.iinfo(t).max)
    return labels.astype(fewest)


def _write(file: IO[bytes], pixels: Array, format: _Format, quality: int = 95) -> None:
    if format is _TIFF:
        _write_tiff(file, pixels)
    elif pixels.dtype == np.uint16:
        _write_png(file, pixels)
    else:
        _write_8_bits(file, pixels, format, quality)


def _write_8_bits(file: IO[bytes], pixels: Array, format: _Format, quality: int) -> None:
    options: dict[_Format, dict[str, Any]] = {
        _PNG: {},
        _JPEG: {"quality": quality, "subsampling": 0},
        _WEBP: {"lossless": True, "exact": True},  # colours kept where nothing is seen of them
    }
    flat = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    Image.fromarray(np.ascontiguousarray(flat)).save(file, format.name.upper(), **options[format])


def _write_png(file: IO[bytes], pixels: Array) -> None:
    """Write 16 bits per channel, of which Pillow would keep 8 in colours."""
    height, width, channels = pixels.shape
    rows = pixels.astype(">u2").reshape(height, -1).view(np.uint8)
    filtered = np.empty((height, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = 2  # each row is written as its difference from the one above
    filtered[:, 1:] = np.diff(rows, axis=0, prepend=np.uint8(0))
    head = struct.pack(">IIBBBBB", width, height, 16, _PNG_COLOURS[channels], 0, 0, 0)
    file.write(SIGNATURE + chunk(b"IHDR", head))
    file.write(chunk(b"IDAT", zlib.compress(filtered.tobytes())) + chunk(b"IEND", b""))


def _write_tiff(file: IO[bytes], pixels: Array) -> None:
    import tifffile  # takes long to import

    channels = pixels.shape[2]
    tifffile.imwrite(
        file,
        pixels[:, :, 0] if channels == 1 else pixels,
        photometric="rgb" if channels in (3, 4) else "minisblack",
        planarconfig=None if channels == 1 else "contig",
        extrasamples=("unassalpha",) if channels in (2, 4) else None,
        compression="zlib",
        predictor=pixels.dtype.kind == "u",
        metadata=None,
    )

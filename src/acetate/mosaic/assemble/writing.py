"""Write pictures row by row as JPEG, PNG or TIFF: none is ever held whole."""

import io
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from acetate.arrays import Array
from acetate.files import PathLike, atomic, printable
from acetate.geometry import Frame
from acetate.images.png import SIGNATURE, chunk

_BLOCK = 8  # rows and columns of a JPEG block
_MOST_BLOCKS = 65_535  # between two restart markers
_ROWS = 128  # that are encoded at a time
_JPEG_SIDE, _SIDE = 65_535, 2**31 - 1
_PNG_LEVEL = 4
_TIFF_SIDE = 256  # of its tiles
_BIG = 2**32 - 2**24  # bytes from which a TIFF needs 64-bit places

Encoder = Callable[[IO[bytes], Frame, Iterator[Array], int], None]


def check_writable(path: PathLike, shape: Frame) -> None:
    """Raise unless a picture of this size can be written under this name.

    Raises
    ------
    ValueError
        If the suffix is none of .jpg, .jpeg, .png, .tif, .tiff, or the format ends before.

    Examples
    --------
    >>> check_writable("a.jpg", (70_000, 9))
    Traceback (most recent call last):
    ValueError: a.jpg: JPEG ends at 65,535 pixels a side, got 70000 x 9; .png and .tif hold more
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _ENCODERS:
        raise ValueError(
            f"{printable(path)}: the suffix must be one of {', '.join(_ENCODERS)}, got {suffix!r}"
        )
    if max(shape) > _JPEG_SIDE and suffix in (".jpg", ".jpeg"):
        raise ValueError(
            f"{printable(path)}: JPEG ends at {_JPEG_SIDE:,} pixels a side, got {shape[0]} x "
            f"{shape[1]}; .png and .tif hold more"
        )


def write_rows(path: PathLike, shape: Frame, rows: Iterable[Array], quality: int = 90) -> None:
    """Write a picture of which some rows are given at a time.

    Parameters
    ----------
    path : path
        Ends in .jpg, .jpeg, .png, .tif or .tiff; the file appears whole or not at all.
    shape : (int, int)
        Height and width.
    rows : iterable of numpy.ndarray
        ``(any, width, 3)`` uint8 each, from the top, `height` rows in all.
    quality : int
        Of JPEG, 1 to 100, colours at full resolution.

    Raises
    ------
    OSError
        If the file cannot be written; the old file of that name is then as it was.
    ValueError
        If the format cannot hold it, the rows have another width, or are too few or too many.

    Notes
    -----
    A JPEG is encoded strip by strip, and the strips are joined by restart markers: the pixels are
    those of a JPEG encoded whole.

    Examples
    --------
    >>> import tempfile
    >>> from acetate import images
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_rows(f"{folder}/a.png", (4, 5), (np.full((2, 5, 3), v, np.uint8) for v in (1, 2)))
    ...     images.read(f"{folder}/a.png")[:, 0, 0]
    array([1, 1, 2, 2], dtype=uint8)
    """
    check_writable(path, shape)
    if not 1 <= quality <= 100:
        raise ValueError(f"quality must lie in [1, 100], got {quality}")
    encode = _ENCODERS[Path(path).suffix.lower()]
    with atomic(path) as file:
        encode(file, shape, _checked(rows, shape), quality)


def blocks(rows: Iterable[Array], height: int) -> Iterator[Array]:
    """Give the same rows, so many at a time; the last may be fewer.

    Examples
    --------
    >>> [len(block) for block in blocks([np.zeros((5, 1, 3)), np.zeros((2, 1, 3))], 3)]
    [3, 3, 1]
    """
    held: list[Array] = []
    count = 0
    for strip in rows:
        held.append(strip)
        count += len(strip)
        if count >= height:
            whole = np.concatenate(held)
            full = count - count % height
            yield from (whole[start : start + height] for start in range(0, full, height))
            held, count = [whole[full:]], count - full
    if count:
        yield np.concatenate(held)


def _checked(rows: Iterable[Array], shape: Frame) -> Iterator[Array]:
    height, width = shape
    done = 0
    for strip in rows:
        if strip.dtype != np.uint8 or strip.shape[1:] != (width, 3):
            raise ValueError(
                f"rows must be uint8 of shape (any, {width}, 3), got {strip.dtype} {strip.shape}"
            )
        done += len(strip)
        if done <= height:
            yield strip
    if done != height:
        raise ValueError(f"the picture has {height} rows, got {done}")


def _write_jpeg(file: IO[bytes], shape: Frame, rows: Iterator[Array], quality: int) -> None:
    across = -(-shape[1] // _BLOCK)
    high = max(1, min(_ROWS // _BLOCK, _MOST_BLOCKS // across))
    for number, strip in enumerate(blocks(rows, high * _BLOCK)):
        head, scan = _jpeg_parts(strip, quality)
        if number == 0:
            file.write(_with_restarts(head, shape[0], high * across))
        else:
            file.write(bytes([0xFF, 0xD0 + (number - 1) % 8]))
        file.write(scan)
    file.write(b"\xff\xd9")


def _jpeg_parts(strip: Array, quality: int) -> tuple[bytes, bytes]:
    """Encode rows, and return what stands before the scan, and the scan."""
    memory = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(strip))
    picture.save(memory, "JPEG", quality=quality, subsampling=0)
    data = memory.getvalue()
    start = 2
    while data[start + 1] != 0xDA:  # segments up to the start of the scan
        start += 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    return data[:end], data[end:-2]


def _with_restarts(head: bytes, height: int, interval: int) -> bytes:
    """Return a header for the whole height, with restart markers after so many blocks."""
    frame = head.index(b"\xff\xc0\x00\x11\x08") + 5
    scan = head.rindex(b"\xff\xda")
    restarts = b"\xff\xdd" + struct.pack(">HH", 4, interval)
    whole = struct.pack(">H", height)
    return head[:frame] + whole + head[frame + 2 : scan] + restarts + head[scan:]


def _write_png(file: IO[bytes], shape: Frame, rows: Iterator[Array], _quality: int) -> None:
    file.write(SIGNATURE)
    file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", shape[1], shape[0], 8, 2, 0, 0, 0)))
    squeeze = zlib.compressobj(_PNG_LEVEL)
    above = np.zeros((1, shape[1] * 3), np.uint8)
    for strip in blocks(rows, _ROWS):
        flat = strip.reshape(len(strip), -1)
        filtered = np.empty((len(flat), flat.shape[1] + 1), np.uint8)
        filtered[:, 0] = 2  # each row is written as its difference from the one above
        filtered[:, 1:] = flat - np.concatenate([above, flat[:-1]])
        above = flat[-1:]
        file.write(chunk(b"IDAT", squeeze.compress(filtered.tobytes())))
    file.write(chunk(b"IDAT", squeeze.flush()) + chunk(b"IEND", b""))


def _write_tiff(file: IO[bytes], shape: Frame, rows: Iterator[Array], _quality: int) -> None:
    import tifffile  # takes long to import

    tifffile.imwrite(
        file,
        _tiff_tiles(rows),
        shape=(*shape, 3),
        dtype=np.uint8,
        photometric="rgb",
        tile=(_TIFF_SIDE, _TIFF_SIDE),
        compression="zlib",
        predictor=True,
        bigtiff=shape[0] * shape[1] * 3 > _BIG,
        metadata=None,
    )


def _tiff_tiles(rows: Iterator[Array]) -> Iterator[Array]:
    for block in blocks(rows, _TIFF_SIDE):
        for start in range(0, block.shape[1], _TIFF_SIDE):
            yield np.ascontiguousarray(block[:, start : start + _TIFF_SIDE])


_ENCODERS: dict[str, Encoder] = {
    ".jpg": _write_jpeg,
    ".jpeg": _write_jpeg,
    ".png": _write_png,
    ".tif": _write_tiff,
    ".tiff": _write_tiff,
}

"""PNG files: every checksum is checked, 16 bits stay 16 bits."""

import io
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO

import numpy as np
from PIL.PngImagePlugin import PngImageFile

from acetate.arrays import Array
from acetate.images.facts import Source, choose, exif_orientation

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_COLOURS = {  # colour type: (mode, channels, alpha)
    0: ("gray", 1, False),
    2: ("rgb", 3, False),
    3: ("palette", 1, False),
    4: ("gray", 2, True),
    6: ("rgb", 4, True),
}
_MAX_PROFILE = 2**24  # bytes; the largest profiles in use have a tenth of it


def open_png(stream: IO[bytes], page: int | None) -> Source:
    """Read the header of a PNG file.

    Of an animated PNG only the still picture that stands for it is read: page 0.

    Raises
    ------
    ValueError
        If the file is damaged or cut off.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.new("L", (3, 2)).save(file, "PNG")
    >>> _ = file.seek(0)
    >>> open_png(file, None).size
    (2, 3)
    """
    parts = {kind: _data(stream, kind, size) for kind, size in _chunks(stream) if kind in _HEADER}
    if b"IHDR" not in parts or b"IDAT" not in {kind for kind, _ in _chunks(stream)}:
        raise ValueError("the PNG file has no header or no pixels")
    width, height, bits, colour = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    if colour not in _COLOURS:
        raise ValueError(f"the PNG file has the unknown colour type {colour}")
    mode, channels, alpha = _COLOURS[colour]
    pages = struct.unpack(">I", parts[b"acTL"][:4])[0] if b"acTL" in parts else 1
    if choose(page, max(pages, 1)) > 0:
        raise ValueError(f"page {page} is a frame of an animated PNG, of which only page 0 is read")
    key = parts.get(b"tRNS") if mode != "palette" and not alpha else None
    return Source(
        format="PNG",
        size=(height, width),
        mode=mode,
        bits=bits,
        channels=channels + (key is not None),
        decode=partial(_pixels, stream, bits, channels, key),
        alpha=alpha or key is not None or (mode == "palette" and b"tRNS" in parts),
        orientation=exif_orientation(parts.get(b"eXIf")),
        pages=max(pages, 1),
        icc=_profile(parts.get(b"iCCP")),
        palette=partial(_palette, parts) if mode == "palette" else None,
    )


_HEADER = (b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"acTL")
_PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Walk the chunks up to the last one: (kind, size), the stream standing at their data."""
    end = stream.seek(0, io.SEEK_END)
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        stream.seek(at)
        head = stream.read(8)
        size, kind = struct.unpack(">I4s", head.ljust(8, b"\0"))
        at += 12 + size
        if len(head) < 8 or at > end:
            raise ValueError("the PNG file is cut off: its last chunk is missing or incomplete")
        yield kind, size


def _data(stream: IO[bytes], kind: bytes, size: int) -> bytes:
    """Read the data of a chunk and check its sum."""
    data = stream.read(size)
    if struct.pack(">I", zlib.crc32(kind + data)) != stream.read(4):
        raise ValueError(f"the PNG file is damaged: wrong checksum in its {kind!r} chunk")
    return data


def _profile(chunk: bytes | None) -> bytes | None:
    if chunk is None:
        return None
    packed = chunk[chunk.find(b"\0") + 2 :]
    return zlib.decompressobj().decompress(packed, _MAX_PROFILE)


def _palette(parts: dict[bytes, bytes]) -> Array:
    """Return the colours, one row each: (n, 3), or (n, 4) with opacity."""
    colours = np.frombuffer(parts.get(b"PLTE", b""), np.uint8).reshape(-1, 3)
    if b"tRNS" not in parts:
        return colours
    opacity = np.full((len(colours), 1), 255, np.uint8)
    given = np.frombuffer(parts[b"tRNS"], np.uint8)[: len(colours)]
    opacity[: len(given), 0] = given
    return np.hstack([colours, opacity])


def _pixels(stream: IO[bytes], bits: int, channels: int, key: bytes | None) -> Array:
    """Decode the pixels from the chunks that carry them, and nothing else for Pillow to trip on."""
    every = ((kind, _data(stream, kind, size)) for kind, size in _chunks(stream))
    clean = SIGNATURE + b"".join(chunk(kind, data) for kind, data in every if kind in _PIXELS)
    pixels = _deep(clean, channels) if bits == 16 and channels > 1 else _load(clean)
    return pixels if key is None else _with_opacity(pixels, key, bits)


def chunk(kind: bytes, data: bytes) -> bytes:
    r"""Return a chunk as it lies in the file: size, kind, data, checksum.

    Examples
    --------
    >>> chunk(b"IEND", b"").hex()
    '0000000049454e44ae426082'
    """
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _load(file: bytes, unpacking: str | None = None) -> Array:
    with PngImageFile(io.BytesIO(file)) as picture:
        if unpacking is not None:
            picture.tile = [tile._replace(args=unpacking) for tile in picture.tile]
        pixels = np.asarray(picture)
    return pixels.astype(np.uint8) * np.uint8(255) if pixels.dtype == bool else pixels


def _deep(file: bytes, channels: int) -> Array:
    """Decode 16 bits per channel, of which Pillow keeps the upper 8 of several channels.

    What it keeps is decided when bytes are unpacked: it takes the upper byte of each sample where
    it is told ";16B" and the lower one where it is told ";16L", and two channels of two bytes
    unpack like four of one.
    """
    if channels == 2:
        return _load(file, "RGBA").view(">u2").astype(np.uint16)
    name = "RGB" if channels == 3 else "RGBA"
    upper, lower = (_load(file, name + order) for order in (";16B", ";16L"))
    return upper.astype(np.uint16) << 8 | lower


def _with_opacity(pixels: Array, key: bytes, bits: int) -> Array:
    """Append the opacity that a transparent colour stands for."""
    colour = np.frombuffer(key, ">u2").astype(np.int64)
    if bits < 8:
        colour = colour * (255 // (2**bits - 1))
    layers = pixels.reshape(*pixels.shape[:2], -1)
    if layers.shape[2] != len(colour):
        raise ValueError("the PNG file is damaged: its transparent colour has other channels")
    opaque = np.any(layers != colour, axis=2, keepdims=True)
    white = np.iinfo(pixels.dtype).max
    return np.concatenate([layers, np.where(opaque, white, 0).astype(pixels.dtype)], axis=2)

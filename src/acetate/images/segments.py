"""The strips and tiles of a TIFF page: found, checked to be whole, decompressed, put together."""

import io
import math
import struct
import zlib
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from acetate.arrays import Array
from acetate.images.pillow import Jpeg

NONE, LZW, JPEG, DEFLATE, PACKBITS, OLD_DEFLATE = 1, 5, 7, 8, 32773, 32946
COMPRESSIONS = (NONE, LZW, JPEG, DEFLATE, PACKBITS, OLD_DEFLATE)
_BY_DIFFERENCE, _BY_BYTE_DIFFERENCE = 2, 3  # predictors
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True)
class Segments:
    """How the samples of one page lie in the file.

    Attributes
    ----------
    shape : tuple of int
        (height, width, samples per pixel) of the page.
    bits : int
        Bits per sample.
    dtype : numpy.dtype
        Of a sample, in the byte order of the file.
    size : tuple of int
        (height, width) of a tile or strip; the last strip is as high as the page leaves it.
    tiled, together : bool
        Whether it is tiles; whether the samples of a pixel lie side by side.
    places : tuple
        (offset, size in bytes) of each.
    compression, predictor : int
        By their TIFF numbers.
    reverse_bits : bool
        Whether the bits of each byte come last one first.
    jpeg_tables : bytes
        What the JPEG segments have in common.
    jpeg_is_rgb : bool
        Whether they hold red, green and blue, not brightness and colour differences.

    Examples
    --------
    >>> whole = ((0, 2),)
    >>> byte = np.dtype("u1")
    >>> two = Segments((1, 2, 1), 8, byte, (1, 2), False, True, whole, NONE, 1, False, b"", False)
    >>> two.read(io.BytesIO(b"ab")).ravel()
    array([97, 98], dtype=uint8)
    """

    shape: tuple[int, int, int]
    bits: int
    dtype: np.dtype[Any]
    size: tuple[int, int]
    tiled: bool
    together: bool
    places: tuple[tuple[int, int], ...]
    compression: int
    predictor: int
    reverse_bits: bool
    jpeg_tables: bytes
    jpeg_is_rgb: bool

    @property
    def _down(self) -> int:
        return math.ceil(self.shape[0] / self.size[0])

    @property
    def _across(self) -> int:
        return math.ceil(self.shape[1] / self.size[1])

    def read(self, stream: IO[bytes]) -> Array:
        """Return the samples, ``(H, W, C)``, in the byte order of this machine."""
        self._check()
        pixels = np.empty(self.shape, self.dtype.newbyteorder("="))
        rows, columns = self.size
        for index in range(len(self.places)):
            plane, cell = divmod(index, self._down * self._across)
            top, left = (cell // self._across) * rows, (cell % self._across) * columns
            channels = slice(None) if self.together else slice(plane, plane + 1)
            target = pixels[top : top + rows, left : left + columns, channels]
            part = self._part(stream, index, rows if self.tiled else len(target), target.shape[2])
            target[...] = part[: target.shape[0], : target.shape[1]]
        return pixels

    def _check(self) -> None:
        """Raise, before memory is taken, where the parts do not make up the picture."""
        (height, width, samples), (rows, columns) = self.shape, self.size
        if rows < 1 or columns < 1 or rows * columns > 4 * height * width + 2**24:
            raise ValueError(f"the TIFF file is damaged: its parts are {rows} x {columns} pixels")
        expected = self._down * self._across * (1 if self.together else samples)
        if len(self.places) != expected:
            raise ValueError(f"the TIFF file has {len(self.places)} parts of {expected}")
        if self.predictor not in (1, _BY_DIFFERENCE, _BY_BYTE_DIFFERENCE):
            raise ValueError(f"TIFF predictor {self.predictor} is not read")

    def _part(self, stream: IO[bytes], index: int, height: int, samples: int) -> Array:
        """Return one tile or strip, ``(height, columns, samples)``."""
        data = self._bytes(stream, index)
        if self.compression == JPEG:
            return _from_jpeg(self._jpeg(data), height, self.size[1], samples)
        data = data.translate(_REVERSED) if self.reverse_bits else data
        row = -(-self.size[1] * samples * self.bits // 8)
        plain = _decompress(self.compression, data, height * row)
        if len(plain) < height * row:
            raise ValueError(f"part {index} of the TIFF file is cut off")
        rows = np.frombuffer(plain, np.uint8, height * row).reshape(height, row)
        return self._samples(rows, samples)

    def _bytes(self, stream: IO[bytes], index: int) -> bytes:
        offset, size = self.places[index]
        if size < 1 or offset + size > stream.seek(0, io.SEEK_END):
            raise ValueError(f"part {index} of the TIFF file is missing or cut off")
        stream.seek(offset)
        return stream.read(size)

    def _samples(self, rows: Array, samples: int) -> Array:
        """Turn rows of bytes into samples, the predictor undone."""
        shape = (len(rows), self.size[1], samples)
        if self.bits < 8:
            bits = np.unpackbits(rows, axis=1)[:, : self.size[1] * samples * self.bits]
            places = 1 << np.arange(self.bits - 1, -1, -1, dtype=np.uint8)
            return (bits.reshape(*shape, self.bits) @ places).astype(np.uint8)
        if self.predictor == _BY_BYTE_DIFFERENCE:
            return _from_byte_differences(rows, samples, self.dtype.itemsize).reshape(shape)
        values = rows.view(self.dtype).reshape(shape)
        if self.predictor == _BY_DIFFERENCE:
            native = self.dtype.newbyteorder("=")
            return np.cumsum(values.astype(native), axis=1, dtype=native)
        return values

    def _jpeg(self, data: bytes) -> bytes:
        """Return a JPEG file of its own: with the common tables, and a note on its colours."""
        note = struct.pack(">HH5s6xB", 0xFFEE, 14, b"Adobe", 0 if self.jpeg_is_rgb else 1)
        return data[:2] + note + self.jpeg_tables[2:-2] + data[2:]


def _decompress(compression: int, data: bytes, size: int) -> bytes:
    """Return the first `size` bytes, and never more, however many the data would give."""
    if compression == NONE:
        return data
    if compression in (LZW, PACKBITS):
        return _by_libtiff(compression, data, size)
    inflate = zlib.decompressobj()
    plain = inflate.decompress(data, size)
    inflate.decompress(inflate.unconsumed_tail, 1)  # checks the sum at the end
    return plain


def _by_libtiff(compression: int, data: bytes, size: int) -> bytes:
    """Let Pillow's libtiff decompress, from a TIFF file made for it of one row of bytes."""
    tags = {256: size, 257: 1, 258: 8, 259: compression, 262: 1, 277: 1, 278: 1, 279: len(data)}
    tags[273] = 8 + 2 + 12 * (len(tags) + 1) + 4
    entries = [struct.pack("<HHII", tag, 4, 1, tags[tag]) for tag in sorted(tags)]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    with TiffImageFile(io.BytesIO(head + b"".join(entries) + bytes(4) + data)) as row:
        row.im = Image.new("L", row.size).im  # else Pillow would judge the size by its own limit
        return row.tobytes()


def _from_jpeg(file: bytes, height: int, width: int, samples: int) -> Array:
    with Jpeg(io.BytesIO(file)) as picture:
        layers = len(picture.getbands())
        if picture.width != width or picture.height != height or layers != samples:
            raise ValueError(f"a part of the TIFF file is a JPEG of other size: {picture.size}")
        return np.asarray(picture).reshape(picture.height, width, samples)


def _from_byte_differences(rows: Array, samples: int, size: int) -> Array:
    """Undo the predictor of floats: differences of bytes, the high bytes of a row first."""
    high_first = np.cumsum(rows.reshape(len(rows), -1, samples), axis=1, dtype=np.uint8)
    by_value = high_first.reshape(len(rows), size, -1).swapaxes(1, 2)
    return np.ascontiguousarray(by_value).view(f">f{size}")

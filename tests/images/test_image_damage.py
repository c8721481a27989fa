"""Damaged files: a picture, or an OSError or ValueError that names the file; nothing else."""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from acetate import images

Y, X = np.mgrid[0:24, 0:20]
RGB = np.dstack([X * 12, Y * 10, (X * Y) % 256]).astype(np.uint8)


def pillow(kind, picture, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def tiff(pixels, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, photometric="rgb", **options)
    return buffer.getvalue()


def deep_png(tmp_path):
    images.write(tmp_path / "deep.png", RGB.astype(np.uint16) * 257)
    return (tmp_path / "deep.png").read_bytes()


PICTURE = Image.fromarray(RGB)
EXIF = Image.Exif()
EXIF[274] = 6
FILES = {
    "png": lambda _: pillow("PNG", PICTURE, exif=EXIF),
    "png palette": lambda _: pillow("PNG", PICTURE.quantize(9), transparency=2),
    "png 16": deep_png,
    "jpeg": lambda _: pillow("JPEG", PICTURE, exif=EXIF),
    "jpeg progressive": lambda _: pillow("JPEG", PICTURE, progressive=True),
    "tiff": lambda _: tiff(RGB, metadata=None),
    "tiff deflate": lambda _: tiff(RGB, compression="zlib", predictor=True, rowsperstrip=5),
    "tiff tiles": lambda _: tiff(RGB, tile=(16, 16)),
    "tiff jpeg": lambda _: pillow("TIFF", PICTURE, compression="jpeg"),
    "tiff lzw": lambda _: pillow("TIFF", PICTURE, compression="tiff_lzw"),
    "tiff palette": lambda _: pillow("TIFF", PICTURE.quantize(9)),
    "webp": lambda _: pillow("WEBP", PICTURE, lossless=True),
    "bmp": lambda _: pillow("BMP", PICTURE.quantize(9)),
    "gif": lambda _: pillow("GIF", PICTURE.quantize(9), transparency=2),
}


def attempt(path, data):
    """Read the bytes as a file: a picture, or None where that is refused in the right way."""
    path.write_bytes(data)
    try:
        return images.read(path, max_pixels=2**16)
    except (OSError, ValueError) as error:
        message = str(error)
    assert str(path) in message
    assert len(message) > len(str(path)) + 5
    return None


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize("kind", FILES)
def test_cut_off_anywhere(tmp_path, capfd, monkeypatch, kind, tolerant):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", tolerant)  # as many scripts do
    data = FILES[kind](tmp_path)
    path = tmp_path / "damaged"
    whole = attempt(path, data)
    assert whole is not None
    cuts = {*range(0, len(data), 10), *range(len(data) - 20, len(data))}
    for cut in cuts:
        read = attempt(path, data[:cut])
        # An end mark may be missing; half a picture may not.
        assert read is None or np.array_equal(read, whole)
    if kind != "tiff lzw":  # libtiff, which has it from us for nothing else, reports by itself
        assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", FILES)
def test_bytes_flipped_anywhere(tmp_path, capfd, kind):
    data = FILES[kind](tmp_path)
    path = tmp_path / "damaged"
    for place in range(0, len(data), max(1, len(data) // 300)):
        for flip in (1, 0x80, 0xFF):
            read = attempt(path, data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :])
            assert read is None or not kind.startswith("png")  # every byte is under a checksum
    if kind != "tiff lzw":
        assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["png", "png 16", "jpeg", "tiff deflate"])
def test_noise_behind_a_true_beginning(tmp_path, kind):
    data = FILES[kind](tmp_path)
    path = tmp_path / "damaged"
    rng = np.random.default_rng(3)
    for start in range(8, len(data), len(data) // 20):
        read = attempt(path, data[:start] + rng.bytes(len(data) - start))
        assert read is None or kind == "jpeg"


def test_a_wrong_checksum_is_said(tmp_path):
    data = bytearray(FILES["png"](tmp_path))
    data[-30] ^= 1
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(
        ValueError, match=r"a\.png: .* damaged: wrong checksum in its b'IDAT' chunk"
    ):
        images.read(tmp_path / "a.png")


def test_errors_of_decoders_say_their_kind(tmp_path):
    path = tmp_path / "a.tif"
    data = bytearray(FILES["tiff deflate"](tmp_path))
    data[-30] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"a\.tif: cannot be decoded \(error: Error -3 while deco"):
        images.read(path)
    path.write_bytes(b"II*\0\x08\0\0\0\5\0")
    with pytest.raises(ValueError, match=r"a\.tif: corrupted IFD structure"):
        images.read(path)
    path.write_bytes(b"II*\0\x08\0\0\0")
    with pytest.raises(ValueError, match="the TIFF file has no readable page in full size"):
        images.read(path)


def test_a_png_without_pixels_or_of_an_unknown_kind(tmp_path):
    data = FILES["png"](tmp_path)
    path = tmp_path / "a.png"
    path.write_bytes(data[:33] + data[-12:])
    with pytest.raises(ValueError, match="the PNG file has no header or no pixels"):
        images.read(path)
    head = data[12:25] + b"\5" + data[26:29]
    path.write_bytes(data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:])
    with pytest.raises(ValueError, match="the PNG file has the unknown colour type 5"):
        images.read(path)

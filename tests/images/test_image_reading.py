"""Pictures are read as a person would see them, or refused; nothing is lost without a word."""

import os

import numpy as np
import pytest
from made_by_hand import chunk, deep_png, png
from PIL import Image

from acetate import images

Y, X = np.mgrid[0:24, 0:20]
RGB = np.dstack([X * 12, Y * 10, (X * Y) % 256]).astype(np.uint8)
GRAY = RGB[:, :, 2].copy()
OPACITY = (np.arange(480).reshape(24, 20) % 256).astype(np.uint8)
RGBA = np.dstack([RGB, OPACITY])
DEEP = RGB.astype(np.uint16) * 257 - (X % 3)[:, :, np.newaxis].astype(np.uint16)


def save(path, picture, **options):
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(path, **options)
    return path


class TestKinds:
    @pytest.mark.parametrize("pixels", [GRAY, RGB, RGBA, RGBA[:, :, 2:]], ids=lambda p: p.shape)
    def test_png(self, tmp_path, pixels):
        path = save(tmp_path / "a.png", pixels)
        np.testing.assert_array_equal(images.read(path), pixels)

    @pytest.mark.parametrize("pixels", [GRAY, RGB], ids=lambda p: p.shape)
    def test_jpeg(self, tmp_path, pixels):
        path = save(tmp_path / "a.jpg", pixels, quality=95)
        read = images.read(path)
        assert read.shape == pixels.shape
        with Image.open(path) as picture:
            np.testing.assert_array_equal(read, picture)

    @pytest.mark.parametrize("pixels", [RGB, RGBA], ids=lambda p: p.shape)
    def test_webp(self, tmp_path, pixels):
        path = save(tmp_path / "a.webp", pixels, lossless=True, exact=True)
        np.testing.assert_array_equal(images.read(path), pixels)

    @pytest.mark.parametrize("pixels", [GRAY, RGB], ids=lambda p: p.shape)
    def test_bmp(self, tmp_path, pixels):
        path = save(tmp_path / "a.bmp", pixels)
        np.testing.assert_array_equal(images.read(path), pixels)

    def test_the_content_decides_not_the_suffix(self, tmp_path):
        path = save(tmp_path / "wrong.jpg", RGB, format="PNG")
        facts = images.info(path)
        assert facts.format == "PNG"
        np.testing.assert_array_equal(images.read(path), RGB)

    def test_what_is_read_can_be_written_to(self, tmp_path):
        for name in ("a.png", "a.jpg", "a.bmp", "a.tif"):
            read = images.read(save(tmp_path / name, RGB))
            assert read.flags.writeable
            assert read.flags.c_contiguous

    @pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "a.gif"])
    def test_black_and_white_becomes_0_and_255(self, tmp_path, name):
        path = save(tmp_path / name, Image.fromarray(GRAY > 99))
        expected = np.where(GRAY > 99, 255, 0).astype(np.uint8)
        read = images.read(path)
        assert read.dtype == np.uint8
        np.testing.assert_array_equal(read if read.ndim == 2 else read[:, :, 0], expected)

    @pytest.mark.parametrize("bits", [2, 4])
    def test_few_grays_become_0_to_255(self, tmp_path, bits):
        path = tmp_path / "a.png"
        path.write_bytes(png(8 // bits, 1, bits, 0, b"\0" + bytes([0b00_01_10_11])))
        expected = [[0, 85, 170, 255]] if bits == 2 else [[0x11, 0xBB]]
        np.testing.assert_array_equal(images.read(path), expected)
        np.testing.assert_array_equal(
            images.read_labels(path), [[0, 1, 2, 3]] if bits == 2 else [[1, 11]]
        )

    def test_cmyk_becomes_rgb(self, tmp_path):
        path = save(tmp_path / "a.jpg", Image.fromarray(RGB).convert("CMYK"), quality=100)
        read, facts = images.read_with_facts(path)
        assert facts.mode == "cmyk"
        assert read.shape == RGB.shape
        assert np.abs(read.astype(int) - RGB).mean() < 3

    def test_other_files_are_refused_by_name(self, tmp_path):
        path = tmp_path / "notes\n.png"
        path.write_text("Dear diary")
        with pytest.raises(
            ValueError, match=r"notes\\n\.png: is no PNG, .* begins with b'Dear dia'"
        ):
            images.read(path)
        path.write_bytes(b"RIFF\0\0\0\0WAVEfmt ")
        with pytest.raises(ValueError, match="is no PNG"):
            images.read(path)
        path.write_bytes(b"")
        with pytest.raises(ValueError, match="is no PNG"):
            images.read(path)

    def test_unread_pixels_are_refused(self, tmp_path, monkeypatch):
        path = save(tmp_path / "a.bmp", RGB)
        monkeypatch.setattr("acetate.images.pillow._MODES", {})
        with pytest.raises(ValueError, match=r"a\.bmp: pixels of the kind 'RGB' are not read"):
            images.read(path)

    def test_errors_of_the_system_name_the_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"none\.png"):
            images.read(tmp_path / "none.png")
        with pytest.raises(IsADirectoryError, match=os.path.basename(tmp_path)):
            images.info(tmp_path)

    def test_unknown_options(self, tmp_path):
        path = save(tmp_path / "a.png", RGB)
        with pytest.raises(
            ValueError, match="alpha must be one of keep, drop, over_white, got 'x'"
        ):
            images.read(path, alpha="x")
        with pytest.raises(ValueError, match="profile must be one of to_srgb, ignore, got 'x'"):
            images.read(path, profile="x")


class TestPalettes:
    def test_expanded_to_rgb(self, tmp_path):
        picture = Image.fromarray(RGB).quantize(9)
        for name in ("a.png", "a.bmp", "a.tif", "a.gif"):
            path = save(tmp_path / name, picture)
            np.testing.assert_array_equal(images.read(path), picture.convert("RGB"))
            np.testing.assert_array_equal(images.read_labels(path), picture)
            assert images.info(path).mode == "palette"

    @pytest.mark.parametrize("name", ["a.png", "a.gif"])
    def test_a_see_through_colour_gives_opacity(self, tmp_path, name):
        picture = Image.fromarray(RGB).quantize(9)
        path = save(tmp_path / name, picture, transparency=3)
        read, facts = images.read_with_facts(path)
        assert facts.alpha
        np.testing.assert_array_equal(read[:, :, :3], picture.convert("RGB"))
        np.testing.assert_array_equal(read[:, :, 3], np.where(np.asarray(picture) == 3, 0, 255))

    def test_gray_gif_with_a_see_through_gray(self, tmp_path):
        gray = np.arange(256, dtype=np.uint8).reshape(16, 16)
        path = save(tmp_path / "a.gif", gray, transparency=7)
        read = images.read(path)
        np.testing.assert_array_equal(read[:, :, 0], gray)
        np.testing.assert_array_equal(read[:, :, 3], np.where(gray == 7, 0, 255))

    def test_colours_beyond_the_palette_are_damage(self, tmp_path):
        path = tmp_path / "a.png"
        path.write_bytes(png(2, 1, 8, 3, b"\0\0\5", chunk(b"PLTE", b"abcdef")))
        with pytest.raises(ValueError, match=r"a\.png: is damaged: a pixel has colour 5 of .* 2"):
            images.read(path)


class TestSixteenBits:
    """Pillow cuts several channels of 16 bits to 8; that must never happen here."""

    @pytest.mark.parametrize(
        ("pixels", "colour"),
        [
            (DEEP[:, :, 0], 0),
            (DEEP[:, :, :2], 4),
            (DEEP, 2),
            (np.dstack([DEEP, DEEP[:, :, 0]]), 6),
        ],
        ids=["gray", "gray+alpha", "rgb", "rgba"],
    )
    def test_png_keeps_every_bit(self, tmp_path, pixels, colour):
        path = tmp_path / "a.png"
        path.write_bytes(deep_png(pixels, colour))
        read, facts = images.read_with_facts(path)
        assert read.dtype == np.uint16
        assert facts.bits == 16
        np.testing.assert_array_equal(read, pixels)

    @pytest.mark.parametrize(("pixels", "colour"), [(DEEP[:, :, 0], 0), (DEEP, 2)])
    def test_a_transparent_colour_of_16_bits(self, tmp_path, pixels, colour):
        path = tmp_path / "a.png"
        key = np.atleast_1d(pixels[3, 4])
        path.write_bytes(deep_png(pixels, colour, chunk(b"tRNS", key.astype(">u2").tobytes())))
        read = images.read(path)
        layers = pixels.reshape(24, 20, -1)
        np.testing.assert_array_equal(read[:, :, :-1], layers)
        hidden = (layers == key).all(axis=2)
        np.testing.assert_array_equal(read[:, :, -1], np.where(hidden, 0, 65535))

    def test_a_transparent_gray_of_few_bits(self, tmp_path):
        path = tmp_path / "a.png"
        rows = b"\0" + bytes([0b00_01_10_11])
        path.write_bytes(png(4, 1, 2, 0, rows, chunk(b"tRNS", b"\0\2")))
        expected = [[[0, 255], [85, 255], [170, 0], [255, 255]]]
        np.testing.assert_array_equal(images.read(path), expected)

    def test_a_transparent_colour_of_other_channels_is_damage(self, tmp_path):
        path = tmp_path / "a.png"
        path.write_bytes(deep_png(DEEP, 2, chunk(b"tRNS", b"\0\2")))
        with pytest.raises(ValueError, match="its transparent colour has other channels"):
            images.read(path)


class TestOpacity:
    def test_kept_unless_asked_otherwise(self, tmp_path):
        path = save(tmp_path / "a.png", RGBA)
        np.testing.assert_array_equal(images.read(path), RGBA)
        np.testing.assert_array_equal(images.read(path, alpha="drop"), RGB)

    def test_over_white_as_pillow_lays_it(self, tmp_path):
        path = save(tmp_path / "a.png", RGBA)
        white = Image.new("RGBA", (20, 24), "white")
        expected = Image.alpha_composite(white, Image.fromarray(RGBA)).convert("RGB")
        read = images.read(path, alpha="over_white")
        assert read.dtype == np.uint8
        assert np.abs(read.astype(int) - np.asarray(expected)).max() <= 1

    def test_gray_with_opacity(self, tmp_path):
        path = save(tmp_path / "a.png", np.dstack([GRAY, OPACITY]))
        np.testing.assert_array_equal(images.read(path, alpha="drop"), GRAY)
        over = images.read(path, alpha="over_white")
        assert over.shape == GRAY.shape
        np.testing.assert_array_equal(over[OPACITY == 0], 255)
        np.testing.assert_array_equal(over[OPACITY == 255], GRAY[OPACITY == 255])

    def test_floats_stay_floats(self, tmp_path):
        pixels = np.dstack([GRAY / 255, OPACITY / 255]).astype(np.float32)
        images.write(tmp_path / "a.tif", pixels)
        over = images.read(tmp_path / "a.tif", alpha="over_white")
        assert over.dtype == np.float32
        expected = pixels[:, :, 0] * pixels[:, :, 1] + 1 - pixels[:, :, 1]
        np.testing.assert_allclose(over, expected, atol=1e-6)

    def test_without_opacity_nothing_changes(self, tmp_path):
        path = save(tmp_path / "a.png", RGB)
        for alpha in ("keep", "drop", "over_white"):
            np.testing.assert_array_equal(images.read(path, alpha=alpha), RGB)


class TestLabels:
    def test_colours_and_lossy_files_are_refused(self, tmp_path):
        with pytest.raises(ValueError, match="labels have one channel, this file has rgb pixels"):
            images.read_labels(save(tmp_path / "a.png", RGB))
        with pytest.raises(ValueError, match="labels have one channel"):
            images.read_labels(save(tmp_path / "b.png", np.dstack([GRAY, OPACITY])))
        with pytest.raises(ValueError, match=r"b\.jpg: JPEG does not keep labels"):
            images.read_labels(save(tmp_path / "b.jpg", GRAY))

    def test_black_and_white_is_0_and_1(self, tmp_path):
        for name in ("a.png", "a.bmp", "a.tif"):
            path = save(tmp_path / name, Image.fromarray(GRAY > 99))
            read = images.read_labels(path)
            assert read.dtype == np.int32
            np.testing.assert_array_equal(read, GRAY > 99)

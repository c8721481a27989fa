"""Pictures are read as a person would see them, or refused; nothing is lost without a word."""

import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

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


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, rows, *extra):
    """A PNG file put together by hand; `rows` are bytes, one filter byte before each row."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body


def deep_png(pixels, colour, *extra):
    rows = pixels.astype(">u2").reshape(len(pixels), -1).view(np.uint8)
    rows = np.hstack([np.zeros((len(rows), 1), np.uint8), rows])
    return png(pixels.shape[1], len(pixels), 16, colour, rows.tobytes(), *extra)


def profile(name, space=b"RGB ", gamma=1.0):
    """A small ICC profile: sRGB's primaries under another tone curve."""

    def xyz(*values):
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = name.encode() + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78),
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
    }
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        tags |= {b"rXYZ": xyz(0.4361, 0.2225, 0.0139), b"rTRC": curve}
        tags |= {b"gXYZ": xyz(0.3851, 0.7169, 0.0971), b"gTRC": curve}
        tags |= {b"bXYZ": xyz(0.1431, 0.0606, 0.7139), b"bTRC": curve}
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        table += tag + struct.pack(">II", at + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", 0, b"none", 0x02100000, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(24) + b"\0\0\0\0"
    head += struct.pack(">3i", 63190, 65536, 54061)
    icc = head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(icc)) + icc[4:]


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


class TestOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif"])
    def test_a_marked_pixel_is_where_the_matrix_says(self, tmp_path, name, orientation):
        stored = np.zeros((48, 32, 3), np.uint8)
        stored[8:16, 24:32] = 255  # a JPEG block, so that it stays white
        exif = Image.Exif()
        exif[274] = orientation
        lossless = {"lossless": True} if name == "a.webp" else {}
        path = save(tmp_path / name, stored, exif=exif, **lossless)
        read, facts = images.read_with_facts(path)
        assert facts == images.info(path)
        assert facts.orientation == orientation
        assert facts.stored_shape == (48, 32)
        assert facts.shape == read.shape[:2] == ((32, 48) if orientation > 4 else (48, 32))
        corners = np.array([facts.matrix @ (*corner, 1) for corner in [(24, 8), (32, 16)]])
        (left, top), (right, bottom) = corners.min(axis=0)[:2], corners.max(axis=0)[:2]
        white = read.min(axis=2) > 127
        assert white.sum() == 64
        assert white[int(top) : int(bottom), int(left) : int(right)].all()

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_turned_as_pillow_turns_it(self, tmp_path, orientation):
        exif = Image.Exif()
        exif[274] = orientation
        path = save(tmp_path / "a.png", RGB, exif=exif)
        with Image.open(path) as picture:
            np.testing.assert_array_equal(images.read(path), ImageOps.exif_transpose(picture))

    @pytest.mark.parametrize("value", [0, 9, 700])
    def test_other_values_mean_as_stored(self, tmp_path, value):
        exif = Image.Exif()
        exif[274] = value
        for name in ("a.jpg", "a.tif"):
            path = save(tmp_path / name, RGB, exif=exif)
            assert images.info(path).orientation == 1

    @pytest.mark.parametrize(
        "block",
        [b"", b"II", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\x09\x01\x12", b"nonsense"],
    )
    def test_damaged_blocks_mean_as_stored(self, tmp_path, block):
        path = save(tmp_path / "a.jpg", RGB, exif=b"Exif\0\0" + block)
        assert images.info(path).orientation == 1
        assert images.read(path).shape == RGB.shape

    def test_labels_are_turned_too(self, tmp_path):
        exif = Image.Exif()
        exif[274] = 6
        path = save(tmp_path / "a.png", GRAY, exif=exif)
        np.testing.assert_array_equal(images.read_labels(path), np.rot90(GRAY, -1))


class TestProfiles:
    def test_other_profiles_are_converted_or_on_demand_ignored(self, tmp_path):
        linear = profile("Linear test")
        for name, options in (("a.png", {}), ("a.tif", {}), ("a.webp", {"lossless": True})):
            path = save(tmp_path / name, RGB, icc_profile=linear, **options)
            assert images.info(path).profile == "Linear test"
            np.testing.assert_array_equal(images.read(path, profile="ignore"), RGB)
            share = RGB / 255
            srgb = np.where(share <= 0.0031308, 12.92 * share, 1.055 * share ** (1 / 2.4) - 0.055)
            assert np.abs(images.read(path) - 255 * srgb).max() < 3

    def test_gray_profiles_give_gray_and_opacity_is_left_alone(self, tmp_path):
        pixels = np.dstack([GRAY, OPACITY])
        path = save(tmp_path / "a.png", pixels, icc_profile=profile("Dot gain", b"GRAY"))
        read = images.read(path)
        assert read.shape == pixels.shape
        np.testing.assert_array_equal(read[:, :, 1], OPACITY)
        assert (read[:, :, 0] >= GRAY).all()
        assert (read[:, :, 0] > GRAY).any()

    def test_palettes_too(self, tmp_path):
        picture = Image.fromarray(RGB).quantize(9)
        path = save(tmp_path / "a.png", picture, icc_profile=profile("Linear test"))
        plain = images.read(path, profile="ignore")
        assert (images.read(path) >= plain).all()
        assert (images.read(path) != plain).any()

    def test_srgb_and_profiles_of_another_kind_change_nothing(self, tmp_path):
        for icc in (profile("sRGB, ours"), profile("Dot gain", b"GRAY")):
            path = save(tmp_path / "a.png", RGB, icc_profile=icc)
            np.testing.assert_array_equal(images.read(path), RGB)

    def test_16_bits_are_not_cut_for_it(self, tmp_path):
        icc = chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile("Linear test")))
        path = tmp_path / "a.png"
        path.write_bytes(deep_png(DEEP, 2, icc))
        with pytest.raises(
            ValueError, match=r"a\.png: .*'Linear test' is converted .* 8 bits only"
        ):
            images.read(path)
        np.testing.assert_array_equal(images.read(path, profile="ignore"), DEEP)

    def test_damaged_profiles(self, tmp_path):
        path = save(tmp_path / "a.png", RGB, icc_profile=b"nonsense")
        assert images.info(path).profile == "damaged"
        with pytest.raises(
            ValueError, match="its colour profile is damaged; pass profile='ignore'"
        ):
            images.read(path)
        np.testing.assert_array_equal(images.read(path, profile="ignore"), RGB)

    def test_nameless_profiles(self, tmp_path):
        path = save(tmp_path / "a.png", RGB, icc_profile=profile(""))
        assert images.info(path).profile == "unnamed"


class TestPages:
    def frames(self):
        return [Image.fromarray(np.roll(RGB, 3 * k, axis=1)) for k in range(3)]

    @pytest.mark.parametrize("name", ["a.tif", "a.webp", "a.gif"])
    def test_several_are_refused_unless_one_is_chosen(self, tmp_path, name):
        first, *rest = self.frames()
        options = {"lossless": True} if name == "a.webp" else {}
        path = save(tmp_path / name, first, save_all=True, append_images=rest, **options)
        assert images.info(path).pages == 3
        with pytest.raises(ValueError, match=r"holds 3 pages; choose one with page=0 to page=2"):
            images.read(path)
        for page in range(3):
            read, facts = images.read_with_facts(path, page=page)
            assert facts.page == page
            expected = np.asarray(self.frames()[page]).astype(int)
            # a GIF has 256 colours for 480 pixels
            assert np.abs(read[:, :, :3] - expected).max() < (30 if name == "a.gif" else 1)
        for page in (3, -1):
            with pytest.raises(ValueError, match=f"there is no page {page}: the pages are 0 to 2"):
                images.read(path, page=page)

    def test_later_gif_frames_are_drawn_on_those_before(self, tmp_path):
        first, *rest = self.frames()
        path = save(tmp_path / "a.gif", first, save_all=True, append_images=rest)
        assert images.read(path, page=0).shape == (24, 20, 3)
        read, facts = images.read_with_facts(path, page=1)
        assert facts.alpha
        assert read.shape == (24, 20, 4)

    def test_page_0_of_a_single_page_is_fine(self, tmp_path):
        for name in ("a.png", "a.jpg", "a.bmp", "a.gif", "a.tif", "a.webp"):
            path = save(tmp_path / name, RGB)
            assert images.read(path, page=0).shape == RGB.shape
            with pytest.raises(ValueError, match="there is no page 1"):
                images.read(path, page=1)

    def test_of_an_animated_png_only_the_still_is_read(self, tmp_path):
        first, *rest = self.frames()
        path = save(tmp_path / "a.png", first, save_all=True, append_images=rest)
        with pytest.raises(ValueError, match="holds 3 pages"):
            images.read(path)
        np.testing.assert_array_equal(images.read(path, page=0), RGB)
        with pytest.raises(ValueError, match="page 2 is a frame of an animated PNG"):
            images.read(path, page=2)

    @pytest.mark.parametrize(("kind", "pages"), [(0x020002, 2), (0x010001, 1), (0, 1)])
    def test_of_a_jpeg_with_pictures_behind_it_only_the_first_is_read(self, tmp_path, kind, pages):
        """Stereo pairs are pages; thumbnails and gain maps are the same picture again."""
        path = save(tmp_path / "a.jpg", RGB)
        entries = struct.pack("<IIIHH", kind, 1000, 0, 0, 0) * 2
        block = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0xB002, 7, 32, 26) + bytes(4)
        block = b"MPF\0" + block + entries
        data = path.read_bytes()
        path.write_bytes(
            data[:2] + b"\xff\xe2" + struct.pack(">H", len(block) + 2) + block + data[2:] + data
        )
        assert images.info(path).pages == pages
        assert images.read(path, page=0).shape == RGB.shape
        if pages == 2:
            with pytest.raises(ValueError, match="holds 2 pages"):
                images.read(path)
            with pytest.raises(ValueError, match="page 1 is a further picture of a JPEG"):
                images.read(path, page=1)
        else:
            assert images.read(path).shape == RGB.shape


class TestLimits:
    def claims(self, height, width):
        """Small files whose headers say that the picture is large."""
        small = Image.fromarray(RGB)
        size = struct.pack(">HH", min(height, 65535), min(width, 65535))
        for kind in ("PNG", "JPEG", "TIFF", "GIF", "BMP"):
            buffer = io.BytesIO()
            small.save(buffer, kind)
            data = bytearray(buffer.getvalue())
            if kind == "PNG":
                data = png(width, height, 8, 2, b"\0")
            elif kind == "JPEG":
                at = data.index(b"\xff\xc0") + 5
                data[at : at + 4] = size
            elif kind == "GIF":
                data[6:10] = struct.pack("<HH", min(width, 65535), min(height, 65535))
            elif kind == "BMP":
                data[18:26] = struct.pack("<ii", width, height)
            else:
                data = bytes(data)
                for tag, value in ((256, width), (257, height), (278, height)):
                    at = data.index(struct.pack("<HHI", tag, 4, 1))
                    data = data[: at + 8] + struct.pack("<I", value) + data[at + 12 :]
            yield kind, bytes(data)

    def test_headers_that_claim_a_billion_pixels(self, tmp_path):
        for kind, data in self.claims(50_000, 50_000):
            path = tmp_path / f"a.{kind}"
            path.write_bytes(data)
            with pytest.raises(
                ValueError, match=r"50000 x 50000 pixels of \d channel\(s\) are out"
            ):
                images.read(path)
            assert images.info(path).shape == (50_000, 50_000)

    def test_the_limit_is_the_callers(self, tmp_path):
        path = save(tmp_path / "a.png", RGB)
        assert images.read(path, max_pixels=480).shape == RGB.shape
        with pytest.raises(ValueError, match=r"24 x 20 .* limit of max_pixels=479"):
            images.read(path, max_pixels=479)
        with pytest.raises(ValueError, match="max_pixels=479"):
            images.read_labels(path, max_pixels=479)

    def test_pictures_without_pixels(self, tmp_path):
        path = tmp_path / "a.png"
        path.write_bytes(png(0, 5, 8, 2, b""))
        with pytest.raises(ValueError, match="5 x 0 pixels"):
            images.read(path)


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

"""What headers say: how pictures are turned, their colour profiles, pages, and sizes."""

import io
import struct
import zlib

import numpy as np
import pytest
from made_by_hand import chunk, deep_png, png, profile
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

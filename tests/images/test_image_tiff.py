"""TIFF files of every make: exact, or refused; half a picture is never given."""

import logging
import struct
import tempfile
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from acetate import images

Y, X = np.mgrid[0:70, 0:50]
RGB = np.dstack([X * 5, Y * 3, (X * Y) % 256]).astype(np.uint8)
GRAY = RGB[:, :, 2].copy()
DEEP = RGB.astype(np.uint16) * 257 - (X % 3)[:, :, np.newaxis].astype(np.uint16)
FLOAT = ((X * Y) % 997 / 997).astype(np.float32)


def pillow(path, picture, **options):
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture.save(path, **options)
    return path


def tiff(path, pixels, **options):
    tifffile.imwrite(path, pixels, **options)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


def with_tag(path, tag, value):
    """Change a tag of the first page that holds one short or long number."""
    with tifffile.TiffFile(path) as file:
        found = file.pages[0].tags[tag]
        at, code = found.valueoffset, {3: "<H", 4: "<I"}[found.dtype]
    data = bytearray(path.read_bytes())
    data[at : at + struct.calcsize(code)] = struct.pack(code, value)
    path.write_bytes(data)
    return path


class TestStorage:
    @pytest.mark.parametrize("compression", [None, "tiff_lzw", "packbits", "tiff_adobe_deflate"])
    @pytest.mark.parametrize("pixels", [RGB, GRAY, DEEP[:, :, 0]], ids=["rgb", "gray", "gray 16"])
    def test_compressions(self, path, pixels, compression):
        pillow(path, pixels, compression=compression)
        read = images.read(path)
        assert read.dtype == pixels.dtype
        np.testing.assert_array_equal(read, pixels)

    @pytest.mark.parametrize("compression", [None, "tiff_lzw", "packbits", "tiff_deflate"])
    def test_one_bit(self, path, compression):
        pillow(path, Image.fromarray(GRAY > 99), compression=compression)
        np.testing.assert_array_equal(images.read(path), np.where(GRAY > 99, 255, 0))

    @pytest.mark.parametrize("mode", ["L", "RGB", "YCbCr"])
    def test_jpeg_inside(self, path, mode):
        pillow(path, Image.fromarray(RGB).convert(mode), compression="jpeg", strip_size=1000)
        with tifffile.TiffFile(path) as file:
            assert len(file.pages[0].dataoffsets) > 1
        with Image.open(path) as picture:
            expected = picture.convert("L" if mode == "L" else "RGB")
            np.testing.assert_array_equal(images.read(path), expected)

    @pytest.mark.parametrize("pixels", [RGB, DEEP[:, :, 1]], ids=["8", "16"])
    def test_differences_of_neighbours(self, path, pixels):
        pillow(path, pixels, compression="tiff_lzw", tiffinfo={317: 2})
        np.testing.assert_array_equal(images.read(path), pixels)

    def test_differences_of_bytes_of_floats(self, path):
        pillow(path, FLOAT, compression="tiff_adobe_deflate", tiffinfo={317: 3})
        np.testing.assert_array_equal(images.read(path), FLOAT)

    @pytest.mark.parametrize(
        "options",
        [
            {"tile": (32, 16)},
            {"rowsperstrip": 9},
            {"byteorder": ">"},
            {"byteorder": ">", "bigtiff": True},
            {"compression": "zlib", "predictor": True, "rowsperstrip": 9},
        ],
        ids=str,
    )
    def test_layouts(self, path, options):
        tiff(path, DEEP, photometric="rgb", **options)
        np.testing.assert_array_equal(images.read(path), DEEP)
        apart = np.moveaxis(DEEP, 2, 0)
        tiff(path, apart, photometric="rgb", planarconfig="separate", **options)
        np.testing.assert_array_equal(images.read(path), DEEP)

    @settings(max_examples=40, deadline=None)
    @given(
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3])),
        st.sampled_from(["u1", "u2", "f4", "f8"]),
        st.sampled_from([{}, {"tile": (16, 16)}, {"rowsperstrip": 7}, {"compression": "zlib"}]),
    )
    def test_any_size(self, shape, dtype, options):
        rng = np.random.default_rng(1)
        pixels = rng.random(shape) if dtype[0] == "f" else rng.integers(0, 256, shape)
        pixels = pixels.astype(dtype)
        stored = pixels[:, :, 0] if shape[2] == 1 else pixels
        kind = "minisblack" if shape[2] == 1 else "rgb"
        with tempfile.TemporaryDirectory() as folder:
            path = tiff(Path(folder, "a.tif"), stored, photometric=kind, **options)
            np.testing.assert_array_equal(images.read(path), stored)

    def test_bits_in_reverse_order(self, path):
        pillow(path, Image.fromarray(GRAY > 99), tiffinfo={266: 2})
        with Image.open(path) as picture:
            np.testing.assert_array_equal(images.read(path), picture.convert("L"))

    def test_few_bits(self, path):
        """Four grays, two bits each, written by hand: Pillow and tifffile write none."""
        tags = {256: 5, 257: 2, 258: 2, 259: 1, 262: 1, 273: 122, 277: 1, 278: 2, 279: 4}
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
        data = struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + entries + bytes(4)
        path.write_bytes(data + bytes([0b00_01_10_11, 0b01 << 6, 0b11_10_01_00, 0]))
        np.testing.assert_array_equal(
            images.read(path), [[0, 85, 170, 255, 85], [255, 170, 85, 0, 0]]
        )
        np.testing.assert_array_equal(images.read_labels(path), [[0, 1, 2, 3, 1], [3, 2, 1, 0, 0]])


class TestMeaning:
    def test_white_may_be_0(self, path):
        tiff(path, GRAY, photometric="miniswhite")
        np.testing.assert_array_equal(images.read(path), 255 - GRAY)

    def test_palettes_keep_the_bits_they_have(self, path):
        colours = np.tile(np.arange(256, dtype=np.uint16), (3, 1))
        colours[0] = colours[0, ::-1]
        for table, expected in (
            (colours * 257, colours.astype(np.uint8)),
            (colours << 8, colours.astype(np.uint8)),
            (colours, colours.astype(np.uint8)),  # a known mistake of writers
            (colours * 250 + 7, colours * 250 + 7),
        ):
            tiff(path, GRAY, photometric="palette", colormap=table)
            read = images.read(path)
            assert read.dtype == expected.dtype
            np.testing.assert_array_equal(read, expected.T[GRAY])
            np.testing.assert_array_equal(images.read_labels(path), GRAY)

    def test_opacity(self, path):
        pixels = np.dstack([RGB, GRAY])
        tiff(path, pixels, photometric="rgb", extrasamples=["unassalpha"])
        assert images.info(path).alpha
        np.testing.assert_array_equal(images.read(path), pixels)
        np.testing.assert_array_equal(images.read(path, alpha="drop"), RGB)

    @pytest.mark.parametrize("dtype", [np.uint8, np.float32])
    def test_colours_multiplied_by_their_opacity_are_divided(self, path, dtype):
        full = 255 if dtype == np.uint8 else 1
        opacity = np.maximum(GRAY, 1) / 255
        opacity[0, 0] = 0
        colours = RGB / 255
        pixels = np.dstack([colours * opacity[:, :, np.newaxis], opacity]) * full
        pixels = (np.rint(pixels) if full == 255 else pixels).astype(dtype)
        tiff(path, pixels, photometric="rgb", extrasamples=["assocalpha"])
        read = images.read(path)
        np.testing.assert_array_equal(read[:, :, 3], pixels[:, :, 3])
        error = np.abs(read[:, :, :3] / full - colours) * opacity[:, :, np.newaxis]
        assert error.max() <= (0.005 if full == 255 else 1e-5)
        np.testing.assert_array_equal(read[0, 0], 0)

    @pytest.mark.parametrize("channels", [2, 4, 7])
    def test_channels_that_are_not_explained_are_all_kept(self, path, channels):
        pixels = np.dstack([GRAY + np.uint8(k) for k in range(channels)])
        tiff(path, pixels, photometric="minisblack", planarconfig="contig")
        read, facts = images.read_with_facts(path)
        assert (facts.mode, facts.alpha) == ("bands", False)
        np.testing.assert_array_equal(read, pixels)
        np.testing.assert_array_equal(images.read(path, alpha="drop"), pixels)

    def test_cmyk(self, path):
        picture = Image.fromarray(RGB).convert("CMYK")
        pillow(path, picture)
        np.testing.assert_array_equal(images.read(path), picture.convert("RGB"))

    def test_half_precision_is_read_as_float32(self, path):
        half = FLOAT.astype(np.float16)
        tiff(path, half)
        read = images.read(path)
        assert read.dtype == np.float32
        np.testing.assert_array_equal(read, half)

    def test_floats_outside_0_to_1_are_refused(self, path):
        tiff(path, FLOAT * 50)
        with pytest.raises(ValueError, match=r"a\.tif: image values must lie in \[0, 1\], got"):
            images.read(path)
        tiff(path, np.where(FLOAT > 0.5, np.nan, FLOAT))
        with pytest.raises(ValueError, match=r"a\.tif: image has \d+ NaN or infinite values"):
            images.read(path)

    @pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.uint32])
    def test_whole_numbers_are_no_image_but_labels(self, path, dtype):
        labels = (GRAY // 3).astype(dtype)
        tiff(path, labels)
        with pytest.raises(ValueError, match=rf"holds {labels.dtype} numbers.* read_labels reads"):
            images.read(path)
        read = images.read_labels(path)
        assert read.dtype == np.int32
        np.testing.assert_array_equal(read, labels)

    @pytest.mark.parametrize(
        "labels", [FLOAT, GRAY.astype(np.int32) - 9, np.full((2, 2), 2**31, np.uint32)]
    )
    def test_what_no_label_can_be(self, path, labels):
        tiff(path, labels)
        with pytest.raises(ValueError, match="labels are whole numbers from 0 to 2147483647, got"):
            images.read_labels(path)


class TestPages:
    def test_reduced_copies_are_no_pages(self, path):
        with tifffile.TiffWriter(path) as file:
            file.write(GRAY)
            file.write(GRAY[::2, ::2], subfiletype=1)
        assert images.info(path).pages == 1
        np.testing.assert_array_equal(images.read(path), GRAY)

    def test_only_reduced_copies(self, path):
        tiff(path, GRAY, subfiletype=1)
        with pytest.raises(
            ValueError, match=r"a\.tif: the TIFF file has no readable page in full size"
        ):
            images.read(path)

    @pytest.mark.parametrize("options", [{}, {"imagej": True}], ids=str)
    def test_planes_hidden_behind_one_page_are_not_dropped(self, path, options):
        stack = np.stack([GRAY, GRAY])
        tiff(path, stack, photometric="minisblack", **options)
        np.testing.assert_array_equal(images.read(path, page=1), GRAY)
        tiff(path, stack, photometric="minisblack", truncate=True, **options)
        with pytest.raises(ValueError, match=r"keeps 2 planes in 1 page\(s\); split it"):
            images.read(path, page=0)

    def test_planes_of_metamorph(self, path):
        tag = (33629, 5, 3, (1, 1) * 3, True)
        tiff(path, GRAY, metadata=None, extratags=[tag])
        with pytest.raises(ValueError, match=r"keeps 3 planes in 1 page\(s\)"):
            images.read(path)


class TestRefusals:
    @pytest.mark.parametrize(
        ("tag", "value", "message"),
        [
            (259, 4, r"TIFF compression .*4.* is not read; save the file uncompressed"),
            (262, 8, r"TIFF colours of the kind .* are not read; convert it"),
            (262, 6, r"TIFF colours of the kind .* are not read; convert it"),
            (262, 2, r"TIFF pixels of 1 samples are not read as rgb"),
            (258, 12, r"TIFF samples of 12 bits, format .* are not read"),
        ],
    )
    def test_what_is_not_read(self, path, tag, value, message):
        tiff(path, GRAY)
        with pytest.raises(ValueError, match=rf"a\.tif: {message}"):
            images.read(with_tag(path, tag, value))

    def test_unknown_predictor(self, path):
        pillow(path, GRAY, compression="tiff_lzw", tiffinfo={317: 2})
        with pytest.raises(ValueError, match="TIFF predictor 9 is not read"):
            images.read(with_tag(path, 317, 9))

    def test_cmyk_of_16_bits(self, path):
        tiff(path, np.zeros((4, 4, 4), np.uint16), photometric="separated")
        with pytest.raises(ValueError, match="CMYK are read in 8 bits only"):
            images.read(path)

    def test_volumes(self, path):
        tiff(path, np.zeros((16, 32, 32), np.uint8), volumetric=True, tile=(16, 16, 16))
        with pytest.raises(ValueError, match="16 deep are not read"):
            images.read(path)


class TestDamage:
    def test_parts_cut_off(self, path):
        tiff(path, RGB, photometric="rgb", rowsperstrip=10)
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(ValueError, match=r"part 6 of the TIFF file is missing or cut off"):
            images.read(path)

    def test_parts_too_short(self, path):
        tiff(path, GRAY, metadata=None)
        with pytest.raises(ValueError, match="part 0 of the TIFF file is cut off"):
            images.read(with_tag(path, 279, 99))
        with pytest.raises(ValueError, match="part 0 of the TIFF file is missing or cut off"):
            images.read(with_tag(path, 279, 0))

    def test_parts_that_are_not_there(self, path):
        tiff(path, GRAY, tile=(32, 32), metadata=None)
        with pytest.raises(ValueError, match="the TIFF file has 6 parts of 3"):
            images.read(with_tag(path, 256, 30))

    def test_parts_without_end(self, path):
        tiff(path, GRAY[:16, :16], tile=(16, 16), metadata=None)
        path = with_tag(with_tag(path, 322, 65520), 323, 65520)
        with pytest.raises(ValueError, match="damaged: its parts are 65520 x 65520 pixels"):
            images.read(path)

    def test_jpeg_parts_of_another_size(self, path):
        pillow(path, GRAY, compression="jpeg")
        with pytest.raises(ValueError, match=r"is a JPEG of other size: \(50, 70\)"):
            images.read(with_tag(path, 256, 40))

    def test_a_part_that_would_inflate_without_bound(self, path):
        """What a part holds beyond the picture is not decompressed."""
        tiff(path, GRAY, compression="zlib", metadata=None)
        packed = zlib.compress(bytes(10**8))
        with tifffile.TiffFile(path) as file:
            start, size = file.pages[0].tags[273].valueoffset, file.pages[0].tags[279].valueoffset
        data = bytearray(path.read_bytes())
        data[start : start + 4] = struct.pack("<I", len(data))
        data[size : size + 4] = struct.pack("<I", len(packed))
        path.write_bytes(data + packed)
        tracemalloc.start()
        read = images.read(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert not read.any()
        assert peak < 2_000_000

    def test_what_tifffile_only_logs_is_an_error_and_is_not_logged(self, path, caplog):
        tiff(path, GRAY, rowsperstrip=10, metadata=None)
        with (
            caplog.at_level(logging.DEBUG),
            pytest.raises(ValueError, match=r"a\.tif: the TIFF file is damaged: .*StripByteCounts"),
        ):
            images.read(with_tag(path, 257, 900))
        assert caplog.records == []

    def test_the_log_of_others_is_left_alone(self, caplog):
        logging.getLogger("tifffile").warning("theirs")
        assert [record.message for record in caplog.records] == ["theirs"]

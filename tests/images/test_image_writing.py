"""What is written reads back the same, whole or not at all, in a format that can hold it."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from acetate import images

FORMATS = {
    ".png": (["u1", "u2"], [0, 1, 2, 3, 4]),
    ".tif": (["u1", "u2", "f4", "f8", ">u2", ">f4"], [0, 1, 2, 3, 4, 6]),
    ".TIFF": (["u1"], [3]),
    ".webp": (["u1"], [3, 4]),
}


@st.composite
def pictures(draw):
    suffix = draw(st.sampled_from(list(FORMATS)))
    dtypes, channels = FORMATS[suffix]
    dtype, depth = np.dtype(draw(st.sampled_from(dtypes))), draw(st.sampled_from(channels))
    shape = (draw(st.integers(1, 30)), draw(st.integers(1, 30)), *([depth] if depth else []))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    if dtype.kind == "f":
        return suffix, rng.random(shape).astype(dtype)
    pixels = rng.integers(0, np.iinfo(dtype).max, shape, endpoint=True).astype(dtype)
    if suffix == ".webp" and depth == 4:
        pixels[0, 0, 3] = 7  # opacity of 255 throughout would not be stored
    return suffix, pixels[::-1] if draw(st.booleans()) else pixels


@settings(max_examples=150, deadline=None)
@given(pictures())
def test_what_is_written_reads_back_the_same(picture):
    suffix, pixels = picture
    before = pixels.copy()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        images.write(path, pixels)
        read = images.read(path)
        assert os.listdir(folder) == [path.name]
    expected = pixels[:, :, 0] if pixels.shape[2:] == (1,) else pixels
    assert read.dtype == pixels.dtype.newbyteorder("=")
    np.testing.assert_array_equal(read, expected)
    np.testing.assert_array_equal(pixels, before)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([".png", ".tif", ".tiff"]),
    st.sampled_from([1, 255, 256, 65535, 65536, 2**31 - 1]),
    st.sampled_from([np.int32, np.int64, np.uint32]),
)
def test_labels_take_the_fewest_bits(suffix, most, dtype):
    labels = np.array([[0, most], [1, most // 2]], dtype)
    bits = 8 if most < 256 else 16 if most < 65536 else 32
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        if bits == 32 and suffix == ".png":
            with pytest.raises(
                ValueError, match=rf"PNG holds labels up to 65535, got {most}; .tif"
            ):
                images.write_labels(path, labels)
            return
        images.write_labels(path, labels)
        assert images.info(path).bits == bits
        read = images.read_labels(path)
    assert read.dtype == np.int32
    np.testing.assert_array_equal(read, labels)


def test_masks_are_labels(tmp_path):
    mask = np.eye(3, dtype=bool)
    images.write_labels(tmp_path / "a.png", mask)
    np.testing.assert_array_equal(images.read_labels(tmp_path / "a.png"), mask)


@pytest.mark.parametrize("shape", [(40, 30), (40, 30, 3), (40, 30, 1)], ids=str)
def test_jpeg_is_close_and_its_quality_is_asked_for(tmp_path, shape):
    y, x = np.mgrid[0:40, 0:30]
    pixels = np.dstack([x * 8, y * 6, 255 - x * 8])[:, :, : shape[2] if shape[2:] else 1]
    pixels = pixels.reshape(shape).astype(np.uint8)
    images.write(tmp_path / "fine.jpg", pixels)
    images.write(tmp_path / "coarse.jpeg", pixels, quality=20)
    read = images.read(tmp_path / "fine.jpg")
    assert np.abs(read.reshape(shape).astype(int) - pixels).max() < 10
    assert (tmp_path / "coarse.jpeg").stat().st_size < (tmp_path / "fine.jpg").stat().st_size
    for quality in (0, 101):
        with pytest.raises(ValueError, match=rf"quality must lie in \[1, 100\], got {quality}"):
            images.write(tmp_path / "fine.jpg", pixels, quality=quality)


def test_16_bit_png_is_what_others_read(tmp_path):
    gray = np.arange(600, dtype=np.uint16).reshape(20, 30) * 109
    images.write(tmp_path / "a.png", gray)
    with Image.open(tmp_path / "a.png") as picture:
        np.testing.assert_array_equal(picture, gray)


@pytest.mark.parametrize(
    ("name", "shape", "dtype", "cause"),
    [
        ("a.jpg", (4, 5, 4), "u1", r"JPEG cannot hold 4 x 5 pixels of uint8 in 4 channel\(s\)"),
        ("a.jpg", (4, 5), "u2", "JPEG cannot hold 4 x 5 pixels of uint16"),
        ("a.jpg", (65536, 1), "u1", "JPEG cannot hold 65536 x 1 pixels"),
        ("a.png", (4, 5), "f4", "PNG cannot hold 4 x 5 pixels of float32"),
        ("a.png", (4, 5, 5), "u1", r"PNG cannot hold 4 x 5 pixels of uint8 in 5 channel\(s\)"),
        ("a.webp", (4, 5), "u1", r"WebP cannot hold 4 x 5 pixels of uint8 in 1 channel\(s\)"),
        ("a.webp", (1, 16384, 3), "u1", "WebP cannot hold 1 x 16384 pixels"),
    ],
)
def test_formats_that_cannot_hold_it_name_one_that_can(tmp_path, name, shape, dtype, cause):
    pixels = np.zeros(shape, dtype)
    with pytest.raises(ValueError, match=f"{name}: {cause}.*; .tif can"):
        images.write(tmp_path / name, pixels)
    assert os.listdir(tmp_path) == []
    images.write(tmp_path / "a.tif", pixels)
    np.testing.assert_array_equal(images.read(tmp_path / "a.tif"), pixels)


def test_unknown_suffixes_and_what_is_no_image(tmp_path):
    with pytest.raises(ValueError, match=r"a\.xyz: the suffix must be one of .png, .* got '.xyz'"):
        images.write(tmp_path / "a.xyz", np.zeros((2, 2), np.uint8))
    with pytest.raises(
        ValueError, match="image must be uint8, uint16, float32 or float64, got int"
    ):
        images.write(tmp_path / "a.png", np.zeros((2, 2), np.int32))
    with pytest.raises(TypeError, match="image must be a NumPy array, got list"):
        images.write(tmp_path / "a.png", [[0]])
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "labels", "message"),
    [
        ("a.jpg", np.zeros((2, 2), int), r"a\.jpg: JPEG does not keep labels; .png and .tif do"),
        ("a.webp", np.zeros((2, 2), int), r"a\.webp: WebP does not keep labels"),
        ("a.png", np.zeros((2, 2)), r"labels must be integers of shape \(H, W\), got float64"),
        ("a.png", np.zeros((2, 2, 3), int), r"got int64 of shape \(2, 2, 3\)"),
        ("a.png", np.zeros((0, 2), int), r"got int64 of shape \(0, 2\)"),
        ("a.tif", np.array([[-1, 5]]), r"labels must lie in \[0, 2147483647\], got \[-1, 5\]"),
        (
            "a.tif",
            np.array([[2**31]]),
            r"labels must lie in \[0, 2147483647\], got \[2147483648, 2",
        ),
    ],
)
def test_what_is_no_label_map(tmp_path, name, labels, message):
    with pytest.raises(ValueError, match=message):
        images.write_labels(tmp_path / name, labels)
    assert os.listdir(tmp_path) == []


WRITE_NOISE = """
import resource, sys
import numpy as np
from acetate import images
{}
images.write(sys.argv[1], np.random.default_rng(0).integers(0, 256, (500, 500, 3), np.uint8))
"""


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.webp"])
def test_a_full_disk_leaves_the_old_file(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"old")
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))"
    child = subprocess.run(
        [sys.executable, "-c", WRITE_NOISE.format(limit), path],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert child.returncode == 1
    assert f"OSError: [Errno 27] File too large: '{path}'" in child.stderr
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [name]


def test_a_killed_writer_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    stop = (
        "import os, time\n"
        "os.fsync = lambda handle: (print('written', flush=True), time.sleep(60))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", WRITE_NOISE.format(stop), path], stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"written\n"
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    assert path.read_bytes() == b"old"
    assert len(os.listdir(tmp_path)) == 2

"""`acetate denoise` and `acetate corrupt`: formats and bits kept, facts, seeds, and trouble."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from data_set import acetate, tree
from PIL import Image

from acetate import images
from acetate.arrays import Array
from acetate.heat import CosineShrinkage, HeatCorruption, LinearHeat
from acetate.seeds import stream


def ramp(dtype: Any = np.uint8, channels: int = 1, noise: float = 0.04) -> Array:
    """Return a smooth picture with noise, white being 1."""
    rows, columns = np.indices((48, 64)) / 64
    values = 0.3 + 0.4 * np.sin(2 * rows) * np.cos(columns)
    values = np.repeat(values[:, :, np.newaxis], channels, axis=2)
    values = values + np.random.default_rng(1).normal(0, noise, values.shape)
    full = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    picture = (np.clip(values, 0, 1) * full).astype(dtype)
    return picture[:, :, 0] if channels == 1 else picture


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    images.write(folder / "gray.png", ramp())
    images.write(folder / "deep.png", ramp(np.uint16, 3))
    images.write(folder / "photo.jpeg", ramp(np.uint8, 3))
    images.write(folder / "float.tif", ramp(np.float32))
    images.write(folder / "many.tiff", ramp(np.uint16, 5))
    images.write(folder / "web.webp", ramp(np.uint8, 3))
    Image.fromarray(ramp()).save(folder / "old.bmp")
    return folder


def call(command: str, pictures: Path, *more: str) -> Result:
    return acetate(command, str(pictures), "--out", str(pictures.parent / "out"), *more)


def test_pictures_keep_format_and_bits(pictures: Path) -> None:
    result = call("denoise", pictures)
    assert (result.exit_code, result.stderr) == (0, "")
    out = pictures.parent / "out/images"
    kept = {"gray.png", "deep.png", "photo.jpeg", "float.tif", "many.tiff", "web.webp"}
    assert set(tree(out)) == kept | {"old.png"}
    for name in kept:
        before, after = images.info(pictures / name), images.info(out / name)
        assert (before.format, before.bits, before.mode) == (after.format, after.bits, after.mode)
        assert images.read(pictures / name).shape == images.read(out / name).shape


def test_noise_goes_and_the_picture_stays(pictures: Path) -> None:
    call("denoise", pictures)
    clean = ramp(np.uint16, 3, noise=0).astype(float)
    errors = [
        float(np.sqrt(np.mean((images.read(path).astype(float) - clean) ** 2)))
        for path in (pictures / "deep.png", pictures.parent / "out/images/deep.png")
    ]
    assert errors[1] < 0.3 * errors[0]


def test_pixels_and_facts_are_those_of_python(pictures: Path) -> None:
    call("denoise", pictures, "--threshold", "3", "--no-wiener", "--sigma", "9")
    found = CosineShrinkage(threshold=3.0, wiener=False).denoise(ramp(), 9.0)
    out = pictures.parent / "out"
    np.testing.assert_array_equal(images.read(out / "images/gray.png"), found.image)
    facts = json.loads((out / "facts/gray.json").read_text())
    assert facts["sigma"] == 9
    assert facts["options"] == {"threshold": 3.0, "wiener": False, "stride": 1}


def test_heat_for_a_given_time(tmp_path: Path) -> None:
    images.write(tmp_path / "a.png", ramp())
    result = acetate(
        *("denoise", str(tmp_path / "a.png"), "--method", "heat", "--t", "1.5"),
        *("--out", str(tmp_path / "out")),
    )
    assert (result.exit_code, result.stderr) == (0, "")
    expected = LinearHeat(t=1.5).denoise(ramp()).image
    np.testing.assert_array_equal(images.read(tmp_path / "out/images/a.png"), expected)


def test_opacity_is_left_as_it_is(tmp_path: Path) -> None:
    opacity = np.random.default_rng(2).integers(0, 256, (48, 64), dtype=np.uint8)
    images.write(tmp_path / "a.png", np.dstack([ramp(channels=3), opacity]))
    result = acetate("denoise", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    written = images.read(tmp_path / "out/images/a.png")
    np.testing.assert_array_equal(written[:, :, 3], opacity)
    colours = CosineShrinkage().denoise(ramp(channels=3)).image
    np.testing.assert_array_equal(written[:, :, :3], colours)


def test_a_suffix_that_lies_is_corrected(tmp_path: Path) -> None:
    images.write(tmp_path / "a.jpg", ramp(channels=3))
    (tmp_path / "a.jpg").rename(tmp_path / "a.png")
    assert (
        acetate("denoise", str(tmp_path / "a.png"), "--out", str(tmp_path / "out")).exit_code == 0
    )
    assert set(tree(tmp_path / "out/images")) == {"a.jpg"}


def test_trouble_is_rows_and_the_rest_goes_on(pictures: Path) -> None:
    (pictures / "cut.png").write_bytes((pictures / "gray.png").read_bytes()[:200])
    images.write(pictures / "tiny.png", np.zeros((3, 3), np.uint8))
    result = call("denoise", pictures)
    assert result.exit_code == 1
    rows = [line for line in result.stderr.splitlines() if line.startswith("failed: ")]
    assert [row.split(": ")[1] for row in rows] == ["cut.png", "tiny.png"]
    assert result.stdout.startswith("7 of 9 pictures")
    assert call("denoise", pictures).stdout.startswith("0 of 2 pictures")


@pytest.mark.parametrize(
    ("command", "more", "said"),
    [
        ("denoise", ["--method", "cosin"], "no method 'cosin'; the nearest is 'cosine'"),
        ("denoise", ["--stride", "9"], "stride must lie in [1, 8], got 9"),
        ("denoise", ["--sigma", "-1"], "Invalid value for '--sigma'"),
        ("denoise", ["--level", "9"], "there is no option '--level'"),
        ("corrupt", ["--method", "heat"], "there is no option '--method'"),
        ("corrupt", ["--levels", "0"], "levels must lie in [1, 1000], got 0"),
        ("corrupt", ["--smallest-t", "9"], "smallest_t must not be above largest_t"),
    ],
)
def test_wrong_words_are_one_line(pictures: Path, command: str, more: list[str], said: str) -> None:
    result = call(command, pictures, *more)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (pictures.parent / "out").exists()


def test_corruption_has_a_picture_for_every_level_and_a_strip(pictures: Path) -> None:
    result = call("corrupt", pictures, "--levels", "3", "--seed", "5")
    assert (result.exit_code, result.stderr) == (0, "")
    out = pictures.parent / "out"
    assert set(tree(out / "images")) >= {f"deep_00{k}.png" for k in range(4)}
    np.testing.assert_array_equal(images.read(out / "images/deep_000.png"), ramp(np.uint16, 3))
    for name in ("deep_003.png", "float_003.tif", "photo_003.jpeg", "many_001.tiff"):
        stem, _, suffix = name.partition(".")
        before = images.info(pictures / f"{stem[:-4]}.{suffix}")
        after = images.info(out / "images" / name)
        assert (before.bits, before.mode) == (after.bits, after.mode)
    # Four cells of 200 pixels and their margins.
    assert images.read(out / "strips/gray.png").shape[1] == 4 * (200 + 16)
    facts = json.loads((out / "facts/gray.json").read_text())
    assert facts["times"] == HeatCorruption(levels=3).times.tolist()


def test_levels_depend_on_seed_and_name_alone(pictures: Path) -> None:
    call("corrupt", pictures, "--levels", "2", "--seed", "5")
    first = tree(pictures.parent / "out/images")
    (pictures / "old.bmp").unlink()
    again = call("corrupt", pictures, "--levels", "2", "--seed", "5", "--overwrite")
    assert again.exit_code == 0
    second = tree(pictures.parent / "out/images")
    assert second == {name: first[name] for name in second}
    call("corrupt", pictures, "--levels", "2", "--seed", "6", "--overwrite")
    third = tree(pictures.parent / "out/images")
    assert third["gray_000.png"] == first["gray_000.png"]
    assert third["gray_001.png"] != first["gray_001.png"]


def test_corruption_is_that_of_python(tmp_path: Path) -> None:
    from zlib import crc32

    images.write(tmp_path / "a.png", ramp())
    acetate("corrupt", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), "--noise", "0.1")
    levels = list(HeatCorruption(noise=0.1).path(ramp(), stream(0, crc32(b"a.png"))))
    written = images.read(tmp_path / "out/images/a_010.png")
    assert np.abs(written / 255 - np.clip(levels[-1], 0, 1)).max() <= 0.5 / 255 + 1e-6


def test_many_levels_have_a_strip_of_some(tmp_path: Path) -> None:
    images.write(tmp_path / "a.png", ramp())
    arguments = ["corrupt", str(tmp_path / "a.png"), "--out", str(tmp_path / "out")]
    assert acetate(*arguments, "--levels", "60").exit_code == 0
    assert len(tree(tmp_path / "out/images")) == 61
    strip = images.read(tmp_path / "out/strips/a.png")
    assert strip.shape[0] == 8 * (150 + 32)

"""What becomes of a picture: which part is its tile, and whether it is let in."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from acetate import images, samples
from acetate.mosaic import Library, index
from acetate.mosaic.library.crops import _best, window
from acetate.mosaic.library.features import measured
from acetate.mosaic.library.gate import Gate
from acetate.mosaic.library.saliency import saliency
from acetate.mosaic.library.tiles import read_tile

TILE = (20, 20)


def scene(height: int, width: int, left: int, side: int) -> np.ndarray:
    """Return grass with a red ball in it."""
    rng = np.random.default_rng(0)
    image = np.full((height, width, 3), (70, 110, 60), np.uint8)
    cv2.circle(image, (left + side // 2, height // 2), side // 2, (210, 40, 30), -1)
    return np.clip(image + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8)


class TestSmart:
    @pytest.mark.parametrize("left", [0, 20, 150, 260])
    def test_the_window_holds_what_stands_out(self, left):
        image = Image.fromarray(scene(100, 300, left, 40))
        start, top, stop, bottom = window(image, image.size, TILE, "smart")
        assert (top, bottom, stop - start) == (0, 100, pytest.approx(100))
        assert start <= left + 2
        assert stop >= left + 38

    def test_a_plain_picture_is_cropped_around_its_centre(self):
        image = Image.new("RGB", (90, 30), (9, 90, 50))
        assert window(image, image.size, TILE, "smart") == (30, 0, 60, 30)

    def test_nothing_to_choose(self):
        image = Image.fromarray(samples.cat((60, 60)))
        assert window(image, image.size, TILE, "smart") == (0, 0, 60, 60)

    @pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
    def test_turned_and_mirrored_pictures_are_cropped_alike(self, mode):
        image = Image.fromarray(scene(100, 300, 220, 40)).convert(mode)
        left, top, right, bottom = window(image, image.size, TILE, "smart")
        turned = image.transpose(Image.Transpose.TRANSPOSE)
        assert window(turned, turned.size, TILE, "smart") == pytest.approx(
            (top, left, bottom, right), abs=0.01
        )
        mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        assert window(mirrored, mirrored.size, TILE, "smart") == pytest.approx(
            (300 - right, 0, 300 - left, 100), abs=5
        )

    @pytest.mark.parametrize("seed", range(20))
    def test_no_window_holds_more(self, seed):
        rng = np.random.default_rng(seed)
        profile = rng.random(rng.integers(2, 50)) ** 4
        length, free = 100.0, float(rng.uniform(1, 90))
        held = np.concatenate([[0], np.cumsum(profile)])
        edges = np.linspace(0, length, len(held))

        def within(start):
            return np.interp(start + length - free, edges, held) - np.interp(start, edges, held)

        best = within(_best(profile, length, free))
        assert best >= 0.99 * within(np.linspace(0, free, 10_001)).max() - 1e-9

    def test_saliency_is_turned_with_the_picture(self):
        image = np.ascontiguousarray(samples.coffee(48)[:, :40])
        assert np.allclose(saliency(np.rot90(image).copy()), np.rot90(saliency(image)), atol=1e-3)

    @pytest.mark.parametrize("orientation", [1, 3, 6, 8])
    def test_tiles_of_jpeg_files(self, tmp_path, orientation):
        exif = Image.Exif()
        exif[0x0112] = orientation
        image = Image.fromarray(scene(300, 900, 700, 120))
        image.save(tmp_path / "a.jpg", quality=95, exif=exif)
        red, blue = [
            (read_tile(tmp_path / "a.jpg", TILE, crop).pixels[:, :, 0] > 150).mean()
            for crop in ("smart", "centre")
        ]
        assert red > 0.1
        assert blue == 0

    def test_a_library_crops_in_one_way(self, tmp_path):
        images.write(tmp_path / "a.png", scene(60, 200, 150, 30))
        index(tmp_path, tmp_path / "tiles.h5", TILE, crop="smart")
        assert index(tmp_path, tmp_path / "tiles.h5").new == 0
        with Library(tmp_path / "tiles.h5") as library:
            assert library.crop == "smart"
            assert (library.pixels([0])[0, :, :, 0] > 150).mean() > 0.1
        with pytest.raises(ValueError, match="has tiles cropped by 'smart', not 'centre'; index"):
            index(tmp_path, tmp_path / "tiles.h5", crop="centre")
        with pytest.raises(ValueError, match="crop must be one of centre, smart, got 'middle'"):
            index(tmp_path, tmp_path / "other.h5", crop="middle")


@pytest.fixture
def mixed(tmp_path) -> Path:
    """Three pictures that will do, a dark one, a flat one."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name in ("cat", "coffee", "flower"):
        images.write(folder / f"{name}.png", getattr(samples, name)(64))
    images.write(folder / "dark.png", (samples.cat(64) // 24).astype(np.uint8))
    images.write(folder / "flat.png", np.full((64, 64, 3), 130, np.uint8))
    return folder


class TestGate:
    def test_what_is_dark_or_flat_is_rejected_and_listed(self, mixed, tmp_path):
        found = index(mixed, tmp_path / "t.h5", TILE, min_lightness=8, min_contrast=1)
        assert (found.tiles, found.files, found.failures) == (3, 5, ())
        why = {path.name: reason for path, reason in found.rejected}
        assert set(why) == {"dark.png", "flat.png"}
        assert why["dark.png"].startswith("is too dark: a lightness of ")
        assert why["flat.png"] == "is too flat: a contrast of 0, at least 1 is asked for"
        with Library(tmp_path / "t.h5") as library:
            assert {path.name for path, _ in library.rejected} == set(why)
            assert library.failures == ()

    def test_another_gate_judges_again_what_it_judges_otherwise(self, mixed, tmp_path):
        library = tmp_path / "t.h5"
        gated = {"min_lightness": 8, "min_contrast": 1}
        index(mixed, library, TILE, **gated)
        assert index(mixed, library, **gated).new == 0
        opened = index(mixed, library)
        assert (opened.tiles, opened.new, opened.rejected) == (5, 2, ())
        again = index(mixed, library, **gated)
        assert (again.tiles, again.new, len(again.rejected)) == (3, 2, 2)
        assert index(mixed, library, min_lightness=8).tiles == 4

    def test_near_duplicates_of_what_is_rejected_now_stand_for_themselves(self, tmp_path):
        """Each differs a little in contrast from the one before; the gate parts them."""
        folder = tmp_path / "in"
        folder.mkdir()
        ramp = np.linspace(-1, 1, 60)[np.newaxis, :, np.newaxis]
        contrasts = {}
        for name, swing in (("a", 10), ("b", 11), ("c", 11.4)):
            tile = np.broadcast_to(110 + swing * ramp, (40, 60, 3)).round().astype(np.uint8)
            images.write(folder / f"{name}.png", tile)
            contrasts[name] = float(measured(read_tile(folder / f"{name}.png", TILE).pixels[None])
                                    .contrast[0])  # fmt: skip
        assert contrasts["a"] < contrasts["b"] - 0.1
        between = {"min_contrast": (contrasts["a"] + contrasts["b"]) / 2}
        first = index(folder, tmp_path / "t.h5", TILE)
        assert (first.tiles, first.near_duplicates) == (1, 2)
        again = index(folder, tmp_path / "t.h5", **between)
        fresh = index(folder, tmp_path / "fresh.h5", TILE, **between)
        assert [each.tiles for each in (again, fresh)] == [1, 1]
        assert again.near_duplicates == fresh.near_duplicates == 1
        with Library(tmp_path / "t.h5") as one, Library(tmp_path / "fresh.h5") as other:
            assert one.paths == other.paths == (str(folder / "b.png"),)
            assert np.array_equal(one.pixels([0]), other.pixels([0]))
            assert np.array_equal(one.features("mean"), other.features("mean"))
        assert index(folder, tmp_path / "t.h5", **between).new == 0
        back = index(folder, tmp_path / "t.h5")  # a is let in again, and is much like b
        assert (back.tiles, back.near_duplicates, back.rejected) == (1, 2, ())
        with Library(tmp_path / "t.h5") as library:
            (path,) = library.paths
            assert np.array_equal(library.pixels([0])[0], read_tile(path, TILE).pixels)

    def test_a_rejected_file_that_is_gone_is_not_listed(self, mixed, tmp_path):
        index(mixed, tmp_path / "t.h5", TILE, min_contrast=1)
        (mixed / "flat.png").unlink()
        found = index(mixed, tmp_path / "t.h5", min_contrast=1)
        assert found.removed == 1
        assert [path.name for path, _ in found.rejected] == ["dark.png"]

    @pytest.mark.parametrize("wrong", [{"min_lightness": 101}, {"min_contrast": -1}])
    def test_numbers_out_of_range(self, wrong):
        with pytest.raises(ValueError, match="must lie in"):
            Gate(**wrong)

"""The tile library: what is kept of pictures, what is new, same or gone, and being killed."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image, ImageOps

from acetate import images, samples
from acetate.mosaic import Library, index
from acetate.mosaic.library import intake
from acetate.mosaic.library.store import Store
from acetate.mosaic.library.tiles import read_tile
from acetate.run import Workplace

TILE = (20, 30)


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    samples.photo_collection(folder / "deep" / "er", 40, size=96)
    samples.photo_collection(folder, 20, seed=1, size=96)
    return folder


@pytest.fixture
def copy(photos, tmp_path) -> Path:
    return Path(shutil.copytree(photos, tmp_path / "photos"))


def content(library: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    with Library(library) as opened:
        return list(opened.paths), opened.pixels(range(len(opened))), opened.features("lab3x3")


def same(one, other) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


class TestTiles:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_tile_is_the_upright_picture_fitted(self, tmp_path, orientation):
        picture = Image.fromarray(samples.coffee())
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(tmp_path / "a.jpg", quality=95, exif=exif)
        upright = ImageOps.exif_transpose(Image.open(tmp_path / "a.jpg"))
        wanted = np.asarray(ImageOps.fit(upright, TILE[::-1]), float)
        assert np.abs(read_tile(tmp_path / "a.jpg", TILE).pixels - wanted).mean() < 1.5

    @pytest.mark.parametrize("tile", [(50, 50), (25, 40), (64, 48), (7, 5)])
    def test_decoding_small_loses_nothing_that_is_seen(self, photos, tmp_path, tile):
        for name in ("china", "motorcycle", "page", "text"):
            images.write(tmp_path / f"{name}.jpg", samples.picture(name), quality=92)
        for path in [*tmp_path.glob("*.jpg"), *list(photos.rglob("*.jpg"))[:10]]:
            whole = ImageOps.fit(Image.open(path).convert("RGB"), tile[::-1])
            apart = np.abs(read_tile(path, tile).pixels - np.asarray(whole, float)).mean()
            assert apart < 1.5, path

    @pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
    def test_kinds_of_jpeg(self, tmp_path, mode):
        Image.fromarray(samples.coffee()).convert(mode).save(tmp_path / "a.jpg")
        seen = images.read(tmp_path / "a.jpg")
        seen = seen if seen.ndim == 3 else np.dstack([seen] * 3)
        wanted = np.asarray(ImageOps.fit(Image.fromarray(seen), TILE[::-1]), float)
        assert np.abs(read_tile(tmp_path / "a.jpg", TILE).pixels - wanted).mean() < 2

    def test_kinds_of_files(self, tmp_path):
        image = samples.coffee(96)
        images.write(tmp_path / "a.png", image)
        images.write(tmp_path / "b.tif", image.astype(np.uint16) * 257)
        images.write(tmp_path / "c.webp", image)
        opaque = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
        images.write(tmp_path / "d.png", opaque)
        first, *others = (read_tile(path, TILE).pixels for path in sorted(tmp_path.iterdir()))
        for other in others:
            assert np.array_equal(first, other)

    def test_thin_pictures(self, tmp_path):
        images.write(tmp_path / "a.jpg", samples.coffee((1, 300)))
        images.write(tmp_path / "b.jpg", samples.coffee((300, 2)))
        assert read_tile(tmp_path / "a.jpg", TILE).pixels.shape == (*TILE, 3)
        assert read_tile(tmp_path / "b.jpg", TILE).pixels.shape == (*TILE, 3)


class TestIndexing:
    def test_folders_to_any_depth(self, photos, tmp_path):
        found = index(photos, tmp_path / "tiles.h5", TILE)
        assert (found.tiles, found.files, found.new, found.failures) == (60, 60, 60, ())
        with Library(tmp_path / "tiles.h5") as library:
            assert len(library) == len(library.paths) == 60
            assert library.tile == TILE
            for k in (0, 25, 59):
                tile = read_tile(Path(library.paths[k]), TILE).pixels
                assert np.array_equal(library.pixels([k])[0], tile)
                assert library.features("mean")[k] == pytest.approx(tile.mean((0, 1)), abs=1e-3)

    def test_unchanged_costs_nothing(self, photos, tmp_path):
        index(photos, tmp_path / "tiles.h5", TILE)
        before = content(tmp_path / "tiles.h5")
        again = index(photos, tmp_path / "tiles.h5")
        assert (again.tiles, again.new, again.removed) == (60, 0, 0)
        assert same(before, content(tmp_path / "tiles.h5"))

    def test_new_changed_and_removed_files(self, copy, tmp_path):
        library = tmp_path / "tiles.h5"
        index(copy, library, TILE)
        shutil.copy(copy / "photo_00001.jpg", tmp_path / "kept.jpg")
        (copy / "photo_00000.jpg").unlink()
        images.write(copy / "photo_00001.jpg", samples.cat(80))
        images.write(copy / "new.png", samples.flower(80))
        found = index(copy, library)
        assert (found.tiles, found.new, found.removed) == (60, 2, 1)
        with Library(library) as opened:
            names = [os.path.relpath(path, copy) for path in opened.paths]
            assert "photo_00000.jpg" not in names
            changed = opened.pixels([names.index("photo_00001.jpg")])[0]
            assert np.array_equal(changed, read_tile(copy / "photo_00001.jpg", TILE).pixels)
        shutil.move(tmp_path / "kept.jpg", copy / "photo_00000.jpg")  # of the tile 1 once was
        assert index(copy, library).tiles == 61

    def test_what_comes_back_is_there_again(self, copy, tmp_path):
        library = tmp_path / "tiles.h5"
        index(copy, library, TILE)
        before = content(library)
        (copy / "photo_00003.jpg").rename(tmp_path / "away.jpg")
        assert index(copy, library).tiles == 59
        (tmp_path / "away.jpg").rename(copy / "photo_00003.jpg")
        back = index(copy, library)
        assert (back.tiles, back.new) == (60, 0)
        assert same(before, content(library))

    def test_other_folders_are_left_alone(self, copy, tmp_path):
        library = tmp_path / "tiles.h5"
        index(copy / "deep", library, TILE)
        shutil.rmtree(copy / "deep")
        assert index(copy / "photo_00001.jpg", library).removed == 0
        assert index(copy, library).removed == 40

    def test_duplicates(self, copy, tmp_path):
        shutil.copy(copy / "photo_00002.jpg", copy / "z_same.jpg")
        picture = Image.open(copy / "photo_00005.jpg")
        picture.resize((80, 80 * picture.height // picture.width)).save(copy / "z_near.jpg")
        found = index(copy, tmp_path / "tiles.h5", TILE)
        assert (found.tiles, found.duplicates, found.near_duplicates) == (60, 1, 1)
        kept = index(copy, tmp_path / "all.h5", TILE, near=-1)
        assert (kept.tiles, kept.duplicates, kept.near_duplicates) == (61, 1, 0)
        (copy / "photo_00002.jpg").unlink()  # its twin takes its place
        again = index(copy, tmp_path / "tiles.h5")
        assert (again.tiles, again.duplicates) == (60, 0)
        with Library(tmp_path / "tiles.h5") as library:
            assert any(path.endswith("z_same.jpg") for path in library.paths)

    def test_all_duplicates(self, copy, tmp_path):
        (tmp_path / "in").mkdir()
        for k in range(9):
            shutil.copy(copy / "photo_00002.jpg", tmp_path / "in" / f"{k}.jpg")
        found = index(tmp_path / "in", tmp_path / "tiles.h5", TILE)
        assert (found.tiles, found.duplicates) == (1, 8)

    def test_failures_are_rows_and_the_rest_goes_on(self, copy, tmp_path):
        whole = (copy / "photo_00004.jpg").read_bytes()
        (copy / "cut.jpg").write_bytes(whole[: len(whole) // 2])
        (copy / "text.jpg").write_text("no picture")
        (copy / "empty.png").touch()
        (copy / "link.jpg").symlink_to(copy / "nowhere.jpg")
        for found in (index(copy, tmp_path / "t.h5", TILE), index(copy, tmp_path / "t.h5")):
            why = {path.name: reason for path, reason in found.failures}
            assert set(why) == {"cut.jpg", "text.jpg", "empty.png", "link.jpg"}
            assert "cut off" in why["cut.jpg"] or "truncated" in why["cut.jpg"]
            assert "is no PNG, JPEG" in why["text.jpg"]
            assert found.tiles == 60
        assert found.new == 0
        (copy / "text.jpg").unlink()
        images.write(copy / "empty.png", samples.cat(60))
        found = index(copy, tmp_path / "t.h5")
        assert (found.tiles, len(found.failures)) == (61, 2)

    def test_what_could_not_be_read_is_tried_again(self, copy, tmp_path, monkeypatch):
        def guarded(path, **options):
            if os.fspath(path).endswith("er/photo_00039.jpg"):
                raise PermissionError(13, "Permission denied", str(path))
            return read_tile(path, **options)

        monkeypatch.setattr(intake, "read_tile", guarded)
        index(copy, tmp_path / "t.h5", TILE)
        again = index(copy, tmp_path / "t.h5")
        assert (again.tiles, again.new, len(again.failures)) == (59, 1, 1)
        assert "Permission denied" in again.failures[0][1]
        with Store(tmp_path / "t.h5") as store:
            assert store.used.files == 60  # what is known already is not noted again
        monkeypatch.undo()
        found = index(copy, tmp_path / "t.h5")
        assert (found.tiles, found.new, found.failures) == (60, 1, ())

    def test_nothing_but_failures(self, tmp_path):
        (tmp_path / "in").mkdir()
        for name in "ab":
            (tmp_path / "in" / f"{name}.jpg").write_text("no picture")
        found = index(tmp_path / "in", tmp_path / "t.h5", TILE)
        assert (found.tiles, found.new, len(found.failures)) == (0, 2, 2)
        assert index(tmp_path / "in", tmp_path / "t.h5").new == 0

    def test_what_an_unreadable_folder_held_is_not_gone(self, copy, tmp_path, monkeypatch):
        library = tmp_path / "t.h5"
        index(copy, library, TILE)
        scandir = os.scandir

        def guarded(path):  # root may read every folder, so chmod shows nothing here
            if os.path.basename(path) == "er":
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", guarded)
        found = index(copy, library)
        assert (found.files, found.tiles, found.removed) == (20, 60, 0)
        assert found.failures == ((copy / "deep" / "er", "cannot be read: Permission denied"),)

    def test_a_link_back_is_walked_once(self, copy, tmp_path):
        (copy / "deep" / "loop").symlink_to(copy)
        assert index(copy, tmp_path / "tiles.h5", TILE).tiles == 60

    def test_odd_names(self, copy, tmp_path):
        odd = os.fsencode(copy) + b"/\xff\n.jpg"
        os.rename(copy / "photo_00000.jpg", odd)
        index(copy, tmp_path / "tiles.h5", TILE)
        with Library(tmp_path / "tiles.h5") as library:
            assert os.fsdecode(odd) in library.paths
        assert index(copy, tmp_path / "tiles.h5").new == 0

    @pytest.mark.parametrize("kind", ["threads", "processes"])
    def test_workers_give_the_same(self, photos, tmp_path, kind):
        index(photos, tmp_path / "one.h5", TILE)
        index(photos, tmp_path / "two.h5", TILE, where=Workplace(kind, 2))
        assert same(content(tmp_path / "one.h5"), content(tmp_path / "two.h5"))

    def test_it_grows(self, photos, tmp_path):
        index(photos, tmp_path / "whole.h5", TILE)
        for k in range(20):
            index(photos / f"photo_{k:05d}.jpg", tmp_path / "grown.h5", TILE)
        index(photos, tmp_path / "grown.h5", TILE)
        grown, whole = content(tmp_path / "grown.h5"), content(tmp_path / "whole.h5")
        order = np.argsort(grown[0]), np.argsort(whole[0])
        assert sorted(grown[0]) == sorted(whole[0])
        assert np.array_equal(grown[1][order[0]], whole[1][order[1]])
        assert {path.name for path in tmp_path.iterdir()} == {"grown.h5", "whole.h5"}

    def test_reading_while_it_is_written(self, photos, tmp_path):
        library = tmp_path / "tiles.h5"
        index(photos / "deep", library, TILE)
        with Library(library) as before:
            index(photos, library)
            assert len(before) == 40
            assert before.pixels([39]).any()
        with Library(library) as after:
            assert len(after) == 60

    def test_progress(self, photos, tmp_path):
        seen = []
        index(photos, tmp_path / "t.h5", TILE, progress=lambda *state: seen.append(state))
        assert [done for done, _, _ in seen] == list(range(1, 61))
        assert {total for _, total, _ in seen} == {60}


SCRIPT = """
import sys
from acetate.mosaic import index
from acetate.mosaic.library import intake
intake._AT_ONCE = 4
intake._TOGETHER = 4 * 600
print("begin", flush=True)
index(sys.argv[1], sys.argv[2], (20, 30))
"""


def start(photos: Path, library: Path, **options) -> subprocess.Popen:
    command = [sys.executable, "-c", SCRIPT, str(photos), str(library)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begin\n"
    return process


class TestBeingKilled:
    def test_rows_that_were_not_committed_do_not_count(self, photos, tmp_path, monkeypatch):
        """As a kill between any two writes leaves it."""
        library = tmp_path / "tiles.h5"
        index(photos / "deep", library, TILE)
        before = content(library)
        monkeypatch.setattr(Store, "_sync", fail_at_once)
        with pytest.raises(RuntimeError, match="killed"):
            index(photos, library)
        monkeypatch.undo()
        assert same(content(library), before)
        assert index(photos, library).tiles == 60

    def test_interrupts_keep_what_is_done(self, photos, tmp_path, monkeypatch):
        def interrupt(done, _total, _name):
            if done == 30:
                raise KeyboardInterrupt

        monkeypatch.setattr(intake, "_AT_ONCE", 16)
        with pytest.raises(KeyboardInterrupt):
            index(photos, tmp_path / "tiles.h5", TILE, progress=interrupt)
        assert len(content(tmp_path / "tiles.h5")[0]) == 29
        assert index(photos, tmp_path / "tiles.h5").new == 31

    def test_a_full_disk(self, photos, tmp_path):
        library = tmp_path / "tiles.h5"
        index(photos / "deep", library, TILE)
        before = content(library)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

        process = start(photos, library, preexec_fn=limit)
        _, error = process.communicate()
        assert process.returncode == 1, error
        assert b"OSError" in error
        assert same(content(library), before)
        assert [path.name for path in tmp_path.iterdir()] == ["tiles.h5"]


def fail_at_once(_store):
    raise RuntimeError("killed")


class TestTrouble:
    def test_the_lock_of_a_killed_process_means_nothing(self, photos, tmp_path):
        (tmp_path / ".tiles.h5.lock").touch()
        assert index(photos, tmp_path / "tiles.h5", TILE).tiles == 60

    def test_another_tile_size(self, photos, tmp_path):
        index(photos, tmp_path / "tiles.h5", TILE)
        with pytest.raises(ValueError, match="has tiles of 20 x 30, not 50 x 50; index into an"):
            index(photos, tmp_path / "tiles.h5", (50, 50))

    def test_another_version(self, photos, tmp_path):
        index(photos, tmp_path / "tiles.h5", TILE)
        with h5py.File(tmp_path / "tiles.h5", "r+") as file:
            file.attrs["version"] = 99
        with pytest.raises(ValueError, match="of version 99, this acetate reads version 2"):
            Library(tmp_path / "tiles.h5")

    def test_files_that_are_no_library(self, tmp_path):
        (tmp_path / "a.h5").write_text("text")
        with pytest.raises(ValueError, match=r"a\.h5 is no tile library"):
            Library(tmp_path / "a.h5")
        h5py.File(tmp_path / "b.h5", "w").close()
        with pytest.raises(ValueError, match=r"b\.h5 is an HDF5 file, but no tile library"):
            Library(tmp_path / "b.h5")
        with pytest.raises(FileNotFoundError, match="there is no tile library"):
            Library(tmp_path / "c.h5")

    @pytest.mark.parametrize("tile", [(3, 50), (50, 2000), (0, 0)])
    def test_tiles_that_cannot_be(self, photos, tmp_path, tile):
        with pytest.raises(ValueError, match=r"tiles are \(height, width\) of 4 to 1024"):
            index(photos, tmp_path / "tiles.h5", tile)
        assert not list(tmp_path.iterdir())

    def test_nothing_to_index(self, tmp_path):
        (tmp_path / "in").mkdir()
        with pytest.raises(ValueError, match="there is no picture to index"):
            index(tmp_path / "in", tmp_path / "tiles.h5")
        with pytest.raises(FileNotFoundError):
            index(tmp_path / "no", tmp_path / "tiles.h5")
        with pytest.raises(FileNotFoundError, match="folder of the library"):
            index(tmp_path / "in", tmp_path / "no" / "tiles.h5")
        with pytest.raises(ValueError, match=r"near must lie in \[-1, 16\], got 20"):
            index(tmp_path / "in", tmp_path / "tiles.h5", near=20)

    def test_features_by_name(self, photos, tmp_path):
        index(photos, tmp_path / "tiles.h5", TILE)
        with Library(tmp_path / "tiles.h5") as library:
            assert library.features("lab4x4").shape == (60, 48)
            with pytest.raises(ValueError, match="the nearest is 'lab3x3'"):
                library.features("lab3")

    def test_without_h5py_the_extra_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "h5py", None)
        with pytest.raises(ImportError, match=r"pip install 'acetate\[mosaic\]'"):
            Library(tmp_path / "tiles.h5")

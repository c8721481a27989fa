"""`acetate mosaic`: index, make and collage, what they say, and trouble."""

import json
import shutil
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from data_set import acetate, start
from doc_page import Page

from acetate import images, samples
from acetate.mosaic import Library


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    samples.photo_collection(folder, 30, size=64)
    return folder


@pytest.fixture(scope="module")
def library(photos) -> Path:
    path = photos.parent / "tiles.h5"
    done = acetate("mosaic", "index", str(photos), "--library", str(path), "--tile", "16x20")
    assert done.exit_code == 0
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    samples.photo_collection(folder, 400, seed=1, size=600)
    return folder


@pytest.fixture
def target(tmp_path) -> Path:
    images.write(tmp_path / "cat.png", samples.cat())
    return tmp_path / "cat.png"


def make(target: Path, library: Path, out: str, *more: str):
    given = ["--library", str(library), "--grid", "5x6", "--out", str(target.with_name(out))]
    return acetate("mosaic", "make", str(target), *given, *more)


class TestIndex:
    def test_index_again_and_more(self, photos, tmp_path):
        library, first = tmp_path / "tiles.h5", tmp_path / "first"
        first.mkdir()
        for path in sorted(photos.iterdir())[:20]:
            shutil.copy(path, first)
        done = acetate("mosaic", "index", str(first), "--library", str(library), "--tile", "16x20")
        assert (done.exit_code, done.stderr) == (0, "")
        assert "20 tiles of 20 pictures (20 new, 0 duplicates, 0 near" in done.stdout
        done = acetate("mosaic", "index", str(first), str(photos), "--library", str(library))
        assert "30 tiles of 50 pictures (30 new, 20 duplicates" in done.stdout
        done = acetate("mosaic", "index", str(photos), "--library", str(library), "-j", "2")
        assert "30 tiles of 30 pictures (0 new, 20 duplicates" in done.stdout
        with Library(library) as opened:
            assert opened.tile == (16, 20)

    def test_a_corrupt_picture_is_a_row(self, photos, tmp_path):
        (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xffrest")
        done = acetate("mosaic", "index", str(photos), str(tmp_path), "--library", f"{tmp_path}/t")
        assert done.exit_code == 1
        assert "30 tiles of 31 pictures" in done.stdout
        assert done.stderr.startswith(f"failed: {tmp_path}/bad.jpg: ")

    def test_smart_tiles_and_what_is_rejected(self, photos, tmp_path):
        images.write(tmp_path / "black.png", np.zeros((40, 60, 3), np.uint8))
        given = ["--library", f"{tmp_path}/t.h5", "--crop", "smart", "--min-lightness", "2"]
        done = acetate("mosaic", "index", str(photos), str(tmp_path), *given)
        assert (done.exit_code, done.stderr) == (0, "")
        assert (
            "30 tiles of 31 pictures (31 new, 0 duplicates, 0 near duplicates, 1 rejected, 0"
            in (done.stdout)
        )
        line = done.stdout.splitlines()[1]
        assert line.startswith(f"rejected: {tmp_path}/black.png is too dark: a lightness of 0, at")

    def test_a_scheduler_that_is_not_there(self, photos, tmp_path):
        given = ["--library", f"{tmp_path}/t.h5", "--scheduler", "tcp://127.0.0.1:1"]
        begin = time.monotonic()
        done = acetate("mosaic", "index", str(photos), *given)
        assert done.exit_code == 1
        assert "no scheduler answers at tcp://127.0.0.1:1" in done.stderr
        assert not list(tmp_path.iterdir())
        assert time.monotonic() - begin < 10

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_an_interrupted_run_continues(self, many, tmp_path, number):
        arguments = ["mosaic", "index", str(many), "--library", str(tmp_path / "t.h5")]
        process = start(*arguments)
        until = time.monotonic() + 30
        while not (tmp_path / "t.h5").exists() and time.monotonic() < until:
            time.sleep(0.001)
        process.send_signal(number)
        _, error = process.communicate(timeout=30)
        assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number], error
        assert "Traceback" not in error
        with Library(tmp_path / "t.h5") as opened:
            kept = len(opened)
        done = acetate(*arguments)
        assert f"({400 - kept} new" in done.stdout
        assert "400 tiles of 400" in done.stdout

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (["--tile", "50"], "'50' is no size; write it like 50x40"),
            (["--tile", "0x5"], "'0x5' is no size"),
            (["--tile", "50x50"], "has tiles of 16 x 20, not 50 x 50"),
            (["--neer", "3"], "there is no option '--neer'; the nearest is '--near'"),
        ],
    )
    def test_wrong_usage(self, photos, library, more, message):
        done = acetate("mosaic", "index", str(photos), "--library", str(library), *more)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1

    def test_an_empty_folder(self, tmp_path):
        done = acetate("mosaic", "index", str(tmp_path), "--library", str(tmp_path / "t.h5"))
        assert done.exit_code == 2
        assert "there is no picture to index" in done.stderr

    def test_without_the_extra(self, photos, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "h5py", None)
        done = acetate("mosaic", "index", str(photos), "--library", str(tmp_path / "t.h5"))
        assert done.exit_code == 1
        assert "pip install 'acetate[mosaic]'" in done.stderr
        assert done.stderr.count("\n") == 1


class TestMake:
    def test_the_mosaic_its_tables_and_its_report(self, target, library):
        done = make(target, library, "m.png", "--zoom", str(target.with_name("viewer")))
        assert (done.exit_code, done.stderr) == (0, "")
        assert "30 cells, 30 tiles; cost" in done.stdout
        assert "the least there is" in done.stdout
        assert images.read(target.with_name("m.png")).shape == (80, 120, 3)
        cells = json.loads(target.with_name("m.png.matches.json").read_text())["cells"]
        lines = target.with_name("m.png.matches.tsv").read_text().splitlines()
        assert len(cells) == len(lines) - 1 == 30
        report = json.loads(target.with_name("m.png.report.json").read_text())
        assert [each["match"] for each in report["judged"]] == ["unique", "nearest", "random"]
        assert (target.with_name("viewer") / "index.html").exists()

    def test_the_same_command_writes_the_same(self, target, library):
        once, again = make(target, library, "a.jpg"), make(target, library, "b.jpg")
        assert once.exit_code == again.exit_code == 0
        pictures = [target.with_name(name).read_bytes() for name in ("a.jpg", "b.jpg")]
        assert pictures[0] == pictures[1]

    @pytest.mark.parametrize("kind", ["nearest", "capped:3", "unique"])
    def test_kinds(self, target, library, kind):
        done = make(target, library, "m.tif", "--match", kind, "--features", "mean", "--tint", "1")
        assert done.exit_code == 0
        mosaic = images.read(target.with_name("m.tif")).astype(float)
        wanted = samples.cat((80, 120)).astype(float)
        assert np.abs(mosaic.mean(axis=(0, 1)) - wanted.mean(axis=(0, 1))).max() < 15

    def test_distance(self, target, library):
        done = make(target, library, "m.jpg", "--match", "nearest", "--min-distance", "1")
        assert done.exit_code == 0
        assert "above the least" in done.stdout

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (["--grid", "9x9"], "81 cells need 81 tiles, 51 more than the 30 there are"),
            (["--match", "uniqe"], "there is no match 'uniqe'; the nearest is 'unique'"),
            (["--match", "capped:0"], "there is no match 'capped:0'"),
            (["--out", "m.gif"], "the suffix must be one of .jpg"),
            (["--out", "no/such/m.jpg"], "no/such"),
            (["--library", "no.h5"], "no.h5: there is no tile library"),
        ],
    )
    def test_wrong_usage(self, target, library, more, message):
        done = make(target, library, "m.jpg", *more)
        assert done.exit_code == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1

    def test_an_unknown_command(self):
        done = acetate("mosaic", "mak")
        assert done.exit_code == 2
        assert "there is no command 'mak'; the nearest is 'make'" in done.stderr

    def test_help_lists_the_commands(self):
        assert "collage" in acetate("mosaic").stdout
        assert "--min-distance" in acetate("mosaic", "make", "--help").stdout

    def test_what_is_read_is_not_written_over(self, photos, tmp_path):
        for path in sorted(photos.iterdir()):
            shutil.copy(path, tmp_path)
        library = tmp_path / "tiles.h5"
        given = ["--library", str(library), "--tile", "16x20"]
        assert acetate("mosaic", "index", str(tmp_path), *given).exit_code == 0
        target = tmp_path / "cat.png"
        images.write(target, samples.cat())
        (tmp_path / "link.png").symlink_to(target)
        (tmp_path / "free.jpg.matches.tsv").symlink_to(target)
        (tmp_path / "also.png").symlink_to(library)
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        for out in ("cat.png", "link.png", "photo_00001.jpg", "free.jpg", "also.png"):
            done = make(target, library, out)
            assert (done.exit_code, done.stderr.count("\n")) == (2, 1), out
            assert "is a file that is read; write to another name" in done.stderr
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


class TestCollage:
    def test_a_folder(self, photos, tmp_path):
        out = tmp_path / "c.jpg"
        given = ["--out", str(out), "--tile", "20x30", "--columns", "4", "--limit", "10"]
        assert acetate("mosaic", "collage", str(photos), *given).exit_code == 0
        assert images.read(out).shape == (60, 120, 3)

    def test_what_fails_is_told(self, photos, tmp_path):
        (tmp_path / "a.jpg").write_text("no picture")
        out = str(tmp_path / "c.png")
        done = acetate("mosaic", "collage", str(tmp_path), str(photos), "--out", out)
        assert done.exit_code == 1
        assert done.stderr.startswith(f"failed: {tmp_path}/a.jpg: ")
        assert Path(out).exists()
        done = acetate("mosaic", "collage", str(tmp_path / "a.jpg"), "--out", out)
        assert done.exit_code == 2
        assert "at least one picture" in done.stderr

    def test_what_is_read_is_not_written_over(self, photos, tmp_path):
        first = Path(shutil.copy(photos / "photo_00000.jpg", tmp_path))
        before = first.read_bytes()
        for more in ([str(first)], [str(tmp_path)]):
            done = acetate("mosaic", "collage", *more, str(photos), "--out", str(first))
            assert done.exit_code == 2
            assert "photo_00000.jpg is a file that is read; write to another name" in done.stderr
        assert first.read_bytes() == before


class TestThePage:
    """docs/mosaic.md: its Python and its commands run from top to bottom, its picture is there."""

    PAGE = Page("mosaic.md")

    def test_all_lines_and_commands_run(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert len(self.PAGE.run()) >= 8

    def test_its_picture_is_small(self):
        assert len(self.PAGE.pictures) == 1
        self.PAGE.check_pictures()

"""What may go wrong with `acetate augment`: bad files, wrong words, full disks, kills."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_set import DataSet, acetate, start, tree
from PIL import Image
from tifffile import TiffWriter, imwrite

from acetate import files, images


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return DataSet(tmp_path, ("a", "b", "c"))


def failures(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("failed: ")]


def test_damaged_pictures_among_good_ones_are_rows(data: DataSet) -> None:
    good = (data.pictures / "a.png").read_bytes()
    (data.pictures / "cut.png").write_bytes(good[: len(good) // 2])
    (data.pictures / "text.jpg").write_text("no picture")
    for jobs in ("1", "2"):
        result = data.augment(f"out{jobs}", "-n", "9", "--seed", "1", "-j", jobs)
        assert result.exit_code == 1
        rows = failures(result.stderr)
        assert [row.split(": ")[1] for row in rows] == ["cut.png", "text.jpg"]
        assert "is no PNG, JPEG, TIFF, WebP, BMP or GIF file" in rows[1]
        assert "Traceback" not in result.stderr
        assert len(tree(data.root / f"out{jobs}/images")) == 27
    assert tree(data.root / "out1") == tree(data.root / "out2")


def test_a_picture_without_its_sheet_is_a_row(data: DataSet) -> None:
    (data.masks / "b.png").unlink()
    images.write_labels(data.masks / "c.tif", np.zeros((4, 4), int))
    result = data.augment("out", "--masks", str(data.masks), "-n", "1")
    assert result.exit_code == 1
    assert failures(result.stderr) == [
        "failed: b.png: its mask should be one file called b.*, there is no file",
        "failed: c.png: its mask should be one file called c.*, there is several files: "
        "c.png, c.tif",
    ]
    assert set(tree(data.root / "out/images")) == {"a_000.png"}


def test_pictures_that_differ_in_their_suffix_alone_are_rows(data: DataSet) -> None:
    data.add("b", ".jpg")
    result = data.augment("out", "-n", "1")
    assert result.exit_code == 1
    assert failures(result.stderr) == [
        f"failed: b.{suffix}: b.jpg, b.png differ in their suffix alone; rename"
        for suffix in ("jpg", "png")
    ]
    assert set(tree(data.root / "out/images")) == {"a_000.png", "c_000.png"}


@pytest.mark.parametrize(
    ("kind", "make", "said"),
    [
        ("heatmaps", lambda p: imwrite(p, np.full((4, 4), 2, np.float32)), "must lie in [0, 1]"),
        ("heatmaps", lambda p: p.write_text("x"), "is no PNG"),
        ("masks", lambda p: images.write(p, np.zeros((4, 4, 3), np.uint8)), "labels have one"),
    ],
)
def test_bad_sheets_are_rows(
    data: DataSet, kind: str, make: Callable[[Path], Any], said: str
) -> None:
    folder = data.root / kind
    (folder / "b.png").unlink()
    make(folder / "b.tif")
    result = data.augment("out", f"--{kind}", str(folder), "-n", "1")
    assert result.exit_code == 1
    (row,) = failures(result.stderr)
    assert row.startswith(f"failed: b.png: {folder}/b.tif: ")
    assert said in row


def test_a_palette_is_no_heat(data: DataSet) -> None:
    picture = Image.new("P", (4, 4))
    picture.putpalette([9, 8, 7])
    picture.save(data.heatmaps / "b.png")
    result = data.augment("out", "--heatmaps", str(data.heatmaps), "-n", "1")
    assert "have a channel each, not palette colours" in failures(result.stderr)[0]


def test_pages_of_heatmaps_of_different_sizes_are_a_row(data: DataSet) -> None:
    (data.heatmaps / "b.png").unlink()
    with TiffWriter(data.heatmaps / "b.tif") as file:
        for side in (4, 6):
            file.write(np.zeros((side, side), np.uint8), metadata=None)
    result = data.augment("out", "--heatmaps", str(data.heatmaps), "-n", "1")
    assert "its pages differ in size or dtype: [((4, 4), 'uint8'), ((6, 6)" in result.stderr


def test_a_sheet_that_does_not_turn_with_its_picture_is_a_row(data: DataSet) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # stored 96 x 128, upright 128 x 96
    (data.pictures / "b.png").unlink()
    Image.new("RGB", (128, 96)).save(data.pictures / "b.jpg", exif=exif)
    result = data.augment("out", "--masks", str(data.masks), "-n", "1")
    assert failures(result.stderr) == [
        f"failed: b.jpg: {data.masks / 'b.png'} is 96 x 128, as the picture is stored, which EXIF "
        "turns to 128 x 96; turn the sheet too"
    ]
    images.write_labels(data.masks / "b.png", np.ones((128, 96), int))
    assert data.augment("out", "--masks", str(data.masks), "-n", "1").exit_code == 0


def test_a_format_that_cannot_hold_the_picture_is_one_row(data: DataSet) -> None:
    images.write(data.pictures / "deep.png", np.zeros((8, 8), np.uint16))
    result = data.augment("out", "-n", "3", "--format", "jpg")
    assert result.exit_code == 1
    rows = failures(result.stderr)
    assert len(rows) == 3, "one for each file"
    assert "JPEG cannot hold 8 x 8 pixels of uint16" in rows[0]


def test_an_augmenter_that_does_not_fit_a_picture_is_a_row(data: DataSet) -> None:
    images.write(data.pictures / "gray.png", np.zeros((8, 8), np.uint8))
    data.recipe.write_text(
        '[[augmenters]]\nname = "WithChannels"\nchannels = [2]\n'
        'children = [{name = "Add", value = 9}]\n'
    )
    result = data.augment("out", "-n", "3")
    assert result.exit_code == 1
    assert failures(result.stderr) == [
        "failed: gray.png: no channel 2 in a picture of 1 channels (3 times)"
    ]
    assert len(tree(data.root / "out/images")) == 9


def test_an_empty_folder_is_wrong_usage(data: DataSet) -> None:
    (data.root / "empty").mkdir()
    result = acetate("augment", str(data.root / "empty"), *data.arguments("out")[2:])
    assert result.exit_code == 2
    assert result.stderr.startswith(
        f"acetate: error: {data.root / 'empty'} holds no pictures (.png"
    )
    assert not (data.root / "out").exists()


def test_an_unreadable_folder_is_a_row(data: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = data.pictures / "locked"
    locked.mkdir()
    scandir = os.scandir

    def guarded(folder: Any) -> Any:  # root may read everything
        if Path(folder) == locked:
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(files.os, "scandir", guarded)
    result = data.augment("out", "-n", "1")
    assert result.exit_code == 1
    assert failures(result.stderr) == [f"failed: {locked}: cannot be read: Permission denied"]
    assert len(tree(data.root / "out/images")) == 3


def test_links_are_followed_once(data: DataSet) -> None:
    (data.pictures / "loop").symlink_to(data.pictures)
    (data.pictures / "broken.png").symlink_to("nowhere")
    result = data.augment("out", "-n", "1")
    assert result.exit_code == 1
    assert len(failures(result.stderr)) == 2
    assert len(tree(data.root / "out/images")) == 3


@pytest.mark.parametrize("name", ["[red]x[/red]", "new\nline", os.fsdecode(b"\xff"), "-n", "a b"])
def test_odd_names_are_worked_on_and_printed_safely(data: DataSet, name: str) -> None:
    data.add(name)
    (data.pictures / f"{name}_bad.png").write_text("no picture")
    result = data.augment(
        "out", "--heatmaps", str(data.heatmaps), "--masks", str(data.masks), "-n", "1", "-j", "2"
    )
    assert result.exit_code == 1
    assert f"failed: {files.printable(name)}_bad.png: its heatmaps should be one" in result.stderr
    assert result.stderr.count("\n") == 1
    out = data.root / "out"
    assert (out / f"masks/{name}_000.png").exists()
    replayed = data.augment("again", "--replay", str(out / "recipes.jsonl"))
    assert replayed.exit_code == 0
    assert tree(data.root / "again/images") == tree(out / "images")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[augmenters]\n", "(at line 1, column"),
        ('[[augmenters]]\nname = "Afine"\n', "there is no augmenter 'Afine'; the nearest is 'Aff"),
        (
            '[[augmenters]]\nname = "Affine"\nrotat = 3\n',
            "no argument 'rotat'; the nearest is 'rot",
        ),
        ('[[augmenters]]\nname = "Fliplr"\np = 7\n', "augmenters[0] (Fliplr): "),
        ("", "needs at least one table [[augmenters]]"),
        ("augmenter = 1\n", "got 'augmenter'"),
        ('seed = -1\n[[augmenters]]\nname = "Fliplr"\n', "seed must be a whole number from 0, got"),
        ('seed = "x"\n[[augmenters]]\nname = "Fliplr"\n', "seed must be a whole number from 0"),
        ("\udcff", "can't decode byte"),
    ],
)
def test_a_wrong_recipe_is_wrong_usage(data: DataSet, toml: str, said: str) -> None:
    data.recipe.write_bytes(os.fsencode(toml))
    result = data.augment("out")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"acetate: error: {data.recipe}: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (data.root / "out").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--replay", "RECIPE", "--recipe", "RECIPE"], "pass either --recipe or --replay"),
        (["--replay", "EMPTY"], "has no lines: there is nothing to replay"),
        (["--replay", "EMPTY", "-n", "3"], "--replay says how many samples there are"),
        (["--replay", "EMPTY", "--seed", "3"], "--replay says how many samples there are"),
        (["--swap", "a:b"], "--swap is about landmarks; pass --landmarks too"),
        (["--swap", "a"], "'a' is no pair of names such as left_eye:right_eye"),
        (["--swap", "a:a"], "'a:a' is no pair of names"),
        (["--landmarks", "EMPTY"], "empty.txt is no file of landmarks that acetate knows"),
        (
            ["--landmarks", "CSV", "--swap", "dot:dit"],
            "--swap: no landmark is called 'dit'; the nearest is 'dot'",
        ),
        (["--landmarks", "HEADER", "--swap", "a:b"], "called 'a'; there are none"),
        (["--landmarks", "BAD"], "bad.csv is no file of landmarks that acetate knows: a table beg"),
        (["--seed", "-1"], "Invalid value for '--seed'"),
        (["--out", "pictures"], "holds"),
    ],
)
def test_contradictions_are_wrong_usage(data: DataSet, more: list[str], said: str) -> None:
    empty, header, bad = data.root / "empty.txt", data.root / "header.csv", data.root / "bad.csv"
    empty.touch()
    header.write_text("image,name,x,y\n")
    bad.write_text("a,b\n")
    names = {
        **{"RECIPE": data.recipe, "EMPTY": empty, "CSV": data.landmarks},
        **{"HEADER": header, "BAD": bad, "pictures": data.pictures},
    }
    result = data.augment("out", *(str(names.get(word, word)) for word in more))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (data.root / "out").exists()


def test_the_output_must_not_hold_the_input(data: DataSet) -> None:
    result = acetate(*data.arguments("out")[:-1], str(data.root), "--overwrite")
    assert result.exit_code == 2
    assert f"--out {data.root} holds {data.pictures}; choose another folder" in result.stderr


def test_no_recipe_is_wrong_usage(data: DataSet) -> None:
    result = acetate("augment", str(data.pictures), "--out", str(data.root / "out"))
    assert (result.exit_code, result.stderr) == (
        2,
        "acetate: error: pass either --recipe or --replay\n",
    )


def test_landmarks_that_cannot_be_moved_are_a_row(
    data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acetate.cli.augment_landmarks import Landmarks

    def lost(self: Landmarks, sample: Any) -> None:
        raise ValueError(f"no way for {sample.picture}")

    monkeypatch.setattr(Landmarks, "moved", lost)
    result = data.augment("out", "--landmarks", str(data.landmarks), "-n", "1")
    assert result.exit_code == 1
    assert failures(result.stderr)[0] == "failed: a.png: its landmarks: no way for a.png"


class Slow:
    """A command that takes long enough to be interrupted in the middle."""

    def __init__(self, root: Path) -> None:
        self.data = DataSet(root, tuple(f"p{k}" for k in range(6)))
        self.data.recipe.write_text(
            '[[augmenters]]\nname = "ElasticTransformation"\nalpha = [5, 9]\nsigma = 2\n'
        )
        self.more = (*self.data.sheets, "--seed", "5", "-n", "12", "--no-contact-sheet")
        assert self.data.augment("whole", *self.more).exit_code == 0
        self.whole = tree(root / "whole")

    def stopped_by(self, number: int, out: Path, *more: str) -> tuple[int, str]:
        """Start, send the signal when some samples are finished, and return code and stderr."""
        arguments = self.data.arguments(str(out), *self.more, *more)
        process = start(*arguments, start_new_session=True)
        part = out / "recipes.jsonl.part"
        deadline = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size > 0):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(number)
        text = process.communicate()[1]
        wait_for_the_end_of_all(process.pid)
        assert 0 < part.read_bytes().count(b"\n") < 72, "it was interrupted in the middle"
        return process.returncode, text

    def goes_on(self, out: Path) -> None:
        """Give the same command again, and compare with what an uninterrupted one wrote."""
        finished = (out / "recipes.jsonl.part").read_bytes().count(b"\n")
        result = self.data.augment(str(out), *self.more)
        assert result.exit_code == 0
        assert f"({finished} more were there)" in result.stdout
        assert tree(out) == self.whole


def wait_for_the_end_of_all(group: int) -> None:
    """Wait until the workers are gone too: as long as one is there, its files are its own."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise TimeoutError(f"processes of group {group} do not end")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Slow:
    return Slow(tmp_path_factory.mktemp("slow"))


def half_files(folder: Path) -> list[str]:
    return [name for name in tree(folder) if "acetate-tmp" in name]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_a_kill_the_same_command_goes_on(slow: Slow, tmp_path: Path, jobs: str) -> None:
    out = tmp_path / "out"
    assert slow.stopped_by(signal.SIGKILL, out, "-j", jobs)[0] == -signal.SIGKILL
    slow.goes_on(out)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_ctrl_c_the_same_command_goes_on(slow: Slow, tmp_path: Path, jobs: str) -> None:
    out = tmp_path / "out"
    code, text = slow.stopped_by(signal.SIGINT, out, "-j", jobs)
    assert code == 130
    assert "of 72 samples are done; the same command continues\n" in text
    assert text.endswith("acetate: interrupted\n")
    assert "Traceback" not in text
    assert not half_files(out)
    slow.goes_on(out)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_sigterm_ends_without_half_files(slow: Slow, tmp_path: Path, jobs: str) -> None:
    out = tmp_path / "out"
    assert slow.stopped_by(signal.SIGTERM, out, "-j", jobs) == (143, "")
    assert not half_files(out)
    slow.goes_on(out)


def test_a_half_written_last_line_is_forgotten(data: DataSet) -> None:
    data.augment("whole", "--seed", "1")
    data.augment("out", "--seed", "1")
    recipes, part = data.root / "out/recipes.jsonl", data.root / "out/recipes.jsonl.part"
    lines = recipes.read_text().splitlines(keepends=True)
    part.write_text("".join(lines[:3]) + lines[3][:50])
    recipes.unlink()
    result = data.augment("out", "--seed", "1")
    assert "(3 more were there)" in result.stdout
    assert tree(data.root / "out") == tree(data.root / "whole")


def test_a_full_disk_leaves_no_half_files(tmp_path: Path) -> None:
    data = DataSet(tmp_path, ("a", "b"))
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    images.write(data.pictures / "large.png", noise)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    process = start(
        *data.arguments("out", "--seed", "1", "-n", "2", "--no-contact-sheet"), preexec_fn=limit
    )
    text = process.communicate()[1]
    assert process.returncode == 1
    first, *_ = failures(text)
    assert first.startswith("failed: large.png: [Errno 27] File too large: ")
    assert "Traceback" not in text
    written = tree(tmp_path / "out")
    assert {name for name in written if name.startswith("images/")} == {
        f"images/{stem}_00{k}.png" for stem in "ab" for k in (0, 1)
    }
    assert data.augment("out", "--seed", "1", "-n", "2").exit_code == 0
    assert data.augment("whole", "--seed", "1", "-n", "2").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_a_full_disk_for_the_record_is_one_line(tmp_path: Path) -> None:
    data = DataSet(tmp_path, ("a",))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    process = start(*data.arguments("out"), preexec_fn=limit)
    text = process.communicate()[1]
    assert process.returncode == 1
    assert text == f"acetate: error: {tmp_path}/out/augment.json: File too large\n"
    assert tree(tmp_path / "out") == {}


def test_a_terminal_shows_a_bar_and_a_table(data: DataSet) -> None:
    import pty

    (data.pictures / "[bold]bad.png").write_text("no picture")
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "acetate", *data.arguments("out", "-n", "2")],
        stdout=subprocess.DEVNULL,
        stderr=child,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(child)
    shown = b""
    while chunk := _read(parent):
        shown += chunk
    assert process.wait() == 1
    assert b"Failures" in shown
    assert b"[bold]bad.png" in shown
    assert "━".encode() in shown
    assert b"failed: " not in shown


def test_ctrl_c_says_how_much_is_done(data: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    from acetate.cli.samples import Maker

    make = Maker.make

    def interrupted(self: Maker, source: Any, loaded: Any, order: Any) -> Any:
        if source.name == "c.png":
            raise KeyboardInterrupt
        return make(self, source, loaded, order)

    monkeypatch.setattr(Maker, "make", interrupted)
    result = data.augment("out", "-n", "2")
    assert result.exit_code == 130
    assert result.stderr.startswith("4 of 6 samples are done; the same command continues\n")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""

"""`acetate segment`: what it writes, its methods' options, prompts, resuming, and trouble."""

import csv
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import tifffile
from click.testing import Result
from data_set import acetate, disc, start, tree
from PIL import Image

from acetate import images
from acetate.arrays import Array
from acetate.options import check_options, option
from acetate.segment import METHODS, HeatFlow, Segmentation

FRAME = (60, 80)
DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def scene(x: float = 40, y: float = 30, radius: float = 14, dtype: Any = np.uint8) -> Array:
    """Return a bright disc on a dark ground, with a little noise."""
    noise = np.random.default_rng(3).normal(0, 4, FRAME)
    values = np.where(disc(FRAME, x, y, radius), 180, 60) + noise
    return (np.clip(values, 0, 255) * (np.iinfo(dtype).max // 255)).astype(dtype)


@dataclass
class Folder:
    """Pictures of discs, and the command on them."""

    root: Path

    def __post_init__(self) -> None:
        self.pictures = self.root / "in"
        for name, x in (("a.png", 30), ("sub/b.png", 45), ("c.png", 40)):
            (self.pictures / name).parent.mkdir(parents=True, exist_ok=True)
            images.write(self.pictures / name, scene(x))

    @property
    def out(self) -> Path:
        return self.root / "out"

    def segment(self, *more: str) -> Result:
        return acetate("segment", str(self.pictures), "--out", str(self.out), *more)

    def mask(self, stem: str) -> Array:
        return images.read_labels(self.out / f"masks/{stem}.png")

    def facts(self, stem: str) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((self.out / f"facts/{stem}.json").read_text())
        return facts


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def marks(shape: tuple[int, int] = FRAME) -> Array:
    labels = np.zeros(shape, np.uint8)
    labels[2:5] = 1
    labels[28:32, 35:45] = 2
    return labels


def failures(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("failed: ")]


def complaint(result: Result) -> str:
    """Return the one line that is said about wrong usage."""
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("acetate: error: ").strip()


def test_every_picture_of_a_folder_gets_its_files(folder: Folder) -> None:
    result = folder.segment()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"3 of 3 pictures in {folder.out}\n"
    stems = ("a", "c", "sub/b")
    expected = {f"{kind}/{stem}.png" for kind in ("masks", "overlays") for stem in stems}
    expected |= {f"energies/{stem}.{kind}" for kind in ("csv", "png") for stem in stems}
    expected |= {f"facts/{stem}.json" for stem in stems} | {"segment.json", "segment.jsonl"}
    assert set(tree(folder.out)) == expected
    for stem, x in zip(stems, (30, 40, 45), strict=True):
        assert ((folder.mask(stem) == 1) == disc(FRAME, x, 30, 14)).mean() > 0.98


def test_labels_are_those_of_the_method_in_python(folder: Folder) -> None:
    folder.segment("--phases", "3", "--smoothness", "2")
    found = HeatFlow(phases=3, smoothness=2.0).segment(scene(30))
    np.testing.assert_array_equal(folder.mask("a"), found.labels)
    facts = folder.facts("a")
    assert facts["options"]["phases"] == 3
    assert facts["facts"]["energies"] == list(found.facts.energies)
    assert sum(facts["pixels"].values()) == 60 * 80


def test_energies_are_a_table_that_falls(folder: Folder) -> None:
    folder.segment()
    with open(folder.out / "energies/a.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(len(rows)))
    energies = [float(row["energy"]) for row in rows]
    assert energies == folder.facts("a")["facts"]["energies"]
    assert energies == sorted(energies, reverse=True)


def test_overlay_paints_the_object_and_leaves_the_rest(folder: Folder) -> None:
    folder.segment()
    overlay = images.read(folder.out / "overlays/a.png")
    inside = folder.mask("a") > 0
    gray = np.repeat(scene(30)[:, :, np.newaxis], 3, axis=2)
    assert (overlay[~inside] == gray[~inside]).all()
    assert (overlay[inside] != gray[inside]).any(axis=1).all()


def test_single_files_are_taken_under_their_last_names(folder: Folder) -> None:
    paths = [str(folder.pictures / name) for name in ("sub/b.png", "a.png")]
    result = acetate("segment", *paths, "--out", str(folder.out))
    assert result.exit_code == 0
    assert set(tree(folder.out / "masks")) == {"a.png", "b.png"}


def test_a_picture_given_twice_is_worked_on_once_and_said(folder: Folder) -> None:
    path = str(folder.pictures / "a.png")
    result = acetate("segment", path, path, "--out", str(folder.out))
    assert result.exit_code == 1
    assert failures(result.stderr) == [
        f"failed: {path}: was walked already under this or another name"
    ]
    assert set(tree(folder.out / "masks")) == {"a.png"}


def test_pictures_that_would_share_their_files_are_rows(folder: Folder, tmp_path: Path) -> None:
    images.write(folder.pictures / "a.tif", scene())
    (tmp_path / "other").mkdir()
    images.write(tmp_path / "other/c.png", scene())
    result = acetate(
        "segment", str(folder.pictures), str(tmp_path / "other"), "--out", str(folder.out)
    )
    assert result.exit_code == 1
    text = "\n".join(failures(result.stderr))
    assert text.count("a.png, a.tif differ in their suffix alone; rename") == 2
    assert text.count("c.png have one name; rename, or give the folder that holds them") == 2
    assert set(tree(folder.out / "masks")) == {"sub/b.png"}


def test_corrupt_files_among_good_ones_are_rows(folder: Folder) -> None:
    good = (folder.pictures / "a.png").read_bytes()
    (folder.pictures / "cut.png").write_bytes(good[: len(good) // 2])
    (folder.pictures / "text.jpg").write_text("no picture")
    for jobs in ("1", "2"):
        result = folder.segment("--overwrite", "-j", jobs)
        assert result.exit_code == 1
        assert [row.split(": ")[1] for row in failures(result.stderr)] == ["cut.png", "text.jpg"]
        assert result.stdout == f"3 of 5 pictures in {folder.out}\n"
        assert "Traceback" not in result.stderr
        assert len(tree(folder.out / "masks")) == 3
    again = folder.segment()
    assert again.exit_code == 1, "what failed is tried again"
    assert again.stdout == f"0 of 2 pictures in {folder.out} (3 more were there)\n"


def test_the_same_command_makes_what_is_missing_alone(folder: Folder) -> None:
    folder.segment()
    before = tree(folder.out)
    times = {path: path.stat().st_mtime_ns for path in (folder.out / "masks").rglob("*.png")}
    (folder.out / "overlays/c.png").unlink()
    result = folder.segment()
    assert result.stdout == f"1 of 1 pictures in {folder.out} (2 more were there)\n"
    assert tree(folder.out) == before
    kept = [path for path, when in times.items() if path.stat().st_mtime_ns == when]
    assert {path.name for path in kept} == {"a.png", "b.png"}
    images.write(folder.pictures / "new.png", scene())
    assert folder.segment().stdout.startswith("1 of 1 pictures")


def test_what_has_changed_is_made_anew(folder: Folder) -> None:
    starts = folder.root / "starts"
    for stem in ("a", "c", "sub/b"):
        (starts / stem).parent.mkdir(parents=True, exist_ok=True)
        images.write_labels(starts / f"{stem}.png", disc(FRAME, 40, 30, 9))
    options = ["--method", "jacobi-theta", "--mask", str(starts)]
    folder.segment(*options)
    images.write_labels(starts / "c.png", ~disc(FRAME, 40, 30, 20))
    images.write(folder.pictures / "a.png", scene(36, 26))
    result = folder.segment(*options)
    assert result.stdout == f"2 of 2 pictures in {folder.out} (1 more were there)\n"
    assert folder.mask("c")[0, 0] == 1
    assert ((folder.mask("a") == 1) == disc(FRAME, 36, 26, 14)).mean() > 0.98
    assert folder.segment(*options).stdout.startswith("0 of 0 pictures")


def test_two_commands_may_share_a_folder_by_overwrite(folder: Folder) -> None:
    folder.segment()
    masks = tree(folder.out / "masks")
    result = acetate("denoise", str(folder.pictures), "--out", str(folder.out), "--overwrite")
    assert result.stdout == f"3 of 3 pictures in {folder.out}\n"
    assert tree(folder.out / "masks") == masks
    assert folder.segment().stdout.startswith("0 of 0 pictures")


def test_a_damaged_record_is_named(folder: Folder) -> None:
    folder.segment()
    (folder.out / "segment.jsonl").write_text('{"picture": "a.png"}\n')
    result = folder.segment()
    assert result.exit_code == 1
    assert "segment.jsonl, line 1: this is no line about a picture (KeyError" in result.stderr


def test_other_options_need_another_folder_or_overwrite(folder: Folder) -> None:
    folder.segment()
    before = tree(folder.out)
    text = complaint(folder.segment("--tau", "3"))
    assert "was filled with options" in text
    assert "choose another folder, or pass --overwrite" in text
    assert tree(folder.out) == before
    assert folder.segment("--method", "threshold", "--overwrite").exit_code == 0
    assert not (folder.out / "energies/a.csv").exists()


def test_a_folder_of_other_files_is_left_alone(folder: Folder) -> None:
    folder.out.mkdir()
    (folder.out / "thesis.txt").write_text("ten years")
    assert "holds files of another origin" in complaint(folder.segment())
    assert set(tree(folder.out)) == {"thesis.txt"}


def test_output_inside_the_folder_of_pictures_is_no_picture(folder: Folder) -> None:
    out = str(folder.pictures / "out")
    for _ in range(2):
        result = acetate("segment", str(folder.pictures), "--out", out)
        assert result.exit_code == 0
    assert len(tree(folder.pictures / "out/masks")) == 3


def test_output_that_holds_the_input_is_refused(folder: Folder) -> None:
    result = acetate("segment", str(folder.pictures), "--out", str(folder.root), "--overwrite")
    assert "holds" in complaint(result)


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = acetate("segment", str(tmp_path / "empty"), "--out", str(tmp_path / "out"))
    assert "holds no pictures" in complaint(result)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--method", "heatflow"], "there is no method 'heatflow'; the nearest is 'heat-flow'"),
        (["--method=jacobi"], "there is no method 'jacobi'; the nearest is 'jacobi-theta'"),
        (["--smothness", "3"], "there is no option '--smothness'; the nearest is '--smoothness'"),
        (["--dt", "3"], "there is no option '--dt'"),
        (["--no-brigt"], "there is no option '--no-brigt'; the nearest is '--no-bright'"),
        (["--phases", "99"], "phases must lie in [2, 64], got 99"),
        (["--phases", "two"], "Invalid value for '--phases'"),
        (["--tau", "nan"], "tau must lie in [0.1, 1e+06], got nan"),
        (["--fidelity", "locl"], "fidelity is one of constant, local, background, mixture, got"),
        (["--box", "1,2,3"], "'1,2,3' is not 4 numbers with commas between them"),
        (["--box", "9,9,4,4"], "heat-flow takes no --box"),
        (["--method", "heat-cut"], "heat-cut needs a prompt; pass --box or --scribbles"),
        (["--dimensions", "3", "--gray"], "volumes take neither --gray nor a prompt here"),
    ],
)
def test_wrong_words_are_one_line(folder: Folder, more: list[str], said: str) -> None:
    assert said in complaint(folder.segment(*more))
    assert not folder.out.exists()


@pytest.mark.parametrize("command", ["segment", "denoise", "corrupt"])
@pytest.mark.parametrize("words", [[], ["--", "x.png"]])
def test_too_few_words_are_one_line(command: str, words: list[str]) -> None:
    complaint(acetate(command, *words))


def test_a_failure_says_the_name_once(folder: Folder) -> None:
    (folder.pictures / "sub/text.jpg").write_text("no picture")
    (row,) = failures(folder.segment().stderr)
    assert row.startswith("failed: sub/text.jpg: is no PNG")


def test_help_shows_the_options_of_the_method() -> None:
    general, special = (
        acetate("segment", "--help"),
        acetate("segment", "--method", "jacobi-theta", "--help"),
    )
    assert "--smoothness" in general.stdout
    assert "--smoothness" not in special.stdout
    assert "Options of jacobi-theta:" in special.stdout
    assert "--lambda-param X" in special.stdout
    assert "default: 0.5; 0.001 to 1000" in " ".join(special.stdout.split())
    for name in METHODS:
        assert f"  {name} " in general.stdout


@pytest.mark.parametrize("name", METHODS)
def test_every_method_can_be_called_and_explained(name: str, folder: Folder) -> None:
    assert acetate("segment", "--method", name, "--help").exit_code == 0
    prompt = _prompt_for(name, folder)
    result = folder.segment("--method", name, *prompt)
    assert (result.exit_code, result.stderr) == (0, "")
    assert folder.facts("a")["method"] == name
    assert folder.mask("a").shape == FRAME


def _prompt_for(name: str, folder: Folder) -> list[str]:
    """Return a prompt if the method takes one that says what is wanted."""
    prompts = METHODS[name].PROMPTS
    if "box" in prompts:
        return ["--box", "12,8,64,52"]
    if "scribbles" in prompts:
        images.write_labels(folder.root / "marks.png", marks())
        return ["--scribbles", str(folder.root / "marks.png")]
    return []


def test_a_start_mask_decides_which_side_is_inside(folder: Folder) -> None:
    around = ~disc(FRAME, 40, 30, 20)
    images.write_labels(folder.root / "mask.png", around * 255)
    result = folder.segment("--method", "jacobi-theta", "--mask", str(folder.root / "mask.png"))
    assert result.exit_code == 0
    assert folder.mask("c")[0, 0] == 1
    assert folder.mask("c")[30, 40] == 0


@pytest.mark.parametrize("name", ["heat-flow", "jacobi-theta"])
def test_masks_may_have_255_for_inside(folder: Folder, name: str) -> None:
    images.write_labels(folder.root / "mask.png", disc(FRAME, 40, 30, 9) * 255)
    result = folder.segment("--method", name, "--mask", str(folder.root / "mask.png"))
    assert result.exit_code == 0
    assert set(np.unique(folder.mask("a"))) == {0, 1}


def test_a_mask_of_several_labels_begins_as_many_phases(folder: Folder) -> None:
    labels = np.zeros(FRAME, np.uint8)
    labels[20:40, 20:40], labels[20:40, 40:60] = 1, 2
    images.write_labels(folder.root / "mask.png", labels)
    mask = str(folder.root / "mask.png")
    assert folder.segment("--mask", mask, "--phases", "3").exit_code == 0
    result = folder.segment("--mask", mask, "--overwrite")
    assert result.exit_code == 1
    assert "prompt must hold every label from 0 to 1 and no other" in result.stderr


def test_a_folder_of_masks_gives_each_picture_its_own(folder: Folder) -> None:
    masks = folder.root / "starts"
    for stem in ("a", "sub/b"):
        (masks / stem).parent.mkdir(parents=True, exist_ok=True)
        images.write_labels(masks / f"{stem}.png", disc(FRAME, 40, 30, 9))
    result = folder.segment("--mask", str(masks))
    assert result.exit_code == 1
    assert failures(result.stderr) == [
        f"failed: c.png: its mask should be one file called c.* in {masks}, there is no file"
    ]
    assert set(tree(folder.out / "masks")) == {"a.png", "sub/b.png"}


def test_a_mask_of_another_size_is_a_row_for_each_picture(folder: Folder) -> None:
    images.write_labels(folder.root / "mask.png", disc((30, 40), 20, 15, 9))
    result = folder.segment("--mask", str(folder.root / "mask.png"))
    assert result.exit_code == 1
    rows = failures(result.stderr)
    assert len(rows) == 3
    assert all("(60, 80)" in row and "(30, 40)" in row for row in rows)


def test_two_prompts_are_one_too_many(folder: Folder) -> None:
    images.write_labels(folder.root / "mask.png", disc(FRAME, 40, 30, 9))
    mask = str(folder.root / "mask.png")
    assert "pass one of --box, --mask" in complaint(
        folder.segment("--mask", mask, "--box", "1,1,9,9")
    )


def test_a_box_finds_its_object_and_no_other(folder: Folder) -> None:
    two = np.maximum(scene(20, 30, 10), scene(60, 30, 10))
    images.write(folder.pictures / "two.png", two)
    path = str(folder.pictures / "two.png")
    result = acetate(
        *("segment", path, "--method", "heat-cut", "--box", "8,18,32,42"),
        *("--out", str(folder.out)),
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert ((folder.mask("two") == 1) == disc(FRAME, 20, 30, 10)).mean() > 0.98
    assert folder.facts("two")["facts"]["energies"]


@pytest.mark.parametrize(
    ("kind", "prompt", "said"),
    [
        ("--box", "100,5,120,40", "holds no pixel of the picture, which is 80 wide and 60 high"),
        ("--scribbles", marks((30, 40)), "(30, 40)"),
        ("--scribbles", np.minimum(marks(), 1), "scribbles"),
    ],
)
def test_prompts_that_do_not_fit_are_rows(
    folder: Folder, kind: str, prompt: Any, said: str
) -> None:
    if isinstance(prompt, np.ndarray):
        images.write_labels(folder.root / "marks.png", prompt)
        prompt = str(folder.root / "marks.png")
    result = folder.segment("--method", "heat-cut", kind, prompt)
    assert result.exit_code == 1
    rows = failures(result.stderr)
    assert len(rows) == 3
    assert all(said in row for row in rows)
    assert result.stdout == f"0 of 3 pictures in {folder.out}\n"


def test_scribbles_on_colours_are_no_labels(folder: Folder) -> None:
    images.write(folder.root / "marks.png", np.zeros((*FRAME, 3), np.uint8))
    marked = str(folder.root / "marks.png")
    result = folder.segment("--method", "heat-cut", "--scribbles", marked)
    assert result.exit_code == 1
    assert "labels have one channel, this file has rgb pixels" in failures(result.stderr)[0]


def test_transparent_pictures_lie_on_white_and_bands_are_shown_by_the_first(
    folder: Folder,
) -> None:
    gray = scene()
    clear = np.where(disc(FRAME, 40, 30, 14), 0, 255).astype(np.uint8)
    images.write(folder.pictures / "a.png", np.dstack([np.zeros_like(gray)] * 3 + [clear]))
    images.write(folder.pictures / "bands.tif", np.dstack([gray, gray, gray, 255 - gray, gray]))
    assert folder.segment().exit_code == 0
    assert ((folder.mask("a") == 1) == (clear == 0)).mean() > 0.98
    assert images.read(folder.out / "overlays/bands.png").shape == (*FRAME, 3)


def test_gray_takes_the_lightness(folder: Folder) -> None:
    colours = np.zeros((*FRAME, 3), np.uint8)
    colours[:, :40, 0], colours[:, 40:, 2] = 114, 255  # red and blue of (nearly) one luma
    colours[disc(FRAME, 40, 30, 14)] = 220
    images.write(folder.pictures / "c.png", colours)
    assert folder.segment("--gray").exit_code == 0
    assert ((folder.mask("c") == 1) == disc(FRAME, 40, 30, 14)).mean() > 0.99


def test_16_bit_pictures_are_segmented_as_8_bit_ones(folder: Folder) -> None:
    images.write(folder.pictures / "deep.png", scene(30, dtype=np.uint16))
    assert folder.segment().exit_code == 0
    assert (folder.mask("deep") == folder.mask("a")).mean() > 0.99


def test_volumes_are_the_pages_of_a_tiff(tmp_path: Path) -> None:
    z, y, x = np.indices((12, 24, 24))
    ball = (z - 6) ** 2 + (y - 12) ** 2 + (x - 12) ** 2 < 5**2
    noise = np.random.default_rng(1).normal(0, 5, ball.shape)
    volume = np.where(ball, 200, 50) + noise
    tifffile.imwrite(tmp_path / "ball.tif", volume.astype(np.uint8), photometric="minisblack")
    images.write(tmp_path / "flat.tif", scene())
    paths = [str(tmp_path / name) for name in ("ball.tif", "flat.tif")]
    result = acetate("segment", *paths, "--out", str(tmp_path / "out"), "--dimensions", "3")
    assert result.exit_code == 1
    (row,) = failures(result.stderr)
    assert "flat.tif has one page, a volume has several" in row
    labels = tifffile.imread(tmp_path / "out/masks/ball.tif")
    assert ((labels == 1) == ball).mean() > 0.99
    overlay = images.read(tmp_path / "out/overlays/ball.png")
    assert overlay.shape == (24, 24, 3)
    assert (overlay[12, 12] != overlay[0, 0]).any()


def test_a_picture_of_several_pages_is_a_row_without_dimensions_3(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "v.tif", np.zeros((3, 9, 9), np.uint8), photometric="minisblack")
    result = acetate("segment", str(tmp_path / "v.tif"), "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    (row,) = failures(result.stderr)
    assert row == "failed: v.tif: holds 3 pages; choose one with --page 0 to --page 2"


@pytest.mark.parametrize("command", ["segment", "denoise", "corrupt"])
def test_a_page_of_several_is_chosen(command: str, tmp_path: Path) -> None:
    pages = np.stack([np.full(FRAME, 7, np.uint8), scene(30), scene(50)])
    tifffile.imwrite(tmp_path / "v.tif", pages, photometric="minisblack")
    out = tmp_path / "out"
    result = acetate(command, str(tmp_path / "v.tif"), "--page", "2", "--out", str(out))
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads((out / "facts/v.json").read_text())["read"]["page"] == 2
    assert json.loads((out / f"{command}.json").read_text())["reading"] == {
        "page": 2,
        "profile": "convert",
    }
    if command == "segment":
        mask = images.read_labels(out / "masks/v.png") == 1
        assert (mask == disc(FRAME, 50, 30, 14)).mean() > 0.98
    result = acetate(command, str(tmp_path / "v.tif"), "--page", "9", "--out", str(tmp_path / "no"))
    assert failures(result.stderr) == ["failed: v.tif: there is no page 9: the pages are 0 to 2"]


@needs_data
@pytest.mark.parametrize("command", ["segment", "denoise", "corrupt", "compare"])
def test_measured_16_bits_with_a_gray_profile_are_taken_as_they_are(
    command: str, tmp_path: Path
) -> None:
    words = [command, str(DATA / "qbi/shale-slice.tiff")]
    words += ["--method", "heat-flow"] if command == "compare" else []
    result = acetate(*words, "--out", str(tmp_path / "refused"))
    assert result.exit_code != 0
    assert "pass --profile ignore to take the numbers as they are" in result.stderr
    assert "profile=" not in result.stderr
    out = tmp_path / "out"
    result = acetate(*words, "--profile", "ignore", "--out", str(out))
    assert (result.exit_code, result.stderr) == (0, "")
    if command != "compare":
        read = json.loads((out / "facts/shale-slice.json").read_text())["read"]
        assert read["colour_profile"] == "Generic Gray Profile"
        assert read["colours"] == "profile ignored"


def test_overlays_of_12_bits_in_16_are_not_black(folder: Folder) -> None:
    deep = scene(30).astype(np.uint16) * 16
    images.write(folder.pictures / "a.png", deep)
    assert folder.segment().exit_code == 0
    overlay = images.read(folder.out / "overlays/a.png")
    assert overlay.dtype == np.uint8
    assert overlay.max() > 150
    assert overlay[~disc(FRAME, 30, 30, 15)].max() < 100


def test_volumes_have_no_page_to_choose(folder: Folder) -> None:
    text = complaint(folder.segment("--dimensions", "3", "--page", "1"))
    assert "a volume is all pages of a file" in text


@dataclass(frozen=True)
class Odd:
    """What a method may also be: options of every kind, facts of every kind, large labels."""

    PROMPTS: ClassVar[tuple[str, ...]] = ("box", "scribbles")

    levels: tuple[float, ...] = option((0.5,), "Levels.", 0.0, 1.0)
    counts: tuple[int, ...] = option((), "Counts.")
    largest: int = option(300, "The largest label.", 1)

    def __post_init__(self) -> None:
        check_options(self)

    def segment(self, image: Array, prompt: Any = None) -> Segmentation[Any]:
        labels = np.zeros(image.shape[:2], np.int64)
        labels[0, 0] = self.largest
        if isinstance(prompt, tuple) and prompt[2] > image.shape[1]:
            raise ValueError(f"the box {prompt} must lie in the picture, {image.shape}")
        return Segmentation(labels, OddFacts(np.arange(3.0), np.float32(np.nan), {1: self}))


@dataclass(frozen=True)
class OddFacts:
    array: Any
    number: Any
    nested: Any


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METHODS, "odd", Odd)


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize(("largest", "ending", "bits"), [(300, "png", 16), (70_000, "tif", 32)])
def test_large_labels_take_the_next_larger_format(
    folder: Folder, largest: int, ending: str, bits: int
) -> None:
    result = folder.segment("--method", "odd", "--largest", str(largest))
    assert (result.exit_code, result.stderr) == (0, "")
    path = folder.out / f"masks/a.{ending}"
    assert images.info(path).bits == bits
    assert images.read_labels(path).max() == largest


@pytest.mark.usefixtures("odd")
def test_facts_and_options_of_any_kind_become_json(folder: Folder) -> None:
    assert folder.segment("--method", "odd", "--levels", "0.25,1").exit_code == 0
    facts = folder.facts("a")
    assert facts["options"] == {"levels": [0.25, 1.0], "counts": [], "largest": 300}
    assert facts["facts"] == {
        "array": [0.0, 1.0, 2.0],
        "number": "nan",
        "nested": {"1": facts["options"]},
    }
    assert not (folder.out / "energies").exists()
    assert folder.segment("--method", "odd", "--levels", "0.25,1").stdout.startswith("0 of 0")


@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--levels", "0.5,2"], "each of levels must lie in [0, 1], got 2.0"),
        (["--levels", "a"], "'a' is not numbers with commas between them"),
        (["--box", "9,9,4,20"], "--box is x1,y1,x2,y2 with x1 < x2 and y1 < y2, got (9.0"),
        (["--mask", "MASK"], "odd takes no --mask; these do: "),
    ],
)
def test_wrong_options_of_such_a_method_are_one_line(
    folder: Folder, more: list[str], said: str
) -> None:
    words = [str(folder.pictures / "a.png") if word == "MASK" else word for word in more]
    assert said in complaint(folder.segment("--method", "odd", *words))


@pytest.mark.usefixtures("odd")
def test_a_box_outside_the_picture_is_a_row(folder: Folder) -> None:
    result = folder.segment("--method", "odd", "--box", "10,10,500,50")
    assert result.exit_code == 1
    assert "must lie in the picture" in failures(result.stderr)[0]


@pytest.mark.parametrize("name", METHODS)
def test_no_option_of_a_method_is_one_of_the_command(name: str) -> None:
    import click

    from acetate.cli.segment import segment

    with click.Context(segment) as context:
        context.meta["acetate.method"] = name
        flags = [
            flag
            for parameter in segment.get_params(context)
            if isinstance(parameter, click.Option)
            for flag in (*parameter.opts, *parameter.secondary_opts)
        ]
    assert len(flags) == len(set(flags))


def test_exif_turned_pictures_have_upright_masks(folder: Folder) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(scene(20)).save(folder.pictures / "turned.jpg", exif=exif, quality=95)
    assert folder.segment().exit_code == 0
    assert folder.mask("turned").shape == FRAME[::-1]


class Many:
    """A command over many pictures, to be interrupted in the middle."""

    def __init__(self, root: Path) -> None:
        self.pictures = root / "in"
        self.pictures.mkdir()
        for k in range(16):
            images.write(self.pictures / f"{k:02d}.png", np.tile(scene(20 + k), (2, 3)))
        assert acetate(*self.arguments(root / "whole")).exit_code == 0
        self.whole = tree(root / "whole")

    def arguments(self, out: Path) -> list[str]:
        return ["segment", str(self.pictures), "--out", str(out), "--phases", "3"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    return Many(tmp_path_factory.mktemp("many"))


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_what_was_interrupted_goes_on(many: Many, tmp_path: Path, number: int, code: int) -> None:
    out = tmp_path / "out"
    process = start(*many.arguments(out))
    part = out / "segment.jsonl.part"
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size > 0):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.002)
    process.send_signal(number)
    text = process.communicate()[1]
    assert process.returncode == code
    if number == signal.SIGINT:
        assert "of 16 pictures are done; the same command continues\n" in text
    finished = part.read_bytes().count(b"\n")
    assert 0 < finished < 16
    result = acetate(*many.arguments(out))
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"({finished} more were there)" in result.stdout
    assert tree(out) == many.whole


def test_help_loads_no_heavy_package() -> None:
    script = (
        "import sys; from acetate.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted({'scipy', 'sklearn', 'skimage', 'numba', 'torch', "
        "'matplotlib', 'rich'} & {name.split('.')[0] for name in sys.modules}))"
    )
    for command in ("segment", "denoise", "corrupt"):
        done = subprocess.run(
            [sys.executable, "-c", script, command, "--help"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.endswith("[]\n")

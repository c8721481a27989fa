"""`acetate compare`: what it prints and writes, and its exit codes."""

import csv
import html
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
import tifffile
from data_set import acetate, disc

from acetate import images
from acetate.measure import iou

DATA = Path(__file__).parents[2] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")
METHODS = ("--method", "heat-flow", "--method", "jacobi-theta")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("pictures", "truth"):
        (tmp_path / folder).mkdir()
    for number in range(2):
        mask = disc((60, 60), 30, 30, 10 + 4 * number)
        image = np.where(mask, 180, 40).astype(np.uint8)
        images.write(tmp_path / "pictures" / f"{number}.png", image)
        images.write_labels(tmp_path / "truth" / f"{number}.png", mask.astype(np.uint8))
    return tmp_path


def test_a_table_is_printed_and_written(root: Path) -> None:
    out = root / "out"
    truth = ("--truth", str(root / "truth"))
    result = acetate("compare", str(root / "pictures"), *truth, "--out", str(out), *METHODS)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].split()[:4] == ["rank", "method", "IoU", "Dice"]
    assert {line.split()[1] for line in lines[1:3]} == {"heat-flow", "jacobi-theta"}
    assert lines[1].split()[0::2][:2] == ["1", "1.000"]
    assert lines[-1] == str((out / "index.html").resolve())
    with open(out / "results.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["method"] == lines[1].split()[1]
    page = html.unescape((out / "index.html").read_text())
    assert f"acetate segment {root / 'pictures'} --method {rows[0]['method']}" in page
    again = acetate("compare", str(root / "pictures"), *truth, "--out", str(out), *METHODS)
    assert again.stdout == result.stdout


@pytest.mark.parametrize("method", ["heat-flow", "threshold"])
def test_the_winner_s_command_gives_its_score_to_the_last_digit(root: Path, method: str) -> None:
    for number, file in enumerate(sorted((root / "pictures").iterdir())):
        noise = np.random.default_rng(number).normal(0, 40, (60, 60))
        images.write(file, (255 - images.read(file) + noise).clip(0, 255).astype(np.uint8))
    truth, out = ("--truth", str(root / "truth")), str(root / "out")
    acetate("compare", str(root / "pictures"), *truth, "--out", out, "--method", method)
    found = json.loads((root / "out/results.json").read_text())
    page = html.unescape((root / "out/index.html").read_text())
    (line,) = re.findall(r"<code>acetate (segment .*) --out found</code>", page)
    assert "--no-bright" in line
    assert acetate(*shlex.split(line), "--out", str(root / "found")).exit_code == 0
    scores = []
    for file in sorted((root / "truth").iterdir()):
        mask = images.read_labels(root / "found/masks" / file.name)
        scores.append(iou(mask > 0, images.read_labels(file)))
    assert fmean(scores) == found["rows"][0]["fitted_iou"] == found["reproduced_iou"]
    assert 0.8 < fmean(scores) < 1


@needs_data
def test_pages_and_profiles_are_kept_in_what_gives_the_score_again(root: Path) -> None:
    deep = images.read(root / "pictures/0.png").astype(np.uint16) * 16
    pages = np.stack([np.zeros_like(deep), deep])
    with tifffile.TiffFile(DATA / "qbi/shale-slice.tiff") as file:
        icc = file.pages[0].tags.valueof(34675)
    picture, truth = root / "deep.tif", str(root / "truth/0.png")
    tifffile.imwrite(
        picture, pages, photometric="minisblack", extratags=[(34675, 7, len(icc), icc, False)]
    )
    words = ["compare", str(picture), "--truth", truth, "--method", "heat-flow"]
    result = acetate(*words, "--out", str(root / "pages"))
    assert "choose one with --page 0 to --page 1" in result.stderr
    result = acetate(*words, "--page", "1", "--out", str(root / "refused"))
    assert "--profile ignore" in result.stderr
    how = ["--page", "1", "--profile", "ignore"]
    out = root / "out"
    assert acetate(*words, *how, "--out", str(out)).exit_code == 0
    found = json.loads((out / "results.json").read_text())
    assert found["rows"][0]["iou"] == 1
    assert found["read"] == [{"page": 1, "profile": "ignore"}]
    page = html.unescape((out / "index.html").read_text())
    (line,) = re.findall(r"<code>acetate (segment .*) --out found</code>", page)
    assert "--page 1 --profile ignore" in line
    assert acetate(*shlex.split(line), "--out", str(root / "found")).exit_code == 0
    mask = images.read_labels(root / "found/masks/deep.png")
    assert iou(mask > 0, images.read_labels(truth)) == 1
    script = [sys.executable, str(out / "winner.py")]
    assert float(subprocess.run(script, capture_output=True, check=True, text=True).stdout) == 1


def test_without_truth_it_says_what_the_figures_are(root: Path) -> None:
    out = root / "out"
    result = acetate("compare", str(root / "pictures"), "--out", str(out), *METHODS)
    assert result.exit_code == 0
    assert "agreement" in result.stdout
    assert "IoU" not in result.stdout
    assert "not what is right" in result.stdout


def test_one_picture_and_a_limit(root: Path) -> None:
    for number, arguments in enumerate(
        [
            (root / "pictures/1.png", "--truth", root / "truth/1.png"),
            (root / "pictures", "--truth", root / "truth", "--limit", "1"),
        ]
    ):
        out = root / f"out{number}"
        result = acetate("compare", *map(str, arguments), "--out", str(out), *METHODS)
        assert result.exit_code == 0
        assert "parameters were chosen on the picture" in (out / "index.html").read_text()


def test_a_picture_that_cannot_be_used_is_a_failure(root: Path) -> None:
    (root / "truth/0.png").unlink()
    images.write(root / "pictures/2.png", np.zeros((5, 5), np.uint8))
    images.write_labels(root / "truth/2.png", np.zeros((4, 4), np.uint8))
    truth, out = ("--truth", str(root / "truth")), root / "out"
    result = acetate("compare", str(root / "pictures"), *truth, "--out", str(out), *METHODS)
    assert result.exit_code == 1
    assert "failed: 0.png: its truth should be one file called 0.*" in result.stderr
    assert "2.png must be as large as its picture, (5, 5), it is (4, 4)" in result.stderr
    assert "heat-flow" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--method", "heat-flwo"), "no method 'heat-flwo'; the nearest is 'heat-flow'"),
        (("--truth", "nowhere"), "'nowhere' does not exist"),
        (("--foreground", "red"), "'red' is not one of"),
        (("--out", "."), "holds"),
        (("--jobs", "0"), "0 is not in the range"),
        (("--tolerance", "nan"), "tolerance must be a finite number of at least 0, got nan"),
    ],
)
def test_wrong_usage_is_told_in_a_line(
    root: Path, arguments: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    result = acetate("compare", "pictures", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (root / "acetate-compare").exists()


def test_what_it_writes_among_the_pictures_is_no_picture(root: Path) -> None:
    out = root / "pictures/out"
    for _ in range(2):
        result = acetate("compare", str(root / "pictures"), "--out", str(out), *METHODS)
        assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads((out / "results.json").read_text())["pictures"] == ["0.png", "1.png"]


def test_a_method_that_fails_is_told_and_comes_last(root: Path) -> None:
    images.write_labels(root / "marks.png", np.ones((60, 60), np.uint8))  # of the background alone
    picture, truth = str(root / "pictures/0.png"), str(root / "truth/0.png")
    words = ["compare", picture, "--truth", truth, "--scribbles", str(root / "marks.png")]
    words += ["--method", "heat-cut", "--method", "heat-flow"]
    result = acetate(*words, "--out", str(root / "out"))
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("failed: heat-cut, on 1 of 1: ValueError: ")
    first, last = (row.split() for row in result.stdout.splitlines()[1:3])
    assert first[:3] == ["1", "heat-flow", "1.000"]
    assert last[:2] == ["2", "heat-cut"]
    assert "1.000" not in last


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    result = acetate("compare", str(tmp_path))
    assert result.exit_code == 2
    assert "holds no pictures" in result.stderr

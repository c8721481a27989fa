"""`acetate compare`: what it prints and writes, and its exit codes."""

import csv
import html
import json
import re
import shlex
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from data_set import acetate, disc

from acetate import images
from acetate.measure import iou

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


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    result = acetate("compare", str(tmp_path))
    assert result.exit_code == 2
    assert "holds no pictures" in result.stderr

"""docs/landmarks.md: its Python runs, its commands work, its pictures are there."""

import json
import re
from pathlib import Path

import pytest
import torch
from doc_page import DOCS, Page

PAGE = Page("landmarks.md")

torch.set_num_threads(1)


def test_all_lines_and_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [arguments[1] for arguments in PAGE.run(says_nothing=False)]
    assert commands == ["check", "train", "predict", "evaluate", "convert"]
    errors = json.loads(Path("errors/errors.json").read_text())
    assert errors["unit"] == "mm"
    assert errors["overall"]["count"] == 8 * 7
    assert {path.name for path in Path("found").iterdir()} >= {"overlays", "facts", "points.csv"}
    header, first, *_ = Path("found/points.csv").read_text().splitlines()
    assert header.split(",")[-2:] == ["x_mm", "y_mm"]
    assert float(first.split(",")[-1]) > 0


def test_every_picture_is_there_and_small() -> None:
    PAGE.check_pictures(150_000)


def test_links_and_scripts_that_are_named_are_there() -> None:
    for name in re.findall(r"`((?:examples|tests|benchmarks|docs)/[\w/]+\.py)`", PAGE.text):
        assert (DOCS.parent / name).is_file()
    for page in re.findall(r"\]\(([\w-]+\.md)\)", PAGE.text):
        assert (DOCS / page).is_file()

"""docs/landmarks.md: its Python runs, its commands work, its pictures are there."""

import json
import re
import shlex
from pathlib import Path

import pytest
import torch
from data_set import acetate

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "landmarks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python)?\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)

torch.set_num_threads(1)


def test_all_lines_and_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    commands = []
    for language, block in BLOCKS:
        if language == "python":
            exec(compile(block, "landmarks.md", "exec"), names)
            continue
        for line in block.splitlines():
            program, *arguments = shlex.split(line)
            assert program == "acetate"
            result = acetate(*arguments)
            assert result.exit_code == 0, f"{line}: {result.output}"
            commands.append(arguments[1])
    assert commands == ["check", "train", "predict", "evaluate", "convert"]
    errors = json.loads(Path("errors/errors.json").read_text())
    assert errors["unit"] == "mm"
    assert errors["overall"]["count"] == 8 * 7
    assert {path.name for path in Path("found").iterdir()} >= {"overlays", "facts", "points.csv"}
    header, first, *_ = Path("found/points.csv").read_text().splitlines()
    assert header.split(",")[-2:] == ["x_mm", "y_mm"]
    assert float(first.split(",")[-1]) > 0


def test_every_picture_is_there_and_small() -> None:
    pictures = re.findall(r"\]\((images/[^)]+)\)", TEXT)
    assert pictures
    for picture in pictures:
        assert 1_000 < (DOCS / picture).stat().st_size < 150_000


def test_links_and_scripts_that_are_named_are_there() -> None:
    for name in re.findall(r"`((?:examples|tests|benchmarks|docs)/[\w/]+\.py)`", TEXT):
        assert (DOCS.parent / name).is_file()
    for page in re.findall(r"\]\(([\w-]+\.md)\)", TEXT):
        assert (DOCS / page).is_file()

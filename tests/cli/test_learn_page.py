"""docs/learn.md: its Python runs from top to bottom, its commands work, its pictures are there."""

import re
import shlex
from pathlib import Path

import pytest
from data_set import acetate

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "learn.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python)?\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_all_lines_and_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    commands = 0
    for language, block in BLOCKS:
        if language == "python":
            exec(compile(block, "learn.md", "exec"), names)
            continue
        for line in block.splitlines():
            program, *arguments = shlex.split(line)
            assert program == "acetate"
            result = acetate(*arguments)
            assert (result.exit_code, result.stderr) == (0, ""), line
            commands += 1
    assert commands >= 6
    kinds = {path.name for path in (tmp_path / "scored").iterdir()}
    assert kinds >= {"masks", "overlays", "objects", "facts", "probabilities", "scores.csv"}


def test_every_picture_is_there_and_small() -> None:
    pictures = re.findall(r"\]\((images/[^)]+)\)", TEXT)
    assert pictures
    for picture in pictures:
        assert 1_000 < (DOCS / picture).stat().st_size < 100_000


def test_links_and_scripts_that_are_named_are_there() -> None:
    for name in re.findall(r"`((?:examples|tests)/[\w/]+\.py)`", TEXT):
        assert (DOCS.parent / name).is_file()
    for page in re.findall(r"\]\((\w+\.md)\)", TEXT):
        assert (DOCS / page).is_file()

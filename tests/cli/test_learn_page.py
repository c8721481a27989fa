"""docs/learn.md: its Python runs from top to bottom, its commands work, its pictures are there."""

import re
from pathlib import Path

import pytest
from doc_page import DOCS, Page

PAGE = Page("learn.md")


def test_all_lines_and_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(PAGE.run()) >= 6
    kinds = {path.name for path in (tmp_path / "scored").iterdir()}
    assert kinds >= {"masks", "overlays", "objects", "facts", "probabilities", "scores.csv"}


def test_every_picture_is_there_and_small() -> None:
    PAGE.check_pictures()


def test_links_and_scripts_that_are_named_are_there() -> None:
    for name in re.findall(r"`((?:examples|tests)/[\w/]+\.py)`", PAGE.text):
        assert (DOCS.parent / name).is_file()
    for page in re.findall(r"\]\((\w+\.md)\)", PAGE.text):
        assert (DOCS / page).is_file()

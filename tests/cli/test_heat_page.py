"""docs/heat.md: its Python runs from top to bottom, its commands work, its pictures are there."""

import re
from pathlib import Path

import pytest
from doc_page import DOCS, Page

PAGE = Page("heat.md")


def test_all_lines_and_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(PAGE.run()) >= 6
    assert {path.name for path in (tmp_path / "found").iterdir()} >= {"masks", "overlays", "facts"}


def test_every_picture_is_there_and_small() -> None:
    PAGE.check_pictures()


def test_every_picture_is_said_to_come_from_an_example() -> None:
    for name in re.findall(r"`(examples/\w+\.py)`", PAGE.text):
        assert (DOCS.parent / name).is_file()
    pictures = re.findall(r"\]\(images/(\w+)\.jpg\)", PAGE.text)
    assert all(f"`examples/{name}.py`" in PAGE.text for name in pictures)

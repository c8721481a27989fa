"""docs/landmarks-formats.md: its Python runs from top to bottom, its table is the register's."""

import re
from pathlib import Path

import pytest

from acetate.sheets.formats import FORMATS

TEXT = (Path(__file__).parents[2] / "docs/landmarks-formats.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_all_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    assert len(BLOCKS) == 8
    for block in BLOCKS:
        exec(compile(block, "landmarks-formats.md", "exec"), names)
    assert "\nbroken.csv, line 2: x and y must both be numbers" in capsys.readouterr().out


def test_the_table_says_what_the_register_says() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", TEXT, re.MULTILINE)
    assert [name for name, _ in rows] == list(FORMATS)
    for name, row in rows:
        file, origin, *_, keeps = (cell.strip() for cell in row.split("|"))
        assert origin == FORMATS[name].origin
        assert set(keeps.split(", ") if keeps else []) == FORMATS[name].keeps
        assert file.endswith(f"`{FORMATS[name].suffix}`")
        assert file.startswith("folder") == FORMATS[name].per_picture

"""docs/scale.md: its commands work, those that start a cluster too, and its Python runs."""

import re
import shlex
from pathlib import Path

import pytest
from data_set import acetate, tree
from doc_page import DOCS, Page

from acetate import run
from dask_processes import DaskProcesses

PAGE = Page("scale.md")
ADDRESS = "tcp://10.0.0.5:8786"


def test_all_lines_and_commands_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    began: list[str] = []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with DaskProcesses(elsewhere, elsewhere) as dask:
        for language, block in PAGE.blocks:
            here = block.replace("/data/", f"{tmp_path}/").replace(ADDRESS, dask.address)
            if language == "python":
                exec(compile(here, "scale.md", "exec"), names)
                continue
            for line in here.splitlines():
                program, *words = shlex.split(line)
                began.append(" ".join([program, *words[:1]]))
                if began[-1] == "dask worker":
                    # One process for each machine is enough here.
                    words[words.index("--nworkers") + 1] = "1"
                    dask.start(*words, "--host", "127.0.0.1", "--death-timeout", "60")
                elif began[-1] == "dask scheduler":  # it runs, on a free port
                    assert words == ["scheduler"]
                else:
                    result = acetate(*words)
                    assert (result.exit_code, result.stderr) == (0, ""), line
    assert capsys.readouterr() == ("", "")
    assert "(24 more were there)" in result.stdout  # the last command goes on
    assert began.count("dask worker") == 2
    assert began.count("acetate denoise") == 3
    check_results(tmp_path, names)


def check_results(folder: Path, names: dict[str, object]) -> None:
    pictures = [tree(folder / out / "images") for out in ("clean", "denoised")]
    assert len(pictures[0]) == 24
    assert pictures[0] == pictures[1]
    assert len(list((folder / "found/masks").iterdir())) == 24
    assert isinstance(names["outcome"], run.Success)
    assert {row.method for row in names["found"].unscored} == {"threshold", "edges"}


def test_links_are_there() -> None:
    for page in re.findall(r"\]\((\w+\.md)\)", PAGE.text):
        assert (DOCS / page).is_file()

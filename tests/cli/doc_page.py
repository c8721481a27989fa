"""A page of docs/ whose Python and commands are run from top to bottom, as a reader would."""

import re
import shlex
from pathlib import Path

from data_set import acetate

DOCS = Path(__file__).parents[2] / "docs"


class Page:
    """A page, its text, its blocks of code (language, text) and its pictures."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = (DOCS / name).read_text(encoding="utf-8")
        self.blocks = re.findall(r"^```(python)?\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)
        self.pictures = re.findall(r"\]\((images/[^)]+)\)", self.text)

    def run(self, says_nothing: bool = True) -> list[list[str]]:
        """Run everything in the working folder; return the arguments of the commands."""
        names: dict[str, object] = {}
        commands = []
        for language, block in self.blocks:
            if language == "python":
                exec(compile(block, self.name, "exec"), names)
                continue
            for line in block.splitlines():
                program, *arguments = shlex.split(line)
                assert program == "acetate"
                result = acetate(*arguments)
                assert result.exit_code == 0, f"{line}: {result.output}"
                if says_nothing:
                    assert result.stderr == "", line
                commands.append(arguments)
        return commands

    def check_pictures(self, largest: int = 100_000) -> None:
        """Assert that there are pictures, that they are there, and that they are small."""
        assert self.pictures
        for picture in self.pictures:
            assert 1_000 < (DOCS / picture).stat().st_size < largest

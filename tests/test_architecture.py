"""The laws of the house: imports go down, files are short, start-up is light, names are listed."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import acetate

ROOT = Path(acetate.__file__).parent
FLOORS = (
    {"arrays", "compiled", "files", "names", "seeds", "stems"},
    {"options"},
    {"images", "geometry", "heat", "colors", "parameters", "run"},
    {"samples", "sheets"},
    {"augmenters", "draw", "measure"},
    {"learn"},
    {"landmarks", "mosaic", "segment"},
    {"tour"},
    {"cli"},
)
HEAVY = ("scipy", "sklearn", "skimage", "numba", "torch", "lightning", "dask", "matplotlib", "rich")
LISTED = Path(__file__).parent.parent / "docs" / "public-names.txt"
FILES = sorted(ROOT.rglob("*.py"))


def floor_of(room: str) -> int:
    return next(n for n, rooms in enumerate(FLOORS) if room in rooms)


def room_of(file: Path) -> str:
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_rooms(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            if node.module == "acetate":
                names |= {f"acetate.{alias.name}" for alias in node.names}
            else:
                names.add(node.module or "")
    rooms = {name.split(".")[1] for name in names if name.startswith("acetate.")}
    return {room for room in rooms if not room.startswith("__")}


def test_every_room_stands_on_a_floor() -> None:
    rooms = {room_of(file) for file in FILES} - {"__init__", "__main__"}
    assert rooms == set().union(*FLOORS)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_go_down(file: Path) -> None:
    room = room_of(file)
    if room in ("__init__", "__main__"):
        return
    for other in imported_rooms(file) - {room}:
        assert floor_of(other) < floor_of(room), f"{room} imports {other}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_files_say_their_subject_and_are_short(file: Path) -> None:
    text = file.read_text()
    assert text.startswith('"""'), "the first line says what the file is"
    assert text.count("\n") <= 500


@pytest.mark.parametrize("command", ["import acetate", "import acetate.cli"])
def test_start_up_is_light(command: str) -> None:
    script = f"import sys; {command}; print(*{{m.split('.')[0] for m in sys.modules}})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not set(HEAVY) & set(loaded)


def test_augmenters_load_nothing_heavy() -> None:
    script = "import sys, acetate.augmenters; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not set(HEAVY) & set(loaded)


def listed_names() -> dict[str, list[str]]:
    """Read the list: a line with a module and a colon, then its names."""
    listed: dict[str, list[str]] = {}
    for line in LISTED.read_text().splitlines():
        if line.endswith(":"):
            names = listed.setdefault(line[:-1], [])
        elif line.strip() and not line.startswith("#"):
            names += line.split()
    return listed


@pytest.mark.parametrize("module", sorted(listed_names()))
def test_public_names_are_those_listed(module: str) -> None:
    loaded = importlib.import_module(module)
    assert sorted(loaded.__all__) == sorted(listed_names()[module])
    for name in loaded.__all__:
        assert getattr(loaded, name) is not None


def test_every_package_is_listed() -> None:
    packages = {
        ".".join(("acetate", *file.parent.relative_to(ROOT).parts))
        for file in FILES
        if file.name == "__init__.py"
    }
    assert packages == set(listed_names())

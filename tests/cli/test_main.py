"""The command line itself: help, versions, exit codes, and errors in one line."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from data_set import acetate, start

import acetate as package
from acetate.cli import app, main
from acetate.cli.app import App
from acetate.cli.console import bar, show_failures
from acetate.cli.lazy_group import Entry, LazyGroup
from acetate.run import Workplace


def failing(error: BaseException) -> App:
    """A program whose one command raises."""
    application = App("acetate", {"fail": Entry("nowhere:fail", "Fail.")})

    @click.command()
    def fail() -> None:
        raise error

    application.entries["fail"] = type("Loaded", (), {"load": lambda _self: fail, "help": ""})()
    return application


def outcome(error: BaseException, *arguments: str) -> tuple[int, str]:
    from click.testing import CliRunner

    result = CliRunner().invoke(failing(error), [*arguments, "fail"])
    return result.exit_code, result.stderr


def test_help_lists_the_commands_with_their_own_first_lines() -> None:
    text = acetate("--help").stdout
    _check_first_lines(app, text)
    for name, command in ((name, entry.load()) for name, entry in app.entries.items()):
        if isinstance(command, LazyGroup):
            _check_first_lines(command, acetate(name).stdout)


def _check_first_lines(group: LazyGroup, text: str) -> None:
    for name, entry in group.entries.items():
        assert name in text
        assert entry.help == (entry.load().help or "").partition("\n")[0]


def test_bare_command_shows_the_help() -> None:
    assert acetate().stdout == acetate("--help").stdout
    assert acetate().exit_code == 0


def test_help_of_a_command_keeps_its_tables() -> None:
    text = acetate("augment", "-h").stdout
    assert '\n  name = "Affine"\n  rotate = [-25, 25]\n' in text


def test_version() -> None:
    assert package.__version__ in acetate("--version").stdout


def test_help_and_version_load_neither_numpy_nor_opencv() -> None:
    script = (
        "import sys; from acetate.cli import main\n"
        "try: main()\n"
        "except SystemExit: print(sorted({'numpy', 'cv2', 'rich', 'PIL'} & set(sys.modules)))"
    )
    for option in ("--help", "--version"):
        run = subprocess.run(
            [sys.executable, "-c", script, option], capture_output=True, text=True, check=True
        )
        assert run.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["augmnt"], "there is no command 'augmnt'; the nearest is 'augment'"),
        (["--degub"], "there is no option '--degub'; the nearest is '--debug'"),
        (["augment", "--sampels", "3"], "no option '--sampels'; the nearest is '--samples'"),
        (["augment", "--hlep"], "there is no option '--hlep'; the nearest is '--help'"),
        (["augment", "nowhere", "--out", "x"], "Directory 'nowhere' does not exist."),
        (["augment"], "Missing argument 'PICTURES'."),
        (["augmenters", "Fliplrr"], "there is no augmenter 'Fliplrr'; the nearest is 'Fliplr'"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(arguments: list[str], said: str) -> None:
    result = acetate(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("acetate: error: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("heat is cold"), "heat is cold"),
        (FileNotFoundError(2, "No such file", "cat\n\udcff.png"), r"cat\n\udcff.png: No such file"),
        (ImportError("pip install 'acetate[learn]'"), "pip install 'acetate[learn]'"),
        (KeyError("x"), "KeyError: 'x'; ACETATE_DEBUG=1 shows where"),
        (ValueError(), "ValueError: ; ACETATE_DEBUG=1 shows where"),
    ],
)
def test_what_a_command_raises_is_one_line_and_code_1(error: Exception, said: str) -> None:
    assert outcome(error) == (1, f"acetate: error: {said}\n")


def test_ctrl_c_is_code_130() -> None:
    code, text = outcome(KeyboardInterrupt())
    assert code == 130
    assert text.endswith("acetate: interrupted\n")


@pytest.mark.parametrize("by_environment", [False, True])
def test_debug_shows_the_traceback(by_environment: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_environment:
        monkeypatch.setenv("ACETATE_DEBUG", "1")
    code, text = outcome(ValueError("heat is cold"), *([] if by_environment else ["--debug"]))
    assert code == 1
    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("acetate: error: heat is cold\n")


def test_a_process_says_its_exit_code_and_survives_a_latin_terminal(tmp_path: Path) -> None:
    environment = {"PYTHONIOENCODING": "latin-1", "PATH": ""}
    process = start("augment", str(tmp_path / "Кот"), "--out", "x", env=environment)
    said = process.communicate()[1]
    assert process.returncode == 2
    assert r"\u041a\u043e\u0442" in said


def test_augmenters_are_listed_with_their_first_lines() -> None:
    lines = dict(line.split(maxsplit=1) for line in acetate("augmenters").stdout.splitlines())
    assert lines["Fliplr"] == "Mirror left and right."
    assert lines["HorizontalFlip"] == "The same as Fliplr."
    assert "Lambda" not in lines
    assert "Geometric" not in lines


def test_an_augmenter_is_explained_with_inherited_defaults() -> None:
    text = acetate("augmenters", "Rotate").stdout
    assert "Degrees, clockwise." in text
    assert "rotate = (-30, 30)\n" in text
    assert "order = 1\n" in text
    assert "seed =" not in text


def test_what_an_augmenter_inherits_whole_is_shown_too() -> None:
    assert "p = 1\n" in acetate("augmenters", "Flipud").stdout


def test_base_classes_are_explained_since_texts_refer_to_them() -> None:
    assert "What fills new pixels" in acetate("augmenters", "Geometric").stdout


def test_tour_prints_the_path_of_its_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import acetate.tour

    def run(out: Path, progress: object, where: Workplace) -> Path:
        assert (where.kind, where.workers) == ("processes", 2)
        return out / "index.html"

    monkeypatch.setattr(acetate.tour, "run", run)
    result = acetate_tour(tmp_path / "page")
    assert result == f"{tmp_path / 'page' / 'index.html'}\n"


def acetate_tour(out: Path) -> str:
    result = acetate("tour", "--out", str(out))
    assert result.exit_code == 0
    return result.stdout


def test_main_exits_with_the_code_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["acetate", "augmnt"])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "latin-1"))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), "latin-1"))
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # put back afterwards
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert ended.value.code == 143
    finally:
        signal.signal(signal.SIGTERM, before)
    assert sys.stdout.errors == "backslashreplace"


HEARD_IN_A_CALLBACK = """
import signal, time, weakref
from acetate import cli

class Thing: pass

def command(prog_name):
    thing = Thing()
    last = weakref.ref(thing, lambda _: signal.raise_signal(signal.{name}))
    del thing  # what the callback raises, Python ignores
    time.sleep(20)

cli.app.main = command
cli.main()
"""


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", -signal.SIGINT)])
def test_a_signal_is_not_lost_in_a_callback(name: str, code: int) -> None:
    script = HEARD_IN_A_CALLBACK.format(name=name)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=15)
    assert done.returncode == code, done.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    for kind in (Terminal, io.StringIO):
        monkeypatch.setattr(sys, "stderr", stream := kind())
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("FORCE_COLOR", "1")
        with bar() as progress:
            progress(1, 2, "[bold]c\nat.png")
        shown[kind] = stream.getvalue()
    assert shown[io.StringIO] == ""
    assert "1/2" in shown[Terminal]
    assert r"[bold]c\nat.png" in shown[Terminal]


def test_failures_are_a_table_on_a_terminal_and_lines_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = {}
    for kind in (Terminal, io.StringIO):
        monkeypatch.setattr(sys, "stderr", stream := kind())
        show_failures([("[red]a", "is cut off"), ("b\n", "too"), ("[red]a", "is cut off")])
        shown[kind] = stream.getvalue()
    assert shown[io.StringIO] == "failed: [red]a: is cut off (2 times)\nfailed: b\\n: too\n"
    assert "Failures" in shown[Terminal]
    for word in ("[red]a", "is cut off", "2 times", r"b\n"):
        assert word in shown[Terminal]

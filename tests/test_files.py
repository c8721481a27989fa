"""Files: written whole or not at all, found safely, named safely."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate import files

OLD = b"the old file"


def write_half(path, error):
    with files.atomic(path) as file:
        file.write(b"half")
        raise error


def leftovers(folder):
    return [name for name in os.listdir(folder) if name.endswith(".acetate-tmp")]


def python(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class TestAtomic:
    def test_bytes_appear_under_the_name_only_at_the_end(self, tmp_path):
        path = tmp_path / "a.bin"
        with files.atomic(path) as file:
            file.write(b"new")
            assert not path.exists()
            assert len(leftovers(tmp_path)) == 1
        assert path.read_bytes() == b"new"
        assert leftovers(tmp_path) == []

    def test_text_is_utf8_with_newlines_as_given(self, tmp_path):
        with files.atomic(tmp_path / "a.txt", "w") as file:
            file.write("ä\n")
        assert (tmp_path / "a.txt").read_bytes() == "ä\n".encode()

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
    def test_a_failure_leaves_the_old_file_and_nothing_else(self, tmp_path, error):
        path = tmp_path / "a.bin"
        path.write_bytes(OLD)
        with pytest.raises(error):
            write_half(path, error)
        assert path.read_bytes() == OLD
        assert os.listdir(tmp_path) == ["a.bin"]

    def test_permissions_of_the_old_file_are_kept(self, tmp_path):
        path = tmp_path / "a.bin"
        path.write_bytes(OLD)
        path.chmod(0o640)
        with files.atomic(path) as file:
            file.write(b"new")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_a_new_file_gets_the_usual_permissions(self, tmp_path):
        (tmp_path / "usual").touch()
        with files.atomic(tmp_path / "a.bin") as file:
            file.write(b"new")
        assert (tmp_path / "a.bin").stat().st_mode == (tmp_path / "usual").stat().st_mode

    def test_a_link_is_followed_not_replaced(self, tmp_path):
        (tmp_path / "there").mkdir()
        target = tmp_path / "there" / "a.bin"
        target.write_bytes(OLD)
        link = tmp_path / "link.bin"
        link.symlink_to(target)
        with files.atomic(link) as file:
            file.write(b"new")
        assert link.is_symlink()
        assert target.read_bytes() == b"new"

    def test_the_longest_name_works(self, tmp_path):
        path = tmp_path / ("x" * 255)
        with files.atomic(path) as file:
            file.write(b"new")
        assert path.read_bytes() == b"new"

    def test_missing_folder_is_named(self, tmp_path):
        path = tmp_path / "none" / "a.bin"
        with (
            pytest.raises(FileNotFoundError, match=r"folder to write into does not .*none/a\.bin"),
            files.atomic(path),
        ):
            pass

    def test_a_folder_is_not_overwritten(self, tmp_path):
        (tmp_path / "a.bin").mkdir()
        with pytest.raises(OSError, match=r"a\.bin"), files.atomic(tmp_path / "a.bin") as file:
            file.write(b"new")
        assert leftovers(tmp_path) == []

    def test_other_modes_are_refused(self, tmp_path):
        with pytest.raises(ValueError, match="mode must be 'wb' or 'w', got 'ab'"):
            files.atomic(tmp_path / "a.bin", "ab").__enter__()

    def test_a_full_disk_leaves_the_old_file_and_is_named(self, tmp_path):
        path = tmp_path / "a.bin"
        path.write_bytes(OLD)
        child = python(
            "import resource, sys\n"
            "from acetate import files\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "with files.atomic(sys.argv[1]) as file:\n"
            "    file.write(bytes(100_000))\n",
            path,
        )
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 1
        assert f"OSError: [Errno 27] File too large: '{path}'" in errors
        assert path.read_bytes() == OLD
        assert os.listdir(tmp_path) == ["a.bin"]

    def test_a_killed_writer_leaves_the_old_file_and_sweep_the_rest(self, tmp_path):
        path = tmp_path / "a.bin"
        path.write_bytes(OLD)
        child = python(
            "import sys, time\n"
            "from acetate import files\n"
            "with files.atomic(sys.argv[1]) as file:\n"
            "    file.write(bytes(100_000)); file.flush()\n"
            "    print('half', flush=True); time.sleep(60)\n",
            path,
        )
        assert child.stdout.readline() == "half\n"
        assert files.sweep(tmp_path) == []  # it lives
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
        assert path.read_bytes() == OLD
        left = leftovers(tmp_path)
        assert len(left) == 1
        assert files.sweep(tmp_path) == [tmp_path / left[0]]
        assert os.listdir(tmp_path) == ["a.bin"]


class TestSweep:
    def test_other_machines_and_other_files_are_left_alone(self, tmp_path):
        kept = {".0badcafe-1-0123456789abcdef.acetate-tmp", "a.acetate-tmp", ".b", "c.png"}
        for name in kept:
            (tmp_path / name).touch()
        assert files.sweep(tmp_path) == []
        assert set(os.listdir(tmp_path)) == kept

    def test_a_process_of_another_user_counts_as_living(self, tmp_path, monkeypatch):
        with files.atomic(tmp_path / "a") as file:
            name = Path(file.name).name

        def not_permitted(pid, signal):
            raise PermissionError

        monkeypatch.setattr(os, "kill", not_permitted)
        (tmp_path / name).touch()
        assert files.sweep(tmp_path) == []


def names(found):
    return [path.name for path in found.files]


def reasons(found):
    return {problem.path.name: problem.reason for problem in found.problems}


class TestWalk:
    def test_sorted_with_hidden_and_temporary_files_left_out(self, tmp_path):
        for name in ("b.png", "a.PNG", ".hidden.png", "c.txt", "sub/d.png", ".git/e.png"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        found = files.walk(tmp_path, [".png", ".JPG"])
        assert names(found) == ["a.PNG", "b.png", "d.png"]
        assert found.problems == ()
        assert names(files.walk(tmp_path, ".png", recursive=False)) == ["a.PNG", "b.png"]
        assert names(files.walk(tmp_path)) == ["a.PNG", "b.png", "c.txt", "d.png"]

    def test_an_empty_folder_has_nothing(self, tmp_path):
        assert files.walk(tmp_path) == files.Walk((), ())

    def test_several_roots_in_their_order_and_nothing_twice(self, tmp_path):
        for name in ("a.png", "b.png"):
            (tmp_path / name).touch()
        found = files.walk([tmp_path / "b.png", tmp_path], [".png"])
        assert names(found) == ["b.png", "a.png"]
        assert reasons(found) == {"b.png": "was walked already under this or another name"}

    def test_a_named_file_is_taken_whatever_its_suffix(self, tmp_path):
        (tmp_path / ".odd").touch()
        assert names(files.walk(str(tmp_path / ".odd"), [".png"])) == [".odd"]

    def test_link_loops_are_entered_once_and_reported(self, tmp_path):
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "a.png").touch()
        (tmp_path / "sub" / "up").symlink_to(tmp_path)
        found = files.walk(tmp_path)
        assert names(found) == ["a.png"]
        assert reasons(found) == {"up": "was walked already under this or another name"}

    def test_links_to_files_are_files_of_their_own(self, tmp_path):
        (tmp_path / "empty.png").touch()
        (tmp_path / "mask.png").symlink_to(tmp_path / "empty.png")
        assert names(files.walk(tmp_path)) == ["empty.png", "mask.png"]

    def test_broken_links_and_pipes_are_reported(self, tmp_path):
        (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
        (tmp_path / "self.png").symlink_to(tmp_path / "self.png")
        os.mkfifo(tmp_path / "pipe.png")
        found = files.walk(tmp_path)
        assert found.files == ()
        assert reasons(found) == {
            "gone.png": "is a broken link",
            "pipe.png": "is not a regular file",
            "self.png": "is unusable: Too many levels of symbolic links",
        }

    def test_unreadable_folders_are_reported(self, tmp_path, monkeypatch):
        (tmp_path / "closed").mkdir()
        (tmp_path / "open").mkdir()
        (tmp_path / "open" / "a.png").touch()
        scandir = os.scandir

        def guarded(path):  # root may read every folder, so chmod shows nothing here
            if Path(path).name == "closed":
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", guarded)
        found = files.walk(tmp_path)
        assert names(found) == ["a.png"]
        assert reasons(found) == {"closed": "cannot be read: Permission denied"}

    def test_found_files_say_their_size_and_time_under_one_path(self, tmp_path):
        (tmp_path / "real").mkdir()
        (tmp_path / "real" / "a.png").write_bytes(b"12345")
        os.utime(tmp_path / "real" / "a.png", ns=(7, 1_234_567_891))
        (tmp_path / "link").symlink_to(tmp_path / "real")
        (tmp_path / "real" / "b.png").symlink_to(tmp_path / "real" / "a.png")
        found, problems = files.walk_found(tmp_path / "link", ".png")
        whole = os.path.realpath(tmp_path / "real")
        assert found == [(f"{whole}/{name}.png", 5, 1_234_567_891) for name in "ab"]
        assert problems == []
        (again,) = files.walk_found([tmp_path / "link" / "a.png", tmp_path / "real" / "a.png"])[0]
        assert again == found[0]

    def test_paths_that_are_relative(self, tmp_path, monkeypatch):
        (tmp_path / "a.png").touch()
        monkeypatch.chdir(tmp_path)
        for root, path in ((".", "a.png"), ("a.png", "a.png"), (tmp_path, str(tmp_path / "a.png"))):
            assert files.walk(root).files == (Path(path),)
            assert files.walk_found(root)[0][0].path == os.path.realpath("a.png")

    def test_missing_paths_are_errors(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"no such file or folder: .*typo"):
            files.walk(tmp_path / "typo")

    def test_folders_nested_deeper_than_python_recurses(self, tmp_path):
        here = os.getcwd()
        try:
            os.chdir(tmp_path)
            for _ in range(1200):
                os.mkdir("d")
                os.chdir("d")
            Path("a.png").touch()
            os.chdir(here)
            assert names(files.walk(tmp_path)) == ["a.png"]
        finally:
            os.chdir(here)
            subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # pytest would recurse

    @given(st.binary(min_size=1, max_size=20).filter(lambda b: not set(b) & {0, 47} and b[0] != 46))
    def test_odd_names_are_found_and_printable(self, name):
        with tempfile.TemporaryDirectory() as folder:
            path = os.fsdecode(os.path.join(os.fsencode(folder), name))
            Path(path).touch()
            (found,) = files.walk(folder).files
            assert os.fsencode(found.name) == name
            shown = files.printable(found)
            assert shown.isprintable()
            assert shown.encode("utf-8").decode("utf-8") == shown


def test_printable_escapes_what_a_terminal_obeys():
    assert files.printable("a\x1b[31m\r\n\u202eb\udc80.png") == r"a\x1b[31m\r\n\u202eb\udc80.png"
    assert files.printable(Path("Grüße 猫.png")) == "Grüße 猫.png"

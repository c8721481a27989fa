"""Files: the one atomic writer, safe walks over folders, names that are safe to print."""

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from platform import node
from typing import IO, Any, Literal, NamedTuple
from zlib import crc32

PathLike = str | os.PathLike[str]

_TEMPORARY = re.compile(r"\.(?P<host>[0-9a-f]{8})-(?P<pid>\d{1,9})-[0-9a-f]{16}\.acetate-tmp")


@contextlib.contextmanager
def atomic(path: PathLike, mode: Literal["wb", "w"] = "wb") -> Iterator[IO[Any]]:
    """Open a file that takes the name `path` only when it has been written whole.

    Parameters
    ----------
    path : path
        The final name; a symbolic link is followed, not replaced. Its folder must exist.
    mode : {"wb", "w"}
        Bytes, or text as UTF-8 with newlines left as they are.

    Yields
    ------
    file object
        A hidden temporary sibling. When the block ends it is flushed to disk and renamed; when
        the block fails, Ctrl-C included, it is removed and the old file stays as it was.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    OSError
        If the disk is full, or the folder cannot be written.
    ValueError
        If the mode is another one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic(f"{folder}/note.txt", "w") as file:
    ...         _ = file.write("whole")
    ...     Path(folder, "note.txt").read_text()
    'whole'
    """
    if mode not in ("wb", "w"):
        raise ValueError(f"mode must be 'wb' or 'w', got {mode!r}")
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "the folder to write into does not exist", str(path))
    temporary = target.with_name(_temporary_name())
    try:
        with _create(temporary, mode) as file:
            yield file
            _flush(file, target)
        os.replace(temporary, target)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        _name(error, target)
        raise
    _sync_folder(target.parent)


def sweep(folder: PathLike) -> list[Path]:
    """Remove the temporary files that killed processes left in a folder, and return their paths.

    Those of living processes, and of other machines on a shared disk, are left alone.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep(folder)
    []
    """
    left = [path for path in Path(folder).iterdir() if _is_abandoned(path.name)]
    for path in left:
        path.unlink(missing_ok=True)
    return sorted(left)


@dataclass(frozen=True)
class Problem:
    """Something that a walk passed over, and why.

    Examples
    --------
    >>> Problem(Path("a.png"), "is a broken link").reason
    'is a broken link'
    """

    path: Path
    reason: str


@dataclass(frozen=True)
class Walk:
    """What a walk found: the files in order, and what it had to pass over.

    Examples
    --------
    >>> Walk((Path("a.png"),), ()).files[0].name
    'a.png'
    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


class Found(NamedTuple):
    """A file that was found, and what tells whether it has changed.

    Parameters
    ----------
    path : str
        Whole, without links in its folders.
    size, mtime : int
        Bytes, and nanoseconds since 1970.

    Examples
    --------
    >>> os.fspath(Found("/a.png", 1, 2))
    '/a.png'
    """

    path: str
    size: int
    mtime: int

    def __fspath__(self) -> str:
        """Return the path."""
        return self.path


def walk(
    paths: PathLike | Iterable[PathLike],
    suffixes: str | Iterable[str] | None = None,
    recursive: bool = True,
) -> Walk:
    """Find files, sorted by name within each folder, each folder entered once.

    Parameters
    ----------
    paths : path or paths
        Folders to look into, and files to take as they are. A file that is named is always
        taken; inside folders hidden files and folders (names with a leading dot) are not.
    suffixes : string or strings, optional
        Endings to take from folders, such as ``(".png", ".jpg")``; upper or lower case alike.
    recursive : bool
        Whether to enter the folders inside the folders.

    Returns
    -------
    Walk
        The files, and the problems: unreadable folders, broken links, links back to a folder
        that was walked already, the same path given twice, things that are no regular files.

    Raises
    ------
    FileNotFoundError
        If one of the given paths does not exist.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("b.png", "a.PNG", "notes.txt"):
    ...         Path(folder, name).touch()
    ...     [file.name for file in walk(folder, [".png"]).files]
    ['a.PNG', 'b.png']
    """
    search = _searched(paths, suffixes, recursive)
    return Walk(tuple(Path(path) for path, _ in search.files), tuple(search.problems))


def walk_found(
    paths: PathLike | Iterable[PathLike],
    suffixes: str | Iterable[str] | None = None,
    recursive: bool = True,
) -> tuple[list[Found], list[Problem]]:
    """Find files as `walk` does, with the size and time of each under its whole path.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("three")
    ...     [(os.path.basename(found.path), found.size) for found in walk_found(folder)[0]]
    [('a.txt', 5)]
    """
    search = _searched(paths, suffixes, recursive)
    return [found for _, found in search.files], search.problems


def printable(path: PathLike) -> str:
    r"""Return a path with everything escaped that a terminal or a log should not be sent.

    Examples
    --------
    >>> print(printable("cat\n\udcff.png"), printable("Katze äöü.png"))
    cat\n\udcff.png Katze äöü.png
    """
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in os.fspath(path)
    )


def _searched(
    paths: PathLike | Iterable[PathLike], suffixes: str | Iterable[str] | None, recursive: bool
) -> "_Search":
    roots = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    search = _Search([suffixes] if isinstance(suffixes, str) else suffixes, recursive)
    for root in map(Path, roots):
        if not os.path.lexists(root):
            raise FileNotFoundError(errno.ENOENT, "no such file or folder", str(root))
        search.visit(root)
    return search


class _Search:
    """A walk under way: an explicit stack, since folders may nest deeper than Python recurses.

    Of each file the system is asked once, and where a folder leads once per folder.
    """

    def __init__(self, suffixes: Iterable[str] | None, recursive: bool) -> None:
        self.suffixes = None if suffixes is None else tuple(s.lower() for s in suffixes)
        self.recursive = recursive
        self.files: list[tuple[str, Found]] = []
        self.problems: list[Problem] = []
        self.seen: set[Any] = set()
        self.places: dict[str, str] = {}

    def visit(self, root: Path) -> None:
        if not root.is_dir():
            self.take(str(root), root.name, root.stat)
            return
        stack = self.children(str(root))
        while stack:
            entry = stack.pop()
            if self.is_folder(entry):
                stack += self.children(entry.path) if self.recursive else []
            elif self.suffixes is None or entry.name.lower().endswith(self.suffixes):
                self.take(entry.path, entry.name, entry.stat)

    def is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir()
        except OSError:
            return False  # take() asks again, and reports it where the suffix makes it our concern

    def children(self, folder: str) -> list[os.DirEntry[str]]:
        """Return what lies in a folder, last name first, as a stack wants it."""
        try:
            status = os.stat(folder)
            if self.is_new(folder, (status.st_dev, status.st_ino)):
                with os.scandir(folder) as entries:
                    shown = [entry for entry in entries if entry.name[0] != "."]
                return sorted(shown, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            self.report(folder, f"cannot be read: {error.strerror}")
        return []

    def take(self, path: str, name: str, ask: Callable[[], os.stat_result]) -> None:
        """Keep a file."""
        try:
            facts = ask()
        except OSError as error:
            broken = os.path.islink(path) and isinstance(error, FileNotFoundError)
            self.report(path, "is a broken link" if broken else f"is unusable: {error.strerror}")
            return
        whole = self.place(path[: len(path) - len(name)]) + name
        if not stat.S_ISREG(facts.st_mode):
            self.report(path, "is not a regular file")
        elif self.is_new(path, whole):
            self.files.append((path, Found(whole, facts.st_size, facts.st_mtime_ns)))

    def place(self, folder: str) -> str:
        """Return where a folder is, without links, and ready for a name to follow."""
        if folder not in self.places:
            self.places[folder] = os.path.join(os.path.realpath(folder), "")
        return self.places[folder]

    def is_new(self, path: str, identity: Any) -> bool:
        if identity in self.seen:
            self.report(path, "was walked already under this or another name")
            return False
        self.seen.add(identity)
        return True

    def report(self, path: str, reason: str) -> None:
        self.problems.append(Problem(Path(path), reason))


def _temporary_name() -> str:
    """Return a new hidden name; without the target's, which may be as long as names can be."""
    return f".{_host()}-{os.getpid()}-{secrets.token_hex(8)}.acetate-tmp"


def _host() -> str:
    """Return what tells machines apart that write to one disk."""
    return f"{crc32(node().encode()):08x}"


def _create(path: Path, mode: str) -> IO[Any]:
    if mode == "w":
        return open(path, "x", encoding="utf-8", newline="")
    return open(path, "xb")


def _flush(file: IO[Any], target: Path) -> None:
    """Bring the bytes to the disk, with the permissions of the file that they replace."""
    file.flush()
    if target.exists():
        os.chmod(file.name, stat.S_IMODE(target.stat().st_mode))
    os.fsync(file.fileno())


def _name(error: BaseException, target: Path) -> None:
    """Say in an error of the operating system which file it was about, where it does not."""
    if isinstance(error, OSError) and error.errno is not None and error.filename is None:
        error.filename = str(target)


def _sync_folder(folder: Path) -> None:
    # The file is whole with or without this; some systems cannot open or sync folders.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_abandoned(name: str) -> bool:
    match = _TEMPORARY.fullmatch(name)
    return match is not None and match["host"] == _host() and not _is_alive(int(match["pid"]))


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":  # there os.kill ends the process whatever the signal
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

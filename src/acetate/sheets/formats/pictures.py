"""Which picture an annotation, a table or a detector means: names of pictures matched."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple, TypeVar

from acetate import images
from acetate.files import PathLike, printable, walk

_Value = TypeVar("_Value")
_SHOWN = 4  # candidates that an error names
_SUFFIXES = {*images.SUFFIXES, ".dcm", ".gif"}  # others may be part of the name: scan.001

Score = tuple[bool, bool, int, bool]


class _Spelling(NamedTuple):
    """A picture's name taken to pieces."""

    path: str
    bare: str  # the path without suffix
    last: str
    folders: tuple[str, ...]  # the nearest first

    def likeness(self, other: "_Spelling") -> Score:
        """Return how well two names fit, the better the higher."""
        pairs = enumerate(zip(self.folders, other.folders, strict=False))
        shared = min(len(self.folders), len(other.folders))
        shared = next((n for n, (a, b) in pairs if a != b), shared)
        return self.path == other.path, self.bare == other.bare, shared, self.last == other.last

    def clues(self) -> Iterator[tuple[str, ...]]:
        """Yield what names that may be the same have in common, the most telling first."""
        stem = _stem(self.last)
        yield "path", self.path
        yield "bare", self.bare
        yield ("folder", stem, *self.folders[:1])
        yield "stem", stem


class PictureNames:
    r"""Names of pictures, found by other spellings of them.

    Parameters
    ----------
    names : iterable of str
        As one source spells them: paths, with slashes or backslashes, or names, with or without
        suffix.
    root : path
        What the names are paths in, if known: its folders help to tell pictures of one name.
    where : str
        What errors call the source.

    Notes
    -----
    A name is that of the same path; else of the same path but for the suffix; else of the same
    last name, with any suffix or none: of several the one in whose path the most folders before
    the last name are the same, then the one of the same suffix. Only pictures' suffixes are ones.

    Examples
    --------
    >>> names = PictureNames(["cats/tom", "felix.png"])
    >>> [names.find(name) for name in (r"C:\cats\tom.jpg", "/home/me/felix.png", "felix", "z")]
    ['cats/tom', 'felix.png', 'felix.png', None]
    """

    def __init__(self, names: Iterable[str], root: PathLike = "", where: str = "") -> None:
        self.where = where
        self._root = _posix(str(root))
        self._known: dict[tuple[str, ...], dict[str, _Spelling]] = defaultdict(dict)
        for name in names:
            spelling = _spelled(name, self._root)
            for key in spelling.clues():
                self._known[key][name] = spelling

    def find(self, name: str) -> str | None:
        """Return the name that stands for the same picture; None where none does.

        Raises
        ------
        ValueError
            If several fit equally well.
        """
        fits = self.candidates(name)
        best = [known for known, score in fits.items() if score == max(fits.values())]
        if len(best) > 1:
            raise _ambiguous(name, best, self.where)
        return best[0] if best else None

    def candidates(self, name: str) -> dict[str, Score]:
        """Return the names that may stand for a picture, and how well each fits."""
        wanted = _spelled(name)
        several = next(filter(None, map(self._known.get, wanted.clues())), {})
        return {known: wanted.likeness(spelling) for known, spelling in several.items()}


def pair_pictures(
    ours: Iterable[str], theirs: Iterable[str], where: tuple[str, str] = ("", "")
) -> dict[str, str]:
    """Match two lists of pictures, each at most once.

    Parameters
    ----------
    ours, theirs : iterable of str
        Names of pictures as two sources spell them; see `PictureNames`.
    where : (str, str)
        What errors call the two sources.

    Returns
    -------
    dict
        From ours to theirs, in the order of ours; without those that have no partner. The best
        fits come first: a picture whose own name is there is not taken for another one.

    Raises
    ------
    ValueError
        If several of one side fit one of the other equally well.

    Examples
    --------
    >>> pair_pictures(["p1/a.png", "p2/a.png", "b"], ["b.png", "p2/a.jpg"])
    {'p2/a.png': 'p2/a.jpg', 'b': 'b.png'}
    """
    ours, known = list(ours), PictureNames(theirs)
    by_score: dict[Score, list[tuple[str, str]]] = defaultdict(list)
    for name in ours:
        for other, score in known.candidates(name).items():
            by_score[score].append((name, other))
    forth: dict[str, str] = {}
    back: dict[str, str] = {}
    for score in sorted(by_score, reverse=True):
        free = [(a, b) for a, b in by_score[score] if a not in forth and b not in back]
        _check_alone(free, where[1])
        _check_alone([(b, a) for a, b in free], where[0])
        forth.update(free)
        back.update((b, a) for a, b in free)
    return {name: forth[name] for name in ours if name in forth}


def values_for(
    table: Mapping[str, _Value], pictures: Sequence[str], where: str
) -> dict[str, _Value]:
    """Return what a table has for pictures, by the pictures' own names.

    Parameters
    ----------
    table : mapping of str
        By picture, as the table spells it; see `PictureNames`.
    pictures : sequence of str
        Those that are asked for; the table may have others, and lack some.
    where : str
        What errors call the table.

    Raises
    ------
    ValueError
        If no row is one of the pictures, or several fit a picture equally well, or the other way
        round.

    Examples
    --------
    >>> values_for({"00": 0.1, "01": 0.2}, ["rays/00.png"], "mm.csv")
    {'rays/00.png': 0.1}
    """
    rows = pair_pictures(pictures, table, ("the pictures", where))
    if table and pictures and not rows:
        raise ValueError(
            f"no row of {where} is one of these pictures: it has {_listed(list(table))}, the "
            f"pictures are {_listed(pictures)}"
        )
    return {picture: table[row] for picture, row in rows.items()}


class PictureFolder:
    """The pictures of a folder, found by the names that annotations call them.

    Parameters
    ----------
    folder : path
        Folders inside it are entered.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Path(folder, "cats").mkdir()
    ...     Path(folder, "cats", "tom.png").touch()
    ...     pictures = PictureFolder(folder)
    ...     [pictures.find(n).name for n in ("cats/tom.png", "/home/me/tom.png", "tom")]
    ['tom.png', 'tom.png', 'tom.png']
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = Path(folder)
        self.files = walk(self.folder, images.SUFFIXES).files
        self._by_name = {self.name(file): file for file in self.files}
        self._names = PictureNames(self._by_name, self.folder, printable(self.folder))

    def find(self, name: str) -> Path | None:
        """Return the file of a picture as `PictureNames` finds it; None where there is none.

        Raises
        ------
        ValueError
            If several files fit equally well.
        """
        found = self._names.find(name)
        return None if found is None else self._by_name[found]

    def name(self, file: Path) -> str:
        """Return the path of a file inside the folder, with slashes."""
        return file.relative_to(self.folder).as_posix()


def match_pictures(names: Iterable[str], folder: PathLike) -> dict[str, Path | None]:
    """Return the file of every picture that an annotation names; None where there is none.

    Parameters
    ----------
    names : iterable of str
        As the annotation spells them: paths inside the folder, paths elsewhere, or names with or
        without suffix.
    folder : path
        Where the pictures are; folders inside it are entered.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If several files fit a name equally well.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Path(folder, "tom.png").touch()
    ...     match_pictures(["tom", "felix.png"], folder)["felix.png"] is None
    True
    """
    pictures = PictureFolder(folder)
    return {name: pictures.find(name) for name in names}


def _check_alone(pairs: Iterable[tuple[str, str]], where: str) -> None:
    """Raise if a name has several partners."""
    partners: dict[str, list[str]] = defaultdict(list)
    for name, partner in pairs:
        partners[name].append(partner)
    for name, several in partners.items():
        if len(several) > 1:
            raise _ambiguous(name, several, where)


def _ambiguous(name: str, several: Sequence[str], where: str) -> ValueError:
    inside = f" in {where}" if where else ""
    return ValueError(
        f"{name!r} may be any of {_listed(several)}{inside}; name pictures by their path"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _spelled(name: str, root: str = "") -> _Spelling:
    path = PurePosixPath(_posix(name))
    folders = PurePosixPath(root, path).parts[-2::-1]
    bare = str(path).removesuffix(path.name) + _stem(path.name)
    return _Spelling(str(path), bare, path.name, folders)


def _posix(name: str) -> str:
    return PureWindowsPath(name).as_posix() if "\\" in name else name


def _stem(name: str) -> str:
    """Return a last name without the suffix of pictures."""
    stem, dot, suffix = name.rpartition(".")
    return stem if stem and f"{dot}{suffix}".lower() in _SUFFIXES else name

"""Which file of a folder is the picture that an annotation names."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from acetate import images
from acetate.files import PathLike, walk


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
        self._by_path = {file.relative_to(self.folder).as_posix(): file for file in self.files}
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._by_stem: dict[str, list[Path]] = defaultdict(list)
        self._by_path_stem: dict[str, list[Path]] = defaultdict(list)
        for file in self.files:
            self._by_name[file.name].append(file)
            self._by_stem[file.stem].append(file)
            path = file.relative_to(self.folder).with_suffix("").as_posix()
            self._by_path_stem[path].append(file)

    def find(self, name: str) -> Path | None:
        """Return the file of a picture; None where there is none.

        It is the file at that path inside the folder, with or without suffix; else the one of that
        last name, or of that last name but for the suffix; of several the one in whose path the
        most folders before the name are the same.

        Raises
        ------
        ValueError
            If several files fit equally well.
        """
        posix = PureWindowsPath(name).as_posix() if "\\" in name else name
        if posix in self._by_path:
            return self._by_path[posix]
        last = PurePosixPath(posix)
        several = (
            self._by_path_stem.get(posix)
            or self._by_name.get(last.name)
            or self._by_stem.get(last.name)
            or self._by_stem.get(last.stem)
            or []
        )
        several = _most_alike(posix, several)
        if len(several) > 1:
            paths = ", ".join(file.relative_to(self.folder).as_posix() for file in several[:4])
            raise ValueError(
                f"{name!r} may be any of {paths} in {self.folder}; "
                "name pictures by their path inside the folder"
            )
        return several[0] if several else None

    def name(self, file: Path) -> str:
        """Return the path of a file inside the folder, with slashes."""
        return file.relative_to(self.folder).as_posix()


def _most_alike(name: str, files: list[Path]) -> list[Path]:
    """Return the files in whose paths the most folders before the last name are a name's own."""
    wanted = PurePosixPath(name).parts[-2::-1]
    alike = [
        next(
            (
                n
                for n, pair in enumerate(zip(file.parts[-2::-1], wanted, strict=False))
                if pair[0] != pair[1]
            ),
            len(wanted),
        )
        for file in files
    ]
    return [file for file, n in zip(files, alike, strict=True) if n == max(alike)]


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

"""The lines of the records: a finished sample of `acetate augment`, and a finished picture."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from acetate.cli.journal import Book


@dataclass(frozen=True)
class Sample:
    """A sample that is finished: a line of recipes.jsonl.

    Parameters
    ----------
    picture : str
        The picture's path inside its folder, with slashes.
    index : int
        Which sample of this picture, from 0.
    seed : int
        The seed of the command that drew it.
    files : mapping of str to str
        Its files by kind (image, heatmaps, masks), as paths inside the output folder.
    recipe : str
        As `Recipe.to_json` gives it.

    Examples
    --------
    >>> Sample("a.png", 0, 7, {"image": "images/a_000.png"}, '{"steps": []}').to_line()
    '{"picture": "a.png", "sample": 0, "seed": 7, "files": {"image": "images/a_000.png"},
      "recipe": {"steps": []}}'
    """

    picture: str
    index: int
    seed: int
    files: Mapping[str, str]
    recipe: str

    @property
    def key(self) -> tuple[str, int]:
        """What tells samples apart."""
        return self.picture, self.index

    def to_line(self) -> str:
        """Return the line."""
        head = {"picture": self.picture, "sample": self.index, "seed": self.seed}
        return f'{json.dumps(head | {"files": self.files})[:-1]}, "recipe": {self.recipe}}}'

    @classmethod
    def from_line(cls, line: str | bytes) -> Self:
        """Return the sample of a line.

        Raises
        ------
        ValueError
            If the line is not one that `to_line` made.
        """
        try:
            parts = json.loads(line)
            picture, index, seed = parts["picture"], parts["sample"], parts["seed"]
            files = {str(kind): str(file) for kind, file in parts["files"].items()}
            recipe = json.dumps(parts["recipe"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no line of {SAMPLES.finished} ({_what(error)})") from error
        if not isinstance(picture, str) or not _is_count(index) or not _is_count(seed):
            raise ValueError(
                f"picture, sample and seed must be a path and whole numbers from 0, "
                f"got {picture!r}, {index!r} and {seed!r}"
            )
        return cls(picture, index, seed, files, recipe)


@dataclass(frozen=True)
class Finished:
    """A picture that a command is done with: a line of segment.jsonl and the like.

    Parameters
    ----------
    picture : str
        The picture's path inside its folder, with slashes.
    files : mapping of str to str
        What was made of it by kind, as paths inside the output folder.
    read : tuple of (int, int)
        Size and time of change of every file that was read: what tells whether it is another now.

    Examples
    --------
    >>> line = Finished("a.png", {"mask": "masks/a.png"}, ((120, 5),)).to_line()
    >>> line
    '{"picture": "a.png", "files": {"mask": "masks/a.png"}, "read": [[120, 5]]}'
    >>> Finished.from_line(line).key
    ('a.png',)
    """

    picture: str
    files: Mapping[str, str]
    read: tuple[tuple[int, int], ...]

    @property
    def key(self) -> tuple[str]:
        """What tells pictures apart."""
        return (self.picture,)

    def to_line(self) -> str:
        """Return the line."""
        return json.dumps({"picture": self.picture, "files": self.files, "read": self.read})

    @classmethod
    def from_line(cls, line: str | bytes) -> Self:
        """Return the picture of a line.

        Raises
        ------
        ValueError
            If the line is not one that `to_line` made.
        """
        try:
            parts = json.loads(line)
            files = {str(kind): str(file) for kind, file in parts["files"].items()}
            read = tuple((int(size), int(when)) for size, when in parts["read"])
            return cls(str(parts["picture"]), files, read)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no line about a picture ({_what(error)})") from error


SAMPLES = Book("augment.json", "recipes.jsonl", Sample.from_line, Sample.to_line)


def pictures_book(command: str) -> Book[Finished]:
    """Return where a command that works on pictures one by one keeps its records.

    Examples
    --------
    >>> pictures_book("segment").finished
    'segment.jsonl'
    """
    return Book(f"{command}.json", f"{command}.jsonl", Finished.from_line, Finished.to_line)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _what(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"

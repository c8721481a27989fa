"""The record of an output folder: by which command, and which samples are finished."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from acetate.files import atomic, sweep

RECIPES, UNFINISHED, COMMAND = "recipes.jsonl", "recipes.jsonl.part", "augment.json"
Key = tuple[str, int]


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
    def key(self) -> Key:
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
            what = f"{type(error).__name__}: {error}"
            raise ValueError(f"this is no line of {RECIPES} ({what})") from error
        if not isinstance(picture, str) or not _is_count(index) or not _is_count(seed):
            raise ValueError(
                f"picture, sample and seed must be a path and whole numbers from 0, "
                f"got {picture!r}, {index!r} and {seed!r}"
            )
        return cls(picture, index, seed, files, recipe)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def read_samples(path: Path, cut_off: bool = False) -> Iterator[Sample]:
    """Read the samples of a file.

    Parameters
    ----------
    path : Path
        Holds one line for each sample.
    cut_off : bool
        Whether the last line may be unfinished; then it is left out.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If a line is wrong; the text names the file and the line.
    """
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if cut_off and not line.endswith(b"\n"):
                return
            try:
                yield Sample.from_line(line)
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error


def recorded_samples(out: Path) -> Iterator[Sample]:
    """Read the samples that are recorded in an output folder, finished run or not."""
    for name in (RECIPES, UNFINISHED):
        if (out / name).exists():
            yield from read_samples(out / name, cut_off=name == UNFINISHED)


class Journal:
    """The finished samples of an output folder.

    While the work goes on they are appended to `recipes.jsonl.part`; `finish` sorts them into
    `recipes.jsonl`. So a killed run has lost nothing but what was under way.

    Parameters
    ----------
    out : Path
        The output folder.

    Raises
    ------
    OSError, ValueError
        If a record that is there cannot be read.
    """

    _file: IO[str]

    def __init__(self, out: Path) -> None:
        self.out = out
        self.samples: dict[Key, Sample] = {}
        for sample in recorded_samples(out):
            if all((out / file).is_file() for file in sample.files.values()):
                self.samples[sample.key] = sample

    def __enter__(self) -> Self:
        """Begin to append."""
        self._write(UNFINISHED)  # without the half line that a killed run may have left
        self._file = open(self.out / UNFINISHED, "a", encoding="utf-8", newline="")
        return self

    def __exit__(self, *_: object) -> None:
        """End appending."""
        self._file.close()

    def add(self, sample: Sample) -> None:
        """Record a sample whose files are written; inside a ``with`` block."""
        self.samples[sample.key] = sample
        self._file.write(sample.to_line() + "\n")
        self._file.flush()

    def finish(self) -> None:
        """Write `recipes.jsonl`, in the order of the pictures' names and the samples' numbers."""
        self._write(RECIPES)
        (self.out / UNFINISHED).unlink(missing_ok=True)
        # Once more: the workers of a killed run may have outlived it for a moment.
        sweep_all(self.out)

    def in_order(self) -> list[Sample]:
        """Return the finished samples by the names of their pictures and their numbers."""
        return [self.samples[key] for key in sorted(self.samples)]

    def _write(self, name: str) -> None:
        with atomic(self.out / name, "w") as file:
            file.writelines(sample.to_line() + "\n" for sample in self.in_order())


def check_command(out: Path, command: Mapping[str, Any]) -> None:
    """Raise unless a folder is empty, or was filled by the same command.

    Parameters
    ----------
    out : Path
        The output folder; it need not exist.
    command : mapping
        What decides over the samples: paths, seed, pipeline, ...

    Raises
    ------
    ValueError
        If the folder holds something else; the text says what differs.
    """
    before = recorded_command(out)
    if before is None:
        if out.exists() and _holds_files(out):
            raise ValueError(f"{out} holds files of another origin; {_REMEDY}")
        return
    for key in {**command, **before}:
        old, new = before.get(key), command.get(key)
        if old != new:
            raise ValueError(f"{out} was filled with {key} {old!r}, not {new!r}; {_REMEDY}")


def _holds_files(folder: Path) -> bool:
    sweep(folder)  # a run that was killed at its very start has left no more than that
    return any(folder.iterdir())


_REMEDY = "choose another folder, or pass --overwrite"


def recorded_command(out: Path) -> dict[str, Any] | None:
    """Return what is written down of the command that filled a folder; None without a record.

    Raises
    ------
    ValueError
        If the record is damaged.
    """
    path = out / COMMAND
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is damaged ({error}); {_REMEDY}") from error
    if not isinstance(record, dict):
        raise ValueError(f"{path} is damaged: it holds {record!r}; {_REMEDY}")
    return record


def prepare(out: Path, command: Mapping[str, Any]) -> None:
    """Make the output folder, and record the command."""
    out.mkdir(parents=True, exist_ok=True)
    sweep_all(out)
    with atomic(out / COMMAND, "w") as file:
        file.write(json.dumps(command, indent=2) + "\n")


def sweep_all(out: Path) -> None:
    """Remove the half-written files that killed runs left in a folder and those inside it."""
    for folder, _, _ in os.walk(out):
        sweep(folder)


def clear(out: Path) -> None:
    """Remove the samples that are recorded in a folder, and the records; nothing else.

    Raises
    ------
    OSError, ValueError
        If the record cannot be read, or a file not be removed.
    """
    for sample in recorded_samples(out):
        for file in sample.files.values():
            _remove_inside(out, file)
    for name in (RECIPES, UNFINISHED, COMMAND):
        (out / name).unlink(missing_ok=True)


def _remove_inside(out: Path, file: str) -> None:
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{out / RECIPES} names a file outside of its folder: {file!r}")
    (out / file).unlink(missing_ok=True)

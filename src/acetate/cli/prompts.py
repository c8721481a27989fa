"""The prompts of `acetate segment`: a box, scribbles, or a mask to begin with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from acetate.arrays import Array
from acetate.cli.pictures import PictureFile
from acetate.images import SUFFIXES, read_labels
from acetate.stems import only_one

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Prompts:
    """What the user points at, at most one of these.

    Parameters
    ----------
    box : (x1, y1, x2, y2), optional
        Around the object.
    scribbles : Path, optional
        A label picture for all pictures, or a folder with one for each.
    mask : Path, optional
        Likewise: where to begin.
    """

    box: Box | None = None
    scribbles: Path | None = None
    mask: Path | None = None

    def given(self) -> dict[str, Any]:
        """Return those that were given, by kind."""
        kinds = {"box": self.box, "scribbles": self.scribbles, "mask": self.mask}
        return {kind: value for kind, value in kinds.items() if value is not None}

    def record(self) -> dict[str, Any]:
        """Return those that were given, in plain values that hold in any folder."""
        given = self.given().items()
        return {
            kind: os.path.realpath(value) if isinstance(value, Path) else list(value)
            for kind, value in given
        }

    def check(self, name: str, methods: Mapping[str, type[Any]]) -> None:
        """Raise unless the method of a name takes what was given.

        Raises
        ------
        ValueError
            If it does not, it needs one and there is none, there are two of them, or the box has
            no inside.
        """
        given = self.given()
        if not given and getattr(methods[name], "NEEDS_PROMPT", False):
            kinds = " or ".join(f"--{kind}" for kind in methods[name].PROMPTS)
            raise ValueError(f"{name} needs a prompt; pass {kinds}")
        if len(given) > 1:
            raise ValueError(f"pass one of {', '.join(f'--{kind}' for kind in given)}")
        for kind in given:
            if kind not in methods[name].PROMPTS:
                others = [other for other, each in methods.items() if kind in each.PROMPTS]
                hint = f"these do: {', '.join(others)}" if others else "no method does"
                raise ValueError(f"{name} takes no --{kind}; {hint}")
        if self.box is not None:
            x1, y1, x2, y2 = self.box
            if not (x1 < x2 and y1 < y2 and np.isfinite(self.box).all()):
                raise ValueError(f"--box is x1,y1,x2,y2 with x1 < x2 and y1 < y2, got {self.box}")

    def files(self) -> list[Path]:
        """Return the paths that are read."""
        return [path for path in (self.scribbles, self.mask) if path is not None]

    def files_of(self, source: PictureFile) -> list[Path]:
        """Return the files for one picture: usually one, none where it is missing."""
        return [file for path in self.files() for file in _candidates(path, source)]

    def on(self, source: PictureFile) -> Any:
        """Return the prompt for a picture, as methods take it; None if nothing was given.

        Raises
        ------
        OSError, ValueError
            If there is no file for this picture, or it holds no labels.
        """
        if self.box is not None:
            return self.box
        if self.scribbles is not None:
            return read_labels(_file_of(self.scribbles, source, "scribbles"))
        if self.mask is not None:
            return _as_mask(read_labels(_file_of(self.mask, source, "mask")))
        return None


def _as_mask(labels: Array) -> Array:
    """Return labels as they are, and what has one value beside 0 as booleans."""
    inside = labels > 0
    return inside if np.unique(labels[inside]).size <= 1 else labels


def _file_of(path: Path, source: PictureFile, kind: str) -> Path:
    return only_one(_candidates(path, source), source.stem, kind, f" in {path}")


def _candidates(path: Path, source: PictureFile) -> list[Path]:
    """Return the file itself, or those in the folder that have the picture's name."""
    if not path.is_dir():
        return [path]
    endings = [ending for suffix in SUFFIXES for ending in (suffix, suffix.upper())]
    files = [path / f"{source.stem}{ending}" for ending in endings]
    return [file for file in files if file.is_file()]

"""What `acetate augment` is to do: the pipeline or the recipes to replay, and the seed."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from acetate.augmenters import Augmenter, Identity
from acetate.augmenters.config import from_config
from acetate.cli.lines import SAMPLES
from acetate.cli.samples import Order
from acetate.run.journal import read_lines


@dataclass(frozen=True)
class Drawing:
    """So and so many samples of every picture, drawn by a pipeline.

    Parameters
    ----------
    pipeline : Augmenter
        Draws the recipes.
    config : mapping
        What the pipeline was made of.
    seed : int
        Of all the samples.
    samples : int
        How many of each picture.
    """

    pipeline: Augmenter
    config: Mapping[str, Any]
    seed: int
    samples: int

    def orders(self, _picture: str) -> Sequence[Order]:
        """Return the samples to make of a picture."""
        return [Order(k, self.seed) for k in range(self.samples)]

    def record(self) -> dict[str, Any]:
        """Return what is to be written down."""
        return {"seed": self.seed, "recipe": self.config}


@dataclass(frozen=True)
class Replaying:
    """The samples that a recipes.jsonl records.

    Parameters
    ----------
    recipes : mapping
        From a picture's name to its samples.
    digest : str
        Of the file's content.
    """

    recipes: Mapping[str, Sequence[Order]]
    digest: str

    @property
    def pipeline(self) -> Augmenter:
        """What draws where there is no recipe: not needed here."""
        return Identity()

    def orders(self, picture: str) -> Sequence[Order]:
        """Return the samples to make of a picture."""
        return self.recipes.get(picture, ())

    def record(self) -> dict[str, Any]:
        """Return what is to be written down."""
        return {"replay": self.digest}


def read_pipeline(file: Path) -> tuple[Augmenter, dict[str, Any]]:
    """Read a pipeline from TOML.

    Returns
    -------
    Augmenter
    dict
        The content of the file, its seed too.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read or is no pipeline; the text names the file and the place.
    """
    try:
        with open(file, "rb") as stream:
            config = tomllib.load(stream)
        pipeline = from_config(config)
        seed = config.get("seed")
        if seed is not None and (type(seed) is not int or seed < 0):
            raise ValueError(f"seed must be a whole number from 0, got {seed!r}")
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    return pipeline, config


def read_replay(file: Path) -> Replaying:
    """Read the recipes to replay.

    Raises
    ------
    OSError, ValueError
        If the file cannot be read, or a line is wrong.
    """
    recipes: dict[str, list[Order]] = defaultdict(list)
    for sample in read_lines(file, SAMPLES.from_line):
        recipes[sample.picture].append(Order(sample.index, sample.seed, sample.recipe))
    if not recipes:
        raise ValueError(f"{file} has no lines: there is nothing to replay")
    return Replaying(recipes, sha256(file.read_bytes()).hexdigest())

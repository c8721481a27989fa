"""Making samples: a picture, its recipes, and the files that the augmented pictures become."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import cv2
import numpy as np

from acetate import images, run
from acetate.arrays import convert
from acetate.augmenters import Augmenter, Recipe
from acetate.cli.inputs import Loaded, Source, load
from acetate.cli.lines import Sample
from acetate.seeds import stream
from acetate.sheets import HeatmapsOnImage, SegmentationMapsOnImage

_AT_ONCE = 8  # samples per task: the picture is read once for them
_MOST_CHANNELS, _MOST_LABEL = 4, 2**16 - 1  # that PNG holds


@dataclass(frozen=True)
class Order:
    """A sample that is to be made: drawn from the seed, or replayed from the JSON of a recipe."""

    index: int
    seed: int
    recipe: str | None = None


@dataclass(frozen=True)
class Task:
    """Some samples of one picture."""

    source: Source
    orders: tuple[Order, ...]

    @property
    def name(self) -> str:
        """The picture's."""
        return self.source.name

    @property
    def count(self) -> int:
        """How many samples."""
        return len(self.orders)


Outcome = run.Success[Order, Sample] | run.Failure[Order]


@dataclass(frozen=True)
class Maker:
    """What makes the samples of a task, in any process.

    Parameters
    ----------
    out : Path
        The output folder.
    suffix : str
        Of the augmented pictures' files, such as ".png".
    pipeline : Augmenter
        Draws the recipes of the orders that have none.
    alone : bool
        Whether this is the only process at work; otherwise each keeps to one thread.
    """

    out: Path
    suffix: str
    pipeline: Augmenter
    alone: bool

    def __call__(self, task: Task) -> list[Outcome]:
        """Make the samples; the failure of one does not keep the others from being made.

        Raises
        ------
        OSError, ValueError
            If the picture or one of its sheets cannot be read.
        """
        if not self.alone:
            cv2.setNumThreads(1)
        loaded = load(task.source)
        return list(run.map(partial(self.make, task.source, loaded), task.orders))

    def make(self, source: Source, loaded: Loaded, order: Order) -> Sample:
        """Make one sample and write its files."""
        recipe = self.recipe(source, loaded, order)
        name = f"{source.stem}_{order.index:03d}"
        files = {"image": self.path("images", name, self.suffix)}
        images.write(files["image"], recipe.image(loaded.image))
        if loaded.heatmaps is not None:
            files["heatmaps"] = self.path("heatmaps", name, _heat_suffix(loaded))
            write_heat(files["heatmaps"], recipe.heatmaps(loaded.heatmaps), loaded.heatmaps_dtype)
        if loaded.mask is not None:
            files["masks"] = self.path("masks", name, _mask_suffix(loaded.mask))
            labels = recipe.segmentation_maps(loaded.mask)
            images.write_labels(files["masks"], labels.get_arr())
        inside = {kind: file.relative_to(self.out).as_posix() for kind, file in files.items()}
        return Sample(source.name, order.index, order.seed, inside, recipe.to_json())

    def recipe(self, source: Source, loaded: Loaded, order: Order) -> Recipe:
        """Return the recipe of a sample: it depends on nothing but seed, name and number."""
        if order.recipe is not None:
            return Recipe.from_json(order.recipe)
        key = crc32(os.fsencode(source.name)), order.index
        return self.pipeline.draw(loaded.image.shape, stream(order.seed, *key))

    def path(self, folder: str, name: str, suffix: str) -> Path:
        """Return the path of a file to write, and make its folder."""
        file = self.out / folder / f"{name}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        return file


def tasks_for(source: Source, orders: Sequence[Order]) -> Iterator[Task]:
    """Split the samples of a picture into tasks, so that many workers may share them."""
    for start in range(0, len(orders), _AT_ONCE):
        yield Task(source, tuple(orders[start : start + _AT_ONCE]))


def write_heat(path: Path, heatmaps: HeatmapsOnImage, dtype: np.dtype[Any]) -> None:
    """Write heatmaps in [0, 1] with the dtype that they were stored in, white for 1."""
    images.write(path, convert(heatmaps.get_arr(), dtype))


def _heat_suffix(loaded: Loaded) -> str:
    heat = loaded.heatmaps
    channels = 0 if heat is None else heat.arr_0to1.shape[2]
    return ".tif" if loaded.heatmaps_dtype.kind == "f" or channels > _MOST_CHANNELS else ".png"


def _mask_suffix(mask: SegmentationMapsOnImage) -> str:
    return ".png" if mask.arr.max() <= _MOST_LABEL else ".tif"

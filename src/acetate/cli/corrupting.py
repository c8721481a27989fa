"""`acetate corrupt`, carried out on a picture: every level, and a strip of them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from acetate import images
from acetate.arrays import Array, convert
from acetate.cli.denoising import ending_of, in_range
from acetate.cli.facts import plain, write_facts
from acetate.cli.method_options import Chosen
from acetate.cli.per_picture import Output
from acetate.cli.pictures import PictureFile, for_eyes
from acetate.cli.reading import Reading
from acetate.draw import contact_sheet
from acetate.heat import HeatCorruption
from acetate.seeds import stream
from acetate.sheets import Picture

CORRUPTIONS = {"heat": HeatCorruption}

_CELL, _COLUMNS, _MOST = 200, 6, 48


@dataclass(frozen=True)
class Corrupting:
    """Corrupting a picture in levels.

    Parameters
    ----------
    chosen : Chosen
        The corruption.
    seed : int
        Of the noise of all pictures.
    reading : Reading
        How pictures are read.
    """

    chosen: Chosen
    seed: int
    reading: Reading = field(default_factory=Reading)

    def record(self) -> Mapping[str, Any]:
        """Return what decides over the pictures."""
        options = plain(self.chosen.method)
        return {"options": options, "seed": self.seed, "reading": self.reading.record()}

    def reads(self, source: PictureFile) -> Sequence[Path]:
        """Return the picture alone."""
        return [source.picture]

    def __call__(self, source: PictureFile, output: Output) -> None:
        """Corrupt a picture, and write every level."""
        image, about = self.reading.read(source.picture)
        ending, shown = ending_of(source.picture, about), list[Array]()
        times = self.chosen.method.times
        picked = set(np.linspace(0, len(times) - 1, min(len(times), _MOST)).astype(int).tolist())
        for level, picture in enumerate(self.levels(source.name, image)):
            path = output.path(f"level_{level:03d}", "images", f"_{level:03d}{ending}")
            images.write(path, picture)
            if level in picked:
                shown.append(for_eyes(picture))
        captions = [f"t = {times[level]:.3g}" for level in sorted(picked)]
        strip = contact_sheet([Picture(each) for each in shown], _COLUMNS, _CELL, captions)
        images.write(output.path("strip", "strips", ".png"), strip)
        facts = {
            "picture": source.name,
            "options": asdict(self.chosen.method),
            "seed": self.seed,
            "times": times,
            "read": self.reading.facts(about),
        }
        write_facts(output.path("facts", "facts", ".json"), facts)

    def levels(self, name: str, image: Array) -> Iterator[Array]:
        """Return the picture at every level, in its own dtype."""
        rng = stream(self.seed, crc32(os.fsencode(name)))
        for level in self.chosen.method.path(image, rng):
            yield convert(in_range(level), image.dtype)

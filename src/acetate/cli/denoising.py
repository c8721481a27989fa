"""`acetate denoise`, carried out on a picture: its format, bits and opacity kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from acetate import images
from acetate.arrays import Array
from acetate.cli.facts import plain, write_facts
from acetate.cli.method_options import Chosen
from acetate.cli.per_picture import Output
from acetate.cli.pictures import PictureFile
from acetate.cli.reading import Reading
from acetate.heat import Denoised

_WRITTEN = {"PNG": ".png", "JPEG": ".jpg", "TIFF": ".tif", "WEBP": ".webp"}


@dataclass(frozen=True)
class Denoising:
    """Denoising a picture with a method.

    Parameters
    ----------
    chosen : Chosen
        The method.
    sigma : float or None
        The noise in units of the picture; None estimates it.
    reading : Reading
        How pictures are read.
    """

    chosen: Chosen
    sigma: float | None
    reading: Reading = field(default_factory=Reading)

    def record(self) -> Mapping[str, Any]:
        """Return what decides over the pictures."""
        options = plain(self.chosen.method)
        how = {"sigma": self.sigma, "reading": self.reading.record()}
        return {"method": self.chosen.name, "options": options, **how}

    def reads(self, source: PictureFile) -> Sequence[Path]:
        """Return the picture alone."""
        return [source.picture]

    def __call__(self, source: PictureFile, output: Output) -> None:
        """Denoise a picture, and write it."""
        image, about = self.reading.read(source.picture, alpha="keep")
        colours, opacity = (image[:, :, :-1], image[:, :, -1:]) if about.alpha else (image, None)
        found: Denoised = self.chosen.method.denoise(np.ascontiguousarray(colours), self.sigma)
        clean = in_range(found.image)
        whole = clean if opacity is None else np.concatenate([clean, opacity], axis=2)
        images.write(output.path("image", "images", ending_of(source.picture, about)), whole)
        facts = {
            "picture": source.name,
            "method": self.chosen.name,
            "options": asdict(self.chosen.method),
            "sigma": found.sigma,
            "read": self.reading.facts(about),
            "facts": found.facts,
        }
        write_facts(output.path("facts", "facts", ".json"), facts)


def in_range(image: Array) -> Array:
    """Return floats with what left [0, 1] brought back, and integers as they are.

    Examples
    --------
    >>> in_range(np.array([[-0.01, 0.5]]))
    array([[0. , 0.5]])
    """
    return np.clip(image, 0, 1) if image.dtype.kind == "f" else image


def ending_of(path: Path, about: images.ImageFacts) -> str:
    """Return the suffix of a picture made of another: its own, where we write that format.

    Examples
    --------
    >>> ending_of(Path("a.JPG"), images.ImageFacts("JPEG", (2, 3), "rgb", False, 8, 1, 1, 0, None))
    '.JPG'
    >>> ending_of(Path("a.gif"), images.ImageFacts("GIF", (2, 3), "rgb", False, 8, 1, 1, 0, None))
    '.png'
    """
    usual = _WRITTEN.get(about.format, ".png")
    same = {".jpeg": ".jpg", ".tiff": ".tif"}.get(path.suffix.lower(), path.suffix.lower())
    return path.suffix if same == usual else usual

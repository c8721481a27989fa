"""`acetate segment`, carried out: labels, overlay, energies and facts of every picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from acetate import images
from acetate.arrays import Array
from acetate.cli.app import wrong_usage
from acetate.cli.facts import plain, write_facts
from acetate.cli.method_options import Chosen
from acetate.cli.per_picture import Output, Request, carry_out
from acetate.cli.pictures import PictureFile, for_eyes, stretched
from acetate.cli.prompts import Prompts
from acetate.cli.reading import Reading, as_options
from acetate.cli.volumes import is_volume, read_volume, write_volume
from acetate.draw import draw_curve
from acetate.files import atomic
from acetate.segment import METHODS, Segmentation
from acetate.sheets import SegmentationMapsOnImage

_MOST_IN_PNG = 2**16 - 1
_OPACITY = 0.45


@dataclass(frozen=True)
class Segmenting:
    """Segmenting a picture with a method.

    Parameters
    ----------
    chosen : Chosen
        The method.
    prompts : Prompts
        What the user points at.
    gray : bool
        Whether colours become gray before.
    reading : Reading
        How pictures are read.
    """

    chosen: Chosen
    prompts: Prompts
    gray: bool
    reading: Reading

    def record(self) -> Mapping[str, Any]:
        """Return what decides over the labels."""
        return {
            "method": self.chosen.name,
            "options": plain(self.chosen.method),
            "gray": self.gray,
            "prompts": self.prompts.record(),
            "reading": self.reading.record(),
        }

    def reads(self, source: PictureFile) -> Sequence[Path]:
        """Return the picture and the file of its prompt."""
        return [source.picture, *self.prompts.files_of(source)]

    def __call__(self, source: PictureFile, output: Output) -> None:
        """Segment a picture, and write what was found."""
        image, read = self.read(source.picture)
        found = self.chosen.method.segment(image, self.prompts.on(source))
        _write_labels(output, found.labels)
        _write_overlay(output, image, found.labels)
        energies = getattr(found.facts, "energies", None)
        if energies is not None and len(energies):
            _write_energies(output, energies)
        write_facts(output.path("facts", "facts", ".json"), self.facts(source, read, found))

    def read(self, path: Path) -> tuple[Array, Mapping[str, Any]]:
        """Return a picture as the method takes it, what is transparent on white, and how."""
        if is_volume(self.chosen.method):
            with as_options():
                image = read_volume(path, self.reading.in_python)
            about = images.info(path)
            return image, {**self.reading.facts(about), "page": "all"}
        image, about = self.reading.read(path)
        return _gray(image, path) if self.gray else image, self.reading.facts(about)

    def facts(
        self, source: PictureFile, read: Mapping[str, Any], found: Segmentation[Any]
    ) -> Mapping[str, Any]:
        """Return what is to be known of a result."""
        labels, pixels = np.unique(found.labels, return_counts=True)
        return {
            "picture": source.name,
            "method": self.chosen.name,
            "options": asdict(self.chosen.method),
            "read": read,
            "shape": found.labels.shape,
            "pixels": dict(zip(labels.tolist(), pixels, strict=True)),
            "facts": found.facts,
        }


def segment_pictures(
    chosen: Chosen,
    prompts: Prompts,
    gray: bool,
    reading: Reading,
    request: Request,
) -> int:
    """Segment pictures, and return the exit code.

    Raises
    ------
    click.UsageError
        If the prompts do not go with the method, or as `carry_out`.
    """
    with wrong_usage():
        prompts.check(chosen.name, METHODS)
        if is_volume(chosen.method) and (gray or prompts.given()):
            raise ValueError("volumes take neither --gray nor a prompt here; Python does")
        if is_volume(chosen.method) and reading.page is not None:
            raise ValueError("a volume is all pages of a file; leave out --page or --dimensions 3")
    treatment = Segmenting(chosen, prompts, gray, reading)
    return carry_out("segment", request, treatment, prompts.files())


def _gray(image: Array, path: Path) -> Array:
    """Return the luma of colours (Rec. 601), and gray as it is."""
    if image.ndim == 2:
        return image
    if image.shape[2] != 3:
        raise ValueError(f"{path} has {image.shape[2]} channels, --gray takes 1 or 3")
    # OpenCV has no colours in float64.
    colours = image.astype(np.float32) if image.dtype == np.float64 else image
    return cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)


def _write_labels(output: Output, labels: Array) -> None:
    """Write labels in the fewest bits that hold them: PNG up to 16, TIFF beyond."""
    if labels.ndim == 3:
        write_volume(output.path("mask", "masks", ".tif"), labels)
        return
    ending = ".png" if labels.max() <= _MOST_IN_PNG else ".tif"
    images.write_labels(output.path("mask", "masks", ending), labels)


def _write_overlay(output: Output, image: Array, labels: Array) -> None:
    if labels.ndim == 3:
        middle = len(labels) // 2
        image, labels = image[middle], labels[middle]
    shown = stretched(for_eyes(image))
    maps = SegmentationMapsOnImage(labels, labels.shape)
    overlay = maps.draw_on_image(shown, alpha=_OPACITY)[0]
    images.write(output.path("overlay", "overlays", ".png"), overlay)


def _write_energies(output: Output, energies: Sequence[float]) -> None:
    """Write the energy at the start and after every step, as a table and as a curve."""
    rows = "".join(f"{step},{float(energy)!r}\n" for step, energy in enumerate(energies))
    with atomic(output.path("energies", "energies", ".csv"), "w") as file:
        file.write(f"step,energy\n{rows}")
    curve = draw_curve(energies, f"energy: {output.stem}", x_label="step")
    images.write(output.path("curve", "energies", ".png"), curve)

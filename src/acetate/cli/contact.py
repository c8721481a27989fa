"""The contact sheet of `acetate augment`: some of the samples, with their sheets painted over."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from acetate import images
from acetate.arrays import convert
from acetate.cli.inputs import read_heat
from acetate.cli.lines import Sample
from acetate.cli.pictures import for_eyes
from acetate.draw import contact_sheet
from acetate.files import printable
from acetate.sheets import HeatmapsOnImage, KeypointsOnImage, Picture, SegmentationMapsOnImage

NAME = "contact.png"
_MOST, _CELL = 24, 200
_PANELS_IN_A_ROW = 8


def write_contact_sheet(
    out: Path, samples: Sequence[Sample], landmarks: Mapping[str, KeypointsOnImage]
) -> None:
    """Draw samples, evenly picked, from the files that were written for them.

    Parameters
    ----------
    out : Path
        The output folder.
    samples : sequence of Sample
        At least one.
    landmarks : mapping
        From the path of a sample's picture inside `images` to its landmarks.

    Raises
    ------
    OSError, ValueError
        If a file cannot be read or written.
    """
    picked = [samples[k] for k in _evenly(len(samples))]
    pictures = [_small(_picture(out, sample, landmarks)) for sample in picked]
    captions = [_in_ascii(_inside(sample)) for sample in picked]
    panels = max(1 + len(list(picture.sheets())) for picture in pictures)
    columns = max(1, _PANELS_IN_A_ROW // panels)
    images.write(out / NAME, contact_sheet(pictures, columns, _CELL, captions))


def _evenly(count: int) -> list[int]:
    shown = min(count, _MOST)
    return [k * count // shown for k in range(shown)]


def _inside(sample: Sample) -> str:
    return sample.files["image"].removeprefix("images/")


def _in_ascii(name: str) -> str:
    """Return a name in the letters that can be drawn."""
    return printable(name).encode("ascii", "backslashreplace").decode()


def _picture(out: Path, sample: Sample, landmarks: Mapping[str, KeypointsOnImage]) -> Picture:
    """Read back what was written."""
    files = {kind: out / file for kind, file in sample.files.items()}
    image = for_eyes(images.read(files["image"], alpha="over_white"))
    heat = mask = None
    if "heatmaps" in files:
        heat = HeatmapsOnImage(convert(read_heat(files["heatmaps"]), np.float32), image.shape)
    if "masks" in files:
        mask = SegmentationMapsOnImage(images.read_labels(files["masks"]), image.shape)
    return Picture(image, heat, mask, landmarks.get(_inside(sample)))


def _small(picture: Picture) -> Picture:
    """Return the picture in the size that is shown: many large ones need not be held at once."""
    height, width = picture.image.shape[:2]
    scale = _CELL / max(height, width)
    return picture.resize((max(1, round(height * scale)), max(1, round(width * scale))))

"""Which part of a picture becomes its tile: that around the centre, or that which stands out."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from acetate.arrays import Array
from acetate.geometry import Frame
from acetate.mosaic.library.saliency import saliency

Crop = Literal["centre", "smart"]
CROPS: tuple[Crop, ...] = ("centre", "smart")

_SIDE = 48  # pixels of the longer side of the picture whose saliency is measured
_ENOUGH = 0.99  # of the most that a window holds; of those the one nearest to the centre is taken
_STEPS = 64  # windows that are looked at beside those that can hold most

Box = tuple[float, float, float, float]


def check_crop(crop: str) -> None:
    """Raise if there is no such way to crop.

    Raises
    ------
    ValueError
        If it is neither "centre" nor "smart".

    Examples
    --------
    >>> check_crop("smart")
    """
    if crop not in CROPS:
        raise ValueError(f"crop must be one of {', '.join(CROPS)}, got {crop!r}")


def window(
    picture: Image.Image, size: tuple[float, float], shape: Frame, crop: Crop = "centre"
) -> Box:
    """Return the largest part of a picture that has the proportions of a shape.

    Parameters
    ----------
    picture : PIL.Image.Image
        Of mode L, RGB or CMYK.
    size : (float, float)
        How much of it there is, (width, height): decoded smaller it may be filled up.
    shape : (int, int)
        Height and width of the tile.
    crop : {"centre", "smart"}
        Around the centre, or where most of what stands out is (see `saliency`); where many
        windows hold nearly as much, that nearest to the centre.

    Returns
    -------
    (float, float, float, float)
        Left, top, right, bottom.

    Examples
    --------
    >>> window(Image.new("L", (30, 10)), (30, 10), (4, 6))
    (7.5, 0.0, 22.5, 10.0)
    >>> picture = Image.new("RGB", (60, 20), "gray")
    >>> picture.paste("red", (2, 5, 12, 15))
    >>> window(picture, (60, 20), (5, 5), "smart")[0] < 3
    True
    """
    (height, width), (wide, tall) = shape, size
    scale = min(wide / width, tall / height)
    free = max(0.0, wide - width * scale), max(0.0, tall - height * scale)
    left, top = free[0] / 2, free[1] / 2
    if crop == "smart" and max(free) > 0:
        sums = saliency(_small(picture, size))
        left = _best(sums.sum(axis=0), wide, free[0])
        top = _best(sums.sum(axis=1), tall, free[1])
    return left, top, wide - free[0] + left, tall - free[1] + top


def _small(picture: Image.Image, size: tuple[float, float]) -> NDArray[np.uint8]:
    scale = _SIDE / max(size)
    shape = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    small = picture.resize(shape, Image.Resampling.BOX, (0, 0, *size))
    return np.asarray(small.convert("RGB"))


def _best(profile: Array, length: float, free: float) -> float:
    """Return where a window begins that holds most of a profile.

    What a window holds is linear between the places where it begins or ends with a pixel.
    """
    edges = np.linspace(0, length, len(profile) + 1)
    held = np.concatenate([[0], np.cumsum(profile, dtype=np.float64)])
    starts = np.concatenate([edges, edges - (length - free), np.linspace(0, free, _STEPS + 1)])
    starts = np.append(starts[(starts >= 0) & (starts <= free)], free / 2)
    within = np.interp(starts + (length - free), edges, held) - np.interp(starts, edges, held)
    good = starts[within >= _ENOUGH * within.max()]
    return float(good[np.argmin(np.abs(good - free / 2))])

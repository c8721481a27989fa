"""A tiny landmark data set: three spots that differ, on pictures of several sizes."""

import shutil
from pathlib import Path

import numpy as np

from acetate import images
from acetate.heat import heat_kernel
from acetate.sheets.landmark_set import LandmarkSet

NAMES = ("left", "right", "top")
SHAPES = ((48, 64), (64, 64), (64, 40))


def copies(folder: Path, marks: LandmarkSet) -> LandmarkSet:
    """Write the pictures once more; return their landmarks, to judge by what is known by heart."""
    names = [f"again/{name}" for name in marks.pictures]
    (folder / "again").mkdir()
    for name, other in zip(marks.pictures, names, strict=True):
        shutil.copy(folder / name, folder / other)
    return LandmarkSet(marks.names, names, marks.points, shapes=marks.shapes, mirror=marks.mirror)


def write_spots(folder: Path, count: int = 6, color: bool = False) -> LandmarkSet:
    """Write pictures with a small bright, a large bright and a dark spot; return their places."""
    folder.mkdir(parents=True, exist_ok=True)
    points, shapes, names = [], [], []
    for index in range(count):
        rng = np.random.default_rng(index)
        height, width = SHAPES[index % len(SHAPES)]
        places = np.array([[0.3, 0.6], [0.7, 0.6], [0.5, 0.25]]) + rng.uniform(-0.1, 0.1, (3, 2))
        xy = places * (width, height)
        small, large, dark = (
            heat_kernel((height, width), xy[k : k + 1], sigma)[:, :, 0]
            for k, sigma in enumerate((1.5, 4.0, 3.0))
        )
        values = 0.4 + 0.5 * small + 0.5 * large - 0.4 * dark + rng.normal(0, 0.01, small.shape)
        picture = np.clip(values * 255, 0, 255).astype(np.uint8)
        name = f"{index:02d}.png"
        images.write(folder / name, np.stack([picture] * 3, -1) if color else picture)
        points.append(xy)
        shapes.append((height, width))
        names.append(name)
    mirror = {"left": "right", "right": "left"}
    return LandmarkSet(NAMES, names, np.array(points), shapes=shapes, mirror=mirror)

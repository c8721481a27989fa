"""A folder of pictures with their sheets, and the command on it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner, Result

from acetate import images
from acetate.cli import app
from acetate.heat import heat_kernel

FRAME = (96, 128)
TURN_AND_FLIP = """
random_order = true
[[augmenters]]
name = "Rotate"
rotate = [-40, 40]
[[augmenters]]
name = "Fliplr"
p = 0.5
[[augmenters]]
name = "Add"
value = [-20, 20]
"""


def dot(frame: tuple[int, int], x: float, y: float, sigma: float) -> Any:
    return heat_kernel(frame, np.array([[x, y]]), sigma)[:, :, 0]


def disc(frame: tuple[int, int], x: float, y: float, radius: float) -> Any:
    rows, columns = np.indices(frame) + 0.5
    return (columns - x) ** 2 + (rows - y) ** 2 <= radius**2


def place(stem: str) -> tuple[float, float]:
    """Where the dot of a picture lies: near the middle, elsewhere for each."""
    return 50.3 + len(stem) * 3, 40.7 + len(stem) * 2


class DataSet:
    """Pictures with a dot; heatmaps at half size, masks and landmarks with it at the same place."""

    def __init__(self, root: Path, stems: tuple[str, ...] = ("a", "sub/bb", "sub/a")) -> None:
        self.root = root
        self.pictures, self.heatmaps, self.masks = (
            root / kind for kind in ("pictures", "heatmaps", "masks")
        )
        self.landmarks = root / "points.csv"
        self.recipe = root / "recipe.toml"
        self.recipe.write_text(TURN_AND_FLIP)
        rows = ["image,name,x,y"]
        for stem in stems:
            self.add(stem)
            x, y = place(stem)
            rows.append(f"{stem}.png,dot,{x},{y}")
        self.landmarks.write_text("\n".join(rows) + "\n")

    def add(self, stem: str, suffix: str = ".png") -> None:
        x, y = place(stem)
        half = (FRAME[0] // 2, FRAME[1] // 2)
        picture = np.round(dot(FRAME, x, y, 3) * 200).astype(np.uint8)
        heat = np.round(dot(half, x / 2, y / 2, 2) * 65535).astype(np.uint16)
        for folder in (self.pictures, self.heatmaps, self.masks):
            (folder / stem).parent.mkdir(parents=True, exist_ok=True)
        images.write(self.pictures / f"{stem}{suffix}", np.dstack([picture] * 3))
        images.write(self.heatmaps / f"{stem}.png", heat)
        images.write_labels(self.masks / f"{stem}.png", disc(FRAME, x, y, 9) * 7)

    @property
    def sheets(self) -> list[str]:
        return [
            *("--heatmaps", str(self.heatmaps)),
            *("--masks", str(self.masks)),
            *("--landmarks", str(self.landmarks)),
        ]

    def arguments(self, out: str, *more: str) -> list[str]:
        recipe = [] if "--replay" in more else ["--recipe", str(self.recipe)]
        return ["augment", str(self.pictures), *recipe, "--out", str(self.root / out), *more]

    def augment(self, out: str, *more: str) -> Result:
        return acetate(*self.arguments(out, *more))


def acetate(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, list(arguments))


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "acetate", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="surrogateescape",
        **options,
    )


def tree(folder: Path, without: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Return the content of every file of a folder, hidden ones too."""
    found = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in found
        if file.name not in without
    }

"""What the lecture's examples share: their options, its pictures, and figures as files."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import acetate as ia
from acetate.arrays import Array
from acetate.files import atomic

DATA = Path(__file__).resolve().parents[3] / "shared/data"


def run(main: Callable[..., list[Path]], needs_data: bool = True) -> None:
    """Run an example with the options of its command line, and print what it wrote."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the figures")
    if needs_data:
        parser.add_argument("--data", type=Path, default=DATA, help="folder that holds qbi/")
    given = vars(parser.parse_args())
    given["out"].mkdir(parents=True, exist_ok=True)
    print(*main(**given), sep="\n")


def picture(data: Path, name: str) -> Array:
    """Return a picture of the lecture 'Quantitative Big Imaging', its numbers as stored."""
    path = data / "qbi" / name
    if not path.is_file():
        raise SystemExit(f"{path} is not there: pass --data with the folder that holds qbi/{name}")
    return ia.images.read(path, profile="ignore")


def show(ax: Any, image: Array, title: str, colors: str = "gray") -> None:
    """Show a picture on axes of matplotlib; of classes from dark to bright, in "viridis"."""
    height, width = image.shape[:2]
    ax.imshow(image, cmap=colors, interpolation="nearest", extent=(0, width, height, 0))
    ax.set_title(title, fontsize=9)
    ax.set_axis_off()


def save(figure: Any, path: Path) -> Path:
    """Write a figure of matplotlib; the file appears when it is whole."""
    with atomic(path) as file:
        figure.savefig(file, format="png", dpi=110)
    return path

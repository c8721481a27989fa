"""Quad tree: squares that are split into four until each is even inside."""

from pathlib import Path

from lecture import DATA, picture, run, save, show
from matplotlib.figure import Figure

from acetate.draw.figures import draw_labels
from acetate.segment.regions import quad_split, region_means


def main(out: Path, data: Path = DATA) -> list[Path]:
    # A square is split if it has a standard deviation above 20 of 255, or a range above 80.
    bone = picture(data, "bonegfiltslice.png")  # 250 x 350, uint8
    ways = [("std", 20, 128), ("std", 20, 64), ("std", 20, 32), ("std", 20, 8), ("range", 80, 8)]
    figure = Figure((10, 5.2), layout="constrained")
    *axes, last = figure.subplots(2, 3).flat
    for ax, (metric, threshold, minimum) in zip(axes, ways, strict=True):
        leaves = quad_split(bone, threshold / 255, metric, minimum)
        title = f"{metric} > {threshold}, sides from {minimum}: {len(leaves)} squares"
        print(title)
        draw_labels(bone, leaves.labels, title=title, ax=ax)
    leaves = quad_split(bone, 20 / 255, "std", minimum=2)
    means = region_means(bone, leaves.labels)
    show(last, means.picture, f"means of {len(leaves)} squares, sides from 2")
    return [save(figure, out / "quad_tree.png")]


if __name__ == "__main__":
    run(main)

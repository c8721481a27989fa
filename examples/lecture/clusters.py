"""Clusters: k-means on position and value, with positions that count more or less."""

from pathlib import Path

import numpy as np
from lecture import DATA, picture, run, save, show
from matplotlib.figure import Figure

from acetate.draw.figures import draw_feature_pairs, draw_feature_table
from acetate.segment import Clusters, pixel_table


def main(out: Path, data: Path = DATA) -> list[Path]:
    # Every third pixel, values over 1000; x and y as they are, over 10, and over 5.
    cortex = np.ascontiguousarray(picture(data, "cortex.png")[::3, ::3])  # 173 x 135, uint16
    ways = {
        "x, y: 4 clusters": Clusters(4, 0.001, 1.0, rescale="none", seed=2018),
        "x/10, y/10: 4 clusters": Clusters(4, 0.001, 0.1, rescale="none", seed=2018),
        "x/5, y/5: 5 clusters": Clusters(5, 0.001, 0.2, rescale="none", seed=2019),
    }
    figure = Figure((9, 3.2), layout="constrained")
    first, *others = figure.subplots(1, 4)
    show(first, cortex, "cortex")
    for ax, (name, method) in zip(others, ways.items(), strict=True):
        found = method.segment(cortex)
        print(f"{name}: {' '.join(map(str, found.facts.pixels))} pixels")
        show(ax, found.labels, name, "viridis")

    # The table that k-means saw, and the clusters of the last way in it.
    table = pixel_table(cortex, ("x", "y", "intensity"), extra={"cluster": found.labels})
    pairs = draw_feature_pairs(table, table["cluster"], ["x", "y", "intensity"], seed=2019)
    return [
        save(figure, out / "clusters.png"),
        save(pairs, out / "clusters_pairs.png"),
        save(draw_feature_table(table, rows=8, seed=2019), out / "clusters_table.png"),
    ]


if __name__ == "__main__":
    run(main)

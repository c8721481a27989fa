"""Read the array of a heatmap, change it, and make a new heatmap of it."""

import sys
from pathlib import Path

import numpy as np

import acetate as ia
from acetate.sheets.heatmaps import HeatmapsOnImage


def main(out: Path) -> Path:
    image = ia.samples.motorcycle(size=0.6)
    depth = HeatmapsOnImage(
        ia.samples.motorcycle_depth(size=0.6), shape=image.shape, min_value=0.0, max_value=60.0
    )

    # get_arr() gives a copy in the shape and the range in which the values came in: here
    # (300, 445) and 0 to 60. (depth.arr_0to1 is always (H, W, C) and 0 to 1.)
    arr = depth.get_arr()

    # Send everything but the motorcycle to the far end: what is no nearer than the floor of
    # its row, as it is seen at the left edge, or no nearer than the shelf.
    floor = np.median(arr[:, :36], axis=1, keepdims=True)
    arr[arr < np.maximum(floor + 1, 34)] = 0.0

    # Values that were changed make a new heatmap.
    only = HeatmapsOnImage(arr, shape=image.shape, min_value=0.0, max_value=60.0)

    # The picture, and the heatmap on it before and after the change.
    cells = [image, depth.draw_on_image(image)[0], only.draw_on_image(image)[0]]

    path = out / "heatmaps_array.png"
    ia.images.write(path, ia.draw_grid(cells, cols=3))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

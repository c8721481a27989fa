"""Give heatmaps another resolution: by average pooling, by max pooling, by resizing."""

import sys
from pathlib import Path

import acetate as ia
from acetate.sheets.heatmaps import HeatmapsOnImage


def main(out: Path) -> Path:
    # The depth map of the motorcycle, cut to a square of 128 x 128.
    depth = ia.samples.motorcycle_depth(size=(128, 190))[:, 38:166]
    heatmap = HeatmapsOnImage(depth, shape=(128, 128, 3), min_value=0.0, max_value=60.0)

    # To 64 x 64, 32 x 32 and 16 x 16, in three ways.
    smaller = [heatmap, heatmap.avg_pool(2), heatmap.avg_pool(4), heatmap.avg_pool(8)]
    smaller += [heatmap, heatmap.max_pool(2), heatmap.max_pool(4), heatmap.max_pool(8)]
    smaller += [heatmap, heatmap.resize(64), heatmap.resize(32), heatmap.resize(16)]

    # Rows 1 to 3: as large as they are, white around them.
    cells = []
    for small in smaller:
        margin = (128 - small.arr_0to1.shape[0]) // 2
        cells.append(ia.pad(small.draw()[0], margin, margin, margin, margin, cval=255))

    # Rows 4 to 6: the same, every pixel enlarged to a square.
    for small in smaller:
        enlarged = small.resize(128, interpolation="nearest")
        cells.append(enlarged.draw()[0])

    path = out / "heatmaps_resize.png"
    ia.images.write(path, ia.draw_grid(cells, cols=4))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

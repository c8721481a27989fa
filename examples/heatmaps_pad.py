"""Pad a picture and its heatmap alike: by pixels, or until they are square."""

import sys
from pathlib import Path

import acetate as ia
from acetate.sheets.heatmaps import HeatmapsOnImage


def main(out: Path) -> Path:
    # A wide picture (200 x 296), and a heatmap on it of half its size (100 x 148).
    image = ia.samples.motorcycle(size=0.4)
    depth = HeatmapsOnImage(
        ia.samples.motorcycle_depth(size=0.4), shape=image.shape, min_value=0.0, max_value=60.0
    )
    depth = depth.avg_pool(2)

    # By pixels: each counts its own, so 24 of the heatmap's are 48 of the picture's.
    image_padded = ia.pad(image, top=48, bottom=48)
    depth_padded = depth.pad(top=24, bottom=24)

    # To a ratio, which is width / height: nothing to count, and 1.0 is a square. The new pixels
    # may also repeat those at the edge.
    image_square = ia.pad_to_aspect_ratio(image, 1.0, mode="edge")
    depth_square = depth.pad_to_aspect_ratio(1.0, mode="edge")

    # A row for each way: the padded picture, and the padded heatmap on it.
    cells = [
        image_padded,
        depth_padded.draw_on_image(image_padded)[0],
        image_square,
        depth_square.draw_on_image(image_square)[0],
    ]

    path = out / "heatmaps_pad.png"
    ia.images.write(path, ia.draw_grid(cells, cols=2))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

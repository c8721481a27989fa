"""A simple example: a picture and its depth map, moved together five times."""

import sys
from pathlib import Path

import acetate as ia
import acetate.augmenters as iaa
from acetate.sheets.heatmaps import HeatmapsOnImage


def main(out: Path) -> Path:
    # A photograph (200 x 296, uint8) and its measured depth map (200 x 296, float32): the
    # larger a value, the nearer the point; none is above 60.
    image = ia.samples.motorcycle(size=0.4)
    depth = HeatmapsOnImage(
        ia.samples.motorcycle_depth(size=0.4), shape=image.shape, min_value=0.0, max_value=60.0
    )

    # Our model predicts at half the size of its input, so the ground truth is pooled to that.
    depth = depth.avg_pool(2)

    seq = iaa.Sequential(
        [
            iaa.Dropout([0.05, 0.2]),  # drop 5 % or 20 % of all pixels
            iaa.Sharpen((0.0, 1.0)),  # sharpen the picture
            iaa.Affine(rotate=(-45, 45)),  # turn it (moves heatmaps)
            iaa.ElasticTransformation(alpha=50, sigma=5),  # bend it like water (moves heatmaps)
        ],
        random_order=True,
        seed=9,
    )

    # Five samples, a row for each. draw() and draw_on_image() return a list with one picture
    # per heatmap; we have a single heatmap, hence the [0].
    cells = []
    for _ in range(5):
        image_aug, depth_aug = seq(image=image, heatmaps=depth)
        cells.append(image)
        cells.append(image_aug)
        cells.append(depth_aug.draw_on_image(image_aug)[0])
        cells.append(depth_aug.draw(size=image_aug.shape[:2])[0])
        cells.append(depth_aug.draw(size=image_aug.shape[:2], cmap=None)[0])

    path = out / "heatmaps_simple.png"
    ia.images.write(path, ia.draw_grid(cells, cols=5))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

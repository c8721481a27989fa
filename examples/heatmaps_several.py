"""Several heatmaps in one sheet: one for each landmark of a cat's face."""

import sys
from pathlib import Path

import numpy as np

import acetate as ia
import acetate.augmenters as iaa
from acetate.sheets.heatmaps import HeatmapsOnImage


def main(out: Path) -> Path:
    image = ia.samples.cat()  # 300 x 451
    landmarks = [(172, 112), (313, 132), (262, 242)]  # both eyes and the nose, as (x, y)

    # An array (H, W, C) holds C heatmaps. Each of these three is a bell around one landmark.
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width] + 0.5  # the centres of the pixels
    bells = [np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 18**2)) for px, py in landmarks]
    heatmaps = HeatmapsOnImage(np.stack(bells, axis=-1), shape=image.shape)

    # They move together, with the picture: nothing is different from a single heatmap.
    seq = iaa.Sequential([iaa.Fliplr(1.0), iaa.Affine(rotate=20, scale=1.2, mode="edge")])
    image_aug, heatmaps_aug = seq(image=image, heatmaps=heatmaps)

    # A row before and a row after. draw_on_image() returns one picture per heatmap.
    cells = [image, *heatmaps.draw_on_image(image, alpha=0.5)]
    cells += [image_aug, *heatmaps_aug.draw_on_image(image_aug, alpha=0.5)]

    path = out / "heatmaps_several.png"
    ia.images.write(path, ia.draw_grid(cells, cols=4))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

"""The ladder without training, on one picture: from a threshold to what sees past the light."""

import sys
from pathlib import Path

import acetate as ia
from acetate.segment import method_named
from acetate.sheets import SegmentationMapsOnImage


def main(out: Path) -> Path:
    image = ia.samples.coins()  # 303 x 384, gray: the light comes from the upper left

    cells = [image]
    for method in (
        method_named("threshold"),  # one value for all
        method_named("hysteresis"),  # a strict value, and a loose one for what is joined to it
        method_named("clusters", phases=2, neighbourhood=4.0),  # k-means on value and neighbours
        method_named("quad-tree"),  # squares, split while they are uneven
        method_named("random-field"),  # value against neighbours, the exact minimum
        method_named("local-threshold", block=81),  # a value for each surroundings
        method_named("heat-flow", fidelity="local", scale=40.0),  # the same, with short borders
    ):
        found = method.segment(image)
        sheet = SegmentationMapsOnImage(found.mask, shape=image.shape)
        cells.append(sheet.draw_on_image(image, alpha=0.6, colors=[0, (0, 190, 255)])[0])

    path = out / "ladder.png"
    ia.images.write(path, ia.draw_grid(cells, cols=4))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

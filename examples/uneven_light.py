"""Objects under uneven light: one value a phase is not enough, a local fit is."""

import sys
from pathlib import Path

import acetate as ia
from acetate.segment import HeatFlow, method_named
from acetate.sheets import SegmentationMapsOnImage


def main(out: Path) -> Path:
    image = ia.samples.coins()  # 303 x 384, gray: the light comes from the upper left

    cells = [image]
    for method in (
        method_named("threshold"),  # Otsu's: one value divides all
        HeatFlow(),  # short borders do not help where the light is as bright as the coins
        HeatFlow(fidelity="background"),  # one value over a smooth background
        HeatFlow(fidelity="local"),  # values divided by the mean of their surroundings
        HeatFlow(fidelity="local", scale=40.0),  # wider ones: the coins are 40 to 65 pixels wide
    ):
        found = method.segment(image)
        sheet = SegmentationMapsOnImage(found.labels, shape=image.shape)
        cells.append(sheet.draw_on_image(image, alpha=0.6, colors=[0, (0, 190, 255)])[0])

    path = out / "uneven_light.png"
    ia.images.write(path, ia.draw_grid(cells, cols=3))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

"""From a square to the flower: a mask flows until it fits the picture, and the energy falls."""

import sys
from pathlib import Path

import cv2

import acetate as ia
from acetate.draw import draw_curve
from acetate.segment import JacobiThetaSegmenter, square_mask
from acetate.sheets import SegmentationMapsOnImage


def main(out: Path) -> Path:
    # Of your own: image = acetate.segment.load_image("flower.jpg", grayscale=True)
    photograph = ia.samples.flower(size=0.5)  # 214 x 320, RGB
    image = cv2.cvtColor(photograph, cv2.COLOR_RGB2GRAY)

    # A square in the centre, a third of the height wide, knows nothing about the flower.
    height, width = image.shape
    initial_mask = square_mask(image, side=height // 3)

    segmenter = JacobiThetaSegmenter(lambda_param=0.00025, dt=0.5)
    result, energies = segmenter.segment(image, initial_mask, max_iter=20)
    assert energies == sorted(energies, reverse=True)  # it never rises

    # With a tenth of the heat in a step the mask moves slowly enough to watch.
    slow = JacobiThetaSegmenter(lambda_param=0.00025, dt=0.05)
    frames = [slow.segment(image, initial_mask, max_iter=steps)[0] for steps in (1, 2, 3, 5)]
    energies = slow.segment(image, initial_mask)[1]

    cells = []
    for mask in (initial_mask, *frames, result):
        sheet = SegmentationMapsOnImage(mask, shape=image.shape)
        cells.append(sheet.draw_on_image(photograph, alpha=0.6, colors=[0, (0, 190, 255)])[0])
    cells.append(SegmentationMapsOnImage(result, shape=image.shape).draw(colors=[0, 255])[0])
    cells.append(draw_curve(energies, "energy", (height, width), "step"))

    path = out / "square_to_flower.png"
    ia.images.write(path, ia.draw_grid(cells, cols=4))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

"""Point at what you mean: a box around one flower, strokes on a cup and on what it is not."""

import sys
from pathlib import Path

import cv2
import numpy as np

import acetate as ia
from acetate.arrays import Array
from acetate.segment import HeatCut
from acetate.sheets import BoundingBoxesOnImage, SegmentationMapsOnImage

BLUE, BACKGROUND_STROKE, CUP_STROKE = (0, 190, 255), (255, 60, 60), (60, 255, 60)


def main(out: Path) -> Path:
    # All around the object, and no nearer than it: what is outside of the box is background.
    flower = ia.samples.flower(size=0.7)  # 299 x 448, RGB
    box = (112, 55, 320, 260)  # x1, y1, x2, y2
    found = HeatCut().segment(flower, box)
    boxed = BoundingBoxesOnImage.from_xyxy_array([box], flower.shape).draw_on_image(flower, size=2)
    cells = [boxed, painted(found.labels, flower)]

    # Strokes are a picture of labels: 0 where nothing is marked, 1 background, 2 the object.
    cup = ia.samples.coffee(size=0.747)  # 299 x 448, RGB
    marks = np.zeros(cup.shape[:2], np.uint8)
    cv2.polylines(marks, [np.array([(20, 60), (70, 200), (150, 270), (300, 270)])], False, 1, 5)
    cv2.polylines(marks, [np.array([(330, 80), (335, 140), (270, 215)])], False, 1, 5)
    cv2.polylines(marks, [np.array([(140, 60), (160, 120), (215, 170), (285, 110)])], False, 2, 5)
    cv2.polylines(marks, [np.array([(160, 75), (215, 50), (270, 80)])], False, 2, 5)
    found = HeatCut().segment(cup, marks)
    sheet = SegmentationMapsOnImage(marks, cup.shape)
    colors = [0, BACKGROUND_STROKE, CUP_STROKE]
    cells += [sheet.draw_on_image(cup, 1.0, colors=colors)[0], painted(found.labels, cup)]

    path = out / "point_at_it.png"
    ia.images.write(path, ia.draw_grid(cells, cols=4))
    return path


def painted(labels: Array, image: Array) -> Array:
    sheet = SegmentationMapsOnImage(labels, image.shape)
    return sheet.draw_on_image(image, 0.6, colors=[0, BLUE])[0]


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

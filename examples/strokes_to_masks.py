"""From ten strokes to a mask: paint a few, look, paint where it erred."""

import sys
from pathlib import Path

import cv2
import numpy as np

import acetate as ia
from acetate.arrays import Array
from acetate.segment.pixels import PixelClassifier
from acetate.sheets import HeatmapsOnImage, SegmentationMapsOnImage

GREEN, RED = (60, 220, 60), (255, 60, 60)

# Lines from (x, y) to (x, y). The lawn and the coat are told apart by texture, not by gray alone.
LAWN = [(300, 290, 360, 350), (255, 200, 370, 215), (130, 350, 160, 315)]
OTHER = [(20, 40, 120, 30), (330, 60, 350, 170), (20, 180, 60, 240)]
# Where the first mask erred: on the head, coat and trousers, and on the lawn beside them.
MORE_LAWN = [(165, 245, 125, 310), (245, 195, 238, 225)]
MORE_OTHER = [(140, 65, 178, 128), (150, 160, 85, 360)]


def main(out: Path) -> Path:
    photograph = ia.samples.camera(size=0.75)  # 384 x 384, gray
    marks = painted(LAWN, OTHER)
    first = learned(photograph, marks)
    corrected = painted(LAWN + MORE_LAWN, OTHER + MORE_OTHER)
    second = learned(photograph, corrected)

    colors = [0, RED, GREEN]
    cells = []
    for strokes, model in ((marks, first), (corrected, second)):
        sheet = SegmentationMapsOnImage(strokes, photograph.shape)
        cells.append(sheet.draw_on_image(photograph, alpha=1.0, colors=colors)[0])
        unsure = model.uncertainty(photograph)  # 0 where it is sure, 1 where it cannot tell
        cells.append(HeatmapsOnImage(unsure, photograph.shape).draw()[0])
        mask = SegmentationMapsOnImage(model.predict(photograph), photograph.shape)
        cells.append(mask.draw_on_image(photograph, alpha=0.5, colors=[0, GREEN])[0])

    path = out / "strokes_to_masks.png"
    ia.images.write(path, ia.draw_grid(cells, cols=3))
    return path


def learned(photograph: Array, marks: Array) -> PixelClassifier:
    return PixelClassifier(strokes=True).fit(photograph, marks)


def painted(wanted: list[tuple[int, ...]], other: list[tuple[int, ...]]) -> Array:
    """Strokes are a picture of labels: 0 where nothing is marked, 1 background, 2 the object."""
    marks = np.zeros((384, 384), np.uint8)
    for label, lines in ((1, other), (2, wanted)):
        for x1, y1, x2, y2 in lines:
            cv2.line(marks, (x1, y1), (x2, y2), label, thickness=3)
    return marks


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

"""One recipe moves a picture and all that lies on it: heatmap, label map, landmarks, boxes."""

import sys
from pathlib import Path

import numpy as np

import acetate as ia
import acetate.augmenters as iaa
from acetate.sheets.bbs import BoundingBox, BoundingBoxesOnImage
from acetate.sheets.heatmaps import HeatmapsOnImage
from acetate.sheets.keypoints import Keypoint, KeypointsOnImage
from acetate.sheets.segmaps import SegmentationMapsOnImage


def motorcycle(size: float) -> ia.Picture:
    image = ia.samples.motorcycle(size)
    depth = ia.samples.motorcycle_depth(size)

    # The motorcycle stands on a floor whose depth is seen, row by row, at the left edge, and
    # nothing else is as near.
    floor = np.median(depth[:, : image.shape[1] // 12], axis=1, keepdims=True)
    mask = depth > np.maximum(floor + 1, 34)

    # Landmarks and boxes, as read off the picture in full size.
    full = (500, 741)
    landmarks = [
        Keypoint(x=578, y=374, name="front axle"),
        Keypoint(x=203, y=322, name="rear axle"),
        Keypoint(x=543, y=154, name="headlight"),
        Keypoint(x=475, y=187, name="left indicator"),
        Keypoint(x=572, y=130, name="right indicator"),
        Keypoint(x=105, y=209, name="tail light"),
    ]
    boxes = [
        BoundingBox(x1=93, y1=20, x2=685, y2=452, label="motorcycle"),
        BoundingBox(x1=506, y1=264, x2=685, y2=452, label="front wheel"),
        BoundingBox(x1=121, y1=235, x2=283, y2=401, label="rear wheel"),
    ]

    # Every sheet may have a resolution of its own: the heatmap has a quarter of the picture's.
    return ia.Picture(
        image,
        heatmaps=HeatmapsOnImage(depth, image.shape, max_value=60.0).avg_pool(4),
        segmentation_maps=SegmentationMapsOnImage(mask, image.shape),
        keypoints=KeypointsOnImage(landmarks, full).on(image),
        bounding_boxes=BoundingBoxesOnImage(boxes, full).on(image),
    )


def main(out: Path) -> Path:
    picture = motorcycle(size=0.4)  # 200 x 296

    seq = iaa.Sequential(
        [
            iaa.Fliplr(0.5),
            iaa.Affine(scale=(0.7, 1.0), rotate=(-20, 20), shear=(-10, 10)),
            iaa.ElasticTransformation(alpha=60, sigma=8),
        ],
        seed=1,
    )

    # A row for the picture as it is, and one for each of three samples.
    cells = picture.panels()
    for _ in range(3):
        sheets = seq(
            image=picture.image,
            heatmaps=picture.heatmaps,
            segmentation_maps=picture.segmentation_maps,
            keypoints=picture.keypoints,
            bounding_boxes=picture.bounding_boxes,
        )
        cells += ia.Picture(*sheets).panels()

    path = out / "sheets_together.png"
    ia.images.write(path, ia.draw_grid(cells, cols=5))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

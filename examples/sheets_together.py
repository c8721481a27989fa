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


def motorcycle() -> ia.Picture:
    image = ia.samples.motorcycle()  # 500 x 741
    depth = ia.samples.motorcycle_depth()

    # The motorcycle is what stands out of the floor and in front of the far wall. The floor's
    # depth is seen at the left edge, row by row.
    floor = np.median(depth[:, :60], axis=1, keepdims=True)
    mask = depth > np.maximum(floor + 1, 34)

    landmarks = [
        Keypoint(x=203, y=322, name="rear axle"),
        Keypoint(x=578, y=374, name="front axle"),
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
    return ia.Picture(
        image,
        # Every sheet may have a resolution of its own: this one has a quarter of the picture's.
        heatmaps=HeatmapsOnImage(depth, image.shape, max_value=60.0).avg_pool(4),
        segmentation_maps=SegmentationMapsOnImage(mask, image.shape),
        keypoints=KeypointsOnImage(landmarks, image.shape),
        bounding_boxes=BoundingBoxesOnImage(boxes, image.shape),
    )


def main(out: Path) -> Path:
    picture = motorcycle()

    seq = iaa.Sequential(
        [
            iaa.Fliplr(0.5),
            iaa.Affine(scale=(0.7, 1.0), rotate=(-30, 30), shear=(-10, 10)),
            iaa.ElasticTransformation(alpha=150, sigma=12),
        ],
        seed=4,
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
    small = ia.imresize_many_images(cells, (200, 296))
    ia.images.write(path, ia.draw_grid(small, cols=5))
    return path


if __name__ == "__main__":
    print(main(Path(*sys.argv[1:2])))

"""Sheets: the maps that lie on an image, each at its own resolution, all in one convention."""

from acetate.sheets.bbs import BoundingBoxesOnImage
from acetate.sheets.bounding_box import BoundingBox
from acetate.sheets.heatmaps import HeatmapsOnImage
from acetate.sheets.keypoint import Keypoint
from acetate.sheets.keypoints import KeypointsOnImage
from acetate.sheets.landmark_set import LandmarkSet
from acetate.sheets.picture import Picture
from acetate.sheets.segmaps import SegmentationMapsOnImage

__all__ = [
    "BoundingBox",
    "BoundingBoxesOnImage",
    "HeatmapsOnImage",
    "Keypoint",
    "KeypointsOnImage",
    "LandmarkSet",
    "Picture",
    "SegmentationMapsOnImage",
]

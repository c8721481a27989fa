"""Sheets: the maps that lie on an image, each at its own resolution, all in one convention."""

from acetate.sheets.heatmaps import HeatmapsOnImage
from acetate.sheets.segmaps import SegmentationMapsOnImage

__all__ = [
    "HeatmapsOnImage",
    "SegmentationMapsOnImage",
]

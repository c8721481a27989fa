"""A picture taken apart: the photograph and the sheets above it, as an SVG drawing."""

from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np

from acetate.arrays import Array
from acetate.images import write
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    KeypointsOnImage,
    Picture,
    SegmentationMapsOnImage,
)
from acetate.sheets.picture import Sheet

_ACROSS, _DOWN = np.array([0.54, 0.125]), np.array([-0.29, 0.225])  # a pixel's sides, tilted
_LIFT = 118  # from a sheet to the next
_MARGIN = 8
_NOTES = 285  # room for the names, right of the sheets
_INK = np.array([15, 160, 140], np.uint8)  # of the label map

_Painter = Callable[[Sheet, Path], str]


def exploded(picture: Picture, folder: Path) -> str:
    """Draw a picture with its sheets lifted off it, one above the other.

    Parameters
    ----------
    picture : Picture
        About 741 pixels wide, with landmarks; a needle goes through the second of them.
    folder : path
        Where the pictures of the photograph and of its rasters are written; the drawing refers to
        them as lying in a folder of that name.

    Returns
    -------
    str
        An ``<svg>`` element for an HTML page. Its lines and letters take the page's colour.
    """
    height, width = picture.image.shape[:2]
    sheets = list(picture.sheets())
    needle = picture.keypoints.xy[1]
    layers = [_photograph(picture.image, folder)]
    layers += [_sheet(sheet, folder) for _, sheet in sheets]
    notes = [("Photograph", f"{height} × {width}")]
    notes += [_note(sheet) for _, sheet in sheets]
    ...

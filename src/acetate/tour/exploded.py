"""A picture taken apart: the photograph and the sheets above it, as an SVG drawing."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.images import write
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    KeypointsOnImage,
    SegmentationMapsOnImage,
)

_ACROSS, _DOWN = np.array([0.54, 0.125]), np.array([-0.29, 0.225])  # a pixel's sides, tilted
_LIFT = 146  # from a sheet to the next
_MARGIN = 8
_NOTES = 250  # room for the names, right of the sheets
_INK = (15, 150, 135)  # of the label map


@dataclass(frozen=True)
class _Layer:
    """One sheet: its name, what is said of it, and SVG in pixels of the image."""

    name: str
    note: str
    svg: str


def exploded(
    image: Array,
    heatmaps: HeatmapsOnImage,
    segmentation_maps: SegmentationMapsOnImage,
    keypoints: KeypointsOnImage,
    bounding_boxes: BoundingBoxesOnImage,
    folder: Path,
) -> str:
    """Draw a picture with its sheets lifted off it, one above the other.

    Parameters
    ----------
    image, heatmaps, segmentation_maps, keypoints, bounding_boxes
        About 741 pixels wide. A needle goes through the first landmark, on every sheet.
    folder : path
        Where the rasters are written; the drawing refers to them in a folder of that name.

    Returns
    -------
    str
        An ``<svg>`` element for an HTML page. Its lines and letters take the page's colours.

    Examples
    --------
    >>> import tempfile
    >>> image, heat = np.zeros((8, 12, 3), np.uint8), HeatmapsOnImage(np.zeros((4, 6)), (8, 12))
    >>> labels = SegmentationMapsOnImage(np.zeros((8, 12), bool), (8, 12))
    >>> points = KeypointsOnImage.from_xy_array([[6, 4]], (8, 12))
    >>> boxes = BoundingBoxesOnImage.from_xyxy_array([[1, 1, 5, 5]], (8, 12))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     svg = exploded(image, heat, labels, points, boxes, Path(folder))
    >>> svg.count('class="sheet"')
    5
    """
    layers = [
        _photograph(image, folder),
        _heatmap(heatmaps, folder),
        _labels(segmentation_maps, folder),
        _landmarks(keypoints),
        _boxes(bounding_boxes),
    ]
    return _drawing(layers, image.shape[:2], keypoints.xy[0])


def _photograph(image: Array, folder: Path) -> _Layer:
    height, width = image.shape[:2]
    svg = _raster(image, folder / "photograph.jpg", image.shape)
    return _Layer("Photograph", f"{height} × {width} pixels", svg)


def _heatmap(heatmaps: HeatmapsOnImage, folder: Path) -> _Layer:
    height, width = heatmaps.arr_0to1.shape[:2]
    svg = _raster(heatmaps.draw()[0], folder / "heatmap.png", heatmaps.shape)
    return _Layer("Heatmap", f"depth, {height} × {width}", svg)


def _labels(maps: SegmentationMapsOnImage, folder: Path) -> _Layer:
    """Return the first label map: ink where there is a label, clear elsewhere."""
    inked = maps.arr[:, :, 0] > 0
    rgba = np.where(inked[:, :, np.newaxis], (*_INK, 215), 0).astype(np.uint8)
    return _Layer(
        "Label map", "motorcycle or not", _raster(rgba, folder / "labels.png", maps.shape)
    )


def _landmarks(keypoints: KeypointsOnImage) -> _Layer:
    dots = [f'<circle class="dot" cx="{x}" cy="{y}" r="15"></circle>' for x, y in keypoints.xy]
    return _Layer("Landmarks", f"{len(dots)} points", "".join(dots))


def _boxes(boxes: BoundingBoxesOnImage) -> _Layer:
    frames = [
        f'<rect class="box" x="{x1}" y="{y1}" width="{x2 - x1}" height="{y2 - y1}"></rect>'
        for x1, y1, x2, y2 in boxes.xyxy
    ]
    return _Layer("Boxes", f"{len(frames)} of them", "".join(frames))


def _raster(pixels: Array, path: Path, shape: tuple[int, ...]) -> str:
    """Write a picture, and return it laid over an image of a shape."""
    write(path, pixels, quality=88)
    height, width = shape[:2]
    return (
        f'<image href="{path.parent.name}/{path.name}" width="{width}" height="{height}"'
        ' preserveAspectRatio="none"></image>'
    )


def _drawing(layers: list[_Layer], size: tuple[int, ...], pierced: NDArray[np.float64]) -> str:
    """Return the layers, the first lowest, and the needle through a point of theirs."""
    height, width = size
    left, lowest = _MARGIN - _DOWN[0] * height, _MARGIN + _LIFT * (len(layers) - 1)
    wide = left + _ACROSS[0] * width + _NOTES
    high = lowest + _ACROSS[1] * width + _DOWN[1] * height + _MARGIN
    parts = []
    for level, layer in enumerate(layers):
        corner = np.array([left, lowest - level * _LIFT])
        parts.append(_lifted(layer, corner, (height, width)))
        hole = corner + _ACROSS * pierced[0] + _DOWN * pierced[1]
        parts.append(_needle(hole, _LIFT if layer is not layers[-1] else _LIFT // 4))
    names = ", ".join(layer.name.lower() for layer in layers)
    lines = "\n".join(parts)
    return (
        f'<svg class="exploded" viewBox="0 0 {wide:.0f} {high:.0f}" role="img">'
        f"<title>From bottom to top: {names}</title>\n{lines}\n</svg>"
    )


def _lifted(layer: _Layer, corner: NDArray[np.float64], size: tuple[int, int]) -> str:
    """Return a layer on its sheet, tilted, with its upper left corner at a place."""
    height, width = size
    matrix = " ".join(f"{number:.4g}" for number in (*_ACROSS, *_DOWN, *corner))
    x, y = corner + _ACROSS * width + (20, 4)
    return (
        f'<g transform="matrix({matrix})">'
        f'<rect class="sheet" width="{width}" height="{height}"></rect>{layer.svg}</g>\n'
        f'<text class="name" x="{x:.1f}" y="{y:.1f}">{layer.name}</text>'
        f'<text class="note" x="{x:.1f}" y="{y + 23:.1f}">{layer.note}</text>'
    )


def _needle(hole: NDArray[np.float64], length: int) -> str:
    """Return where the needle goes through a sheet, and its way up from there."""
    x, y = hole
    return (
        f'<path class="needle" d="M{x:.1f} {y:.1f}v-{length}"></path>'
        f'<circle class="hole" cx="{x:.1f}" cy="{y:.1f}" r="4"></circle>'
    )

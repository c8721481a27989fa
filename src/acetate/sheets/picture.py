"""A picture: an image and the sheets that lie on it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from acetate.arrays import Array, check_image
from acetate.colors import RGB, palette
from acetate.geometry import imresize_single_image
from acetate.geometry.resize import Sizes
from acetate.sheets.bbs import BoundingBoxesOnImage
from acetate.sheets.heatmaps import HeatmapsOnImage
from acetate.sheets.keypoints import KeypointsOnImage
from acetate.sheets.paint import as_rgb, paint_squares
from acetate.sheets.segmaps import SegmentationMapsOnImage

Sheet = HeatmapsOnImage | SegmentationMapsOnImage | KeypointsOnImage | BoundingBoxesOnImage


@dataclass(frozen=True, eq=False)
class Picture:
    """An image with its sheets.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, C)``; see `acetate.arrays.check_image`.
    heatmaps, segmentation_maps, keypoints, bounding_boxes : optional
        Sheets whose `shape` has the image's height and width.

    Raises
    ------
    TypeError
        If the image is no NumPy array.
    ValueError
        If it is no image, or a sheet belongs to one of another size.

    Examples
    --------
    >>> image = np.zeros((8, 12, 3), np.uint8)
    >>> picture = Picture(image, heatmaps=HeatmapsOnImage(np.zeros((4, 6)), image.shape))
    >>> picture.draw().shape
    (8, 24, 3)
    """

    image: Array
    heatmaps: HeatmapsOnImage | None = None
    segmentation_maps: SegmentationMapsOnImage | None = None
    keypoints: KeypointsOnImage | None = None
    bounding_boxes: BoundingBoxesOnImage | None = None

    def __post_init__(self) -> None:
        frame = check_image(self.image).shape[:2]
        for name, sheet in self.sheets():
            if sheet.shape[:2] != frame:
                raise ValueError(
                    f"the image is {frame}, but the {name} lie on one of {sheet.shape[:2]}; "
                    "make them with shape=image.shape"
                )

    def sheets(self) -> Iterator[tuple[str, Sheet]]:
        """Yield the name and the sheet of each kind that there is."""
        for field in fields(self)[1:]:
            sheet = getattr(self, field.name)
            if sheet is not None:
                yield field.name, sheet

    def resize(self, sizes: Sizes, interpolation: str | None = None) -> "Picture":
        """Return the image in another size, points and boxes moved with it.

        Parameters
        ----------
        sizes, interpolation
            Of the image: as for `acetate.geometry.imresize_single_image`. Heatmaps and label maps
            keep their own resolution.

        Examples
        --------
        >>> Picture(np.zeros((8, 12), np.uint8)).resize(0.5).image.shape
        (4, 6)
        """
        image = imresize_single_image(self.image, sizes, interpolation)
        moved: dict[str, Any] = {name: sheet.on(image) for name, sheet in self.sheets()}
        return Picture(image, **moved)

    def panels(self) -> list[RGB]:
        """Return RGB pictures of the image's size: the image, then each sheet painted over it.

        Returns
        -------
        list of numpy.ndarray
            ``(H, W, 3)`` uint8: the image; the largest of the heatmaps at each place; each label
            map; the keypoints, each in a colour of its own; the bounding boxes.

        Examples
        --------
        >>> len(Picture(np.zeros((8, 12), np.uint8)).panels())
        1
        """
        image = as_rgb(self.image)
        return [image, *(panel for _, sheet in self.sheets() for panel in _painted(sheet, image))]

    def draw(self) -> RGB:
        """Return the `panels` side by side."""
        return np.concatenate(self.panels(), axis=1)


def _painted(sheet: Sheet, image: RGB) -> list[RGB]:
    """Return the pictures of a sheet over its image."""
    if isinstance(sheet, HeatmapsOnImage):
        highest = sheet.arr_0to1.max(axis=2, keepdims=True)
        return sheet.with_array(highest, sheet.shape).draw_on_image(image, alpha=0.6)
    if isinstance(sheet, SegmentationMapsOnImage):
        return sheet.draw_on_image(image, alpha=0.6)
    size = 1 + min(image.shape[:2]) // 100  # to be seen where a large picture is shown small
    if isinstance(sheet, KeypointsOnImage):
        painted = image.copy()
        for point, color in zip(sheet.xy, palette(len(sheet) + 1)[1:], strict=True):
            paint_squares(painted, point[np.newaxis], 2 * size + 1, color.tolist())
        return [painted]
    return [sheet.draw_on_image(image, size=size)]

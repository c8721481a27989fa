"""Recipes: everything that chance decided, and how it is carried out on pictures and sheets."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from acetate.arrays import Array, Shape, channels_last, check_image, shape_of
from acetate.augmenters.batch import augment
from acetate.augmenters.serial import from_data, to_data
from acetate.augmenters.steps import Call, Lookup, Path, Ratio, Step, Warp, warp_sheet
from acetate.geometry import Frame, Projective, warp_points
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    KeypointsOnImage,
    SegmentationMapsOnImage,
)

_Sheet = TypeVar(
    "_Sheet", HeatmapsOnImage, SegmentationMapsOnImage, KeypointsOnImage, BoundingBoxesOnImage
)
_Move = Callable[[_Sheet, Sequence[Warp], _Sheet], _Sheet]
FORMAT = 1  # of the JSON; raised when an older acetate could not read it


@dataclass(frozen=True)
class Recipe:
    """Steps with every random number in them: applying them is deterministic.

    Parameters
    ----------
    shape : (int, int)
        Size of the pictures that it was drawn for, (height, width).
    steps : tuple of Step
        In order.
    fuse : bool
        Whether neighbouring warps are resampled once (as carefully as the most careful of them
        asks), and neighbouring lookups made one table.
        Sheets ignore the steps that change values, so all their warps are neighbours.

    Examples
    --------
    >>> import acetate.augmenters as iaa
    >>> recipe = iaa.Fliplr(1.0).draw((2, 3), seed=1)
    >>> recipe(image=np.arange(6, dtype=np.uint8).reshape(2, 3))
    array([[2, 1, 0],
           [5, 4, 3]], dtype=uint8)
    >>> Recipe.from_json(recipe.to_json()) == recipe
    True
    """

    shape: Frame
    steps: tuple[Step, ...]
    fuse: bool = True

    def __call__(self, **sheets: Any) -> Any:
        """Carry the recipe out on a picture and its sheets.

        Parameters
        ----------
        **sheets
            ``image``, ``heatmaps``, ``segmentation_maps``, ``keypoints``, ``bounding_boxes``, as
            for an augmenter.

        Returns
        -------
        The same kinds in the same order: one, or a tuple.
        """
        return augment(lambda _shape: self, sheets)

    def fused(self) -> "Recipe":
        """Return the recipe with neighbouring warps joined, and neighbouring lookups.

        Examples
        --------
        >>> import acetate.augmenters as iaa
        >>> turns = iaa.Sequential([iaa.Rotate(10), iaa.Rotate(20)]).draw((8, 8), seed=1)
        >>> len(turns.steps), len(turns.fused().steps)
        (2, 1)
        """
        return Recipe(self.shape, tuple(_joined(self.steps)), self.fuse)

    @property
    def output_shape(self) -> Frame:
        """The size of the pictures that come out, (height, width)."""
        warps = self._warps()
        return warps[-1].shape if warps else self.shape

    def image(self, image: Array) -> Array:
        """Return the picture ``(H, W)`` or ``(H, W, C)``, augmented; a new array."""
        return self.checked_image(check_image(image))

    def checked_image(self, image: Array) -> Array:
        """Do as `image` does with an array that is known to be a picture."""
        self._check(image.shape, "image")
        return carried_out(self.steps, image, self.fuse)

    def heatmaps(self, heatmaps: HeatmapsOnImage) -> HeatmapsOnImage:
        """Return the heatmaps, moved, in their own resolution."""
        return self._sheet("heatmaps", heatmaps, _moved_heatmaps)

    def segmentation_maps(self, maps: SegmentationMapsOnImage) -> SegmentationMapsOnImage:
        """Return the label maps, moved, in their own resolution."""
        return self._sheet("segmentation_maps", maps, _moved_labels)

    def keypoints(self, keypoints: KeypointsOnImage) -> KeypointsOnImage:
        """Return the landmarks, moved; left and right change names where the picture mirrors."""
        return self._sheet("keypoints", keypoints, _moved_keypoints)

    def bounding_boxes(self, boxes: BoundingBoxesOnImage) -> BoundingBoxesOnImage:
        """Return the boxes around where the outlines of the boxes went."""
        return self._sheet("bounding_boxes", boxes, _moved_boxes)

    def to_json(self) -> str:
        """Return the recipe as one line of JSON.

        Raises
        ------
        ValueError
            If a step holds a function of the user's own.
        """
        document = {"acetate": FORMAT, "shape": self.shape, "fuse": self.fuse}
        return json.dumps(document | {"steps": [to_data(step) for step in self.steps]})

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Return the recipe that `to_json` wrote.

        Raises
        ------
        ValueError
            If the text is no recipe, or one of a later version.
        """
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"a recipe is one line of JSON as to_json writes it: {error}"
            ) from error
        if not isinstance(document, dict) or document.get("acetate") != FORMAT:
            found = document.get("acetate") if isinstance(document, dict) else None
            raise ValueError(f"a recipe of format {FORMAT} was expected, got format {found}")
        try:
            shape = shape_of(document["shape"])[:2]
            steps = tuple(from_data(step) for step in document["steps"])
            for step in steps:
                if not isinstance(step, Step):
                    raise ValueError(f"a recipe is made of steps, got {step!r}")
            return cls((shape[0], shape[1]), steps, bool(document["fuse"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"the recipe lacks a part or has one too many: {error}") from error

    def _warps(self) -> list[Warp]:
        return [step for step in self.steps if isinstance(step, Warp)]

    def _check(self, shape: Shape, name: str) -> None:
        if shape[:2] != self.shape:
            raise ValueError(
                f"the recipe was drawn for pictures of {self.shape}, {name} belongs to one of "
                f"{shape[:2]}; draw another, for example with pipeline.draw({shape[:2]})"
            )

    def _sheet(self, kind: str, sheet: _Sheet, move: _Move[_Sheet]) -> _Sheet:
        """Take a sheet along its warps, all at once unless a user's function stands between."""
        self._check(sheet.shape, kind)
        # The sheet's size follows from what it was before any warp, however they are grouped.
        moved, start, warps = sheet, sheet, list[Warp]()
        for step in self.steps:
            if isinstance(step, Warp):
                warps.append(step)
            if warps and (isinstance(step, Call) or not self.fuse):
                moved, warps = move(moved, warps, start), []
            if isinstance(step, Call):
                moved = start = step.on(kind, moved)
        if warps:
            moved = move(moved, warps, start)
        return sheet.deepcopy() if moved is sheet else moved


def carried_out(steps: Sequence[Step], image: Array, fuse: bool) -> Array:
    """Return what steps make of a picture ``(H, W)`` or ``(H, W, C)``: a new array."""
    layers = channels_last(image)
    if not image.dtype.isnative:  # OpenCV would read the bytes in this machine's order
        layers = layers.astype(image.dtype.newbyteorder("="))
    for step in _joined(steps) if fuse else steps:
        layers = step.on_image(layers)
    return _owned(layers[:, :, 0] if image.ndim == 2 else layers, image)


def _moved_heatmaps(
    sheet: HeatmapsOnImage, warps: Sequence[Warp], start: HeatmapsOnImage
) -> HeatmapsOnImage:
    ratio = _ratio(start.arr_0to1, start.shape)
    array = warp_sheet(sheet.arr_0to1, ratio, warps, "heatmaps")
    return sheet.with_array(_owned(array, sheet.arr_0to1), _reshaped(sheet.shape, warps))


def _moved_labels(
    sheet: SegmentationMapsOnImage, warps: Sequence[Warp], start: SegmentationMapsOnImage
) -> SegmentationMapsOnImage:
    ratio = _ratio(start.arr, start.shape)
    most = np.iinfo(sheet.arr_input_dtype).max if sheet.arr_input_dtype.kind in "iu" else 1
    for warp in warps:
        if warp.segmentation_maps.cval > most:
            raise ValueError(
                f"the label {warp.segmentation_maps.cval} for new pixels does not fit into maps of "
                f"{sheet.arr_input_dtype}"
            )
    array = warp_sheet(sheet.arr, ratio, warps, "segmentation_maps")
    return sheet.with_array(_owned(array, sheet.arr), _reshaped(sheet.shape, warps))


def _moved_keypoints(
    sheet: KeypointsOnImage, warps: Sequence[Warp], _start: KeypointsOnImage
) -> KeypointsOnImage:
    points = _move_points(sheet.xy, warps)
    moved = sheet.with_xy(points, _reshaped(sheet.shape, warps))
    return moved.swapped() if sheet.mirror and _mirrors(warps) else moved


def _moved_boxes(
    sheet: BoundingBoxesOnImage, warps: Sequence[Warp], _start: BoundingBoxesOnImage
) -> BoundingBoxesOnImage:
    outlines = _outlines(sheet.xyxy, 2 if _all_affine(warps) else 9)
    moved = _move_points(outlines.reshape(-1, 2), warps).reshape(outlines.shape)
    around = np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1)
    return sheet.with_xyxy(around, _reshaped(sheet.shape, warps))


def _ratio(array: Array, shape: Shape) -> Ratio:
    return array.shape[0] / shape[0], array.shape[1] / shape[1]


def _owned(array: Array, source: Array) -> Array:
    """Return a contiguous array that shares nothing with its source."""
    array = np.ascontiguousarray(array)
    if array.base is None and array is not source:
        return array
    return array.copy() if np.may_share_memory(array, source) else array


def _joined(steps: Sequence[Step]) -> Sequence[Step]:
    """Return the steps with neighbours of one kind joined."""
    if len(steps) < 2:
        return steps
    joined: list[Step] = []
    for step in steps:
        last = joined[-1] if joined else None
        if isinstance(step, Warp) and isinstance(last, (Warp, Path)):
            before = last.warps if isinstance(last, Path) else (last,)
            joined[-1] = Path((*before, step))
        elif isinstance(step, Lookup) and isinstance(last, Lookup):
            joined[-1] = Lookup(last.curves + step.curves)
        else:
            joined.append(step)
    return joined


def _reshaped(shape: Shape, warps: Sequence[Warp]) -> Shape:
    """Return an image's shape after the warps, its channels kept."""
    return (*warps[-1].shape, *shape[2:])


def _move_points(points: Array, warps: Sequence[Warp]) -> Array:
    for warp in warps:
        points = warp_points(points, warp.map)
    return points


def _all_affine(warps: Sequence[Warp]) -> bool:
    return all(isinstance(w.map, Projective) and w.map.affine for w in warps)


def _mirrors(warps: Sequence[Warp]) -> bool:
    """Whether the picture comes out as a mirror image (two flips are a turn)."""
    flips = sum(isinstance(w.map, Projective) and w.map.mirrors for w in warps)
    return flips % 2 == 1


def _outlines(boxes: Array, per_side: int) -> Array:
    """Return points on the outlines of boxes (x1, y1, x2, y2), ``(n, 4 * per_side, 2)``."""
    t = np.linspace(0, 1, per_side)
    near, far = np.zeros(per_side), np.ones(per_side)
    x, y = np.concatenate([t, t, near, far]), np.concatenate([near, far, t, t])
    low, size = boxes[:, np.newaxis, :2], (boxes[:, 2:] - boxes[:, :2])[:, np.newaxis]
    return low + size * np.stack([x, y], axis=-1)

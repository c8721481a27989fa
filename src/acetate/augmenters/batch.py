"""Calls with any mix of pictures and sheets: tell the kinds apart, and give the same back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate.arrays import Array, Shape, check_image
from acetate.names import nearest
from acetate.sheets import (
    BoundingBoxesOnImage,
    HeatmapsOnImage,
    KeypointsOnImage,
    SegmentationMapsOnImage,
)

if TYPE_CHECKING:
    from acetate.augmenters.recipe import Recipe

SHEETS: dict[str, Any] = {
    "heatmaps": HeatmapsOnImage,
    "segmentation_maps": SegmentationMapsOnImage,
    "keypoints": KeypointsOnImage,
    "bounding_boxes": BoundingBoxesOnImage,
}
NAMES = ("image", "images", *SHEETS)


def augment(draw: Callable[[Shape], "Recipe"], given: dict[str, Any]) -> Any:
    """Augment what was given by name, sample by sample.

    Parameters
    ----------
    draw : callable
        From a picture's shape to the next sample's recipe.
    given : dict
        ``image`` and single sheets, or ``images`` and lists of sheets; arrays in the place of
        sheets are wrapped and unwrapped.

    Returns
    -------
    The same kinds in the same order: one, or a tuple.

    Raises
    ------
    TypeError, ValueError
        Unknown names, kinds that cannot be told, or lists of different lengths.
    """
    if not given:
        raise TypeError(f"nothing to augment: pass {', '.join(NAMES[:-1])} or {NAMES[-1]} by name")
    for name in given:
        if name not in NAMES:
            raise TypeError(
                f"there is no kind of sheet {name!r}; the nearest is {nearest(name, NAMES)!r}"
            )
    if "image" in given and "images" in given:
        raise TypeError("pass either image or images, not both")
    many = "images" in given or not (
        "image" in given or all(_is_single(given[name]) for name in given)
    )
    out = _many(draw, given) if many else _one(draw, given)
    return out[0] if len(out) == 1 else tuple(out)


def _is_single(value: Any) -> bool:
    return isinstance(value, tuple(SHEETS.values()))


def _one(draw: Callable[[Shape], "Recipe"], given: dict[str, Any]) -> list[Any]:
    """Augment one sample."""
    shape = _shape(given)
    recipe = draw(shape)
    return [_carry_out(recipe, name, value, shape) for name, value in given.items()]


def _shape(given: dict[str, Any]) -> Shape:
    """Return the shape of the picture that a sample is about."""
    if "image" in given:
        return check_image(given["image"]).shape
    for name, value in given.items():
        if not isinstance(value, SHEETS[name]):
            raise TypeError(
                f"{name} without an image must be {SHEETS[name].__name__}, which knows its "
                f"image's shape, got {type(value).__name__}"
            )
    shape: Shape = next(iter(given.values())).shape
    return shape


def _carry_out(recipe: "Recipe", name: str, value: Any, shape: Shape) -> Any:
    if name == "image":
        return recipe.checked_image(value)  # `_shape` has looked
    if isinstance(value, SHEETS[name]):
        return getattr(recipe, name)(value)
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} must be {SHEETS[name].__name__} or an array, got {type(value).__name__}"
        )
    return _unwrap(getattr(recipe, name)(_wrap(name, value, shape)))


def _wrap(name: str, array: Array, shape: Shape) -> Any:
    if name == "keypoints":
        return KeypointsOnImage.from_xy_array(array, shape)
    if name == "bounding_boxes":
        return BoundingBoxesOnImage.from_xyxy_array(array, shape)
    return SHEETS[name](array, shape)


def _unwrap(sheet: Any) -> Array:
    if isinstance(sheet, KeypointsOnImage):
        return sheet.xy
    if isinstance(sheet, BoundingBoxesOnImage):
        return sheet.xyxy
    array: Array = sheet.get_arr()
    return array


def _many(draw: Callable[[Shape], "Recipe"], given: dict[str, Any]) -> list[Any]:
    """Augment a batch: lists, or arrays whose first axis counts the samples."""
    for name, values in given.items():
        if not isinstance(values, list | tuple | np.ndarray):
            raise TypeError(
                f"{name} of a batch must be a list or an array, got {type(values).__name__}"
            )
    counts = {name: len(values) for name, values in given.items()}
    if len(set(counts.values())) != 1:
        raise ValueError(f"a batch needs as many of each kind, got {counts}")
    singular = {name: "image" if name == "images" else name for name in given}
    samples = [
        _one(draw, {singular[name]: values[i] for name, values in given.items()})
        for i in range(next(iter(counts.values())))
    ]
    columns = [list(column) for column in zip(*samples, strict=True)] or [[] for _ in given]
    return [_like(given[name], out) for name, out in zip(given, columns, strict=True)]


def _like(given: Any, out: list[Any]) -> Any:
    """Return an array for an array where the sizes still agree, a list otherwise."""
    if isinstance(given, np.ndarray) and len({item.shape for item in out}) == 1:
        return np.stack(out)
    return out

"""acetate: clear sheets over your pictures, one toolkit for the maps that lie on images."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acetate import (
        augmenters,
        draw,
        geometry,
        heat,
        images,
        measure,
        mosaic,
        parameters,
        run,
        samples,
        segment,
        sheets,
    )
    from acetate.augmenters import ALL, Recipe
    from acetate.draw import draw_grid, show_grid
    from acetate.geometry import (
        avg_pool,
        imresize_many_images,
        imresize_single_image,
        max_pool,
        pad,
        pad_to_aspect_ratio,
        pad_to_multiples_of,
    )
    from acetate.seeds import seed
    from acetate.sheets import (
        BoundingBox,
        BoundingBoxesOnImage,
        HeatmapsOnImage,
        Keypoint,
        KeypointsOnImage,
        Picture,
        SegmentationMapsOnImage,
    )

__version__ = "0.1.0"

# Where each public name lives; it is imported when first asked for.
_HOMES = {
    "acetate.augmenters": ("ALL", "Recipe"),
    "acetate.draw": ("draw_grid", "show_grid"),
    "acetate.geometry": (
        "avg_pool",
        "imresize_many_images",
        "imresize_single_image",
        "max_pool",
        "pad",
        "pad_to_aspect_ratio",
        "pad_to_multiples_of",
    ),
    "acetate.seeds": ("seed",),
    "acetate.sheets": (
        "BoundingBox",
        "BoundingBoxesOnImage",
        "HeatmapsOnImage",
        "Keypoint",
        "KeypointsOnImage",
        "Picture",
        "SegmentationMapsOnImage",
    ),
}
_ROOMS = (
    "augmenters",
    "draw",
    "geometry",
    "heat",
    "images",
    "measure",
    "mosaic",
    "parameters",
    "run",
    "samples",
    "segment",
    "sheets",
)
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ALL",
    "BoundingBox",
    "BoundingBoxesOnImage",
    "HeatmapsOnImage",
    "Keypoint",
    "KeypointsOnImage",
    "Picture",
    "Recipe",
    "SegmentationMapsOnImage",
    "augmenters",
    "avg_pool",
    "draw",
    "draw_grid",
    "geometry",
    "heat",
    "images",
    "imresize_many_images",
    "imresize_single_image",
    "max_pool",
    "measure",
    "mosaic",
    "pad",
    "pad_to_aspect_ratio",
    "pad_to_multiples_of",
    "parameters",
    "run",
    "samples",
    "seed",
    "segment",
    "sheets",
    "show_grid",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"acetate.{name}")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'acetate' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

"""Augmenters: move a picture and all its sheets together, from recipes that can be replayed."""

from acetate.augmenters.affine import (
    Affine,
    Rotate,
    ScaleX,
    ScaleY,
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
)
from acetate.augmenters.base import ALL, Augmenter, Geometric
from acetate.augmenters.flip import Fliplr, Flipud, HorizontalFlip, VerticalFlip
from acetate.augmenters.geometric import (
    ElasticTransformation,
    PerspectiveTransform,
    PiecewiseAffine,
    Rot90,
)
from acetate.augmenters.meta import (
    Identity,
    Lambda,
    Noop,
    OneOf,
    Sequential,
    SomeOf,
    Sometimes,
    WithChannels,
)
from acetate.augmenters.recipe import Recipe
from acetate.augmenters.size import Crop, CropAndPad, Pad, Resize
from acetate.augmenters.steps import Resampling
from acetate.augmenters.to_size import (
    CropToAspectRatio,
    CropToFixedSize,
    CropToMultiplesOf,
    CropToSquare,
    PadToAspectRatio,
    PadToFixedSize,
    PadToMultiplesOf,
    PadToSquare,
)
from acetate.augmenters.to_size_center import (
    CenterCropToAspectRatio,
    CenterCropToFixedSize,
    CenterCropToMultiplesOf,
    CenterCropToSquare,
    CenterPadToAspectRatio,
    CenterPadToFixedSize,
    CenterPadToMultiplesOf,
    CenterPadToSquare,
)

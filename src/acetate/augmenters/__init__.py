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
from acetate.augmenters.arithmetic import Add, Invert, Multiply, Solarize
from acetate.augmenters.base import ALL, Augmenter, Geometric
from acetate.augmenters.blur import AverageBlur, GaussianBlur, MedianBlur, MotionBlur
from acetate.augmenters.color import ChangeColorTemperature, Grayscale
from acetate.augmenters.compression import JpegCompression
from acetate.augmenters.config import from_config
from acetate.augmenters.contrast import GammaContrast, LinearContrast, LogContrast, SigmoidContrast
from acetate.augmenters.convolutional import DirectedEdgeDetect, EdgeDetect, Emboss, Sharpen
from acetate.augmenters.cutout import Cutout
from acetate.augmenters.dataset import AugmentedDataset
from acetate.augmenters.dropout import CoarseDropout, Dropout, Dropout2d
from acetate.augmenters.elementwise import (
    AddElementwise,
    AdditiveGaussianNoise,
    AdditiveLaplaceNoise,
    AdditivePoissonNoise,
    MultiplyElementwise,
)
from acetate.augmenters.flip import Fliplr, Flipud, HorizontalFlip, VerticalFlip
from acetate.augmenters.geometric import (
    ElasticTransformation,
    PerspectiveTransform,
    PiecewiseAffine,
    Rot90,
)
from acetate.augmenters.histogram import (
    CLAHE,
    AllChannelsCLAHE,
    AllChannelsHistogramEqualization,
    HistogramEqualization,
)
from acetate.augmenters.hue import (
    AddToHue,
    AddToHueAndSaturation,
    AddToSaturation,
    MultiplyHue,
    MultiplyHueAndSaturation,
    MultiplySaturation,
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
from acetate.augmenters.salt import Pepper, Salt, SaltAndPepper
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

__all__ = [
    "ALL",
    "Add",
    "AddElementwise",
    "AddToHue",
    "AddToHueAndSaturation",
    "AddToSaturation",
    "AdditiveGaussianNoise",
    "AdditiveLaplaceNoise",
    "AdditivePoissonNoise",
    "Affine",
    "AllChannelsCLAHE",
    "AllChannelsHistogramEqualization",
    "AugmentedDataset",
    "Augmenter",
    "AverageBlur",
    "CLAHE",
    "CenterCropToAspectRatio",
    "CenterCropToFixedSize",
    "CenterCropToMultiplesOf",
    "CenterCropToSquare",
    "CenterPadToAspectRatio",
    "CenterPadToFixedSize",
    "CenterPadToMultiplesOf",
    "CenterPadToSquare",
    "ChangeColorTemperature",
    "CoarseDropout",
    "Crop",
    "CropAndPad",
    "CropToAspectRatio",
    "CropToFixedSize",
    "CropToMultiplesOf",
    "CropToSquare",
    "Cutout",
    "DirectedEdgeDetect",
    "Dropout",
    "Dropout2d",
    "EdgeDetect",
    "ElasticTransformation",
    "Emboss",
    "Fliplr",
    "Flipud",
    "GammaContrast",
    "GaussianBlur",
    "Geometric",
    "Grayscale",
    "HistogramEqualization",
    "HorizontalFlip",
    "Identity",
    "Invert",
    "JpegCompression",
    "Lambda",
    "LinearContrast",
    "LogContrast",
    "MedianBlur",
    "MotionBlur",
    "Multiply",
    "MultiplyElementwise",
    "MultiplyHue",
    "MultiplyHueAndSaturation",
    "MultiplySaturation",
    "Noop",
    "OneOf",
    "Pad",
    "PadToAspectRatio",
    "PadToFixedSize",
    "PadToMultiplesOf",
    "PadToSquare",
    "Pepper",
    "PerspectiveTransform",
    "PiecewiseAffine",
    "Recipe",
    "Resampling",
    "Resize",
    "Rot90",
    "Rotate",
    "Salt",
    "SaltAndPepper",
    "ScaleX",
    "ScaleY",
    "Sequential",
    "Sharpen",
    "ShearX",
    "ShearY",
    "SigmoidContrast",
    "Solarize",
    "SomeOf",
    "Sometimes",
    "TranslateX",
    "TranslateY",
    "VerticalFlip",
    "WithChannels",
    "from_config",
]

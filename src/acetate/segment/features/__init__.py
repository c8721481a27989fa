"""Per-pixel features of pictures, as scikit-learn transformers."""

from acetate.segment.features.bank import BASIC, SCALES, STRONG, Feature, FeatureBank
from acetate.segment.features.pictures import ImageTransformer
from acetate.segment.features.simple import (
    LECTURE_FILTERS,
    Coordinates,
    Filters,
    Neighbourhood,
    PixelFlatten,
    PolynomialTerms,
)

__all__ = [
    "BASIC",
    "LECTURE_FILTERS",
    "SCALES",
    "STRONG",
    "Coordinates",
    "Feature",
    "FeatureBank",
    "Filters",
    "ImageTransformer",
    "Neighbourhood",
    "PixelFlatten",
    "PolynomialTerms",
]

"""Segmentation: pictures and volumes into labelled phases; the methods by name."""

from acetate.segment.heat_flow import HeatFlow
from acetate.segment.jacobi_theta import JacobiTheta, JacobiThetaSegmenter
from acetate.segment.masks import disc_mask, polygon_mask, square_mask
from acetate.segment.methods import METHODS, Method, method_named
from acetate.segment.pictures import load_image, show_image
from acetate.segment.segmentation import FlowFacts, Segmentation

__all__ = [
    "METHODS",
    "FlowFacts",
    "HeatFlow",
    "JacobiTheta",
    "JacobiThetaSegmenter",
    "Method",
    "Segmentation",
    "disc_mask",
    "load_image",
    "method_named",
    "polygon_mask",
    "show_image",
    "square_mask",
]

"""Segmentation: pictures and volumes into labelled phases; the methods by name."""

from acetate.segment.heat_flow import HeatFlow
from acetate.segment.masks import disc_mask, polygon_mask, square_mask
from acetate.segment.segmentation import FlowFacts, Segmentation

__all__ = ["HeatFlow", "FlowFacts", "Segmentation", "disc_mask", "polygon_mask", "square_mask"]

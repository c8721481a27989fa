"""Segmentation: pictures and volumes into labelled phases; the methods by name."""

from acetate.segment.bands import Bands
from acetate.segment.clusters import ClusterFacts, Clusters
from acetate.segment.edges import (
    Edges,
    correct_background,
    difference_of_gaussians,
    gradient_magnitude,
    laplacian_of_gaussian,
)
from acetate.segment.feature_table import pixel_table, rescaled, to_frame, to_matrix
from acetate.segment.guarded import GuardedBands, GuardedFacts
from acetate.segment.heat_cut import HeatCut
from acetate.segment.heat_flow import HeatFlow
from acetate.segment.hysteresis import Hysteresis, HysteresisFacts
from acetate.segment.jacobi_theta import JacobiTheta, JacobiThetaSegmenter
from acetate.segment.masks import disc_mask, polygon_mask, square_mask
from acetate.segment.methods import METHODS, Method, method_named
from acetate.segment.pictures import load_image, show_image
from acetate.segment.profile import Profile, line_profile
from acetate.segment.quad_tree import QuadTree
from acetate.segment.random_field import FieldFacts, RandomField, clean_up
from acetate.segment.region_merging import RegionMerging
from acetate.segment.regions.labelled import RegionFacts
from acetate.segment.segmentation import FlowFacts, Segmentation
from acetate.segment.skin import Skin, virtual_skin
from acetate.segment.superpixels import Superpixels
from acetate.segment.threshold.local import LocalFacts, LocalThreshold
from acetate.segment.threshold.method import Threshold, ThresholdFacts
from acetate.segment.threshold.multi_otsu import MultiOtsu
from acetate.segment.threshold.robustness import CrossTable, Robustness, cross_apply, robustness
from acetate.segment.threshold.sized import SizedFacts, SizedThreshold
from acetate.segment.threshold.trials import Trial, try_all
from acetate.segment.watershed import Watershed, WatershedFacts, split_touching

__all__ = [
    "METHODS",
    "Bands",
    "ClusterFacts",
    "Clusters",
    "CrossTable",
    "Edges",
    "FieldFacts",
    "FlowFacts",
    "GuardedBands",
    "GuardedFacts",
    "HeatCut",
    "HeatFlow",
    "Hysteresis",
    "HysteresisFacts",
    "JacobiTheta",
    "JacobiThetaSegmenter",
    "LocalFacts",
    "LocalThreshold",
    "Method",
    "MultiOtsu",
    "Profile",
    "QuadTree",
    "RandomField",
    "RegionFacts",
    "RegionMerging",
    "Robustness",
    "Segmentation",
    "SizedFacts",
    "SizedThreshold",
    "Skin",
    "Superpixels",
    "Threshold",
    "ThresholdFacts",
    "Trial",
    "Watershed",
    "WatershedFacts",
    "clean_up",
    "correct_background",
    "cross_apply",
    "difference_of_gaussians",
    "disc_mask",
    "gradient_magnitude",
    "laplacian_of_gaussian",
    "line_profile",
    "load_image",
    "method_named",
    "pixel_table",
    "polygon_mask",
    "rescaled",
    "robustness",
    "show_image",
    "split_touching",
    "square_mask",
    "to_frame",
    "to_matrix",
    "try_all",
    "virtual_skin",
]

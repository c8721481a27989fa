"""Regions: squares of a quad tree, superpixels, their means, their graph and their merging."""

from acetate.segment.regions.adjacency import Adjacency, region_adjacency
from acetate.segment.regions.means import Regions, region_means
from acetate.segment.regions.merging import cut_regions, merge_regions
from acetate.segment.regions.outlines import find_boundaries, mark_boundaries
from acetate.segment.regions.phases import threshold_means
from acetate.segment.regions.quad_split import QuadLeaves, quad_split
from acetate.segment.regions.superpixels import slic

__all__ = [
    "Adjacency",
    "QuadLeaves",
    "Regions",
    "cut_regions",
    "find_boundaries",
    "mark_boundaries",
    "merge_regions",
    "quad_split",
    "region_adjacency",
    "region_means",
    "slic",
    "threshold_means",
]

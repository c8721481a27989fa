"""Coordinate maps and the arrays and points that are moved along them."""

from acetate.geometry.fields import Displacement, Elastic, Field, Patches
from acetate.geometry.hops import MODES, Hop
from acetate.geometry.maps import Composition, Frame, Inverse, Map, Projective, compose
from acetate.geometry.pad import (
    compute_paddings_to_reach_aspect_ratio,
    compute_paddings_to_reach_multiples_of,
    pad,
    pad_to_aspect_ratio,
    pad_to_multiples_of,
)
from acetate.geometry.resize import (
    avg_pool,
    imresize_many_images,
    imresize_single_image,
    max_pool,
    median_pool,
    min_pool,
    pool,
    resized_frame,
)
from acetate.geometry.warp import ORDERS, coordinates, warp, warp_chain, warp_points

__all__ = [
    "MODES",
    "ORDERS",
    "Composition",
    "Displacement",
    "Elastic",
    "Field",
    "Frame",
    "Hop",
    "Inverse",
    "Map",
    "Patches",
    "Projective",
    "avg_pool",
    "compose",
    "compute_paddings_to_reach_aspect_ratio",
    "compute_paddings_to_reach_multiples_of",
    "coordinates",
    "imresize_many_images",
    "imresize_single_image",
    "max_pool",
    "median_pool",
    "min_pool",
    "pad",
    "pad_to_aspect_ratio",
    "pad_to_multiples_of",
    "pool",
    "resized_frame",
    "warp",
    "warp_chain",
    "warp_points",
]

"""Sample pictures: shipped with the dependencies, made, and whole collections for trials."""

from acetate.samples.collection import photo_collection
from acetate.samples.made import three_levels
from acetate.samples.moths import LandmarkShapes, landmark_shapes
from acetate.samples.shipped import (
    astronaut,
    camera,
    cat,
    china,
    coffee,
    coins,
    flower,
    motorcycle,
    motorcycle_depth,
    names,
    page,
    picture,
)

__all__ = [
    "LandmarkShapes",
    "astronaut",
    "camera",
    "cat",
    "china",
    "coffee",
    "coins",
    "flower",
    "landmark_shapes",
    "motorcycle",
    "motorcycle_depth",
    "names",
    "page",
    "photo_collection",
    "picture",
    "three_levels",
]

"""Mosaics: many pictures become one."""

from acetate.mosaic import transport
from acetate.mosaic.assemble import Judged, assemble, collage, judge
from acetate.mosaic.library import Indexed, Library, Tiles, index
from acetate.mosaic.match import Matches, match, random_matches

__all__ = [
    "Indexed",
    "Judged",
    "Library",
    "Matches",
    "Tiles",
    "assemble",
    "collage",
    "index",
    "judge",
    "match",
    "random_matches",
    "transport",
]

"""Assembling: tiles become one picture, a zoomable page, a collage; and how good it is."""

from acetate.mosaic.assemble.assembling import assemble, check_assembly
from acetate.mosaic.assemble.collage import collage
from acetate.mosaic.assemble.judge import Judged, judge

__all__ = ["Judged", "assemble", "check_assembly", "collage", "judge"]

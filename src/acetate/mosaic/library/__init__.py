"""The tile library: pictures, fitted and measured once, in one file that survives being killed."""

from acetate.mosaic.library.indexing import Indexed, index
from acetate.mosaic.library.library import Library
from acetate.mosaic.library.tile_set import TileSet
from acetate.mosaic.library.tiles_in_memory import Tiles

__all__ = ["Indexed", "Library", "TileSet", "Tiles", "index"]

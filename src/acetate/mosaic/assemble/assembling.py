"""Assemble a mosaic into a picture file and a zoomable page, a row of cells at a time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from acetate.arrays import Array
from acetate.files import PathLike
from acetate.mosaic.assemble.pyramid import Pyramid
from acetate.mosaic.assemble.strips import check_tint, mosaic_shape, mosaic_strips
from acetate.mosaic.assemble.viewer import check_viewer_folder, new_viewer
from acetate.mosaic.assemble.writing import check_writable, write_rows
from acetate.mosaic.library import TileSet
from acetate.mosaic.match import Matches

Progress = Callable[[int, int | None, str], None]


def assemble(
    path: PathLike,
    library: TileSet,
    matches: Matches,
    image: Array | None = None,
    tint: float = 0.0,
    quality: int = 90,
    zoom: PathLike | None = None,
    progress: Progress | None = None,
) -> None:
    """Write the mosaic of some matches.

    Parameters
    ----------
    path : path
        The picture: .jpg, .jpeg, .png, .tif or .tiff.
    library : Library or Tiles
        The tiles.
    matches : Matches
        Which tile each cell has.
    image : numpy.ndarray, optional
        The target; only the tint needs it.
    tint : float
        How far each tile's mean colour moves to that of its cell, 0 to 1.
    quality : int
        Of JPEG, 1 to 100.
    zoom : path, optional
        A folder for a deep-zoom pyramid and a page that shows it: open its ``index.html``.
    progress : callable, optional
        Called after each row of cells with how many are written, how many there are, and a text.

    Raises
    ------
    OSError
        If a file cannot be written; what was there before stays.
    ValueError
        If an argument is out of range, the format cannot hold so large a picture, or the folder
        holds other files.

    Notes
    -----
    Memory grows with the width of the mosaic, not with its height.

    Examples
    --------
    >>> import tempfile
    >>> from acetate import images
    >>> from acetate.mosaic import Library, index
    >>> from acetate.mosaic.match import match
    >>> from acetate.samples import cat, photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 3, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 16))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         assemble(f"{folder}/m.png", library, match(cat(), library, (3, 4), "nearest"))
    ...     images.read(f"{folder}/m.png").shape
    (48, 64, 3)
    """
    shape = mosaic_shape(library, matches.grid)
    check_assembly(path, library, matches.grid, tint, zoom)
    with ExitStack() as stack:
        strips = _reported(mosaic_strips(library, matches, image, tint), matches.grid[0], progress)
        if zoom is not None:
            viewer = stack.enter_context(new_viewer(zoom, shape, matches, library.paths))
            strips = _shared(strips, viewer)
        write_rows(path, shape, strips, quality)


def check_assembly(
    path: PathLike,
    library: TileSet,
    grid: tuple[int, int],
    tint: float = 0.0,
    zoom: PathLike | None = None,
) -> None:
    """Raise for what `assemble` would refuse, before a match is worked out.

    Raises
    ------
    OSError, ValueError
        As `assemble`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> check_assembly("mosaic.gif", SimpleNamespace(tile=(50, 50)), (2, 2))
    Traceback (most recent call last):
    ValueError: mosaic.gif: the suffix must be one of .jpg, .jpeg, .png, .tif, .tiff, got '.gif'
    """
    check_tint(tint)
    check_writable(path, mosaic_shape(library, grid))
    if zoom is not None:
        check_viewer_folder(zoom)


def _shared(strips: Iterable[Array], pyramid: Pyramid) -> Iterator[Array]:
    """Give the strips, and give them to the pyramid too."""
    for strip in strips:
        pyramid.add(strip)
        yield strip


def _reported(strips: Iterable[Array], total: int, progress: Progress | None) -> Iterator[Array]:
    for done, strip in enumerate(strips, start=1):
        yield strip
        if progress is not None:
            progress(done, total, "rows of tiles")

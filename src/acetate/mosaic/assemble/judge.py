"""How like its target a mosaic is from afar, next to the nearest tiles and to random ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.heat import diffuse
from acetate.measure import ssim
from acetate.mosaic.library import TileSet
from acetate.mosaic.match import Matches
from acetate.mosaic.match.target import as_target

_PARTS = 4  # per cell and axis that a mosaic is seen by
_SIGMA = _PARTS / 2  # of the blur: half a cell


@dataclass(frozen=True)
class Judged:
    """How like its target a mosaic is.

    Parameters
    ----------
    match : str
        How it was matched.
    unique : int
        How many different tiles it has.
    cost : float
        Mean cost of a cell.
    delta_e : float
        Mean colour difference of the blurred mosaic from the blurred target (CIE 1976).
    ssim : float
        Structural similarity of their lightness; NaN for grids of one row or column.

    Examples
    --------
    >>> Judged("nearest", 9, 12.0, 3.0, 0.9).ssim
    0.9
    """

    match: str
    unique: int
    cost: float
    delta_e: float
    ssim: float


def judge(image: Array, library: TileSet, matches: Matches) -> Judged:
    """Compare a mosaic with its target, both blurred by half a cell, before any tint.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``: the target.
    library : Library or Tiles
        The tiles.
    matches : Matches
        Which tile each cell has.

    Notes
    -----
    Both are seen by the mean CIELAB colours of four by four parts of each cell, blurred by the
    heat semigroup. ΔE is the distance in CIELAB; about 2.3 is just noticeable.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.mosaic import Library, index
    >>> from acetate.mosaic.match import match
    >>> from acetate.samples import cat, photo_collection
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = photo_collection(folder, 3, size=64)
    ...     _ = index(folder, f"{folder}/tiles.h5", (16, 16))
    ...     with Library(f"{folder}/tiles.h5") as library:
    ...         judge(cat(), library, match(cat(), library, (2, 4), "nearest")).match
    'nearest'
    """
    target = as_target(image, matches.grid, library.tile).features("lab4x4")
    tiles = library.features("lab4x4")[matches.tiles.ravel()]
    seen, wanted = (_blurred(parts, matches) for parts in (tiles, target))
    delta_e = float(np.sqrt(((seen - wanted) ** 2).sum(axis=2)).mean())
    light, wished = (np.clip(lab[:, :, 0] / 100, 0, 1) for lab in (seen, wanted))
    alike = ssim(light, wished) if min(matches.grid) > 1 else float("nan")
    return Judged(matches.kind, matches.unique, matches.cost / matches.tiles.size, delta_e, alike)


def _blurred(features: Array, matches: Matches) -> NDArray[np.float64]:
    """Return the parts of all cells as one picture, blurred."""
    rows, columns = matches.grid
    cells = features.astype(np.float64).reshape(rows, columns, _PARTS, _PARTS, 3)
    picture = cells.transpose(0, 2, 1, 3, 4).reshape(rows * _PARTS, columns * _PARTS, 3)
    return np.asarray(diffuse(picture, _SIGMA**2 / 2, tolerance=0.0))

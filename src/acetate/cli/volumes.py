"""Volumes on disk: the pages of a TIFF file, as slices one above the other."""

from pathlib import Path
from typing import Any, Literal

import numpy as np

from acetate import images
from acetate.arrays import Array
from acetate.files import atomic


def is_volume(method: Any) -> bool:
    """Tell whether a method is to take a volume.

    Examples
    --------
    >>> from acetate.segment import HeatFlow
    >>> is_volume(HeatFlow(dimensions=3)), is_volume(HeatFlow())
    (True, False)
    """
    return getattr(method, "dimensions", 2) == 3


def read_volume(path: Path, profile: Literal["to_srgb", "ignore"] = "to_srgb") -> Array:
    """Read all pages of a file.

    Parameters
    ----------
    path : Path
        The file.
    profile : {"to_srgb", "ignore"}
        What becomes of an embedded colour profile.

    Returns
    -------
    numpy.ndarray
        ``(Z, Y, X)``, or ``(Z, Y, X, C)``.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, has one page only, or they differ in size or dtype.
    """
    count = images.info(path).pages
    if count < 2:
        raise ValueError(f"{path} has one page, a volume has several: a TIFF file of all slices")
    pages = [images.read(path, page=page, profile=profile) for page in range(count)]
    kinds = sorted({(page.shape, page.dtype.name) for page in pages})
    if len(kinds) > 1:
        raise ValueError(f"{path}: its pages differ in size or dtype: {kinds}")
    return np.stack(pages)


def write_volume(path: Path, labels: Array) -> None:
    """Write labels ``(Z, Y, X)``, each slice a page of a TIFF file, in the fewest bits.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import tifffile  # takes long to import

    most = int(labels.max())
    fewest = next(t for t in (np.uint8, np.uint16, np.uint32) if most <= np.iinfo(t).max)
    with atomic(path) as file:
        tifffile.imwrite(
            file,
            labels.astype(fewest),
            photometric="minisblack",
            compression="zlib",
            metadata=None,
        )

"""Contours: the outlines of masks and of scores as polygons, between the pixels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array, check_finite
from acetate.heat.checks import check_number


def contours(image: Array, level: float = 0.5) -> list[NDArray[np.float64]]:
    """Return the lines along which a mask or a score crosses a level.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)``: booleans, for the outline of a mask, or numbers, such as a picture or a
        probability.
    level : float
        The value on the line; 0.5 lies between outside and inside.

    Returns
    -------
    list of numpy.ndarray
        Polygons, ``(N, 2)`` float64 points (x, y), pixel centres at + 0.5; the last point is the
        first. What is beyond the picture is below the level, so polygons at its border are closed
        along it. Higher values lie to the right: outer lines run clockwise as they are seen,
        holes the other way.

    Raises
    ------
    TypeError
        If it is no array of numbers.
    ValueError
        If it is no ``(H, W)``, empty, or holds NaN or infinity; if the level is none.

    Notes
    -----
    Marching squares (Lorensen and Cline 1987) of scikit-image, moved to pixel centres. Points lie
    between neighbouring centres, by linear interpolation.

    Examples
    --------
    >>> contours(np.array([[False, True]]))[0].tolist()
    [[1.5, 1.0], [1.0, 0.5], [1.5, 0.0], [2.0, 0.5], [1.5, 1.0]]
    """
    from skimage.measure import find_contours

    values = _check_values(image)
    height = check_number(level, "level", -np.inf)
    # Beyond the border values mirror at the level: the line runs along the border itself.
    padded = np.pad(values, 1, mode="edge")
    beyond = np.ones_like(padded, bool)
    beyond[1:-1, 1:-1] = False
    padded[beyond] = np.minimum(padded[beyond], 2 * height - padded[beyond])
    lines: list[Any] = find_contours(  # type: ignore[no-untyped-call]
        padded, height, fully_connected="high"
    )
    return [line[:, ::-1] - 0.5 for line in lines]


def _check_values(image: Any) -> NDArray[np.float64]:
    if not isinstance(image, np.ndarray) or image.dtype.kind not in "buif":
        got = image.dtype if isinstance(image, np.ndarray) else type(image).__name__
        raise TypeError(f"image must be an array of numbers, got {got}")
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"image must have shape (H, W) and not be empty, got {image.shape}")
    values = image.astype(np.float64)
    check_finite(values, "image")
    return values

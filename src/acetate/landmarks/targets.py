"""Targets of training: the heat kernel at every landmark, on the grid that a network gives."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from acetate.heat import heat_kernel


def heatmap_targets(
    points: ArrayLike, shape: tuple[int, int], sigma: float = 3.0
) -> NDArray[np.float32]:
    """Return one heatmap per landmark: 1 at the landmark, falling off as a Gaussian.

    Parameters
    ----------
    points : array_like
        ``(N, K, 2)``, or ``(K, 2)`` for one picture: x and y in pixels of the heatmap, where the
        centre of the first pixel is (0.5, 0.5). They are never rounded. NaN is missing.
    shape : (int, int)
        ``(height, width)`` of the heatmaps.
    sigma : float
        Standard deviation in pixels of the heatmap, above 0.

    Returns
    -------
    numpy.ndarray
        ``(N, K, height, width)`` or ``(K, height, width)`` float32: zeros where a landmark is
        missing. A landmark outside shows as much of its kernel as lies inside.

    Raises
    ------
    ValueError
        If the points have another shape, the maps would be empty, or sigma is not above 0.

    Examples
    --------
    >>> heatmap_targets([[(1.5, 0.5), (float("nan"), 0.0)]], (1, 3), sigma=1.0)[0, :, 0]
    array([[0.60653067, 1.        , 0.60653067],
           [0.        , 0.        , 0.        ]], dtype=float32)
    """
    where = np.asarray(points, dtype=np.float64)
    if where.ndim not in (2, 3) or where.shape[-1] != 2:
        raise ValueError(f"points must have shape (N, K, 2) or (K, 2), got {where.shape}")
    kernels = heat_kernel(shape, where.reshape(where.size // 2, 2), sigma)
    maps = np.ascontiguousarray(np.moveaxis(kernels, 2, 0))
    return maps.reshape(*where.shape[:-1], *shape)

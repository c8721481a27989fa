"""A made picture whose true classes are known."""

import numpy as np
from numpy.typing import NDArray

from acetate.heat import diffuse
from acetate.seeds import Seed, generator


def three_levels(
    size: int = 512, blur: float = 2.0, noise: float = 0.02, seed: Seed = 0
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return a made picture of three levels whose edges are blurred, and its true classes.

    Bright discs lie on a dark ground and in a gray disc. On their edges the picture passes
    through gray: two thresholds find a skin of the gray class there that is not true.

    Parameters
    ----------
    size : int
        Height and width in pixels, at least 16.
    blur : float
        Standard deviation in pixels of the Gaussian that blurs the edges; 0 for none.
    noise : float
        Standard deviation of the Gaussian noise, white being 1; 0 for none.
    seed : int, numpy.random.Generator or None
        Of the noise.

    Returns
    -------
    image : numpy.ndarray
        ``(size, size)`` float32: the levels are 0.05, 0.25 and 0.85, half-way between them lie
        0.15 and 0.55.
    truth : numpy.ndarray
        ``(size, size)`` uint8: 0, 1 and 2 by level, of pixel centres.

    Raises
    ------
    ValueError
        If the size is below 16, or the blur or the noise is below 0 or not finite.

    Examples
    --------
    >>> image, truth = three_levels(64, noise=0.0)
    >>> image[truth == 2].max().round(2), np.unique(truth).tolist()
    (np.float32(0.85), [0, 1, 2])
    """
    for name, value, least in (("size", size, 16), ("blur", blur, 0), ("noise", noise, 0)):
        if not least <= value < np.inf:
            raise ValueError(f"{name} must be at least {least} and finite, got {value!r}")
    truth = _discs(size)
    levels = np.array([0.05, 0.25, 0.85])[truth]
    values = diffuse(levels, blur**2 / 2, tolerance=0.0)
    values += noise * generator(seed).standard_normal(values.shape)
    return np.clip(values, 0, 1).astype(np.float32), truth


# x, y and radius in sizes of the picture, and the class; later ones lie on those before.
_DISCS = (
    (0.28, 0.30, 0.15, 1),
    (0.28, 0.30, 0.06, 2),
    (0.70, 0.25, 0.14, 2),
    (0.30, 0.72, 0.16, 2),
    (0.72, 0.72, 0.17, 2),
    (0.52, 0.50, 0.05, 2),
    (0.06, 0.52, 0.04, 2),
    (0.93, 0.48, 0.045, 2),
    (0.50, 0.93, 0.05, 2),
)


def _discs(size: int) -> NDArray[np.uint8]:
    centres = (np.arange(size) + 0.5) / size
    classes = np.zeros((size, size), np.uint8)
    for x, y, radius, label in _DISCS:
        classes[(centres - x) ** 2 + (centres[:, np.newaxis] - y) ** 2 <= radius**2] = label
    return classes

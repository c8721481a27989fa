"""Where a picture catches the eye: its colours against those of their surroundings."""

import numpy as np
from numpy.typing import NDArray

from acetate.heat.semigroup import decay_rates, from_cosines, to_cosines
from acetate.mosaic.library.features import to_lab

# Standard deviations of the centres, as parts of the longer side; a surround is thrice as wide.
_CENTRES = (0.02, 0.04, 0.08)
_SURROUND = 3.0


def saliency(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much each pixel stands out.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W, 3)`` uint8; some dozen pixels a side are enough.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` float32, from 0: CIELAB distances between the picture blurred a little and
        blurred much, added up over three scales.

    Notes
    -----
    Centre and surround, as cells of the retina take them [1]_, in CIELAB [2]_. The blur is heat
    that flows on the rectangle, so pictures that are turned or mirrored have their saliency
    turned or mirrored, and an edge of the picture is none of the scene.

    References
    ----------
    .. [1] L. Itti, C. Koch, E. Niebur, "A model of saliency-based visual attention for rapid
       scene analysis", IEEE Transactions on Pattern Analysis and Machine Intelligence 20 (1998).
    .. [2] R. Achanta, S. Hemami, F. Estrada, S. Süsstrunk, "Frequency-tuned salient region
       detection", CVPR (2009).

    Examples
    --------
    >>> image = np.full((20, 30, 3), 90, np.uint8)
    >>> image[8:12, 4:8] = 250, 30, 30
    >>> found = saliency(image)
    >>> bool(found[8:12, 4:8].min() > 20 * found[:, 20:].max())
    True
    """
    cosines = to_cosines(to_lab(image))
    down, across = decay_rates(image.shape[:2], (1.0, 1.0))
    rates = (down[:, np.newaxis] + across)[:, :, np.newaxis]
    found = np.zeros(image.shape[:2], np.float32)
    for part in _CENTRES:
        time = (part * max(image.shape[:2])) ** 2 / 2
        kept = np.exp(-time * rates) - np.exp(-(_SURROUND**2) * time * rates)
        apart = from_cosines(cosines * kept.astype(np.float32))
        found += np.sqrt(np.square(apart).sum(axis=2))
    return found

"""Compression: what JPEG leaves of a picture."""

from typing import Any

import cv2
import numpy as np

from acetate.arrays import Array, Shape
from acetate.augmenters.base import Augmenter
from acetate.augmenters.limits import check_dtype, in_groups
from acetate.augmenters.steps import Pixels, Step, pixel_function
from acetate.parameters import continuous
from acetate.seeds import Seed


@pixel_function
def jpeg(image: Array, quality: int) -> Array:
    """Compress as JPEG and decompress.

    Parameters
    ----------
    image : numpy.ndarray
        uint8, ``(H, W, C)``. Three channels are colours, any other number are gray pictures.
    quality : int
        0 (worst) to 100, as libjpeg counts.

    Raises
    ------
    ValueError
        If the picture is not uint8, or a side is beyond JPEG's 65,500 pixels.

    Examples
    --------
    >>> flat = np.full((8, 8, 3), 128, np.uint8)
    >>> bool((jpeg(flat, 50) == flat).all())
    True
    """
    check_dtype(image, ["uint8"], "JpegCompression")
    if max(image.shape[:2]) > 65500:
        raise ValueError(
            f"a JPEG has at most 65500 pixels a side, got {image.shape[:2]}; crop first"
        )
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if image.shape[2] == 3:
        # OpenCV's encoder takes blue first; without the turn the colours' weights are exchanged.
        _, coded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)
        colors: Any = cv2.imdecode(coded, cv2.IMREAD_COLOR_RGB)
        return colors

    def gray(part: Array) -> Any:
        _, coded = cv2.imencode(".jpg", part, options)
        return cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)

    return in_groups(gray, image, 1).reshape(image.shape)


class JpegCompression(Augmenter):
    """Compress pictures as JPEG and decompress them; uint8 only.

    Parameters
    ----------
    compression : number, (low, high), list or parameter
        How strongly, 0 to 100: 100 minus JPEG's quality, rounded. A quality of 80 to 95, as cameras
        take it, is a compression of 20 to 5.
    seed, name
        See `Augmenter`.

    Examples
    --------
    >>> ramp = np.tile(np.arange(0, 128, 16, dtype=np.uint8), (8, 1))
    >>> JpegCompression(95)(image=ramp)[0]
    array([  0,   0,  16,  37,  59,  80,  97, 105], dtype=uint8)
    """

    def __init__(
        self, compression: Any = (0, 100), seed: Seed = None, name: str | None = None
    ) -> None:
        super().__init__(seed, name)
        self.compression = continuous(compression, "compression", 0, 100)

    def steps(self, shape: Shape, rng: np.random.Generator) -> list[Step]:  # noqa: ARG002
        """Draw the quality."""
        return [Pixels("jpeg", {"quality": round(100 - self.compression.draw_sample(rng))})]

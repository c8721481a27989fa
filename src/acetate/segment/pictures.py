"""A picture from a file and a picture on the screen, in one call each, as the article has them."""

import cv2
import numpy as np

from acetate.arrays import Array
from acetate.files import PathLike
from acetate.images import read


def load_image(path: PathLike, grayscale: bool = True) -> Array:
    """Read a picture, in gray or in colour.

    Parameters
    ----------
    path : path
        A PNG, JPEG, TIFF, WebP, BMP or GIF file.
    grayscale : bool
        Whether colours become gray (Rec. 601 luma); else gray becomes three equal channels.

    Returns
    -------
    numpy.ndarray
        ``(H, W)``, or ``(H, W, 3)`` RGB, in the file's own size; uint8, uint16, or floats in
        [0, 1]. What is transparent lies on white.

    Raises
    ------
    OSError, ValueError
        As `acetate.images.read`; also if there are channels that are no colours.

    See Also
    --------
    acetate.images.read : Reads the picture as it is.

    Examples
    --------
    >>> import tempfile
    >>> from acetate.images import write
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/red.png", np.array([[[255, 0, 0]]], np.uint8))
    ...     load_image(f"{folder}/red.png")
    array([[76]], dtype=uint8)
    """
    image = read(path, alpha="over_white")
    if image.ndim == 3 and image.shape[2] != 3:
        raise ValueError(
            f"{path} has {image.shape[2]} channels, a gray or colour picture has 1 or 3; read it "
            "with acetate.images.read and choose"
        )
    if grayscale == (image.ndim == 2):
        return image
    if image.dtype == np.float64:
        # OpenCV has no colours in float64.
        image = image.astype(np.float32)
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY if grayscale else cv2.COLOR_GRAY2RGB)


def show_image(image: Array, title: str = "", cmap: str = "gray") -> None:
    """Show a picture, a mask or labels in a window or a notebook, with matplotlib.

    Parameters
    ----------
    image : numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)``; numbers or booleans.
    title : str
        Written above it.
    cmap : str
        matplotlib's name of a colour map, for what has no colours.

    Raises
    ------
    ImportError
        If matplotlib is not installed.

    Examples
    --------
    >>> show_image(np.eye(3) > 0, title="Mask")  # doctest: +SKIP
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("show_image needs matplotlib: pip install 'acetate[figures]'") from error
    plt.figure()
    plt.imshow(np.asarray(image), cmap=cmap, interpolation="nearest")
    plt.axis("off")
    plt.title(title)
    plt.show()

"""Sample pictures by name: those that scikit-image and scikit-learn install."""

import importlib.util
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array
from acetate.images import read
from acetate.names import nearest

Size = int | float | tuple[float, float] | None

_SKIMAGE = "skimage", "data", "scikit-image"
_SKLEARN = "sklearn", "datasets/images", "scikit-learn"

_FILES = {
    "astronaut": (_SKIMAGE, "astronaut.png"),
    "brick": (_SKIMAGE, "brick.png"),
    "camera": (_SKIMAGE, "camera.png"),
    "cat": (_SKIMAGE, "chelsea.png"),
    "cell": (_SKIMAGE, "cell.png"),
    "china": (_SKLEARN, "china.jpg"),
    "coffee": (_SKIMAGE, "coffee.png"),
    "coins": (_SKIMAGE, "coins.png"),
    "flower": (_SKLEARN, "flower.jpg"),
    "grass": (_SKIMAGE, "grass.png"),
    "gravel": (_SKIMAGE, "gravel.png"),
    "hubble": (_SKIMAGE, "hubble_deep_field.jpg"),
    "immunohistochemistry": (_SKIMAGE, "ihc.png"),
    "moon": (_SKIMAGE, "moon.png"),
    "motorcycle": (_SKIMAGE, "motorcycle_left.png"),
    "page": (_SKIMAGE, "page.png"),
    "retina": (_SKIMAGE, "retina.jpg"),
    "rocket": (_SKIMAGE, "rocket.jpg"),
    "text": (_SKIMAGE, "text.png"),
}


def names() -> tuple[str, ...]:
    """Return the names that `picture` knows, sorted.

    Examples
    --------
    >>> "cat" in names()
    True
    """
    return tuple(_FILES)


def picture(name: str, size: Size = None) -> Array:
    """Return a sample picture.

    Parameters
    ----------
    name : str
        One of `names`.
    size : None, int, float or (height, width)
        None keeps the picture's own size. An int is the height and the width, a float a factor
        for both; a tuple holds one of either kind for each.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` or ``(H, W, 3)`` uint8, yours to write into. Shrunk by averaging areas,
        enlarged with cubic interpolation.

    Raises
    ------
    TypeError, ValueError
        If the size is something else, or a side would be below one pixel; if there is no such
        picture: the error names the nearest.
    FileNotFoundError
        If the installed library does not ship the file.

    Examples
    --------
    >>> picture("cat").shape, picture("cat", (150, 0.5)).shape
    ((300, 451, 3), (150, 226, 3))
    """
    if name not in _FILES:
        raise ValueError(
            f"there is no sample picture {name!r}; the nearest is {nearest(name, _FILES)!r}, "
            f"and there are {', '.join(_FILES)}"
        )
    return _resized(_load(name), size, cv2.INTER_CUBIC)


def astronaut(size: Size = None) -> Array:
    """Return the portrait of Eileen Collins, ``(512, 512, 3)``; `size` as in `picture`.

    Examples
    --------
    >>> astronaut(64).shape
    (64, 64, 3)
    """
    return picture("astronaut", size)


def camera(size: Size = None) -> Array:
    """Return a photographer at work, ``(512, 512)``, gray; `size` as in `picture`.

    Examples
    --------
    >>> camera(64).shape
    (64, 64)
    """
    return picture("camera", size)


def cat(size: Size = None) -> Array:
    """Return Chelsea the cat, ``(300, 451, 3)``; `size` as in `picture`.

    Examples
    --------
    >>> cat(0.5).shape
    (150, 226, 3)
    """
    return picture("cat", size)


def china(size: Size = None) -> Array:
    """Return a Chinese palace, ``(427, 640, 3)``; `size` as in `picture`.

    Examples
    --------
    >>> china(64).shape
    (64, 64, 3)
    """
    return picture("china", size)


def coffee(size: Size = None) -> Array:
    """Return a cup of coffee, ``(400, 600, 3)``; `size` as in `picture`.

    Examples
    --------
    >>> coffee(64).shape
    (64, 64, 3)
    """
    return picture("coffee", size)


def coins(size: Size = None) -> Array:
    """Return Greek coins from Pompeii, ``(303, 384)``, gray; `size` as in `picture`.

    Examples
    --------
    >>> coins().shape
    (303, 384)
    """
    return picture("coins", size)


def flower(size: Size = None) -> Array:
    """Return a dahlia, ``(427, 640, 3)``; `size` as in `picture`.

    Examples
    --------
    >>> flower(64).shape
    (64, 64, 3)
    """
    return picture("flower", size)


def page(size: Size = None) -> Array:
    """Return a scanned page in uneven light, ``(191, 384)``, gray; `size` as in `picture`.

    Examples
    --------
    >>> page().shape
    (191, 384)
    """
    return picture("page", size)


def motorcycle(size: Size = None) -> Array:
    """Return a motorcycle in a garage, ``(500, 741, 3)``; `size` as in `picture`.

    The left view of a stereo pair, in register with `motorcycle_depth`.

    Examples
    --------
    >>> motorcycle(64).shape
    (64, 64, 3)
    """
    return picture("motorcycle", size)


def motorcycle_depth(size: Size = None) -> NDArray[np.float32]:
    """Return the measured disparity at every pixel of `motorcycle`: large is near.

    Parameters
    ----------
    size : None, int, float or (height, width)
        As in `picture`; enlarged linearly. The values do not change with the size.

    Returns
    -------
    numpy.ndarray
        ``(500, 741)`` float32, from 7.19 to 59.91: how many pixels of the 741 a point lies
        farther left in the right view. Its distance from the camera is
        ``994.978 * 193.001 / (disparity + 31.086)`` mm: 2.1 to 5.0 m.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError
        As in `picture`.

    Notes
    -----
    7.3 % of the pixels were not measured, most of them because the motorcycle hides them from
    the right camera. They are filled from their row: with the smaller, that is the farther one,
    of the nearest measured values to the left and to the right. From D. Scharstein and others
    2014, "High-resolution stereo datasets with subpixel-accurate ground truth".

    Examples
    --------
    >>> depth = motorcycle_depth()
    >>> depth.shape, f"{depth.min():.2f} to {depth.max():.2f}"
    ((500, 741), '7.19 to 59.91')
    """
    return _resized(_load_disparity(), size, cv2.INTER_LINEAR)


@cache
def _load(name: str) -> Array:
    return read(_path(*_FILES[name]))


@cache
def _load_disparity() -> NDArray[np.float32]:
    with np.load(_path(_SKIMAGE, "motorcycle_disp.npz")) as file:
        return _fill_from_row(file["arr_0"])


def _fill_from_row(disparity: Array) -> NDArray[np.float32]:
    """Replace infinities by the smaller of the nearest finite values on both sides."""
    height, width = disparity.shape
    measured = np.isfinite(disparity)
    columns = np.arange(width)
    left = np.maximum.accumulate(np.where(measured, columns, 0), axis=1)
    right = np.minimum.accumulate(np.where(measured, columns, width - 1)[:, ::-1], axis=1)[:, ::-1]
    # A row that begins or ends unmeasured looks up that infinity itself there: the other side wins.
    rows = np.arange(height)[:, np.newaxis]
    return np.minimum(disparity[rows, left], disparity[rows, right])


def _path(source: tuple[str, str, str], file: str) -> Path:
    """Find a file inside an installed package without importing the package."""
    package, folder, project = source
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"{file} comes with {project}: pip install {project}")
    path = Path(spec.submodule_search_locations[0], folder, file)
    if not path.is_file():
        raise FileNotFoundError(
            f"the installed {project} does not ship {file} (looked for {path}); "
            f"install it from PyPI: pip install --force-reinstall {project}"
        )
    return path


def _resized(array: Array, size: Size, enlarging: int) -> Array:
    height, width = _target(array.shape[:2], size)
    smaller = min(width, array.shape[1]), min(height, array.shape[0])
    small = cv2.resize(array, smaller, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=enlarging))


def _target(shape: tuple[int, ...], size: Size) -> tuple[int, int]:
    wanted = size if isinstance(size, tuple) else (size, size)
    if len(wanted) != 2:
        raise ValueError(f"size must be a number or (height, width), got {size}")
    height, width = (_side(n, given, size) for n, given in zip(shape, wanted, strict=True))
    return height, width


def _side(length: int, wanted: float | None, size: Size) -> int:
    if wanted is None:
        return length
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        raise TypeError(f"size must be None, an int, a float or (height, width), got {size!r}")
    side = max(1, round(length * wanted)) if isinstance(wanted, float) else wanted
    if wanted <= 0:
        raise ValueError(f"size must be above 0, got {size}")
    return side

"""Paint on pictures: RGB copies of images, blending, squares, frames, and text."""

from collections.abc import Sequence

import cv2
import numpy as np

from acetate.arrays import Array, channels_last, check_image, convert
from acetate.colors import RGB

Color = int | Sequence[int]

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LABEL, _GAP = 9, 3  # of a bar with text: height of its capitals, and space around, in pixels
_CAP_HEIGHT = 21  # of the font at scale 1, in pixels


def as_rgb(image: Array) -> RGB:
    """Return an image as a new uint8 RGB picture.

    Parameters
    ----------
    image : numpy.ndarray
        As in `acetate.arrays.check_image`, with 1 or 3 channels; gray becomes RGB.

    Raises
    ------
    ValueError
        If it has another number of channels.

    Examples
    --------
    >>> as_rgb(np.array([[0.0, 1.0]])).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    layers = channels_last(check_image(image))
    if layers.shape[2] not in (1, 3):
        raise ValueError(
            f"an image to draw on has 1 or 3 channels, got {layers.shape[2]}; "
            "pass those to look at, for example image[:, :, :3]"
        )
    return np.repeat(convert(layers, np.uint8), 3 // layers.shape[2], axis=2)


def blend(under: RGB, over: RGB, alpha: float) -> RGB:
    """Lay one picture over another: alpha 0 shows only the lower, 1 only the upper one.

    Raises
    ------
    ValueError
        If alpha is not in [0, 1].

    Examples
    --------
    >>> blend(np.zeros((1, 1, 3), np.uint8), np.full((1, 1, 3), 200, np.uint8), 0.25).tolist()
    [[[50, 50, 50]]]
    """
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha must lie in [0, 1], got {alpha}")
    return np.asarray(cv2.addWeighted(over, alpha, under, 1 - alpha, 0), np.uint8)


def as_color(color: Color) -> tuple[int, int, int]:
    """Return a colour as (red, green, blue); a single number is that gray.

    Raises
    ------
    ValueError
        If it is not one or three numbers in [0, 255].

    Examples
    --------
    >>> as_color(128)
    (128, 128, 128)
    """
    parts = (color,) * 3 if isinstance(color, (int, np.integer)) else tuple(color)
    if len(parts) != 3 or not all(0 <= part <= 255 for part in parts):
        raise ValueError(f"a colour is one or three whole numbers in [0, 255], got {color}")
    red, green, blue = map(int, parts)
    return red, green, blue


def paint_squares(picture: RGB, xy: Array, size: int, color: Color) -> None:
    """Paint squares around points, ``(n, 2)`` as (x, y), into a picture; NaN has no square.

    Raises
    ------
    ValueError
        If the size is below 1 pixel.

    Examples
    --------
    >>> picture = np.zeros((3, 3, 3), np.uint8)
    >>> paint_squares(picture, np.array([[0.5, 1.5]]), 1, (0, 9, 0))
    >>> picture[:, :, 1].tolist()
    [[0, 0, 0], [9, 0, 0], [0, 0, 0]]
    """
    if size < 1:
        raise ValueError(f"the size of a drawn point is at least 1 pixel, got {size}")
    rgb = as_color(color)
    reach = (picture.shape[1], picture.shape[0])
    known = xy[np.isfinite(xy).all(axis=1)]
    starts = np.floor(known - size / 2 + 0.5)
    for left, top in np.clip(starts, -size, reach).astype(int).tolist():
        picture[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = rgb


def paint_frame(picture: RGB, xyxy: Sequence[float], size: int, color: Color) -> None:
    """Paint the outline of a box (x1, y1, x2, y2) into a picture, growing outwards.

    Its innermost line lies on the box's outermost pixels.

    Raises
    ------
    ValueError
        If the line is thinner than 1 pixel.

    Examples
    --------
    >>> picture = np.zeros((4, 4, 3), np.uint8)
    >>> paint_frame(picture, (0, 0, 3, 3), 1, 9)
    >>> picture[:, :, 0].tolist()
    [[9, 9, 9, 0], [9, 0, 9, 0], [9, 9, 9, 0], [0, 0, 0, 0]]
    """
    if size < 1:
        raise ValueError(f"the size of a drawn line is at least 1 pixel, got {size}")
    rgb = as_color(color)
    far = np.array(picture.shape[1::-1] * 2) + size  # beyond this nothing can be seen
    left, top, right, bottom = np.clip(np.round(xyxy), -far, far).astype(int).tolist()
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    for grow in range(size):
        corners = (left - grow, top - grow), (right - 1 + grow, bottom - 1 + grow)
        cv2.rectangle(picture, *corners, rgb)


def paint_text(picture: RGB, text: str, x: int, y: int, height: int, color: Color) -> None:
    """Write text into a picture: its capitals `height` pixels high, their foot left at (x, y).

    Characters that the built-in font lacks (all but ASCII) become question marks.

    Examples
    --------
    >>> picture = np.zeros((20, 40, 3), np.uint8)
    >>> paint_text(picture, "Cat", 2, 15, 8, 255)
    >>> bool(picture.any())
    True
    """
    plain = text.encode("ascii", "replace").decode("ascii")
    scale, weight = height / _CAP_HEIGHT, max(1, round(height / 12))
    cv2.putText(picture, plain, (x, y), _FONT, scale, as_color(color), weight, cv2.LINE_AA)


def text_width(text: str, height: int) -> int:
    """Return how many pixels wide `paint_text` writes a text.

    Examples
    --------
    >>> text_width("cats", 10) > text_width("cat", 10)
    True
    """
    weight = max(1, round(height / 12))
    plain = text.encode("ascii", "replace").decode("ascii")
    return int(cv2.getTextSize(plain, _FONT, height / _CAP_HEIGHT, weight)[0][0])


def paint_label(picture: RGB, text: str, x: int, y: int, color: Color) -> None:
    """Paint a text on a bar of a colour into a picture, above (x, y), or below where no room is.

    Examples
    --------
    >>> picture = np.zeros((20, 40, 3), np.uint8)
    >>> paint_label(picture, "cat", 2, 18, (0, 255, 0))
    >>> picture[3, 3].tolist()
    [0, 255, 0]
    """
    red, green, blue = as_color(color)
    high = _LABEL + 2 * _GAP
    top = max(0, y - high) if y <= picture.shape[0] else max(0, picture.shape[0] - high)
    left = max(0, min(x, picture.shape[1] - text_width(text, _LABEL) - 2 * _GAP))
    right = left + text_width(text, _LABEL) + 2 * _GAP
    picture[top : top + high, left:right] = red, green, blue
    ink = 0 if 299 * red + 587 * green + 114 * blue > 127_500 else 255
    paint_text(picture, text, left + _GAP, top + high - _GAP, _LABEL, ink)


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise unless a word is one of several.

    Examples
    --------
    >>> check_choice("resize", "both", ("heatmaps", "image"))
    Traceback (most recent call last):
    ValueError: resize must be 'heatmaps' or 'image', got 'both'
    """
    if value not in choices:
        raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}, got {value!r}")

"""What was found, drawn over the picture: heat, crosses, and where the truth is."""

import cv2
import numpy as np
from numpy.typing import ArrayLike

from acetate.arrays import Array
from acetate.colors import RGB
from acetate.landmarks.combine import Floats
from acetate.landmarks.found import LandmarkPrediction, Maps
from acetate.landmarks.pictures import as_bytes
from acetate.sheets import HeatmapsOnImage
from acetate.sheets.paint import as_rgb

FOUND, TRUE = (255, 0, 255), (60, 230, 60)  # colours of crosses
_SURE = 2.45  # standard deviations of an ellipse that holds 95 % of a normal distribution
_LEAST_SIDE = 384  # smaller pictures are enlarged, so that crosses do not cover them
_SHIFT = 4  # bits of a fraction of a pixel, as OpenCV takes places


def draw_landmarks(
    image: Array,
    found: LandmarkPrediction,
    truth: Floats | None = None,
    heat: float = 0.7,
) -> RGB:
    """Draw landmarks over their picture.

    Parameters
    ----------
    image : numpy.ndarray
        The picture, gray or RGB.
    found : LandmarkPrediction
        What was found: crosses in magenta, with an ellipse where 95 % of the places would lie by
        the covariance.
    truth : numpy.ndarray, optional
        ``(K, 2)``: crosses in green, joined by a line to what was found; NaN is left out.
    heat : float
        Opacity of the heatmaps where they are strongest, from 0 to 1; 0, or a prediction without
        heatmaps, leaves them out.

    Returns
    -------
    numpy.ndarray
        ``(H, W, 3)`` uint8 RGB; small pictures are enlarged by a whole number.

    Raises
    ------
    ValueError
        If the picture has another shape than that of the prediction.

    Examples
    --------
    >>> found = LandmarkPrediction(
    ...     ("nose",), np.array([[3.0, 4.0]]), np.ones(1), np.ones((1, 2, 2)), (8, 8))
    >>> draw_landmarks(np.zeros((8, 8), np.uint8), found).shape
    (384, 384, 3)
    """
    if image.shape[:2] != found.shape:
        raise ValueError(f"landmarks of a picture of {found.shape}, got one of {image.shape[:2]}")
    picture = as_rgb(as_bytes(image))
    if heat and found.maps is not None:
        picture = _warmed(picture, found.maps, heat)
    factor = max(1, -(-_LEAST_SIDE // max(found.shape)))
    canvas = picture.repeat(factor, 0).repeat(factor, 1)
    arm = max(3, round(max(canvas.shape) / 120))
    if truth is not None:
        _lines(canvas, found.points * factor, truth * factor)
        _crosses(canvas, truth * factor, TRUE, arm)
    _ellipses(canvas, found.points * factor, found.covariance * factor**2)
    _crosses(canvas, found.points * factor, FOUND, arm)
    return canvas


def _warmed(picture: RGB, maps: Maps, heat: float) -> RGB:
    """Return a picture that takes the colour of the strongest heatmap as far as that is strong."""
    sheet = HeatmapsOnImage(maps.max(axis=0).clip(0, 1), picture.shape).resize(
        picture.shape[:2], "linear"
    )
    share = heat * sheet.arr_0to1
    mixed = picture * (1 - share) + sheet.draw()[0] * share
    return np.rint(mixed).astype(np.uint8)


def _crosses(canvas: RGB, points: Floats, color: tuple[int, int, int], arm: int) -> None:
    for x, y in points[np.isfinite(points).all(axis=1)]:
        for dx, dy in ((arm, arm), (arm, -arm)):
            _line(canvas, (x - dx, y - dy), (x + dx, y + dy), color)


def _lines(canvas: RGB, starts: Floats, ends: Floats) -> None:
    for start, end in zip(starts, ends, strict=True):
        if np.isfinite([start, end]).all():
            _line(canvas, start, end, (255, 255, 0))


def _line(canvas: RGB, start: ArrayLike, end: ArrayLike, color: tuple[int, int, int]) -> None:
    """Draw a line between points whose pixel centres lie at + 0.5."""
    first, last = (
        tuple(np.rint((np.asarray(p) - 0.5) * 2**_SHIFT).astype(int).tolist()) for p in (start, end)
    )
    cv2.line(canvas, first, last, color, 1, cv2.LINE_AA, _SHIFT)


def _ellipses(canvas: RGB, points: Floats, covariance: Floats) -> None:
    turn = np.linspace(0, 2 * np.pi, 33)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    for point, spread in zip(points, covariance, strict=True):
        if not (np.isfinite(point).all() and np.isfinite(spread).all()):
            continue
        values, vectors = np.linalg.eigh(spread)
        outline = (vectors * (_SURE * np.sqrt(values.clip(0)))) @ circle + point[:, np.newaxis]
        places = np.rint((outline.T - 0.5) * 2**_SHIFT).astype(np.int32)
        cv2.polylines(canvas, [places], True, (255, 160, 0), 1, cv2.LINE_AA, _SHIFT)

"""A curve in a frame: numbers over their places, with nothing but what paints text."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from acetate.colors import RGB
from acetate.sheets.paint import paint_text, text_width

_PAPER, _INK, _RULE, _LINE = 255, 60, 225, (11, 125, 114)
_LETTER = 8  # height of capitals in pixels
_GAP = 10
_TICKS = 4  # about so many on each axis
_MOST_DOTS = 40


def draw_curve(
    values: Sequence[float] | NDArray[np.floating],
    title: str = "",
    size: tuple[int, int] = (240, 400),
    x_label: str = "",
) -> RGB:
    """Draw numbers as a curve over 0, 1, 2, ..., such as the energy after every step.

    Parameters
    ----------
    values : sequence of float
        At least one; finite.
    title : str
        Written above.
    size : (int, int)
        (height, width) in pixels, each at least 120.
    x_label : str
        Written below at the right.

    Returns
    -------
    numpy.ndarray
        ``(height, width, 3)`` uint8 RGB, on white.

    Raises
    ------
    ValueError
        If there are no values, one is not finite, or the size is too small.

    Examples
    --------
    >>> draw_curve([3.0, 1.0, 0.5], "energy").shape
    (240, 400, 3)
    """
    heights = np.asarray(values, np.float64)
    if heights.ndim != 1 or heights.size == 0 or not np.isfinite(heights).all():
        raise ValueError(f"a curve takes at least one finite number, got {values!r}")
    if min(size) < 120:
        raise ValueError(f"a curve takes at least 120 x 120 pixels, got {size[0]} x {size[1]}")
    picture: RGB = np.full((*size, 3), _PAPER, np.uint8)
    ticks = _ticks(heights.min(), heights.max())
    frame = _Frame(size, heights, ticks)
    for tick in ticks:
        _rule(picture, frame, tick, _written(tick, ticks))
    for number in _places(frame.last):
        x, word = round(frame.place(number, frame.low)[0]), str(number)
        left = x - text_width(word, _LETTER) // 2
        paint_text(picture, word, left, frame.bottom + 2 * _LETTER + 2, _LETTER, _INK)
    _paint_line(picture, np.array([frame.place(x, y) for x, y in enumerate(heights)]))
    paint_text(picture, title, _GAP, _GAP + _LETTER, _LETTER, _INK)
    right = size[1] - _GAP - text_width(x_label, _LETTER)
    paint_text(picture, x_label, right, size[0] - _GAP // 2, _LETTER, _INK)
    return picture


class _Frame:
    """Where on a picture numbers lie."""

    def __init__(self, size: tuple[int, int], heights: NDArray[np.float64], ticks: list[float]):
        self.low, self.high = min(ticks[0], heights.min()), max(ticks[-1], heights.max())
        self.last = max(1, heights.size - 1)
        widest = max(text_width(_written(tick, ticks), _LETTER) for tick in ticks)
        self.left, self.right = widest + 2 * _GAP, size[1] - 2 * _GAP
        self.top, self.bottom = 3 * _GAP + _LETTER, size[0] - 4 * _GAP

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the curve lies, in pixels."""
        up = (y - self.low) / (self.high - self.low)
        across = self.left + (self.right - self.left) * x / self.last
        return across, self.bottom - (self.bottom - self.top) * up


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers from just below the lowest to just above the highest."""
    span, size = high - low, max(abs(low), abs(high))
    # Closer than this, rounding would give several ticks one place.
    raw = (span if span > 1e-9 * size else size or 1.0) / _TICKS
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw * 0.999)
    first, last = np.floor(low / step), np.ceil(high / step)
    return [float(n * step) for n in np.arange(first, max(last, first + 1) + 1)]


def _places(last: int) -> list[int]:
    """Return the places that are numbered below the curve."""
    return [int(tick) for tick in _ticks(0, last) if tick.is_integer() and tick <= last]


def _written(tick: float, ticks: list[float]) -> str:
    """Return a tick with as many digits as tell it from its neighbours."""
    step, most = ticks[1] - ticks[0], max(map(abs, ticks))
    number = 0.0 if abs(tick) < step / 2 else tick
    if 1e-3 <= most < 1e8:
        return f"{number:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"
    return f"{number:.{math.ceil(math.log10(most / step)) + 1}g}"


def _rule(picture: RGB, frame: _Frame, tick: float, word: str) -> None:
    y = round(frame.place(0, tick)[1])
    cv2.line(picture, (frame.left, y), (frame.right, y), (_RULE,) * 3)
    left = frame.left - _GAP // 2 - text_width(word, _LETTER)
    paint_text(picture, word, left, y + _LETTER // 2, _LETTER, _INK)


def _paint_line(picture: RGB, points: NDArray[np.float64]) -> None:
    fine = np.rint(points * 16).astype(np.int32)
    cv2.polylines(picture, [fine], False, _LINE, 2, cv2.LINE_AA, shift=4)
    if len(points) <= _MOST_DOTS:
        for x, y in fine.tolist():
            cv2.circle(picture, (x, y), 3 * 16, _LINE, -1, cv2.LINE_AA, shift=4)

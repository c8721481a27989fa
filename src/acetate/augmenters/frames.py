"""Output frames: how large a moved picture becomes, and maps that keep or fit its size."""

import math

import numpy as np

from acetate.geometry import Frame, Projective


def cos_sin(degrees: float) -> tuple[float, float]:
    """Return cosine and sine of degrees, exact at quarter turns.

    Examples
    --------
    >>> cos_sin(90)
    (0.0, 1.0)
    """
    quarter, rest = divmod(degrees, 90)
    if rest == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter) % 4]
    angle = math.radians(degrees)
    return math.cos(angle), math.sin(angle)


def fitted(forward: Projective, frame: Frame) -> tuple[Projective, Frame]:
    """Return the map and size of an output that shows all of a frame moved forward.

    Examples
    --------
    >>> fitted(Projective.scaling(2, 2), (3, 4))[1]
    (6, 8)
    """
    height, width = frame
    corners = forward(np.array([[0.0, 0], [width, 0], [0, height], [width, height]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    columns, rows = (max(1, math.ceil(n - 1e-6)) for n in (high - low).tolist())
    # What is left over by rounding up is shared between the sides.
    spare = (np.array([columns, rows]) - (high - low)) / 2
    shift = Projective.translation(*(low - spare).tolist())
    return Projective(forward.inverse().matrix @ shift.matrix), (rows, columns)


def kept_size(map: Projective, shape: Frame, frame: Frame) -> tuple[Projective, Frame]:
    """Resize the output of a map, which has one shape, to a frame.

    Examples
    --------
    >>> kept_size(Projective.identity(), (4, 4), (8, 8))[0].matrix[0]
    array([0.5, 0. , 0. ])
    """
    if shape == frame:
        return map, frame
    zoom = np.array([shape[1] / frame[1], shape[0] / frame[0], 1])
    return Projective(map.matrix * zoom), frame


def window(frame: Frame, top: int, right: int, bottom: int, left: int) -> tuple[Projective, Frame]:
    """Return the map and size of a frame that gains (or loses) pixels at its sides.

    Examples
    --------
    >>> window((4, 4), -1, 0, 0, 2)[1]
    (3, 6)
    """
    return Projective.translation(-left, -top), (frame[0] + top + bottom, frame[1] + left + right)


def limited(map: Projective, shape: Frame, frame: Frame, most: int = 4) -> tuple[Projective, Frame]:
    """Resize an output whose sides are more than `most` times a frame's.

    Examples
    --------
    >>> limited(Projective.identity(), (100, 8), (4, 4))[1]
    (16, 8)
    """
    smaller = (min(shape[0], most * frame[0]), min(shape[1], most * frame[1]))
    return kept_size(map, shape, smaller)

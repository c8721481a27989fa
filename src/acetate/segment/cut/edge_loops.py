"""The compiled loops along edges: heat down the columns, distances from strokes."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled


@compiled
def factor_columns(conductance: Array, time: float, gains: Array, inverses: Array) -> None:
    """Factor 1 + time * L for every column, L the Laplacian of a chain with conductances.

    Parameters
    ----------
    conductance : numpy.ndarray
        ``(rows - 1, columns)`` float32, from each pixel to the one below.
    time : float
        At least 0.
    gains, inverses : numpy.ndarray
        ``(rows, columns)`` float32, filled: what each row takes from the one above, and one over
        the pivots.
    """
    rows, columns = inverses.shape
    for x in range(columns):
        gains[0, x] = 0
    for y in range(rows):
        for x in range(columns):
            pivot = 1.0
            if y + 1 < rows:
                pivot += time * conductance[y, x]
            if y > 0:
                flow = time * conductance[y - 1, x]
                gains[y, x] = flow * inverses[y - 1, x]
                pivot += flow - gains[y, x] * flow
            inverses[y, x] = 1 / pivot


@compiled
def solve_columns(values: Array, gains: Array, inverses: Array, found: Array) -> None:
    """Solve the factored equations for every column: an implicit step of heat."""
    rows, columns = values.shape
    for x in range(columns):
        found[0, x] = values[0, x]
    for y in range(1, rows):
        for x in range(columns):
            found[y, x] = values[y, x] + gains[y, x] * found[y - 1, x]
    for x in range(columns):
        found[rows - 1, x] *= inverses[rows - 1, x]
    for y in range(rows - 2, -1, -1):
        for x in range(columns):
            found[y, x] = inverses[y, x] * found[y, x] + gains[y + 1, x] * found[y + 1, x]


@compiled
def _downwards(distance: Array, right: Array, below: Array, slant: Array, bent: Array) -> float:
    """Shorten distances by the pixels above and beside; return the most that one became less."""
    rows, columns = distance.shape
    gain = np.float32(0)
    for y in range(rows):
        for x in range(columns):
            least = distance[y, x]
            if y > 0:
                least = min(least, distance[y - 1, x] + below[y - 1, x])
                if x > 0:
                    least = min(least, distance[y - 1, x - 1] + slant[y - 1, x - 1])
                if x + 1 < columns:
                    least = min(least, distance[y - 1, x + 1] + bent[y - 1, x])
            if x > 0:
                least = min(least, distance[y, x - 1] + right[y, x - 1])
            gain = max(gain, distance[y, x] - least)
            distance[y, x] = least
        for x in range(columns - 2, -1, -1):
            least = min(distance[y, x], distance[y, x + 1] + right[y, x])
            gain = max(gain, distance[y, x] - least)
            distance[y, x] = least
    return float(gain)


@compiled
def shorten(distance: Array, right: Array, below: Array, slant: Array, bent: Array) -> float:
    """Sweep distances down and up once; return the most that one became less.

    Parameters
    ----------
    distance : numpy.ndarray
        ``(rows, columns)`` float32, changed.
    right, below, slant, bent : numpy.ndarray
        What a step costs: to the right, down, down to the right, and from the pixel on the right
        down to the left.
    """
    gain = _downwards(distance, right, below, slant, bent)
    # Upside down the slanting steps change their parts.
    return max(gain, _downwards(distance[::-1], right[::-1], below[::-1], bent[::-1], slant[::-1]))

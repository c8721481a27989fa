"""The compiled loops of the cosine shrinkage: all 8 x 8 blocks of a picture, a row at a time."""

import numpy as np

from acetate.arrays import Array
from acetate.compiled import compiled_fused


@compiled_fused
def fold(source: Array, step: int, folded: Array, n: int) -> None:
    """Write sums and differences of mirrored taps: the even and the odd half of an 8-point DCT.

    Tap j of column x is ``source[j * step + x]``; ``folded`` is ``(8, n)``.
    """
    for j in range(4):
        for x in range(n):
            near, far = source[j * step + x], source[(7 - j) * step + x]
            folded[j, x] = near + far
            folded[7 - j, x] = near - far


@compiled_fused
def forward(folded: Array, basis: Array, coefficients: Array, n: int) -> None:
    """Turn folded taps ``(8, n)`` into the 8 coefficients ``(8, n)``."""
    for k in range(8):
        a, b, c, d = basis[k, 0], basis[k, 1], basis[k, 2], basis[k, 3]
        even = k % 2 == 0
        f0 = folded[0 if even else 7]
        f1 = folded[1 if even else 6]
        f2 = folded[2 if even else 5]
        f3 = folded[3 if even else 4]
        for x in range(n):
            coefficients[k, x] = a * f0[x] + b * f1[x] + c * f2[x] + d * f3[x]


@compiled_fused
def backward(coefficients: Array, basis: Array, folded: Array, n: int) -> None:
    """Turn 8 coefficients ``(8, n)`` into the even and odd halves of the taps, ``(8, n)``."""
    for j in range(8):
        odd = j // 4
        tap = 7 - j if odd else j
        a, b, c, d = basis[odd, tap], basis[2 + odd, tap], basis[4 + odd, tap], basis[6 + odd, tap]
        c0, c1, c2, c3 = (
            coefficients[odd],
            coefficients[2 + odd],
            coefficients[4 + odd],
            coefficients[6 + odd],
        )
        for x in range(n):
            folded[j, x] = a * c0[x] + b * c1[x] + c * c2[x] + d * c3[x]


@compiled_fused
def analyse(rows: Array, width: int, basis: Array, scratch: Array, coefficients: Array) -> None:
    """Write the 64 coefficients of every block that starts in the first of 8 rows.

    ``rows`` is flat, ``(8 * width,)``; ``coefficients`` is ``(64, width - 7)``; ``scratch`` is
    ``(16, width)``.
    """
    n = width - 7
    folded, vertical = scratch[:8], scratch[8:]
    fold(rows, width, folded, width)
    forward(folded, basis, vertical, width)
    for p in range(8):
        fold(vertical[p], 1, folded, n)
        forward(folded, basis, coefficients[8 * p : 8 * p + 8], n)


@compiled_fused
def synthesise(
    coefficients: Array, weights: Array, basis: Array, scratch: Array, rows: Array
) -> None:
    """Add the weighted blocks, each in its place, to 8 rows ``(8, width)``."""
    n = coefficients.shape[1]
    folded, vertical = scratch[:8], scratch[8:]
    vertical[:] = 0
    for p in range(8):
        backward(coefficients[8 * p : 8 * p + 8], basis, folded, n)
        line = vertical[p]
        for j in range(4):
            for x in range(n):
                line[x + j] += weights[x] * (folded[j, x] + folded[7 - j, x])
            for x in range(n):
                line[x + 7 - j] += weights[x] * (folded[j, x] - folded[7 - j, x])
    backward(vertical, basis, folded, n + 7)
    for j in range(4):
        for x in range(n + 7):
            rows[j, x] += folded[j, x] + folded[7 - j, x]
            rows[7 - j, x] += folded[j, x] - folded[7 - j, x]


@compiled_fused
def cut(coefficients: Array, threshold: float, weights: Array) -> None:
    """Set small coefficients to 0, but for the mean; a block weighs 1 / (how many are left)."""
    weights[:] = 1
    zero, one = np.float32(0), np.float32(1)
    for k in range(1, 64):
        for x in range(coefficients.shape[1]):
            kept = abs(coefficients[k, x]) > threshold
            weights[x] += one if kept else zero
            coefficients[k, x] = coefficients[k, x] if kept else zero
    for x in range(weights.size):
        weights[x] = one / weights[x]


@compiled_fused
def shrink(coefficients: Array, guide: Array, variance: float, weights: Array) -> None:
    """Apply Wiener's gains that the guide's coefficients ask for, but to the mean."""
    one = np.float32(1)
    weights[:] = 1
    for k in range(1, 64):
        for x in range(coefficients.shape[1]):
            power = guide[k, x] * guide[k, x]
            gain = power / (power + variance)
            weights[x] += gain * gain
            coefficients[k, x] *= gain
    for x in range(weights.size):
        weights[x] = one / weights[x]


@compiled_fused
def filter_blocks(
    picture: Array, guide: Array, basis: Array, amount: float, wiener: bool, stride: int
) -> tuple[Array, Array]:
    """Filter all blocks; return their weighted sum, and the weight of each at its first pixel.

    `amount` is the threshold, or with `wiener` the variance of the noise; only then is the guide
    looked at.
    """
    height, width = picture.shape
    total = np.zeros((height, width), np.float32)
    weights = np.zeros((height, width), np.float32)
    coefficients = np.empty((64, width - 7), np.float32)
    expected = np.empty((64, width - 7), np.float32)
    scratch = np.empty((16, width), np.float32)
    line = np.empty(width - 7, np.float32)
    for y in range(0, height - 7, stride):
        analyse(picture[y : y + 8].ravel(), width, basis, scratch, coefficients)
        if wiener:
            analyse(guide[y : y + 8].ravel(), width, basis, scratch, expected)
            shrink(coefficients, expected, amount, line)
        else:
            cut(coefficients, amount, line)
        synthesise(coefficients, line, basis, scratch, total[y : y + 8])
        weights[y, : width - 7] = line
    return total, weights

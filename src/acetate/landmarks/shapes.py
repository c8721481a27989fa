"""A robust model of shapes: where landmarks lie after Procrustes, and how far they stray there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

LEAST = 3  # points of a picture: two place a shape, only a third can disagree
_ROUNDS, _STEPS = 12, 9
_REJECTED = 5.0  # medians from where a point has no say in where its shape lies
_HALF = np.sqrt(2 * np.log(2))  # the median distance of a round Gaussian, in its sigma
_FLOOR = 0.002  # of the size of a shape, that landmarks stray at least


@dataclass(frozen=True)
class ShapeModel:
    """Shapes laid over each other, their middle, and how far each landmark strays from it.

    Parameters
    ----------
    aligned : numpy.ndarray
        ``(N, K, 2)``: the landmarks after the similarity that lays them best on the middle; NaN
        where they are missing, or a picture has fewer than three.
    middle : numpy.ndarray
        ``(K, 2)``: medians of the aligned landmarks; the shape's root mean square radius is 1.
    sigma : numpy.ndarray
        ``(K,)``: how far they stray, as the standard deviation per axis that the median distance
        would have.
    size : numpy.ndarray
        ``(N,)``: pixels to the unit of the model; NaN where a picture was not aligned.
    scores : numpy.ndarray
        ``(N, K)``: distances from the middle in sigmas.
    """

    aligned: Floats
    middle: Floats
    sigma: Floats
    size: Floats
    scores: Floats

    def score_as(self, picture: int, point: int, landmark: int) -> float:
        """Return how many sigmas a point would be off if it were another landmark."""
        away = np.linalg.norm(self.aligned[picture, point] - self.middle[landmark])
        return float(away / self.sigma[landmark])


def fit_shapes(points: ArrayLike) -> ShapeModel | None:
    """Lay shapes over each other so that single wrong points do not pull the others.

    Parameters
    ----------
    points : array_like
        ``(N, K, 2)``; NaN is missing.

    Returns
    -------
    ShapeModel or None
        None where fewer than three pictures have three landmarks in common places.

    Notes
    -----
    Generalised Procrustes analysis (Gower 1975) by similarities without reflection. Each shape is
    laid on the middle by iterated least squares with the weights of least absolute deviations, then
    of Geman and McClure, at last of all points that are not far off; the middle is the median of
    the aligned shapes. A landmark strays at least half as far as landmarks do on the whole.

    Examples
    --------
    >>> square = np.array([[0, 0], [10, 0], [10, 10], [0, 10.0]])
    >>> shapes = np.stack([square, 2 * square + 5, square[:, ::-1] * (-1, 1), square])
    >>> shapes[3, 2] = 30, 10
    >>> fit_shapes(shapes).scores.argmax()
    np.int64(14)
    """
    xy = np.asarray(points, np.float64)
    shapes = xy[..., 0] + 1j * xy[..., 1]
    able = np.isfinite(shapes).sum(axis=1) >= LEAST
    if np.count_nonzero(able) < LEAST:
        return None
    first = shapes[able][np.isfinite(shapes[able]).sum(axis=1).argmax()]
    middle = _unit(first)
    for _ in range(_ROUNDS):
        aligned, _ = lay_on(shapes, middle)
        middle = _unit(_middle(aligned, middle))
    aligned, factor = lay_on(shapes, middle)
    if np.count_nonzero(np.isfinite(factor)) < LEAST:
        return None
    middle = _middle(aligned, middle)
    away = np.abs(aligned - middle)
    strays = np.nan_to_num(_median(away)) / _HALF
    sigma = np.maximum(strays, max(float(np.median(strays)) / 2, _FLOOR))
    return ShapeModel(_pairs(aligned), _pairs(middle), sigma, np.abs(factor), away / sigma)


def reversed_pairs(
    points: ArrayLike, pairs: Sequence[tuple[int, int]], agreed: float = 0.7, near: float = 0.75
) -> NDArray[np.bool_]:
    """Tell which mirror pairs lie the other way round than in most pictures.

    Parameters
    ----------
    points : array_like
        ``(N, K, 2)``; NaN is missing.
    pairs : sequence of (int, int)
        The landmarks of each of P pairs.
    agreed : float
        The share of pictures that a majority is; pairs without one are not judged.
    near : float
        How far the way from one landmark of a pair to the other may be from the reversed usual
        way, and the middle of both from its usual place, in the length of that way.

    Returns
    -------
    numpy.ndarray
        ``(N, P)`` bool.

    Notes
    -----
    Pictures are laid over each other by the middles of pairs and the landmarks without a partner,
    which do not change when names are swapped; where these are too few, by all landmarks.

    Examples
    --------
    >>> face = np.array([[2, 0], [8, 0], [5, 4], [5, 9.0]])
    >>> faces = np.stack([face, face + 3, face * 2, face[[1, 0, 2, 3]]])
    >>> reversed_pairs(faces, [(0, 1)]).ravel().tolist()
    [False, False, False, True]
    """
    xy = np.asarray(points, np.float64)
    shapes = xy[..., 0] + 1j * xy[..., 1]
    wrong = np.zeros((len(shapes), len(pairs)), bool)
    if not wrong.size:
        return wrong
    turn, off = _turns(shapes, pairs)
    for p, (left, right) in enumerate(pairs):
        apart = (shapes[:, left] - shapes[:, right]) * turn
        known = np.isfinite(apart)
        if np.count_nonzero(known) < LEAST:
            continue
        usual = complex(np.median(apart[known].real), np.median(apart[known].imag))
        along = (apart * np.conj(usual)).real / max(abs(usual) ** 2, 1e-12)
        if np.mean(along[known] > 0) >= agreed:
            reach = near * abs(usual)
            wrong[:, p] = known & (np.abs(apart + usual) < reach) & (np.abs(off[:, p]) < reach)
    return wrong


def lay_on(shapes: Complex, middle: Complex) -> tuple[Complex, Complex]:
    """Return complex ``(N, K)`` shapes laid on a middle, and the factors that enlarge and turn it.

    Both are NaN where a shape has less than two landmarks of the middle.

    Examples
    --------
    >>> middle = np.array([-1, 1, 1j])
    >>> aligned, factor = lay_on(3j * middle[np.newaxis] + 7, middle)
    >>> bool(np.allclose(aligned, middle)), bool(np.allclose(factor, 3j))
    (True, True)
    """
    both = np.isfinite(shapes) & np.isfinite(middle)
    placed = np.where(both.sum(axis=1) >= 2, 1.0, np.nan)
    z, m = np.where(both, shapes, 0), np.where(both, middle, 0)
    weights = both.astype(np.float64)
    scale = shift = np.zeros((len(shapes), 1), complex)
    for step in range(_STEPS):
        total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
        z0 = (weights * z).sum(axis=1, keepdims=True) / total
        m0 = (weights * m).sum(axis=1, keepdims=True) / total
        below = np.maximum((weights * np.abs(m - m0) ** 2).sum(axis=1, keepdims=True), 1e-12)
        scale = (weights * np.conj(m - m0) * (z - z0)).sum(axis=1, keepdims=True) / below
        placed = np.where(np.abs(scale[:, 0]) > 1e-12, placed, np.nan)  # all in one place
        scale = np.where(np.abs(scale) > 1e-12, scale, 1)
        shift = z0 - scale * m0
        weights = _weights(np.abs((z - shift) / scale - m), both, step)
    aligned = np.where(np.isfinite(shapes), (shapes - shift) / scale, np.nan)
    return aligned * placed[:, np.newaxis], scale[:, 0] * placed


def _turns(shapes: Complex, pairs: Sequence[tuple[int, int]]) -> tuple[Complex, Complex]:
    """Lay pictures on each other, whatever names were swapped.

    Returns the factor that turns and scales each picture, and how far the middle of each pair is
    from its usual place then.
    """
    paired = {k for pair in pairs for k in pair}
    alone = [k for k in range(shapes.shape[1]) if k not in paired]
    middles = [(shapes[:, a] + shapes[:, b]) / 2 for a, b in pairs]
    still = np.stack([*middles, *(shapes[:, k] for k in alone)], axis=1)
    enough = np.median(np.isfinite(still).sum(axis=1)) >= 2
    chosen = still if enough else np.concatenate([still[:, : len(pairs)], shapes], axis=1)
    model = chosen[np.isfinite(chosen).sum(axis=1).argmax()]
    for _ in range(_ROUNDS):
        aligned, factor = lay_on(chosen, _unit(model))
        model = _middle(aligned, model)
    known = np.isfinite(factor)
    turn = np.where(known, 1 / np.where(known, factor, 1), np.nan)
    return turn, (aligned - model)[:, : len(pairs)]


def _weights(away: Floats, there: NDArray[np.bool_], step: int) -> Floats:
    """Return the next round's weights: those of absolute deviations, of Geman-McClure, 0 or 1."""
    distance = np.where(there, away, 0.0)
    if step < _STEPS // 3:
        return np.where(there, 1 / np.maximum(distance, 1e-3), 0.0)
    masked = np.where(there, distance, np.nan)
    usual = float(np.nanmedian(masked)) if there.any() else 0.0
    typical = np.maximum(_median(masked.T), max(usual, 1e-3))[:, np.newaxis]
    if step < _STEPS - 2:
        return np.where(there, 1 / (1 + (distance / (3 * typical)) ** 2) ** 2, 0.0)
    return np.where(there & (distance < _REJECTED * typical), 1.0, 0.0)


def _middle(aligned: Complex, before: Complex) -> Complex:
    """Return the medians of aligned landmarks; those that no picture has keep their place."""
    middle = _median(aligned.real) + 1j * _median(aligned.imag)
    return np.where(np.isfinite(middle), middle, before)


def _unit(shape: Complex) -> Complex:
    """Return a shape around 0 with the root mean square radius 1."""
    known = shape[np.isfinite(shape)]
    if not known.size:
        return shape
    radius = float(np.sqrt(np.mean(np.abs(known - known.mean()) ** 2)))
    return np.asarray((shape - known.mean()) / max(radius, 1e-12))


def _median(values: Floats) -> Floats:
    """Return the medians of columns without NaN; NaN for a column of nothing else."""
    if not values.shape[0]:
        return np.full(values.shape[1], np.nan)
    order = np.sort(values, axis=0)  # NaN last
    count = np.isfinite(order).sum(axis=0)
    columns = np.arange(values.shape[1])
    low, high = (
        order[np.maximum(count - 1, 0) // 2, columns],
        order[count // 2 % len(order), columns],
    )
    return np.where(count > 0, np.where(count % 2 == 1, low, (low + high) / 2), np.nan)


def _pairs(shape: Complex) -> Floats:
    return np.stack([shape.real, shape.imag], axis=-1)

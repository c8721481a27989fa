"""The linear discriminant, shrunken: what a few labels can tell of many features."""

import numpy as np
from numpy.typing import NDArray

from acetate.arrays import Array

Numbers = NDArray[np.float64]

# Part of the identity in the covariance of standardised features.
_SHRINKAGE = 0.3


def discriminant(X: Array, codes: Array, weights: Array, classes: int) -> tuple[Numbers, Numbers]:
    """Return weights and constants of linear scores: one for two classes, else one each.

    Parameters
    ----------
    X : numpy.ndarray
        ``(n, F)``.
    codes, weights : numpy.ndarray
        ``(n,)``: classes from 0, and how much each sample counts.
    classes : int
        How many.

    Returns
    -------
    coefficients, constants : numpy.ndarray
        ``(K, F)`` and ``(K,)``; scores are logarithms of probability, up to a common constant.

    Notes
    -----
    Fisher's discriminant with a covariance that is shrunken towards that of features which do not
    depend on each other (Friedman 1989).

    References
    ----------
    J. Friedman, "Regularized discriminant analysis", JASA 84 (1989).

    Examples
    --------
    >>> x = np.array([[0.0], [0.1], [0.9], [1.0]])
    >>> w, c = discriminant(x, np.array([0, 0, 1, 1]), np.ones(4), 2)
    >>> (x @ w.T + c > 0).ravel().tolist()
    [False, False, True, True]
    """
    values = np.asarray(X, np.float64)
    shares = np.bincount(codes, weights, classes) / weights.sum()
    mean = np.average(values, axis=0, weights=weights)
    centred = values - mean
    spread = np.sqrt(np.average(centred**2, axis=0, weights=weights))
    spread[spread <= 1e-12 * np.maximum(np.abs(mean), 1e-30)] = np.inf
    centred /= spread
    means = np.stack([_mean(centred, np.where(codes == k, weights, 0)) for k in range(classes)])
    within = centred - means[codes]
    covariance = (within * weights[:, np.newaxis]).T @ within / weights.sum()
    covariance *= 1 - _SHRINKAGE
    covariance[np.diag_indices(len(covariance))] += _SHRINKAGE
    directions = np.linalg.solve(covariance, means.T).T
    with np.errstate(divide="ignore"):
        constants = np.log(shares) - 0.5 * np.sum(means * directions, axis=1)
    coefficients = directions / spread
    constants = constants - coefficients @ mean
    if classes == 2:
        return coefficients[1:] - coefficients[:1], constants[1:] - constants[:1]
    return coefficients, constants


def _mean(values: Numbers, weights: Array) -> Numbers:
    total = weights.sum()
    return weights @ values / total if total else np.zeros(values.shape[1])

"""SymmetricTreesClassifier: boosted trees with one split a level, quick on millions of pixels."""

from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from acetate.arrays import Array
from acetate.segment.pixels.binning import bin_edges
from acetate.segment.pixels.boosting import Trees, boost, probabilities

Probabilities = NDArray[np.float32]

# Each a parameter, its kind, least and most.
_LIMITS: tuple[tuple[str, Any, float, float], ...] = (
    ("n_trees", Integral, 1, 100_000),
    ("depth", Integral, 1, 12),
    ("learning_rate", Real, 1e-6, 1.0),
    ("penalty", Real, 1e-6, 1e9),
    ("linear", Real, 0.0, 1.0),
    ("bins", Integral, 2, 256),
    ("max_features", Real, 1e-9, 1.0),
    ("max_samples", Integral, 2, 2**40),
)
# Trees choose among no fewer features than this, if there are as many.
_LEAST_FEATURES = 8


class SymmetricTreesClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Gradient boosting of symmetric ('oblivious') decision trees: the same split in a whole level.

    A leaf's number is then made of `depth` comparisons without a branch, of many pixels at once:
    prediction is many times faster than by free trees.

    Parameters
    ----------
    n_trees : int
        How many.
    depth : int
        Levels of each, from 1 to 12; a tree has ``2**depth`` leaves.
    learning_rate : float
        What part of its correction a tree applies.
    penalty : float
        On the squares of leaf values: more gives flatter trees.
    linear : float
        How much of the linear discriminant the trees start from, from 0 to 1. With few labels it
        errs less than any tree; the trees put right what no plane can divide.
    bins : int
        Features are cut at no more than ``bins - 1`` places, from 2 to 256.
    max_features : float
        The part of the features that each tree may choose from, in (0, 1]; not fewer than 8.
    max_samples : int
        If there are more samples, so many are drawn.
    class_weight : dict, "balanced" or None
        Weights of classes, as in scikit-learn.
    random_state : int, numpy.random.RandomState or None
        For the draws of features and samples.

    Attributes
    ----------
    classes_ : numpy.ndarray
        The labels.
    n_features_in_ : int
        How many features there are.
    feature_importances_ : numpy.ndarray
        ``(F,)``: each feature's part of all splits, weighted by what they change; the linear
        part is left out.
    trees_ : Trees
        The model itself: a few arrays.

    Notes
    -----
    Second-order boosting of the logistic loss (Friedman 2001; Chen and Guestrin 2016), on
    features cut into bins of equal weight; of a level, the feature and cut are taken whose gain,
    summed over all its nodes, is largest (Prokhorenkova and others 2018). A sample of weight 2 is
    the same as the sample twice.

    References
    ----------
    J. Friedman, "Greedy function approximation", Annals of Statistics 29 (2001). T. Chen and C.
    Guestrin, "XGBoost", KDD (2016). L. Prokhorenkova and others, "CatBoost: unbiased boosting with
    categorical features", NeurIPS (2018).

    Examples
    --------
    >>> x = np.linspace(0, 1, 50)[:, np.newaxis]
    >>> model = SymmetricTreesClassifier(depth=2).fit(x, x[:, 0] > 0.5)
    >>> model.predict([[0.2], [0.9]]).tolist()
    [False, True]
    """

    def __init__(
        self,
        n_trees: int = 100,
        depth: int = 5,
        learning_rate: float = 0.2,
        penalty: float = 10.0,
        linear: float = 0.7,
        bins: int = 64,
        max_features: float = 0.15,
        max_samples: int = 20_000,
        class_weight: Any = None,
        random_state: Any = None,
    ) -> None:
        self.n_trees = n_trees
        self.depth = depth
        self.learning_rate = learning_rate
        self.penalty = penalty
        self.linear = linear
        self.bins = bins
        self.max_features = max_features
        self.max_samples = max_samples
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, X: Array, y: Array, sample_weight: Array | None = None) -> Self:
        """Fit the trees.

        Parameters
        ----------
        X : numpy.ndarray
            ``(n, F)`` numbers.
        y : numpy.ndarray
            ``(n,)`` labels of any kind.
        sample_weight : numpy.ndarray or None
            ``(n,)``, from 0; None counts every sample once.

        Raises
        ------
        TypeError, ValueError
            If a parameter, the samples, labels or weights make no sense; if there is one class.
        """
        self._check_parameters()
        X, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        weights = weights * compute_sample_weight(self.class_weight, y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        rng = check_random_state(self.random_state)
        kept = self._draw(weights, rng)
        if len(np.unique(codes[kept])) < 2:
            raise ValueError(
                f"the classifier needs samples of two classes at least, got one class: "
                f"{self.classes_[codes[kept][0]] if len(kept) else 'none'}"
            )
        self._grow(X[kept], codes[kept], weights[kept], rng)
        return self

    def decision_function(self, X: Array) -> Array:
        """Return scores: ``(n,)`` for two classes, of the second; else ``(n, K)``."""
        scores = self._scores(X)
        return scores[0] if len(scores) == 1 else scores.T

    def predict_proba(self, X: Array) -> Probabilities:
        """Return probabilities ``(n, K)`` float32, in the order of `classes_`."""
        return probabilities(self._scores(X)).T

    def predict(self, X: Array) -> Array:
        """Return the likeliest label of each sample, ``(n,)``."""
        scores = self._scores(X)
        codes = (scores[0] > 0).astype(np.intp) if len(scores) == 1 else scores.argmax(axis=0)
        return self.classes_[codes]

    @property
    def feature_importances_(self) -> Array:
        """Each feature's part of all splits, weighted by what they change; ``(F,)``."""
        check_is_fitted(self)
        return self.trees_.importances(self.n_features_in_)

    def _scores(self, X: Array) -> Array:
        check_is_fitted(self)
        return self.trees_.scores(validate_data(self, X, dtype=np.float32, reset=False).T)

    def _check_parameters(self) -> None:
        for name, kind, least, most in _LIMITS:
            value = getattr(self, name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise TypeError(f"{name} must be a number ({kind.__name__}), got {value!r}")
            if not least <= value <= most:
                raise ValueError(f"{name} must lie in [{least:g}, {most:g}], got {value!r}")

    def _draw(self, weights: Array, rng: Any) -> Array:
        """Return the samples to take: all that count, or so many of them."""
        kept = np.flatnonzero(weights > 0)
        if len(kept) > self.max_samples:
            kept = np.sort(rng.choice(kept, self.max_samples, replace=False))
        return kept

    def _grow(self, X: Array, codes: Array, weights: Array, rng: Any) -> None:
        edges = [bin_edges(column, weights, self.bins) for column in X.T]
        count = max(int(np.ceil(self.max_features * X.shape[1])), _LEAST_FEATURES)
        self.trees_: Trees = boost(
            X,
            edges,
            (codes, weights, len(self.classes_)),
            shape=(self.n_trees, self.depth),
            step=(self.learning_rate, self.penalty, self.linear),
            choose=lambda: _choice(rng, X.shape[1], count),
        )


def _choice(rng: Any, features: int, count: int) -> Array:
    return np.sort(rng.permutation(features)[:count]).astype(np.int64)

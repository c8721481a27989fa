"""Symmetric boosted trees: scikit-learn's checks, splits by brute force, and the quick kernel."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs, make_moons
from sklearn.utils.estimator_checks import check_estimator

from acetate.segment.pixels import SymmetricTreesClassifier
from acetate.segment.pixels.binning import bin_edges
from acetate.segment.pixels.discriminant import discriminant
from acetate.segment.pixels.tree_loops import bin_values, grow

rng = np.random.default_rng(2)


@pytest.mark.filterwarnings("ignore:Skipping check:sklearn.exceptions.SkipTestWarning")
@pytest.mark.parametrize("model", [SymmetricTreesClassifier(), SymmetricTreesClassifier(linear=0)])
def test_scikit_learns_checks_all_pass(model):
    results = check_estimator(model, on_fail=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert failed == []
    skipped = [r["check_name"] for r in results if r["status"] == "skipped"]
    assert len(results) > 50
    # Three need pandas or the array API.
    assert len(skipped) <= 4


def test_the_first_split_is_the_best_of_all_by_brute_force():
    X = rng.normal(size=(60, 3)).astype(np.float32)
    slopes = np.stack([rng.normal(size=60), rng.uniform(0.1, 1, 60)], axis=1)
    edges = [bin_edges(column, np.ones(60), 256) for column in X.T]
    table = np.stack(edges)
    bins = np.empty((3, 60), np.uint8)
    bin_values(X, table, np.full(3, 59), bins)
    assert np.array_equal(bins, [np.argsort(np.argsort(c)) for c in X.T])
    features, cuts = np.empty(1, np.int64), np.empty(1, np.int64)
    leaves, places = np.empty((2, 1)), np.empty(60, np.int64)
    grow(bins, np.full(3, 59), np.arange(3), slopes, 1.0, features, cuts, leaves, places)

    def gain(f, c):
        left = X[:, f] <= table[f, c]
        sums = [slopes[side].sum(axis=0) for side in (left, ~left)]
        return sum(g * g / (h + 1) for g, h in sums)

    gains = np.array([[gain(f, c) for c in range(59)] for f in range(3)])
    assert (features[0], cuts[0]) == np.unravel_index(gains.argmax(), gains.shape)
    right = X[:, features[0]] > table[features[0], cuts[0]]
    assert np.array_equal(places, right)
    for side, value in ((~right, leaves[0, 0]), (right, leaves[1, 0])):
        g, h = slopes[side].sum(axis=0)
        assert value == pytest.approx(-g / (h + 1))


@pytest.mark.parametrize("classes", [2, 3])
def test_the_kernel_adds_what_the_trees_say(classes):
    X, y = make_blobs(500, 6, centers=classes, cluster_std=4.0, random_state=1)
    model = SymmetricTreesClassifier(n_trees=20, depth=4).fit(X, y)
    trees = model.trees_
    rows = X.astype(np.float32)
    bits = rows[:, trees.features] > trees.thresholds
    places = (bits * 2 ** np.arange(4)).sum(axis=-1)
    expected = rows @ trees.linear.T + trees.start
    for tree in range(20):
        expected = expected + trees.leaves[tree][:, places[:, tree]].T
    found = model.decision_function(X).reshape(500, -1)
    assert np.allclose(found, expected, atol=1e-4)
    assert np.array_equal(model.decision_function(np.asfortranarray(X)).reshape(500, -1), found)
    assert np.allclose(model.predict_proba(X).sum(axis=1), 1, atol=1e-6)
    assert np.array_equal(model.classes_[model.predict_proba(X).argmax(axis=1)], model.predict(X))


def test_trees_bend_where_a_plane_cannot():
    X, y = make_moons(1200, noise=0.15, random_state=0)
    model = SymmetricTreesClassifier(n_trees=60, depth=3).fit(X[:600], y[:600])
    assert model.score(X[600:], y[600:]) > 0.97
    flat = SymmetricTreesClassifier(n_trees=1, learning_rate=1e-6, linear=1).fit(X[:600], y[:600])
    assert 0.8 < flat.score(X[600:], y[600:]) < 0.93


def test_importance_goes_to_what_matters():
    X = rng.normal(size=(2000, 12))
    model = SymmetricTreesClassifier(n_trees=50).fit(X, X[:, 7] * X[:, 3] > 0)
    assert set(np.argsort(model.feature_importances_)[-2:]) == {3, 7}
    assert model.feature_importances_.sum() == pytest.approx(1)


def test_the_same_seed_draws_the_same_and_another_does_not():
    X, y = make_moons(400, noise=0.4, random_state=0)
    X = np.hstack([X, rng.normal(size=(400, 20))])
    model = SymmetricTreesClassifier(max_samples=200, random_state=3)
    first = model.fit(X, y).decision_function(X)
    assert np.array_equal(first, clone(model).fit(X, y).decision_function(X))
    other = clone(model).set_params(random_state=4).fit(X, y).decision_function(X)
    assert not np.array_equal(first, other)


def test_edges_lie_between_values_and_divide_the_weight():
    values = rng.normal(size=5000).astype(np.float32)
    edges = bin_edges(values, np.ones(5000), 16)
    counts = np.histogram(values, np.concatenate([[-np.inf], edges, [np.inf]]))[0]
    assert len(edges) == 15
    assert counts.min() > 300
    heavy = bin_edges(np.array([0, 1, 2], np.float32), np.array([1.0, 1.0, 98.0]), 2)
    assert heavy.tolist() in ([1.5], [])
    assert bin_edges(np.ones(4, np.float32), np.ones(4), 8).size == 0
    near = np.array([1, np.nextafter(np.float32(1), np.float32(2))], np.float32)
    assert near[0] <= bin_edges(near, np.ones(2), 8)[0] < near[1]


def test_the_discriminant_is_scikit_learns():
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    X, y = make_blobs(300, 4, centers=3, cluster_std=3.0, random_state=5)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    coefficients, constants = discriminant(X, y, np.ones(300), 3)
    scores = X @ coefficients.T + constants
    theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y).predict(X)
    assert np.mean(scores.argmax(axis=1) == theirs) > 0.98


@pytest.mark.parametrize(
    ("parameters", "error", "text"),
    [
        ({"n_trees": 0}, ValueError, r"n_trees must lie in \[1, 100000\], got 0"),
        ({"depth": 13}, ValueError, "depth must lie"),
        ({"depth": 2.5}, TypeError, "depth must be a number"),
        ({"bins": 257}, ValueError, "bins must lie"),
        ({"max_features": 0}, ValueError, "max_features must lie"),
        ({"learning_rate": float("nan")}, ValueError, "learning_rate must lie"),
        ({"linear": True}, TypeError, "linear must be a number"),
    ],
)
def test_bad_parameters_say_what_is_wrong(parameters, error, text):
    X, y = make_moons(20, random_state=0)
    with pytest.raises(error, match=text):
        SymmetricTreesClassifier(**parameters).fit(X, y)


def test_one_class_is_too_few():
    with pytest.raises(ValueError, match="two classes at least, got one class: 1"):
        SymmetricTreesClassifier().fit(np.eye(4), np.ones(4))

"""Data terms: logarithms of probabilities, Gaussians, histograms and places."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from acetate import samples
from acetate.segment.random_field import (
    gaussian_costs,
    histogram_costs,
    position_costs,
    probability_costs,
)


def halves(shape=(40, 60)):
    labels = np.zeros(shape, np.uint8)
    labels[:, shape[1] // 2 :] = 1
    return labels


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_gaussians_are_those_of_scipy(tied, channels):
    image = samples.picture("coffee", (40, 60))[:, :, :channels]
    labels = halves()
    values = image.reshape(-1, channels) / 255
    flat = labels.ravel()
    rounding = np.eye(channels) / 12 / 255**2
    groups = [values[flat == k] for k in (0, 1)]
    own = [np.cov(g.T, ddof=0).reshape(channels, channels) for g in groups]
    pooled = sum(len(g) * c for g, c in zip(groups, own, strict=True)) / len(values)
    for k, cost in enumerate(gaussian_costs(image, labels, tied)):
        spread = (pooled if tied else own[k]) + rounding
        density = multivariate_normal(groups[k].mean(axis=0), spread)
        constant = channels * np.log(2 * np.pi) / 2
        expected = -density.logpdf(values).reshape(labels.shape) - constant
        assert cost == pytest.approx(expected, rel=1e-3, abs=5e-3)


def test_a_flat_phase_has_a_variance():
    image = np.where(halves() == 1, 200, 20).astype(np.uint8)
    costs = gaussian_costs(image, halves())
    assert np.isfinite(costs).all()
    assert np.array_equal(costs.argmin(axis=0), halves())


def test_histograms_tell_phases_that_gaussians_cannot():
    # Phase 1 is dark or bright, phase 0 in between.
    rng = np.random.default_rng(0)
    labels = halves()
    image = np.where(labels == 1, rng.choice([20, 220], labels.shape), 120)
    image = np.clip(image + rng.normal(0, 8, labels.shape), 0, 255).astype(np.uint8)
    costs = histogram_costs(image, labels)
    assert np.mean(costs.argmin(axis=0) == labels) > 0.999
    assert costs.max() < 12


def test_histograms_of_channels_add_up():
    image = samples.picture("coffee", (40, 60))
    labels = halves()
    each = [histogram_costs(np.ascontiguousarray(image[:, :, c]), labels) for c in range(3)]
    assert histogram_costs(image, labels) == pytest.approx(sum(each), abs=1e-4)


def test_probabilities_become_logarithms():
    chances = np.random.default_rng(0).uniform(0.01, 0.99, (5, 6))
    costs = probability_costs(chances)
    assert costs == pytest.approx(-np.log(np.stack([1 - chances, chances])), rel=1e-5)
    both = np.stack([1 - chances, chances], axis=2)
    assert probability_costs(both) == pytest.approx(costs, rel=1e-5)
    assert probability_costs(both / 4) == pytest.approx(costs, rel=1e-5)
    assert probability_costs(np.zeros((1, 1)), floor=0.01).max() == pytest.approx(-np.log(0.01))


def test_places_cost_less_where_a_phase_is_frequent():
    labels = halves()
    near = position_costs(labels, 4.0)
    assert near[1, 20, 50] < 0.1 < near[1, 20, 30] < near[1, 20, 10]
    whole = position_costs(labels, np.inf)
    assert whole == pytest.approx(np.full((2, 40, 60), np.log(2)), abs=1e-3)


@pytest.mark.parametrize("fit", [gaussian_costs, histogram_costs])
def test_labels_without_a_phase_are_refused(fit):
    image = np.zeros((2, 2), np.uint8)
    with pytest.raises(ValueError, match="no pixel has label 1; number the phases without gaps"):
        fit(image, np.array([[0, 2], [2, 0]]))
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        fit(image, np.array([[0, -1], [1, 0]]))
    with pytest.raises(ValueError, match=r"picture's shape \(2, 2\), got \(1, 2\)"):
        fit(image, np.array([[0, 1]]))


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\], got \[0, 1.5\]"):
        probability_costs(np.array([[0.0, 1.5]]))
    with pytest.raises(TypeError, match="array of floats, got uint8"):
        probability_costs(np.zeros((2, 2), np.uint8))
    with pytest.raises(ValueError, match=r"sum up to 0 at pixel \(0, 1\)"):
        probability_costs(np.array([[[1.0, 0.0], [0.0, 0.0]]]))
    with pytest.raises(ValueError, match=r"\(H, W\) or \(H, W, phases\), got \(2,\)"):
        probability_costs(np.zeros(2))
    with pytest.raises(ValueError, match="NaN"):
        probability_costs(np.full((2, 2), np.nan))
    with pytest.raises(ValueError, match=r"floor must lie between 0 and 0.5, got 0"):
        probability_costs(np.zeros((2, 2)), 0)
    with pytest.raises(ValueError, match=r"bins must lie in \[2, 4096\], got 1"):
        histogram_costs(np.zeros((2, 2), np.uint8), np.eye(2, dtype=int), 1)
    with pytest.raises(ValueError, match="scale must be above 0, got 0"):
        position_costs(np.eye(2, dtype=int), 0)

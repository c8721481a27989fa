"""Mixtures of Gaussians on the colours of a picture."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from acetate.segment.flow.mixture import Gaussians, Mixture, Palette, gaussians_of
from acetate.segment.flow.values import Values


def two_clouds(channels):
    rng = np.random.default_rng(0)
    near, far = rng.normal(0.3, 0.03, (600, channels)), rng.normal(0.7, 0.08, (200, channels))
    return np.clip(np.concatenate([near, far]), 0, 1).reshape(20, 40, channels)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_palette_stands_for_the_picture(channels):
    values = Values(two_clouds(channels), "none")
    palette = Palette(values)
    shown = np.moveaxis(palette.colors[palette.codes], -1, 0)
    assert np.abs(shown - values.planes).max() < 1 / 8
    counts = palette.counts(np.zeros(palette.codes.shape, np.uint8), 1)
    assert counts.sum() == values.pixels
    assert np.all(counts > 0)


def test_gray_in_8_bits_is_its_own_palette():
    values = Values(np.arange(6, dtype=np.uint8).reshape(2, 3, 1), "none")
    palette = Palette(values)
    assert palette.codes.dtype == np.uint8
    assert len(palette.colors) == 256
    assert palette.counts(palette.codes % 2, 2)[:, :6].tolist() == [[1, 0] * 3, [0, 1] * 3]


def test_the_mixture_comes_to_that_of_scikit_learn():
    picture = two_clouds(2)
    values = Values(picture, "none")
    fidelity, model = Mixture(Palette(values), 2, 2), None
    labels = np.zeros((20, 40), np.uint8)
    for _ in range(60):
        model = fidelity.fit(labels, model)
    peer = GaussianMixture(2, random_state=0).fit(picture.reshape(-1, 2))
    assert model.energy / 800 == pytest.approx(-peer.score(picture.reshape(-1, 2)), abs=0.05)
    assert np.isinf(model.tables[1]).all()


def test_every_improvement_raises_the_likelihood():
    colors = two_clouds(3).reshape(-1, 3)
    weights = np.random.default_rng(1).random(len(colors)) + 0.1
    shares = weights * np.random.default_rng(2).random((3, len(colors)))
    mixture, costs = gaussians_of(colors, shares), []
    for _ in range(10):
        costs.append(weights @ mixture.costs(colors))
        mixture = mixture.improved(colors, weights)
    assert np.diff(costs).max() <= 1e-9
    assert mixture.parts.sum() == pytest.approx(1)


def test_no_gaussian_is_narrower_than_a_hundredth():
    flat = gaussians_of(np.zeros((4, 2)), np.ones((1, 4)))
    assert np.allclose(flat.covariances, np.eye(2) * 1e-4)


def test_a_gaussian_without_share_stays_and_costs_nothing():
    before = Gaussians(np.array([0.5, 0.5]), np.array([[0.2], [0.9]]), np.full((2, 1, 1), 0.01))
    after = gaussians_of(np.array([[0.1], [0.3]]), np.array([[1.0, 1.0], [0.0, 0.0]]), before)
    assert after.parts.tolist() == [1, 0]
    assert after.centres.ravel().tolist() == pytest.approx([0.2, 0.9])
    assert np.isfinite(after.costs(np.array([[0.9]]))).all()

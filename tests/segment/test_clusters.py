"""K-means on values, positions and surroundings."""

import numpy as np
import pytest

from acetate import samples
from acetate.measure import iou
from acetate.segment import Clusters, disc_mask, pixel_table, rescaled, to_matrix


def test_clusters_of_values_are_those_of_the_picture():
    image = np.array([[10, 100, 200], [12, 98, 205], [11, 103, 195]], np.uint8)
    found = Clusters(phases=3).segment(image)
    assert found.labels.tolist() == [[0, 1, 2]] * 3
    assert found.labels.dtype == np.uint8
    assert found.facts.features == ("intensity",)
    assert [round(c) for (c,) in found.facts.centres] == [11, 100, 200]
    assert found.facts.pixels == (3, 3, 3)
    assert found.facts.converged
    reverse = Clusters(phases=3, bright=False).segment(image)
    assert reverse.labels.tolist() == [[2, 1, 0]] * 3


@pytest.mark.parametrize("parameters", [{}, {"position": 0.5}, {"rescale": "robust"}])
def test_they_are_those_of_scikit_learn(parameters):
    from sklearn.cluster import KMeans

    image = samples.coins()[::4, ::4]
    found = Clusters(phases=3, seed=5, **parameters).segment(image)
    weight = parameters.get("position", 0)
    columns = ["x", "y", "intensity"] if weight else ["intensity"]
    table = to_matrix(pixel_table(image, columns))
    points = rescaled(table, parameters.get("rescale", "standard"))
    points *= [weight, weight, 1] if weight else 1
    peer = KMeans(3, n_init=1, random_state=5).fit(points.astype(np.float32))
    assert sorted(found.facts.pixels) == sorted(np.bincount(peer.labels_).tolist())
    assert found.facts.inertia == pytest.approx(peer.inertia_, rel=1e-4)
    pairs = set(zip(peer.labels_.tolist(), found.labels.ravel().tolist(), strict=True))
    assert len(pairs) == 3


def test_the_same_seed_gives_the_same_labels():
    image = samples.cat((60, 90))
    methods = [Clusters(phases=6, position=0.3, seed=s) for s in (1, 1)]
    first, second = (m.segment(image) for m in methods)
    assert np.array_equal(first.labels, second.labels)
    assert first.facts == second.facts


def test_positions_make_clusters_compact():
    image = np.full((40, 60), 100, np.uint8)
    image += np.random.default_rng(0).integers(0, 20, image.shape, dtype=np.uint8)
    loose, compact = (Clusters(phases=4, position=w).segment(image).labels for w in (0.0, 5.0))
    borders = [np.count_nonzero(np.diff(labels.astype(int), axis=1)) for labels in (loose, compact)]
    assert borders[1] < borders[0] / 10


def test_centres_are_means_in_units_of_the_picture():
    image = samples.camera(64)
    method = Clusters(phases=3, position=0.2, neighbourhood=0.5, sigma=2.0, sobel=0.3)
    found = method.segment(image)
    names = ("x", "y", "intensity", "gaussian", "sobel_x", "sobel_y")
    assert found.facts.features == names
    table = pixel_table(image, names, sigma=2.0)
    for label, centre in enumerate(found.facts.centres):
        inside = found.labels.ravel() == label
        assert centre == pytest.approx([table[name][inside].mean() for name in names])
    assert np.all(np.diff([centre[2] for centre in found.facts.centres]) > 0)


def test_two_machines_see_more_than_one():
    """Bimodal: what is alike for neutrons differs for X-rays."""
    rng = np.random.default_rng(0)
    left, top = np.zeros((2, 60, 60), bool)
    left[:, :30], top[:30] = True, True
    stack = np.stack([left, top], axis=2) * 0.5 + 0.2 + rng.normal(0, 0.05, (60, 60, 2))
    found = Clusters(phases=4).segment(np.clip(stack, 0, 1))
    assert found.facts.features == ("channel_0", "channel_1")
    expected = 2 * left + top
    pairs = {(int(e), int(f)) for e, f in zip(expected.ravel(), found.labels.ravel(), strict=True)}
    counts = [np.sum((expected == e) & (found.labels == f)) for e, f in pairs]
    assert sum(sorted(counts)[-4:]) > 0.99 * 3600


def test_spectra_of_hundreds_of_lines_are_clustered():
    rng = np.random.default_rng(0)
    truth = disc_mask((40, 40), 12)
    spectra = np.sin(np.linspace(0, (9, 12), 300)).T * 0.02 + 0.5
    stack = spectra[truth.astype(int)] + rng.normal(0, 0.05, (40, 40, 300))
    found = Clusters().segment(np.clip(stack, 0, 1).astype(np.float32))
    assert max(iou(found.mask, truth), iou(~found.mask, truth)) > 0.99


def test_large_pictures_go_in_mini_batches():
    rng = np.random.default_rng(0)
    truth = disc_mask((700, 700), 200)
    image = np.clip(np.where(truth, 0.7, 0.3) + rng.normal(0, 0.05, truth.shape), 0, 1)
    whole = Clusters().segment(image)
    batches = Clusters(whole=1000).segment(image)
    assert not whole.facts.batches
    assert batches.facts.batches
    assert batches.facts.converged
    assert 10 < batches.facts.iterations < 700 * 700 / 16_384
    assert np.mean(whole.labels != batches.labels) < 0.002
    assert batches.facts.inertia == pytest.approx(whole.facts.inertia, rel=0.02)
    again = Clusters(whole=1000).segment(image)
    assert np.array_equal(again.labels, batches.labels)
    assert Clusters(whole=1000, max_iter=2).segment(image).facts.iterations == 2


@pytest.mark.parametrize("values", [[7], [7, 9], [7, 9, 200]])
def test_there_are_no_more_clusters_than_kinds_of_pixels(values):
    image = np.resize(np.array(values, np.uint8), (100, 100))
    for method in (Clusters(phases=5), Clusters(phases=5, whole=100)):
        found = method.segment(image)
        assert np.array_equal(found.labels, np.searchsorted(values, image))
        assert len(found.facts.centres) == len(values)


@pytest.mark.parametrize("rescale", ["standard", "robust"])
def test_tiny_differences_are_differences(rescale):
    image = np.array([[0.0, 1e-300, 0.0], [0.0, 1e-300, 1e-300]])
    found = Clusters(rescale=rescale).segment(image)
    assert np.array_equal(found.mask, image > 0)


def test_a_cluster_among_pixels_that_hardly_differ_may_stay_empty():
    image = 0.5 + np.random.default_rng(0).random((10, 1)) * 1e-7
    found = Clusters(phases=64).segment(image.repeat(3, axis=1))
    assert sum(found.facts.pixels) == 30


def test_a_rare_kind_of_pixel_is_one():
    image = np.full((100, 100), 7, np.uint8)
    image[51, 37] = 200
    assert np.array_equal(Clusters(phases=3).segment(image).mask, image > 7)


def test_more_starts_find_no_worse():
    image = samples.coins()[::6, ::6]
    single, best = (
        Clusters(phases=8, position=0.5, starts=n).segment(image).facts.inertia for n in (1, 10)
    )
    assert best <= single


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"intensity": 0.0}, ValueError, "at least one weight must be above 0"),
        ({"phases": 1}, ValueError, r"phases must lie in \[2, 64\]"),
        ({"seed": -1}, ValueError, "seed must lie in"),
        ({"rescale": "minmax"}, ValueError, "rescale is one of standard, robust, none"),
        ({"position": "x"}, TypeError, "position must be a number"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters, error, message):
    with pytest.raises(error, match=message):
        Clusters(**parameters)

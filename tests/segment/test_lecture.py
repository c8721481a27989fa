"""The figures of the lecture 'Advanced segmentation' that were reproduced, parts a to d and g."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from acetate.images import read
from acetate.segment import (
    Bands,
    Clusters,
    Hysteresis,
    Threshold,
    correct_background,
    difference_of_gaussians,
    robustness,
    try_all,
)

DATA = Path(__file__).parents[2] / "../shared/data/qbi"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def picture(name):
    return read(DATA / name, profile="ignore")


@needs_data
@pytest.mark.parametrize(
    ("rule", "expected"), [("otsu", 83), ("intermodes", 65.5), ("minimum", 24), ("isodata", 84.179)]
)
def test_thresholds_of_the_bone(rule, expected):
    """Isodata is the lecture's loop, which gives 84.2; scikit-image's gives 82."""
    found = Threshold(rule).segment(picture("bonegfiltslice.png"))
    assert found.facts.thresholds[0] == pytest.approx(expected, abs=1e-3)


@needs_data
def test_every_rule_can_be_tried_on_the_bone():
    rows = try_all(picture("bonegfiltslice.png"), bright=False)
    assert [row.method for row in rows if row.reason] == []
    assert {row.method: row.threshold for row in rows}["triangle"] == 165


@needs_data
def test_volume_fractions_of_the_biased_colony():
    """Eight biases of seed 2018, and everything below 0.6."""
    biases = np.random.RandomState(2018).uniform(-0.25, 0.25, 8)
    found = robustness(picture("Cell_Colony.jpg") / 255, 0.6, shift=biases.tolist(), bright=False)
    percent = [round(100 * fraction, 2) for fraction in found.fractions]
    assert percent == [1.49, 24.84, 1.38, 7.77, 4.99, 3.38, 1.72, 2.55]
    assert found.worst == pytest.approx(18, abs=0.2)
    adaptive = robustness(picture("Cell_Colony.jpg") / 255, "otsu", shift=biases.tolist())
    assert adaptive.quartile_range < 0.001 < found.quartile_range


@needs_data
def test_pixels_of_the_hysteresis_on_bone():
    """Below 70 and 110, in whole numbers up to 69 and 109; ten dilations, and all."""
    bone = picture("bonegfiltslice.png")
    method = {"strict": 69.0, "loose": 109.0, "opening": 1.0, "radius": 1.8, "bright": False}
    ten = Hysteresis(**method, dilations=10).segment(bone).facts
    assert ten.steps[-1] == ("connected", 4900)
    assert not ten.converged
    full = Hysteresis(**method).segment(bone).facts
    assert full.steps[-1] == ("connected", 5143)
    assert full.converged


def test_roc_areas_on_the_page():
    """Truth is what stands above the background; the score is intensity, and with a DoG more.

    The lecture takes the numbers of the file, without its colour profile. Its Gaussians continue
    the border's values outside, so the page is padded by them here, and they end after 4 sigma:
    that decides 3 pixels of the truth, and 0.0001. At sigma 0.5 a sampled Gaussian, the lecture's,
    is narrower (0.46) than that of the heat, and its area 0.002 less.
    """
    from skimage import data, filters
    from sklearn.metrics import roc_auc_score

    page, pad = data.page(), 80
    wide = np.pad(page, pad, mode="edge")
    inner = (slice(pad, -pad), slice(pad, -pad))
    truth = (correct_background(wide, sigma=20.0)[inner] > 0).ravel()
    edges = difference_of_gaussians(wide, 0.5, 10.0)[inner]
    intensity = roc_auc_score(truth, page.ravel())
    combined = roc_auc_score(truth, (page / 1000 + edges).ravel())
    assert intensity == pytest.approx(0.8405, abs=1e-4)
    assert combined == pytest.approx(0.9458, abs=1e-4)
    sampled = filters.gaussian(page, 0.5) - filters.gaussian(page, 10)
    theirs = roc_auc_score(truth, (page / 1000 + sampled).ravel())
    assert theirs == pytest.approx(0.9438, abs=1e-4)


@needs_data
@pytest.mark.parametrize(
    ("name", "count", "on_edges", "above"),
    [
        ("bonegfiltslice.png", 4, 0.030, 0.013),
        ("cortex.png", 4, 0.075, 0.007),
        ("shale-slice.tiff", 5, 0.001, 0.044),
    ],
)
def test_no_pixel_is_lost_on_the_edge_of_a_band(name, count, on_edges, above):
    """The lecture's ``(img > a) & (img < b)`` loses the pixels on edges, and the top band."""
    image = picture(name)
    edges = np.linspace(image.min(), image.max(), count + 2)[:-1]
    assert np.mean(np.isin(image, edges)) == pytest.approx(on_edges, abs=6e-4)
    assert np.mean(image > edges[-1]) == pytest.approx(above, abs=6e-4)
    theirs = sum(np.mean((image > a) & (image < b)) for a, b in pairwise(edges))
    assert theirs == pytest.approx(1 - on_edges - above, abs=1e-3)
    for method in (Bands(thresholds=tuple(edges[1:].tolist())), Bands(phases=count)):
        found = method.segment(image)
        assert sum(found.facts.pixels) == image.size
        assert all(found.facts.pixels)


@needs_data
@pytest.mark.parametrize(
    ("clusters", "weight", "seed", "pixels"),
    [(4, 0.1, 2018, (3279, 4060, 4614, 11402)), (5, 0.2, 2019, (2995, 3128, 3739, 5152, 8341))],
)
def test_clusters_of_the_cortex_with_scaled_positions(clusters, weight, seed, pixels):
    """Every third pixel over 1000, positions over 10 and over 5, as scikit-learn counts them."""
    image = picture("cortex.png")[::3, ::3]
    method = Clusters(clusters, 0.001, weight, rescale="none", seed=seed)
    found = method.segment(image)
    assert tuple(sorted(found.facts.pixels)) == pytest.approx(pixels, abs=5)


@needs_data
@pytest.mark.parametrize("name", ["class_art_in", "class_wgn_smooth_in"])
def test_discs_above_120(name):
    """The pictures of bad imaging: three equal channels count as one."""
    image = picture(f"{name}.png")
    found = Bands(thresholds=(120.0,)).segment(image)
    assert np.array_equal(found.mask, image[..., 0] > 120)

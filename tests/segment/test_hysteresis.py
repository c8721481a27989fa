"""Hysteresis: its steps, its end, and that the end is morphological reconstruction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from acetate import samples
from acetate.segment import Hysteresis
from acetate.segment.components import disc_footprint

MASKS = hnp.arrays(np.uint8, (7, 9), elements=st.sampled_from([0, 100, 200]))


@given(MASKS.filter(lambda a: np.ptp(a) > 0))
@settings(max_examples=60)
def test_the_end_is_that_of_scikit_image(image):
    from skimage.filters import apply_hysteresis_threshold

    found = Hysteresis(strict=150.0, loose=50.0, opening=0.0, radius=1.0).segment(image)
    assert np.array_equal(found.mask, apply_hysteresis_threshold(image, 50, 150))
    assert found.facts.converged
    assert found.facts.dilations is None


@pytest.mark.parametrize("radius", [1.0, 1.5])
@pytest.mark.parametrize("bright", [True, False])
def test_the_end_is_reconstruction_and_steps_lead_to_it(radius, bright):
    from skimage.morphology import reconstruction

    image = samples.camera(128)
    strict, loose = (180.0, 140.0) if bright else (20.0, 60.0)
    method = {"strict": strict, "loose": loose, "radius": radius, "bright": bright}
    steps = Hysteresis(**method).steps(image)
    seeds = steps["without small objects"] & steps["loose"]
    end = reconstruction(seeds, steps["loose"], footprint=disc_footprint(radius)).astype(bool)
    assert np.array_equal(steps["connected"], end)
    counted = Hysteresis(**method, dilations=10_000).segment(image)
    assert np.array_equal(counted.mask, end)
    assert counted.facts.converged
    few = Hysteresis(**method, dilations=counted.facts.dilations - 1).segment(image)
    assert not few.facts.converged
    assert few.mask.sum() < end.sum()
    assert not np.any(few.mask & ~end)


def test_steps_are_kept_in_their_order_and_counted():
    image = samples.coins()
    method = Hysteresis()
    steps, found = method.steps(image), method.segment(image)
    assert list(steps) == ["strict", "loose", "without small objects", "connected"]
    assert found.facts.steps == tuple((name, mask.sum()) for name, mask in steps.items())
    assert np.array_equal(found.mask, steps["connected"])
    assert np.all(steps["without small objects"] <= steps["strict"])
    assert np.all(steps["strict"] <= steps["loose"])
    assert found.facts.pixels == (np.sum(~found.mask), np.sum(found.mask))


def test_seeds_are_removed_by_a_disc_or_by_size():
    image = np.full((30, 30), 10, np.uint8)
    image[2:5, 2:5], image[10:12, 10:20], image[20, 20] = 200, 200, 200
    sizes = {}
    for name, parameters in {
        "none": {"opening": 0.0},
        "disc": {"opening": 1.0},
        "size": {"opening": 0.0, "min_size": 20},
        "large": {"opening": 0.0, "min_size": 21},
    }.items():
        steps = Hysteresis(strict=100.0, loose=100.0, **parameters).steps(image)
        sizes[name] = int(steps["without small objects"].sum())
    # Of the 3 x 3 a disc of radius 1 leaves a cross; in the 2 pixels' bar it does not fit.
    assert sizes == {"none": 30, "disc": 5, "size": 20, "large": 0}


def test_a_large_disc_leaps_over_gaps():
    image = np.array([[200, 200, 0, 200, 0, 0, 0, 200]], np.uint8)
    seeds = np.array([[250, 200, 0, 200, 0, 0, 0, 200]], np.uint8)
    method = {"strict": 220.0, "loose": 100.0, "opening": 0.0}
    assert Hysteresis(**method, radius=1.5).segment(seeds).labels.tolist() == [[1, 1] + [0] * 6]
    leap = Hysteresis(**method, radius=2.0).segment(seeds)
    assert leap.labels.tolist() == [[1, 1, 0, 1, 0, 0, 0, 0]]
    assert leap.facts.dilations == 2
    assert leap.facts.converged
    assert not Hysteresis(**method).segment(image).mask.any()


def test_thresholds_are_found_where_they_are_not_given():
    rng = np.random.default_rng(0)
    image = np.full((60, 60), 60.0)
    image[20:40, 20:40] = 160
    image = np.clip(image + rng.normal(0, 8, image.shape), 0, 255).astype(np.uint8)
    bright = Hysteresis().segment(image).facts
    strict, loose = bright.thresholds
    assert 60 < loose < strict < 160
    assert 350 < bright.pixels[1] < 450
    dark = Hysteresis(bright=False).segment(255 - image).facts
    assert dark.pixels[1] == pytest.approx(bright.pixels[1], abs=5)
    given = Hysteresis(strict=100.0).segment(image).facts.thresholds
    assert given == (100.0, loose)


def test_thresholds_on_the_wrong_sides_are_refused():
    with pytest.raises(ValueError, match=r"of bright objects must not be below .* 50 and 80; for"):
        Hysteresis(strict=50.0, loose=80.0)
    with pytest.raises(ValueError, match=r"of dark objects must not be above .* set bright=True"):
        Hysteresis(strict=80.0, loose=50.0, bright=False)
    with pytest.raises(ValueError, match=r"of bright objects must not be below the loose one"):
        Hysteresis(strict=1.0).segment(samples.camera(32))
    with pytest.raises(TypeError, match=r"dilations must be a whole number, got 1\.5"):
        Hysteresis(dilations=1.5)

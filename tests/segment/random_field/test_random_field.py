"""RandomField on pictures and prompts, and the clean-up of probabilities."""

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from acetate import images
from acetate.measure import dice, iou
from acetate.segment import METHODS, RandomField, clean_up, disc_mask
from acetate.segment.random_field import SOLVERS

DATA = Path(__file__).parents[3] / "../shared/data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def noisy_disc(sigma=25, low=90, high=120, seed=0):
    truth = disc_mask((110, 100), 30)
    noise = np.random.default_rng(seed).normal(0, sigma, truth.shape)
    return np.clip(np.where(truth, high, low) + noise, 0, 255).astype(np.uint8), truth


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_disc_is_found_under_noise(solver):
    image, truth = noisy_disc()
    assert dice(image > 105, truth) < 0.7
    found = RandomField(solver=solver).segment(image)
    assert dice(found.mask, truth) > (0.8 if solver == "icm" else 0.95)
    assert found.labels.dtype == np.uint8
    facts = found.facts
    assert facts.energy == pytest.approx(facts.data + facts.border)
    assert facts.energies[-1] == facts.energy
    assert len(facts.energies) == facts.rounds
    assert sum(facts.pixels) == image.size
    if solver != "icm":
        assert [v for (v,) in facts.values] == pytest.approx([90, 120], abs=2)


def test_max_flow_has_the_least_energy_of_all_solvers():
    image, truth = noisy_disc()
    energies = {
        solver: RandomField(solver=solver, max_iter=1).segment(image, truth).facts.energy
        for solver in SOLVERS
    }
    assert min(energies, key=energies.get) == "max-flow"


@pytest.mark.parametrize("data", ["tied", "full", "histogram"])
@pytest.mark.parametrize("prior", ["even", "fraction", "position"])
def test_every_term_finds_it(data, prior):
    image, truth = noisy_disc(sigma=10)
    found = RandomField(data=data, prior=prior).segment(image)
    assert iou(found.mask, truth) > 0.9


def test_phases_of_one_mean_are_told_by_their_spread():
    rng = np.random.default_rng(0)
    truth = disc_mask((80, 80), 25)
    image = np.clip(rng.normal(128, np.where(truth, 40, 8)), 0, 255).astype(np.uint8)
    begin = disc_mask((80, 80), 12)
    assert iou(RandomField(data="full").segment(image, begin).mask, truth) > 0.9
    assert iou(RandomField(data="tied").segment(image, begin).mask, truth) < 0.5


def test_three_phases_are_numbered_by_brightness_and_colours_are_told_apart():
    bands = np.repeat(np.array([[200, 20, 90]], np.uint8), 20, axis=1).repeat(30, axis=0)
    assert RandomField(phases=3).segment(bands).labels[15, ::20].tolist() == [2, 0, 1]
    reverse = RandomField(phases=3, bright=False).segment(bands)
    assert reverse.labels[15, ::20].tolist() == [0, 2, 1]
    colours = np.zeros((40, 60, 3), np.uint8)
    colours[:, :20, 0] = colours[:, 20:40, 1] = colours[:, 40:, 2] = 180
    colours += np.random.default_rng(0).integers(0, 40, colours.shape, dtype=np.uint8)
    assert sorted(RandomField(phases=3).segment(colours).labels[20, 10::20]) == [0, 1, 2]


def test_a_prompt_keeps_its_numbers():
    image, truth = noisy_disc()
    found = RandomField().segment(image, ~truth)
    assert iou(found.labels == 0, truth) > 0.9
    assert found.facts.values[0][0] > found.facts.values[1][0]


def test_phases_that_die_out_are_told():
    image, _ = noisy_disc(sigma=3)
    found = RandomField(phases=6, smoothness=50.0).segment(image)
    assert found.facts.values.count(None) >= 2
    used = np.unique(found.labels)
    assert np.array_equal(used, np.arange(len(used)))
    assert [n > 0 for n in found.facts.pixels] == [v is not None for v in found.facts.values]


def test_smoothness_shortens_borders():
    image, _ = noisy_disc()
    rough, smooth = (RandomField(smoothness=s).segment(image).facts for s in (0.5, 3.0))
    assert rough.border / 0.5 > 2 * smooth.border / 3.0


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 17), (23, 1), (2, 3, 1), (9, 8, 3), (7, 7, 5)])
def test_odd_pictures(solver, shape):
    method = RandomField(solver=solver, max_iter=2)
    for dtype in ("uint8", "uint16", "float32", "float64"):
        image = np.random.default_rng(0).random(shape)
        image = image.astype(dtype) if "f" in dtype else (image * np.iinfo(dtype).max).astype(dtype)
        before = image.copy()
        assert method.segment(image).labels.shape == shape[:2]
        assert not method.segment(np.full_like(image, image.max())).mask.any()
        assert np.array_equal(image, before)
        foreign = image.astype(image.dtype.newbyteorder())
        assert np.array_equal(method.segment(foreign).labels, method.segment(image).labels)
        swapped = np.swapaxes(image, 0, 1)
        assert method.segment(swapped).labels.shape == swapped.shape[:2]


def test_what_is_no_picture_or_prompt_is_refused():
    image, truth = noisy_disc()
    with pytest.raises(ValueError, match="NaN"):
        RandomField().segment(np.full((4, 4), np.nan))
    with pytest.raises(TypeError, match="NumPy array, got list"):
        RandomField().segment([[1, 2]])
    with pytest.raises(ValueError, match="shape of the picture"):
        RandomField().segment(image, truth[:-1])
    with pytest.raises(ValueError, match="every label from 0 to 2"):
        RandomField(phases=3).segment(image, truth.astype(int))
    with pytest.raises(ValueError, match="solver is one of max-flow, icm, heat, mean-field"):
        RandomField(solver="graph-cut")
    with pytest.raises(ValueError, match="smoothness must lie in"):
        RandomField(smoothness=-1.0)


def test_it_is_in_the_register():
    assert METHODS["random-field"] is RandomField
    assert RandomField.PROMPTS == ("mask",)
    assert isinstance(
        getattr(RandomField().segment(noisy_disc()[0]).facts, RandomField.QUALITY), tuple
    )


@pytest.mark.parametrize("solver", SOLVERS)
def test_specks_are_cleaned_from_probabilities(solver):
    truth = disc_mask((80, 90), 22)
    rng = np.random.default_rng(0)
    chances = np.clip(np.where(truth, 0.7, 0.3) + rng.normal(0, 0.25, truth.shape), 0, 1)
    found = clean_up(chances, solver=solver)
    assert dice(chances > 0.5, truth) < 0.75
    assert dice(found.mask, truth) > (0.9 if solver == "icm" else 0.96)
    assert found.facts.values == ()
    assert sum(found.facts.pixels) == truth.size
    several = clean_up(
        np.stack([1 - chances, chances, np.zeros_like(chances)], axis=2), solver=solver
    )
    assert dice(several.labels == 1, truth) > 0.9
    assert found.facts.pixels[1] == np.count_nonzero(found.labels)


def test_clean_up_without_smoothness_takes_the_most_probable():
    chances = np.random.default_rng(0).dirichlet([1, 1, 1], (9, 7))
    assert np.array_equal(clean_up(chances, smoothness=0.0).labels, chances.argmax(axis=2))
    with pytest.raises(ValueError, match=r"solver is one of .* got 'graphcut'; the nearest"):
        clean_up(chances, solver="graphcut")


@needs_data
def test_nuclei_without_any_parameter():
    files = sorted((DATA / "nuclei/images").glob("*.png"))[:8]
    pairs = [
        (images.read(f), images.read_labels(DATA / "nuclei/labels" / f.name) > 0) for f in files
    ]
    scores = [iou(RandomField().segment(image).mask, truth) for image, truth in pairs]
    assert np.mean(scores) > 0.75


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("noise", [1.0, 1.5])
def test_strong_noise_leads_no_solver_astray(solver, noise):
    hills = gaussian_filter(np.random.default_rng(1).normal(size=(256, 256)), 24)
    truth = hills > np.quantile(hills, 0.85)
    values = truth + np.random.default_rng(2).normal(0, noise, truth.shape)
    found = RandomField(smoothness=1.0, solver=solver).segment(np.clip((values + 4) / 9, 0, 1))
    assert dice(found.mask, truth) > 0.8
    assert list(found.facts.energies) == sorted(found.facts.energies, reverse=True)

"""The energy of a heat flow: what it is, that it falls, and that each step is the best one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.heat import diffuse, heat_semigroup
from acetate.segment import HeatFlow, disc_mask
from acetate.segment.flow.affine import Constant
from acetate.segment.flow.border import Border
from acetate.segment.flow.mixture import Mixture, Palette
from acetate.segment.flow.shading import Background, Grid, Local
from acetate.segment.flow.steps import flow, state_of
from acetate.segment.flow.tabled import ConstantGray
from acetate.segment.flow.values import Values

FIDELITIES = ("constant", "local", "background", "mixture")
SEEDS = st.integers(0, 2**32 - 1)
LENGTHS = st.floats(-4, 1).map(lambda power: 10.0**power)
TAUS = st.floats(0.5, 8)


def random_picture(rng, dtype, dimensions, channels):
    """Blobs and noise, of a small random size."""
    shape = (*rng.integers(5, 16, dimensions), channels)
    noise = rng.random(shape, dtype=np.float32)
    blobs = diffuse(noise, 2.0, dimensions=dimensions)
    image = 0.5 * noise + 0.5 * (blobs > np.median(blobs))
    return image if dtype == "float32" else (image * np.iinfo(dtype).max).astype(dtype)


def random_labels(rng, space, phases):
    labels = rng.integers(0, phases, space, dtype=np.uint8)
    labels.flat[:phases] = np.arange(phases)
    return labels


def fidelity_of(name, values, phases):
    grid = Grid(values, phases, 4.0)
    return {
        "constant": lambda: Constant(values, phases),
        "local": lambda: Local(grid),
        "background": lambda: Background(grid),
        "mixture": lambda: Mixture(Palette(values), phases, 2),
    }[name]()


@given(
    SEEDS,
    st.sampled_from(FIDELITIES),
    st.sampled_from(["uint8", "uint16", "float32"]),
    st.sampled_from([2, 3]),
    st.sampled_from([1, 3]),
    st.integers(2, 4),
    LENGTHS,
    TAUS,
    st.booleans(),
)
def test_the_energy_never_rises_and_nothing_is_nan(
    seed, fidelity, dtype, dimensions, channels, phases, length, tau, prompted
):
    rng = np.random.default_rng(seed)
    image = random_picture(rng, dtype, dimensions, channels)
    method = HeatFlow(
        phases,
        fidelity,
        length=length,
        tau=tau,
        dimensions=dimensions,
        slice_spacing=1.5,
        coarsest=4,
        still=0.0,
    )
    prompt = random_labels(rng, image.shape[:-1], phases) if prompted else None
    found = method.segment(image[..., 0] if channels == 1 else image, prompt)
    facts = found.facts
    assert np.all(np.diff(facts.energies) < 0)
    assert np.all(np.isfinite(facts.energies))
    assert facts.length == length
    assert facts.iterations == len(facts.energies) - 1 == facts.levels[-1]
    assert np.array_equal(np.bincount(found.labels.ravel(), minlength=phases), facts.pixels)
    assert facts.dead == tuple(k for k in range(phases) if facts.pixels[k] == 0)
    for value, pixels in zip(facts.values, facts.pixels, strict=True):
        assert (value is None) == (pixels == 0)
        assert value is None or np.all(np.isfinite(value))


@pytest.mark.parametrize("name", FIDELITIES)
@pytest.mark.parametrize("channels", [1, 3])
def test_fit_and_assignment_lower_the_energy_without_any_guard(name, channels):
    """Without border nothing is rounded to 8 bits: every step has to come down by itself."""
    rng = np.random.default_rng(0)
    values = Values(random_picture(rng, "uint8", 2, channels), "sqrt")
    fidelity = fidelity_of(name, values, 3)
    border = Border(0.0, 2.0, values.space)
    state = state_of(random_labels(rng, values.channels[0].shape, 3), fidelity, border)
    energies = [state.energy]
    for _ in range(12):
        state = state_of(state.model.assign(state.heat), fidelity, border, state.model)
        energies.append(state.energy)
    assert np.diff(energies).max() <= 1e-6 * abs(energies[0])
    assert energies[-1] < energies[0] - 0.01 * abs(energies[0])


@given(SEEDS, LENGTHS, TAUS, st.integers(2, 4), st.sampled_from([2, 3]))
def test_with_border_no_step_rises_by_more_than_rounding(seed, length, tau, phases, dimensions):
    rng = np.random.default_rng(seed)
    values = Values(random_picture(rng, "uint8", dimensions, 1), "none")
    fidelity, border = Constant(values, phases), Border(length, tau, values.space)
    state = state_of(random_labels(rng, values.channels[0].shape, phases), fidelity, border)
    for _ in range(6):
        after = state_of(state.model.assign(state.heat), fidelity, border, state.model)
        # Each of up to six passes rounds by half a step of 254.
        assert after.energy <= state.energy + border.weight * values.pixels * 3 / 254
        state = after


def by_the_book(values, labels, phases, length, tau):
    """F_k, lambda sqrt(pi / tau) and G u_k as the formulas have them, but for 8 bits in G."""
    inside = labels == np.arange(phases)[:, np.newaxis, np.newaxis]
    means = np.stack([values[u].mean(axis=0) for u in inside])
    distances = np.sum((values - means[:, np.newaxis, np.newaxis]) ** 2, axis=-1)
    heat = np.stack([diffuse(u * np.uint8(254), tau, tolerance=0.16) / 254 for u in inside])
    if phases == 2:
        heat[0] = 1 - heat[1]
    return inside, distances, length * np.sqrt(np.pi / tau), heat


@given(SEEDS, LENGTHS, TAUS, st.integers(2, 4))
def test_the_energy_is_that_of_esedoglu_and_otto(seed, length, tau, phases):
    rng = np.random.default_rng(seed)
    image = random_picture(rng, "uint8", 2, 3)
    labels = random_labels(rng, image.shape[:-1], phases)
    inside, distances, weight, heat = by_the_book(np.sqrt(image / 255), labels, phases, length, tau)
    border = Border(length, tau, labels.shape)
    state = state_of(labels, Constant(Values(image, "sqrt"), phases), border)
    assert state.model.energy == pytest.approx(distances[inside].sum(), rel=1e-4)
    assert state.heat.energy == pytest.approx(weight * np.sum(inside * (1 - heat)), rel=1e-6)


@given(SEEDS, LENGTHS, TAUS, st.integers(2, 4))
def test_a_step_gives_pixels_to_the_cheapest_phase(seed, length, tau, phases):
    rng = np.random.default_rng(seed)
    image = random_picture(rng, "uint8", 2, 3)
    labels = random_labels(rng, image.shape[:-1], phases)
    _, distances, weight, heat = by_the_book(np.sqrt(image / 255), labels, phases, length, tau)
    costs = distances - 2 * weight * heat
    border = Border(length, tau, labels.shape)
    state = state_of(labels, Constant(Values(image, "sqrt"), phases), border)
    chosen = state.model.assign(state.heat)[np.newaxis]
    excess = np.take_along_axis(costs, chosen, axis=0)[0] - costs.min(axis=0)
    assert excess.max() <= 1e-5 * (1 + weight)


def test_two_boxes_in_8_bits_are_near_the_exact_heat_and_both_near_the_length():
    labels = (disc_mask((128, 128), 40) * 1).astype(np.uint8)
    found = Border(1.0, 2.0, labels.shape).heat(labels, 2).energy
    exact = np.sum(labels * (1 - heat_semigroup(labels.astype(float), 2.0)))
    assert found == pytest.approx(2 * np.sqrt(np.pi / 2.0) * exact, rel=0.03)
    assert found == pytest.approx(2 * 2 * np.pi * 40, rel=0.05)


@pytest.mark.parametrize("name", FIDELITIES)
@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_costs_of_all_pixels_are_the_energy(name, dimensions):
    rng = np.random.default_rng(1)
    values = Values(random_picture(rng, "uint16", dimensions, 2), "sqrt")
    labels = random_labels(rng, values.channels[0].shape, 3)
    model = fidelity_of(name, values, 3).fit(labels)
    costs = model.costs(slice(None))
    assert costs.shape == (3, *labels.shape)
    total = np.take_along_axis(costs, labels[np.newaxis].astype(int), axis=0).sum(dtype=float)
    if name != "mixture":
        total += values.power
    # What a local fit or a background costs by itself is small, and in the energy only.
    assert total <= model.energy + 1e-3 * abs(model.energy)
    assert total >= model.energy - 0.1 * abs(model.energy)


@given(SEEDS, LENGTHS, TAUS)
def test_the_table_of_gray_pictures_is_the_general_way(seed, length, tau):
    rng = np.random.default_rng(seed)
    values = Values(random_picture(rng, "uint8", 2, 1), "sqrt")
    labels = random_labels(rng, values.channels[0].shape, 2)
    border = Border(length, tau, values.space)
    quick = state_of(labels, ConstantGray(values, 2), border)
    general = state_of(labels, Constant(values, 2), border)
    assert quick.energy == pytest.approx(general.energy, rel=1e-4)
    one, other = quick.model.assign(quick.heat), general.model.assign(general.heat)
    assert np.mean(one != other) < 0.01
    assert np.array_equal(one, quick.heat.cheapest(quick.model.costs))


def test_without_border_the_table_decides_by_value_alone():
    values = Values(np.array([[[0], [60], [255]]], np.uint8), "none")
    border = Border(0.0, 2.0, (1, 3))
    begin = state_of(np.array([[0, 1, 1]], np.uint8), ConstantGray(values, 2), border)
    assert begin.model.assign(begin.heat).tolist() == [[0, 0, 1]]


def test_a_step_that_rounding_makes_rise_ends_the_flow(monkeypatch):
    values = Values(np.array([[[0], [100], [255]]], np.uint8), "none")
    border, fidelity = Border(0.0, 2.0, (1, 3)), ConstantGray(values, 2)
    begin = state_of(np.array([[0, 0, 1]], np.uint8), fidelity, border)
    monkeypatch.setattr(type(begin.model), "assign", lambda *_: np.array([[0, 1, 1]], np.uint8))
    ended = flow(begin, fidelity, border, steps=5, still=0.0)
    assert ended.state is begin
    assert ended.energies == (begin.energy,)
    assert ended.converged


def test_a_flow_that_is_cut_short_says_so():
    rng = np.random.default_rng(0)
    image = random_picture(rng, "uint8", 2, 1)
    prompt = random_labels(rng, image.shape[:-1], 2) > 0
    cut = HeatFlow(length=0.05, max_iter=1, still=0.0).segment(image, prompt)
    assert not cut.facts.converged
    assert cut.facts.iterations == 1
    assert HeatFlow(length=0.05, still=0.0).segment(image, prompt).facts.converged


def test_still_stops_where_few_pixels_move():
    rng = np.random.default_rng(0)
    image = random_picture(rng, "uint8", 2, 1)
    prompt = random_labels(rng, image.shape[:-1], 2) > 0
    facts = HeatFlow(length=0.05, still=1.0).segment(image, prompt).facts
    assert (facts.iterations, facts.converged) == (1, True)

"""The Potts energy, and its solvers against brute force, SciPy's flow and each other."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from acetate.segment.random_field import SOLVERS, PottsField, icm, max_flow

ALL_4X4 = ((np.arange(2**16)[:, np.newaxis] >> np.arange(16)) & 1).reshape(-1, 4, 4)


def slow_energy(field, labels):
    """Add up costs and neighbours one by one; costs without a cut."""
    side, corner = (np.pi / 8, np.pi / 8 / np.sqrt(2)) if field.connectivity == 8 else (1.0, 0.0)
    total = 0.0
    height, width = labels.shape
    for y, x in itertools.product(range(height), range(width)):
        total += field.costs[labels[y, x], y, x]
        for i, j, weight in (
            (y, x + 1, side),
            (y + 1, x, side),
            (y + 1, x + 1, corner),
            (y + 1, x - 1, corner),
        ):
            if i < height and 0 <= j < width and labels[i, j] != labels[y, x]:
                total += weight * field.smoothness
    return total


def random_field(seed, shape, phases, connectivity):
    rng = np.random.default_rng(seed)
    return PottsField(rng.normal(0, 2, (phases, *shape)), rng.uniform(0, 3), connectivity)


def all_energies(field):
    """Return the whole units of all labels of a field of 4 x 4 pixels and two phases."""
    units = field.units.astype(np.int64)
    side, corner = field.weights
    sums = np.where(ALL_4X4, units[1], units[0]).sum(axis=(1, 2))
    sides = (ALL_4X4[:, 1:] != ALL_4X4[:, :-1]).sum(axis=(1, 2))
    sides += (ALL_4X4[:, :, 1:] != ALL_4X4[:, :, :-1]).sum(axis=(1, 2))
    corners = (ALL_4X4[:, 1:, 1:] != ALL_4X4[:, :-1, :-1]).sum(axis=(1, 2))
    corners += (ALL_4X4[:, 1:, :-1] != ALL_4X4[:, :-1, 1:]).sum(axis=(1, 2))
    return sums + side * sides + corner * corners


@given(
    seed=st.integers(0, 9999),
    height=st.integers(1, 7),
    width=st.integers(1, 7),
    phases=st.integers(1, 4),
    connectivity=st.sampled_from([4, 8]),
)
def test_the_energy_is_that_of_the_definition(seed, height, width, phases, connectivity):
    field = random_field(seed, (height, width), phases, connectivity)
    labels = np.random.default_rng(seed).integers(0, phases, (height, width))
    assert field.energy(labels) == pytest.approx(slow_energy(field, labels), abs=1e-3)
    assert sum(field.parts(labels)) == pytest.approx(field.energy(labels))


@settings(max_examples=40)
@given(seed=st.integers(0, 9999), connectivity=st.sampled_from([4, 8]))
def test_max_flow_finds_the_minimum_of_brute_force_and_icm_none_below(seed, connectivity):
    field = random_field(seed, (4, 4), 2, connectivity)
    least = int(all_energies(field).min())
    assert sum(field.total(max_flow(field).labels)) == least
    assert sum(field.total(icm(field).labels)) >= least


@given(seed=st.integers(0, 9999), connectivity=st.sampled_from([4, 8]))
def test_max_flow_agrees_with_scipy(seed, connectivity):
    field = random_field(seed, (9, 13), 2, connectivity)
    assert sum(field.total(max_flow(field).labels)) == scipys_minimum(field)


def scipys_minimum(field):
    height, width = field.space
    node = np.arange(height * width).reshape(height, width)
    source, sink = node.size, node.size + 1
    units = field.units.reshape(2, -1)
    edges = [
        (np.full(node.size, source), node.ravel(), units[1]),
        (node.ravel(), np.full(node.size, sink), units[0]),
    ]
    for weight, one, other in (
        (field.weights[0], node[:, :-1], node[:, 1:]),
        (field.weights[0], node[:-1], node[1:]),
        (field.weights[1], node[:-1, :-1], node[1:, 1:]),
        (field.weights[1], node[:-1, 1:], node[1:, :-1]),
    ):
        amount = np.full(one.size, weight)
        edges += [(one.ravel(), other.ravel(), amount), (other.ravel(), one.ravel(), amount)]
    tails, heads, amounts = (np.concatenate(part) for part in zip(*edges, strict=True))
    graph = coo_array((amounts.astype(np.int32), (tails, heads)), (node.size + 2,) * 2).tocsr()
    return maximum_flow(graph, source, sink).flow_value


@given(seed=st.integers(0, 9999), connectivity=st.sampled_from([4, 8]))
def test_expansion_ends_where_no_single_growth_helps_and_near_the_minimum(seed, connectivity):
    field = random_field(seed, (3, 3), 3, connectivity)
    every = np.array(list(itertools.product(range(3), repeat=9))).reshape(-1, 3, 3)
    least = min(sum(field.total(labels)) for labels in every)
    solved = max_flow(field)
    total = sum(field.total(solved.labels))
    assert least <= total <= 2 * max(least, 1)
    for phase in range(3):
        for grown in itertools.product([False, True], repeat=9):
            labels = np.where(np.reshape(grown, (3, 3)), phase, solved.labels)
            assert sum(field.total(labels)) >= total


@given(seed=st.integers(0, 9999), phases=st.integers(2, 4), connectivity=st.sampled_from([4, 8]))
def test_icm_ends_where_no_single_pixel_helps(seed, phases, connectivity):
    field = random_field(seed, (6, 5), phases, connectivity)
    solved = icm(field)
    assert solved.converged
    total = sum(field.total(solved.labels))
    assert total <= sum(field.total(field.cheapest))
    for y, x, phase in itertools.product(range(6), range(5), range(phases)):
        labels = solved.labels.copy()
        labels[y, x] = phase
        assert sum(field.total(labels)) >= total


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("phases", [1, 2, 3])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (8, 1), (12, 15)])
def test_every_solver_returns_labels_and_their_energy(name, phases, shape):
    field = random_field(5, shape, phases, 8)
    solved = SOLVERS[name](field, None)
    assert solved.labels.dtype == np.uint8
    assert solved.labels.shape == shape
    assert solved.energy == pytest.approx(field.energy(solved.labels))
    assert solved.energy >= max_flow(field).energy - 1e-9 or phases == 3
    start = np.zeros(shape, np.uint8)
    assert SOLVERS[name](field, start).labels.shape == shape
    assert not start.any()


@pytest.mark.parametrize("name", SOLVERS)
def test_without_smoothness_every_pixel_is_for_itself(name):
    rng = np.random.default_rng(0)
    field = PottsField(rng.normal(0, 1, (3, 20, 20)), 0.0)
    assert np.array_equal(SOLVERS[name](field, None).labels, field.cheapest)


@pytest.mark.parametrize("name", SOLVERS)
def test_noise_goes_and_the_disc_stays(name):
    y, x = np.mgrid[:96, :96]
    truth = (y - 48) ** 2 + (x - 48) ** 2 < 26**2
    odds = (truth - 0.5 + np.random.default_rng(0).normal(0, 1, truth.shape)) * 1.0
    field = PottsField(np.stack([0 * odds, -odds]), 1.0)
    alone = np.mean(field.cheapest != truth)
    wrong = np.mean(SOLVERS[name](field, None).labels != truth)
    assert alone > 0.25
    assert wrong < (0.1 if name == "icm" else 0.03)


def test_a_heavy_border_leaves_one_phase():
    rng = np.random.default_rng(0)
    field = PottsField(rng.normal(0, 1, (2, 16, 16)), 1e4)
    assert len(np.unique(max_flow(field).labels)) == 1


def test_diagonals_charge_slanted_borders_by_their_length():
    y, x = np.mgrid[:200, :200]
    costs = np.zeros((2, 200, 200))
    for angle in np.linspace(0, np.pi, 13):
        half = ((x - 99.5) * np.cos(angle) + (y - 99.5) * np.sin(angle) > 0.1).astype(np.uint8)
        inner = PottsField(costs[:, 50:150, 50:150], 1.0)
        length = 100 / max(abs(np.cos(angle)), abs(np.sin(angle)))
        assert inner.energy(half[50:150, 50:150]) == pytest.approx(length, rel=0.08)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match=r"\(phases, H, W\), 1 to 255 phases, got \(2, 3\)"):
        PottsField(np.zeros((2, 3)), 1.0)
    with pytest.raises(ValueError, match="costs has 1 NaN"):
        PottsField(np.array([[[0, np.nan]], [[1, 1]]]), 1.0)
    with pytest.raises(ValueError, match="smoothness must lie in"):
        PottsField(np.zeros((2, 3, 3)), -1.0)
    field = PottsField(np.zeros((2, 3, 3)), 1.0)
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 1\], got \[2, 2\]"):
        field.energy(np.full((3, 3), 2))
    with pytest.raises(ValueError, match=r"shape \(3, 3\), got \(3, 2\)"):
        icm(field, np.zeros((3, 2), np.uint8))
    with pytest.raises(TypeError, match="array of integers, got float64"):
        icm(field, np.zeros((3, 3)))

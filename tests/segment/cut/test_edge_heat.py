"""Heat that edges hold back: symmetric, nowhere negative, conserving; and what borders cost."""

import numpy as np
import pytest

from acetate.segment.cut.edge_heat import EdgeBorder, EdgeHeat, Relief
from acetate.segment.flow.border import Border


def relief(rows=9, columns=7, channels=3, seed=0):
    planes = np.random.default_rng(seed).random((channels, rows, columns))
    return Relief(planes.astype(np.float32))


def as_matrix(heat, shape):
    basis = np.eye(int(np.prod(shape)), dtype=np.float32)
    return np.stack([heat.flowed(one.reshape(shape)).ravel() for one in basis], axis=1)


def test_the_usual_difference_is_that_of_neighbours():
    planes = np.random.default_rng(1).random((2, 4, 5)).astype(np.float32)
    right, below = np.diff(planes, axis=2) ** 2, np.diff(planes, axis=1) ** 2
    usual = (right.sum() + below.sum()) / (4 * 4 + 3 * 5)
    given = Relief(planes)
    assert given.usual == pytest.approx(usual, rel=1e-5)
    assert np.allclose(given.right, right.sum(axis=0) / usual, atol=1e-5)
    assert np.allclose(given.below, below.sum(axis=0) / usual, atol=1e-5)
    slant = ((planes[:, 1:, 1:] - planes[:, :-1, :-1]) ** 2).sum(axis=0)
    assert np.allclose(given.squares((0, 0), (1, 1)), slant)
    bent = ((planes[:, 1:, :-1] - planes[:, :-1, 1:]) ** 2).sum(axis=0)
    assert np.allclose(given.squares((0, 1), (1, 0)), bent)


@pytest.mark.parametrize("shape", [(9, 7), (1, 8), (8, 1), (1, 1)])
@pytest.mark.parametrize("contrast", [0.0, 1.0, 50.0])
def test_the_heat_is_symmetric_positive_and_keeps_what_is_constant(shape, contrast):
    matrix = as_matrix(EdgeHeat(relief(*shape), 4.0, contrast), shape)
    assert np.allclose(matrix, matrix.T, atol=1e-6)
    assert np.allclose(matrix.sum(axis=1), 1, atol=1e-5)
    assert matrix.min() >= 0
    assert np.linalg.eigvalsh(matrix.astype(np.float64)).min() > -1e-6


def test_a_step_along_rows_solves_the_implicit_equations():
    given = relief(1, 12)
    conductance = 0.01 + 0.99 * np.exp(-given.right[0].astype(np.float64) / 2)
    laplacian = np.zeros((12, 12))
    for i, flow in enumerate(conductance):
        laplacian[i : i + 2, i : i + 2] += flow * np.array([[1, -1], [-1, 1]])
    half = np.linalg.inv(np.eye(12) + 2.0 * laplacian)
    found = as_matrix(EdgeHeat(given, 4.0, 1.0), (1, 12))
    assert np.allclose(found, half @ half, atol=1e-5)


def test_mirrored_edges_give_mirrored_heat():
    mask = np.random.default_rng(2).random((9, 7)).astype(np.float32)
    given = relief()
    plain = EdgeHeat(given, 4.0, 1.0).flowed(mask)
    for way in (np.s_[::-1], np.s_[:, ::-1]):
        planes = np.stack([plane[way] for plane in given.planes])
        mirrored = EdgeHeat(Relief(planes), 4.0, 1.0).flowed(np.ascontiguousarray(mask[way]))
        assert np.allclose(mirrored[way], plain, atol=1e-6)


def test_without_edges_a_border_costs_about_what_it_does_elsewhere():
    labels = np.zeros((64, 64), np.uint8)
    labels[:, 32:] = 1
    flat = EdgeHeat(Relief(np.zeros((1, 64, 64), np.float32)), 8.0, 1.0)
    expected = Border(1.0, 8.0, (64, 64)).heat(labels, 2).energy
    assert EdgeBorder(1.0, flat).heat(labels, 2).energy == pytest.approx(expected, rel=0.2)


def test_two_phases_and_three_with_an_empty_one_cost_the_same():
    labels = (np.random.default_rng(3).random((9, 7)) > 0.5).astype(np.uint8)
    border = EdgeBorder(2.0, EdgeHeat(relief(), 4.0, 1.0))
    two, three = border.heat(labels, 2), border.heat(labels, 3)
    assert three.energy == pytest.approx(two.energy, rel=1e-5)
    assert np.allclose(three.warmth[0], two.warmth[0], atol=1e-6)
    assert np.all(three.warmth[2] == 0)


def test_the_energy_is_the_heat_that_left_its_phase():
    labels = (np.random.default_rng(4).random((9, 7)) > 0.5).astype(np.uint8)
    heat = EdgeHeat(relief(), 4.0, 1.0)
    kernel = as_matrix(heat, (9, 7)).astype(np.float64)
    inside = labels.ravel().astype(np.float64)
    lost = inside @ kernel @ (1 - inside)
    found = EdgeBorder(3.0, heat).heat(labels, 2).energy
    assert found == pytest.approx(2 * 3.0 * np.sqrt(np.pi / 4.0) * lost, rel=1e-5)

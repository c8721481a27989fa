"""The compiled loops of the cosine shrinkage do what their Python says, and that is a DCT."""

import numpy as np
import pytest
from scipy.fft import dctn, idctn

from acetate.heat import cosine_loops
from acetate.heat.noise import cosine_basis

BASIS = cosine_basis()
WIDTH = 12


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


def scratch():
    return np.zeros((16, WIDTH), np.float32)


def blocks_of(rows):
    return np.lib.stride_tricks.sliding_window_view(rows, (8, 8))[0]


@pytest.fixture(params=["compiled", "python"])
def loops(request):
    """The functions of the module, compiled or as they are written."""
    kind = request.param

    def get(name):
        function = getattr(cosine_loops, name)
        return function if kind == "compiled" else function.py_func

    return get


def test_blocks_are_analysed_into_their_cosines(loops):
    rows = random(8, WIDTH)
    coefficients = np.zeros((64, WIDTH - 7), np.float32)
    loops("analyse")(rows.ravel(), WIDTH, BASIS, scratch(), coefficients)
    expected = dctn(blocks_of(rows), axes=(1, 2), norm="ortho").reshape(-1, 64).T
    assert np.allclose(coefficients, expected, atol=1e-5)


def test_eight_points_go_there_and_back(loops):
    line = random(WIDTH)
    folded, waves = np.zeros((8, 5), np.float32), np.zeros((8, 5), np.float32)
    loops("fold")(line, 1, folded, 5)
    loops("forward")(folded, BASIS, waves, 5)
    windows = np.lib.stride_tricks.sliding_window_view(line, 8)
    assert np.allclose(waves, BASIS @ windows.T, atol=1e-5)
    halves = np.zeros((8, 5), np.float32)
    loops("backward")(waves, BASIS, halves, 5)
    taps = np.concatenate([halves[:4] + halves[7:3:-1], (halves[:4] - halves[7:3:-1])[::-1]])
    assert np.allclose(taps, windows.T, atol=1e-5)


def test_blocks_are_put_back_in_place_with_their_weights(loops):
    coefficients, weights = random(64, WIDTH - 7), np.abs(random(WIDTH - 7, seed=1))
    rows = np.ones((8, WIDTH), np.float32)
    loops("synthesise")(coefficients, weights, BASIS, scratch(), rows)
    expected = np.ones((8, WIDTH))
    for x in range(WIDTH - 7):
        block = idctn(coefficients[:, x].reshape(8, 8), norm="ortho")
        expected[:, x : x + 8] += weights[x] * block
    assert np.allclose(rows, expected, atol=1e-4)


def test_small_coefficients_are_cut_but_for_the_mean(loops):
    coefficients, weights = random(64, 5), np.zeros(5, np.float32)
    coefficients[0] = 0.1
    kept = np.abs(coefficients) > 1
    kept[0] = True
    expected = np.where(kept, coefficients, 0)
    loops("cut")(coefficients, 1.0, weights)
    assert np.array_equal(coefficients, expected)
    assert np.allclose(weights, 1 / kept.sum(axis=0))


def test_wieners_gains_follow_the_guide_but_for_the_mean(loops):
    coefficients, guide, weights = random(64, 5), random(64, 5, seed=1), np.zeros(5, np.float32)
    gains = guide**2 / (guide**2 + 0.5)
    gains[0] = 1
    expected = coefficients * gains
    loops("shrink")(coefficients, guide, 0.5, weights)
    assert np.allclose(coefficients, expected, atol=1e-6)
    assert np.allclose(weights, 1 / (gains**2).sum(axis=0), rtol=1e-5)


@pytest.mark.parametrize("wiener", [False, True])
@pytest.mark.parametrize("stride", [1, 3])
def test_all_blocks_are_filtered(loops, wiener, stride):
    picture, guide = random(13, WIDTH), random(13, WIDTH, seed=1)
    total, weights = loops("filter_blocks")(picture, guide, BASIS, 1.0, wiener, stride)
    expected, counted = np.zeros((13, WIDTH)), np.zeros((13, WIDTH))
    for y in range(0, 6, stride):
        for x in range(WIDTH - 7):
            waves = dctn(picture[y : y + 8, x : x + 8], norm="ortho")
            power = dctn(guide[y : y + 8, x : x + 8], norm="ortho") ** 2
            gains = power / (power + 1) if wiener else (np.abs(waves) > 1).astype(float)
            gains[0, 0] = 1
            counted[y, x] = 1 / np.sum(gains**2)
            expected[y : y + 8, x : x + 8] += counted[y, x] * idctn(gains * waves, norm="ortho")
    assert np.allclose(total, expected, atol=1e-4)
    assert np.allclose(weights, counted, rtol=1e-4)

"""Corruption by heat and noise: exact levels, and the way back with a known score."""

import itertools

import numpy as np
import pytest

from acetate import samples
from acetate.heat import HeatCorruption, heat_semigroup

PICTURE = samples.picture("camera", (24, 32))
OTHER = samples.picture("coins", (24, 32))
SMALL = HeatCorruption(levels=5, largest_t=2.0)


def rms(a, b=0.0):
    return float(np.sqrt(np.mean((a - b) ** 2)))


def test_levels_grow_by_a_constant_factor_from_the_first_to_the_last():
    times = HeatCorruption(levels=7, smallest_t=0.2, largest_t=30).times
    assert times[[0, 1, 7]] == pytest.approx([0, 0.2, 30])
    assert np.allclose(times[2:] / times[1:-1], times[2] / times[1])
    assert HeatCorruption(levels=1, smallest_t=0.2).times == pytest.approx([0, 0.2])


def test_level_zero_is_the_picture_and_more_is_worse():
    ladder = [SMALL.corrupt(PICTURE, level, seed=1) for level in range(6)]
    assert np.allclose(ladder[0], PICTURE / 255)
    losses = [rms(corrupted, ladder[0]) for corrupted in ladder]
    assert all(before < after for before, after in itertools.pairwise(losses))


def test_without_noise_it_is_the_heat_semigroup():
    ladder = HeatCorruption(noise=0.0)
    for level in (1, 10):
        expected = heat_semigroup(PICTURE / 255, ladder.times[level])
        assert np.allclose(ladder.corrupt(PICTURE, level), expected, atol=1e-5)


def test_mean_and_variance_are_those_of_the_equation():
    """Against 100 small Euler steps of the equation itself, in pixels."""
    clean = PICTURE[:6, :8] / 255
    noise, t, draws = 0.3, 1.5, 3000
    ladder = HeatCorruption(levels=1, smallest_t=t, largest_t=t, noise=noise)
    rng = np.random.default_rng(0)
    drawn = ladder.corrupt(np.repeat(clean[:, :, np.newaxis], draws, axis=2), 1, rng)
    walked = np.repeat(clean[:, :, np.newaxis], draws, axis=2)
    for _ in range(100):
        step = rng.normal(0, noise * np.sqrt(t / 100), walked.shape)
        walked = heat_semigroup(walked + step / 2, t / 100) + step / 2
    assert np.allclose(drawn.mean(axis=2), walked.mean(axis=2), atol=0.04)
    assert np.allclose(drawn.std(axis=2), walked.std(axis=2), rtol=0.1)
    assert drawn.std(axis=2).mean() == pytest.approx(walked.std(axis=2).mean(), rel=0.01)


def test_a_path_ends_with_the_law_of_its_last_level():
    clean = np.repeat(PICTURE[:8, :8, np.newaxis], 1500, axis=2)
    path = list(SMALL.path(clean, seed=3))
    assert len(path) == 6
    assert np.allclose(path[0], clean / 255)
    jumped = SMALL.corrupt(clean, 5, seed=4)
    assert np.allclose(path[-1].mean(axis=2), jumped.mean(axis=2), atol=0.01)
    assert path[-1].std(axis=2).mean() == pytest.approx(jumped.std(axis=2).mean(), rel=0.02)


def test_a_path_is_one_picture_falling_apart():
    path = list(HeatCorruption(smallest_t=0.01, largest_t=0.02, noise=0.5).path(PICTURE, seed=5))
    noises = [p - PICTURE / 255 for p in path]
    assert np.corrcoef(noises[5].ravel(), noises[6].ravel())[0, 1] > 0.9


def test_the_same_seed_gives_the_same_bytes():
    score = SMALL.score_of([PICTURE])
    for draw in (
        lambda seed: SMALL.corrupt(PICTURE, 3, seed),
        lambda seed: np.stack(list(SMALL.path(PICTURE, seed))),
        lambda seed: SMALL.restore(PICTURE / 255, 2, score, seed=seed),
    ):
        assert draw(7).tobytes() == draw(7).tobytes()
    assert SMALL.corrupt(PICTURE, 3, 7).tobytes() != SMALL.corrupt(PICTURE, 3, 8).tobytes()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_white_is_one_whatever_the_dtype(dtype):
    white = {"uint8": 255, "uint16": 65535}.get(dtype, 1)
    picture = (PICTURE / 255 * white).astype(dtype)
    picture.flags.writeable = False
    corrupted = SMALL.corrupt(picture, 1, seed=1)
    assert corrupted.dtype == ("float64" if dtype == "float64" else "float32")
    expected = heat_semigroup(picture / white, SMALL.times[1])
    assert rms(corrupted, expected) < 0.02


def log_density(pixels, pictures, t, noise):
    """The density of corrupted pictures, written with matrices."""
    n = pixels.size
    basis = np.stack(
        [heat_semigroup(e.reshape(pixels.shape), t).ravel() for e in np.eye(n)], axis=1
    )
    times = np.linspace(0, t, 2001)
    middle = (times[1:] + times[:-1]) / 2
    values, vectors = np.linalg.eigh(basis)
    rates = -np.log(values) / t
    variance = noise**2 * np.exp(-2 * rates[:, np.newaxis] * middle).mean(axis=1) * t
    logits = [
        -np.sum((vectors.T @ (pixels.ravel() - basis @ p.ravel())) ** 2 / variance) / 2
        for p in pictures
    ]
    return np.logaddexp.reduce(logits)


@pytest.mark.parametrize("t", [0.2, 2.0])
def test_the_score_is_the_gradient_of_the_log_density(t):
    rng = np.random.default_rng(6)
    known = [rng.random((3, 4)), rng.random((3, 4))]
    pixels = rng.random((3, 4))
    score = HeatCorruption(noise=0.5).score_of(known)(pixels, t)
    for place in np.ndindex(3, 4):
        nudge = np.zeros((3, 4))
        nudge[place] = 1e-4
        slope = log_density(pixels + nudge, known, t, 0.5) - log_density(
            pixels - nudge, known, t, 0.5
        )
        assert score[place] == pytest.approx(slope / 2e-4, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_the_way_back_ends_at_the_known_picture(level):
    corrupted = SMALL.corrupt(PICTURE, level, seed=1)
    restored = SMALL.restore(corrupted, level, SMALL.score_of([PICTURE]), seed=2)
    assert rms(corrupted, PICTURE / 255) > 0.02
    assert rms(restored, PICTURE / 255) < 0.002


def test_of_several_pictures_it_finds_the_right_one():
    score = SMALL.score_of([OTHER, PICTURE])
    for seed, picture in enumerate((PICTURE, OTHER)):
        corrupted = SMALL.corrupt(picture, 5, seed=seed)
        assert rms(SMALL.restore(corrupted, 5, score, seed=2), picture / 255) < 0.002


def test_what_is_not_known_cannot_come_back():
    corrupted = SMALL.corrupt(PICTURE, 5, seed=1)
    restored = SMALL.restore(corrupted, 5, SMALL.score_of([OTHER]), seed=2)
    assert rms(restored, OTHER / 255) < 0.002
    assert rms(restored, PICTURE / 255) > 0.1


def test_a_score_from_elsewhere_is_asked_with_pixels_and_time():
    asked = []

    def flat(picture, t):
        asked.append((picture.shape, t))
        return np.zeros_like(picture)

    SMALL.restore(PICTURE / 255, 2, flat, steps=40, seed=1)
    times = [t for _, t in asked]
    assert times[0] == pytest.approx(SMALL.times[2])
    assert len(times) == 40
    assert times == sorted(times, reverse=True)
    assert {shape for shape, _ in asked} == {PICTURE.shape}


def test_level_zero_is_where_it_is():
    restored = SMALL.restore(PICTURE / 255, 0, SMALL.score_of([PICTURE]), steps=3)
    assert np.allclose(restored, PICTURE / 255)


def test_color_and_single_rows():
    picture = np.random.default_rng(0).random((1, 20, 3)).astype(np.float32)
    corrupted = SMALL.corrupt(picture, 4, seed=1)
    assert corrupted.shape == (1, 20, 3)
    restored = SMALL.restore(corrupted, 4, SMALL.score_of([picture]), seed=2)
    assert rms(restored, picture) < 0.002


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: SMALL.corrupt(PICTURE, 6), ValueError, r"level must lie in \[0, 5\], got 6"),
        (lambda: SMALL.corrupt(PICTURE, 1.0), TypeError, "level must be a whole number, got 1.0"),
        (lambda: SMALL.corrupt(PICTURE, True), TypeError, "level must be a whole number, got True"),
        (lambda: SMALL.corrupt(PICTURE * 1.0, 1), ValueError, r"must lie in \[0, 1\]"),
        (lambda: SMALL.corrupt(np.full((4, 4), np.nan), 1), ValueError, "16 NaN or infinite"),
        (lambda: SMALL.corrupt(np.zeros((0, 4)), 1), ValueError, "image is empty"),
        (lambda: SMALL.corrupt([0], 1), TypeError, "image must be a NumPy array, got list"),
        (lambda: SMALL.restore(PICTURE, 9, None), ValueError, r"level must lie in \[0, 5\], got 9"),
        (lambda: SMALL.restore(PICTURE, 5, None, steps=3), ValueError, "at least 74 .* got 3"),
        (lambda: SMALL.restore([0], 1, None), TypeError, "image must be a NumPy array, got list"),
        (lambda: SMALL.score_of([]), ValueError, r"pictures of one shape, got \[\]"),
        (
            lambda: SMALL.score_of([PICTURE, PICTURE[1:]]),
            ValueError,
            r"got \[\(23, 32\), \(24, 32\)\]",
        ),
        (lambda: HeatCorruption(noise=0).score_of([PICTURE]), ValueError, "got noise = 0"),
        (lambda: HeatCorruption(noise=0).restore(PICTURE, 1, None), ValueError, "no way back"),
        (lambda: HeatCorruption(levels=0), ValueError, r"levels must lie in \[1, 1000\], got 0"),
        (lambda: HeatCorruption(smallest_t=9), ValueError, "not be above largest_t, got 9 and 8"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()

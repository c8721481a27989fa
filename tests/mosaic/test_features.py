"""What tiles are compared by, against the plain way of working it out."""

import cv2
import numpy as np
import pytest
from skimage.color import rgb2lab

from acetate import samples
from acetate.mosaic.library.features import GRIDS, looks, measured, to_lab


def tiles(shape: tuple[int, int], count: int = 5) -> np.ndarray:
    names = samples.names()[:count]
    pictures = [samples.picture(name) for name in names]
    coloured = [p if p.ndim == 3 else np.dstack([p] * 3) for p in pictures]
    return np.stack([cv2.resize(p, shape[::-1], interpolation=cv2.INTER_AREA) for p in coloured])


@pytest.mark.parametrize("shape", [(50, 50), (12, 24), (25, 40), (4, 7)])
def test_colours_are_the_means_of_the_parts(shape):
    stack = tiles(shape)
    found = measured(stack)
    assert found.features["mean"] == pytest.approx(stack.mean(axis=(1, 2)), abs=1e-3)
    for k in GRIDS:
        fine = [np.kron(to_lab(tile), np.ones((k, k, 1))) for tile in stack]
        parts = [f.reshape(k, shape[0], k, shape[1], 3).mean(axis=(1, 3)).ravel() for f in fine]
        assert found.features[f"lab{k}x{k}"] == pytest.approx(np.array(parts), abs=0.001)


def test_lightness_and_contrast():
    stack = tiles((30, 40))
    lightness = np.stack([to_lab(tile)[:, :, 0] for tile in stack])
    found = measured(stack)
    assert found.lightness == pytest.approx(lightness.mean(axis=(1, 2)), abs=0.001)
    assert found.contrast == pytest.approx(lightness.std(axis=(1, 2)), abs=0.001)


def test_colours_are_those_of_the_textbook():
    stack = tiles((30, 40))
    for tile in stack:
        assert to_lab(tile) == pytest.approx(rgb2lab(tile), abs=1.5)
        assert to_lab(tile).mean((0, 1)) == pytest.approx(rgb2lab(tile).mean((0, 1)), abs=0.3)


def test_tiles_together_and_alone_are_measured_alike():
    stack = tiles((50, 50))
    together, alone = measured(stack), measured(stack[3:4])
    assert together.looks[3] == alone.looks[0]
    assert together.features["lab3x3"][3] == pytest.approx(alone.features["lab3x3"][0], abs=1e-4)


@pytest.mark.parametrize("shape", [(50, 50), (20, 30)])
def test_looks_bear_brightness_and_noise_and_tell_pictures_apart(shape):
    stack = tiles(shape, 8)
    rng = np.random.default_rng(0)
    changed = np.clip(stack * 0.9 + 8 + rng.normal(0, 1, stack.shape), 0, 255).astype(np.uint8)
    bits = np.bitwise_count(looks(stack)[:, None] ^ looks(changed))
    assert np.diag(bits).max() <= 4
    assert bits[~np.eye(8, dtype=bool)].min() > 8

"""Pictures and labels at half and at twice the resolution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate.segment.flow.pyramid import halved, labels_doubled, labels_halved, pyramid


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(6, 8, 1), (7, 9, 3), (4, 6, 8, 1), (5, 7, 9, 2), (6, 8, 6)])
def test_a_half_is_the_mean_of_neighbours(dtype, shape):
    rng = np.random.default_rng(0)
    picture = (rng.random(shape) * (200 if dtype[0] == "u" else 1)).astype(dtype)
    space = len(shape) - 1
    half = halved(picture, space)
    even = picture[tuple(slice(n // 2 * 2) for n in shape[:space])].astype(float)
    for axis in range(space):
        even = even.reshape(*even.shape[:axis], -1, 2, *even.shape[axis + 1 :]).mean(axis=axis + 1)
    assert half.dtype == dtype
    assert np.allclose(half, even, atol=1.1 if dtype[0] == "u" else 1e-6)


def test_a_pyramid_ends_at_the_coarsest_side():
    assert len(pyramid(np.zeros((64, 300, 1), np.uint8), 2, 64)) == 1
    assert len(pyramid(np.zeros((127, 300, 1), np.uint8), 2, 64)) == 1
    assert len(pyramid(np.zeros((128, 300, 1), np.uint8), 2, 64)) == 2
    assert len(pyramid(np.zeros((1, 300, 1), np.uint8), 2, 1)) == 1


@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3]), st.integers(2, 5))
def test_doubled_labels_are_halved_to_themselves(seed, dimensions, phases):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, phases, rng.integers(1, 6, dimensions), dtype=np.uint8)
    double = labels_doubled(labels, tuple(2 * n for n in labels.shape))
    assert np.array_equal(labels_halved(double, phases), labels)
    odd = labels_doubled(labels, tuple(2 * n + 1 for n in labels.shape))
    assert np.array_equal(odd[tuple(slice(2 * n) for n in labels.shape)], double)

"""Targets: the kernel at every landmark, on arrays and on tensors."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from acetate.landmarks import heatmap_targets
from acetate.landmarks import tensors as on_tensors

COORDINATES = st.floats(-10, 40, width=32)


def direct(points, shape, sigma):
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    away = (x - points[..., 0, None, None]) ** 2 + (y - points[..., 1, None, None]) ** 2
    return np.exp(-away / (2 * sigma**2))


@given(
    st.lists(st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=3), min_size=1),
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.floats(0.5, 8),
)
def test_targets_are_the_gaussian_at_pixel_centres_never_rounded(points, shape, sigma):
    points = np.array(points)
    maps = heatmap_targets(points, shape, sigma)
    assert maps.dtype == np.float32
    assert maps.shape == (len(points), 3, *shape)
    assert np.allclose(maps, direct(points, shape, sigma), atol=1e-6)
    twin = on_tensors.heatmap_targets(torch.from_numpy(points), shape, sigma)
    assert np.allclose(twin.numpy(), maps, atol=1e-6)


def test_missing_landmarks_have_maps_of_zeros():
    points = np.array([[[3.0, 4.0], [np.nan, np.nan]], [[np.nan, 2.0], [5.0, 5.0]]])
    maps = heatmap_targets(points, (8, 8), 1.0)
    assert (maps.max(axis=(2, 3)) > 0.5).tolist() == [[True, False], [False, True]]
    assert not maps[0, 1].any()
    assert not on_tensors.heatmap_targets(torch.from_numpy(points), (8, 8), 1.0)[1, 0].any()


def test_one_picture_and_no_landmarks():
    assert heatmap_targets(np.ones((5, 2)), (4, 6)).shape == (5, 4, 6)
    assert heatmap_targets(np.ones((2, 0, 2)), (4, 6)).shape == (2, 0, 4, 6)


@pytest.mark.parametrize(
    ("points", "shape", "sigma", "message"),
    [
        (np.ones((2, 3)), (4, 4), 1.0, r"points must have shape \(N, K, 2\) or \(K, 2\), got"),
        (np.ones(2), (4, 4), 1.0, r"points must have shape"),
        (np.ones((2, 2)), (0, 4), 1.0, "shape is"),
        (np.ones((2, 2)), (4, 4), 0.0, "sigma must be above 0"),
    ],
)
def test_targets_that_make_no_sense_are_refused(points, shape, sigma, message):
    with pytest.raises(ValueError, match=message):
        heatmap_targets(points, shape, sigma)


def test_tensors_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match=r"points must have shape \(..., 2\), got \(3,\)"):
        on_tensors.heatmap_targets(torch.ones(3), (4, 4))
    with pytest.raises(ValueError, match="sigma must be above 0, got nan"):
        on_tensors.heatmap_targets(torch.ones(3, 2), (4, 4), float("nan"))

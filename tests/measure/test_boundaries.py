"""Outlines: the boundary F1 and the distances, against brute force and scikit-image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import hausdorff_distance
from skimage.segmentation import find_boundaries

from acetate.measure import boundary_f1, surface_distances
from acetate.measure.boundaries import outline

SEEDS = st.integers(0, 2**32 - 1)


def pair(seed):
    rng = np.random.default_rng(seed)
    blurred = rng.random((2, 12, 15)) > 0.6
    blurred[:, 5, 6:9] = True, False, True
    return blurred


def distances(one, other, spacing=(1.0, 1.0)):
    here, there = np.argwhere(one) * spacing, np.argwhere(other) * spacing
    return np.sqrt(((here[:, np.newaxis] - there) ** 2).sum(-1)).min(1)


@given(SEEDS, st.sampled_from([0, 1, 1.5, 2, 3]))
def test_boundary_f1_is_that_of_brute_force(seed, tolerance):
    one, other = pair(seed)
    a, b = (find_boundaries(mask, connectivity=1, mode="inner") for mask in (one, other))
    precision, recall = (np.mean(distances(*both) <= tolerance) for both in ((a, b), (b, a)))
    expected = 2 * precision * recall / (precision + recall) if precision + recall else 0
    assert boundary_f1(one, other, tolerance) == pytest.approx(expected)


@given(SEEDS, st.sampled_from([(1.0, 1.0), (0.5, 0.5), (2.0, 0.7)]))
def test_surface_distances_are_those_of_brute_force(seed, spacing):
    one, other = pair(seed)
    a, b = (outline(mask, edge=True) for mask in (one, other))
    there, back = distances(a, b, spacing), distances(b, a, spacing)
    found = surface_distances(one, other, spacing)
    assert found.hausdorff == pytest.approx(max(there.max(), back.max()))
    expected = max(np.percentile(there, 95), np.percentile(back, 95))
    assert found.hausdorff_95 == pytest.approx(expected)
    assert found.mean == pytest.approx(np.concatenate([there, back]).mean())
    if spacing == (1.0, 1.0):
        assert found.hausdorff == pytest.approx(hausdorff_distance(a, b))


def test_volumes_have_surfaces():
    cube = np.zeros((9, 9, 9), bool)
    cube[2:6, 2:6, 2:6] = True
    moved = np.roll(cube, 2, axis=0)
    assert surface_distances(cube, moved, spacing=(3.0, 1.0, 1.0)).hausdorff == 6
    assert surface_distances(cube, moved).mean < 2
    assert boundary_f1(cube, moved, 2) == 1


def test_equal_empty_and_full():
    nothing, all_of_it = np.zeros((5, 6), bool), np.ones((5, 6), bool)
    part = all_of_it.copy()
    part[:, 3:] = False
    assert boundary_f1(part, part) == boundary_f1(nothing, nothing) == 1
    assert boundary_f1(all_of_it, all_of_it) == 1
    assert boundary_f1(all_of_it, nothing) == boundary_f1(nothing, all_of_it) == 0
    assert boundary_f1(all_of_it, part) == boundary_f1(part, all_of_it) == 0
    assert boundary_f1(part, nothing) == boundary_f1(nothing, part) == 0
    assert surface_distances(nothing, nothing).hausdorff == 0
    assert surface_distances(part, nothing).mean == np.inf
    assert surface_distances(all_of_it, all_of_it).mean == 0


def test_one_row_and_one_pixel():
    row = np.array([[0, 1, 1, 0]])
    assert boundary_f1(row, row) == 1
    assert surface_distances(np.array([[1]]), np.array([[1]])).hausdorff == 0


def test_what_has_no_outline_is_refused():
    mask = np.ones((2, 2), bool)
    with pytest.raises(ValueError, match=r"tolerance must be a finite number of at least 0"):
        boundary_f1(mask, mask, -1)
    with pytest.raises(TypeError, match="tolerance must be a number"):
        boundary_f1(mask, mask, "2")
    with pytest.raises(ValueError, match="spacing must be above 0"):
        surface_distances(mask, mask, 0)
    for measure in (boundary_f1, surface_distances):
        with pytest.raises(TypeError, match="got float64"):
            measure(mask / 1, mask)
        with pytest.raises(ValueError, match="one shape"):
            measure(mask, mask[:1])

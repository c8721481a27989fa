"""Objects that touch, divided."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import distance_transform_edt, gaussian_filter, label
from skimage.morphology import local_maxima, reconstruction

from acetate import samples
from acetate.segment import Watershed, disc_mask, split_touching


def chain(count, radius=10, step=16):
    shape = (2 * radius + 6, step * count + 2 * radius)
    discs = [disc_mask(shape, radius, (radius + 3 + step * k, shape[0] / 2)) for k in range(count)]
    return np.logical_or.reduce(discs)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_discs_that_overlap_are_told_apart(count):
    mask = chain(count)
    assert label(mask)[1] == 1
    objects = split_touching(mask)
    assert objects.dtype == np.int32
    assert np.array_equal(objects > 0, mask)
    assert sorted(np.unique(objects)) == list(range(count + 1))
    areas = np.bincount(objects.ravel())[1:]
    assert areas.min() > 0.75 * areas.max()


def test_more_depth_splits_less():
    mask = chain(3)
    assert [split_touching(mask, depth).max() for depth in (0.5, 50)] == [3, 1]


def test_every_part_is_an_object_however_small():
    mask = np.zeros((20, 40), bool)
    mask[1, 1] = mask[5:8, 5:8] = True
    mask |= disc_mask(mask.shape, 7, (28, 10))
    for depth in (0, 0.75, 5):
        assert split_touching(mask, depth).max() == 3


def test_nothing_and_everything():
    assert split_touching(np.zeros((3, 4), bool)).max() == 0
    assert (split_touching(np.ones((3, 4), bool)) == 1).all()
    assert (split_touching(np.ones((1, 9), np.uint8)) == 1).all()


def test_what_cannot_be_split_is_refused():
    with pytest.raises(TypeError, match="mask must be an array of booleans or integers"):
        split_touching(np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"mask must have shape \(H, W\)"):
        split_touching(np.zeros((3, 3, 3), bool))
    with pytest.raises(ValueError, match="depth must be a finite number"):
        split_touching(np.ones((3, 3), bool), -1)


def test_the_method_numbers_what_touches_in_the_order_of_rows():
    image = np.where(chain(4), 180, 60).astype(np.uint8)
    found = Watershed().segment(image)
    assert found.labels.dtype == np.int32
    assert np.array_equal(found.mask, image == 180)
    assert (found.facts.parts, found.facts.objects) == (1, 4)
    assert found.facts.fraction == np.mean(image == 180)
    firsts = [np.flatnonzero(found.labels == n)[0] for n in range(1, 5)]
    assert firsts == sorted(firsts)
    dark = Watershed(bright=False).segment(255 - image)
    assert np.array_equal(dark.labels, found.labels)


def test_small_objects_are_background():
    image = np.where(chain(2), 180, 60).astype(np.uint8)
    image[0, 0] = 180
    assert Watershed().segment(image).facts.objects == 3
    found = Watershed(min_size=2).segment(image)
    assert (found.facts.objects, found.labels[0, 0], found.labels.max()) == (2, 0, 2)
    assert Watershed(min_size=10_000).segment(image).labels.max() == 0


def test_a_mask_may_be_given_instead_of_a_threshold():
    mask = chain(3)
    found = Watershed().segment(np.zeros(mask.shape, np.uint8), mask)
    assert np.array_equal(found.labels, split_touching(mask))
    assert found.facts.thresholds == ()
    with pytest.raises(ValueError, match="mask must have the shape of the picture"):
        Watershed().segment(np.zeros((3, 3), np.uint8), mask)


def test_coins_are_counted():
    coins = samples.coins()
    found = Watershed(blur=2.0, min_size=500, depth=3.0).segment(coins[60:])
    assert 20 <= found.facts.objects <= 28


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.3, 0.75, 1.1, 2.0]))
def test_there_are_as_many_objects_as_h_maxima(seed, depth):
    noise = gaussian_filter(np.random.default_rng(seed).random((40, 50)), 2.0)
    mask = noise > np.median(noise)
    inside = np.pad(mask, 1)
    heights = distance_transform_edt(inside)
    low = np.where(inside, heights - depth, -9.0)
    flooded = reconstruction(low, np.where(inside, heights, -9.0))
    expected = label(local_maxima(flooded) & inside, np.ones((3, 3)))[1]
    assert split_touching(mask, depth).max() == expected


def test_a_mask_needs_no_threshold():
    # Of a ramp's histogram the rule would say that it has no two modes.
    image = np.tile(np.arange(50, dtype=np.uint8), (30, 1))
    mask = disc_mask(image, 10, (15, 15))
    found = Watershed(rule="intermodes").segment(image, mask)
    assert found.facts.thresholds == ()
    assert np.array_equal(found.mask, mask)

"""Connected parts of masks, against SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.ndimage import binary_propagation, label

from acetate.segment import RandomField, SizedThreshold, clean_up
from acetate.segment.components import disc_footprint, holding, large, parts_of


@given(hnp.arrays(bool, (6, 7)), st.integers(0, 5), st.booleans())
def test_large_parts_have_the_least_size(mask, least, diagonal):
    numbers, many = label(mask, np.ones((3, 3)) if diagonal else None)
    sizes = [int((numbers == k).sum()) for k in range(1, many + 1)]
    expected = np.isin(numbers, [k for k, n in enumerate(sizes, start=1) if n >= least])
    connectivity = 8 if diagonal else 4
    assert np.array_equal(large(mask, least, connectivity), expected)
    assert sorted(parts_of(mask, connectivity)[1][1:].tolist()) == sorted(sizes)


def test_pixels_have_four_neighbours_or_eight():
    for wrong in (lambda: RandomField(connectivity=6), lambda: SizedThreshold(connectivity=5)):
        with pytest.raises(ValueError, match=r"connectivity is 4 \(sides\) or 8 \(sides and corn"):
            wrong()
    with pytest.raises(ValueError, match=r"connectivity is 4 .* got 7"):
        clean_up(np.full((2, 2), 0.5), connectivity=7)  # type: ignore[arg-type]


@given(hnp.arrays(bool, (6, 7)), hnp.arrays(bool, (6, 7)), st.booleans())
def test_parts_that_hold_a_seed(seeds, mask, diagonal):
    structure = np.ones((3, 3)) if diagonal else None
    expected = binary_propagation(seeds & mask, structure, mask)
    assert np.array_equal(holding(seeds, mask, 8 if diagonal else 4), expected)


@pytest.mark.parametrize("radius", [1.0, 1.4, 1.5, 1.8, 2.0, 3.7])
def test_a_disc_holds_the_pixels_within_its_radius(radius):
    found = disc_footprint(radius)
    middle = len(found) // 2
    inside = {tuple(place - middle) for place in np.argwhere(found)}
    steps = range(-5, 6)
    assert inside == {(y, x) for y in steps for x in steps if y**2 + x**2 <= radius**2}

"""The virtual skin: found, reported, and kept out by a guard on edges."""

import numpy as np
import pytest

from acetate import samples
from acetate.measure import dice_per_label
from acetate.segment import Bands, GuardedBands, virtual_skin

THRESHOLDS = (0.15, 0.55)


def false_middle(labels, truth):
    return int(((labels == 1) & (truth != 1)).sum())


@pytest.fixture(scope="module")
def three():
    return samples.three_levels()


def test_plain_bands_have_a_skin_and_guarded_ones_have_none(three):
    """The lecture's picture: 7055 false pixels, and 246 with a guard; Dice 0.818 and 0.988."""
    image, truth = three
    plain = Bands(THRESHOLDS).segment(image).labels
    guarded = GuardedBands(THRESHOLDS, min_size=0).segment(image).labels
    seeded = GuardedBands(THRESHOLDS).segment(image).labels
    assert 6000 < false_middle(plain, truth) < 7500
    assert np.mean(plain == truth) == pytest.approx(0.975, abs=0.003)
    assert dice_per_label(plain, truth)[1] == pytest.approx(0.82, abs=0.02)
    assert false_middle(guarded, truth) < 0.03 * false_middle(plain, truth)
    assert false_middle(seeded, truth) <= false_middle(guarded, truth)
    assert np.mean(seeded == truth) > 0.9975
    assert dice_per_label(seeded, truth)[1] > 0.988


def test_a_laplacian_alone_is_no_guard(three):
    image, truth = three
    plain = Bands(THRESHOLDS).segment(image).labels
    laplacian = GuardedBands(THRESHOLDS, guard="laplacian", min_size=0).segment(image).labels
    seeded = GuardedBands(THRESHOLDS, guard="laplacian").segment(image).labels
    assert false_middle(laplacian, truth) > false_middle(plain, truth)
    assert false_middle(seeded, truth) < 0.1 * false_middle(plain, truth)


@pytest.mark.parametrize("noise", [0.0, 0.05])
@pytest.mark.parametrize("blur", [1.0, 3.0])
def test_the_guard_finds_its_own_limit(noise, blur):
    image, truth = samples.three_levels(256, blur, noise)
    plain = Bands(THRESHOLDS).segment(image).labels
    found = GuardedBands(THRESHOLDS).segment(image)
    assert false_middle(found.labels, truth) < 0.1 * false_middle(plain, truth)
    assert np.mean(found.labels == truth) > 0.985
    assert 0.02 < found.facts.guarded / image.size < 0.5


def test_the_facts_count_what_was_guarded_and_removed():
    image, _ = samples.three_levels(128, noise=0.05)
    method = GuardedBands(THRESHOLDS, limit=0.05, min_size=50)
    facts = method.segment(image).facts
    assert facts.limit == 0.05
    assert facts.guarded == np.sum(method.response(image) > 0.05)
    assert facts.removed > 0
    assert sum(facts.pixels) == image.size
    assert facts.thresholds == THRESHOLDS


def test_pixels_off_the_edges_keep_their_band(three):
    image, _ = three
    method = GuardedBands(THRESHOLDS, min_size=0)
    found = method.segment(image)
    calm = method.response(image) <= found.facts.limit
    assert np.array_equal(found.labels[calm], Bands(THRESHOLDS).segment(image).labels[calm])


def test_what_is_left_goes_to_the_nearest():
    image = np.full((40, 41), 0.1)
    image[:, 20:] = 0.9
    found = GuardedBands((0.5,), blur=0.0, limit=0.05, min_size=0).segment(image)
    assert np.array_equal(found.labels, image > 0.5)
    assert found.facts.guarded == 80


def test_regions_of_the_least_size_stay():
    image = np.full((20, 20), 0.1)
    image[5:9, 5:10] = 0.9
    kept, gone = (
        GuardedBands((0.5,), limit=10.0, min_size=n).segment(image).facts for n in (20, 21)
    )
    assert (kept.pixels, kept.removed) == ((380, 20), 0)
    assert (gone.pixels, gone.removed) == ((400, 0), 20)


def test_thresholds_are_otsus_where_none_are_given(three):
    image, truth = three
    found = GuardedBands(phases=3).segment(image)
    assert len(found.facts.thresholds) == 2
    assert np.mean(found.labels == truth) > 0.98
    turned = GuardedBands(phases=3, bright=False).segment(image)
    assert np.array_equal(turned.labels, 2 - found.labels)


def test_nothing_left_to_grow_from_is_an_error():
    with pytest.raises(ValueError, match=r"no region of the least size .* min_size 100; raise"):
        GuardedBands(min_size=100).segment(samples.camera(9))


def test_the_skin_is_what_touches_both_sides():
    labels = np.array([[0, 1, 2], [0, 1, 1], [0, 0, 1], [2, 2, 1], [1, 1, 1]])
    four = virtual_skin(labels, reach=1.0)
    assert np.argwhere(four.mask).tolist() == [[0, 1]]
    assert (four.pixels, four.of, four.parts, four.pixels_in_parts) == (1, 8, 1, 8)
    assert four.fraction == 1 / 8
    eight = virtual_skin(labels)
    assert np.argwhere(eight.mask).tolist() == [[0, 1], [1, 1], [1, 2], [2, 2], [3, 2]]
    assert virtual_skin(labels, classes=(2, 0, 1), reach=1.0).pixels == 1


def test_a_wider_reach_finds_a_wider_skin(three):
    image, truth = three
    labels = Bands(THRESHOLDS).segment(image).labels
    skins = [virtual_skin(labels, reach=r) for r in (1.5, 3.0, 4.0)]
    assert skins[0].pixels < skins[1].pixels < skins[2].pixels
    # Discs of the middle class itself are no skin but on their edges.
    assert skins[2].pixels == pytest.approx(false_middle(labels, truth), rel=0.1)
    assert virtual_skin(truth.astype(np.int64), reach=1.5).pixels == 0
    assert virtual_skin(np.zeros((3, 3), int)).fraction == 0


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[0, 1]],), TypeError, "array of integers, got list"),
        ((np.zeros((2, 2)),), TypeError, "array of integers, got float64"),
        ((np.zeros(3, int),), ValueError, r"shape \(H, W\) and not be empty, got \(3,\)"),
        ((np.zeros((2, 2), int), (0, 1, 1)), ValueError, "three different labels"),
        ((np.zeros((2, 2), int), (0, 1, 2), 0.5), ValueError, "reach must be at least 1"),
    ],
)
def test_what_has_no_skin_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        virtual_skin(*arguments)


def test_guards_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="ascending order"):
        GuardedBands(thresholds=(0.5, 0.1))
    with pytest.raises(ValueError, match="guard is one of gradient, laplacian"):
        GuardedBands(guard="gradiant")

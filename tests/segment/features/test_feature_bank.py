"""The feature bank beside scikit-image and SciPy, its pyramid's error, tiles, names and ranges."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.feature import multiscale_basic_features

from acetate.segment.features import BASIC, SCALES, STRONG, FeatureBank

rng = np.random.default_rng(5)
STEP = np.zeros((150, 203), np.float32)
STEP[40:110, 60:150] = 1
PICTURES = {
    "noise": rng.random((150, 203)).astype(np.float32),
    "steps": STEP,
    "checks": (np.indices((150, 203)).sum(axis=0) % 2).astype(np.float32),
    "stripes": np.repeat((np.arange(203) // 3 % 2)[np.newaxis], 150, axis=0).astype(np.float32),
}


def one(kind, scale, picture, pyramid=True, **others):
    bank = FeatureBank({kind: (scale,)}, pyramid=pyramid, **others)
    return np.moveaxis(bank.fit_transform(picture), -1, 0)


def gaussian(picture, sigma):
    return ndimage.gaussian_filter(picture.astype(np.float64), sigma)


@pytest.mark.parametrize("pyramid", [False, True])
def test_basic_features_are_those_of_scikit_image_inside_a_halo(pyramid):
    picture = rng.random((200, 190)).astype(np.float32)
    bank = FeatureBank(BASIC, pyramid=pyramid).fit(picture)
    ours, theirs = bank.transform(picture), multiscale_basic_features(picture, workers=1)
    assert ours.shape == theirs.shape == (200, 190, 24)
    inside = slice(72, -72)
    assert np.abs(ours - theirs)[inside, inside].max() < (5e-4 if pyramid else 2e-6)
    assert np.abs(theirs[inside, inside]).max(axis=(0, 1)).min() > 1e-5, "nothing to compare"


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("scale", [4.0, 5.0, 8.0, 16.0, 23.0])
def test_the_pyramid_errs_by_less_than_it_says(name, scale):
    picture = PICTURES[name]
    kinds = dict.fromkeys(("gaussian", "dog", "laplacian", "gradient", "hessian"), (scale,))
    quick = FeatureBank(kinds).fit_transform(picture)
    exact = FeatureBank(kinds, pyramid=False).fit_transform(picture)
    assert np.abs(quick - exact).max() < 5e-4
    assert np.abs(exact[:, :, 0] - gaussian(picture, scale)).max() < 1e-5


@pytest.mark.parametrize(("scale", "bound"), [(1.0, 1e-6), (2.0, 1e-6), (8.0, 1.0)])
def test_structure_is_the_tensor_of_products(scale, bound):
    picture = PICTURES["noise"]
    down, right = np.gradient(gaussian(picture, scale))
    xx, xy, yy = (gaussian(p, scale) for p in (right * right, right * down, down * down))
    mean, spread = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    found = one("structure", scale, picture)
    expected = np.stack([mean + spread, mean - spread])
    inside = np.s_[:, 40:-40, 40:-40]
    # On a reduced picture, differences between its pixels stand for derivatives.
    assert np.abs(found - expected)[inside].max() < min(bound, 0.1 * expected[inside].max())


@pytest.mark.parametrize(("scale", "bound"), [(1.0, 2e-5), (2.0, 2e-5), (4.0, 2e-3), (16.0, 2e-3)])
def test_deviation_is_that_under_a_gaussian(scale, bound):
    picture = PICTURES["noise"] * np.linspace(0.2, 1, 203, dtype=np.float32)
    variance = gaussian(picture**2, scale) - gaussian(picture, scale) ** 2
    assert np.abs(one("deviation", scale, picture)[0] - np.sqrt(variance)).max() < bound


def test_a_flat_picture_has_no_deviation_edges_or_lines():
    bank = FeatureBank().fit(PICTURES["noise"])
    found = bank.transform(np.full((40, 50), 0.7, np.float32))
    for channel, name in zip(np.moveaxis(found, -1, 0), bank.get_feature_names_out(), strict=True):
        level = (
            0.7 if any(w in name for w in ("gaussian", "median", "least", "most", "mean")) else 0
        )
        if "histogram" not in name:
            assert np.abs(channel - level).max() < 2e-3, name


@pytest.mark.parametrize(("scale", "side"), [(1.0, 3), (2.0, 5)])
def test_medians_are_those_of_small_squares(scale, side):
    picture = PICTURES["noise"]
    expected = ndimage.median_filter(picture, side)
    assert np.array_equal(one("median", scale, picture)[0], expected)


def test_rings_are_places_on_a_circle():
    picture = PICTURES["noise"]
    blurred = gaussian(picture, 1.0)
    angles = np.arange(16) * np.pi / 8
    shifts = [(round(4 * np.sin(a)), round(4 * np.cos(a))) for a in angles]
    places = np.stack([np.roll(blurred, (-y, -x), (0, 1)) for y, x in shifts])
    expected = [places.mean(0), places.std(0), places.min(0), places.max(0)]
    found = one("ring", 2.0, picture)
    assert np.abs(found - expected)[:, 8:-8, 8:-8].max() < 2e-6


def test_lines_answer_to_a_membrane_in_any_direction():
    y, x = np.indices((61, 61)) - 30
    for angle in np.arange(8) * np.pi / 8:
        across = x * np.sin(angle) - y * np.cos(angle)
        picture = np.exp(-(across**2) / 4).astype(np.float32)
        deviation, least, most = one("line", 2.0, picture)[:, 30, 30]
        assert most > 0.5
        assert least < 0.35
        assert deviation > 0.1
        blob = np.exp(-(x**2 + y**2) / 4).astype(np.float32)
        assert one("line", 2.0, blob)[0, 30, 30] < 0.02


@pytest.mark.parametrize("scale", [4.0, 16.0])
def test_histograms_are_blurred_memberships_that_sum_to_one(scale):
    picture = PICTURES["noise"]
    bank = FeatureBank({"histogram": (scale,)}, bins=5).fit(picture)
    found = bank.transform(picture)
    assert np.abs(found.sum(axis=-1) - 1).max() < 1e-3
    low, high = bank.ranges_[0].low, bank.ranges_[0].high
    place = np.clip((picture - low) / (high - low) * 4, 0, 4)
    for n in range(5):
        expected = gaussian(np.maximum(1 - np.abs(place - n), 0), scale)
        assert np.abs(found[:, :, n] - expected).max() < 1e-3


@pytest.mark.parametrize("pyramid", [False, True])
@pytest.mark.parametrize("normalise", [False, True])
def test_tiles_have_the_features_of_the_whole(tmp_path, pyramid, normalise):
    kept = np.memmap(tmp_path / "big", np.uint16, "w+", shape=(203, 251, 2))
    kept[:] = rng.integers(0, 2**16, kept.shape)
    bank = FeatureBank(pyramid=pyramid, normalise=normalise).fit(np.asarray(kept))
    whole = np.moveaxis(bank.transform(np.asarray(kept)), -1, 0)
    boxes = list(bank.boxes(kept.shape, 100))
    assert len(boxes) > 4
    covered = np.zeros(kept.shape[:2], int)
    for top, left, bottom, right in boxes:
        covered[top:bottom, left:right] += 1
        tile = bank.transform_box(kept, (top, left, bottom, right))
        assert np.abs(tile - whole[:, top:bottom, left:right]).max() < 2e-5
    assert (covered == 1).all()
    with pytest.raises(ValueError, match="at least 1, got 0"):
        next(bank.boxes((4, 4), 0))


def test_what_is_beyond_the_halo_changes_nothing():
    picture = rng.random((440, 440)).astype(np.float32)
    bank = FeatureBank().fit(picture)
    before = bank.transform(picture)[220, 220]
    far = np.abs(np.indices(picture.shape) - 220).max(axis=0) > bank.halo
    after = bank.transform(np.where(far, 1 - picture, picture))[220, 220]
    assert far.any()
    assert np.abs(after - before).max() < 1e-6
    near = np.abs(np.indices(picture.shape) - 220).max(axis=0) > bank.halo // 8
    inside = bank.transform(np.where(near, 1 - picture, picture))[220, 220]
    assert np.abs(inside - before).max() > 1e-3


def test_turned_pictures_have_turned_features():
    picture = rng.random((64, 96)).astype(np.float32)
    bank = FeatureBank().fit(picture)
    expected = bank.transform(picture)
    for turn in (np.flipud, np.fliplr, lambda a: a.swapaxes(0, 1)):
        found = bank.transform(np.ascontiguousarray(turn(picture)))
        assert np.abs(found - turn(expected)).max() < 1e-5


def test_names_scales_and_channels_come_with_the_array():
    bank = FeatureBank().fit(np.zeros((8, 8, 3)))
    names = bank.get_feature_names_out()
    assert len(names) == len(bank.features_) == 3 * 90
    assert [f.name for f in bank.features_] == names.tolist()
    assert {f.kind for f in bank.features_} == set(STRONG)
    assert {f.scale for f in bank.features_} == set(SCALES)
    assert names[0] == "c0_gaussian_s0.5"
    assert names[-1] == "c2_median_s16"
    colour = rng.random((20, 30, 3)).astype(np.float32)
    found = bank.fit(colour).transform(colour)
    alone = FeatureBank()
    alone.fit(colour[:, :, 1])
    assert np.array_equal(found[:, :, 90:180], alone.transform(colour[:, :, 1]))


def test_normalised_features_forget_light_and_contrast():
    picture = PICTURES["noise"]
    bank = FeatureBank(normalise=True).fit(picture)
    dimmed = bank.transform(0.2 + 0.3 * picture)
    assert np.abs(dimmed - bank.transform(picture)).max() < 1e-3
    assert np.isfinite(bank.transform(np.full((9, 9), 0.5))).all()


def test_features_lie_in_planes():
    found = FeatureBank(BASIC).fit_transform(PICTURES["noise"])
    assert found.dtype == np.float32
    assert np.moveaxis(found, -1, 0).flags.c_contiguous

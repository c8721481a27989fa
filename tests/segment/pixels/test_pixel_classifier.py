"""PixelClassifier: dense masks, strokes, classes, tiles, thresholds by folds, and bad input."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError

from acetate import images
from acetate.measure import dice
from acetate.segment.features import FeatureBank
from acetate.segment.pixels import PixelClassifier
from acetate.segment.pixels.calibration import calibrate
from acetate.segment.pixels.labels import bands, labelled, spread_sample

DATA = Path(__file__).parents[3] / "../shared/data/qbi"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")
BANK = FeatureBank(("gaussian", "deviation", "histogram"), (1, 2, 4))


def textured(seed, shape=(96, 128), classes=1):
    """Make a picture of rough or bright blocks on a smooth ground, and its labels."""
    rng = np.random.default_rng(seed)
    truth = np.zeros(shape, np.uint8)
    for n in range(8):
        y, x = rng.integers(0, shape[0] - 24), rng.integers(0, shape[1] - 24)
        truth[y : y + 24, x : x + 24] = 1 + n % classes
    noise = rng.normal(0, 1, shape) * np.where(truth == 1, 0.12, 0.04)
    return np.clip(0.4 + 0.25 * (truth == 2) + noise, 0, 1).astype(np.float32), truth


IMAGE, TRUTH = textured(0)
OTHER, ANSWER = textured(1)


def strokes_of(truth, count=6):
    """Mark short rows of both classes: 1 on the background, 2 and up elsewhere."""
    rng = np.random.default_rng(0)
    marks = np.zeros_like(truth)
    for label in np.unique(truth):
        places = np.argwhere(truth[:, :-8] == label)
        for y, x in places[rng.integers(0, len(places), count)]:
            row = marks[y, x : x + 8]
            row[truth[y, x : x + 8] == label] = label + 1
    return marks


@pytest.fixture(scope="module")
def fitted():
    return PixelClassifier(BANK).fit(IMAGE, TRUTH)


@pytest.mark.parametrize(
    ("label", "dtype"), [(255, np.uint8), (65_535, np.uint16), (70_000, np.uint32)]
)
def test_large_labels_come_back_whole(label, dtype):
    found = PixelClassifier(FeatureBank(("gaussian",), (1,))).fit(IMAGE, TRUTH * np.int64(label))
    labels = found.predict(IMAGE)
    assert labels.dtype == dtype
    assert set(np.unique(labels)) == {0, label}


def test_a_dense_mask_teaches_other_pictures(fitted):
    found = fitted.predict(OTHER)
    assert found.dtype == np.uint8
    assert dice(found == 1, ANSWER == 1) > 0.9
    probability = fitted.predict_proba(OTHER)
    assert probability.shape == (96, 128, 2)
    assert np.allclose(probability.sum(axis=-1), 1, atol=1e-3)
    threshold = fitted.calibration_.threshold
    assert np.array_equal(probability[:, :, 1] > threshold, found == 1)
    assert fitted.score(OTHER, ANSWER) == np.mean(found == ANSWER)
    assert fitted.calibration_.dice == pytest.approx(dice(found == 1, ANSWER == 1), abs=0.1)


def test_a_few_strokes_do_too_and_the_share_of_objects_is_found():
    marks = strokes_of(TRUTH, 12)
    assert np.count_nonzero(marks) < 0.02 * marks.size
    model = PixelClassifier(BANK, strokes=True).fit(IMAGE, marks)
    assert model.classes_.tolist() == [0, 1]
    assert dice(model.predict(OTHER) == 1, ANSWER == 1) > 0.8
    assert model.calibration_.share == pytest.approx(np.mean(TRUTH == 1), abs=0.1)


def test_several_classes_and_several_pictures_of_several_sizes():
    pairs = [textured(n, (64, 70 + 10 * n), classes=2) for n in range(3)]
    pictures, masks = [p for p, _ in pairs], [m for _, m in pairs]
    model = PixelClassifier(BANK).fit(pictures, masks)
    assert model.classes_.tolist() == [0, 1, 2]
    picture, truth = textured(9, classes=2)
    assert np.mean(model.predict(picture) == truth) > 0.93
    assert model.predict_proba([picture])[0].shape == (*truth.shape, 3)
    found = model.predict(pictures)
    assert [f.shape for f in found] == [p.shape for p in pictures]
    assert np.array_equal(found[1], model.predict(pictures[1]))
    assert np.array_equal(model.predict(pictures[::-1])[0], found[2])


def test_fit_twice_is_fit_once_and_a_clone_does_the_same(fitted):
    expected = fitted.predict_proba(OTHER)
    again = clone(fitted)
    again.fit(OTHER, ANSWER)
    assert np.array_equal(again.fit(IMAGE, TRUTH).predict_proba(OTHER), expected)
    assert clone(fitted).set_params(blur=2.0, features__bins=4).get_params()["features__bins"] == 4


def test_tiles_have_the_labels_of_the_whole(fitted):
    tiled = PixelClassifier(BANK, tile=40).fit(IMAGE, TRUTH)
    difference = tiled.predict_proba(OTHER) - fitted.predict_proba(OTHER)
    # A feature right at a threshold may fall to the other side by its last digit.
    assert np.mean(np.abs(difference) > 1e-4) < 0.01
    assert np.mean(tiled.predict(OTHER) != fitted.predict(OTHER)) < 0.002


def test_stacks_lists_and_single_channels_agree(fitted):
    stack = np.stack([IMAGE, OTHER])[..., np.newaxis]
    found = fitted.predict(stack)
    assert found.shape == (2, 96, 128)
    assert np.array_equal(found[1], fitted.predict(OTHER))
    masks = np.stack([TRUTH, ANSWER])
    both = PixelClassifier(BANK, folds=2).fit(stack, masks)
    listed = PixelClassifier(BANK, folds=2).fit([IMAGE, OTHER], [TRUTH, ANSWER])
    assert np.array_equal(both.predict(OTHER), listed.predict(OTHER))


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (1, 1)])
def test_thin_pictures_are_labelled(fitted, shape):
    assert fitted.predict(np.full(shape, 0.4)).shape == shape
    assert fitted.uncertainty(np.full(shape, 0.4)).shape == shape


def test_uncertainty_is_highest_where_classes_meet(fitted):
    unsure = fitted.uncertainty(OTHER)
    assert 0 <= unsure.min() <= unsure.max() <= 1
    edge = np.abs(np.diff(ANSWER.astype(int), axis=1, prepend=0)) > 0
    assert unsure[edge].mean() > 2 * unsure[~edge].mean()


def test_importances_have_names(fitted):
    found = fitted.feature_importances()
    assert list(found) == sorted(found, key=found.__getitem__, reverse=True)
    assert set(found) == set(fitted.features_.get_feature_names_out())
    assert "deviation" in next(iter(found))


def test_thresholds_and_blurs_that_are_given_stay():
    model = PixelClassifier(BANK, threshold=0.9, blur=0.0).fit(IMAGE, TRUTH)
    assert (model.calibration_.threshold, model.calibration_.blur) == (0.9, 0.0)
    bold = PixelClassifier(BANK, threshold=0.1, blur=3.0).fit(IMAGE, TRUTH)
    assert (bold.predict(OTHER) == 1).sum() > (model.predict(OTHER) == 1).sum()
    mixed = PixelClassifier(BANK, threshold=0.3).fit(IMAGE, TRUTH).calibration_
    assert (mixed.threshold, mixed.dice) == (0.3, None)


def test_class_weights_count():
    shy = PixelClassifier(BANK, threshold=0.5, blur=0.0, class_weight={0: 20, 1: 1})
    keen = PixelClassifier(BANK, threshold=0.5, blur=0.0, class_weight={0: 1, 1: 20})
    counts = [(m.fit(IMAGE, TRUTH).predict(OTHER) == 1).sum() for m in (shy, keen)]
    assert counts[0] < counts[1]


def test_another_classifier_may_stand_inside():
    forest = RandomForestClassifier(10, random_state=0)
    model = PixelClassifier(BANK, forest, max_pixels=2000).fit(IMAGE, TRUTH)
    assert dice(model.predict(OTHER) == 1, ANSWER == 1) > 0.85
    assert not hasattr(forest, "estimators_")
    assert sum(model.feature_importances().values()) == pytest.approx(1)


def test_progress_is_reported():
    steps = []
    PixelClassifier(BANK, folds=2).fit(IMAGE, TRUTH, lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == [0, 1, 2, 3]
    assert {of for _, of, _ in steps} == {3}


def test_objects_in_one_band_only_leave_the_threshold_at_a_half():
    marks = np.zeros((20, 80), np.uint8)
    marks[:, 0] = 1
    marks[:, 79] = 2
    picture = np.tile(np.linspace(0, 1, 80), (20, 1))
    model = PixelClassifier(BANK, strokes=True).fit(picture, marks)
    assert (model.calibration_.threshold, model.calibration_.dice) == (0.5, None)
    assert model.predict(picture)[:, [0, 79]].tolist() == [[0, 1]] * 20


def test_bands_are_apart_and_alike_in_weight():
    mask = np.random.default_rng(0).integers(0, 3, (30, 80)).astype(np.uint8)
    pixels = labelled([mask, mask[:20]], strokes=True)
    folds = bands(pixels, [(30, 80), (20, 80)], 5)
    assert np.bincount(folds).min() > 0.8 * len(folds) / 5
    for fold in range(5):
        for picture in (0, 1):
            columns = pixels.column[(folds == fold) & (pixels.picture == picture)]
            others = pixels.column[(folds != fold) & (pixels.picture == picture)]
            assert (
                not len(columns)
                or not ((columns.min() <= others) & (others <= columns.max())).any()
            )


def test_samples_keep_rare_classes():
    pixels = labelled([np.array([[0] * 900 + [1] * 90 + [2] * 10])], strokes=False)
    kept = spread_sample(pixels, 100, np.random.default_rng(0))
    assert np.bincount(pixels.label[kept]).tolist() == [45, 45, 10]
    assert len(spread_sample(pixels, 5000, np.random.default_rng(0))) == 1000


def test_the_threshold_is_the_best_by_brute_force():
    rng = np.random.default_rng(0)
    truth = rng.random(3000) < 0.2
    scores = np.clip(rng.normal(0.3 + 0.3 * truth, 0.15), 0, 1).astype(np.float32)
    found = calibrate(lambda _: (scores, scores), truth, (0.0,), float(truth.mean()))
    best = max(dice(scores > t, truth) for t in np.linspace(0, 1, 201))
    assert dice(scores > found.threshold, truth) == pytest.approx(best, abs=0.005)
    assert found.dice == pytest.approx(best, abs=0.005)
    half = np.flatnonzero(truth)[:200], np.flatnonzero(~truth)[:200]
    few = np.concatenate(half)
    unknown = calibrate(lambda _: (scores[few], scores), truth[few], (0.0,), None)
    assert unknown.share == pytest.approx(0.2, abs=0.04)
    assert dice(scores > unknown.threshold, truth) == pytest.approx(best, abs=0.02)


@pytest.mark.parametrize(
    ("parameters", "image", "mask", "error", "text"),
    [
        ({}, IMAGE, TRUTH[:-1], ValueError, r"height and width \(96, 128\): \(95, 128\)"),
        ({}, IMAGE, np.zeros_like(TRUTH), ValueError, "12288 labelled pixels are of one class, 0"),
        ({"strokes": True}, IMAGE, np.zeros_like(TRUTH), ValueError, "no pixel is labelled"),
        ({"strokes": True}, IMAGE, TRUTH, ValueError, "are of one class, 0; mark a second one"),
        ({}, np.where(TRUTH, np.nan, IMAGE), TRUTH, ValueError, "NaN or infinite"),
        ({}, IMAGE, TRUTH.astype(float), TypeError, "booleans or integers, got float64"),
        ({}, IMAGE, -TRUTH.astype(int), ValueError, "numbers from 0, got -1"),
        ({}, [IMAGE, IMAGE], [TRUTH], ValueError, "one mask a picture: 2, got 1"),
        ({"folds": 1}, IMAGE, TRUTH, ValueError, "folds must be a whole number from 2, got 1"),
        ({"tile": 0}, IMAGE, TRUTH, ValueError, "tile must be a whole number from 1, got 0"),
        ({"threshold": 2.0}, IMAGE, TRUTH, ValueError, r"threshold must lie in \[0, 1\], got 2"),
        ({"blur": -1.0}, IMAGE, TRUTH, ValueError, "blur must lie"),
        ({"smoothness": -1.0}, IMAGE, TRUTH, ValueError, "smoothness must lie"),
        ({"clean": "soap"}, IMAGE, TRUTH, ValueError, "none, heat-flow, random-field, got 'soap'"),
        ({"autocontext": -1}, IMAGE, TRUTH, ValueError, "autocontext must be a whole number from"),
        ({"autocontext": 11}, IMAGE, TRUTH, ValueError, "autocontext must be at most 10, got 11"),
    ],
)
def test_bad_input_says_what_is_wrong(parameters, image, mask, error, text):
    with pytest.raises(error, match=text):
        PixelClassifier(BANK, **parameters).fit(image, mask)


def test_a_model_says_what_pictures_it_needs(fitted):
    with pytest.raises(NotFittedError):
        PixelClassifier(BANK).predict(IMAGE)
    colour = np.stack([IMAGE] * 3, axis=-1)
    with pytest.raises(ValueError, match=r"of 1 channel\(s\), got 3"):
        fitted.predict(colour)
    trained = PixelClassifier(FeatureBank(("gaussian",), (1,))).fit(colour, TRUTH)
    with pytest.raises(ValueError, match=r"of 3 channel\(s\), got 1"):
        trained.predict(IMAGE)


@needs_data
@pytest.mark.slow
def test_half_a_picture_of_cells_teaches_the_other_half():
    picture = images.read(DATA / "em_image.png")[::2, ::2]
    truth = images.read(DATA / "em_image_seg.png")[::2, ::2] > 0
    model = PixelClassifier().fit(picture[:, :256], truth[:, :256])
    assert dice(model.predict(picture[:, 256:]) == 1, truth[:, 256:]) > 0.78

"""Autocontext and clean-up: rounds that do not lie to themselves, and labels without specks."""

import numpy as np
import pytest

from acetate.measure import dice, label_objects
from acetate.segment.features import FeatureBank
from acetate.segment.pixels import PixelClassifier
from acetate.segment.pixels.calibration import SMOOTHNESSES
from acetate.segment.pixels.decision import labels_of
from acetate.segment.pixels.held_out import HeldOut
from acetate.segment.pixels.labels import band_of_lines, labelled
from acetate.segment.pixels.look import CONTEXT, Look, context_bank

SMALL = FeatureBank(("gaussian",), (1, 2))
CLEANERS = ("heat-flow", "random-field")


def striped(seed, shape=(96, 112)):
    """Make a picture in which a pixel says little and its surroundings nearly all."""
    rng = np.random.default_rng(seed)
    truth = (np.indices(shape).sum(axis=0) // 24 % 2).astype(np.uint8)
    return np.clip(0.45 + 0.1 * truth + rng.normal(0, 0.25, shape), 0, 1), truth


IMAGE, TRUTH = striped(0)
OTHER, ANSWER = striped(1)


def judged(**parameters):
    model = PixelClassifier(SMALL, **parameters).fit(IMAGE, TRUTH)
    return model, dice(model.predict(OTHER) == 1, ANSWER == 1)


@pytest.fixture(scope="module")
def rounds():
    return PixelClassifier(SMALL, blur=0.0, autocontext=1, folds=3).fit(IMAGE, TRUTH)


def test_a_second_round_sees_further_than_the_features_do(rounds):
    _, alone = judged(blur=0.0, folds=3)
    assert dice(rounds.predict(OTHER) == 1, ANSWER == 1) > alone + 0.05
    names = set(rounds.feature_importances())
    assert {"c0_gaussian_s1", "p1_gaussian_s16", "p1_ring_most_s8"} < names
    assert len(rounds.earlier_) == 1
    assert rounds.model_.n_features_in_ == len(names) == 2 + 28


def test_a_round_learns_from_what_models_say_where_they_have_not_learned():
    """Each half of the picture is called what the model of the other half says."""
    pixels = labelled([TRUTH], strokes=False)
    held = HeldOut(pixels, [(*IMAGE.shape, 1)], 2)
    bank = FeatureBank(("gaussian",), (1,)).fit(IMAGE)
    look = Look(bank, 1024)
    rows = look.rows([IMAGE[:, :, np.newaxis]], [None], pixels)
    seen = []

    def fit(some):
        seen.append(some.copy())
        return PixelClassifier()._fitted(rows[some], pixels.label[some], None)

    models = held.models(fit)
    assert [list(models), held.missing(models)] == [[0, 1], []]
    maps = look.maps(IMAGE[:, :, np.newaxis], None, list(models.values()))
    found = held.stitched(0, maps, [0, 1])
    assert np.array_equal(found[:, :, :56], maps[0][:, :, :56])
    assert np.array_equal(found[:, :, 56:], maps[1][:, :, 56:])
    for fold, some in enumerate(seen):
        assert set(pixels.column[some] // 56) == {1 - fold}


def test_the_dice_of_rounds_does_not_praise_what_is_remembered(rounds):
    found = dice(rounds.predict(OTHER) == 1, ANSWER == 1)
    assert rounds.calibration_.dice == pytest.approx(found, abs=0.1)


def test_rounds_repeat_themselves_and_go_tile_by_tile(rounds):
    again = PixelClassifier(SMALL, blur=0.0, autocontext=1, folds=3, tile=40).fit(IMAGE, TRUTH)
    difference = np.abs(again.predict_proba(OTHER) - rounds.predict_proba(OTHER))
    assert np.mean(difference > 1e-3) < 0.01
    expected = rounds.predict_proba(OTHER)
    assert np.array_equal(rounds.fit(IMAGE, TRUTH).predict_proba(OTHER), expected)


def test_rounds_take_strokes_classes_and_pictures_of_several_sizes():
    marks = np.zeros((2, 64, 72), np.uint8)
    truth = (np.indices((64, 72)).sum(axis=0) // 24 % 3).astype(np.uint8)
    marks[:, 4::12, :] = truth[4::12] + 1
    rng = np.random.default_rng(3)
    pictures = [np.clip(0.2 + 0.3 * truth + rng.normal(0, 0.1, truth.shape), 0, 1) for _ in "ab"]
    pictures[1], last = pictures[1][:50], marks[1][:50]
    model = PixelClassifier(SMALL, strokes=True, autocontext=2, folds=2)
    model.fit(pictures, [marks[0], last])
    assert np.mean(model.predict(pictures[0]) == truth) > 0.9
    assert model.predict_proba(pictures)[1].shape == (50, 72, 3)
    assert model.model_.n_features_in_ == 2 + 2 * 28
    assert model.predict(np.full((1, 9), 0.5)).shape == (1, 9)


def test_classes_in_a_single_band_leave_no_round_to_learn_from():
    marks = np.zeros((20, 80), np.uint8)
    marks[:, 0], marks[:, 79] = 1, 2
    picture = np.tile(np.linspace(0, 1, 80), (20, 1))
    with pytest.raises(ValueError, match="autocontext needs labels of each class in several bands"):
        PixelClassifier(SMALL, strokes=True, autocontext=1).fit(picture, marks)


def test_progress_counts_rounds():
    steps = []
    PixelClassifier(SMALL, autocontext=1, folds=2).fit(IMAGE, TRUTH, lambda *s: steps.append(s))
    assert [step[0] for step in steps] == [0, 1, 2, 3, 4]
    assert {step[1] for step in steps} == {4}


def test_context_is_the_bank_of_what_was_said():
    bank = context_bank(3)
    assert bank.n_channels_in_ == 2
    assert len(bank.get_feature_names_out()) == 56
    assert {f.kind for f in bank.features_} == set(CONTEXT)


def test_lines_without_labels_belong_to_the_fold_before():
    marks = np.zeros((2, 9, 7), np.uint8)
    marks[0, 2, 3], marks[0, 6, 1], marks[1, 4, 4] = 1, 2, 1
    pixels = labelled(list(marks), strokes=True)
    folds = np.arange(3)
    assert band_of_lines(pixels, folds, 0, (9, 7)).tolist() == [0] * 6 + [1] * 3
    assert band_of_lines(pixels, folds, 1, (9, 7)).tolist() == [2] * 9
    assert band_of_lines(pixels, folds, 2, (3, 5)).tolist() == [0] * 5


@pytest.mark.parametrize("clean", CLEANERS)
def test_a_clean_up_leaves_fewer_specks_and_no_worse_labels(clean):
    plain, before = judged(blur=0.0)
    model, after = judged(blur=0.0, clean=clean, smoothness=2.0)
    parts = [label_objects(m.predict(OTHER) == 1).max() for m in (plain, model)]
    assert parts[1] < 0.5 * parts[0]
    assert after > before
    assert np.array_equal(model.predict_proba(OTHER), plain.predict_proba(OTHER))
    assert model.calibration_.smoothness == 2.0


@pytest.mark.parametrize("clean", CLEANERS)
def test_the_smoothness_is_chosen_where_models_have_not_learned(clean):
    model, after = judged(blur=0.0, clean=clean)
    _, before = judged(blur=0.0)
    assert model.calibration_.smoothness in SMOOTHNESSES[1:]
    assert after > before
    assert model.calibration_.dice == pytest.approx(after, abs=0.1)
    given, _ = judged(blur=0.0, clean=clean, threshold=0.5)
    assert (given.calibration_.threshold, given.calibration_.dice) == (0.5, None)
    assert given.calibration_.smoothness > 0


def test_several_classes_are_cleaned_up_with_a_smoothness_of_one():
    mask = np.indices((32, 48)).sum(axis=0) // 12 % 3
    noise = np.random.default_rng(0).normal(0, 0.2, mask.shape)
    picture = np.clip(0.2 + 0.3 * mask + noise, 0, 1)
    plain, clean = (
        PixelClassifier(SMALL, clean=c).fit(picture, mask) for c in ("none", "random-field")
    )
    assert clean.calibration_.smoothness == 1.0
    found = [m.predict(picture) for m in (plain, clean)]
    edges = [np.count_nonzero(np.diff(labels.astype(int), axis=1)) for labels in found]
    assert edges[1] < edges[0]


def test_without_smoothness_labels_are_those_of_the_threshold():
    likely = np.random.default_rng(0).random((20, 30)).astype(np.float32)
    planes = np.stack([1 - likely, likely])
    for clean in CLEANERS:
        assert np.array_equal(labels_of(planes, 0.3, clean, 0.0), likely > 0.3)
        # A border that costs nearly nothing changes next to nothing.
        assert np.mean(labels_of(planes, 0.3, clean, 1e-4) != (likely > 0.3)) < 0.01
    for threshold, expected in ((0.0, 1), (1.0, 0)):
        assert (labels_of(planes, threshold, "random-field", 1.0) == expected).mean() > 0.99

"""What every estimator of pictures promises: refitting, copies, forms, tiles, order, one class."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier

from acetate.segment.features import FeatureBank
from acetate.segment.pixels import (
    PIPELINES,
    PixelClassifier,
    fit_image_pipeline,
    load_classifier,
    pipeline_named,
    save_classifier,
)

BANK = FeatureBank(("gaussian", "ring"), (1, 2))
COMMON = {"features": BANK, "max_pixels": 900}
CLASSIFIERS = {
    "dense": PixelClassifier(**COMMON),
    "strokes": PixelClassifier(**COMMON, strokes=True, folds=3),
    "autocontext": PixelClassifier(**COMMON, autocontext=1, folds=2),
    "heat-flow": PixelClassifier(**COMMON, clean="heat-flow", folds=2),
    "random-field": PixelClassifier(**COMMON, clean="random-field", smoothness=1.0, folds=2),
    "normalised": PixelClassifier(FeatureBank(("gaussian",), (1, 4), normalise=True), folds=2),
    "forest": PixelClassifier(BANK, RandomForestClassifier(5, random_state=0), folds=2),
}
each = pytest.mark.parametrize("name", CLASSIFIERS)
rung = pytest.mark.parametrize("name", PIPELINES)


def scene(seed, shape):
    """Make a picture of diagonal bands, and its mask."""
    mask = (np.indices(shape).sum(axis=0) // 11 % 2).astype(np.uint8)
    noise = np.random.default_rng(seed).normal(0, 0.08, shape)
    return np.clip(0.35 + 0.3 * mask + noise, 0, 1).astype(np.float32), mask


IMAGE, MASK = scene(0, (40, 52))
OTHER, _ = scene(1, (33, 45))
for array in (IMAGE, MASK, OTHER):
    array.flags.writeable = False


def labels_for(model, mask=MASK):
    """Return the mask, or as strokes every fifth row of it."""
    if not model.strokes:
        return mask
    marks = np.zeros_like(mask)
    marks[::5] = mask[::5] + 1
    return marks


@pytest.fixture(scope="module")
def fitted():
    return {n: clone(m).fit(IMAGE, labels_for(m)) for n, m in CLASSIFIERS.items()}


@each
def test_fit_twice_is_fit_once_and_a_clone_does_the_same(name, fitted):
    expected = fitted[name].predict_proba(OTHER)
    copy = clone(fitted[name])
    assert copy.get_params().keys() == fitted[name].get_params().keys()
    twice = copy.fit(IMAGE[:30], labels_for(copy, MASK[:30])).fit(IMAGE, labels_for(copy))
    assert np.array_equal(twice.predict_proba(OTHER), expected)
    assert np.array_equal(twice.predict(OTHER), fitted[name].predict(OTHER))


@each
def test_parameters_that_are_set_count(name):
    model = clone(CLASSIFIERS[name]).set_params(threshold=0.999999, blur=0.0, clean="none")
    assert model.fit(IMAGE, labels_for(model)).predict(OTHER).sum() < 0.5 * OTHER.size
    assert (model.get_params()["threshold"], model.get_params()["blur"]) == (0.999999, 0.0)


@each
def test_arrays_lists_and_stacks_agree_in_any_order(name, fitted):
    model = fitted[name]
    alone = [model.predict_proba(picture) for picture in (IMAGE, OTHER)]
    for pictures, expected in (([IMAGE, OTHER], alone), ([OTHER, IMAGE], alone[::-1])):
        for found, answer in zip(model.predict_proba(pictures), expected, strict=True):
            assert np.array_equal(found, answer)
    stacked = model.predict(np.stack([IMAGE, IMAGE])[..., np.newaxis])
    assert np.array_equal(stacked[1], model.predict(IMAGE))
    pair = clone(model).fit(
        [IMAGE, OTHER], [labels_for(model), labels_for(model, scene(1, OTHER.shape)[1])]
    )
    assert pair.predict(OTHER).shape == OTHER.shape


@each
def test_tiles_say_what_the_whole_says(name, fitted):
    model = fitted[name]
    whole = model.predict_proba(IMAGE)
    tile, model.tile = model.tile, 16
    try:
        difference = np.abs(model.predict_proba(IMAGE) - whole)
    finally:
        model.tile = tile
    # A feature right at a split may fall to the other side by its last digit.
    assert np.mean(difference > 1e-4) < 0.01


@each
@pytest.mark.parametrize("shape", [(1, 30), (30, 1), (1, 1)])
def test_thin_pictures_are_labelled(name, shape, fitted):
    picture = np.full(shape, 0.4)
    assert fitted[name].predict(picture).shape == shape
    assert np.isfinite(fitted[name].predict_proba(picture)).all()


@each
def test_one_class_is_refused_and_no_label_too(name):
    model = clone(CLASSIFIERS[name])
    with pytest.raises(ValueError, match="are of one class"):
        model.fit(IMAGE, np.ones_like(MASK))
    if model.strokes:
        with pytest.raises(ValueError, match="no pixel is labelled"):
            model.fit(IMAGE, np.zeros_like(MASK))


@each
def test_files_give_the_same_model_without_pickles(name, fitted, tmp_path):
    path = tmp_path / "a.model"
    if name == "forest":
        with pytest.raises(TypeError, match="only the default model can be saved"):
            save_classifier(fitted[name], path)
        return
    save_classifier(fitted[name], path)
    assert b"pickle" not in path.read_bytes()
    again = load_classifier(path)
    assert np.array_equal(again.predict_proba(OTHER), fitted[name].predict_proba(OTHER))
    assert np.array_equal(again.predict(OTHER), fitted[name].predict(OTHER))
    assert again.get_params(deep=False).keys() == fitted[name].get_params(deep=False).keys()


@rung
def test_rungs_keep_the_same_promises(name):
    pipeline = pipeline_named(name)
    predict = fit_image_pipeline(pipeline, IMAGE, MASK)
    alone = [predict(picture) for picture in (IMAGE, OTHER)]
    assert np.array_equal(fit_image_pipeline(clone(pipeline), IMAGE, MASK)(OTHER), alone[1])
    for found, expected in zip(predict([OTHER, IMAGE]), alone[::-1], strict=True):
        assert np.array_equal(found, expected)
    assert np.array_equal(predict(np.stack([IMAGE, IMAGE])[..., np.newaxis])[1], alone[0])
    assert predict(np.full((1, 30), 0.4)).shape == (1, 30)
    # A regressor may learn that there is nothing.
    none = fit_image_pipeline(pipeline, IMAGE, np.zeros_like(MASK))
    assert np.allclose(none(OTHER), 0, atol=1e-9)


@rung
def test_rungs_take_parameters(name):
    last = pipeline_named(name).steps[-1][0]
    changed = {"linear": ("fit_intercept", False), "nearest": ("n_neighbors", 5)}
    key, value = changed.get(name, ("min_samples_leaf", 300))
    pipeline = pipeline_named(name).set_params(**{f"{last}__{key}": value})
    found = fit_image_pipeline(pipeline, IMAGE, MASK)(OTHER)
    before = fit_image_pipeline(pipeline_named(name), IMAGE, MASK)(OTHER)
    assert not np.array_equal(found, before)

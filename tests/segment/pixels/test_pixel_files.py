"""Classifiers in files: the same model back, no code run, and every damage named."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.tree import DecisionTreeClassifier

from acetate.segment.features import FeatureBank
from acetate.segment.pixels import PixelClassifier, load_classifier, save_classifier

rng = np.random.default_rng(6)
MASK = np.indices((32, 48)).sum(axis=0) // 12 % 3
IMAGE = np.clip(0.3 + 0.2 * MASK[..., np.newaxis] + rng.normal(0, 0.05, (32, 48, 2)), 0, 1)
BANK = FeatureBank({"gaussian": (1, 4), "histogram": (4,)}, bins=4, normalise=True)


@pytest.fixture
def saved(tmp_path):
    model = PixelClassifier(BANK, random_state=2).fit(IMAGE, MASK)
    save_classifier(model, tmp_path / "cells.model")
    return model, tmp_path / "cells.model"


def rewritten(path, change=lambda text: text, arrays=()):
    """Write the model again with its text changed and arrays replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["model.json"] = json.dumps(change(json.loads(parts["model.json"]))).encode()
    for name, array in dict(arrays).items():
        part = io.BytesIO()
        np.lib.format.write_array(part, array, allow_pickle=True)
        parts[f"{name}.npy"] = part.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("bank", [None, BANK, FeatureBank(("gaussian",), (1, np.float32(2)))])
def test_what_was_saved_predicts_the_same(tmp_path, classes, bank):
    model = PixelClassifier(bank).fit(IMAGE, np.minimum(MASK, classes - 1))
    save_classifier(model, tmp_path / "a.model")
    again = load_classifier(tmp_path / "a.model")
    assert np.array_equal(again.predict_proba(IMAGE), model.predict_proba(IMAGE))
    assert np.array_equal(again.predict(IMAGE), model.predict(IMAGE))
    assert again.calibration_ == model.calibration_
    assert again.feature_importances() == model.feature_importances()
    assert again.fit(IMAGE, MASK).classes_.tolist() == [0, 1, 2]
    save_classifier(load_classifier(tmp_path / "a.model"), tmp_path / "b.model")
    assert np.array_equal(
        load_classifier(tmp_path / "b.model").predict(IMAGE), model.predict(IMAGE)
    )


def test_the_file_is_text_and_plain_arrays(saved):
    with zipfile.ZipFile(saved[1]) as archive:
        assert sorted(archive.namelist())[-2:] == ["start.npy", "thresholds.npy"]
        text = json.loads(archive.read("model.json"))
    assert (text["format"], text["version"]) == ("acetate pixel classifier", 2)
    assert text["labels"] == [0, 1, 2]
    assert text["channels"] == 2


class Trap:
    """Raises when it is unpickled."""

    def __reduce__(self):
        return exec, ("raise SystemExit('code was run')",)


def test_a_strangers_objects_are_not_unpickled(saved):
    trap = np.array([Trap()], dtype=object)
    with pytest.raises(ValueError, match=r"Object arrays cannot be loaded"):
        load_classifier(rewritten(saved[1], arrays={"leaves": trap}))


def test_files_that_are_no_models_are_named(saved, tmp_path):
    for content in (b"", b"not a model", pickle.dumps({"format": 1})):
        other = tmp_path / "other.model"
        other.write_bytes(content)
        with pytest.raises(ValueError, match=r"other\.model is no pixel classifier of acetate"):
            load_classifier(other)
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match="is no pixel classifier"):
        load_classifier(tmp_path / "arrays.npz")
    whole = saved[1].read_bytes()
    saved[1].write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="is no pixel classifier"):
        load_classifier(saved[1])
    with pytest.raises(FileNotFoundError):
        load_classifier(tmp_path / "missing.model")


def test_a_later_version_is_named(saved):
    with pytest.raises(
        ValueError, match="version 3, this acetate reads versions up to 2; install a later"
    ):
        load_classifier(rewritten(saved[1], lambda text: {**text, "version": 3}))


def as_version_1(text):
    """Take away what version 1 did not know."""
    new = ("autocontext", "clean", "smoothness")
    classifier = {name: value for name, value in text["classifier"].items() if name not in new}
    calibration = {n: v for n, v in text["calibration"].items() if n != "smoothness"}
    without = {name: value for name, value in text.items() if name != "context"}
    return {**without, "classifier": classifier, "calibration": calibration, "version": 1}


def test_files_of_version_1_are_read(saved):
    model, path = saved
    again = load_classifier(rewritten(path, as_version_1))
    assert np.array_equal(again.predict_proba(IMAGE), model.predict_proba(IMAGE))
    assert (again.autocontext, again.clean, again.calibration_.smoothness) == (0, "none", 0.0)


def test_all_rounds_and_the_clean_up_come_back(tmp_path):
    model = PixelClassifier(BANK, autocontext=2, clean="random-field", smoothness=0.7, folds=3)
    model.fit(IMAGE, MASK)
    save_classifier(model, tmp_path / "a.model")
    with zipfile.ZipFile(tmp_path / "a.model") as archive:
        assert {"round0/leaves.npy", "round1/leaves.npy"} < set(archive.namelist())
    again = load_classifier(tmp_path / "a.model")
    assert len(again.earlier_) == 2
    assert np.array_equal(again.predict_proba(IMAGE), model.predict_proba(IMAGE))
    assert np.array_equal(again.predict(IMAGE), model.predict(IMAGE))
    first = {"round0/leaves": model.earlier_[0].trees_.leaves[:, :, :4]}
    with pytest.raises(ValueError, match="its trees do not fit"):
        load_classifier(rewritten(tmp_path / "a.model", arrays=first))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: {**text, "format": "else"},
        lambda text: {**text, "channels": 3},
        lambda text: {**text, "labels": [0, 1]},
        lambda text: {**text, "ranges": [], "channels": 0},
        lambda text: {**text, "ranges": [["a", "b"]] * 2},
        lambda text: {**text, "features": {**text["features"], "bins": 10**12}},
        lambda text: {**text, "classifier": {**text["classifier"], "tile": 0}},
        lambda text: {**text, "classifier": {"nonsense": 1}},
        lambda text: {**text, "classifier": {**text["classifier"], "autocontext": 1}},
        lambda text: {**text, "classifier": {**text["classifier"], "clean": "soap"}},
        lambda text: {k: v for k, v in text.items() if k != "calibration"},
        lambda text: [],
    ],
)
def test_parts_that_do_not_fit_are_refused(saved, change):
    with pytest.raises(ValueError, match="is no pixel classifier"):
        load_classifier(rewritten(saved[1], change))


def test_trees_cannot_reach_outside_their_arrays(saved):
    trees = saved[0].model_.trees_
    for name, array in (
        ("features", trees.features + 1000),
        ("features", -1 - trees.features),
        ("features", trees.features.astype(np.int64)),
        ("leaves", trees.leaves[:, :, :4]),
        ("thresholds", trees.thresholds[:3]),
        ("linear", trees.linear[:, :2]),
        ("start", trees.start[:1]),
    ):
        original = getattr(trees, name)
        with pytest.raises(ValueError, match="its trees do not fit"):
            load_classifier(rewritten(saved[1], arrays={name: array}))
        rewritten(saved[1], arrays={name: original})
    assert load_classifier(saved[1]).classes_.tolist() == [0, 1, 2]


def test_weights_of_classes_come_back_as_numbers(tmp_path):
    weights = {0: 1.0, 1: np.float32(2), 2: 3.0}
    model = PixelClassifier(BANK, class_weight=weights).fit(IMAGE, MASK)
    save_classifier(model, tmp_path / "a.model")
    again = load_classifier(tmp_path / "a.model")
    assert again.class_weight == weights
    expected = model.predict_proba(IMAGE)
    assert np.array_equal(again.fit(IMAGE, MASK).predict_proba(IMAGE), expected)


def test_only_our_own_models_can_be_saved(tmp_path):
    with pytest.raises(NotFittedError):
        save_classifier(PixelClassifier(), tmp_path / "a.model")
    tree = PixelClassifier(BANK, DecisionTreeClassifier(max_depth=3)).fit(IMAGE, MASK)
    with pytest.raises(TypeError, match="got DecisionTreeClassifier"):
        save_classifier(tree, tmp_path / "a.model")
    assert list(tmp_path.iterdir()) == []

"""Pixel classifiers in files: a zip of one JSON text and plain arrays; reading runs no code."""

import io
import json
import zipfile
import zlib
from typing import Any

import numpy as np

from acetate.files import PathLike, atomic
from acetate.segment.features import FeatureBank
from acetate.segment.features.kinds import Values
from acetate.segment.pixels.boosting import Trees
from acetate.segment.pixels.calibration import Calibration
from acetate.segment.pixels.classifier import PixelClassifier
from acetate.segment.pixels.symmetric_trees import SymmetricTreesClassifier

# Version 2 has autocontext and clean-up; files of version 1 have neither, and are read.
FORMAT, VERSION = "acetate pixel classifier", 2
_ARRAYS = ("features", "thresholds", "leaves", "linear", "start")
_TEXT = "model.json"
# No model is larger; a stranger's file may say that it is.
_MOST_BYTES = 2**30
# What reading raises where a file is damaged, or no model.
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def save_classifier(classifier: PixelClassifier, path: PathLike) -> None:
    """Write a fitted classifier to a file.

    Parameters
    ----------
    classifier : PixelClassifier
        Fitted, with the default kind of model.
    path : path
        The file; it takes its name only when it is whole.

    Raises
    ------
    TypeError
        If its model or its features are not acetate's own.
    sklearn.exceptions.NotFittedError
        If it was not fitted.
    OSError
        If the file cannot be written.

    Notes
    -----
    The file is a zip (stored) of ``model.json`` - format, version, parameters of features and
    classifier, ranges, labels, calibration - and of the arrays of `Trees` as ``.npy`` without
    objects; those of the models of earlier rounds in folders ``round0``, ``round1`` and so on.

    Examples
    --------
    >>> import tempfile
    >>> image, mask = np.eye(16), np.eye(16, dtype=bool)
    >>> model = PixelClassifier(FeatureBank(("gaussian",), (1,))).fit(image, mask)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_classifier(model, f"{folder}/cells.model")
    ...     again = load_classifier(f"{folder}/cells.model")
    >>> bool((again.predict(image) == model.predict(image)).all())
    True
    """
    text, rounds = _described(classifier)
    with atomic(path) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_TEXT, json.dumps(text, indent=1, default=_number))
        for place, trees in zip(_places(len(rounds)), rounds, strict=True):
            for name in _ARRAYS:
                part = io.BytesIO()
                np.lib.format.write_array(part, getattr(trees, name), allow_pickle=False)
                archive.writestr(f"{place}{name}.npy", part.getvalue())


def load_classifier(path: PathLike) -> PixelClassifier:
    """Return the classifier of a file; nothing in the file is executed.

    Parameters
    ----------
    path : path
        What `save_classifier` wrote.

    Raises
    ------
    ValueError
        If the file is no model, of a later version, or its parts do not fit each other.
    OSError
        If it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            text = _read_text(archive)
            version = text["version"]
            found = _rebuilt(text, archive) if version in range(1, VERSION + 1) else None
    except _DAMAGES as error:
        raise ValueError(f"{path} is no pixel classifier of acetate: {error}") from error
    if found is None:
        raise ValueError(
            f"{path} is a pixel classifier of version {version!r}, this acetate reads versions up "
            f"to {VERSION}; install a later acetate"
        )
    return found


def _described(classifier: PixelClassifier) -> tuple[dict[str, Any], list[Trees]]:
    parameters = classifier.get_params(deep=False)
    bank, model = parameters.pop("features"), parameters.pop("model")
    fitted = getattr(classifier, "model_", None)
    classifier.check_fitted()
    if model is not None or not isinstance(fitted, SymmetricTreesClassifier):
        raise TypeError(
            f"only the default model can be saved, got {type(fitted).__name__}; leave model=None"
        )
    if bank is not None and type(bank) is not FeatureBank:
        raise TypeError(f"only a FeatureBank can be saved, got {type(bank).__name__}")
    features = classifier.features_
    text = {
        "format": FORMAT,
        "version": VERSION,
        "classifier": parameters,
        "features": _plain(features.get_params(deep=False)),
        "channels": features.n_channels_in_,
        "ranges": [[values.low, values.high] for values in features.ranges_],
        "labels": classifier.classes_.tolist(),
        "calibration": vars(classifier.calibration_),
        "model": fitted.get_params(deep=False),
        "context": classifier.context_,
    }
    return text, [model.trees_ for model in (*classifier.earlier_, fitted)]


def _places(rounds: int) -> list[str]:
    """Return where the arrays of each round are; those of the last one are where they ever were."""
    return [*(f"round{n}/" for n in range(rounds - 1)), ""]


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return parameters of a bank as JSON has them."""
    given = parameters["features"]
    if isinstance(given, dict):
        given = {kind: [float(s) for s in scales] for kind, scales in given.items()}
    elif given is not None:
        given = list(given)
    return {**parameters, "features": given, "scales": [float(s) for s in parameters["scales"]]}


def _read_text(archive: zipfile.ZipFile) -> dict[str, Any]:
    size = sum(entry.file_size for entry in archive.infolist())
    if size > _MOST_BYTES:
        raise ValueError(f"it would take {size} bytes, more than {_MOST_BYTES}")
    names = archive.namelist()
    if _TEXT not in names:
        raise ValueError(f"it is {_other_zip(names)}; pass what acetate train wrote at --out")
    text = json.loads(archive.read(_TEXT))
    if not isinstance(text, dict) or text.get("format") != FORMAT:
        raise ValueError(f"its {_TEXT} does not say '{FORMAT}'")
    return text


def _other_zip(names: list[str]) -> str:
    """Return what a zip archive of files is that is no classifier."""
    if any(name.endswith("/data.pkl") for name in names):
        return "a file of torch, such as a checkpoint"
    return "a zip archive of something else"


def _read_trees(archive: zipfile.ZipFile, place: str) -> Trees:
    arrays = {}
    for name in _ARRAYS:
        part = io.BytesIO(archive.read(f"{place}{name}.npy"))
        arrays[name] = np.lib.format.read_array(part, allow_pickle=False)
    return Trees(**arrays)


def _rebuilt(text: dict[str, Any], archive: zipfile.ZipFile) -> PixelClassifier:
    ranges = tuple(Values(float(low), float(high)) for low, high in text["ranges"])
    if not ranges or len(ranges) != text["channels"]:
        raise ValueError(f"it has {text['channels']} channels and {len(ranges)} ranges")
    bank = FeatureBank(**text["features"])
    bank.restore(ranges)
    classifier = PixelClassifier(FeatureBank(**text["features"]), **_weighted(text["classifier"]))
    classifier.check_parameters()
    classifier.features_, classifier.n_channels_in_ = bank, len(ranges)
    classifier.classes_ = np.array(text["labels"], np.int64)
    classifier.context_ = {kind: tuple(scales) for kind, scales in text.get("context", {}).items()}
    classifier.earlier_ = ()
    *earlier, last = _places(classifier.autocontext + 1)
    for place in earlier:
        model = _rebuilt_model(classifier, text["model"], _read_trees(archive, place))
        classifier.earlier_ += (model,)
    classifier.model_ = _rebuilt_model(classifier, text["model"], _read_trees(archive, last))
    classifier.calibration_ = Calibration(**text["calibration"])
    return classifier


def _rebuilt_model(
    classifier: PixelClassifier, parameters: dict[str, Any], trees: Trees
) -> SymmetricTreesClassifier:
    """Return the model of the round after those that the classifier has."""
    model = SymmetricTreesClassifier(**_weighted(parameters))
    model.classes_ = classifier.classes_
    model.n_features_in_ = len(classifier.look_.names)
    model.trees_ = trees
    _check_trees(trees, model.n_features_in_, len(model.classes_))
    return model


def _weighted(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with the labels of class weights as numbers; JSON has texts."""
    weights = parameters["class_weight"]
    if isinstance(weights, dict):
        weights = {int(label): weight for label, weight in weights.items()}
    return {**parameters, "class_weight": weights}


def _number(value: Any) -> Any:
    """Return a NumPy number as JSON has it."""
    return value.item()


def _check_trees(trees: Trees, features: int, classes: int) -> None:
    """Raise unless every number stays within its array: the loops do not look."""
    count, depth = trees.features.shape if trees.features.ndim == 2 else (0, 0)
    scores = 1 if classes == 2 else classes
    shapes = {
        "thresholds": (count, depth),
        "leaves": (count, scores, 2**depth if depth < 32 else 0),
        "linear": (scores, features),
        "start": (scores,),
    }
    fits = trees.features.dtype == np.int32 and count > 0 and classes > 1
    fits = fits and trees.features.min() >= 0 and trees.features.max() < features
    for name, shape in shapes.items():
        array = getattr(trees, name)
        fits = fits and array.shape == shape and array.dtype == np.float32
    if not fits:
        raise ValueError("its trees do not fit its features and labels")

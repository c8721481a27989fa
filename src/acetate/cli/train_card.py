"""The card of a model: a JSON file that says what it learned from, how, and how well."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from acetate import __version__
from acetate.arrays import Array
from acetate.cli.console import Row
from acetate.cli.facts import write_facts
from acetate.segment.pixels import PixelClassifier

_FEATURES = 10  # as many of the most important ones are named


def card_path(model: Path) -> Path:
    """Return where the card of a model is.

    Examples
    --------
    >>> card_path(Path("models/cells.model")).name
    'cells.model.json'
    """
    return model.with_name(f"{model.name}.json")


def write_card(
    out: Path,
    model: PixelClassifier,
    data: Sequence[tuple[Path, Array, Array]],
    reading: Mapping[str, Any],
    left_out: Sequence[Row],
) -> None:
    """Write the card of a fitted model.

    Parameters
    ----------
    out : Path
        The file of the model.
    model : PixelClassifier
        Fitted.
    data : sequence of (Path, numpy.ndarray, numpy.ndarray)
        The pictures it learned from: file, picture and labels as they were given.
    reading : mapping
        How pictures were read.
    left_out : sequence of (str, str)
        Pictures that could not be used, and why.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    card = {
        "model": out.name,
        "kind": "PixelClassifier",
        "acetate": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "classes": model.classes_,
        "channels": model.n_channels_in_,
        "data": [about_picture(*each) for each in data],
        "reading": reading,
        "left_out": [{"picture": name, "why": why} for name, why in left_out],
        "parameters": _parameters(model),
        "scores": scores(model),
        "features": dict(list(model.feature_importances().items())[:_FEATURES]),
    }
    write_facts(card_path(out), card)


def scores(model: PixelClassifier) -> dict[str, Any]:
    """Return what cross-validation in space found; no Dice where there was nothing to choose."""
    found = model.calibration_
    return {
        "how": "labelled pixels that were left out, a band of the pictures at a time; the "
        "threshold, the blur and the smoothness are those with the largest Dice, so it errs on "
        "the bright side",
        "dice": found.dice,
        "threshold": found.threshold,
        "blur": found.blur,
        "smoothness": found.smoothness,
        "share": found.share,
    }


def about_picture(path: Path, image: Array, labels: Array) -> dict[str, Any]:
    """Return what a card says of a picture: its file, shape and kind, and its labels."""
    values, pixels = np.unique(labels, return_counts=True)
    return {
        "picture": path,
        "shape": image.shape,
        "dtype": image.dtype.name,
        "labels": dict(zip(values.tolist(), pixels.tolist(), strict=True)),
    }


def _parameters(model: PixelClassifier) -> dict[str, Any]:
    parameters = model.get_params(deep=False)
    bank = parameters.pop("features")
    return {**parameters, "features": bank.get_params(deep=False)}

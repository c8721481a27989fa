"""Model files of `acetate train`, whatever kind they are: a classifier of pixels, or a U-Net."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acetate.arrays import Array
from acetate.learn.model_file import read_card
from acetate.segment.pixels import PixelClassifier, load_classifier

if TYPE_CHECKING:
    from acetate.segment.unet import UNetSegmenter

    Model = PixelClassifier | UNetSegmenter

_ZIP = b"PK"  # how files of classifiers begin


def load(path: Path) -> "Model":
    """Read a model; no code of the file is run.

    Raises
    ------
    ValueError
        If it is neither, of a later version, or damaged.
    OSError
        If it cannot be read.
    """
    if is_classifier(path):
        return load_classifier(path)
    kind_of(path)
    from acetate.segment.unet import load_unet  # torch takes seconds to import

    return load_unet(path)


def kind_of(path: Path) -> str:
    """Return of which kind the model in a file is; networks are not loaded for that.

    Returns
    -------
    str
        ``"PixelClassifier"``, or what the card of a network says.

    Raises
    ------
    ValueError
        If it is none.
    """
    if is_classifier(path):
        load_classifier(path)
        return PixelClassifier.__name__
    try:
        return str(read_card(path).get("kind"))
    except ValueError as error:
        raise ValueError(
            f"{path} is no pixel classifier of acetate, and none of its networks"
        ) from error


def is_classifier(path: Path) -> bool:
    """Tell whether a file begins as those of classifiers do."""
    with open(path, "rb") as file:
        return file.read(2) == _ZIP


def objects_of(model: "Model", image: Array) -> Array | None:
    """Return single objects ``(H, W)`` if the model learned to part them."""
    if isinstance(model, PixelClassifier) or not model.objects:
        return None
    objects: Array = model.predict_objects(image)
    return objects


def decision_of(model: "Model") -> Mapping[str, Any]:
    """Return what, beside the model, decided over labels."""
    if isinstance(model, PixelClassifier):
        found = model.calibration_
        return {
            "threshold": found.threshold,
            "blur": found.blur,
            "smoothness": found.smoothness,
        }
    return {"threshold": model.threshold}

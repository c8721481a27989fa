"""U-Nets in files: safetensors with the card; loading a file from a stranger runs no code."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from acetate import __version__
from acetate.files import PathLike
from acetate.learn.history import History
from acetate.learn.model_file import load_model, save_model
from acetate.learn.options import TrainOptions
from acetate.learn.unet import UNet
from acetate.segment.unet.segmenter import UNetSegmenter

KIND, VERSION = "UNetSegmenter", 1


def save_unet(model: UNetSegmenter, path: PathLike) -> None:
    """Write a fitted U-Net.

    Parameters
    ----------
    model : UNetSegmenter
        Fitted.
    path : path
        The file; it takes its name only when it is whole.

    Raises
    ------
    sklearn.exceptions.NotFittedError
        If it was not fitted.
    OSError
        If the file cannot be written.

    Notes
    -----
    An augmenter of one's own is not in the file: it is not needed to predict. A model that is
    loaded has the default one.

    Examples
    --------
    >>> import tempfile
    >>> mask = np.zeros((16, 16), bool); mask[4:12] = True
    >>> few = TrainOptions(epochs=1)
    >>> model = UNetSegmenter(base=2, depth=1, patch=8, patches=2, options=few).fit(mask, mask)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_unet(model, f"{folder}/a.model")
    ...     again = load_unet(f"{folder}/a.model")
    >>> bool((again.predict(mask) == model.predict(mask)).all())
    True
    """
    from sklearn.utils.validation import check_is_fitted

    check_is_fitted(model)
    save_model(path, model.network_.state_dict(), described(model))


def described(model: UNetSegmenter) -> dict[str, Any]:
    """Return the card of a fitted model: plain values of JSON."""
    parameters = model.get_params(deep=False)
    if not isinstance(parameters["augmenter"], str | None):
        parameters["augmenter"] = "default"
    if parameters["options"] is not None:
        parameters["options"] = asdict(parameters["options"])
    return {
        "kind": KIND,
        "version": VERSION,
        "acetate": __version__,
        "parameters": parameters,
        "channels": model.n_channels_in_,
        "classes": model.classes_.tolist(),
        "network": model.network_.config,
        "history": model.history_.to_dict(),
    }


def load_unet(path: PathLike) -> UNetSegmenter:
    """Read a U-Net; no code of the file is run.

    Raises
    ------
    ValueError
        If the file is none of acetate's U-Nets, of a later version, or damaged.
    OSError
        If it cannot be read.
    """
    state, card = load_model(path)
    if card.get("kind") != KIND:
        raise ValueError(f"{path} is no U-Net of acetate's; its card says {card.get('kind')!r}")
    if card.get("version") != VERSION:
        raise ValueError(
            f"{path} is a U-Net of version {card.get('version')}, this acetate reads {VERSION}; "
            "install a later one"
        )
    try:
        return _model(state, card)
    except (LookupError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise ValueError(f"{path} is a damaged U-Net: {error}") from error


def _model(state: Mapping[str, Any], card: Mapping[str, Any]) -> UNetSegmenter:
    parameters = dict(card["parameters"])
    if parameters["options"] is not None:
        parameters["options"] = TrainOptions(**parameters["options"])
    model = UNetSegmenter(**parameters)
    model.n_channels_in_ = int(card["channels"])
    model.classes_ = np.array(card["classes"], np.int64)
    history = card["history"]
    rows = tuple({n: np.nan if v is None else v for n, v in r.items()} for r in history["rows"])
    model.history_ = History(rows, history["best_epoch"], history["stopped"])
    model.network_ = UNet(**card["network"])
    model.network_.load_state_dict(state)
    model.network_.eval()
    return model

"""U-Nets in files: safetensors with the card; loading a file from a stranger runs no code."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from acetate.files import PathLike
from acetate.learn.history import History
from acetate.learn.model_file import load_model, save_model
from acetate.learn.options import TrainOptions
from acetate.learn.unet import UNet
from acetate.segment.unet.card import KIND, VERSION, described
from acetate.segment.unet.segmenter import UNetSegmenter


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
    save_model(path, model.network_.state_dict(), described(model, model.history_))


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
    _check_version(path, card.get("version"))
    try:
        return _model(state, card)
    except (LookupError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise ValueError(f"{path} is a damaged U-Net: {error}") from error
    except OverflowError as error:
        raise ValueError(f"{path} is a damaged U-Net: a number is too large") from error


def _check_version(path: PathLike, version: Any) -> None:
    if isinstance(version, int) and version > VERSION:
        raise ValueError(
            f"{path} is a U-Net of version {version}, this acetate reads {VERSION}; "
            "install a later one"
        )
    if version != VERSION:
        raise ValueError(f"{path} is a damaged U-Net: its version is {version!r}, not {VERSION}")


def _model(state: Mapping[str, Any], card: Mapping[str, Any]) -> UNetSegmenter:
    parameters = dict(card["parameters"])
    if parameters["options"] is not None:
        parameters["options"] = TrainOptions(**parameters["options"])
    model = UNetSegmenter(**parameters)
    model.check_parameters()
    model.network_ = _network(state, card["network"])
    model.n_channels_in_ = model.network_.config["in_channels"]
    model.classes_ = _classes(card["classes"], model)
    history = card["history"]
    rows = tuple({n: np.nan if v is None else v for n, v in r.items()} for r in history["rows"])
    model.history_ = History(rows, int(history["best_epoch"]), str(history["stopped"]))
    return model


def _network(state: Mapping[str, Any], config: Mapping[str, Any]) -> UNet:
    """Return a network with weights; one that the weights do not fit takes no memory."""
    with torch.device("meta"):
        network = UNet(**config)
    expected = network.state_dict()
    for name in sorted(expected.keys() | state.keys()):
        wanted, found = expected.get(name), state.get(name)
        if (
            wanted is None
            or found is None
            or (found.shape, found.dtype) != (wanted.shape, wanted.dtype)
        ):
            raise ValueError(f"its weights {name!r} are not those of the network on its card")
    network.to_empty(device="cpu")
    network.load_state_dict(state)
    return network.eval()


def _classes(given: Any, model: UNetSegmenter) -> NDArray[np.int64]:
    classes = np.array(given)
    rising = classes.ndim == 1 and classes.dtype.kind == "i" and (np.diff(classes) > 0).all()
    count = 2 if model.objects else model.network_.config["out_channels"] + 1
    if not rising or len(classes) != count or classes[0] != 0:
        raise ValueError(f"its classes are {count} rising numbers from 0, got {given!r}")
    return classes.astype(np.int64)

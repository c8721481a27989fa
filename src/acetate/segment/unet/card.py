"""What is told of a U-Net: the card in its file, and the fingerprint of its training."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from acetate import __version__
from acetate.arrays import Array
from acetate.learn.history import History

if TYPE_CHECKING:
    from acetate.segment.unet.segmenter import UNetSegmenter

KIND, VERSION = "UNetSegmenter", 1

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # where something lies in memory: never the same


def described(model: "UNetSegmenter", history: History) -> dict[str, Any]:
    """Return the card of a model: plain values of JSON.

    Parameters
    ----------
    model : UNetSegmenter
        Fitted, or being fitted: with a network and classes.
    history : History
        Of its training; one without rows while it trains.
    """
    parameters = model.get_params(deep=False)
    if not isinstance(parameters["augmenter"], str | None):
        parameters["augmenter"] = "default"
    if parameters["options"] is not None:
        parameters["options"] = asdict(parameters["options"])
    return {
        "kind": KIND,
        "version": VERSION,
        "acetate": __version__,
        "parameters": {name: _plain(value) for name, value in parameters.items()},
        "channels": model.n_channels_in_,
        "classes": model.classes_.tolist(),
        "network": model.network_.config,
        "history": history.to_dict(),
    }


def fingerprint_of(
    model: "UNetSegmenter", parts: Mapping[str, tuple[Sequence[Array], Sequence[Array]]]
) -> dict[str, Any]:
    """Return what a training is about, beside its network and loss.

    Parameters
    ----------
    model : UNetSegmenter
        With its parameters.
    parts : mapping of str to (pictures, masks)
        What it learns from, and what it is judged by.

    Examples
    --------
    >>> from acetate.segment.unet import UNetSegmenter
    >>> picture = np.zeros((4, 4, 1))
    >>> fingerprint_of(UNetSegmenter(patch=64), {"learned": ([picture], [picture > 0])})["patch"]
    64
    """
    about = {name: _plain(getattr(model, name)) for name in ("patch", "patches", "standardize")}
    return {
        **about,
        "objects": bool(model.objects),
        "augmenter": _ADDRESS.sub("", repr(model.augmenter)),
        "data": {
            f"{name}_{what}": digest_of(arrays)
            for name, part in parts.items()
            for what, arrays in zip(("pictures", "masks"), part, strict=True)
        },
    }


def digest_of(arrays: Sequence[Array]) -> str:
    """Return the beginning of a SHA-256 of arrays: shapes, kinds and values.

    Examples
    --------
    >>> digest_of([np.zeros(2)]) == digest_of([np.zeros(2, np.uint8)])
    False
    """
    digest = sha256()
    for array in arrays:
        digest.update(f"{array.shape} {array.dtype.str} ".encode())
        digest.update(array.tobytes())
    return f"sha256:{digest.hexdigest()[:16]}"


def _plain(value: Any) -> Any:
    """Return NumPy's numbers as Python's, which JSON knows."""
    return value.item() if isinstance(value, np.generic) else value

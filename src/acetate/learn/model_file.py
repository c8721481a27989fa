"""Networks in files: safetensors with a JSON card in the header; reading runs no code."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acetate.files import PathLike, atomic
from acetate.learn.extra import missing

KEY = "acetate"
# No card is longer; a stranger's file may say that it is. (safetensors' own limit is 100 MB.)
_LONGEST_HEADER = 16 * 2**20


def save_model(path: PathLike, state: Mapping[str, Any], card: Mapping[str, Any]) -> None:
    """Write the weights of a network, and what they are.

    Parameters
    ----------
    path : path
        The file; it takes its name only when it is whole.
    state : mapping of str to torch.Tensor
        As ``network.state_dict()`` gives it.
    card : mapping
        Plain values of JSON; whatever is needed to build the network again.

    Raises
    ------
    ImportError
        If safetensors or torch are not installed.
    TypeError, ValueError
        If the card is no JSON: NaN and infinity are none.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile, torch
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_model(f"{folder}/a.safetensors", {"w": torch.ones(2)}, {"kind": "example"})
    ...     state, card = load_model(f"{folder}/a.safetensors")
    >>> state["w"].tolist(), card
    ([1.0, 1.0], {'kind': 'example'})
    """
    try:
        from safetensors.torch import save
    except ImportError as error:
        raise missing("saving a network", error) from error

    text = json.dumps(card, allow_nan=False)
    plain = {name: each.detach().cpu().contiguous().clone() for name, each in state.items()}
    with atomic(path) as file:
        file.write(save(plain, {KEY: text}))


def load_model(path: PathLike) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what `save_model` wrote: the weights, on the CPU, and the card.

    Raises
    ------
    ImportError
        If safetensors or torch are not installed.
    ValueError
        If the file is damaged, or none of acetate's.
    OSError
        If it cannot be read.
    """
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load
    except ImportError as error:
        raise missing("loading a network", error) from error
    card = read_card(path)
    try:
        return load(Path(path).read_bytes()), card
    except (SafetensorError, ValueError, KeyError) as error:
        raise ValueError(f"{path} is a damaged model: {error}") from error


def read_card(path: PathLike) -> dict[str, Any]:
    """Read the card of a model, without its weights and without torch.

    Raises
    ------
    ValueError
        If the file is none of acetate's.
    OSError
        If it cannot be read.
    """
    not_one = f"{path} is no network of acetate's (safetensors with a card)"
    with open(path, "rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= _LONGEST_HEADER:
            raise ValueError(not_one)
        header = file.read(length)
    try:
        card = json.loads(json.loads(header)["__metadata__"][KEY])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(not_one) from error
    if not isinstance(card, dict):
        raise ValueError(not_one)
    return card

"""Whether the weights of a file are those of a network: by name and shape, said before loading."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor


def check_state(
    given: Mapping[str, Any], own: Mapping[str, Tensor], what: str, strict: bool = True
) -> None:
    """Raise unless weights have the names and shapes of a network's own.

    Parameters
    ----------
    given : mapping
        What is to be loaded.
    own : mapping of str to torch.Tensor
        The network's ``state_dict()``.
    what : str
        Of what the weights shall be, for the message.
    strict : bool
        Whether names may neither be missing nor be too many.

    Raises
    ------
    TypeError
        If a value is no tensor.
    ValueError
        If a name is missing or unknown, or a shape differs.

    Examples
    --------
    >>> import torch
    >>> check_state({"w": torch.ones(2)}, {"w": torch.ones(3)}, "the network")
    Traceback (most recent call last):
    ValueError: w has shape (2,) in the weights, but the network needs (3,); ...
    """
    for key, value in given.items():
        if key in own:
            _check_value(key, value, own[key], what)
    if strict:
        _check_names(given, own, what)


def _check_value(key: str, value: Any, own: Tensor, what: str) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(f"{key} in the weights must be a tensor, got {type(value).__name__}")
    if value.shape != own.shape:
        raise ValueError(
            f"{key} has shape {tuple(value.shape)} in the weights, but {what} needs "
            f"{tuple(own.shape)}; are they of another network?"
        )


def _check_names(given: Mapping[str, Any], own: Mapping[str, Tensor], what: str) -> None:
    # Older files do not count batches; nothing here reads that count.
    missing = [k for k in own if k not in given and not k.endswith("num_batches_tracked")]
    unknown = [k for k in given if k not in own]
    for keys, words in ((missing, "lack"), (unknown, "have, unknown to it,")):
        if keys:
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            raise ValueError(f"the weights for {what} {words} {keys[0]}{more}")

"""Tensors by name from files: safetensors, and PyTorch's own where they hold tensors alone."""

import errno
import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

# Under what name trainings keep the weights of their network.
_INSIDE = ("state_dict", "model_state_dict", "model", "net")


def read_state(path: Path) -> dict[str, Any]:
    """Return the tensors of a file, on the CPU.

    Parameters
    ----------
    path : path
        Safetensors if its name ends so, else a file of `torch.save`. A training's checkpoint is
        looked into, as deep as ``["state_dict"]`` or ``["model_state_dict"]``.

    Raises
    ------
    OSError
        If there is no such file, or it cannot be read.
    ValueError
        If it is damaged, or holds what only running code could make.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     torch.save({"state_dict": {"w": torch.ones(2)}}, f"{folder}/a.pth")
    ...     read_state(Path(folder, "a.pth"))
    {'w': tensor([1., 1.])}
    """
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no file of weights", str(path))
    state = _tensors(path) if path.suffix == ".safetensors" else _pickled(path)
    for name in _INSIDE:
        if isinstance(state, Mapping) and isinstance(state.get(name), Mapping):
            state = state[name]
    if not isinstance(state, Mapping) or not all(isinstance(key, str) for key in state):
        raise ValueError(f"{path} must hold tensors by name, got {type(state).__name__}")
    return dict(state)


def _tensors(path: Path) -> Any:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return load(path.read_bytes())
    except SafetensorError as error:
        raise ValueError(f"{path} is no safetensors file, or a damaged one: {error}") from error


def _pickled(path: Path) -> Any:
    try:
        with warnings.catch_warnings():  # what it cannot read it says by an error as well
            warnings.filterwarnings("ignore", "Detected pickle protocol", UserWarning)
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ValueError(
            f"{path} is no file of tensors alone, and acetate runs no code from files; "
            "save its state_dict() as safetensors"
        ) from error
    except (RuntimeError, EOFError, KeyError) as error:
        raise ValueError(f"{path} is no file of PyTorch's, or a damaged one: {error}") from error

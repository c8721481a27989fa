"""The checkpoint that a training goes on from: everything at the end of an epoch."""

import pickle
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from acetate.files import PathLike, atomic
from acetate.learn.options import TrainOptions

NAME = "last.ckpt"
_VERSION = 1
# What may differ between a training and its continuation: it does not bend its course.
_FREE = ("patience", "max_seconds", "device", "workers")


def write_checkpoint(path: PathLike, options: TrainOptions, state: Mapping[str, Any]) -> None:
    """Write a checkpoint: it takes its name only when it is whole.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with atomic(path) as file:
        torch.save({"version": _VERSION, "options": asdict(options), **state}, file)


def read_checkpoint(path: PathLike, options: TrainOptions) -> dict[str, Any]:
    """Read a checkpoint; only tensors and plain values are loaded, no code is run.

    Raises
    ------
    ValueError
        If the file is none, or of a training with other options.
    OSError
        If it cannot be read.
    """
    try:
        state = torch.load(Path(path), map_location="cpu", weights_only=True)
        version, given = state["version"], state["options"]
    except (RuntimeError, pickle.UnpicklingError, EOFError, LookupError, TypeError) as error:
        raise ValueError(f"{path} is no checkpoint of a training: {error}") from error
    if version != _VERSION:
        raise ValueError(f"{path} is a checkpoint of version {version}, expected {_VERSION}")
    check_options(path, given, options)
    return state


def check_options(path: PathLike, given: Mapping[str, Any], options: TrainOptions) -> None:
    """Raise unless a training that had some options may go on, or stand, with others.

    Parameters
    ----------
    path : path
        What was trained.
    given : mapping
        Its options.
    options : TrainOptions
        What is asked for now.

    Raises
    ------
    ValueError
        If one differs that bends the course of a training: with both values.

    Examples
    --------
    >>> check_options("a.ckpt", asdict(TrainOptions(seed=3)), TrainOptions(workers=2))
    Traceback (most recent call last):
    ValueError: a.ckpt was trained with seed=3, got 0; a training goes on with its own options ...
    """
    free = _FREE + ("epochs",) * (options.schedule == "constant" and not options.warmup)
    for name, value in asdict(options).items():
        if name not in free and given.get(name) != value:
            raise ValueError(
                f"{path} was trained with {name}={given.get(name)!r}, got {value!r}; a training "
                "goes on with its own options only: pass the same, or another folder"
            )

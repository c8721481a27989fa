"""The checkpoint that a training goes on from: everything at the end of an epoch."""

import pickle
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from acetate.files import PathLike, atomic
from acetate.learn.extra import missing
from acetate.learn.options import TrainOptions

try:
    import torch
except ImportError as error:
    raise missing("training", error) from error

NAME = "last.ckpt"
_VERSION = 2
# What may differ between a training and its continuation: it does not bend its course.
_FREE = ("patience", "max_seconds", "device", "workers")


def write_checkpoint(
    path: PathLike,
    options: TrainOptions,
    state: Mapping[str, Any],
    fingerprint: Mapping[str, Any] | None = None,
) -> None:
    """Write a checkpoint: it takes its name only when it is whole.

    Parameters
    ----------
    path : path
        The file.
    options : TrainOptions
        Of the training.
    state : mapping
        Tensors and plain values.
    fingerprint : mapping, optional
        What is learned, and from what: see `acetate.learn.task.Task.fingerprint`.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with atomic(path) as file:
        about = {"options": asdict(options), "fingerprint": dict(fingerprint or {})}
        torch.save({"version": _VERSION, **about, **state}, file)


def read_checkpoint(
    path: PathLike, options: TrainOptions, fingerprint: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Read a checkpoint; only tensors and plain values are loaded, no code is run.

    Parameters
    ----------
    path : path
        The file.
    options, fingerprint
        Of the training that is to go on; see `write_checkpoint`.

    Raises
    ------
    ValueError
        If the file is none, or of a training with other options or another fingerprint.
    OSError
        If it cannot be read.
    """
    try:
        state = torch.load(Path(path), map_location="cpu", weights_only=True)
        version = state["version"]
        given, known = state["options"], state.get("fingerprint", {})
    except (
        RuntimeError,
        pickle.UnpicklingError,
        EOFError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise ValueError(f"{path} is no checkpoint of a training: {error}") from error
    if version != _VERSION:
        raise ValueError(
            f"{path} is a checkpoint of version {version}, this acetate goes on from {_VERSION}; "
            "train in another folder"
        )
    check_fingerprint(path, known, fingerprint or {})
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
            raise _other(path, name, given.get(name), value, "options")


def check_fingerprint(
    path: PathLike, given: Mapping[str, Any], fingerprint: Mapping[str, Any]
) -> None:
    """Raise unless two trainings learn the same from the same.

    Parameters
    ----------
    path : path
        What was trained.
    given, fingerprint : mapping
        What it was, and what is asked for now; values of JSON, mappings among them.

    Raises
    ------
    ValueError
        If one differs: its name, with both values.

    Examples
    --------
    >>> check_fingerprint("a.ckpt", {"network": {"base": 8}}, {"network": {"base": 16}})
    Traceback (most recent call last):
    ValueError: a.ckpt was trained with network.base=8, got 16; a training goes on with ...
    """
    before, now = _flat(given), _flat(fingerprint)
    for name in dict.fromkeys([*now, *before]):
        if before.get(name) != now.get(name):
            raise _other(path, name, before.get(name), now.get(name), "data and network")


def _flat(values: Mapping[str, Any], under: str = "") -> dict[str, Any]:
    """Return values without mappings among them: their names joined by a point."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{under}{name}.")
        else:
            found[f"{under}{name}"] = value
    return found


def _other(path: PathLike, name: str, before: Any, now: Any, what: str) -> ValueError:
    return ValueError(
        f"{path} was trained with {name}={before!r}, got {now!r}; a training goes on with its own "
        f"{what} only: pass the same, or another folder"
    )

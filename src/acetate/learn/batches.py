"""Batches of a data set: the order is a function of seed and epoch, shared out among devices."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader, Subset

from acetate.learn.options import TrainOptions
from acetate.seeds import stream

_ORDER = 1  # the key of the streams that order samples


def training_batches(
    dataset: Any, options: TrainOptions, epoch: int, rank: int = 0, devices: int = 1
) -> Iterable[Any]:
    """Return an epoch's batches for one device: all have as many, some samples come twice.

    Examples
    --------
    >>> data = torch.utils.data.TensorDataset(torch.arange(5))
    >>> batches = training_batches(data, TrainOptions(batch_size=2), epoch=1)
    >>> [len(batch[0]) for batch in batches]
    [2, 2, 1]
    """
    if hasattr(dataset, "set_epoch"):
        dataset.set_epoch(epoch)
    order = stream(options.seed, _ORDER, epoch).permutation(len(dataset)).tolist()
    order += order[: -len(order) % devices]
    return _loader(dataset, order[rank::devices], options)


def validation_batches(
    dataset: Any, options: TrainOptions, rank: int = 0, devices: int = 1
) -> Iterable[Any]:
    """Return a device's part of the validation, in order, every sample on one device.

    Examples
    --------
    >>> data = torch.utils.data.TensorDataset(torch.arange(5))
    >>> [batch[0].tolist() for batch in validation_batches(data, TrainOptions(), 1, 2)]
    [[1, 3]]
    """
    if hasattr(dataset, "set_epoch"):
        dataset.set_epoch(0)
    return _loader(dataset, range(rank, len(dataset), devices), options)


def steps_of(dataset: Any, options: TrainOptions, devices: int = 1) -> int:
    """Return how many batches a device has in an epoch.

    Examples
    --------
    >>> steps_of(range(5), TrainOptions(batch_size=2))
    3
    """
    share = -(-len(dataset) // devices)
    return -(-share // options.batch_size)


def _loader(dataset: Any, indices: Sequence[int], options: TrainOptions) -> Iterable[Any]:
    return DataLoader(
        Subset(dataset, indices),
        options.batch_size,
        num_workers=options.workers,
        worker_init_fn=_alone,
        generator=torch.Generator().manual_seed(0),  # the loader draws: not from the global one
    )


def _alone(_: int) -> None:
    """Keep a worker to one thread: OpenCV's pool does not survive a fork."""
    import cv2

    cv2.setNumThreads(0)

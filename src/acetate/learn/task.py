"""What a room gives to the training loop: a network, its loss, and how it is judged."""

from collections.abc import Mapping
from typing import Any

from acetate.draw.figures.history import HIDDEN
from acetate.learn.extra import missing

try:
    import torch
except ImportError as error:
    raise missing("a task to learn", error) from error


class Task(torch.nn.Module):
    """Something to be learned; subclass it.

    Parameters
    ----------
    network : torch.nn.Module
        What learns. The moving average is of its weights, and the best ones are put back into it.

    Attributes
    ----------
    monitor : str
        The value of the validation that says which epoch is best, and when to stop.
    mode : {"min", "max"}
        Whether less of it is better.

    Examples
    --------
    >>> class Line(Task):
    ...     def loss(self, batch):
    ...         x, y = batch
    ...         return torch.nn.functional.mse_loss(self.network(x), y)
    ...     def judge(self, batch):
    ...         return {"val_loss": (self.loss(batch) * len(batch[0]), len(batch[0]))}
    >>> Line(torch.nn.Linear(1, 1)).line({"val_loss": 0.25, "epoch": 3})
    'val_loss 0.25'
    """

    monitor = "val_loss"
    mode = "min"

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def loss(self, batch: Any) -> torch.Tensor:
        """Return the loss of a batch, a scalar: the mean over its samples."""
        raise NotImplementedError(f"{type(self).__name__} needs a method loss(batch)")

    def judge(self, batch: Any) -> Mapping[str, tuple[Any, float]]:
        """Return, for every value of the validation, its sum over the batch and the count.

        A sum is a number or a scalar tensor. The loop adds both up over all batches and devices
        and divides: means are exact however the samples are divided. A ratio of sums, such as
        Dice, goes the same way.
        """
        raise NotImplementedError(f"{type(self).__name__} needs a method judge(batch)")

    def line(self, metrics: Mapping[str, float]) -> str:
        """Return what an epoch says, of its row."""
        return ", ".join(f"{k} {v:.4g}" for k, v in metrics.items() if k not in HIDDEN)

    def card(self) -> Mapping[str, Any]:
        """Return what is written beside the best weights: plain values of JSON."""
        return {}

    def fingerprint(self) -> Mapping[str, Any]:
        """Return what this training is, beside its options: plain values of JSON.

        A training goes on from a checkpoint only if all of it is the same: the network's numbers,
        the loss, a digest of the data. An empty one asks for nothing.
        """
        return {}

    def forward(self, batch: Any) -> torch.Tensor:
        """Return the loss: what several devices share goes through here."""
        return self.loss(batch)

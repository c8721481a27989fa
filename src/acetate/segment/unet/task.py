"""What the U-Net learns: classes of pixels, judged by Dice over all validation pixels."""

from collections.abc import Mapping
from typing import Any

import torch

from acetate.learn.task import Task
from acetate.segment.unet.losses import IGNORED, loss_named


class PixelTask(Task):
    """A network that labels pixels.

    Parameters
    ----------
    network : torch.nn.Module
        Pictures ``(N, C, H, W)`` to logits ``(N, K, H, W)``, one map a class but the background.
    loss : str
        See `acetate.segment.unet.losses.loss_named`.
    about : mapping
        What is written beside the best weights.
    data : mapping
        What the training is about beside network and loss; see `Task.fingerprint`.

    Examples
    --------
    >>> task = PixelTask(torch.nn.Conv2d(1, 1, 1), "mse")
    >>> image, labels = torch.zeros(1, 1, 4, 4), torch.zeros(1, 4, 4, dtype=torch.long)
    >>> sorted(task.judge((image, labels)))
    ['val_dice', 'val_loss']
    """

    monitor = "val_dice"
    mode = "max"

    def __init__(
        self,
        network: torch.nn.Module,
        loss: str,
        about: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(network)
        self.of_logits = loss_named(loss)
        self.about, self.data = dict(about or {}), dict(data or {})

    def loss(self, batch: Any) -> torch.Tensor:
        """Return the loss of pictures and labels ``(N, H, W)``."""
        images, labels = batch
        return self.of_logits(self.network(images), labels)

    def judge(self, batch: Any) -> Mapping[str, tuple[Any, float]]:
        """Return the loss, and twice the common pixels with the sum of both areas: Dice."""
        images, labels = batch
        logits = self.network(images)
        looked = labels != IGNORED
        found = (_winner(logits) > 0) & looked
        truth = labels > 0
        count = float(looked.sum())
        areas = float(found.sum() + truth.sum())
        return {
            "val_loss": (self.of_logits(logits, labels) * count, count),
            "val_dice": (2 * (found & truth).sum(), areas),
        }

    def card(self) -> Mapping[str, Any]:
        """Return what is written beside the best weights."""
        return self.about

    def fingerprint(self) -> Mapping[str, Any]:
        """Return the network's numbers, the loss, and what else the training is about."""
        network = getattr(self.network, "config", {})
        return {"network": network, "loss": "+".join(self.of_logits.parts), **self.data}


def _winner(logits: torch.Tensor) -> torch.Tensor:
    """Return the class with the largest logit: the background's is 0."""
    largest, which = logits.max(1)
    return torch.where(largest > 0, which + 1, 0)

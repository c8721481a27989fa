"""Losses of segmentation, by name and as sums: logits and labels in, a scalar out."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn import functional

from acetate.names import nearest

Tensor = torch.Tensor
IGNORED = -1

_FOCUS = 2.0  # the exponent of the focal loss
_SMOOTH = 1.0  # pixels added to both sides of Dice, so that nothing wanted and found is 1


def log_probabilities(logits: Tensor) -> Tensor:
    """Return the log-probabilities of all classes: the background's logit is 0.

    Parameters
    ----------
    logits : torch.Tensor
        ``(N, K, H, W)``: one map for every class but the background.

    Returns
    -------
    torch.Tensor
        ``(N, K + 1, H, W)`` float32. For one map: the logarithms of 1 - sigmoid and sigmoid.

    Examples
    --------
    >>> log_probabilities(torch.zeros(1, 1, 1, 1)).exp().flatten()
    tensor([0.5000, 0.5000])
    """
    logits = logits.float()
    background = torch.zeros_like(logits[:, :1])
    return functional.log_softmax(torch.cat([background, logits], 1), 1)


def mse(logp: Tensor, labels: Tensor) -> Tensor:
    """Mean squared difference of probability and truth, over objects' classes."""
    found, truth = _objects(logp, labels)
    return ((found - truth) ** 2).mean()


def cross_entropy(logp: Tensor, labels: Tensor) -> Tensor:
    """Mean of -log of the true class's probability; of two classes: binary cross-entropy."""
    return -_of_truth(logp, labels).mean()


def focal(logp: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy weighted by (1 - p)² of the true class's probability p (Lin et al. 2017)."""
    true = _of_truth(logp, labels)
    return -((1 - true.exp()) ** _FOCUS * true).mean()


def dice(logp: Tensor, labels: Tensor) -> Tensor:
    """One minus the Dice of probabilities over the batch, mean of objects' classes."""
    found, truth = _objects(logp, labels)
    both = 2 * (found * truth).sum(0) + _SMOOTH
    return 1 - (both / (found.sum(0) + truth.sum(0) + _SMOOTH)).mean()


Loss = Callable[[Tensor, Tensor], Tensor]
LOSSES: dict[str, Loss] = {
    "mse": mse,
    "cross-entropy": cross_entropy,
    "focal": focal,
    "dice": dice,
}


@dataclass(frozen=True)
class SummedLoss:
    """The sum of losses by name, of logits and labels; it can be sent to other processes.

    Parameters
    ----------
    parts : tuple of str
        Names of `LOSSES`.

    Examples
    --------
    >>> SummedLoss(("mse",))(torch.zeros(1, 1, 1, 1), torch.ones(1, 1, 1, dtype=torch.long))
    tensor(0.2500)
    """

    parts: tuple[str, ...]

    def __call__(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the loss; where nothing is looked at it is 0, with a gradient of 0."""
        if not (labels != IGNORED).any():
            return (logits * 0).sum()
        logp = log_probabilities(logits)
        return torch.stack([LOSSES[part](logp, labels) for part in self.parts]).sum()


def loss_named(name: str) -> SummedLoss:
    """Return a loss: a name of `LOSSES`, or several with + between.

    Parameters
    ----------
    name : str
        Such as ``"mse"`` or ``"cross-entropy+dice"``.

    Returns
    -------
    SummedLoss
        Takes logits ``(N, K, H, W)`` and labels ``(N, H, W)`` (0 the background, -1 not looked
        at), gives a scalar. Where nothing is looked at it is 0, with a gradient of 0.

    Raises
    ------
    ValueError
        If there is no such loss.

    Examples
    --------
    >>> zeros = torch.zeros(1, 1, 2, 2)
    >>> round(loss_named("cross-entropy+mse")(zeros, zeros[0].long()).item(), 4)
    0.9431
    """
    parts = [part.strip() for part in name.split("+")] if isinstance(name, str) else [name]
    for part in parts:
        if part not in LOSSES:
            raise ValueError(
                f"a loss is one of {', '.join(LOSSES)}, or several with + between, got {name!r}; "
                f"the nearest is {nearest(part, tuple(LOSSES))!r}"
            )
    return SummedLoss(tuple(parts))


def _of_truth(logp: Tensor, labels: Tensor) -> Tensor:
    """Return the log-probability of the true class at every pixel that is looked at."""
    true = logp.gather(1, labels.clamp(min=0)[:, None])[:, 0]
    return true[labels != IGNORED]


def _objects(logp: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Return probabilities and truth ``(pixels, K)`` of objects' classes, where it is looked."""
    looked = labels != IGNORED
    found = logp[:, 1:].exp().movedim(1, -1)[looked]
    truth = functional.one_hot(labels[looked], logp.shape[1])[:, 1:]
    return found, truth.to(found.dtype)

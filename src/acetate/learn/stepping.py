"""The optimizer and its learning rate at every step."""

import math
from collections.abc import Iterable
from typing import Any

import torch

from acetate.learn.options import TrainOptions


def optimizer_of(parameters: Iterable[Any], options: TrainOptions) -> torch.optim.Optimizer:
    """Return the optimizer that the options name.

    Examples
    --------
    >>> optimizer_of([torch.zeros(1)], TrainOptions(optimizer="sgd")).defaults["lr"]
    0.001
    """
    rate, decay = options.learning_rate, options.weight_decay
    if options.optimizer == "sgd":
        return torch.optim.SGD(parameters, rate, options.momentum, weight_decay=decay)
    kind = torch.optim.AdamW if options.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, rate, weight_decay=decay)


def rate_at(step: int, steps: int, options: TrainOptions) -> float:
    """Return the learning rate of a step, the first is 0.

    Notes
    -----
    A linear rise over the part `warmup`, then constant, or half a cosine that reaches 0 after
    the last step (Loshchilov and Hutter 2017, without restarts).

    Examples
    --------
    >>> options = TrainOptions(learning_rate=1.0, warmup=0.5, schedule="cosine")
    >>> [round(rate_at(step, 8, options), 2) for step in range(8)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 0.85, 0.5, 0.15]
    """
    rise = round(options.warmup * steps)
    if step < rise:
        return options.learning_rate * (step + 1) / rise
    if options.schedule == "constant":
        return options.learning_rate
    way = (step - rise) / max(1, steps - rise)
    return options.learning_rate * (1 + math.cos(math.pi * way)) / 2

"""The one training loop, on Lightning: what the U-Net and the landmark detectors learn with.

`acetate.learn.training.train` is the loop, `acetate.learn.task.Task` what a room gives to it.
They import torch, so they are not imported here; what is here needs no extra.
"""

from acetate.learn.history import History
from acetate.learn.options import TrainOptions

__all__ = ["History", "TrainOptions"]

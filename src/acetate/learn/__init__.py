"""The one training loop, on Lightning, and the one network that two rooms learn with.

`acetate.learn.training.train` is the loop, `acetate.learn.task.Task` what a room gives to it, and
`acetate.learn.unet.UNet` the network of `acetate.segment.unet` and the light one of landmarks. They
import torch, so they are not imported here; what is here needs no extra.
"""

from acetate.learn.history import History
from acetate.learn.options import TrainOptions

__all__ = ["History", "TrainOptions"]
